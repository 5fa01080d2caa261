//! How far each calendar was read, and which program reads on.

use crate::domain::id::CalendarId;
use crate::domain::notice::NoticeKind;
use crate::domain::time::Moment;
use crate::port::store::{Stamp, StoreError};
use crate::port::sync::{Changes, Cursor, SyncToken};
use crate::store::audit::{self, Action, Line};
use crate::store::column::{moment_or_none, seconds, text};
use crate::store::elsewhere;
use crate::store::notices::{self, About};
use rusqlite::{Connection, OptionalExtension, params};

/// All of them, by calendar.
pub(super) fn all(conn: &Connection) -> Result<Vec<Cursor>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT calendar_id, synced_at, braked_at, brake FROM cursors ORDER BY calendar_id",
    )?;
    let rows = rows.query_map([], |row| {
        let braked_at = moment_or_none(row, 2)?;
        let why: Option<String> = row.get(3)?;
        Ok(Cursor {
            calendar: text(row, 0)?.into(),
            synced_at: moment_or_none(row, 1)?,
            brake: braked_at.zip(why),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes the cursor. By force it is taken from a program that has it, whose read is then not taken over.
pub(super) fn take(
    conn: &Connection,
    stamp: &Stamp,
    calendar: &CalendarId,
    until: Moment,
    by_force: bool,
) -> Result<Option<SyncToken>, StoreError> {
    conn.prepare_cached("INSERT OR IGNORE INTO cursors (calendar_id) VALUES (?1)")?
        .execute([calendar.as_str()])?;
    let mut rows = conn.prepare_cached(
        "UPDATE cursors SET lease_owner = ?2, lease_until = ?3
         WHERE calendar_id = ?1
           AND (?5 OR lease_owner IS NULL OR lease_owner = ?2 OR lease_until <= ?4)
         RETURNING sync_token",
    )?;
    let token: Option<Option<String>> = rows
        .query_row(
            params![
                calendar.as_str(),
                stamp.desk.as_str(),
                seconds(until),
                seconds(stamp.now),
                by_force
            ],
            |row| row.get(0),
        )
        .optional()?;
    match token {
        Some(token) => Ok(token.map(SyncToken)),
        None => Err(StoreError::LeaseLost),
    }
}

/// Whether the stamp's desk still has the cursor.
pub(super) fn must_hold(
    conn: &Connection,
    stamp: &Stamp,
    calendar: &CalendarId,
) -> Result<(), StoreError> {
    let held = conn
        .prepare_cached("SELECT 1 FROM cursors WHERE calendar_id = ?1 AND lease_owner = ?2")?
        .exists([calendar.as_str(), stamp.desk.as_str()])?;
    if held {
        Ok(())
    } else {
        Err(StoreError::LeaseLost)
    }
}

/// Gives the cursor back.
pub(super) fn leave(
    conn: &Connection,
    stamp: &Stamp,
    calendar: &CalendarId,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE cursors SET lease_owner = NULL, lease_until = NULL
         WHERE calendar_id = ?1 AND lease_owner = ?2",
    )?
    .execute([calendar.as_str(), stamp.desk.as_str()])?;
    Ok(())
}

/// The token is of no use any more: everything is read again.
pub(super) fn forget(conn: &Connection, calendar: &CalendarId) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE cursors SET sync_token = NULL WHERE calendar_id = ?1")?
        .execute([calendar.as_str()])?;
    Ok(())
}

/// Everything was taken over: the next read goes on from the token.
pub(super) fn advance(conn: &Connection, changes: &Changes) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE cursors SET sync_token = ?2, synced_at = ?3, zone = ?4,
                since = coalesce(?5, since), braked_at = NULL, brake = NULL, brake_released = 0
         WHERE calendar_id = ?1",
    )?
    .execute(params![
        changes.calendar.as_str(),
        changes.token.0,
        seconds(changes.asked_at),
        changes.zone.name(),
        changes.whole_since.map(seconds),
    ])?;
    Ok(())
}

/// Whether somebody has looked and let the next read pass, however much it changes.
pub(super) fn is_released(conn: &Connection, calendar: &CalendarId) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM cursors WHERE calendar_id = ?1 AND brake_released = 1")?
        .exists([calendar.as_str()])?)
}

/// Nothing of this calendar is applied until somebody looks, and people are told so, once.
pub(super) fn brake(
    conn: &Connection,
    stamp: &Stamp,
    calendar: &CalendarId,
    sentence: &str,
) -> Result<(), StoreError> {
    let known = conn
        .prepare_cached("SELECT 1 FROM cursors WHERE calendar_id = ?1 AND braked_at IS NOT NULL")?
        .exists([calendar.as_str()])?;
    if !known {
        let doctor = elsewhere::doctor_of(conn, calendar)?;
        let about = About {
            doctor: doctor.as_ref().map(|doctor| &doctor.doctor_id),
            calendar: Some(calendar),
            ..About::default()
        };
        let told = format!("{sentence}.");
        notices::tell(conn, stamp, NoticeKind::SyncBraked, &told, about)?;
    }
    conn.prepare_cached(
        "UPDATE cursors SET braked_at = coalesce(braked_at, ?2), brake = ?3 WHERE calendar_id = ?1",
    )?
    .execute(params![calendar.as_str(), seconds(stamp.now), sentence])?;
    Ok(())
}

/// Somebody has looked: the next read is applied. False: nothing was held back.
pub(super) fn release(
    conn: &Connection,
    stamp: &Stamp,
    calendar: &CalendarId,
) -> Result<bool, StoreError> {
    let released = conn
        .prepare_cached(
            "UPDATE cursors SET brake_released = 1 WHERE calendar_id = ?1 AND braked_at IS NOT NULL",
        )?
        .execute([calendar.as_str()])?;
    if released > 0 {
        let words = format!("what changed in {calendar} is to be applied");
        audit::append(conn, stamp, &Line::new(Action::Clinic, &words))?;
    }
    Ok(released > 0)
}
