//! What Google has of a visit, from what was read of its calendar and of its event by itself.

use crate::domain::appointment::Appointment;
use crate::domain::id::EventId;
use crate::domain::time::Moment;
use crate::flow::repair::{GoogleEvent, GoogleSide};
use crate::port::repair::RepairRecords;
use crate::port::store::StoreError;
use crate::port::sync::Remote;
use crate::store::column::{moment_or_none, seconds};
use crate::store::database::Database;
use crate::store::sync::remotes;
use rusqlite::{Connection, OptionalExtension, params};

impl RepairRecords for Database {
    fn google_side(&self, visit: &Appointment) -> Result<Option<GoogleSide>, StoreError> {
        read(&self.conn, visit)
    }
}

/// The event that the visit has, or would have.
fn event_of(visit: &Appointment) -> EventId {
    visit
        .google_event_id
        .clone()
        .unwrap_or_else(|| EventId::of_attempt(&visit.appointment_id, visit.attempt))
}

fn read(conn: &Connection, visit: &Appointment) -> Result<Option<GoogleSide>, StoreError> {
    let (calendar, id) = (&visit.google_calendar_id, event_of(visit));
    let found = remotes::one(conn, calendar, &id)?;
    let looked = moment_of(
        conn,
        "SELECT looked_at FROM event_looks WHERE calendar_id = ?1 AND event_id = ?2",
        params![calendar.as_str(), id.as_str()],
    )?;
    // what ended before the sync began to read is not known for not being there
    let synced = moment_of(
        conn,
        "SELECT synced_at FROM cursors WHERE calendar_id = ?1 AND (?2 OR since <= ?3)",
        params![
            calendar.as_str(),
            found.is_some(),
            seconds(visit.visit.end())
        ],
    )?;
    let as_of = looked.max(synced);
    Ok(as_of.map(|as_of| GoogleSide {
        as_of,
        event: found.map(|remote| GoogleEvent {
            ours: remote.appointment.as_ref() == Some(&visit.appointment_id),
            time: remote.time,
            all_day: remote.all_day,
            reason: remote.reason,
            title: remote.title,
            etag: remote.etag,
            updated: remote.updated,
        }),
    }))
}

fn moment_of(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Option<Moment>, StoreError> {
    let mut rows = conn.prepare_cached(sql)?;
    let found = rows.query_row(params, |row| moment_or_none(row, 0));
    Ok(found.optional()?.flatten())
}

/// Records what a read of the event by itself brought.
pub(super) fn record(
    conn: &Connection,
    now: Moment,
    visit: &Appointment,
    event: Option<&Remote>,
) -> Result<bool, StoreError> {
    let before = read(conn, visit)?;
    let (calendar, id) = (&visit.google_calendar_id, event_of(visit));
    match event {
        Some(remote) => remotes::put(conn, remote)?,
        None => remotes::forget(conn, calendar, &id)?,
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO event_looks (calendar_id, event_id, looked_at) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![calendar.as_str(), id.as_str(), seconds(now)])?;
    let after = read(conn, visit)?;
    Ok(before.map(|side| side.event) != after.map(|side| side.event))
}
