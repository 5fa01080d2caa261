//! What is not in step with Google: how much, and what; under [`choices`] what a person chose about it.

mod choices;
mod google_side;
mod put_back;

use super::appointments;
use super::audit::{self, Action, Line};
use super::column::{end_seconds, interval, moment, moment_or_none, seconds, text_or_none, word};
use super::operations;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::AppointmentId;
use crate::domain::time::Interval;
use crate::flow::operation::Cause;
use crate::port::query::Counts;
use crate::port::store::{Stamp, StoreError, Unsettled};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) use choices::resolve;

/// What kind of trouble, in words for a timeline.
pub(super) fn words(cause: Cause) -> &'static str {
    match cause {
        Cause::MovedInGoogle => "moved in Google",
        Cause::ChangedInGoogle => "changed in Google",
        Cause::StrangersEvent => "the event is not ours",
        Cause::RefusedByGoogle => "Google refuses it",
        Cause::Conflict => "another visit stands in its time",
        Cause::GoneFromGoogle => "deleted in Google",
        Cause::HoldLeft => "a move was left half done",
        Cause::BackInGoogle => "back in Google",
    }
}

/// Opens a repair item, or rewrites the one that is open.
pub(super) fn open(
    conn: &Connection,
    stamp: &Stamp,
    id: &AppointmentId,
    cause: &str,
    sentence: &str,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO repair_items (appointment_id, cause, sentence, since) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (appointment_id) WHERE resolved_at IS NULL
         DO UPDATE SET cause = excluded.cause, sentence = excluded.sentence, since = excluded.since",
    )?
    .execute(params![id.as_str(), cause, sentence, seconds(stamp.now)])?;
    Ok(())
}

/// Closes the open repair item, if there is one.
pub(super) fn close(
    conn: &Connection,
    stamp: &Stamp,
    id: &AppointmentId,
    how: &str,
) -> Result<bool, StoreError> {
    let closed = conn
        .prepare_cached(
            "UPDATE repair_items SET resolved_at = ?2, resolved_by = ?3, how = ?4
             WHERE appointment_id = ?1 AND resolved_at IS NULL",
        )?
        .execute(params![
            id.as_str(),
            seconds(stamp.now),
            stamp.actor.name,
            how
        ])?;
    Ok(closed > 0)
}

/// Notes on the open repair item at which time the visit was booked, before it went to where it stands now:
/// a person may choose that it goes back.
pub(super) fn note_former(
    conn: &Connection,
    id: &AppointmentId,
    former: Interval,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE repair_items SET former_start = ?2, former_end = ?3
         WHERE appointment_id = ?1 AND resolved_at IS NULL",
    )?
    .execute(params![
        id.as_str(),
        seconds(former.start()),
        end_seconds(former.end())
    ])?;
    Ok(())
}

/// The time before, as the item that was settled last has it.
pub(super) fn former_of_last(
    conn: &Connection,
    id: &AppointmentId,
) -> Result<Option<Interval>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT former_start, former_end FROM repair_items
         WHERE appointment_id = ?1 ORDER BY item_no DESC LIMIT 1",
    )?;
    let found = rows.query_row([id.as_str()], |row| match moment_or_none(row, 0)? {
        Some(_) => Ok(Some(interval(row, 0, 1)?)),
        None => Ok(None),
    });
    Ok(found.optional()?.flatten())
}

/// What a person must choose about, if anything.
pub(super) fn cause(conn: &Connection, id: &AppointmentId) -> Result<Option<Cause>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT cause FROM repair_items WHERE appointment_id = ?1 AND resolved_at IS NULL",
    )?;
    Ok(rows
        .query_row([id.as_str()], |row| word(row, 0))
        .optional()?)
}

/// The same with the sentence about it.
pub(super) fn trouble(
    conn: &Connection,
    id: &AppointmentId,
) -> Result<Option<(Cause, String)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT cause, sentence FROM repair_items WHERE appointment_id = ?1 AND resolved_at IS NULL",
    )?;
    Ok(rows
        .query_row([id.as_str()], |row| Ok((word(row, 0)?, row.get(1)?)))
        .optional()?)
}

/// Whether a person must choose something about it.
pub(super) fn is_open(conn: &Connection, id: &AppointmentId) -> Result<bool, StoreError> {
    Ok(cause(conn, id)?.is_some())
}

