//! What the screens ask of the outside. The runtime carries it out and answers with reports.

use crate::domain::id::DoctorId;
use crate::port::command::Command;
use crate::port::query::Query;
use crate::port::report::Topic;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something to be done outside of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Answer this question; a newer one of the same topic makes it void.
    Ask {
        /// What supersedes what.
        topic: Topic,
        /// Its number; goes into the answer.
        question: u64,
        /// The question.
        query: Query,
    },
    /// Carry this out; never dropped.
    Do {
        /// Its number; goes into progress and result.
        ticket: u64,
        /// The act.
        command: Command,
    },
    /// These calendars are on the screen now: keep them fresh.
    Look {
        /// Whose.
        doctors: Vec<DoctorId>,
        /// First day shown.
        from: NaiveDate,
        /// How many days.
        days: u16,
    },
    /// Put this text on the clipboard.
    Copy(String),
    /// Leave.
    Quit,
}
