//! Listens for Google, which tells over HTTP that a calendar has changed, and keeps the watch channels
//! that make it do so.
//!
//! https is spoken by the clinic's web server, which hands the messages on to the address of `[push]`.
//! Whoever comes without the token of a channel of ours changes nothing, and no message can do more than
//! have a calendar read. The token is never logged.

use super::clock::{RandomIds, SystemClock};
use super::config;
use super::wire::DeskEngine;
use crate::google;
use crate::store::Database;
use crate::worker::channels::{Channels, Heard, Place};
use crate::worker::lanes::Nudges;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// How long a channel is asked to live. A program that dies leaves Google knocking no longer than that.
const TTL: Duration = Duration::from_hours(24);
/// The most bytes of a message; Google's have none at all.
const MOST: usize = 4096;
/// How long a sender may take for them.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often an address that another program has is tried again: that program may end.
const TRY_AGAIN: Duration = Duration::from_secs(5);

type DeskChannels = Channels<google::Client, Database, SystemClock, RandomIds>;

/// The listener and its channels.
pub struct Push {
    channels: Arc<DeskChannels>,
    task: JoinHandle<()>,
}

impl Push {
    /// Starts to listen, on this socket or, without one, as soon as the address is free. Channels are
    /// opened only by then: of several programs of a clinic on this machine only one can have it.
    pub fn start(
        runtime: &Handle,
        push: &config::Push,
        engine: DeskEngine,
        nudges: Nudges,
        socket: Option<TcpListener>,
    ) -> Self {
        let channels = Arc::new(Channels::new(
            engine,
            Place {
                address: push.public_url.clone(),
                listener: push.listen.to_string(),
                ttl: TTL,
            },
        ));
        let door = Arc::new(Door {
            channels: Arc::clone(&channels),
            nudges,
        });
        let address = push.listen;
        let task = runtime.spawn(async move {
            let socket = match socket {
                Some(socket) => socket,
                None => as_soon_as_free(address).await,
            };
            let served = axum::serve(socket, router(Arc::clone(&door))).into_future();
            tokio::select! {
                ended = served => tracing::error!(?ended, "nobody listens for Google any more"),
                () = door.channels.run() => {}
            }
        });
        Self { channels, task }
    }

    /// Stops the channels and the listener, within the time.
    pub async fn stop(self, within: Duration) {
        self.channels.close(within).await;
        self.task.abort();
    }
}

/// Listens at the address; why not, in words.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => format!(
                "Another program listens at {address} already; if it is one of this clinic's, there is \
                 nothing to do."
            ),
            ErrorKind::AddrNotAvailable => format!(
                "{address} is no address of this machine: see listen under [push] in the configuration."
            ),
            ErrorKind::PermissionDenied => format!(
                "This user may not listen at {address}: choose a port above 1023 for listen under [push]."
            ),
            _ => format!("The program cannot listen at {address}: {error}."),
        })
}

async fn as_soon_as_free(address: SocketAddr) -> TcpListener {
    let mut told = String::new();
    loop {
        match listen(address).await {
            Ok(socket) => return socket,
            Err(words) => {
                if words != told {
                    tracing::warn!(words, "Google is not listened for yet");
                    told = words;
                }
            }
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

/// What a message needs.
struct Door {
    channels: Arc<DeskChannels>,
    nudges: Nudges,
}

/// On every path: a web server before us may cut the address.
fn router(door: Arc<Door>) -> Router {
    Router::new().fallback(hear).with_state(door)
}

/// Google wants to know no more than that it was heard: the status alone.
async fn hear(State(door): State<Arc<Door>>, request: Request<Body>) -> StatusCode {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return StatusCode::NOT_FOUND;
    }
    match tokio::time::timeout(PATIENCE, to_bytes(body, MOST)).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    }
    let Some(message) = Message::of(&parts.headers) else {
        return StatusCode::NOT_FOUND;
    };
    let heard = door
        .channels
        .hear(&message.channel.into(), message.token, message.state);
    match heard {
        Heard::Stranger => {
            tracing::debug!("a message of an unknown channel, or with a wrong token");
            return StatusCode::NOT_FOUND;
        }
        Heard::Opened => {}
        Heard::Changed(calendar) => door.nudges.nudge(calendar),
    }
    StatusCode::OK
}

/// What a message says, all of it in its head.
struct Message<'h> {
    channel: &'h str,
    token: &'h [u8],
    state: &'h [u8],
}

impl<'h> Message<'h> {
    fn of(headers: &'h HeaderMap) -> Option<Self> {
        Some(Self {
            channel: headers.get("x-goog-channel-id")?.to_str().ok()?,
            token: headers.get("x-goog-channel-token")?.as_bytes(),
            state: headers.get("x-goog-resource-state")?.as_bytes(),
        })
    }
}
