//! What a calendar service must do. One call is one request (a list may be several pages); no retry
//! here: who asks decides.

use super::sync::{ChangePage, ReadFrom};
use crate::domain::event::{Event, EventDraft, NewTimes};
use crate::domain::id::{CalendarId, Etag, EventId};
use crate::domain::time::{Interval, Moment};
use chrono_tz::Tz;
use std::future::Future;
use std::time::Duration;
use thiserror::Error;

/// The most calendars in one free/busy request.
pub const MOST_CALENDARS: usize = 50;

/// An answer and the time on the server that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped<T> {
    /// The answer.
    pub value: T,
    /// The `Date` of the answer; leases are judged by it.
    pub server_time: Option<Moment>,
}

/// What free/busy says of one calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusyAnswer {
    /// Readable: these stretches are taken, clipped to the window, merged, in order.
    Busy(Vec<Interval>),
    /// Not readable: unknown, never free. The reason is Google's word (`notFound`, …); a calendar that
    /// is missing from the answer has the reason `missing`.
    Unknown(String),
}

/// All events that meet a window, from every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The events, recurring ones expanded, cancelled ones left out.
    pub events: Vec<Event>,
    /// The calendar's zone, in which its all-day events are meant.
    pub zone: Tz,
}

/// What went wrong, told apart by what to do next. The text is a sentence fit for a person.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// No usable answer: time-out, connection, 5xx, HTML, truncated JSON. A write may or may not have
    /// been carried out: repeat it until answered.
    #[error("Google did not answer ({0})")]
    NoAnswer(String),
    /// Too many requests (429, or 403 with a rate limit reason): wait and repeat.
    #[error("Google asks for a pause, since it got too many requests in a short time")]
    SlowDown {
        /// Retry-After, where it was sent.
        retry_after: Option<Duration>,
    },
    /// The daily quota is used up.
    #[error(
        "the clinic may ask Google no more for now: its quota is used up, which can last a day"
    )]
    Quota,
    /// 404: no such event, or a calendar that is not shared with us.
    #[error("Google does not know this event or calendar, or it is not shared with the desk")]
    NotFound,
    /// 410 on an event: it was deleted before.
    #[error("the event was deleted in Google")]
    Gone,
    /// 412: the etag is stale.
    #[error("the event was changed in Google meanwhile")]
    Stale,
    /// 409: the id exists, or existed.
    #[error("Google already has something of this id")]
    Duplicate,
    /// 410 fullSyncRequired, or an invalid sync token: read everything again.
    #[error("the calendar must be read anew")]
    SyncTokenInvalid,
    /// 401, a dead or missing token.
    #[error("the Google account needs a sign-in ({0})")]
    SignIn(String),
    /// 403 without a rate limit: no rights.
    #[error("Google does not allow this: {0}")]
    Forbidden(String),
    /// Any other 4xx: the request is wrong.
    #[error("Google refused the request: {0}")]
    Invalid(String),
}

impl CalendarError {
    /// Whether the same request may be answered later without anybody's doing.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::NoAnswer(_) | Self::SlowDown { .. } | Self::Quota | Self::SignIn(_)
        )
    }

    /// Whether words that one of these errors was told in, and that are all that was kept of it, say that a
    /// sign-in is needed.
    pub fn is_sign_in(words: &str) -> bool {
        words.contains("the Google account needs a sign-in")
    }
}

/// A calendar service.
pub trait Calendar: Send + Sync + 'static {
    /// Free/busy of at most [`MOST_CALENDARS`] calendars over at most 30 days, in the order asked for.
    fn free_busy(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> impl Future<Output = Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError>> + Send;

    /// All pages of the events that meet the window.
    fn list(
        &self,
        calendar: &CalendarId,
        window: Interval,
    ) -> impl Future<Output = Result<Stamped<Listing>, CalendarError>> + Send;

    /// One page of what a calendar holds, or of what has changed in it; recurring events expanded.
    /// [`CalendarError::SyncTokenInvalid`]: read from a start again.
    fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> impl Future<Output = Result<Stamped<ChangePage>, CalendarError>> + Send;

    /// One event; a deleted one comes as cancelled.
    fn get(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> impl Future<Output = Result<Stamped<Event>, CalendarError>> + Send;

    /// Inserts under the id of the draft.
    fn insert(
        &self,
        draft: &EventDraft,
    ) -> impl Future<Output = Result<Stamped<Event>, CalendarError>> + Send;

    /// PATCH `status=confirmed` under the etag.
    fn confirm(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> impl Future<Output = Result<Stamped<Event>, CalendarError>> + Send;

    /// PATCH the times under the etag, with the count and the operation in the mark. The rest of the
    /// event, what people wrote on it included, stays.
    fn reschedule(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        times: &NewTimes,
    ) -> impl Future<Output = Result<Stamped<Event>, CalendarError>> + Send;

    /// DELETE under the etag.
    fn delete(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> impl Future<Output = Result<(), CalendarError>> + Send;

    /// How many requests were begun so far, whatever became of them.
    fn requests(&self) -> u64;

    /// Whether the calendar itself still answers: tells an event that is gone from a calendar that is
    /// no longer shared.
    fn answers(
        &self,
        calendar: &CalendarId,
    ) -> impl Future<Output = Result<(), CalendarError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_sign_in_that_is_needed_are_known_again_and_no_others() {
        let words = |error: CalendarError| error.to_string();
        let needed = words(CalendarError::SignIn("its token is dead".to_owned()));
        assert!(CalendarError::is_sign_in(&needed), "{needed}");
        for other in [
            CalendarError::NoAnswer("time-out".to_owned()),
            CalendarError::Quota,
            CalendarError::Forbidden("not shared".to_owned()),
            CalendarError::NotFound,
        ] {
            assert!(!CalendarError::is_sign_in(&words(other)));
        }
    }
}
