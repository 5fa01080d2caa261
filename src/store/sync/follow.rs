//! What people and other desks did to the event of a visit, taken over into the visit. Google is the truth
//! about its time; what may be wrong about that goes into repair, and the old time stays in the history.

use super::remotes;
use crate::domain::appointment::{Appointment, Status};
use crate::domain::dates::say_when;
use crate::domain::event::Event;
use crate::domain::id::Etag;
use crate::domain::time::Interval;
use crate::flow::operation::Cause;
use crate::flow::reconcile::Spoilt;
use crate::port::store::{Stamp, StoreError};
use crate::store::audit::{self, Action, Line};
use crate::store::settle::{InGoogle, needs_repair, take_google};
use crate::store::{doctors, moves, notices, repair, second_looks};
use rusqlite::Connection;

/// The event's version and how often desks have changed it.
pub(in crate::store) struct Now {
    /// Its version.
    pub(in crate::store) etag: Etag,
    /// How often desks have changed its times.
    pub(in crate::store) rev: u32,
}

impl Now {
    fn at(&self, visit: Interval) -> InGoogle<'_> {
        InGoogle {
            event: None,
            etag: &self.etag,
            visit,
            rev: self.rev,
        }
    }
}

/// A person has moved the event: so is the visit, and what does not fit there is for a person.
pub(in crate::store) fn moved_by_person(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    to: Interval,
    now: &Now,
) -> Result<(), StoreError> {
    let was = before.visit;
    // what was to be chosen was about the old time
    repair::close(
        conn,
        stamp,
        &before.appointment_id,
        "moved in Google Calendar",
    )?;
    let (visit, other) = take_google(conn, stamp, before, &now.at(to))?;
    if visit.visit != to {
        let sentence = "Its event in Google Calendar was made longer than 24 hours: no visit is that long. \
                        Shorten it there, or call the visit off";
        let words = "needs a decision: longer than a visit in Google";
        return needs_repair(conn, stamp, visit, Cause::ChangedInGoogle, sentence, words);
    }
    let words = format!("moved in Google Calendar {}", moves::there(&visit, was, to));
    audit::append(conn, stamp, &Line::of(Action::Moved, &visit, &words))?;
    let onto = match other {
        Some(other) => Some(format!("onto {}", other.customer_name)),
        None => entry_at(conn, &visit)?.map(|entry| format!("onto {entry}")),
    };
    let trouble = match onto {
        Some(onto) => Some(onto),
        None => outside_hours(conn, &visit)?.then(|| "outside the hours".to_owned()),
    };
    let Some(trouble) = trouble else {
        return notices::followed(conn, stamp, &visit, was);
    };
    let sentence = format!(
        "Somebody moved it in Google Calendar from {} to {}, {trouble}",
        say_when(was.start(), visit.zone),
        say_when(to.start(), visit.zone),
    );
    let words = format!("needs a decision: moved {trouble}");
    let id = visit.appointment_id.clone();
    needs_repair(conn, stamp, visit, Cause::MovedInGoogle, &sentence, &words)?;
    repair::note_former(conn, &id, was)
}

/// Another desk has moved it.
pub(super) fn moved_by_desk(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    to: Interval,
    now: &Now,
) -> Result<(), StoreError> {
    second_looks::follow(conn, stamp, before, &now.at(to))
}

/// It was deleted, and is there again as it was.
pub(super) fn returned(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    now: &Now,
) -> Result<(), StoreError> {
    let words = "put back in Google Calendar";
    repair::close(conn, stamp, &before.appointment_id, words)?;
    let at = before.visit;
    let (visit, _) = take_google(conn, stamp, before, &now.at(at))?;
    audit::append(conn, stamp, &Line::of(Action::Resolved, &visit, words))?;
    // while it was gone its time may have been given to something else
    super::people::on_top_of(conn, stamp, visit)?;
    Ok(())
}

/// It was called off here, or lost its slot, and its event stands: as long as nobody decides otherwise, it
/// counts as booked.
pub(super) fn back(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    event: &Event,
    at: Interval,
    now: &Now,
) -> Result<(), StoreError> {
    let was = match before.status {
        Status::Cancelled => "was called off",
        _ => "had lost its slot",
    };
    let attempt = before.attempt;
    let google = InGoogle {
        event: Some((&event.id, attempt)),
        ..now.at(at)
    };
    let (visit, other) = take_google(conn, stamp, before, &google)?;
    let onto = other.map_or_else(String::new, |other| {
        format!(" It stands onto {}.", other.customer_name)
    });
    let sentence = format!(
        "It {was} here, and its event stands in Google Calendar: somebody put it back. It counts as booked \
         until you decide.{onto}"
    );
    let words = format!("needs a decision: {}", repair::words(Cause::BackInGoogle));
    needs_repair(conn, stamp, visit, Cause::BackInGoogle, &sentence, &words)
}

/// Somebody changed what a visit cannot do without, and perhaps its time with it.
pub(super) fn spoilt(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    to: Interval,
    now: &Now,
    how: Spoilt,
) -> Result<(), StoreError> {
    let was = before.visit;
    let visit = if to == was {
        Appointment {
            etag: Some(now.etag.clone()),
            rev: now.rev.max(before.rev),
            ..before
        }
    } else {
        let google = InGoogle {
            rev: now.rev.max(before.rev),
            ..now.at(to)
        };
        take_google(conn, stamp, before, &google)?.0
    };
    if visit.visit != was {
        let words = format!("moved in Google Calendar {}", moves::there(&visit, was, to));
        audit::append(conn, stamp, &Line::of(Action::Moved, &visit, &words))?;
    }
    let words = format!(
        "needs a decision: {}",
        repair::words(Cause::ChangedInGoogle)
    );
    needs_repair(
        conn,
        stamp,
        visit,
        Cause::ChangedInGoogle,
        how.sentence(),
        &words,
    )
}

/// A person's entry that stands in the visit's time, in words.
fn entry_at(conn: &Connection, visit: &Appointment) -> Result<Option<String>, StoreError> {
    let calendars = [visit.google_calendar_id.clone()];
    let entries = remotes::within(conn, &calendars, visit.blocked())?;
    let in_the_way = entries.iter().find(|entry| entry.is_persons());
    Ok(in_the_way.map(|entry| entry.say(visit.zone)))
}

/// Whether the visit is outside its doctor's hours.
fn outside_hours(conn: &Connection, visit: &Appointment) -> Result<bool, StoreError> {
    let Some(doctor) = doctors::one(conn, &visit.doctor_id)? else {
        return Ok(false);
    };
    let date = visit.visit.start().with_timezone(&doctor.zone).date_naive();
    let open = doctor.hours.open_on(date, doctor.zone);
    Ok(!crate::domain::time::merged(open)
        .iter()
        .any(|window| window.covers(&visit.visit)))
}
