//! A database that was put back from a backup: what was open in it waits until mirror and calendars have
//! been compared, and what was overtaken meanwhile is laid down in the same transaction that lets the rest
//! go on. In between no program can take any of it.

use crate::domain::appointment::Appointment;
use crate::domain::id::AppointmentId;
use crate::domain::time::Moment;
use crate::flow::operation::{Cause, Operation, Settlement};
use crate::port::store::{Stamp, StoreError};
use crate::store::audit::{self, Action, Line};
use crate::store::column::{moment_or_none, seconds};
use crate::store::{operations, settle};
use rusqlite::{Connection, params};

/// Since when what is open waits; none: it does not.
pub(in crate::store) fn since(conn: &Connection) -> Result<Option<Moment>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT restored_at FROM meta")?;
    Ok(rows.query_row([], |row| moment_or_none(row, 0))?)
}

/// It was noticed that the database was put back.
pub(super) fn mark(conn: &Connection, stamp: &Stamp) -> Result<(), StoreError> {
    let marked = conn
        .prepare_cached("UPDATE meta SET restored_at = ?1 WHERE restored_at IS NULL")?
        .execute([seconds(stamp.now)])?;
    if marked > 0 {
        let words = "the database was put back from a backup: what is open in it waits for a check";
        audit::append(conn, stamp, &Line::new(Action::Clinic, words))?;
    }
    Ok(())
}

/// Mirror and calendars were compared. Old operations of these visits, whose events were changed since, end in
/// repair; the others go on.
pub(super) fn end(
    conn: &Connection,
    stamp: &Stamp,
    overtaken: &[AppointmentId],
) -> Result<Vec<(Operation, Appointment)>, StoreError> {
    let Some(since) = since(conn)? else {
        return Ok(Vec::new());
    };
    let mut laid_down = Vec::new();
    for id in overtaken {
        // what was begun after the backup was put back knows of no past
        let open = operations::open_of(conn, id)?.map(|open| open.operation);
        if let Some(old) = open.filter(|operation| operation.created_at <= since) {
            // whoever held it when the backup was made is gone
            conn.prepare_cached(
                "UPDATE operations SET lease_owner = ?2, lease_until = ?3 WHERE operation_id = ?1",
            )?
            .execute(params![
                old.operation_id.as_str(),
                stamp.desk.as_str(),
                seconds(stamp.now)
            ])?;
            let settlement = Settlement::Repair {
                cause: Cause::ChangedInGoogle,
                detail: format!(
                    "A {} was open when the backup was made that this database was put back from, and the event \
                     was changed since",
                    old.flow.kind()
                ),
            };
            let visit = settle::settle(conn, stamp, &old, &settlement)?;
            laid_down.push((old, visit));
        }
    }
    conn.prepare_cached("UPDATE meta SET restored_at = NULL")?
        .execute([])?;
    let words = "mirror and calendars were compared: what is open goes on";
    audit::append(conn, stamp, &Line::new(Action::Clinic, words))?;
    Ok(laid_down)
}

#[cfg(test)]
mod tests;
