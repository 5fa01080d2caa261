//! The intent of a cancellation. The visit keeps its status and its time until the event is gone.

use super::appointments;
use super::audit::{self, Action, Line};
use super::collapse;
use super::operations;
use super::repair;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::time::Moment;
use crate::flow::operation::{Flow, Operation};
use crate::port::store::{Stamp, StoreError};
use rusqlite::Connection;

/// Journals a cancellation with its reason.
pub(super) fn begin(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    reason: &str,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let before = appointments::known(conn, &operation.appointment_id)?;
    match before.status {
        Status::Cancelled => {
            return Err(StoreError::Rule(
                "this visit is already called off".to_owned(),
            ));
        }
        Status::Refused => {
            return Err(StoreError::Rule(
                "this visit lost its slot and was never booked: there is nothing to call off"
                    .to_owned(),
            ));
        }
        Status::Pending | Status::Confirmed => {}
    }
    if reason.trim().is_empty() {
        return Err(StoreError::Rule(
            "a cancellation needs a reason: say why the visit is called off".to_owned(),
        ));
    }
    let mut before = before;
    let mut open = operations::open_of(conn, &before.appointment_id)?;
    if let Some(unsent) = open.take_if(|open| collapse::may_be_called_off(stamp, open)) {
        if before.status == Status::Pending {
            return collapse::call_off(conn, stamp, before, &unsent, reason);
        }
        before = collapse::drop_move(conn, stamp, before, &unsent)?;
    }
    if let Some(open) = open {
        // A booking may have gone on to another event since the desk looked.
        let replaceable = match (&open.operation.flow, &operation.flow) {
            (Flow::Booking(booking), Flow::Cancellation(off)) => *booking.event() == off.event,
            _ => false,
        };
        if !replaceable || open.lease.is_some_and(|lease| lease.holds(stamp.now)) {
            return Err(StoreError::OperationOpen);
        }
        operations::close(conn, stamp, &open.operation.operation_id, "replaced")?;
    } else if let Flow::Cancellation(off) = &operation.flow
        && before
            .google_event_id
            .as_ref()
            .is_some_and(|event| *event != off.event)
    {
        return Err(StoreError::Rule(
            "this visit was booked again meanwhile: look at it again".to_owned(),
        ));
    }
    let cancelling = Appointment {
        sync_state: SyncState::SyncPending,
        cancellation_reason: Some(reason.to_owned()),
        ..before
    };
    appointments::save(conn, &cancelling)?;
    repair::close(conn, stamp, &cancelling.appointment_id, "called off")?;
    operations::open(conn, stamp, operation, lease_until, None)?;
    let line = Line::of(Action::Cancel, &cancelling, "cancellation recorded");
    audit::append(conn, stamp, &line)?;
    appointments::known(conn, &cancelling.appointment_id)
}

#[cfg(test)]
#[path = "cancellations/tests.rs"]
mod tests;
