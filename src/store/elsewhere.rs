//! Visits that other desks of the clinic, with databases of their own, have booked: met in the calendar,
//! they are taken into ours, so that they are seen and kept free like our own. Google says what they are; we
//! only keep a copy.

use super::appointments;
use super::audit::{self, Action, Line};
use super::second_looks::follow;
use super::settle::{InGoogle, needs_repair};
use super::{customers, doctors, operations, overlap, repair, services};
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, CalendarId, CustomerId, DoctorId};
use crate::domain::time::Interval;
use crate::flow::operation::Cause;
use crate::port::store::{Elsewhere, Stamp, StoreError};
use rusqlite::{Connection, params};

/// Who comes to a visit whose event names nobody.
const SOMEBODY: &str = "elsewhere";
/// What such a visit is called.
const NAMELESS: &str = "Booked at another desk";

/// Takes a visit over, or what changed about one that was taken over before; true if anything changed.
pub(super) fn adopt(conn: &Connection, stamp: &Stamp, met: &Elsewhere) -> Result<bool, StoreError> {
    match appointments::one(conn, &met.mark.appointment)? {
        Some(known) => renew(conn, stamp, known, met),
        None => record(conn, stamp, met),
    }
}

fn renew(
    conn: &Connection,
    stamp: &Stamp,
    known: Appointment,
    met: &Elsewhere,
) -> Result<bool, StoreError> {
    let open = operations::open_of(conn, &known.appointment_id)?.is_some();
    // what was in its way is not, once its desk has moved it
    let moved_on = known.visit != met.visit
        && repair::cause(conn, &known.appointment_id)? == Some(Cause::Conflict);
    let theirs =
        known.source == Source::Adopted && (known.sync_state == SyncState::Synced || moved_on);
    let same = known.etag.as_ref() == Some(&met.etag) && known.status == Status::Confirmed;
    if open || same || !theirs {
        return Ok(false);
    }
    let google = InGoogle {
        event: Some((&met.event, met.mark.attempt)),
        etag: &met.etag,
        visit: met.visit,
        rev: met.mark.rev,
    };
    if in_the_way(conn, &known.doctor_id, met)? == InTheWay::NotSettled {
        return Ok(false);
    }
    if moved_on {
        repair::close(conn, stamp, &known.appointment_id, "moved at its own desk")?;
    }
    if known.visit == met.visit && known.status == Status::Confirmed {
        super::settle::take_google(conn, stamp, known, &google)?;
    } else {
        follow(conn, stamp, known, &google)?;
    }
    Ok(true)
}

fn record(conn: &Connection, stamp: &Stamp, met: &Elsewhere) -> Result<bool, StoreError> {
    let Some(doctor) = doctor_of(conn, &met.calendar)? else {
        return Ok(false);
    };
    let in_the_way = in_the_way(conn, &doctor.doctor_id, met)?;
    if in_the_way == InTheWay::NotSettled {
        return Ok(false);
    }
    let new = Appointment {
        status: Status::Cancelled,
        ..appointment(conn, stamp, &doctor, met)?
    };
    // only a row that is marked may stand in another's time, and only one that takes none can be marked
    appointments::insert(conn, &new)?;
    overlap::mark(conn, &new.appointment_id, in_the_way != InTheWay::Nothing)?;
    let new = Appointment {
        status: Status::Confirmed,
        ..new
    };
    appointments::save(conn, &new)?;
    let words = "booked at another desk; found in the calendar";
    audit::append(conn, stamp, &Line::of(Action::Adopted, &new, words))?;
    if let InTheWay::Ours(other) = in_the_way {
        let sentence = format!(
            "Another desk booked it into the time of {}",
            other.customer_name
        );
        let words = "needs a decision: another visit stands in its time";
        needs_repair(conn, stamp, new, Cause::Conflict, &sentence, words)?;
    }
    Ok(true)
}

/// What stands in the time of a visit that was met.
#[derive(PartialEq)]
enum InTheWay {
    Nothing,
    /// A visit of ours.
    Ours(Box<Appointment>),
    /// One of ours that lost its time to this one: that is said in its own repair item.
    Lost,
    /// One of ours that is being booked, and about to lose, or being moved or called off, and only not yet
    /// committed: this one is met again when that has ended.
    NotSettled,
}

/// Another copy in the way may be out of date: it has to be asked about first.
fn in_the_way(
    conn: &Connection,
    doctor: &DoctorId,
    met: &Elsewhere,
) -> Result<InTheWay, StoreError> {
    let mark = &met.mark;
    let mut found = InTheWay::Nothing;
    for other in overlap::all(conn, &mark.appointment, doctor, met.visit, mark.buffers)? {
        if other.source == Source::Adopted {
            return Err(StoreError::Overlap(Box::new(other)));
        }
        if operations::open_of(conn, &other.appointment_id)?.is_some() {
            return Ok(InTheWay::NotSettled);
        }
        found = match found {
            InTheWay::Ours(first) => InTheWay::Ours(first),
            _ if repair::has_lost(conn, &other)? => InTheWay::Lost,
            _ => InTheWay::Ours(Box::new(other)),
        };
    }
    Ok(found)
}

