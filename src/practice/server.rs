//! Starting and stopping: the listening socket, the data file, and the tasks behind them.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::calendars::{self, CalendarSpec};
use super::channel;
use super::database::Database;
use super::error::PracticeError;
use super::fault::Faults;
use super::gate::{self, Desk};
use super::journal::Journal;
use super::wire::{Door, Shears};
use crate::sqlite::OpenError;

/// Where the time comes from.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How long [`Server::stop`] waits for requests under way.
const GRACE: Duration = Duration::from_secs(2);

/// What a practice calendar needs to start.
#[derive(Clone)]
pub struct Options {
    /// The data file; made if it is missing.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Calendars to make if they are missing. Those already there stay.
    pub calendars: Vec<CalendarSpec>,
    /// The server's clock: `created`, `updated` and the `Date` header come from it.
    pub now: Now,
}

/// A running practice calendar. Dropping it stops it without waiting.
pub struct Server {
    address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Opens the data, listens, and serves until [`Server::stop`] or drop.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        calendars::check(&options.calendars)?;
        let listener = TcpListener::bind(options.listen).await;
        let listener = listener.map_err(|error| cannot_listen(options.listen, &error))?;
        let address = listener.local_addr();
        let address = address.map_err(|error| cannot_listen(options.listen, &error))?;
        let (path, specs, at) = (options.data, options.calendars, (options.now)());
        let db = blocking(move || {
            let db = Database::open(&path)?;
            let made = db.write(|tx| Ok(calendars::ensure(tx, &specs, at)?));
            made.map_err(|refusal| OpenError::Unreadable {
                path: path.clone(),
                why: refusal.message().to_owned(),
            })?;
            Ok(db)
        });
        let db = Arc::new(db.await?);
        let base_url = base_url(address);
        let (news, heard) = mpsc::unbounded_channel();
        let (clock, url) = (Arc::clone(&options.now), base_url.clone());
        tokio::spawn(channel::tell(Arc::clone(&db), url, clock, heard));
        let desk = Arc::new(Desk {
            db,
            now: options.now,
            base_url,
            faults: Faults::default(),
            journal: Journal::default(),
            news,
        });
        let (shutdown, stopped) = oneshot::channel();
        let app = Router::new().fallback(gate::handle).with_state(desk);
        let service = app.into_make_service_with_connect_info::<Shears>();
        let serving = tokio::spawn(async move {
            let serving = axum::serve(Door(listener), service);
            let serving = serving.with_graceful_shutdown(async move {
                // A dropped sender means the same as a message.
                let _ = stopped.await;
            });
            if let Err(error) = serving.await {
                tracing::error!(%error, "the practice calendar stopped");
            }
        });
        Ok(Self {
            address,
            shutdown,
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT/calendar/v3/`, what a client takes for Google's own address.
    pub fn base_url(&self) -> String {
        base_url(self.address)
    }

    /// Takes no more requests, and waits at most two seconds for those under way.
    pub async fn stop(self) {
        let _ = self.shutdown.send(());
        let mut serving = self.serving;
        if tokio::time::timeout(GRACE, &mut serving).await.is_err() {
            serving.abort();
        }
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}/calendar/v3/")
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> PracticeError {
    if error.kind() == io::ErrorKind::AddrInUse {
        return PracticeError::PortInUse { address };
    }
    PracticeError::Listen {
        address,
        why: error.to_string(),
    }
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, PracticeError> + Send + 'static,
) -> Result<T, PracticeError> {
    let done = tokio::task::spawn_blocking(act).await;
    done.unwrap_or_else(|error| {
        Err(PracticeError::Data(OpenError::Unreadable {
            path: PathBuf::new(),
            why: error.to_string(),
        }))
    })
}

/// A moment as an HTTP header says it.
pub(super) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
