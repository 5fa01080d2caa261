//! Our record of a visit.

use super::id::{AppointmentId, CalendarId, CustomerId, DoctorId, Etag, EventId, ServiceId};
use super::service::Buffers;
use super::time::{Interval, Moment};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Where a visit stands between the desk and the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Intended; Google has not confirmed it.
    Pending,
    /// In the calendar and in the database.
    Confirmed,
    /// Called off; kept for history.
    Cancelled,
    /// It lost its slot before it was ever confirmed.
    Refused,
}

/// Whether the database and Google agree about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Both say the same.
    Synced,
    /// The program will send what is missing.
    SyncPending,
    /// A person must choose.
    NeedsRepair,
}

/// Where a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Booked at this database's desks.
    Desk,
    /// Met in the calendar: an event of another desk of this clinic.
    Adopted,
    /// Part of the demo clinic.
    Demo,
}

/// A visit that was booked, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The identity.
    pub appointment_id: AppointmentId,
    /// Who comes.
    pub customer_id: CustomerId,
    /// The name at the time of booking.
    pub customer_name: String,
    /// Who is booked.
    pub doctor_id: DoctorId,
    /// The name at the time of booking.
    pub doctor_name: String,
    /// The calendar that the event is in.
    pub google_calendar_id: CalendarId,
    /// The event; none before the first attempt was sent.
    pub google_event_id: Option<EventId>,
    /// The version of the event that we last saw.
    pub etag: Option<Etag>,
    /// What for; none when only a length was chosen.
    pub service_id: Option<ServiceId>,
    /// The name at the time of booking; empty without a service.
    pub service_name: String,
    /// When.
    pub visit: Interval,
    /// What is kept free around it.
    pub buffers: Buffers,
    /// The zone it was booked in.
    pub zone: Tz,
    /// Where it stands.
    pub status: Status,
    /// Whether Google agrees.
    pub sync_state: SyncState,
    /// Where it came from.
    pub source: Source,
    /// Why the person comes; may be empty. Goes to Google only with `detail = "full"`.
    pub reason: String,
    /// How often its event has been changed by us.
    pub rev: u32,
    /// How many events were tried for it.
    pub attempt: u32,
    /// When and by whom it was recorded.
    pub created_at: Moment,
    /// Name of the actor.
    pub created_by: String,
    /// When it was called off.
    pub cancelled_at: Option<Moment>,
    /// Why it was called off.
    pub cancellation_reason: Option<String>,
}

impl Appointment {
    /// The visit and its buffers.
    pub fn blocked(&self) -> Interval {
        self.buffers.around(self.visit)
    }

    /// Whether it takes its doctor's time: everything but what was called off or refused.
    pub fn takes_time(&self) -> bool {
        matches!(self.status, Status::Pending | Status::Confirmed)
    }
}
