//! What may be asked to be done, by whom, and how it can end.

use super::notices::ReadWhich;
use super::sync::{CalendarSync, Difference, SyncAct};
use crate::domain::appointment::Appointment;
use crate::domain::customer::{Customer, NewCustomer};
use crate::domain::doctor::{Doctor, Kind};
use crate::domain::id::{AppointmentId, AuditId, CalendarId, CustomerId, DoctorId, ServiceId};
use crate::domain::policy::{Act, Role};
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::{Buffers, Service};
use crate::domain::time::{Interval, Moment};
use crate::flow::repair::GoogleSide;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name that goes into the audit.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// An act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Take a doctor on.
    AddDoctor(NewDoctor),
    /// Change a doctor's weekly hours.
    SetHours(DoctorId, WeeklyHours),
    /// Offer a service.
    AddService(NewService),
    /// Record a customer.
    AddCustomer(NewCustomer),
    /// Book a visit.
    Book(Book),
    /// Call a visit off.
    Cancel {
        /// Which.
        appointment: AppointmentId,
        /// Why; never empty.
        reason: String,
    },
    /// Move a visit to another time of the same doctor; it keeps its length and its event.
    Move {
        /// Which.
        appointment: AppointmentId,
        /// When it is to start.
        start: Moment,
    },
    /// Send now what is pending, or begin again what is in repair.
    Retry(AppointmentId),
    /// The same for everything that is pending or in repair.
    RetryAll,
    /// In repair because a person moved the event: take Google's time as the visit's.
    AdoptTimes(AppointmentId),
    /// In repair because somebody deleted the event: put it back into the calendar.
    Recreate(AppointmentId),
    /// In repair because a person moved the event: move it back to the time that was booked.
    PutBack(AppointmentId),
    /// In repair: leave both as they are, with a reason for the audit.
    Ignore(AppointmentId, String),
    /// Read what Google has of the visit now, for somebody who is to choose about it. Changes nothing.
    LookInto(AppointmentId),
    /// Undo an act, for ten minutes: a new act like any other.
    Undo(AuditId),
    /// Read the calendars of these doctors (all: empty) now.
    Refresh(Vec<DoctorId>),
    /// Bring mirror and calendars together, or compare them.
    Sync(SyncAct),
    /// The doctor's visits are in this calendar from now on.
    SetCalendar(DoctorId, CalendarId),
    /// Whoever asks has read these notices.
    ReadNotices(ReadWhich),
}

impl Command {
    /// What the actor must be allowed to do.
    pub fn act(&self) -> Act {
        match self {
            Self::AddDoctor(_)
            | Self::SetHours(..)
            | Self::SetCalendar(..)
            | Self::AddService(_)
            | Self::Sync(SyncAct::Release(_)) => Act::KeepClinic,
            Self::AddCustomer(_) => Act::KeepCustomers,
            Self::Book(_) => Act::Book,
            Self::Move { .. } => Act::Move,
            Self::Cancel { .. } | Self::Undo(_) => Act::Cancel,
            Self::Retry(_)
            | Self::RetryAll
            | Self::AdoptTimes(_)
            | Self::Recreate(_)
            | Self::PutBack(_)
            | Self::Ignore(..)
            | Self::Sync(_) => Act::Repair,
            Self::Refresh(_) | Self::LookInto(_) | Self::ReadNotices(_) => Act::Read,
        }
    }
}

/// A doctor to take on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDoctor {
    /// The name, as typed.
    pub name: String,
    /// The calendar.
    pub calendar: CalendarId,
    /// Field of work, as typed; may be empty.
    pub specialty: String,
    /// What kind of provider.
    pub kind: Kind,
    /// Zone of the hours; the clinic's where none is given.
    pub zone: Option<Tz>,
}

/// A service to offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewService {
    /// The name, as typed.
    pub name: String,
    /// Length of a visit, 1 to 1440.
    pub minutes: u32,
    /// What is kept free around it.
    pub buffers: Buffers,
}

