//! Edits of a visit whose last change never left the desk: the last state takes its place. Everything here
//! runs inside the transaction of the new intent.

use super::appointments;
use super::audit::{self, Action, Line};
use super::operations::{self, Open};
use super::{moves, overlap, repair, settle};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::time::{Interval, Moment};
use crate::flow::collapse::{self, Room};
use crate::flow::operation::{Flow, Operation};
use crate::port::store::{Stamp, StoreError};
use rusqlite::Connection;

/// What a move may do with the open operation.
pub(super) fn when_moved(stamp: &Stamp, open: &Open, to: Interval) -> Room {
    if is_free(stamp, open) {
        collapse::when_moved(&open.operation.flow, to)
    } else {
        Room::None
    }
}

/// Whether the open operation ends without a call when its visit is called off.
pub(super) fn may_be_called_off(stamp: &Stamp, open: &Open) -> bool {
    is_free(stamp, open) && collapse::when_called_off(&open.operation.flow) == Room::GivesWay
}

/// Nobody is at it. Whoever was, and wakes up, finds the operation another's or ended before it sends
/// anything. A visit that is being booked *again* has a past in the calendar: that is left to its flow.
fn is_free(stamp: &Stamp, open: &Open) -> bool {
    let held = open.lease.as_ref().is_some_and(|l| l.holds(stamp.now));
    !held && open.prior.is_none()
}

/// The pending booking goes on with another time, leased to the stamp's desk.
pub(super) fn book_at(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    to: Interval,
    open: Open,
    flow: Flow,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let (id, from) = (before.appointment_id.clone(), before.visit);
    let wanted = Appointment {
        visit: to,
        sync_state: SyncState::SyncPending,
        ..before
    };
    if let Some(other) = overlap::with(conn, &wanted)? {
        return Err(StoreError::Overlap(Box::new(other)));
    }
    appointments::save(conn, &wanted)?;
    // nobody stands in its time any more, nor it in anybody's
    overlap::mark(conn, &id, false)?;
    overlap::release(conn, stamp, &wanted.doctor_id)?;
    let operation = Operation {
        flow,
        next_try_at: None,
        ..open.operation
    };
    operations::save(conn, &operation)?;
    operations::lease(conn, stamp, &operation.operation_id, lease_until)?;
    let words = format!(
        "moved before the calendar was told of it, {}",
        moves::there(&wanted, from, to)
    );
    // a step of the booking: undoing that calls the visit off, as before
    audit::append(conn, stamp, &Line::of(Action::Step, &wanted, &words))?;
    appointments::known(conn, &id)
}

/// The pending move ends as if it had never been asked for. Answers with the visit as it stands.
pub(super) fn drop_move(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    open: &Open,
) -> Result<Appointment, StoreError> {
    operations::close(conn, stamp, &open.operation.operation_id, "dropped")?;
    moves::release(conn, &before.appointment_id)?;
    let sync_state = if repair::is_open(conn, &before.appointment_id)? {
        SyncState::NeedsRepair
    } else {
        SyncState::Synced
    };
    let stands = Appointment {
        sync_state,
        ..before
    };
    appointments::save(conn, &stands)?;
    // one that kept its place for want of room may have it now
    overlap::release(conn, stamp, &stands.doctor_id)?;
    let words = "not moved: something else was asked for before the calendar was told of it";
    audit::append(conn, stamp, &Line::of(Action::NotMoved, &stands, words))?;
    appointments::known(conn, &stands.appointment_id)
}

/// The pending booking ends, and with it the visit.
pub(super) fn call_off(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    open: &Open,
    reason: &str,
) -> Result<Appointment, StoreError> {
    let id = before.appointment_id.clone();
    operations::close(conn, stamp, &open.operation.operation_id, "dropped")?;
    repair::close(conn, stamp, &id, "called off")?;
    let cancelling = Appointment {
        cancellation_reason: Some(reason.to_owned()),
        ..before
    };
    let words = "called off before the calendar was told of it";
    audit::append(conn, stamp, &Line::of(Action::Cancel, &cancelling, words))?;
    settle::cancel(conn, stamp, cancelling)?;
    appointments::known(conn, &id)
}

#[cfg(test)]
#[path = "collapse/tests.rs"]
mod tests;
