//! What a run of the model is about: who wants what, how much may go wrong, and which rule is left out.

use crate::calendar::{Calendar, EVENTS, Event, Id, Status};

/// The protocol's constant by which every list is widened, in cells. No buffer is longer.
pub const WIDENED: i8 = 1;

/// Where a visit is and what it keeps free around it, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub at: i8,
    pub len: i8,
    pub before: i8,
    pub after: i8,
}

/// A visit of some cells without buffers.
pub const fn visit(at: i8, len: i8) -> Shape {
    Shape {
        at,
        len,
        before: 0,
        after: 0,
    }
}

impl Shape {
    pub fn to(self, at: i8) -> Self {
        Self { at, ..self }
    }

    pub fn buffered(self, before: i8, after: i8) -> Self {
        Self {
            before,
            after,
            ..self
        }
    }

    fn meets(from: i8, to: i8, start: i8, end: i8) -> bool {
        from < end && start < to
    }

    /// Whether one's visit meets the other's blocked interval.
    pub fn conflicts(self, other: Self) -> bool {
        let (a, b) = (self, other);
        Self::meets(a.at, a.at + a.len, b.at - b.before, b.at + b.len + b.after)
            || Self::meets(b.at, b.at + b.len, a.at - a.before, a.at + a.len + a.after)
    }

    /// Whether a list around this visit shows the other one: lists go by the times of the event.
    pub fn lists(self, other: Self, widened: i8) -> bool {
        Self::meets(
            self.at - self.before - widened,
            self.at + self.len + self.after + widened,
            other.at,
            other.at + other.len,
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Book(Shape),
    /// Move a visit that stood from the start so that it begins at this cell.
    Move(Id, i8),
    /// Call such a visit off.
    Cancel(Id),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Claim, verify, confirm.
    Full,
    /// Every writer shares one database.
    Shared,
    /// Begun as if shared, taken up again after a crash as if not.
    SharedThenFull,
}

#[derive(Clone, Debug)]
pub struct Desk {
    /// Desks of one database know each other's reservations.
    pub database: u8,
    pub mode: Mode,
    /// What it does, one after the other; indices of [`Case::acts`].
    pub script: Vec<u8>,
}

/// A rule that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    NoVerify,
    ConfirmWithoutIfMatch,
    MoveWithoutIfMatch,
    TieBreakWithoutWaiting,
    DeleteConfirmedAfter412,
    OutcomeNotJournalled,
    TentativePlaceholder,
    NoRev,
    NotWidened,
    OwnClaimNotRequired,
    /// Own event absent: look whether the time is free, and give up if not, instead of repeating the insert.
    AbsentIsLookedAtFirst,
    /// A desk gone for good: its placeholder is removed without touching the original first.
    RepairWithoutRev,
    /// A placeholder found gone does not keep the desk from the move.
    MoveWithoutPlaceholder,
    /// The placeholder goes at once, not when a list shows the move.
    ReleasedUnseen,
    /// A tentative placeholder is waited for by all and never judged over: others' claims give way to ids only.
    PlaceholderNeverYields,
    /// In the shared database, a stale delete that reads "confirmed" is taken for a late confirm.
    SharedKeepsAfter412,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub name: &'static str,
    /// Visits that stand from the start, each with an id from 0.
    pub standing: Vec<Shape>,
    /// The acts, in the order of their ids: of two claims the earlier act's wins.
    pub acts: Vec<Act>,
    pub desks: Vec<Desk>,
    /// Events tried for one act.
    pub attempts: u8,
    /// Crashes of each desk.
    pub crashes: u8,
    /// Requests of each desk that time out and land late.
    pub delays: u8,
    /// Claims and placeholders may be judged over at will.
    pub leases: bool,
    /// Edits of a title by a person.
    pub touches: u8,
    /// An entry that a person adds at any time.
    pub entry: Option<Shape>,
    /// Placeholders that a person clears in the repair pane, thinking the desk gone.
    pub repairs: u8,
    /// A list may show the calendar as it was this many writes ago.
    pub lag: usize,
    pub mutant: Option<Mutant>,
}

impl Case {
    /// Each desk carries out one act under the full protocol, with a database of its own.
    pub fn of(name: &'static str, standing: &[Shape], acts: &[Act]) -> Self {
        let desks = (0u8..).take(acts.len()).map(|i| Desk {
            database: i,
            mode: Mode::Full,
            script: vec![i],
        });
        Self {
            name,
            standing: standing.to_vec(),
            acts: acts.to_vec(),
            desks: desks.collect(),
            attempts: 2,
            crashes: 2,
            delays: 1,
            leases: true,
            touches: 0,
            entry: None,
            repairs: 0,
            lag: 0,
            mutant: None,
        }
    }

    /// All desks share one database.
    pub fn shared(mut self) -> Self {
        for desk in &mut self.desks {
            desk.database = 0;
            desk.mode = Mode::Shared;
        }
        self
    }

    pub fn mutated(mut self, mutant: Mutant) -> Self {
        self.mutant = Some(mutant);
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn lacks(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    fn first_claim(&self) -> usize {
        self.standing.len()
    }

    /// The event of an attempt (from 0) of an act.
    pub fn event(&self, act: u8, attempt: u8) -> Id {
        let id = self.first_claim() + usize::from(act * self.attempts + attempt);
        Id::try_from(id).unwrap()
    }

    /// The place of the person's entry.
    pub fn entry_id(&self) -> Option<Id> {
        let id = self.first_claim() + self.acts.len() * usize::from(self.attempts);
        self.entry.map(|_| Id::try_from(id).unwrap())
    }

    /// The act an event belongs to.
    pub fn act_of(&self, id: Id) -> Option<u8> {
        let past = usize::from(id).checked_sub(self.first_claim())?;
        let act = u8::try_from(past).unwrap() / self.attempts;
        (usize::from(act) < self.acts.len()).then_some(act)
    }

    pub fn is_placeholder(&self, id: Id) -> bool {
        let act = self.act_of(id).map(|act| self.acts[usize::from(act)]);
        matches!(act, Some(Act::Move(..)))
    }

    /// Times and buffers of what stands under an id, when it begins at a cell.
    pub fn shape(&self, id: Id, at: i8) -> Shape {
        let known = match self.act_of(id) {
            Some(act) => self.wanted(act),
            None => self.standing.get(usize::from(id)).copied().or(self.entry),
        };
        known.unwrap().to(at)
    }

    /// What an act wants to hold; nothing for a cancellation.
    pub fn wanted(&self, act: u8) -> Option<Shape> {
        match self.acts[usize::from(act)] {
            Act::Book(shape) => Some(shape),
            Act::Move(of, to) => Some(self.standing[usize::from(of)].to(to)),
            Act::Cancel(_) => None,
        }
    }

    pub fn begins_with(&self) -> Calendar {
        let mut calendar = Calendar::default();
        for (event, shape) in calendar.iter_mut().zip(&self.standing) {
            *event = Event {
                status: Status::Confirmed,
                etag: 1,
                at: shape.at,
                ..Event::default()
            };
        }
        let last = self.event(0, 0) + u8::try_from(self.acts.len()).unwrap() * self.attempts;
        assert!(
            usize::from(last) + usize::from(self.entry.is_some()) <= EVENTS,
            "more events than the model has room for"
        );
        calendar
    }
}
