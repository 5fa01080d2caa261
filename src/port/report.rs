//! What the lanes tell the screens.

use super::command::{Outcome, Refusal};
use super::query::Answer;
use crate::domain::skew::Skew;
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// An answer to a question; the newest question of a topic wins.
    Answered {
        /// The topic it was asked under.
        topic: Topic,
        /// The number of the question.
        question: u64,
        /// The answer.
        answer: Result<Box<Answer>, Refusal>,
    },
    /// A command has come so far.
    Progressed {
        /// The ticket it was given.
        ticket: u64,
        /// How far.
        step: Progress,
    },
    /// A command has ended.
    Done {
        /// The ticket it was given.
        ticket: u64,
        /// How.
        result: Result<Box<Outcome>, Refusal>,
    },
    /// The mirror has changed (a calendar was read, another program wrote, a retry settled): ask anew
    /// for what is shown.
    MirrorChanged,
    /// How the desk's clock stands to Google's, as of the last answer.
    Clock {
        /// None: they agree.
        off: Option<Skew>,
    },
    /// Google answered, or did not, at the moment.
    Link {
        /// When.
        at: Moment,
        /// None: live. Otherwise why not, in words.
        error: Option<String>,
    },
}

/// Questions of one topic supersede each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// Doctors, services, next free slots, counts.
    Overview,
    /// The grid.
    Sheets,
    /// The mini month.
    Month,
    /// Customer search.
    Customers,
    /// The selected appointment in full.
    Detail,
    /// The repair pane.
    Repairs,
    /// The history of what is selected in the repair pane.
    History,
    /// Free slots across doctors (`f`, `F`).
    Slots,
    /// Search of visits (`/`).
    Find,
    /// The inbox.
    Inbox,
    /// The visit that a notice is about.
    Noticed,
}

/// How far a booking, a move or a cancellation has come, in the words of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// The intent is in the journal.
    Recorded,
    /// Asking free/busy.
    Checking,
    /// Our claim is in the calendar.
    Claimed,
    /// No one else has the slot.
    Verified,
    /// Waiting for another desk's claim.
    Waiting,
    /// Google has confirmed the event.
    Confirmed,
    /// The new time of a visit is held.
    Held,
    /// The visit's event has its new time.
    Moved,
    /// Taking our claim back.
    Withdrawing,
    /// Removing the event.
    Removing,
    /// So many of so many are done.
    Counted {
        /// Done.
        done: u32,
        /// Of how many.
        of: u32,
    },
}

impl Progress {
    /// So many of so many.
    pub fn counted(done: usize, of: usize) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self::Counted {
            done: number(done),
            of: number(of),
        }
    }
}
