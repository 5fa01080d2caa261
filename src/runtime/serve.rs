//! `frontdesk practice serve`: the practice calendar alone, until it is interrupted.

use super::clock::SystemClock;
use crate::port::clock::Clock;
use crate::practice::{CalendarSpec, Now, Options, Server};
use color_eyre::eyre;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// The zone of calendars that are made on the command line.
const ZONE: &str = "UTC";

/// The practice server's clock.
pub fn now() -> Now {
    Arc::new(|| SystemClock.now())
}

/// Serves until a signal comes; says on `out` where.
pub fn run(
    listen: SocketAddr,
    data: PathBuf,
    calendars: Vec<String>,
    out: &mut dyn Write,
) -> eyre::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let calendars = calendars
        .into_iter()
        .map(|id| CalendarSpec {
            summary: id.clone(),
            id,
            time_zone: ZONE.to_owned(),
        })
        .collect();
    runtime.block_on(async {
        let server = Server::start(Options {
            data,
            listen,
            calendars,
            now: now(),
        })
        .await?;
        // A reader that has gone away is no reason not to serve.
        let _ = writeln!(out, "Practice calendar at {}", server.base_url());
        let _ = out.flush();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = interrupt.recv() => {}
        }
        server.stop().await;
        Ok(())
    })
}
