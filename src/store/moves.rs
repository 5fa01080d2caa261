//! The intent of a move. The visit keeps its time until Google has the new one; until then both are
//! taken.

use super::appointments;
use super::audit::{self, Action, Line};
use super::column::{end_seconds, seconds};
use super::{collapse, operations, overlap};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::say_time;
use crate::domain::id::AppointmentId;
use crate::domain::time::{Interval, Moment};
use crate::flow::collapse::Room;
use crate::flow::operation::{Flow, Operation};
use crate::flow::reschedule::Reschedule;
use crate::port::store::{Stamp, StoreError};
use rusqlite::{Connection, params};

/// Journals a move.
pub(super) fn begin(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let Flow::Reschedule(reschedule) = &operation.flow else {
        return Err(StoreError::Failed(
            "a visit was to be moved with an operation that moves nothing".to_owned(),
        ));
    };
    let mut before = appointments::known(conn, &operation.appointment_id)?;
    let to = reschedule.to();
    if let Some(open) = operations::open_of(conn, &before.appointment_id)? {
        match collapse::when_moved(stamp, &open, to) {
            Room::None => return Err(StoreError::OperationOpen),
            Room::GoesOn(flow) => {
                must_be_as_seen(&before, reschedule)?;
                return collapse::book_at(conn, stamp, before, to, open, *flow, lease_until);
            }
            Room::GivesWay => {
                before = collapse::drop_move(conn, stamp, before, &open)?;
                if to == before.visit {
                    return Ok(before);
                }
            }
        }
    }
    must_stand(&before)?;
    must_be_as_seen(&before, reschedule)?;
    let other = overlap::first(
        conn,
        &before.appointment_id,
        &before.doctor_id,
        to,
        before.buffers,
    )?;
    if let Some(other) = other {
        return Err(StoreError::Overlap(Box::new(other)));
    }
    hold(conn, &before, to)?;
    let moving = Appointment {
        sync_state: SyncState::SyncPending,
        ..before
    };
    appointments::save(conn, &moving)?;
    operations::open(conn, stamp, operation, lease_until, None)?;
    let words = format!("move recorded, {}", there(&moving, moving.visit, to));
    audit::append(conn, stamp, &Line::of(Action::Move, &moving, &words))?;
    appointments::known(conn, &moving.appointment_id)
}

/// The desk asked for it with the visit's present state before it.
fn must_be_as_seen(before: &Appointment, wanted: &Reschedule) -> Result<(), StoreError> {
    let why = if wanted.to() == before.visit {
        "this visit stands at that time already: there is nothing to move"
    } else if wanted.from != before.visit {
        "this visit was moved meanwhile: look at its time again"
    } else if before.google_event_id.as_ref() != Some(&wanted.event) {
        "this visit was booked again meanwhile: look at it again"
    } else {
        return Ok(());
    };
    Err(StoreError::Rule(why.to_owned()))
}

fn must_stand(before: &Appointment) -> Result<(), StoreError> {
    let why = match before.status {
        Status::Confirmed => return Ok(()),
        Status::Pending => {
            "Google has not confirmed this visit yet: it can be moved once it stands"
        }
        Status::Cancelled => "this visit is called off: there is nothing to move",
        Status::Refused => {
            "this visit lost its slot and was never booked: there is nothing to move"
        }
    };
    Err(StoreError::Rule(why.to_owned()))
}

/// Keeps the new time from everybody else until the move has ended.
pub(super) fn hold(conn: &Connection, visit: &Appointment, to: Interval) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO held_times (appointment_id, doctor_id, starts_at, ends_at, buffer_before, buffer_after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        visit.appointment_id.as_str(),
        visit.doctor_id.as_str(),
        seconds(to.start()),
        end_seconds(to.end()),
        visit.buffers.before(),
        visit.buffers.after()
    ])?;
    Ok(())
}

/// Gives the new time free again, or over to the visit itself.
pub(super) fn release(conn: &Connection, id: &AppointmentId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM held_times WHERE appointment_id = ?1")?
        .execute([id.as_str()])?;
    Ok(())
}

/// "from Tue 24 Nov 10:30 to Wed 25 Nov 11:00".
pub(super) fn there(visit: &Appointment, from: Interval, to: Interval) -> String {
    let zone = visit.zone;
    let date = |i: Interval| i.start().with_timezone(&zone).date_naive();
    // with the date: a timeline is read long after
    let say = |i: Interval| {
        let day = date(i).format("%a %-d %b %Y");
        format!("{day} {}", say_time(i.start(), zone))
    };
    format!("from {} to {}", say(from), say(to))
}

#[cfg(test)]
#[path = "moves/tests.rs"]
mod tests;
