//! One call of an operation and what its answer means: the one place where a call is repeated, and where
//! a 404 is told apart from a calendar that is no longer shared.

use crate::domain::id::CalendarId;
use crate::domain::time::Moment;
use crate::flow::step::{Call, Fact};
use crate::port::calendar::{BusyAnswer, Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::store::Store;
use crate::worker::engine::Engine;
use std::time::Duration;

/// A used-up quota may last a day; asking more often does not help.
const QUOTA_BACKOFF: Duration = Duration::from_mins(15);
/// Repeats of one call while somebody waits.
const REPEATS: u32 = 2;

/// An answer, and what it says about when to ask again.
pub(super) struct Answered {
    /// What has become known.
    pub(super) fact: Fact,
    /// How long Google is to be left in peace, where that is known.
    pub(super) pause: Option<Duration>,
    /// Nobody was asked.
    pub(super) held: bool,
}

impl From<Fact> for Answered {
    fn from(fact: Fact) -> Self {
        Self {
            fact,
            pause: None,
            held: false,
        }
    }
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// What is said instead of a call while the calendar is to be left in peace; `asks`: whether that is
    /// looked at.
    pub(super) fn not_now(&self, calendar: &CalendarId, asks: bool) -> Option<Answered> {
        if !asks {
            return None;
        }
        let held = self.may_ask(std::slice::from_ref(calendar)).err()?;
        let now = self.now();
        Some(Answered {
            fact: Fact::NoAnswer(held.words(now)),
            pause: Some(held.wait(now)),
            held: true,
        })
    }

    /// One call, repeated a little while somebody is waiting for it.
    pub(super) async fn call(
        &self,
        calendar: &CalendarId,
        call: &Call,
        patient_until: Moment,
    ) -> Answered {
        let of = std::slice::from_ref(calendar);
        let mut repeats = 0;
        loop {
            let error = match self.call_once(calendar, call).await {
                Ok(fact) => {
                    self.heard(of, None);
                    return fact.into();
                }
                Err(error) => error,
            };
            let pause = match &error {
                CalendarError::NoAnswer(_) => Duration::from_millis(250 << repeats.min(4)),
                CalendarError::SlowDown { retry_after } => {
                    retry_after.unwrap_or(Duration::from_secs(1 << repeats.min(4)))
                }
                CalendarError::Quota => {
                    self.heard(of, Some(&error));
                    return Answered {
                        fact: silence(&error),
                        pause: Some(QUOTA_BACKOFF),
                        held: false,
                    };
                }
                CalendarError::SignIn(_) => return silence(&error).into(),
                _ => {
                    self.heard(of, Some(&error));
                    return self.final_word(calendar, call, error).await;
                }
            };
            let pause = pause + self.inner.ids.jitter(pause / 2);
            let in_time =
                chrono::Duration::from_std(pause).is_ok_and(|p| self.now() + p < patient_until);
            if repeats >= REPEATS || !in_time {
                self.heard(of, Some(&error));
                // a pause that Google names is kept; otherwise each try waits longer than the one before
                let named = matches!(
                    error,
                    CalendarError::SlowDown {
                        retry_after: Some(_)
                    }
                );
                return Answered {
                    fact: silence(&error),
                    pause: named.then_some(pause),
                    held: false,
                };
            }
            repeats += 1;
            tokio::time::sleep(pause).await;
        }
    }

    /// An answer that repeating will not change.
    async fn final_word(
        &self,
        calendar: &CalendarId,
        call: &Call,
        error: CalendarError,
    ) -> Answered {
        match error {
            // What is said of one event cannot be the answer to a question about many.
            CalendarError::Duplicate | CalendarError::Stale | CalendarError::Gone
                if matches!(call, Call::FreeBusy(_) | Call::List(_)) =>
            {
                let why = "its answer did not fit the question".to_owned();
                silence(&CalendarError::NoAnswer(why)).into()
            }
            CalendarError::Duplicate => Fact::Duplicate.into(),
            CalendarError::Stale => Fact::Stale.into(),
            CalendarError::Gone => Fact::Gone.into(),
            CalendarError::NotFound => match call {
                Call::Get(_) | Call::Confirm(..) | Call::Reschedule(..) | Call::Delete(..) => {
                    // Gone counts only if the calendar itself still answers.
                    let answer = self.inner.calendar.answers(calendar).await;
                    self.heard(std::slice::from_ref(calendar), answer.as_ref().err());
                    match answer {
                        Ok(()) => Fact::Missing.into(),
                        Err(error) if error.is_passing() => silence(&error).into(),
                        Err(_) => Fact::Refused(not_shared(calendar)).into(),
                    }
                }
                _ => Fact::Refused(not_shared(calendar)).into(),
            },
            other => Fact::Refused(other.to_string()).into(),
        }
    }

    async fn call_once(&self, calendar: &CalendarId, call: &Call) -> Result<Fact, CalendarError> {
        let google = &self.inner.calendar;
        let event =
            |stamped: crate::port::calendar::Stamped<_>| Fact::Event(Box::new(stamped.value));
        match call {
            Call::FreeBusy(window) => {
                let asked = self.now();
                let answer = google
                    .free_busy(std::slice::from_ref(calendar), *window)
                    .await?;
                self.compare_clocks(asked, answer.server_time);
                match answer.value.into_iter().find(|(id, _)| id == calendar) {
                    Some((_, BusyAnswer::Busy(busy))) => Ok(Fact::Busy(busy)),
                    Some((_, BusyAnswer::Unknown(reason))) => unreadable(calendar, &reason),
                    None => unreadable(calendar, "missing"),
                }
            }
            Call::List(window) => {
                let listed = google.list(calendar, *window).await?;
                Ok(Fact::Listed {
                    events: listed.value.events,
                    zone: listed.value.zone,
                    server_time: listed.server_time,
                })
            }
            Call::Get(id) => google.get(calendar, id).await.map(event),
            Call::Insert(draft) => google.insert(draft).await.map(event),
            Call::Confirm(id, etag) => google.confirm(calendar, id, etag).await.map(event),
            Call::Reschedule(id, etag, times) => google
                .reschedule(calendar, id, etag, times)
                .await
                .map(event),
            Call::Delete(id, etag) => google
                .delete(calendar, id, etag)
                .await
                .map(|()| Fact::Deleted),
        }
    }
}

fn silence(error: &CalendarError) -> Fact {
    Fact::NoAnswer(error.to_string())
}

/// Per-calendar errors of free/busy: an inner error of Google's passes, the others are the calendar's
/// own word.
fn unreadable(calendar: &CalendarId, reason: &str) -> Result<Fact, CalendarError> {
    if passes(reason) {
        let words = "it could not read this calendar just now";
        return Err(CalendarError::NoAnswer(words.to_owned()));
    }
    Ok(Fact::Refused(unreadable_words(calendar, reason)))
}

/// Whether the calendar may be read when it is asked for once more.
fn passes(reason: &str) -> bool {
    matches!(reason, "internalError" | "backendError" | "missing")
}

/// Why free/busy knows nothing of a calendar, for the people at the desk.
pub(in crate::worker) fn unreadable_words(calendar: &CalendarId, reason: &str) -> String {
    match reason {
        "notFound" => not_shared(calendar),
        passing if passes(passing) => {
            format!("Google could not read the calendar {calendar} just now: try again in a minute")
        }
        other => format!(
            "Google does not say when the calendar {calendar} is free (its word for it: {other}): have its id \
             checked by whoever set up this desk"
        ),
    }
}

fn not_shared(calendar: &CalendarId) -> String {
    format!(
        "the calendar {calendar} does not exist or is not shared with the desk's Google account"
    )
}
