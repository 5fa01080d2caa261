//! One way to send: every call is counted, runs under a time-out and leaves one line in the debug
//! log (method, route, status, milliseconds; never an address, a body or a token).

use super::address::Address;
use super::auth::Tokens;
use super::counters::{Counters, Route};
use super::error::Failure;
use google_calendar3::{CalendarHub, common};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What we call ourselves.
pub(super) const USER_AGENT: &str = concat!("frontdesk/", env!("CARGO_PKG_VERSION"));

/// How long an unused connection is kept. Longer than the desk's pause between two reads, shorter
/// than the patience of Google's servers, so that neither a handshake nor a dead connection is met.
const IDLE: Duration = Duration::from_secs(100);

/// A hub over one kind of connection.
pub(super) struct Wire<C> {
    pub(super) hub: CalendarHub<C>,
    /// The address again: the hub keeps its own to itself.
    pub(super) base: String,
    timeout: Duration,
    counters: Arc<Counters>,
}

impl<C: common::Connector> Wire<C> {
    pub(super) fn new(
        connector: C,
        tokens: Tokens,
        address: &Address,
        timeout: Duration,
        counters: Arc<Counters>,
    ) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        let mut hub = CalendarHub::new(client, tokens);
        hub.base_url(address.base.clone());
        hub.user_agent(USER_AGENT.to_owned());
        Self {
            hub,
            base: address.base.clone(),
            timeout,
            counters,
        }
    }

    /// Carries one call out.
    pub(super) async fn send<T: Send>(
        &self,
        route: Route,
        call: impl Future<Output = common::Result<(common::Response, T)>> + Send,
    ) -> Result<(common::Response, T), Failure> {
        self.counters.count(route);
        let began = Instant::now();
        let result = match tokio::time::timeout(self.timeout, call).await {
            Ok(answered) => answered.map_err(Failure::Call),
            Err(_) => Err(Failure::TimedOut(self.timeout)),
        };
        let status = match &result {
            Ok((answer, _)) => Some(u64::from(answer.status().as_u16())),
            Err(failure) => failure.status(),
        };
        let took = began.elapsed();
        tracing::debug!(
            method = route.method(),
            route = route.name(),
            status,
            ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "calendar call"
        );
        result
    }
}
