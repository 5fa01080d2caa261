//! Google's record: an event as the calendar shows it, and the mark by which we know our own.

use super::id::{
    AppointmentId, CalendarId, ClinicId, CustomerId, DatabaseId, DeskId, DoctorId, Etag, EventId,
    OperationId, ServiceId,
};
use super::service::Buffers;
use super::time::{Interval, Moment};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// How firmly an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It stands.
    Confirmed,
    /// A claim of ours, or a person's "perhaps".
    Tentative,
    /// A tombstone; only its id is sure.
    Cancelled,
}

/// What kind of entry Google says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// An ordinary one.
    #[default]
    Default,
    /// Out of office.
    OutOfOffice,
    /// Focus time.
    FocusTime,
    /// Where somebody works that day; never takes time.
    WorkingLocation,
    /// A birthday; never takes time.
    Birthday,
    /// Made from a mail.
    FromGmail,
}

/// When an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventTimes {
    /// From moment to moment.
    Timed(Interval),
    /// Whole days in the calendar's own zone; the last is not part of it.
    AllDay {
        /// First day.
        from: NaiveDate,
        /// The day after the last.
        until: NaiveDate,
    },
}

impl EventTimes {
    /// The stretch of time in a calendar whose zone is `zone`.
    pub fn interval(self, zone: Tz) -> Option<Interval> {
        match self {
            Self::Timed(interval) => Some(interval),
            Self::AllDay { from, until } => Interval::new(
                super::time::at_or_after(zone, from.and_time(chrono::NaiveTime::MIN)),
                super::time::at_or_after(zone, until.and_time(chrono::NaiveTime::MIN)),
            )
            .ok(),
        }
    }
}

/// The role of an event of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The visit itself.
    Appointment,
    /// Holds the new time while a visit is moved.
    Placeholder,
}

/// The private properties that make an event ours. Never holds a name, a phone or a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The visit itself or a placeholder.
    pub kind: MarkKind,
    /// Whose event: another clinic's counts as a person's.
    pub clinic: ClinicId,
    /// The database that knows the appointment.
    pub database: DatabaseId,
    /// The desk that wrote it.
    pub desk: DeskId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// The operation that wrote it last.
    pub operation: OperationId,
    /// Counts our changes of its times.
    pub rev: u32,
    /// Which attempt at the appointment.
    pub attempt: u32,
    /// Who is booked.
    pub doctor: DoctorId,
    /// What for.
    pub service: Option<ServiceId>,
    /// Who comes; left out with `detail = "opaque"`.
    pub customer: Option<CustomerId>,
    /// Their name, where the title says it anyway: what another database shows.
    pub name: Option<String>,
    /// What is kept free around it.
    pub buffers: Buffers,
    /// How long a claim lives, in seconds by Google's clock from `updated`.
    pub lease_seconds: u32,
}

/// An event as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its version; tombstones in lists may lack it.
    pub etag: Option<Etag>,
    /// How firmly it stands.
    pub status: EventStatus,
    /// When; tombstones may lack it.
    pub times: Option<EventTimes>,
    /// Marked free by its owner.
    pub transparent: bool,
    /// What kind of entry.
    pub kind: EventKind,
    /// The calendar's owner declined it.
    pub declined: bool,
    /// Title, sanitised; empty where Google hides it.
    pub summary: String,
    /// Last change by Google's clock.
    pub updated: Option<Moment>,
    /// Ours, if its private properties say so and can be read.
    pub mark: Option<Mark>,
}

/// What we ask Google to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDraft {
    /// The id we chose.
    pub id: EventId,
    /// The calendar.
    pub calendar: CalendarId,
    /// Tentative for a claim.
    pub status: EventStatus,
    /// Title.
    pub summary: String,
    /// Longer text; may be empty.
    pub description: String,
    /// When.
    pub visit: Interval,
    /// The zone to show it in.
    pub zone: Tz,
    /// Our mark.
    pub mark: Mark,
}

/// New times for an event of ours, and who gives them: `rev` and the operation are written with the
/// times, so that whoever reads the event knows whose change it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTimes {
    /// From when to when.
    pub visit: Interval,
    /// Zone in which the times are shown.
    pub zone: Tz,
    /// Count of our changes of its times, this one included.
    pub rev: u32,
    /// The operation that changes them.
    pub operation: OperationId,
}
