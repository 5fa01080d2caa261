//! Which acts can be taken back.

use super::audit::{self, Action, Line};
use super::column::{Word, moment, seconds, text, word};
use super::operations;
use super::repair;
use crate::domain::id::{AppointmentId, AuditId, DeskId};
use crate::domain::time::Moment;
use crate::port::store::{Stamp, StoreError, Undoable, UndoableAct};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Acts at this desk since the moment that can still be undone, newest first: bookings that stand or
/// wait for Google, cancellations and moves that are through, and choices in the repair pane that settled
/// it, unless something was done about the same visit
/// since. Marking an act as undone is such a something too, so that the act which undid it is not
/// offered in its place.
pub(super) fn undoable(
    conn: &Connection,
    desk: &DeskId,
    since: Moment,
) -> Result<Vec<Undoable>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT x.seq, x.appointment_id, x.action, x.at
         FROM audit x INDEXED BY audit_acts
         JOIN appointments a ON a.appointment_id = x.appointment_id
         WHERE x.desk = ?1 AND x.at >= ?2 AND x.action IN ('book', 'rebook', 'cancel', 'move', 'took_time', 'ignored')
           AND NOT EXISTS (
               SELECT 1 FROM audit later
               WHERE later.appointment_id = x.appointment_id AND later.seq > x.seq
                 AND later.action IN
                       ('book', 'rebook', 'cancel', 'move', 'took_time', 'ignored', 'resolved', 'undone'))
           AND CASE x.action
               WHEN 'cancel' THEN a.status = 'cancelled'
               WHEN 'took_time' THEN a.status = 'confirmed' AND a.sync_state = 'synced'
               WHEN 'ignored' THEN a.sync_state = 'synced'
               WHEN 'move' THEN a.status = 'confirmed' AND a.sync_state = 'synced' AND EXISTS (
                   SELECT 1 FROM audit done
                   WHERE done.appointment_id = x.appointment_id AND done.seq > x.seq
                     AND done.action = 'moved')
               ELSE (a.status = 'confirmed' AND a.sync_state = 'synced')
                 OR (a.status = 'pending' AND EXISTS (
                     SELECT 1 FROM operations o
                     WHERE o.appointment_id = a.appointment_id AND o.done_at IS NULL
                       AND o.tries > 0)) END
         ORDER BY x.seq DESC",
    )?;
    let rows = rows.query_map(params![desk.as_str(), seconds(since)], decode)?;
    let acts: Vec<(AuditId, AppointmentId, Action, Moment)> =
        rows.collect::<rusqlite::Result<_>>()?;
    let mut out = Vec::with_capacity(acts.len());
    for (audit, appointment, action, at) in acts {
        let act = match action {
            Action::Cancel => Some(UndoableAct::Cancelled),
            Action::Move => operations::moved_here_from(conn, &appointment)?
                .map(|from| UndoableAct::Moved { from }),
            Action::TookTime => repair::former_of_last(conn, &appointment)?
                .map(|from| UndoableAct::TookTime { from }),
            Action::Ignored => Some(UndoableAct::Ignored),
            _ => Some(UndoableAct::Booked),
        };
        out.extend(act.map(|act| Undoable {
            audit,
            appointment,
            act,
            at,
        }));
    }
    Ok(out)
}

fn decode(row: &Row<'_>) -> rusqlite::Result<(AuditId, AppointmentId, Action, Moment)> {
    Ok((
        AuditId(row.get(0)?),
        text(row, 1)?.into(),
        word(row, 2)?,
        moment(row, 3)?,
    ))
}

/// Marks an act as undone.
pub(super) fn mark(conn: &Connection, stamp: &Stamp, row: AuditId) -> Result<(), StoreError> {
    let act: Option<(String, Option<String>)> = conn
        .prepare_cached("SELECT action, appointment_id FROM audit WHERE seq = ?1")?
        .query_row([row.0], |found| Ok((found.get(0)?, found.get(1)?)))
        .optional()?;
    let (action, appointment) = act.ok_or(StoreError::NotFound("act"))?;
    let undoable = matches!(
        Action::from_word(&action),
        Some(
            Action::Book
                | Action::Rebook
                | Action::Cancel
                | Action::Move
                | Action::TookTime
                | Action::Ignored
        )
    );
    let Some(appointment) = appointment.filter(|_| undoable) else {
        return Err(StoreError::Rule("this cannot be undone".to_owned()));
    };
    let done = conn
        .prepare_cached("SELECT 1 FROM audit WHERE about = ?1")?
        .exists([row.0])?;
    if done {
        return Err(StoreError::Rule("this was undone already".to_owned()));
    }
    let appointment = AppointmentId::new(appointment);
    let line = Line::of_id(Action::Undone, &appointment, "undone").about(row);
    audit::append(conn, stamp, &line)?;
    Ok(())
}

#[cfg(test)]
#[path = "undo/tests.rs"]
mod tests;
