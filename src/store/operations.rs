//! Operations: the journal of what is under way, and the leases on them. Whoever carries one out
//! holds its lease; what somebody without it wants to write is refused.

use super::appointments;
use super::audit::{self, Action, Line};
use super::column::{self, moment, moment_or_none, seconds, text, wrong};
use super::error::unreadable;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::{AppointmentId, DeskId, OperationId};
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Flow, Operation};
use crate::port::store::{Stamp, StoreError, Take};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

/// The columns of `operations o` in the order that [`decode`] reads them in.
macro_rules! columns {
    () => {
        "o.operation_id, o.appointment_id, o.calendar_id, o.flow, o.tries, o.next_try_at, \
         o.last_error, o.created_at"
    };
}
pub(super) use columns;

/// How many columns that are.
pub(super) const COLUMNS: usize = 8;

/// Who carries an operation out, and until when nobody else may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    /// The desk.
    pub(super) owner: DeskId,
    /// Until when.
    pub(super) until: Moment,
}

/// No lease and no pause is longer, in seconds: what lies further ahead was written by a clock that has
/// been set back since (by an hour, say), and holds nobody up.
const MOST_AHEAD: i64 = 45 * 60;

impl Lease {
    /// Whether it keeps others away.
    pub(super) fn holds(&self, now: Moment) -> bool {
        let left = seconds(self.until) - seconds(now);
        (1..=MOST_AHEAD).contains(&left)
    }
}

/// An operation that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// The operation.
    pub(super) operation: Operation,
    /// The lease on it, run out or not.
    pub(super) lease: Option<Lease>,
    /// What the appointment was before it was booked again.
    pub(super) prior: Option<Prior>,
    /// Somebody was told that it is recorded, and not by whoever carries it out.
    pub(super) promised: bool,
}

/// What an appointment was before it was booked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Prior {
    status: Status,
    sync_state: SyncState,
    cancelled_at: Option<Moment>,
    cancellation_reason: Option<String>,
}

impl Prior {
    /// What is to be remembered of it.
    pub(super) fn of(appointment: &Appointment) -> Self {
        Self {
            status: appointment.status,
            sync_state: appointment.sync_state,
            cancelled_at: appointment.cancelled_at,
            cancellation_reason: appointment.cancellation_reason.clone(),
        }
    }

    /// Whether somebody had been told that it is booked.
    pub(super) fn was_promised(&self) -> bool {
        self.status == Status::Confirmed
    }

    /// The appointment as it was.
    pub(super) fn restore(self, appointment: Appointment) -> Appointment {
        Appointment {
            status: self.status,
            sync_state: self.sync_state,
            cancelled_at: self.cancelled_at,
            cancellation_reason: self.cancellation_reason,
            ..appointment
        }
    }
}

/// Journals a new operation, leased to the stamp's desk. One open operation an appointment.
pub(super) fn open(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    lease_until: Moment,
    prior: Option<&Prior>,
) -> Result<(), StoreError> {
    let prior = prior.map(serde_json::to_string).transpose();
    let prior = prior.map_err(|e| unreadable("what a visit was before", e))?;
    conn.prepare_cached(
        "INSERT INTO operations (operation_id, appointment_id, calendar_id, kind, flow, tries,
             next_try_at, last_error, created_at, prior, lease_owner, lease_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        operation.operation_id.as_str(),
        operation.appointment_id.as_str(),
        operation.calendar.as_str(),
        operation.flow.kind(),
        flow_text(&operation.flow)?,
        operation.tries,
        operation.next_try_at.map(seconds),
        operation.last_error,
        seconds(operation.created_at),
        prior,
        stamp.desk.as_str(),
        seconds(lease_until)
    ])?;
    Ok(())
}

/// The open operation of an appointment.
pub(super) fn open_of(conn: &Connection, id: &AppointmentId) -> Result<Option<Open>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", o.lease_owner, o.lease_until, o.prior, o.promised FROM operations o
         WHERE o.appointment_id = ?1 AND o.done_at IS NULL"
    );
    let mut rows = conn.prepare_cached(sql)?;
    Ok(rows.query_row([id.as_str()], decode_open).optional()?)
}

/// The open operation of this id, which must be leased to the stamp's desk.
pub(super) fn held(conn: &Connection, stamp: &Stamp, id: &OperationId) -> Result<Open, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", o.lease_owner, o.lease_until, o.prior, o.promised FROM operations o
         WHERE o.operation_id = ?1 AND o.done_at IS NULL"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let found = rows.query_row([id.as_str()], decode_open).optional()?;
    match found {
        Some(open) if open.lease.as_ref().is_some_and(|l| l.owner == stamp.desk) => Ok(open),
        _ => Err(StoreError::LeaseLost),
    }
}

