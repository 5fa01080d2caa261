//! What can be done about a visit that is not in step with Google. Pure: who shows the choices and who
//! carries them out asks here alike, so that nothing is offered which is then refused.

mod sides;
mod words;

pub use sides::{Line, Sides, sides};
pub use words::says;

use super::operation::Cause;
use crate::domain::appointment::{Appointment, Status};
use crate::domain::blocks::Reason;
use crate::domain::id::Etag;
use crate::domain::time::{Interval, Moment};
use serde::{Deserialize, Serialize};

/// What can be done about a repair item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairAction {
    /// Sign in to Google again: what is pending is sent once that is done.
    Reconnect,
    /// Try again now.
    Retry,
    /// Put the event that was deleted back into the calendar.
    Recreate,
    /// Take Google's time.
    AdoptTimes,
    /// Keep ours: move the event in Google back to the time that was booked.
    PutBack,
    /// Pick another slot.
    Move,
    /// Call the visit off.
    Cancel,
    /// Leave both as they are.
    Ignore,
}

impl RepairAction {
    /// What it is called among people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reconnect => "sign in to Google again",
            Self::Retry => "try again",
            Self::Recreate => "re-create the event",
            Self::AdoptTimes => "take Google's time",
            Self::PutBack => "keep our time",
            Self::Move => "pick another slot",
            Self::Cancel => "call the visit off",
            Self::Ignore => "ignore it, with a reason",
        }
    }
}

/// What Google has of a visit, as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleSide {
    /// When it was read.
    pub as_of: Moment,
    /// The event under the visit's id; none: it is not in the calendar.
    pub event: Option<GoogleEvent>,
}

/// The event under a visit's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleEvent {
    /// Its times.
    pub time: Interval,
    /// Whether it is of whole days.
    pub all_day: bool,
    /// Why it takes its owner's time; none: it takes none.
    pub reason: Option<Reason>,
    /// Its title; empty where that is not known.
    pub title: String,
    /// Its version.
    pub etag: Option<Etag>,
    /// Last change by Google's clock.
    pub updated: Option<Moment>,
    /// Whether it bears the mark of this visit.
    pub ours: bool,
}

impl GoogleEvent {
    /// Whether a visit can be at its time.
    pub fn is_usable(&self) -> bool {
        self.ours && !self.all_day
    }
}

/// A visit that is not in step, with what is known of why.
#[derive(Clone, Copy, Debug)]
pub struct Trouble<'a> {
    /// Why a person must choose; none while the program goes on trying.
    pub cause: Option<Cause>,
    /// The visit.
    pub appointment: &'a Appointment,
    /// What Google has; none: not read.
    pub google: Option<&'a GoogleSide>,
    /// The time that was booked, where the visit stands at another by now.
    pub former: Option<Interval>,
    /// Whether nothing is sent because the account needs a sign-in.
    pub sign_in: bool,
}

impl Trouble<'_> {
    /// The time that is kept when ours is kept.
    pub fn booked_for(&self) -> Interval {
        self.former.unwrap_or(self.appointment.visit)
    }

    fn is_gone(&self) -> bool {
        self.google.is_some_and(|google| google.event.is_none())
    }

    /// The event, where it stands and a visit can be at its time.
    fn event(&self) -> Option<&GoogleEvent> {
        self.google?
            .event
            .as_ref()
            .filter(|event| event.is_usable())
    }

    /// It stands, and nobody has asked for it to be called off.
    fn stands(&self) -> bool {
        self.appointment.status == Status::Confirmed
            && self.appointment.cancellation_reason.is_none()
    }

    fn can_be_recreated(&self) -> bool {
        let cause = self.cause == Some(Cause::GoneFromGoogle);
        self.stands() && (self.is_gone() || (cause && self.google.is_none()))
    }

    /// Google has another time than was booked. `unread`: what it is taken for while it was not read.
    fn can_be_put_back(&self, unread: bool) -> bool {
        let elsewhere = match self.google {
            None => unread,
            Some(_) => self
                .event()
                .is_some_and(|event| event.time != self.booked_for()),
        };
        self.stands() && elsewhere
    }
}

/// What fits, the most likely first.
pub fn fitting(trouble: &Trouble<'_>) -> Vec<RepairAction> {
    let mut out = Vec::new();
    match trouble.cause {
        None => pending(trouble, &mut out),
        // the hold has to go before anything else can be said
        Some(Cause::HoldLeft) => out.push(RepairAction::Retry),
        Some(cause) => chosen(trouble, cause, &mut out),
    }
    out
}

fn pending(trouble: &Trouble<'_>, out: &mut Vec<RepairAction>) {
    let visit = trouble.appointment;
    if trouble.sign_in {
        out.push(RepairAction::Reconnect);
    }
    out.push(RepairAction::Retry);
    // what is being called off already needs no second cancellation, and a move must end first
    if visit.status == Status::Pending && visit.cancellation_reason.is_none() {
        out.push(RepairAction::Cancel);
    }
}

fn chosen(trouble: &Trouble<'_>, cause: Cause, out: &mut Vec<RepairAction>) {
    let visit = trouble.appointment;
    let moved = matches!(cause, Cause::MovedInGoogle | Cause::ChangedInGoogle);
    // an event that is not ours, that we may not touch, or that was called off is never put anywhere
    let ours = !matches!(
        cause,
        Cause::StrangersEvent | Cause::RefusedByGoogle | Cause::BackInGoogle
    );
    let calls_off = visit.cancellation_reason.is_some();
    if !moved && cause != Cause::GoneFromGoogle && (visit.status == Status::Pending || calls_off) {
        out.push(RepairAction::Retry);
    }
    if calls_off {
        // it was wanted before somebody changed the event
        out.push(RepairAction::Cancel);
    }
    if cause == Cause::Conflict && trouble.stands() && !trouble.is_gone() {
        out.push(RepairAction::Move);
    }
    if ours && trouble.can_be_recreated() {
        out.push(RepairAction::Recreate);
    }
    let elsewhere = trouble
        .event()
        .is_some_and(|event| event.time != visit.visit);
    let back = cause == Cause::GoneFromGoogle && trouble.event().is_some();
    let readable = trouble.google.is_none() || trouble.event().is_some();
    if (moved && readable) || (ours && elsewhere) || back {
        out.push(RepairAction::AdoptTimes);
    }
    if ours && trouble.can_be_put_back(moved) {
        out.push(RepairAction::PutBack);
    }
    if !calls_off {
        out.push(RepairAction::Cancel);
    }
    if visit.status == Status::Confirmed {
        out.push(RepairAction::Ignore);
    }
}

#[cfg(test)]
#[path = "repair/tests.rs"]
mod tests;