fn appointment(
    conn: &Connection,
    stamp: &Stamp,
    doctor: &Doctor,
    met: &Elsewhere,
) -> Result<Appointment, StoreError> {
    let customer = customer_of(conn, stamp, met)?;
    let service = match &met.mark.service {
        Some(id) => services::all(conn)?
            .into_iter()
            .find(|s| s.service_id == *id),
        None => None,
    };
    Ok(Appointment {
        appointment_id: met.mark.appointment.clone(),
        customer_id: customer.customer_id,
        customer_name: customer.customer_name,
        doctor_id: doctor.doctor_id.clone(),
        doctor_name: doctor.doctor_name.clone(),
        google_calendar_id: met.calendar.clone(),
        google_event_id: Some(met.event.clone()),
        etag: Some(met.etag.clone()),
        service_id: service.as_ref().map(|s| s.service_id.clone()),
        service_name: service.map(|s| s.service_name).unwrap_or_default(),
        visit: met.visit,
        buffers: met.mark.buffers,
        zone: doctor.zone,
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        source: Source::Adopted,
        reason: String::new(),
        rev: met.mark.rev,
        attempt: met.mark.attempt,
        created_at: stamp.now,
        created_by: met.mark.desk.to_string(),
        cancelled_at: None,
        cancellation_reason: None,
    })
}

/// The doctor whose calendar it is: what an event says of its doctor is an id of the other database.
pub(super) fn doctor_of(
    conn: &Connection,
    calendar: &CalendarId,
) -> Result<Option<Doctor>, StoreError> {
    let of_calendar = doctors::of_calendar(conn, calendar)?;
    Ok(of_calendar.into_iter().next())
}

/// The person: known here, or recorded under the same id; nobody in particular where the event names
/// nobody.
fn customer_of(conn: &Connection, stamp: &Stamp, met: &Elsewhere) -> Result<Customer, StoreError> {
    let (id, name) = match (&met.mark.customer, &met.mark.name) {
        (Some(id), Some(name)) => (id.clone(), name.as_str()),
        (Some(id), None) if customers::one(conn, id)?.is_some() => (id.clone(), NAMELESS),
        _ => (CustomerId::new(SOMEBODY), NAMELESS),
    };
    if let Some(known) = customers::one(conn, &id)? {
        return Ok(known);
    }
    let new = Customer {
        customer_id: id,
        customer_name: name.to_owned(),
        mobile: None,
        email: None,
        born: None,
    };
    customers::add(conn, stamp, &new)?;
    Ok(new)
}

/// What was taken over before and takes time of the calendar in the stretch.
pub(super) fn within(
    conn: &Connection,
    calendar: &CalendarId,
    within: Interval,
) -> Result<Vec<Appointment>, StoreError> {
    let Some(doctor) = doctor_of(conn, calendar)? else {
        return Ok(Vec::new());
    };
    let visits = appointments::between(conn, &[doctor.doctor_id], within, false)?;
    Ok(visits
        .into_iter()
        .filter(|a| a.source == Source::Adopted)
        .collect())
}

/// The event is gone: whoever booked it has called it off.
pub(super) fn called_off(
    conn: &Connection,
    stamp: &Stamp,
    id: &AppointmentId,
) -> Result<(), StoreError> {
    let before = appointments::known(conn, id)?;
    if before.source != Source::Adopted || operations::open_of(conn, id)?.is_some() {
        return Ok(());
    }
    let gone = Appointment {
        status: Status::Cancelled,
        sync_state: SyncState::Synced,
        etag: None,
        cancelled_at: Some(stamp.now),
        cancellation_reason: Some("called off at another desk".to_owned()),
        ..before
    };
    appointments::save(conn, &gone)?;
    repair::close(conn, stamp, id, "called off at another desk")?;
    overlap::release(conn, stamp, &gone.doctor_id)?;
    let words = "called off at another desk";
    audit::append(conn, stamp, &Line::of(Action::Cancelled, &gone, words))?;
    Ok(())
}

/// Whether an event of another database was ever met.
pub(super) fn is_met(conn: &Connection) -> Result<bool, StoreError> {
    let mut rows = conn.prepare_cached("SELECT full_protocol FROM meta")?;
    Ok(rows.query_row([], |row| row.get(0))?)
}

/// One was.
pub(super) fn met(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE meta SET full_protocol = 1 WHERE one = ?1")?
        .execute(params![1])?;
    Ok(())
}

#[cfg(test)]
#[path = "elsewhere/tests.rs"]
mod tests;
