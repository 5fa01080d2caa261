//! A desk of the model: where it is in its act, what its journal says, and what it said. Decides nothing.

use crate::calendar::{Event, Id};

/// Where a desk is. What it waits for is one write, one read, or one list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum At {
    /// Between two acts.
    #[default]
    Idle,

    /// Pre-check, a list.
    Checking,
    /// Insert.
    Claiming,
    /// Read of its own event, then the table.
    Reading,
    /// List, with the etag from before it.
    Verifying {
        etag: u8,
    },
    /// Delete of a claim whose lease was judged over.
    Expiring {
        etag: u8,
        victim: Id,
        version: u8,
    },
    /// PATCH of the status.
    Confirming {
        etag: u8,
    },
    /// Delete of its own event.
    Withdrawing {
        etag: u8,
        taken: bool,
    },
    /// Read, after a stale delete.
    Rereading {
        taken: bool,
    },
    /// List: are the others' claims gone?
    LookingAgain,
    /// The transaction after which it says "Booked".
    Committing,

    /// Read of its placeholder, before the PATCH of the original.
    Holding,
    /// PATCH of the original's times.
    Patching {
        etag: u8,
    },
    /// Read of the original; may the PATCH be repeated?
    ReadingOriginal {
        held: bool,
    },
    /// List: is the move shown?
    AwaitingShown,
    /// Read of its placeholder, before it goes.
    ReadingPlaceholder,
    /// Delete of the placeholder.
    Releasing {
        etag: u8,
    },
    /// List: the placeholder was gone; is anybody there?
    Surveying,
    /// Shared database: list before the PATCH, and after it.
    LookingBefore,
    LookingAfter,

    /// Cancellation: delete under the etag, or read first.
    Removing {
        etag: u8,
    },
    ReadingVisit,
}

impl At {
    pub fn lists(self) -> bool {
        matches!(
            self,
            Self::Checking
                | Self::Verifying { .. }
                | Self::LookingAgain
                | Self::AwaitingShown
                | Self::Surveying
                | Self::LookingBefore
                | Self::LookingAfter
        )
    }
}

/// What was said of an act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Said {
    #[default]
    Nothing,
    Booked,
    Moved,
    Cancelled,
    /// Slot taken, or changed elsewhere.
    Lost,
    /// Somebody else changed it: a person is asked.
    Asked,
    /// In the repair pane.
    Repair,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Desk {
    /// Place in its script.
    pub turn: u8,
    pub at: At,
    /// Where it goes on after a crash.
    pub journal: At,
    /// Attempt, journalled.
    pub attempt: u8,
    /// The event to be moved or called off, as journalled at the beginning.
    pub base: Event,
    /// Crashes and late requests that are left to it.
    pub crashes: u8,
    pub delays: u8,
}
