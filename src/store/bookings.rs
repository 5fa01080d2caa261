//! The intent of a booking: everything that must stand in the journal before Google is asked.

use super::appointments;
use super::audit::{self, Action, Line};
use super::operations::{self, Prior};
use super::{customers, doctors, keys, overlap, repair, services};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::policy::{Act, may};
use crate::domain::service::MOST_VISIT_MINUTES;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Flow, Operation};
use crate::port::store::{Begun, BookingIntent, Stamp, StoreError};
use rusqlite::Connection;

/// Journals a booking.
pub(super) fn begin(
    conn: &Connection,
    stamp: &Stamp,
    intent: &BookingIntent,
) -> Result<Begun, StoreError> {
    keys::purge(conn, stamp.now)?;
    if let Some((key, fingerprint)) = &intent.key
        && let Some(id) = keys::find(conn, key, fingerprint, stamp.now)?
    {
        let appointment = appointments::known(conn, &id)?;
        return Ok(Begun::Replayed(Box::new(appointment)));
    }
    let wanted = Appointment {
        status: Status::Pending,
        sync_state: SyncState::SyncPending,
        ..intent.appointment.clone()
    };
    must_fit(wanted.visit)?;
    doctors::bookable(conn, &wanted.doctor_id)?;
    if let Some(service) = &wanted.service_id
        && !services::exists(conn, service)?
    {
        return Err(StoreError::NotFound("service"));
    }
    must_be_free(conn, &wanted)?;
    if let Some(customer) = &intent.new_customer {
        may(stamp.actor.role, Act::KeepCustomers)?;
        customers::add(conn, stamp, customer)?;
    }
    if customers::one(conn, &wanted.customer_id)?.is_none() {
        return Err(StoreError::NotFound("customer"));
    }
    if appointments::one(conn, &wanted.appointment_id)?.is_some() {
        return Err(StoreError::Rule(
            "this visit is already recorded".to_owned(),
        ));
    }
    appointments::insert(conn, &wanted)?;
    operations::open(conn, stamp, &intent.operation, intent.lease_until, None)?;
    if let Some((key, fingerprint)) = &intent.key {
        keys::remember(conn, key, fingerprint, &wanted.appointment_id, stamp.now)?;
    }
    let line = Line::of(Action::Book, &wanted, "booking recorded");
    audit::append(conn, stamp, &line)?;
    let stored = appointments::known(conn, &wanted.appointment_id)?;
    Ok(Begun::New(Box::new(stored)))
}

/// Journals that an appointment is booked again: one that was called off or refused, or one whose
/// booking is in repair, or one that is to stand in another calendar. It takes the times of the operation's
/// event.
pub(super) fn begin_again(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let Flow::Booking(booking) = &operation.flow else {
        return Err(StoreError::Failed(
            "a visit was to be booked again with an operation that books nothing".to_owned(),
        ));
    };
    let before = appointments::known(conn, &operation.appointment_id)?;
    if operations::open_of(conn, &before.appointment_id)?.is_some() {
        return Err(StoreError::OperationOpen);
    }
    let elsewhere =
        before.google_calendar_id != operation.calendar || before.google_event_id.is_none();
    if before.takes_time() && before.sync_state != SyncState::NeedsRepair && !elsewhere {
        return Err(StoreError::Rule(
            "this visit stands already: there is nothing to book again".to_owned(),
        ));
    }
    doctors::bookable(conn, &before.doctor_id)?;
    let prior = Prior::of(&before);
    let wanted = Appointment {
        status: Status::Pending,
        sync_state: SyncState::SyncPending,
        visit: booking.draft.visit,
        attempt: booking.draft.mark.attempt,
        rev: booking.draft.mark.rev,
        etag: None,
        cancelled_at: None,
        cancellation_reason: None,
        google_calendar_id: operation.calendar.clone(),
        ..before
    };
    must_fit(wanted.visit)?;
    must_be_free(conn, &wanted)?;
    appointments::save(conn, &wanted)?;
    // nobody stands in its time any more
    overlap::mark(conn, &wanted.appointment_id, false)?;
    overlap::release(conn, stamp, &wanted.doctor_id)?;
    repair::close(conn, stamp, &wanted.appointment_id, "booked again")?;
    operations::open(conn, stamp, operation, lease_until, Some(&prior))?;
    let line = Line::of(Action::Rebook, &wanted, "booking again recorded");
    audit::append(conn, stamp, &line)?;
    appointments::known(conn, &wanted.appointment_id)
}

fn must_be_free(conn: &Connection, wanted: &Appointment) -> Result<(), StoreError> {
    match overlap::with(conn, wanted)? {
        Some(other) => Err(StoreError::Overlap(Box::new(other))),
        None => Ok(()),
    }
}

fn must_fit(visit: Interval) -> Result<(), StoreError> {
    if visit.minutes() <= i64::from(MOST_VISIT_MINUTES) {
        return Ok(());
    }
    Err(StoreError::Rule(
        "a visit lasts 24 hours at most: choose a shorter time".to_owned(),
    ))
}

#[cfg(test)]
#[path = "bookings/tests.rs"]
mod tests;
