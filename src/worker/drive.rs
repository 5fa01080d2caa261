//! Drives one operation: hands facts to its flow and carries out the steps it asks for. This is the one
//! place where a call is repeated, where silence becomes "later", and where a 404 is told apart from a
//! calendar that is no longer shared.

use super::engine::{Engine, Tell};
use super::settings::lease;
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::event::Event;
use crate::domain::id::CalendarId;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Cause, Flow, Operation, Settlement};
use crate::flow::step::{Call, Fact, Phase, Step};
use crate::port::calendar::{BusyAnswer, Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::command::Actor;
use crate::port::report::Progress;
use crate::port::store::{Store, StoreError};
use std::time::Duration;

/// Longest pause between two tries, as Google's guide has it.
const MOST_BACKOFF: Duration = Duration::from_secs(32);
/// A used-up quota may last a day; asking more often does not help.
const QUOTA_BACKOFF: Duration = Duration::from_mins(15);
/// However long Google asks to wait, it is asked again after this: a clock that is set right meanwhile
/// must not make it a day.
const MOST_PAUSE: Duration = Duration::from_mins(30);
/// Repeats of one call while somebody waits.
const REPEATS: u32 = 2;
/// A flow that has taken so many steps goes round in circles, because somebody else keeps changing
/// the event: it is taken up again later.
const MOST_STEPS: u32 = 400;
/// The same without a wait in between: Google must not be asked hundreds of times in a second.
const MOST_CALLS: u32 = 60;

/// How a drive ended.
pub(super) enum End {
    /// The operation has ended.
    Settled(Box<Appointment>, Settlement),
    /// It goes on later by itself.
    PutOff(Box<Appointment>, PutOff),
}

/// Why it goes on later.
pub(super) struct PutOff {
    /// In words.
    pub why: String,
}

/// The last list of a drive.
struct Listed {
    window: Interval,
    events: Vec<Event>,
    server_time: Option<Moment>,
}

/// An answer, and what it says about when to ask again.
struct Answered {
    fact: Fact,
    pause: Option<Duration>,
}

impl From<Fact> for Answered {
    fn from(fact: Fact) -> Self {
        Self { fact, pause: None }
    }
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Drives the operation, leased to this desk, until it is settled or put off. What its lists showed of
    /// other desks is taken over after that.
    pub(super) async fn drive(
        &self,
        actor: &Actor,
        operation: Operation,
        first: Fact,
        tell: &Tell,
    ) -> Result<End, StoreError> {
        let mut seen = None;
        let calendar = operation.calendar.clone();
        let end = self
            .drive_on(actor, operation, first, tell, &mut seen)
            .await?;
        if let Some(Listed {
            window,
            events,
            server_time,
        }) = seen
        {
            let database = self.store(|store| store.database_id()).await?;
            self.met(&calendar, window, &events, server_time, &database)
                .await;
        }
        Ok(end)
    }

    async fn drive_on(
        &self,
        actor: &Actor,
        mut operation: Operation,
        first: Fact,
        tell: &Tell,
        seen: &mut Option<Listed>,
    ) -> Result<End, StoreError> {
        let patient_until = self.now() + self.settings().patience;
        let mut lease_until = self.lease_until();
        let mut fact = first;
        let mut pause = None;
        let mut in_a_row = 0;
        for _ in 0..MOST_STEPS {
            if in_a_row > MOST_CALLS {
                break;
            }
            let steps = advance(&mut operation.flow, fact);
            let mut next = None;
            for step in steps {
                match step {
                    Step::Journal(note) => self.journal(actor, &operation, note).await?,
                    Step::Tell(phase) => tell(progress(phase)),
                    Step::UseFullProtocol => {
                        tracing::warn!(
                            "an event of another database was met: full protocol from now on"
                        );
                        self.store(Store::use_full_protocol).await?;
                    }
                    Step::Wait(seconds) => {
                        let jitter = self.inner.ids.jitter(Duration::from_millis(900));
                        tokio::time::sleep(Duration::from_secs(u64::from(seconds)) + jitter).await;
                        next = Some(Fact::Waited);
                        in_a_row = 0;
                    }
                    Step::Call(call) => {
                        if lease_until - self.now() < lease() * 2 / 3 {
                            lease_until = self.lease_until();
                            self.prolong(actor, &operation, lease_until).await?;
                        }
                        let answered = self.call(&operation.calendar, &call, patient_until).await;
                        if let (
                            Call::List(window),
                            Fact::Listed {
                                events,
                                server_time,
                                ..
                            },
                        ) = (&call, &answered.fact)
                        {
                            *seen = Some(Listed {
                                window: *window,
                                events: events.clone(),
                                server_time: *server_time,
                            });
                        }
                        pause = answered.pause;
                        in_a_row += 1;
                        next = Some(answered.fact);
                    }
                    Step::PutOff(why) => return self.put_off(actor, operation, why, pause).await,
                    Step::Settle(settlement) => {
                        return self.settle(actor, operation, settlement).await;
                    }
                }
            }
            let Some(known) = next else {
                // A flow always ends its steps with a call, a wait or an end.
                let why = "the program lost its place; it begins again".to_owned();
                return self.put_off(actor, operation, why, None).await;
            };
            fact = known;
        }
        let why = "somebody else keeps changing this event in Google Calendar".to_owned();
        self.put_off(actor, operation, why, None).await
    }

    async fn journal(
        &self,
        actor: &Actor,
        operation: &Operation,
        note: &'static str,
    ) -> Result<(), StoreError> {
        let (stamp, operation) = (self.stamp(actor), operation.clone());
        self.store(move |store| store.journal(&stamp, &operation, Some(note)))
            .await
    }

    async fn prolong(
        &self,
        actor: &Actor,
        operation: &Operation,
        until: Moment,
    ) -> Result<(), StoreError> {
        let (stamp, id) = (self.stamp(actor), operation.operation_id.clone());
        self.store(move |store| store.prolong(&stamp, &id, until))
            .await
    }

    async fn put_off(
        &self,
        actor: &Actor,
        mut operation: Operation,
        why: String,
        pause: Option<Duration>,
    ) -> Result<End, StoreError> {
        let exponential = Duration::from_secs(1 << operation.tries.min(5));
        let jitter = self.inner.ids.jitter(Duration::from_secs(1));
        let wait = pause.map_or_else(
            || (exponential + jitter).min(MOST_BACKOFF),
            |asked_for| asked_for.min(MOST_PAUSE),
        );
        operation.tries = operation.tries.saturating_add(1);
        operation.next_try_at =
            Some(self.now() + chrono::Duration::from_std(wait).unwrap_or_else(|_| lease()));
        operation.last_error = Some(why.clone());
        tracing::info!(operation = %operation.operation_id, tries = operation.tries, why, "put off");
        let stamp = self.stamp(actor);
        let appointment = self
            .store(move |store| store.put_off(&stamp, &operation))
            .await?;
        Ok(End::PutOff(Box::new(appointment), PutOff { why }))
    }

    async fn settle(
        &self,
        actor: &Actor,
        operation: Operation,
        settlement: Settlement,
    ) -> Result<End, StoreError> {
        let stamp = self.stamp(actor);
        let settled = settlement.clone();
        let appointment = self
            .store(move |store| store.settle(&stamp, &operation, &settled))
            .await?;
        // a loss that somebody had been promised otherwise is for a person
        let settlement = match settlement {
            Settlement::Refused { why, .. } if appointment.sync_state == SyncState::NeedsRepair => {
                Settlement::Repair {
                    cause: Cause::Conflict,
                    detail: why,
                }
            }
            other => other,
        };
        tracing::info!(appointment = %appointment.appointment_id, status = ?appointment.status, "settled");
        Ok(End::Settled(Box::new(appointment), settlement))
    }

    /// One call, repeated a little while somebody is waiting for it.
    async fn call(&self, calendar: &CalendarId, call: &Call, patient_until: Moment) -> Answered {
        let mut repeats = 0;
        loop {
            let error = match self.call_once(calendar, call).await {
                Ok(fact) => return fact.into(),
                Err(error) => error,
            };
            let pause = match &error {
                CalendarError::NoAnswer(_) => Duration::from_millis(250 << repeats.min(4)),
                CalendarError::SlowDown { retry_after } => {
                    retry_after.unwrap_or(Duration::from_secs(1 << repeats.min(4)))
                }
                CalendarError::Quota => {
                    return Answered {
                        fact: silence(&error),
                        pause: Some(QUOTA_BACKOFF),
                    };
                }
                CalendarError::SignIn(_) => return silence(&error).into(),
                _ => return self.final_word(calendar, call, error).await,
            };
            let pause = pause + self.inner.ids.jitter(pause / 2);
            let in_time =
                chrono::Duration::from_std(pause).is_ok_and(|p| self.now() + p < patient_until);
            if repeats >= REPEATS || !in_time {
                let wait = matches!(error, CalendarError::SlowDown { .. }).then_some(pause);
                return Answered {
                    fact: silence(&error),
                    pause: wait,
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
                    match self.inner.calendar.answers(calendar).await {
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

fn advance(flow: &mut Flow, fact: Fact) -> Vec<Step> {
    match flow {
        Flow::Booking(booking) => {
            let (next, steps) = booking.as_ref().clone().step(fact);
            **booking = next;
            steps
        }
        Flow::Cancellation(cancellation) => {
            let (next, steps) = cancellation.clone().step(fact);
            *cancellation = next;
            steps
        }
        Flow::Clearance(clearance) => {
            let (next, steps) = clearance.as_ref().clone().step(fact);
            **clearance = next;
            steps
        }
        Flow::Reschedule(reschedule) => {
            let (next, steps) = reschedule.as_ref().clone().step(fact);
            **reschedule = next;
            steps
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
pub(super) fn unreadable_words(calendar: &CalendarId, reason: &str) -> String {
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

fn progress(phase: Phase) -> Progress {
    match phase {
        Phase::Checking => Progress::Checking,
        Phase::Claimed => Progress::Claimed,
        Phase::Verified => Progress::Verified,
        Phase::Waiting => Progress::Waiting,
        Phase::Confirmed => Progress::Confirmed,
        Phase::Held => Progress::Held,
        Phase::Moved => Progress::Moved,
        Phase::Withdrawing => Progress::Withdrawing,
        Phase::Removing => Progress::Removing,
    }
}