/// A visit to book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Who is booked.
    pub doctor: DoctorId,
    /// Who comes.
    pub customer: Who,
    /// When it starts.
    pub start: Moment,
    /// What for, or how long.
    pub length: Length,
    /// Why the person comes; may be empty.
    pub reason: String,
    /// What to do when the calendar does not answer the pre-check: record it provisionally (true), or
    /// refuse with [`Code::NoAnswer`] so that the desk can be asked (false).
    pub provisional: bool,
    /// The same key with the same parameters answers with the same appointment.
    pub key: Option<String>,
}

/// Who comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// Somebody we know.
    Known(CustomerId),
    /// Somebody to record with the booking, in the same transaction.
    New(NewCustomer),
}

/// How long a visit takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Length {
    /// As long as the service, with its buffers.
    Service(ServiceId),
    /// So many minutes, 1 to 1440, without buffers.
    Minutes(u32),
}

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The doctor stands.
    Doctor(Doctor),
    /// The service stands.
    Service(Service),
    /// The customer stands.
    Customer(Customer),
    /// In the calendar and committed: only now "Booked" is said.
    Booked(Appointment),
    /// Recorded; Google has not confirmed it, the program goes on trying.
    BookedProvisionally(Appointment),
    /// Out of the calendar and committed.
    Cancelled(Appointment),
    /// Recorded as called off; the event is still to be removed, the program goes on trying.
    CancelledProvisionally(Appointment),
    /// In the calendar at its new time and committed.
    Moved {
        /// As it stands now.
        appointment: Appointment,
        /// When it was before.
        from: Interval,
    },
    /// The move is recorded; Google has not confirmed it, the program goes on trying. Until then the visit
    /// stands where it was.
    MovedProvisionally {
        /// As it stands, at its old time.
        appointment: Appointment,
        /// When it is to be.
        to: Interval,
    },
    /// How each one that was tried again ended.
    Retried(Vec<Retried>),
    /// The repair item is settled.
    Repaired(Appointment),
    /// The repair item that had been ignored is open again.
    Reopened(Appointment),
    /// What Google has of the visit, and whether that is other than what was known.
    LookedInto {
        /// As it was read now.
        google: GoogleSide,
        /// Whether anything was news.
        news: bool,
    },
    /// A pass was made: what came in from each calendar, and how each pending change ended.
    Synced {
        /// By calendar.
        calendars: Vec<CalendarSync>,
        /// What was sent.
        sent: Vec<Retried>,
    },
    /// Mirror and calendars were compared.
    Checked {
        /// What differs.
        differences: Vec<Difference>,
        /// Calendars that could not be read, and why, in words.
        unread: Vec<(CalendarId, String)>,
    },
    /// The calendars were read: how many answered, and which did not.
    Refreshed {
        /// How many answered.
        live: usize,
        /// Name of the calendar and why it could not be read.
        unknown: Vec<(CalendarId, String)>,
    },
    /// So many notices were unread and are read now.
    NoticesRead(u32),
}

/// How one retry ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retried {
    /// The appointment as it stands now.
    pub appointment: Appointment,
    /// One sentence.
    pub message: String,
}

/// An act or a question that was refused; nothing was changed unless the code says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What kind of refusal.
    pub code: Code,
    /// What happened, what it means, what to do: plain sentences.
    pub message: String,
    /// The nearest free slots, where a slot was refused.
    pub nearest: Vec<Interval>,
}

impl Refusal {
    /// A refusal without other slots to offer.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            nearest: Vec::new(),
        }
    }
}

/// Kinds of refusal; each is an exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A defect or the machine: disk, database.
    Internal,
    /// The request itself is wrong.
    Usage,
    /// No such thing.
    NotFound,
    /// Taken, outside hours, or not known to be free.
    NotAvailable,
    /// A rule forbids it.
    Rule,
    /// Google did not answer; what was asked for is recorded and will be sent, or (a booking that was
    /// not to be provisional) was not recorded at all.
    NoAnswer,
    /// The Google account needs a sign-in.
    SignIn,
    /// The actor may not.
    NotPermitted,
}

impl Code {
    /// Exit code of the command line.
    pub fn exit(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotAvailable => 4,
            Self::Rule => 5,
            Self::NoAnswer => 6,
            Self::SignIn => 7,
            Self::NotPermitted => 8,
        }
    }
}
