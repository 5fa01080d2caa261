//! Moving and calling off as the design writes them. The placeholder is taken by the booking's steps.

use crate::calendar::{Answer, Calendar, Status};
use crate::case::Mutant;
use crate::desk::{At, Said};
use crate::look::{Looker, judge};
use crate::turn::Turn;

impl Turn<'_> {
    /// The placeholder as it stands, before the original is touched.
    pub fn hold(&mut self) {
        let placeholder = self.own_event();
        let held = placeholder.live() || self.case.lacks(Mutant::MoveWithoutPlaceholder);
        if held {
            let etag = self.desk().base.etag;
            self.to(At::Patching { etag });
        } else {
            self.to(At::ReadingOriginal { held: false });
        }
    }

    /// The answer to the PATCH, or to the placeholder's delete.
    pub fn rescheduled(&mut self, at: At, answer: Answer) {
        match (at, answer) {
            (At::Patching { .. }, Answer::Done(_)) => self.moved(),
            (At::Patching { .. }, _) => self.to(At::ReadingOriginal { held: true }),
            (_, Answer::Done(_)) => self.settle(),
            (_, Answer::Stale) => self.to(At::ReadingPlaceholder),
            (_, _) => self.to(At::Surveying),
        }
    }

    /// The original decides: ours, gone, as we knew it, or changed elsewhere.
    pub fn original_read(&mut self, held: bool) {
        let Some(original) = self.original() else {
            return;
        };
        let base = self.desk().base;
        let same_rev = original.rev == base.rev || self.case.lacks(Mutant::NoRev);
        if original.live() && original.op == self.act + 1 {
            self.moved();
        } else if !original.live() || !same_rev || original.at != base.at {
            self.not_moved();
        } else if held {
            let etag = original.etag;
            self.to(At::Patching { etag });
        } else {
            self.settle_as(Said::Repair);
        }
    }

    fn moved(&mut self) {
        if self.shared() {
            return self.decide(At::LookingAfter);
        }
        self.say(Said::Moved);
        self.decide_outcome(At::AwaitingShown);
        // Lists that never lag show it at once.
        if self.case.lag == 0 || self.case.lacks(Mutant::ReleasedUnseen) {
            self.to(At::ReadingPlaceholder);
        }
    }

    fn not_moved(&mut self) {
        if self.shared() {
            return self.settle_as(Said::Lost);
        }
        self.say(Said::Lost);
        self.decide_outcome(At::ReadingPlaceholder);
    }

    /// Does the list show the move, or what came after it?
    pub fn shown(&mut self, list: &Calendar) {
        let Some(of) = Turn::original_of(self.case, self.act) else {
            return;
        };
        let shown = &list[usize::from(of)];
        if !shown.live() || shown.rev > self.desk().base.rev {
            self.to(At::ReadingPlaceholder);
        }
    }

    pub fn placeholder_read(&mut self) {
        let placeholder = self.own_event();
        if placeholder.live() {
            let etag = placeholder.etag;
            self.to(At::Releasing { etag });
        } else {
            self.to(At::Surveying);
        }
    }

    /// The placeholder was found gone: does anything that stands meet the moved visit?
    pub fn survey(&mut self, list: &Calendar) {
        let moved = self.world.said[usize::from(self.act)] == Said::Moved;
        if moved && self.met_by_others(list) {
            self.say(Said::Repair);
        }
        self.settle();
    }

    fn met_by_others(&self, list: &Calendar) -> bool {
        let looker = self.looker();
        looker.is_some_and(|looker: Looker| judge(self.case, looker, list, None).taken)
    }

    /// In the shared database: list, PATCH, list.
    pub fn look_shared(&mut self, list: &Calendar) {
        let Some(looker) = self.looker() else { return };
        let free = judge(self.case, looker, list, None).free();
        match (self.desk().at, free) {
            (At::LookingBefore, true) => {
                let etag = self.desk().base.etag;
                self.decide(At::ReadingOriginal { held: true });
                self.to(At::Patching { etag });
            }
            (At::LookingBefore, false) => self.settle_as(Said::Lost),
            (_, true) => self.settle_as(Said::Moved),
            (_, false) => self.settle_as(Said::Repair),
        }
    }

    /// The answer to the delete of a visit that is called off.
    pub fn removed(&mut self, answer: Answer) {
        match answer {
            Answer::Done(_) | Answer::Gone => self.settle_as(Said::Cancelled),
            Answer::Stale | Answer::Exists => self.to(At::ReadingVisit),
        }
    }

    pub fn visit_read(&mut self) {
        let Some(visit) = self.original() else { return };
        let base = self.desk().base;
        let same_rev = visit.rev == base.rev || self.case.lacks(Mutant::NoRev);
        if visit.status == Status::Cancelled {
            self.settle_as(Said::Cancelled);
        } else if same_rev && visit.at == base.at {
            let etag = visit.etag;
            self.to(At::Removing { etag });
        } else {
            self.settle_as(Said::Asked);
        }
    }
}
