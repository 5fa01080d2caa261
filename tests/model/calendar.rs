//! The calendar of the model: events, and what a request does to them. Knows nothing of desks.
//!
//! An id that was ever used stays used; a write under an etag does nothing unless it is the event's
//! current one; a confirm without an etag revives what was deleted, as a plain PATCH of the status may.

use std::hash::{Hash, Hasher};

/// Events at most in a case.
pub const EVENTS: usize = 10;

/// Place of an event in the calendar. Of two claims the lower one wins.
pub type Id = u8;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    #[default]
    Absent,
    Tentative,
    Confirmed,
    Cancelled,
}

/// What can change of an event. Length, buffers and kind are the case's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    pub status: Status,
    pub etag: u8,
    /// First cell of the visit.
    pub at: i8,
    /// How often the program moved it.
    pub rev: u8,
    /// The operation that moved it last, counted from 1.
    pub op: u8,
}

/// In one piece: hashing is most of what a run costs.
impl Hash for Event {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [at] = self.at.to_be_bytes();
        let bytes = [self.status as u8, self.etag, at, self.rev, self.op, 0, 0, 0];
        state.write_u64(u64::from_be_bytes(bytes));
    }
}

impl Event {
    pub fn live(self) -> bool {
        matches!(self.status, Status::Tentative | Status::Confirmed)
    }
}

pub type Calendar = [Event; EVENTS];

/// A write on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Request {
    Insert {
        id: Id,
        at: i8,
        status: Status,
    },
    Confirm {
        id: Id,
        etag: Option<u8>,
    },
    /// `of_own_accord`: not because somebody called the visit off.
    Delete {
        id: Id,
        etag: u8,
        of_own_accord: bool,
    },
    Move {
        id: Id,
        etag: Option<u8>,
        at: i8,
        rev: u8,
        op: u8,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done; the event's etag now.
    Done(u8),
    /// 409
    Exists,
    /// 412
    Stale,
    /// 404 or 410
    Gone,
}

impl Request {
    pub fn id(self) -> Id {
        match self {
            Self::Insert { id, .. }
            | Self::Confirm { id, .. }
            | Self::Delete { id, .. }
            | Self::Move { id, .. } => id,
        }
    }

    /// What the calendar does with it.
    pub fn apply(self, calendar: &mut Calendar) -> Answer {
        let event = &mut calendar[usize::from(self.id())];
        let (etag, revives) = match self {
            Self::Insert { at, status, .. } => {
                if event.status != Status::Absent {
                    return Answer::Exists;
                }
                *event = Event {
                    status,
                    at,
                    etag: 1,
                    ..Event::default()
                };
                return Answer::Done(1);
            }
            Self::Confirm { etag, .. } => (etag, etag.is_none()),
            Self::Delete { etag, .. } => (Some(etag), false),
            Self::Move { etag, .. } => (etag, false),
        };
        if event.status == Status::Absent || (!event.live() && !revives) {
            return Answer::Gone;
        }
        if etag.is_some_and(|etag| etag != event.etag) {
            return Answer::Stale;
        }
        match self {
            Self::Insert { .. } => {}
            Self::Confirm { .. } => event.status = Status::Confirmed,
            Self::Delete { .. } => event.status = Status::Cancelled,
            Self::Move { at, rev, op, .. } => {
                event.at = at;
                event.rev = rev;
                event.op = op;
            }
        }
        event.etag += 1;
        Answer::Done(event.etag)
    }
}
