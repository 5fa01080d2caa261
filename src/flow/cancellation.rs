//! Calls a visit off.

use crate::domain::id::EventId;
use serde::{Deserialize, Serialize};

/// A cancellation and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The event to remove.
    pub event: EventId,
}
