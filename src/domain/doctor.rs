//! Who is booked.

use super::id::{CalendarId, DoctorId};
use super::schedule::WeeklyHours;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// What kind of provider somebody is; for labels only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A doctor.
    #[default]
    Doctor,
    /// A consultant.
    Consultant,
    /// A trainer.
    Trainer,
    /// A therapist.
    Therapist,
}

/// A provider with a calendar of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    /// The identity.
    pub doctor_id: DoctorId,
    /// The name as the desk says it.
    pub doctor_name: String,
    /// The calendar that is the truth about this doctor's time.
    pub google_calendar_id: CalendarId,
    /// Field of work; may be empty.
    pub specialty: String,
    /// What kind of provider.
    pub kind: Kind,
    /// The zone that the hours are meant in.
    pub zone: Tz,
    /// When visits are offered.
    pub hours: WeeklyHours,
    /// Slots start every so many minutes.
    pub slot_minutes: u16,
    /// Whether visits can be booked.
    pub active: bool,
}
