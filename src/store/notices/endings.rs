//! What is told about a visit: how what had to wait for Google has ended, and that a person must choose.

use super::{About, tell};
use crate::domain::appointment::{Appointment, Status};
use crate::domain::dates::say_time;
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Role;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Because, Cause, Flow, Operation, Settlement};
use crate::port::store::{Stamp, StoreError};
use crate::store::operations::Open;
use chrono::Datelike;
use rusqlite::Connection;

/// How an operation has ended.
pub(in crate::store) struct Ending<'a> {
    /// What it did.
    pub(in crate::store) operation: &'a Operation,
    /// How.
    pub(in crate::store) settlement: &'a Settlement,
    /// The visit before.
    pub(in crate::store) before: &'a Appointment,
    /// The visit now.
    pub(in crate::store) after: &'a Appointment,
    /// What a person must choose about since then, if anything.
    pub(in crate::store) trouble: Option<(Cause, String)>,
}

/// Whether somebody at the desk waits to hear how the operation ends: they were told that it is recorded
/// and goes on, or the program that began it is gone.
pub(in crate::store) fn is_waited_for(stamp: &Stamp, open: &Open) -> bool {
    open.promised || open.operation.tries > 0 || stamp.actor.role == Role::System
}

/// Tells how it ended, where somebody waits for it.
pub(in crate::store) fn ended(
    conn: &Connection,
    stamp: &Stamp,
    ending: &Ending<'_>,
) -> Result<(), StoreError> {
    match sentence(ending, stamp.now) {
        Some(sentence) => tell(
            conn,
            stamp,
            NoticeKind::BookingEnded,
            &sentence,
            About::visit(ending.after),
        ),
        None => match &ending.trouble {
            Some((cause, why)) => trouble(conn, stamp, ending.after, *cause, why),
            None => Ok(()),
        },
    }
}

/// Tells that a person has moved the visit in Google, and that it has followed.
pub(in crate::store) fn followed(
    conn: &Connection,
    stamp: &Stamp,
    visit: &Appointment,
    was: Interval,
) -> Result<(), StoreError> {
    let sentence = format!(
        "{} was moved in Google Calendar to {}.",
        who(visit, was, stamp.now),
        at(visit, visit.visit, stamp.now)
    );
    let kind = NoticeKind::MovedInGoogle;
    tell(conn, stamp, kind, &sentence, About::visit(visit))
}

/// Tells that a person must choose, where others than who acts want to know: what somebody did in Google,
/// and two at one time.
pub(in crate::store) fn trouble(
    conn: &Connection,
    stamp: &Stamp,
    visit: &Appointment,
    cause: Cause,
    why: &str,
) -> Result<(), StoreError> {
    let kind = match cause {
        Cause::MovedInGoogle => NoticeKind::MovedInGoogle,
        Cause::GoneFromGoogle => NoticeKind::DeletedInGoogle,
        Cause::Conflict => NoticeKind::Conflict,
        Cause::ChangedInGoogle
        | Cause::BackInGoogle
        | Cause::StrangersEvent
        | Cause::RefusedByGoogle
        | Cause::HoldLeft => return Ok(()),
    };
    let sentence = full_stop(&format!("{}: {why}", who(visit, visit.visit, stamp.now)));
    tell(conn, stamp, kind, &sentence, About::visit(visit))
}

/// How it ended, in words; none: nobody waits for such an end.
fn sentence(ending: &Ending<'_>, now: Moment) -> Option<String> {
    let Ending { before, after, .. } = ending;
    let (was, is) = (who(before, before.visit, now), who(after, after.visit, now));
    let words = match (&ending.operation.flow, ending.settlement) {
        (Flow::Clearance(_), _) => return None,
        (Flow::Booking(_), Settlement::Confirmed { .. }) => format!("{is} is confirmed now"),
        (Flow::Booking(_), Settlement::Refused { because, why }) => match because {
            // one that a person must settle says why by itself
            Because::SlotTaken if ending.trouble.is_some() => format!("{is} lost its slot"),
            _ if ending.trouble.is_some() => format!("{is} is not booked"),
            Because::SlotTaken => format!("{is} lost its slot: {why}"),
            Because::CalendarRefused | Because::NoAnswer => format!("{is} is not booked: {why}"),
        },
        (Flow::Booking(_), Settlement::Repair { cause, .. }) if *cause == Cause::Conflict => {
            format!("{is} lost its slot")
        }
        (Flow::Booking(_), Settlement::Repair { .. }) => format!("{is} is not booked"),
        (_, Settlement::Cancelled) => format!("{was} is out of the calendar now"),
        (_, Settlement::Moved { .. }) => {
            format!("{was} was moved to {}", at(after, after.visit, now))
        }
        (_, Settlement::NotMoved { why, .. }) => {
            format!("{was} was not moved and stands where it was: {why}")
        }
        (Flow::Cancellation(_), _) if after.status != Status::Cancelled => {
            format!("{is} is not called off")
        }
        (_, Settlement::Repair { .. }) => format!("The move of {was} has not ended well"),
        (_, Settlement::Confirmed { .. } | Settlement::Refused { .. }) => return None,
    };
    let words = full_stop(&words);
    Some(match &ending.trouble {
        Some((_, why)) => format!("{words} A person must choose: {}", full_stop(why)),
        None => words,
    })
}

/// `Maria Silva's visit with Dr Chen on Tue 24 Nov at 10:30`.
fn who(visit: &Appointment, time: Interval, now: Moment) -> String {
    format!(
        "{}'s visit with {} on {}",
        visit.customer_name,
        visit.doctor_name,
        at(visit, time, now)
    )
}

/// `Tue 24 Nov at 10:30` by the visit's own clock, with the year where it is another one.
fn at(visit: &Appointment, time: Interval, now: Moment) -> String {
    let there = time.start().with_timezone(&visit.zone);
    let day = if there.year() == now.with_timezone(&visit.zone).year() {
        there.format("%a %-d %b")
    } else {
        there.format("%a %-d %b %Y")
    };
    format!("{day} at {}", say_time(time.start(), visit.zone))
}

fn full_stop(words: &str) -> String {
    if words.ends_with(['.', '!', '?', '”']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}