/// Somebody has been told that the appointment's open operation is recorded and goes on.
pub(super) fn promise(conn: &Connection, id: &AppointmentId) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE operations SET promised = 1 WHERE appointment_id = ?1 AND done_at IS NULL",
    )?
    .execute([id.as_str()])?;
    Ok(())
}

/// Ends an operation.
pub(super) fn close(
    conn: &Connection,
    stamp: &Stamp,
    id: &OperationId,
    outcome: &str,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE operations SET done_at = ?2, outcome = ?3, lease_owner = NULL, lease_until = NULL
         WHERE operation_id = ?1",
    )?
    .execute(params![id.as_str(), seconds(stamp.now), outcome])?;
    Ok(())
}

/// Leases operations to the stamp's desk. Those that are due and leased to anybody, this desk
/// included, are under way and left alone; the one of an appointment is left alone only if it is
/// leased to another.
pub(super) fn take(
    conn: &Connection,
    stamp: &Stamp,
    which: &Take,
    until: Moment,
) -> Result<Vec<Operation>, StoreError> {
    let now = seconds(stamp.now);
    // what was open when a backup was put back waits: it must not call off what stands by now
    let waits = super::sync::restored_since(conn)?;
    let taken: Vec<Operation> = match which {
        Take::Due { limit, besides } => {
            let sql = concat!(
                "SELECT ",
                columns!(),
                " FROM operations o
                 WHERE o.done_at IS NULL
                   AND coalesce(o.next_try_at, o.created_at) NOT BETWEEN ?1 + 1 AND ?1 + ?3
                   AND (o.lease_until IS NULL OR o.lease_until NOT BETWEEN ?1 + 1 AND ?1 + ?3)
                   AND (?4 IS NULL OR o.created_at > ?4)
                 ORDER BY o.created_at, o.operation_id LIMIT ?2"
            );
            let mut rows = conn.prepare_cached(sql)?;
            let most = column::limit(limit.saturating_add(besides.len()));
            let rows =
                rows.query_map(params![now, most, MOST_AHEAD, waits.map(seconds)], decode)?;
            let mut due: Vec<Operation> = rows.collect::<rusqlite::Result<_>>()?;
            due.retain(|operation| !besides.contains(&operation.appointment_id));
            due.truncate(*limit);
            due
        }
        Take::Of(appointment) => {
            let open = open_of(conn, appointment)?;
            let old = |open: &Open| waits.is_some_and(|since| open.operation.created_at <= since);
            if open.as_ref().is_some_and(old) {
                return Err(StoreError::Rule(
                    "the database was put back from a backup, so what was open in it waits until it has been \
                     compared with the calendars: frontdesk sync --check"
                        .to_owned(),
                ));
            }
            let free = open.filter(|open| {
                let lease = open.lease.as_ref();
                lease.is_none_or(|l| l.owner == stamp.desk || !l.holds(stamp.now))
            });
            free.into_iter().map(|open| open.operation).collect()
        }
    };
    for operation in &taken {
        lease(conn, stamp, &operation.operation_id, until)?;
    }
    Ok(taken)
}

/// Prolongs the lease.
pub(super) fn prolong(
    conn: &Connection,
    stamp: &Stamp,
    id: &OperationId,
    until: Moment,
) -> Result<(), StoreError> {
    held(conn, stamp, id)?;
    lease(conn, stamp, id, until)
}

pub(super) fn lease(
    conn: &Connection,
    stamp: &Stamp,
    id: &OperationId,
    until: Moment,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE operations SET lease_owner = ?2, lease_until = ?3 WHERE operation_id = ?1",
    )?
    .execute(params![id.as_str(), stamp.desk.as_str(), seconds(until)])?;
    Ok(())
}

/// Stores the recovery point.
pub(super) fn journal(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    note: Option<&str>,
) -> Result<(), StoreError> {
    held(conn, stamp, &operation.operation_id)?;
    save(conn, operation)?;
    if let Flow::Booking(booking) = &operation.flow {
        // Whoever calls the visit off meanwhile must look for the event of this attempt.
        let before = appointments::known(conn, &operation.appointment_id)?;
        if before.google_event_id.as_ref() != Some(booking.event()) {
            let now = Appointment {
                google_event_id: Some(booking.event().clone()),
                attempt: booking.draft.mark.attempt,
                ..before
            };
            appointments::save(conn, &now)?;
        }
    }
    if let Some(note) = note {
        let line = Line::of_id(Action::Step, &operation.appointment_id, note);
        audit::append(conn, stamp, &line)?;
    }
    Ok(())
}

