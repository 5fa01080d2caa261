//! What the lanes must know of the clinic: values that the configuration brings.

use crate::domain::id::{ClinicId, DeskId};
use crate::flow::booking::Protocol;
use crate::flow::wording::Wording;
use chrono::Duration;
use chrono_tz::Tz;

/// Settings of one running program; read once at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The clinic, equal at all its desks.
    pub clinic: ClinicId,
    /// Its name.
    pub clinic_name: String,
    /// Its zone: days and times are meant in it.
    pub zone: Tz,
    /// This running program; leases and undo are by it.
    pub desk: DeskId,
    /// How desks are kept apart.
    pub protocol: Protocol,
    /// What events say.
    pub wording: Wording,
    /// A reading older than this is stale.
    pub stale_after: Duration,
    /// What is on screen is read this often.
    pub refresh_every: Duration,
    /// Other calendars are read this often.
    pub sync_every: Duration,
    /// Events are read from this many days ago on.
    pub past_days: u16,
    /// Whether titles of people's entries are kept and shown.
    pub show_titles: bool,
    /// If more than so many hundredths of a calendar's coming visits are gone or moved at once, nothing is
    /// applied until an admin looks.
    pub brake_percent: u32,
    /// Free time is known this many days ahead, at most 30.
    pub horizon_days: u16,
    /// So many requests to Google may be made in a minute, by all programs on the database together.
    pub requests_per_minute: u32,
    /// How long somebody at the desk waits for Google before a booking is put off.
    pub patience: Duration,
}

/// However long Google asks to wait, it is asked again after this: a clock that is set right meanwhile
/// must not make it a day.
pub(super) const MOST_PAUSE: std::time::Duration = std::time::Duration::from_mins(30);

/// How long a desk holds an operation; a program that dies frees it by then. It is prolonged before each
/// call, so it must outlast one call (10 s) and the question whether the calendar still answers.
pub(super) fn lease() -> Duration {
    Duration::seconds(25)
}

/// How long an act can be undone.
pub(super) fn undo_window() -> Duration {
    Duration::minutes(10)
}
