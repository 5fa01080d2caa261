//! Holds on a time that a desk has left behind in the midst of a move.

use super::appointments;
use super::audit::{self, Action, Line};
use super::operations;
use super::settle::needs_repair;
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::dates::say_when;
use crate::domain::id::{AppointmentId, EventId};
use crate::domain::time::Moment;
use crate::flow::operation::{Cause, Operation};
use crate::port::store::{HoldLeft, Stamp, StoreError};
use rusqlite::{Connection, OptionalExtension, params};

/// The visit goes into repair.
pub(super) fn left(conn: &Connection, stamp: &Stamp, left: &HoldLeft) -> Result<bool, StoreError> {
    let Some(visit) = appointments::one(conn, &left.appointment)? else {
        return Ok(false);
    };
    let under_way = operations::open_of(conn, &visit.appointment_id)?.is_some();
    if under_way || visit.sync_state != SyncState::Synced {
        return Ok(false);
    }
    let sentence = format!(
        "A desk that no longer answers was moving it to {}, and still holds that time in the calendar",
        say_when(left.held.start(), visit.zone)
    );
    let id = visit.appointment_id.clone();
    let words = "needs a decision: a move was left half done";
    needs_repair(conn, stamp, visit, Cause::HoldLeft, &sentence, words)?;
    conn.prepare_cached(
        "UPDATE repair_items SET event_id = ?2 WHERE appointment_id = ?1 AND resolved_at IS NULL",
    )?
    .execute(params![id.as_str(), left.hold.as_str()])?;
    Ok(true)
}

/// The hold that the visit's open repair item is about.
pub(super) fn of(conn: &Connection, id: &AppointmentId) -> Result<Option<EventId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT event_id FROM repair_items
         WHERE appointment_id = ?1 AND resolved_at IS NULL AND event_id IS NOT NULL",
    )?;
    let found: Option<String> = rows.query_row([id.as_str()], |row| row.get(0)).optional()?;
    Ok(found.map(EventId::new))
}

/// Journals that it is taken away.
pub(super) fn begin(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let before = appointments::known(conn, &operation.appointment_id)?;
    if operations::open_of(conn, &before.appointment_id)?.is_some() {
        return Err(StoreError::OperationOpen);
    }
    let clearing = Appointment {
        sync_state: SyncState::SyncPending,
        ..before
    };
    appointments::save(conn, &clearing)?;
    operations::open(conn, stamp, operation, lease_until, None)?;
    let line = Line::of(
        Action::Step,
        &clearing,
        "the hold that was left is being taken away",
    );
    audit::append(conn, stamp, &line)?;
    appointments::known(conn, &clearing.appointment_id)
}

#[cfg(test)]
#[path = "holds/tests.rs"]
mod tests;
