//! Idempotency keys: the same key with the same parameters answers with the same appointment.

use super::column::seconds;
use crate::domain::id::AppointmentId;
use crate::domain::time::Moment;
use crate::port::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

/// How long a key is remembered, in seconds: seven days.
const REMEMBERED: i64 = 7 * 86_400;

/// Forgets keys that are too old.
pub(super) fn purge(conn: &Connection, now: Moment) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM idempotency_keys WHERE created_at < ?1")?
        .execute([seconds(now) - REMEMBERED])?;
    Ok(())
}

/// The appointment of a key, if the key is known; refused if it was used for something else.
pub(super) fn find(
    conn: &Connection,
    key: &str,
    fingerprint: &str,
    now: Moment,
) -> Result<Option<AppointmentId>, StoreError> {
    let found: Option<(String, String)> = conn
        .prepare_cached(
            "SELECT fingerprint, appointment_id FROM idempotency_keys
             WHERE key = ?1 AND created_at >= ?2",
        )?
        .query_row(params![key, seconds(now) - REMEMBERED], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    match found {
        Some((known, _)) if known != fingerprint => Err(StoreError::KeyReused),
        found => Ok(found.map(|(_, appointment)| appointment.into())),
    }
}

/// Remembers a key.
pub(super) fn remember(
    conn: &Connection,
    key: &str,
    fingerprint: &str,
    appointment: &AppointmentId,
    now: Moment,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO idempotency_keys (key, fingerprint, appointment_id, created_at)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        key,
        fingerprint,
        appointment.as_str(),
        seconds(now)
    ])?;
    Ok(())
}