/// Puts the operation off and gives the lease back. The timeline hears of it when the reason is a new one.
pub(super) fn put_off(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
) -> Result<Appointment, StoreError> {
    held(conn, stamp, &operation.operation_id)?;
    let before: Option<String> = conn
        .prepare_cached("SELECT last_error FROM operations WHERE operation_id = ?1")?
        .query_row([operation.operation_id.as_str()], |row| row.get(0))?;
    save(conn, operation)?;
    conn.prepare_cached(
        "UPDATE operations SET lease_owner = NULL, lease_until = NULL WHERE operation_id = ?1",
    )?
    .execute([operation.operation_id.as_str()])?;
    let waiting = Appointment {
        sync_state: SyncState::SyncPending,
        ..appointments::known(conn, &operation.appointment_id)?
    };
    appointments::save(conn, &waiting)?;
    // An outage of a day is one row, not one for each of some thousand tries.
    if before != operation.last_error {
        let words = operation.last_error.as_deref().unwrap_or("put off");
        audit::append(conn, stamp, &Line::of(Action::PutOff, &waiting, words))?;
    }
    Ok(waiting)
}

/// Stores how far the operation has come.
pub(super) fn save(conn: &Connection, operation: &Operation) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE operations SET flow = ?2, tries = ?3, next_try_at = ?4, last_error = ?5
         WHERE operation_id = ?1",
    )?
    .execute(params![
        operation.operation_id.as_str(),
        flow_text(&operation.flow)?,
        operation.tries,
        operation.next_try_at.map(seconds),
        operation.last_error
    ])?;
    Ok(())
}

/// When the next open operation can be taken up: its next try, or the end of a lease on it.
pub(super) fn next_due(conn: &Connection) -> Result<Option<Moment>, StoreError> {
    // max() of several values, min() over the rows
    let mut rows = conn.prepare_cached(
        "SELECT min(max(coalesce(next_try_at, created_at), coalesce(lease_until, 0)))
         FROM operations WHERE done_at IS NULL",
    )?;
    Ok(rows.query_row([], |row| moment_or_none(row, 0))?)
}

fn flow_text(flow: &Flow) -> Result<String, StoreError> {
    serde_json::to_string(flow).map_err(|e| unreadable("an operation", e))
}

/// Where the visit stood before the move that brought it to where it stands. Several moves may have ended
/// within one second: the count of changes tells them apart.
pub(super) fn moved_here_from(
    conn: &Connection,
    id: &AppointmentId,
) -> Result<Option<Interval>, StoreError> {
    let now = appointments::known(conn, id)?;
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM operations o
         WHERE o.appointment_id = ?1 AND o.kind = 'move' AND o.outcome = 'moved'
         ORDER BY o.done_at DESC"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let moves = rows.query_map([id.as_str()], decode)?;
    for moved in moves {
        if let Flow::Reschedule(reschedule) = moved?.flow
            && reschedule.to() == now.visit
            && reschedule.rev + 1 == now.rev
        {
            return Ok(Some(reschedule.from));
        }
    }
    Ok(None)
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Operation> {
    decode_from(row, 0)
}

/// Reads the columns of `columns!` from the given one on.
pub(super) fn decode_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Operation> {
    let flow = serde_json::from_str(text(row, first + 3)?);
    Ok(Operation {
        operation_id: text(row, first)?.into(),
        appointment_id: text(row, first + 1)?.into(),
        calendar: text(row, first + 2)?.into(),
        flow: flow.map_err(|e| wrong(first + 3, Type::Text, &e))?,
        tries: row.get(first + 4)?,
        next_try_at: moment_or_none(row, first + 5)?,
        last_error: row.get(first + 6)?,
        created_at: moment(row, first + 7)?,
    })
}

fn decode_open(row: &Row<'_>) -> rusqlite::Result<Open> {
    let owner: Option<String> = row.get(COLUMNS)?;
    let until = moment_or_none(row, COLUMNS + 1)?;
    let prior: Option<String> = row.get(COLUMNS + 2)?;
    let prior = prior.map(|text| serde_json::from_str(&text)).transpose();
    Ok(Open {
        operation: decode(row)?,
        lease: owner.zip(until).map(|(owner, until)| Lease {
            owner: owner.into(),
            until,
        }),
        prior: prior.map_err(|e| wrong(COLUMNS + 2, Type::Text, &e))?,
        promised: row.get(COLUMNS + 3)?,
    })
}

#[cfg(test)]
#[path = "operations/tests.rs"]
mod tests;