/// Whether a visit waits for a person because something else has its time. One that was recorded and lost
/// its slot is not in the calendar; what stands there is no conflict of its own.
pub(super) fn has_lost(conn: &Connection, visit: &Appointment) -> Result<bool, StoreError> {
    Ok(cause(conn, &visit.appointment_id)? == Some(Cause::Conflict))
}

/// A visit stands in nobody's time any more: if that was what a person had to choose about, it is settled.
pub(super) fn no_conflict(
    conn: &Connection,
    stamp: &Stamp,
    visit: Appointment,
) -> Result<(), StoreError> {
    let id = visit.appointment_id.clone();
    let confirmed = visit.status == Status::Confirmed && visit.sync_state == SyncState::NeedsRepair;
    if !confirmed || cause(conn, &id)? != Some(Cause::Conflict) {
        return Ok(());
    }
    let settled = Appointment {
        sync_state: SyncState::Synced,
        ..visit
    };
    appointments::save(conn, &settled)?;
    let words = "nothing else stands in its time any more";
    close(conn, stamp, &id, words)?;
    audit::append(conn, stamp, &Line::of(Action::Resolved, &settled, words))?;
    Ok(())
}

/// How much is pending and in repair.
pub(super) fn counts(conn: &Connection) -> Result<Counts, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT sync_state, count(*) FROM appointments INDEXED BY appointments_unsettled
         WHERE sync_state <> 'synced' GROUP BY sync_state",
    )?;
    let mut rows = rows.query([])?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        match word(row, 0)? {
            SyncState::NeedsRepair => counts.repair = row.get(1)?,
            _ => counts.pending = row.get(1)?,
        }
    }
    Ok(counts)
}

macro_rules! unsettled {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            appointments::columns!(),
            ", ",
            operations::columns!(),
            ", r.cause, r.sentence, r.since, r.former_start, r.former_end
             FROM appointments a INDEXED BY ",
            $rest
        )
    };
}

/// Everything that is pending or in repair; repair first, the newest problem first.
pub(super) fn unsettled(conn: &Connection) -> Result<Vec<Unsettled>, StoreError> {
    let sql = unsettled!(
        "appointments_unsettled
         LEFT JOIN operations o ON o.appointment_id = a.appointment_id AND o.done_at IS NULL
         LEFT JOIN repair_items r ON r.appointment_id = a.appointment_id AND r.resolved_at IS NULL
         WHERE a.sync_state <> 'synced'
         ORDER BY a.sync_state = 'needs_repair' DESC,
                  coalesce(r.since, o.created_at, a.created_at) DESC, a.appointment_id"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map([], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The same for one appointment.
pub(super) fn unsettled_one(
    conn: &Connection,
    id: &AppointmentId,
) -> Result<Option<Unsettled>, StoreError> {
    let sql = unsettled!(
        "appointments_by_id
         LEFT JOIN operations o ON o.appointment_id = a.appointment_id AND o.done_at IS NULL
         LEFT JOIN repair_items r ON r.appointment_id = a.appointment_id AND r.resolved_at IS NULL
         WHERE a.appointment_id = ?1 AND a.sync_state <> 'synced'"
    );
    let mut rows = conn.prepare_cached(sql)?;
    Ok(rows.query_row([id.as_str()], decode).optional()?)
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Unsettled> {
    const OPERATION: usize = appointments::COLUMNS;
    const REPAIR: usize = OPERATION + operations::COLUMNS;
    let appointment = appointments::decode(row)?;
    let operation = match text_or_none(row, OPERATION)? {
        Some(_) => Some(operations::decode_from(row, OPERATION)?),
        None => None,
    };
    let repair = match text_or_none(row, REPAIR)? {
        Some(_) => Some((word(row, REPAIR)?, row.get(REPAIR + 1)?)),
        None => None,
    };
    let since = match (moment_or_none(row, REPAIR + 2)?, &operation) {
        (Some(since), _) => since,
        (None, Some(_)) => moment(row, OPERATION + operations::COLUMNS - 1)?,
        (None, None) => appointment.created_at,
    };
    let former = match moment_or_none(row, REPAIR + 3)? {
        Some(_) => Some(interval(row, REPAIR + 3, REPAIR + 4)?),
        None => None,
    };
    Ok(Unsettled {
        former: former.filter(|former| *former != appointment.visit),
        appointment,
        operation,
        repair,
        since,
    })
}

#[cfg(test)]
#[path = "repair/tests.rs"]
mod tests;
