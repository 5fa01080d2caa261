//! The client that the program holds: one for all, since it keeps the connections open.

use super::address::{Address, OptionsError};
use super::auth::{Token, Tokens};
use super::counters::Counters;
use super::wire::Wire;
use crate::domain::event::{Event, EventDraft, NewTimes};
use crate::domain::id::{CalendarId, ChannelId, Etag, EventId};
use crate::domain::time::Interval;
use crate::port::calendar::{BusyAnswer, Calendar, CalendarError, Listing, Stamped};
use crate::port::channels::{Channel, Watch, Watched};
use crate::port::sync::{ChangePage, ReadFrom};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a call may take unless the options say otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How to reach the service, and as whom.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address of the service; Google's own for none. https, or http to this machine.
    pub base_url: Option<String>,
    /// How to sign in.
    pub token: Token,
    /// How long one request may take.
    pub timeout: Duration,
}

/// The Calendar port over Google's API. Share it behind an `Arc`.
pub struct Client {
    lane: Lane,
    counters: Arc<Counters>,
}

enum Lane {
    /// Plain http to this machine.
    Plain(Box<Wire<HttpConnector>>),
    /// https.
    Tls(Box<Tls>),
}

/// Made at the first call: reading the machine's list of trusted certificates takes longer than the
/// first frame of the screen may.
struct Tls {
    wire: OnceLock<Wire<HttpsConnector<HttpConnector>>>,
    address: Address,
    tokens: Tokens,
    timeout: Duration,
    counters: Arc<Counters>,
}

impl Client {
    /// A client that has not yet connected. Fails on an address or a token that cannot be used.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        let Options {
            base_url,
            token,
            timeout,
        } = options;
        let address = Address::new(base_url.as_deref())?;
        let tokens = Tokens::new(token)?;
        let counters = Arc::new(Counters::default());
        let lane = if address.plain {
            let connector = http_connector(timeout);
            let counters = Arc::clone(&counters);
            let wire = Wire::new(connector, tokens, &address, timeout, counters);
            Lane::Plain(Box::new(wire))
        } else {
            Lane::Tls(Box::new(Tls {
                wire: OnceLock::new(),
                address,
                tokens,
                timeout,
                counters: Arc::clone(&counters),
            }))
        };
        Ok(Self { lane, counters })
    }

    /// How many requests were made so far.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("requests", &self.counters.total())
            .finish_non_exhaustive()
    }
}

impl Tls {
    fn wire(&self) -> Result<&Wire<HttpsConnector<HttpConnector>>, CalendarError> {
        if let Some(wire) = self.wire.get() {
            return Ok(wire);
        }
        let mut http = http_connector(self.timeout);
        http.enforce_http(false);
        // one TLS provider (ring) is compiled in, so which one is the default is not in doubt
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|_| {
                CalendarError::NoAnswer(
                    "this computer has no list of trusted certificates; install ca-certificates"
                        .to_owned(),
                )
            })?
            .https_only()
            .enable_http1()
            .wrap_connector(http);
        Ok(self.wire.get_or_init(|| {
            let counters = Arc::clone(&self.counters);
            let tokens = self.tokens.clone();
            Wire::new(connector, tokens, &self.address, self.timeout, counters)
        }))
    }
}

fn http_connector(timeout: Duration) -> HttpConnector {
    let mut http = HttpConnector::new();
    // requests are small and wait for their answers: never for more bytes to send
    http.set_nodelay(true);
    http.set_keepalive(Some(Duration::from_mins(1)));
    http.set_connect_timeout(Some(timeout));
    http
}

/// The same call on whichever lane there is.
macro_rules! on_lane {
    ($client:expr, $call:ident ( $($argument:expr),* )) => {
        match &$client.lane {
            Lane::Plain(wire) => wire.$call($($argument),*).await,
            Lane::Tls(tls) => tls.wire()?.$call($($argument),*).await,
        }
    };
}

impl Calendar for Client {
    async fn free_busy(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError> {
        on_lane!(self, free_busy(calendars, window))
    }

    async fn list(
        &self,
        calendar: &CalendarId,
        window: Interval,
    ) -> Result<Stamped<Listing>, CalendarError> {
        on_lane!(self, list(calendar, window))
    }

    async fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> Result<Stamped<ChangePage>, CalendarError> {
        on_lane!(self, changes(calendar, from, page))
    }

    async fn get(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> Result<Stamped<Event>, CalendarError> {
        on_lane!(self, get(calendar, event))
    }

    async fn insert(&self, draft: &EventDraft) -> Result<Stamped<Event>, CalendarError> {
        on_lane!(self, insert(draft))
    }

    async fn confirm(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<Stamped<Event>, CalendarError> {
        on_lane!(self, confirm(calendar, event, etag))
    }

    async fn reschedule(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        times: &NewTimes,
    ) -> Result<Stamped<Event>, CalendarError> {
        on_lane!(self, reschedule(calendar, event, etag, times))
    }

    async fn delete(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<(), CalendarError> {
        on_lane!(self, delete(calendar, event, etag))
    }

    fn requests(&self) -> u64 {
        self.counters.total()
    }

    async fn answers(&self, calendar: &CalendarId) -> Result<(), CalendarError> {
        on_lane!(self, answers(calendar))
    }
}

impl Watch for Client {
    async fn watch(
        &self,
        calendar: &CalendarId,
        channel: &Channel,
    ) -> Result<Stamped<Watched>, CalendarError> {
        on_lane!(self, watch(calendar, channel))
    }

    async fn unwatch(&self, channel: &ChannelId, resource: &str) -> Result<(), CalendarError> {
        on_lane!(self, unwatch(channel, resource))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn https_is_set_up_without_doubt_about_the_provider() {
        // rustls panics where two providers are compiled in and none is named
        let client = Client::new(Options {
            base_url: None,
            token: Token::OAuth,
            timeout: TIMEOUT,
        });
        let Lane::Tls(tls) = client.unwrap().lane else {
            panic!("Google is reached over https");
        };
        match tls.wire() {
            Ok(wire) => assert_eq!(wire.base, "https://www.googleapis.com/calendar/v3/"),
            Err(error) => assert!(error.to_string().contains("install ca-certificates")),
        }
    }
}
