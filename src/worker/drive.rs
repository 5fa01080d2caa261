//! Drives one operation: hands facts to its flow and carries out the steps it asks for. This is the one
//! place where silence becomes "later"; how a single call is made and understood is `call`'s.

mod call;

pub(super) use call::unreadable_words;

use super::circuit::backoff;
use super::engine::{Engine, Tell};
use super::settings::{MOST_PAUSE, lease};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::event::Event;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Cause, Flow, Operation, Settlement};
use crate::flow::step::{Call, Fact, Phase, Step};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::Actor;
use crate::port::report::Progress;
use crate::port::store::{Store, StoreError};
use std::time::Duration;

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

/// Whether Google is asked while it does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Not until its pause is over.
    Usual,
    /// In any case: a person wants to know.
    Always,
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
        effort: Effort,
        tell: &Tell,
    ) -> Result<End, StoreError> {
        let mut seen = None;
        let calendar = operation.calendar.clone();
        let end = self
            .drive_on(actor, operation, (first, effort), tell, &mut seen)
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
        (first, effort): (Fact, Effort),
        tell: &Tell,
        seen: &mut Option<Listed>,
    ) -> Result<End, StoreError> {
        let patient_until = self.now() + self.settings().patience;
        let mut lease_until = self.lease_until();
        let mut fact = first;
        let mut pause = None;
        let mut held = false;
        // a line that is open is told by the first call; what is once begun goes on while it is answered
        let mut asks = effort == Effort::Usual;
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
                        let answered = match self.not_now(&operation.calendar, asks) {
                            Some(not_now) => not_now,
                            None => self.call(&operation.calendar, &call, patient_until).await,
                        };
                        asks = false;
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
                        held = answered.held;
                        in_a_row += 1;
                        next = Some(answered.fact);
                    }
                    Step::PutOff(why) => {
                        // an outage is told once, and not anew each time that nobody was asked
                        let why = operation.last_error.clone().filter(|_| held).unwrap_or(why);
                        return self.put_off(actor, operation, why, pause).await;
                    }
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
        let jitter = self.inner.ids.jitter(Duration::from_secs(1));
        let wait = pause.map_or_else(
            || backoff(operation.tries, jitter),
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
