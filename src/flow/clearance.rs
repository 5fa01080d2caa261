//! Takes away the hold that a desk which no longer answers has left on a time, for a move that it never
//! finished. Begun by a person only, from the repair pane.
//!
//! The desk may only be asleep, and its change of the visit's event may be on its way. So unless the visit
//! already carries the hold's operation, or is gone, its count of changes is raised first, under its etag:
//! the sleeper's change then fails, and only then does the hold go.

use super::booking::visit_of;
use super::operation::{Cause, Settlement};
use super::step::{Call, Fact, Phase, Step};
use crate::domain::event::{Event, EventStatus, Mark, NewTimes};
use crate::domain::id::{AppointmentId, ClinicId, Etag, EventId, OperationId};
use crate::domain::time::Interval;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A clearance and how far it has come. Every step is safe to repeat: taken up again, it begins anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearance {
    /// The hold.
    pub hold: EventId,
    /// The visit's own event.
    pub event: EventId,
    /// Whose events they must be.
    pub appointment: AppointmentId,
    /// Of which clinic.
    pub clinic: ClinicId,
    /// The operation that raises the count.
    pub operation: OperationId,
    /// Zone of the visit.
    pub zone: Tz,
    at: At,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    Intended,
    ReadingHold,
    /// What the visit says decides whether its count must be raised.
    ReadingVisit {
        hold: Held,
    },
    Raising {
        hold: Held,
    },
    Releasing {
        visit: Option<Visit>,
    },
    /// The hold was gone already: how does the visit stand?
    ReadingVisitOnly,
}

/// The hold as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    etag: Etag,
    operation: OperationId,
}

/// The visit's event as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Visit {
    etag: Etag,
    times: Interval,
    rev: u32,
}

impl Clearance {
    /// A clearance that has not begun.
    pub fn new(
        hold: EventId,
        event: EventId,
        appointment: AppointmentId,
        clinic: ClinicId,
        operation: OperationId,
        zone: Tz,
    ) -> Self {
        Self {
            hold,
            event,
            appointment,
            clinic,
            operation,
            zone,
            at: At::Intended,
        }
    }

    /// What becomes known, and what to do about it.
    #[must_use]
    pub fn step(mut self, fact: Fact) -> (Self, Vec<Step>) {
        let steps = self.on(fact);
        (self, steps)
    }

    fn on(&mut self, fact: Fact) -> Vec<Step> {
        match (self.at.clone(), fact) {
            (_, Fact::NoAnswer(why)) => vec![Step::PutOff(why)],
            (_, Fact::Refused(why)) => vec![Step::Settle(Settlement::Repair {
                cause: Cause::HoldLeft,
                detail: format!("The hold could not be taken away: {why}"),
            })],
            (At::ReadingHold, Fact::Event(hold)) => self.hold_read(&hold),
            (At::ReadingHold, Fact::Missing | Fact::Gone) => self.read_visit(At::ReadingVisitOnly),
            (At::ReadingVisitOnly, Fact::Event(event)) => settled(self.visit(&event)),
            (At::ReadingVisitOnly, Fact::Missing | Fact::Gone) => settled(None),
            (At::ReadingVisit { hold }, Fact::Event(event)) => self.visit_read(hold, &event),
            (At::ReadingVisit { hold }, Fact::Missing | Fact::Gone) => self.release(hold, None),
            (At::Raising { hold }, Fact::Event(event)) => {
                let visit = self.visit(&event);
                self.release(hold, visit)
            }
            (At::Raising { hold }, _) => self.read_visit(At::ReadingVisit { hold }),
            (At::Releasing { visit }, Fact::Deleted | Fact::Missing | Fact::Gone) => settled(visit),
            _ => {
                self.at = At::ReadingHold;
                vec![Step::Call(Call::Get(self.hold.clone()))]
            }
        }
    }

    fn hold_read(&mut self, hold: &Event) -> Vec<Step> {
        let mark = self.ours(hold).map(|mark| mark.operation.clone());
        match (hold.status, mark, hold.etag.clone()) {
            (EventStatus::Cancelled, ..) | (_, None, _) | (_, _, None) => {
                self.read_visit(At::ReadingVisitOnly)
            }
            (_, Some(operation), Some(etag)) => {
                let hold = Held { etag, operation };
                self.read_visit(At::ReadingVisit { hold })
            }
        }
    }

    fn read_visit(&mut self, at: At) -> Vec<Step> {
        self.at = at;
        vec![Step::Call(Call::Get(self.event.clone()))]
    }

    fn visit_read(&mut self, hold: Held, event: &Event) -> Vec<Step> {
        let moved = self
            .ours(event)
            .is_some_and(|mark| mark.operation == hold.operation);
        match self.visit(event) {
            Some(visit) if !moved => {
                let times = NewTimes {
                    visit: visit.times,
                    zone: self.zone,
                    rev: visit.rev + 1,
                    operation: self.operation.clone(),
                };
                self.at = At::Raising { hold };
                let call = Call::Reschedule(self.event.clone(), visit.etag, Box::new(times));
                vec![Step::Call(call)]
            }
            // it was moved, or it is gone: nothing can be changed by the sleeper any more
            visit => self.release(hold, visit),
        }
    }

    fn release(&mut self, hold: Held, visit: Option<Visit>) -> Vec<Step> {
        self.at = At::Releasing { visit };
        vec![
            Step::Tell(Phase::Removing),
            Step::Call(Call::Delete(self.hold.clone(), hold.etag)),
        ]
    }

    /// The visit's event, if it stands and is ours.
    fn visit(&self, event: &Event) -> Option<Visit> {
        let live = event.status != EventStatus::Cancelled;
        let mark = self.ours(event).filter(|_| live)?;
        Some(Visit {
            etag: event.etag.clone()?,
            times: visit_of(event)?,
            rev: mark.rev,
        })
    }

    fn ours<'a>(&self, event: &'a Event) -> Option<&'a Mark> {
        let mark = event.mark.as_ref()?;
        (mark.clinic == self.clinic && mark.appointment == self.appointment).then_some(mark)
    }
}

/// The hold is gone; the visit is where its event has it.
fn settled(visit: Option<Visit>) -> Vec<Step> {
    let settlement = match visit {
        Some(Visit { etag, times, rev }) => Settlement::Moved {
            etag,
            visit: times,
            rev,
            in_the_way: None,
        },
        None => Settlement::Repair {
            cause: Cause::GoneFromGoogle,
            detail:
                "The hold is taken away, but the visit's own event is not in the calendar either"
                    .to_owned(),
        },
    };
    vec![Step::Settle(settlement)]
}

#[cfg(test)]
#[path = "clearance/tests.rs"]
mod tests;
