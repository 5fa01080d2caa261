//! What may be asked, and the answers: plain views for screens and command line.

use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, AuditId, CustomerId, DoctorId};
use crate::domain::service::Service;
use crate::domain::time::{Interval, Moment};
use crate::domain::why::{CalendarEntry, Held, Why};
use crate::flow::operation::Cause;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::command::Length;
use super::notices::Notice;

pub use crate::flow::repair::{GoogleEvent, GoogleSide, RepairAction};

/// A question. All are answered from the mirror, never by waiting for Google.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// Doctors with next free slot and readings, services, counts.
    Overview,
    /// The grid: days from a date for these doctors (all active ones: empty), doctors outer.
    Sheets {
        /// Whose.
        doctors: Vec<DoctorId>,
        /// First day, in the clinic's zone.
        from: NaiveDate,
        /// How many, 1 to 31.
        days: u16,
    },
    /// Visits per day of a month, for these doctors (all: empty).
    Month {
        /// Any day of the month.
        month: NaiveDate,
        /// Whose.
        doctors: Vec<DoctorId>,
    },
    /// People by name, phone or birth date; the best first. Empty text: those seen last.
    Customers {
        /// As typed.
        text: String,
        /// At most so many.
        limit: usize,
    },
    /// One person with their visits, newest first.
    Customer(CustomerId),
    /// One appointment with its timeline.
    Appointment(AppointmentId),
    /// Visits whose person matches the text, coming ones first.
    FindVisits {
        /// As typed.
        text: String,
        /// At most so many.
        limit: usize,
    },
    /// Free slots of these doctors (all: empty) from a moment on.
    Slots {
        /// Whose.
        doctors: Vec<DoctorId>,
        /// Not before.
        from: Moment,
        /// First day.
        date: NaiveDate,
        /// How many days, 1 to 60.
        days: u16,
        /// What for; the doctor's slot length where none is given.
        length: Option<Length>,
        /// At most so many.
        limit: usize,
    },
    /// Visits of a day that stand (pending or confirmed), in order of time, for a doctor or all.
    Agenda {
        /// Whose; none: all.
        doctor: Option<DoctorId>,
        /// The day.
        date: NaiveDate,
    },
    /// Everything that is pending or in repair.
    Repairs,
    /// What whoever asks is told in the inbox, the newest first.
    Notices {
        /// Only what they have not read.
        unread_only: bool,
        /// At most so many.
        limit: usize,
    },
    /// What keeps a visit from being booked at a time.
    Why {
        /// With whom.
        doctor: DoctorId,
        /// When it would start.
        start: Moment,
        /// What for; the doctor's slot length where none is given.
        length: Option<Length>,
    },
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Query::Overview`].
    Overview(Overview),
    /// To [`Query::Sheets`].
    Sheets(Vec<Sheet>),
    /// To [`Query::Month`]: the days that have visits, with their number.
    Month(Vec<(NaiveDate, u32)>),
    /// To [`Query::Customers`].
    Customers(Vec<CustomerHit>),
    /// To [`Query::Customer`].
    Customer(CustomerCard),
    /// To [`Query::Appointment`].
    Appointment(Box<AppointmentCard>),
    /// To [`Query::FindVisits`] and [`Query::Agenda`].
    Visits(Vec<Appointment>),
    /// To [`Query::Slots`], in order of time.
    Slots(Vec<FreeSlot>),
    /// To [`Query::Repairs`].
    Repairs(Vec<RepairItem>),
    /// To [`Query::Notices`].
    Notices(Vec<Notice>),
    /// To [`Query::Why`], what tells most first; nothing: the time is free.
    Why(Vec<Obstacle>),
}

/// What is always in view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Active doctors in order of name.
    pub doctors: Vec<DoctorLine>,
    /// Active services in order of name.
    pub services: Vec<Service>,
    /// What is not in step.
    pub counts: Counts,
    /// Notices that whoever asks has not read.
    pub unread: u32,
    /// The last act that can still be undone, with what it was in words.
    pub undoable: Option<(AuditId, String)>,
    /// Requests to Google.
    pub requests: Requests,
}

/// Requests to Google in the last minute, by all programs on the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Made.
    pub used: u32,
    /// Allowed by the clinic's configuration.
    pub most: u32,
}

impl Requests {
    /// Whether more than four fifths are used up.
    pub fn nearly_used(&self) -> bool {
        u64::from(self.used) * 5 > u64::from(self.most) * 4
    }
}

/// A doctor in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorLine {
    /// Who.
    pub doctor: Doctor,
    /// Today's reading of the calendar.
    pub reading: Reading,
    /// The next slot of the doctor's slot length; none: none in sight, or not known.
    pub next_free: Option<Interval>,
    /// Visits today.
    pub visits_today: u32,
}

/// What is not in step with Google.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The program will go on trying.
    pub pending: u32,
    /// A person must choose.
    pub repair: u32,
}

/// How well a stretch of a calendar is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// Read lately.
    Live {
        /// When.
        at: Moment,
    },
    /// Read, but some time ago.
    Stale {
        /// When.
        at: Moment,
        /// Why it could not be read since.
        error: Option<String>,
    },
    /// Never read, or the last answer was that it cannot be read: not free.
    Unknown {
        /// Since when it fails so, and how, in words.
        error: Option<(Moment, String)>,
    },
}

/// A day of a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Whose.
    pub doctor_id: DoctorId,
    /// Which day.
    pub date: NaiveDate,
    /// How well the calendar is known for that day.
    pub reading: Reading,
    /// Hours, in order.
    pub open: Vec<Interval>,
    /// Taken by something that is none of the visits, in order: in the calendar, or held for a visit on the
    /// move.
    pub busy: Vec<Interval>,
    /// Our visits that take time, in order of start.
    pub visits: Vec<Appointment>,
    /// What is known to be in the calendar besides the visits, by start: what takes the time that is busy, and
    /// what is of whole days and marked free. Their times are whole, also where they reach beyond the day.
    pub events: Vec<CalendarEntry>,
    /// Times held for visits on the move, by start.
    pub held: Vec<Held>,
}

/// Something that stands in the way of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// What.
    pub why: Why,
    /// The same in one or two sentences.
    pub sentence: String,
}

/// A person found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerHit {
    /// Who.
    pub customer: Customer,
    /// Last visit before now, with the doctor's name.
    pub last_visit: Option<(Moment, String)>,
    /// Next visit, with the doctor's name.
    pub next_visit: Option<(Moment, String)>,
}

/// A person in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCard {
    /// Who.
    pub customer: Customer,
    /// Their visits, newest first, at most 100.
    pub visits: Vec<Appointment>,
}

/// An appointment in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentCard {
    /// The appointment.
    pub appointment: Appointment,
    /// The person.
    pub customer: Option<Customer>,
    /// What has happened to it, newest first.
    pub timeline: Vec<Entry>,
    /// What is not in step about it.
    pub repair: Option<RepairItem>,
    /// Nothing of what is under way was ever sent: it can still be changed or dropped here.
    pub unsent: bool,
}

/// A row of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// What, in words.
    pub what: String,
}

/// A free slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeSlot {
    /// Whose.
    pub doctor_id: DoctorId,
    /// When.
    pub slot: Interval,
}

/// Something that is not in step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairItem {
    /// The appointment.
    pub appointment: Appointment,
    /// `booking`, `cancellation`, `move` or `clearance`; none once the operation has ended.
    pub operation: Option<String>,
    /// Pending or in repair.
    pub state: SyncState,
    /// Why a person must choose; none while pending.
    pub cause: Option<Cause>,
    /// A sentence: what happened and what it means.
    pub sentence: String,
    /// Since when.
    pub since: Moment,
    /// Last error in words.
    pub last_error: Option<String>,
    /// When the program tries next.
    pub next_try: Option<Moment>,
    /// What Google has of it; none: nothing was read of it.
    pub google: Option<GoogleSide>,
    /// The time that was booked, where the visit stands at another by now.
    pub former: Option<Interval>,
    /// The title that we give its event.
    pub title: String,
    /// What can be done, the most likely first.
    pub actions: Vec<RepairAction>,
}
