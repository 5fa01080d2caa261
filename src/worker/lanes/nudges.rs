//! Where it is said that a calendar has changed.

use super::Stir;
use crate::domain::id::CalendarId;
use std::fmt;
use std::sync::Arc;

/// Where to say that a calendar has changed.
#[derive(Clone)]
pub struct Nudges(pub(super) Arc<Stir>);

impl Nudges {
    /// The calendar has changed: what is new in it is read at once.
    pub fn nudge(&self, calendar: CalendarId) {
        self.0.nudge(calendar);
    }
}

impl fmt::Debug for Nudges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nudges")
    }
}
