//! Moves a visit to another time; its event keeps its identity, and with it what people wrote on it.
//!
//! The new time is first taken by an event of its own, the *hold* (a placeholder), with the steps of a
//! booking: a move only changes an event, and nothing would keep two desks from changing two events to
//! the same time. Only once the hold stands confirmed are the times of the visit's event changed, under its
//! etag; then the hold goes.
//!
//! | the visit's event as read | then |
//! |---|---|
//! | carries our operation | moved |
//! | cancelled, or gone | lost: repair |
//! | count and times as we knew them | change it under the etag it has now; without a hold: repair |
//! | anything else | changed elsewhere: repair |
//!
//! Times alone would not do: there and back again undoes somebody's move, so the count of changes is
//! compared as well. A hold that is gone before the change was sent means that it is never sent: the
//! time may be somebody else's by now.
//!
//! Where all writers share one database the local reservation keeps them apart: list, change, list.

mod hold;
mod outcome;

#[cfg(test)]
mod tests;

use super::booking::{Booking, Protocol, visit_of};
use super::operation::{Because, Settlement};
use super::step::{Call, Fact, Phase, Step};
use crate::domain::event::{Event, EventDraft, EventStatus, Mark, NewTimes};
use crate::domain::id::{Etag, EventId};
use crate::domain::time::{Interval, Moment};
use chrono_tz::Tz;
use outcome::Outcome;
use serde::{Deserialize, Serialize};

/// A move and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reschedule {
    /// The booking of the new time by the hold.
    pub hold: Booking,
    /// The visit's event.
    pub event: EventId,
    /// Its times when the move was intended.
    pub from: Interval,
    /// How often we had changed it by then.
    pub rev: u32,
    /// Its version, as known last; none: read it first.
    etag: Option<Etag>,
    /// The hold's version, as known last; none: read it first.
    hold_etag: Option<Etag>,
    /// How far it is.
    at: At,
}

/// What the flow waits for. While holding or looking no change was sent; [`At::Changing`] is journalled
/// before the first one is, and begins again with the hold; [`At::Decided`] is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    /// The hold is being booked.
    Holding,
    /// One database for all: who is at the new time?
    Looking,
    /// The change of the times.
    Changing,
    /// Does the hold still stand?
    CheckingHold,
    /// The visit's event is being read. A hold that is gone forbids to change it.
    Reading { held: bool },
    /// What is left is to take the hold away.
    Decided { outcome: Outcome, left: Left },
}

/// What is left to do after the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Left {
    /// Until a list shows the visit at its new time: before that the hold keeps others away.
    Showing { waited: u32 },
    /// The list did not show it: does it stand there still?
    Asking { waited: u32 },
    /// The hold is being read for its version.
    ReadingHold { disturbed: bool },
    /// The hold is being deleted. Disturbed: a person had moved it.
    Releasing { etag: Etag, disturbed: bool },
    /// The hold did not stand all the time: has somebody taken the time?
    LookingRound,
}

impl Reschedule {
    /// A move that has not begun: `hold` is the draft of the event that holds the new time. Its mark has
    /// the count of changes of the visit's event.
    pub fn new(
        hold: EventDraft,
        protocol: Protocol,
        event: EventId,
        etag: Option<Etag>,
        from: Interval,
    ) -> Self {
        Self {
            rev: hold.mark.rev,
            hold: Booking::hold(hold, protocol, event.clone()),
            event,
            from,
            etag,
            hold_etag: None,
            at: At::Holding,
        }
    }

    /// Where the visit is to go.
    pub fn to(&self) -> Interval {
        self.hold.draft.visit
    }

    /// Whether nothing of it can be in the calendar, by what the journal says. Where all writers share one
    /// database there is no hold, and the change is announced in the journal before it is sent.
    pub fn is_unsent(&self) -> bool {
        match self.at {
            At::Holding => self.shares() || self.hold.is_unsent(),
            At::Looking => true,
            _ => false,
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
            // also taken up right after the intent: there is no hold to go on with, and none may be made
            (At::Holding, Fact::Begun | Fact::Resumed) | (At::Looking, Fact::Resumed)
                if self.shares() =>
            {
                self.look()
            }
            (At::Holding, fact) => self.take_hold(fact),
            (At::Decided { outcome, left }, fact) => self.carry_out(outcome, left, fact),
            (_, Fact::Resumed) if self.shares() => self.read(true),
            (_, Fact::Resumed) => self.check_hold(),
            (At::Looking, Fact::NoAnswer(why)) if !self.hold.told => {
                let why = format!("{why}. Nothing was changed");
                not_moved(Because::NoAnswer, why)
            }
            (_, Fact::NoAnswer(why)) => {
                self.hold.told = true;
                vec![Step::PutOff(why)]
            }
            (At::Looking, Fact::Refused(why)) => not_moved(Because::CalendarRefused, why),
            (_, Fact::Refused(why)) => self.decide(Outcome::refused(&why)),
            (
                At::Looking,
                Fact::Listed {
                    events,
                    zone,
                    server_time,
                },
            ) => self.looked(&events, zone, server_time),
            (At::CheckingHold, Fact::Event(hold)) => {
                let stands = self.hold_stands(&hold);
                self.read(stands)
            }
            (At::CheckingHold, Fact::Missing | Fact::Gone) => self.read(false),
            (At::Changing, Fact::Event(event)) => self.table(&event, true),
            (At::Reading { held }, Fact::Event(event)) => self.table(&event, held),
            (At::Reading { .. }, Fact::Missing | Fact::Gone) => self.decide(Outcome::gone()),
            // 412, 404, 410 to the change; and an answer that does not belong to the question
            (At::Changing, _) => self.read(true),
            (At::Reading { held }, _) => self.read(held),
            (At::CheckingHold, _) => self.check_hold(),
            (At::Looking, _) => self.look(),
        }
    }

