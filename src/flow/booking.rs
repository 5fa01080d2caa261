//! Books a visit.

use crate::domain::event::EventDraft;
use serde::{Deserialize, Serialize};

/// A booking and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What is written to the calendar, with the id of the current attempt.
    pub draft: EventDraft,
}
