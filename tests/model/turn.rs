//! A desk's turn: which request it sends, and where an answer belongs.

use crate::calendar::{Calendar, Event, Id, Request, Status};
use crate::case::{Act, Case, Mode, Mutant};
use crate::desk::{At, Desk, Said};
use crate::look::Looker;
use crate::property;
use crate::world::World;

pub struct Turn<'a> {
    pub case: &'a Case,
    pub world: &'a mut World,
    pub desk: usize,
    pub act: u8,
}

impl<'a> Turn<'a> {
    pub fn of(case: &'a Case, world: &'a mut World, desk: usize) -> Option<Self> {
        let act = world.act_of(case, desk)?;
        Some(Self {
            case,
            world,
            desk,
            act,
        })
    }

    pub fn original_of(case: &Case, act: u8) -> Option<Id> {
        match case.acts[usize::from(act)] {
            Act::Move(of, _) | Act::Cancel(of) => Some(of),
            Act::Book(_) => None,
        }
    }

    pub fn desk(&self) -> Desk {
        self.world.desks[self.desk]
    }

    pub fn shared(&self) -> bool {
        match self.case.desks[self.desk].mode {
            Mode::Full => false,
            Mode::Shared => true,
            Mode::SharedThenFull => self.desk().crashes == self.case.crashes,
        }
    }

    pub fn moves(&self) -> bool {
        matches!(self.case.acts[usize::from(self.act)], Act::Move(..))
    }

    pub fn own(&self) -> Id {
        self.case.event(self.act, self.desk().attempt)
    }

    pub fn own_event(&self) -> Event {
        self.world.calendar[usize::from(self.own())]
    }

    pub fn original(&self) -> Option<Event> {
        let of = Self::original_of(self.case, self.act)?;
        Some(self.world.calendar[usize::from(of)])
    }

    pub fn looker(&self) -> Option<Looker> {
        Some(Looker {
            own: self.own(),
            wanted: self.case.wanted(self.act)?,
            original: Self::original_of(self.case, self.act),
        })
    }

    pub fn to(&mut self, at: At) {
        self.world.desks[self.desk].at = at;
    }

    /// Goes on there, also after a crash.
    pub fn decide(&mut self, at: At) {
        self.to(at);
        self.world.desks[self.desk].journal = at;
    }

    /// A decision: journalled, unless that is the rule left out.
    pub fn decide_outcome(&mut self, at: At) {
        if self.case.lacks(Mutant::OutcomeNotJournalled) {
            self.to(at);
        } else {
            self.decide(at);
        }
    }

    pub fn say(&mut self, said: Said) {
        property::hear(self.world, self.case, self.act, said);
        self.world.said[usize::from(self.act)] = said;
    }

    /// The act is over: the next one, if any.
    pub fn settle(&mut self) {
        let Desk {
            turn,
            crashes,
            delays,
            ..
        } = self.desk();
        self.world.desks[self.desk] = Desk {
            turn: turn + 1,
            crashes,
            delays,
            ..Desk::default()
        };
    }

    pub fn settle_as(&mut self, said: Said) {
        self.say(said);
        self.settle();
    }

    pub fn request_at(case: &Case, world: &World, desk: usize) -> Option<Request> {
        let act = world.act_of(case, desk)?;
        let state = world.desks[desk];
        let id = case.event(act, state.attempt);
        let delete = |id, etag, of_own_accord| {
            Some(Request::Delete {
                id,
                etag,
                of_own_accord,
            })
        };
        match state.at {
            At::Claiming => {
                let shared = match case.desks[desk].mode {
                    Mode::Full => false,
                    Mode::Shared => true,
                    Mode::SharedThenFull => state.crashes == case.crashes,
                };
                let status = if shared {
                    Status::Confirmed
                } else {
                    Status::Tentative
                };
                let at = case.wanted(act)?.at;
                Some(Request::Insert { id, at, status })
            }
            At::Expiring {
                victim, version, ..
            } => delete(victim, version, true),
            At::Confirming { etag } => {
                let bare = case.lacks(Mutant::ConfirmWithoutIfMatch);
                let etag = (!bare).then_some(etag);
                Some(Request::Confirm { id, etag })
            }
            At::Withdrawing { etag, .. } | At::Releasing { etag } => delete(id, etag, true),
            At::Removing { etag } => delete(Self::original_of(case, act)?, etag, false),
            At::Patching { etag } => {
                let bare = case.lacks(Mutant::MoveWithoutIfMatch);
                Some(Request::Move {
                    id: Self::original_of(case, act)?,
                    etag: (!bare).then_some(etag),
                    at: case.wanted(act)?.at,
                    rev: state.base.rev + 1,
                    op: act + 1,
                })
            }
            _ => None,
        }
    }

    pub fn request(&self) -> Option<Request> {
        Self::request_at(self.case, self.world, self.desk)
    }

    /// The next write, read or local step, with its answer.
    pub fn go(&mut self) {
        let at = self.desk().at;
        if let Some(request) = self.request() {
            let answer = self.world.write(self.case, request);
            match at {
                At::Patching { .. } | At::Releasing { .. } => self.rescheduled(at, answer),
                At::Removing { .. } => self.removed(answer),
                _ => self.booked(at, answer),
            }
            return;
        }
        match at {
            At::Idle => self.begin(),
            At::Reading => self.table(),
            At::Rereading { taken } => self.reread(taken),
            At::Committing => self.settle_as(Said::Booked),
            At::Holding => self.hold(),
            At::ReadingOriginal { held } => self.original_read(held),
            At::ReadingPlaceholder => self.placeholder_read(),
            At::ReadingVisit => self.visit_read(),
            _ => {}
        }
    }

    /// A list, as it is shown to this desk.
    pub fn list(&mut self, list: &Calendar, over: Option<Id>) {
        match self.desk().at {
            At::AwaitingShown => self.shown(list),
            At::Surveying => self.survey(list),
            At::LookingBefore | At::LookingAfter => self.look_shared(list),
            at => self.list_booking(at, list, over),
        }
    }
}