    fn shares(&self) -> bool {
        self.hold.protocol == Protocol::SharedDatabase
    }

    fn look(&mut self) -> Vec<Step> {
        self.at = At::Looking;
        vec![
            Step::Tell(Phase::Checking),
            Step::Call(Call::List(self.hold.window())),
        ]
    }

    /// One database for all: what does the calendar have at the new time?
    fn looked(&mut self, events: &[Event], zone: Tz, server_time: Option<Moment>) -> Vec<Step> {
        let verdict = self.hold.judge(events, zone, server_time);
        if verdict.other_database {
            // another database books here: from now on the time is held as between strangers
            self.hold.use_full_protocol();
            self.at = At::Holding;
            let mut steps = vec![
                Step::UseFullProtocol,
                Step::Journal("another database books here too; the new time is held first"),
            ];
            steps.extend(self.take_hold(Fact::Begun));
            return steps;
        }
        match verdict.in_the_way() {
            Some(by) => not_moved(Because::SlotTaken, by),
            None => self.begin_change(),
        }
    }

    /// The first change is announced in the journal: whoever takes this up later must know that it may
    /// have been sent.
    fn begin_change(&mut self) -> Vec<Step> {
        self.at = At::Changing;
        let mut steps = vec![Step::Journal(
            "the new time is free; the event is being moved",
        )];
        steps.extend(self.change());
        steps
    }

    fn change(&mut self) -> Vec<Step> {
        let Some(etag) = self.etag.clone() else {
            return self.read(true);
        };
        self.at = At::Changing;
        let draft = &self.hold.draft;
        let times = NewTimes {
            visit: draft.visit,
            zone: draft.zone,
            rev: self.rev + 1,
            operation: draft.mark.operation.clone(),
        };
        let call = Call::Reschedule(self.event.clone(), etag, Box::new(times));
        vec![Step::Call(call)]
    }

    fn read(&mut self, held: bool) -> Vec<Step> {
        self.at = At::Reading { held };
        vec![Step::Call(Call::Get(self.event.clone()))]
    }

    /// The visit's event as read. `held`: the new time is ours.
    fn table(&mut self, event: &Event, held: bool) -> Vec<Step> {
        if event.status == EventStatus::Cancelled {
            return self.decide(Outcome::gone());
        }
        let (Some(mark), Some(etag)) = (self.ours(event), event.etag.clone()) else {
            return self.decide(Outcome::strangers());
        };
        let visit = visit_of(event);
        if mark.operation == self.hold.draft.mark.operation {
            let Some(visit) = visit else {
                return self.decide(Outcome::changed());
            };
            let moved = Outcome::Moved {
                etag,
                visit,
                rev: mark.rev,
                in_the_way: None,
            };
            return self.decide(moved);
        }
        if mark.rev != self.rev || visit != Some(self.from) {
            return self.decide(Outcome::changed());
        }
        if !held {
            return self.decide(Outcome::interrupted());
        }
        self.etag = Some(etag);
        self.change()
    }

    fn ours<'a>(&self, event: &'a Event) -> Option<&'a Mark> {
        let own = &self.hold.draft.mark;
        let mark = event.mark.as_ref()?;
        (mark.clinic == own.clinic && mark.appointment == own.appointment).then_some(mark)
    }

    /// Journals the outcome, then carries out what it leaves to be done.
    fn decide(&mut self, outcome: Outcome) -> Vec<Step> {
        let mut steps = vec![Step::Journal(outcome.note())];
        if matches!(outcome, Outcome::Moved { .. }) {
            steps.push(Step::Tell(Phase::Moved));
        }
        steps.extend(self.after(outcome));
        steps
    }
}

fn not_moved(because: Because, why: String) -> Vec<Step> {
    vec![Step::Settle(Settlement::NotMoved { because, why })]
}
