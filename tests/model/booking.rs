//! Booking as the design writes it: claim, verify, confirm, commit; and the way back.

use crate::calendar::{Answer, Calendar, Id, Status};
use crate::case::{Act, Mutant};
use crate::desk::{At, Said};
use crate::look::{Verdict, judge};
use crate::turn::Turn;

impl Turn<'_> {
    /// The intent: the local reservation, then the journal.
    pub fn begin(&mut self) {
        if self.reserved_elsewhere() {
            return self.settle_as(Said::Lost);
        }
        let original = self.original();
        if original.is_some_and(|event| !event.live()) {
            return self.settle_as(Said::Lost);
        }
        self.world.desks[self.desk].base = original.unwrap_or_default();
        match self.case.acts[usize::from(self.act)] {
            Act::Cancel(_) => {
                let etag = self.desk().base.etag;
                self.decide(At::Removing { etag });
            }
            Act::Move(..) if self.shared() => self.decide(At::LookingBefore),
            Act::Book(_) | Act::Move(..) => {
                self.decide(At::Reading);
                self.to(At::Checking);
            }
        }
    }

    /// Whether this database holds the time, or the visit, for something else.
    fn reserved_elsewhere(&self) -> bool {
        let database = |desk: usize| self.case.desks[desk].database;
        let here = database(self.desk);
        let wanted = self.case.wanted(self.act);
        let of = Turn::original_of(self.case, self.act);
        let others = (0..self.case.desks.len()).filter(|d| *d != self.desk && database(*d) == here);
        for other in others {
            let Some(act) = self.world.act_of(self.case, other) else {
                continue;
            };
            if self.world.desks[other].at == At::Idle {
                continue;
            }
            let same_visit = of.is_some() && of == Turn::original_of(self.case, act);
            let both = wanted.zip(self.case.wanted(act));
            if same_visit || both.is_some_and(|(ours, theirs)| ours.conflicts(theirs)) {
                return true;
            }
        }
        let Some(wanted) = wanted else { return false };
        // What the mirror knows to stand: the clinic's visits, and this database's bookings.
        (0..).zip(&self.world.calendar).any(|(id, event)| {
            let known = match self.case.act_of(id) {
                None => usize::from(id) < self.case.standing.len(),
                Some(act) => {
                    let mut desks = (0..).zip(&self.case.desks);
                    let by = desks.find(|(_, desk)| desk.script.contains(&act));
                    by.is_some_and(|(desk, _)| desk != self.desk && database(desk) == here)
                }
            };
            known
                && event.status == Status::Confirmed
                && of != Some(id)
                && wanted.conflicts(self.case.shape(id, event.at))
        })
    }

    /// The answer to a write of the booking.
    pub fn booked(&mut self, at: At, answer: Answer) {
        match (at, answer) {
            (At::Claiming, Answer::Done(etag)) if self.case.lacks(Mutant::NoVerify) => {
                self.to(At::Confirming { etag });
            }
            (At::Claiming, Answer::Done(etag)) | (At::Expiring { etag, .. }, _) => {
                self.to(At::Verifying { etag });
            }
            (At::Confirming { .. }, Answer::Done(_)) => self.stands(),
            (At::Withdrawing { taken, .. }, Answer::Done(_) | Answer::Gone) => {
                self.withdrawn(taken);
            }
            (At::Withdrawing { taken, .. }, _) => self.to(At::Rereading { taken }),
            (_, _) => self.to(At::Reading),
        }
    }

    /// The table of our own event as read.
    pub fn table(&mut self) {
        let event = self.own_event();
        let etag = event.etag;
        match event.status {
            Status::Absent if self.case.lacks(Mutant::AbsentIsLookedAtFirst) => {
                self.to(At::Checking);
            }
            Status::Absent => self.to(At::Claiming),
            Status::Tentative if self.case.lacks(Mutant::NoVerify) => {
                self.to(At::Confirming { etag });
            }
            Status::Tentative => self.to(At::Verifying { etag }),
            Status::Confirmed if self.shared() => self.to(At::Verifying { etag }),
            Status::Confirmed => self.stands(),
            Status::Cancelled => self.next_attempt(),
        }
    }

    /// Our event stands confirmed: "Booked" is left to say, or the placeholder is ours.
    fn stands(&mut self) {
        if self.moves() {
            self.decide(At::Holding);
        } else {
            self.to(At::Committing);
        }
    }

    pub fn list_booking(&mut self, at: At, list: &Calendar, over: Option<Id>) {
        let Some(looker) = self.looker() else { return };
        let verdict = judge(self.case, looker, list, over);
        match at {
            At::Checking if verdict.taken => self.settle_as(Said::Lost),
            At::Checking => self.to(At::Claiming),
            At::Verifying { etag } => {
                let shown = list[usize::from(looker.own)].status;
                let expected = if self.shared() {
                    Status::Confirmed
                } else {
                    Status::Tentative
                };
                let required = !self.case.lacks(Mutant::OwnClaimNotRequired);
                if shown != expected && (required || shown != Status::Absent) {
                    // Stale, or the table's business: either way the event itself is read.
                    return self.to(At::Reading);
                }
                if self.shared() {
                    self.verified_shared(etag, verdict);
                } else {
                    self.verified(etag, verdict);
                }
            }
            At::LookingAgain => self.looked_again(verdict),
            _ => {}
        }
    }

    fn verified(&mut self, etag: u8, verdict: Verdict) {
        let waits = verdict.waits && !self.case.lacks(Mutant::TieBreakWithoutWaiting);
        if verdict.taken {
            self.decide_outcome(At::Withdrawing { etag, taken: true });
        } else if let Some((victim, version)) = verdict.over {
            self.to(At::Expiring {
                etag,
                victim,
                version,
            });
        } else if verdict.yields {
            self.decide_outcome(At::Withdrawing { etag, taken: false });
        } else if waits {
            // Waits, lists again.
        } else if self.moves() && self.case.lacks(Mutant::TentativePlaceholder) {
            self.decide(At::Holding);
        } else {
            self.to(At::Confirming { etag });
        }
    }

    fn verified_shared(&mut self, etag: u8, verdict: Verdict) {
        if verdict.free() {
            self.to(At::Committing);
        } else {
            self.decide_outcome(At::Withdrawing { etag, taken: true });
        }
    }

    /// After a stale delete.
    pub fn reread(&mut self, taken: bool) {
        let event = self.own_event();
        let etag = event.etag;
        let again = At::Withdrawing { etag, taken };
        match event.status {
            Status::Absent | Status::Cancelled => self.withdrawn(taken),
            Status::Tentative => self.decide_outcome(again),
            Status::Confirmed if self.case.lacks(Mutant::DeleteConfirmedAfter412) => {
                self.decide_outcome(again);
            }
            // It was inserted confirmed: that it is so still says nothing.
            Status::Confirmed if self.shared() && !self.case.lacks(Mutant::SharedKeepsAfter412) => {
                self.decide_outcome(again);
            }
            // Our late confirm landed.
            Status::Confirmed => self.stands(),
        }
    }

    fn withdrawn(&mut self, taken: bool) {
        if taken {
            self.settle_as(Said::Lost);
        } else {
            self.next_attempt();
        }
    }

    fn next_attempt(&mut self) {
        if self.desk().attempt + 1 < self.case.attempts {
            self.decide(At::LookingAgain);
        } else {
            self.settle_as(Said::Lost);
        }
    }

    fn looked_again(&mut self, verdict: Verdict) {
        if verdict.taken {
            self.settle_as(Said::Lost);
        } else if !verdict.yields && !verdict.waits {
            self.world.desks[self.desk].attempt += 1;
            self.decide(At::Reading);
            self.to(At::Claiming);
        }
    }
}
