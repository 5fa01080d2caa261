//! The journal's unit: one intent against a calendar, with the point it can be taken up from.

use crate::domain::id::{AppointmentId, CalendarId, Etag, EventId, OperationId};
use crate::domain::time::{Interval, Moment};
use serde::{Deserialize, Serialize};

/// An intent that is being carried out, as the database keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its identity.
    pub operation_id: OperationId,
    /// The appointment it is about. One open operation an appointment.
    pub appointment_id: AppointmentId,
    /// The calendar it writes to.
    pub calendar: CalendarId,
    /// What it does and how far it has come: the recovery point, stored as JSON.
    pub flow: Flow,
    /// How often it was put off for want of an answer.
    pub tries: u32,
    /// Not to be taken up before this moment.
    pub next_try_at: Option<Moment>,
    /// What went wrong last, in words.
    pub last_error: Option<String>,
    /// When it was intended.
    pub created_at: Moment,
}

/// What an operation does, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Books a visit.
    Booking(Box<super::booking::Booking>),
    /// Calls a visit off.
    Cancellation(super::cancellation::Cancellation),
    /// Moves a visit to another time.
    Reschedule(Box<super::reschedule::Reschedule>),
    /// Takes away a hold that another desk has left.
    Clearance(Box<super::clearance::Clearance>),
}

impl Flow {
    /// One word for the database and for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Booking(_) => "booking",
            Self::Cancellation(_) => "cancellation",
            Self::Reschedule(_) => "move",
            Self::Clearance(_) => "clearance",
        }
    }
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The event stands confirmed at these times.
    Confirmed {
        /// The event.
        event: EventId,
        /// Its version.
        etag: Etag,
        /// Its times as Google has them.
        visit: Interval,
        /// Which attempt succeeded.
        attempt: u32,
        /// Set when a person moved it meanwhile: confirmed, and shown in repair.
        moved: bool,
    },
    /// The slot was lost; nothing of ours is in the calendar.
    Refused {
        /// What kind of refusal.
        because: Because,
        /// Why, in words.
        why: String,
    },
    /// The event is gone.
    Cancelled,
    /// The event stands at its new time.
    Moved {
        /// Its version.
        etag: Etag,
        /// Its times as Google has them: another time than wanted if a person moved it since.
        visit: Interval,
        /// How often we have changed it.
        rev: u32,
        /// What else stands there, in words.
        in_the_way: Option<String>,
    },
    /// The visit stands where it was; nothing of the move is in the calendar.
    NotMoved {
        /// What kind of refusal.
        because: Because,
        /// Why, in words.
        why: String,
    },
    /// A person must choose.
    Repair {
        /// What kind of trouble.
        cause: Cause,
        /// The sentence for the repair pane.
        detail: String,
    },
}

/// Why a person must choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody moved the event in Google.
    MovedInGoogle,
    /// Somebody changed the event while it was being cancelled.
    ChangedInGoogle,
    /// Our event id belongs to an event that is not ours.
    StrangersEvent,
    /// Google refuses: not shared, no rights, an invalid request.
    RefusedByGoogle,
    /// Another appointment or event stands in the same time.
    Conflict,
    /// Somebody deleted the event in Google.
    GoneFromGoogle,
    /// A desk that no longer answers has left a hold on a time behind, for a move of this visit.
    HoldLeft,
    /// The visit was called off, and somebody put its event back.
    BackInGoogle,
}

/// Kinds of refusal of a booking or a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Somebody else has the time.
    SlotTaken,
    /// The calendar answered with an error of its own: not shared, not found, no rights.
    CalendarRefused,
    /// Google did not answer the pre-check, and the desk had not agreed to book provisionally.
    NoAnswer,
}
