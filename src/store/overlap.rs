//! No two visits of a doctor conflict, unless a person made it so in Google.
//!
//! The triggers of the schema see to it; this looks first, so that the refusal can name the other visit,
//! and keeps the mark of those that stand in another's time all the same.

use super::appointments::{columns, decode};
use super::column::{end_seconds, seconds};
use crate::domain::appointment::Appointment;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::service::{Buffers, MOST_BUFFER_MINUTES};
use crate::domain::time::Interval;
use crate::port::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

/// The longest visit, in seconds.
const LONGEST: i64 = 86_400;

/// The first other visit of the doctor that conflicts with these times, or is being moved into them.
pub(super) fn first(
    conn: &Connection,
    id: &AppointmentId,
    doctor: &DoctorId,
    visit: Interval,
    buffers: Buffers,
) -> Result<Option<Appointment>, StoreError> {
    // the same condition as in the triggers
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_by_doctor
         WHERE a.doctor_id = ?1 AND a.starts_at > ?2 AND a.starts_at < ?3
           AND a.status IN ('pending', 'confirmed') AND a.appointment_id <> ?4
           AND ((?5 < a.ends_at + 60 * a.buffer_after AND a.starts_at - 60 * a.buffer_before < ?6)
             OR (a.starts_at < ?6 + 60 * ?8 AND ?5 - 60 * ?7 < a.ends_at))
         ORDER BY a.starts_at LIMIT 1"
    );
    let (start, end) = (seconds(visit.start()), end_seconds(visit.end()));
    let buffer = 60 * i64::from(MOST_BUFFER_MINUTES);
    let mut rows = conn.prepare_cached(sql)?;
    let found = rows.query_row(
        params![
            doctor.as_str(),
            start - LONGEST - buffer,
            end + buffer,
            id.as_str(),
            start,
            end,
            buffers.before(),
            buffers.after()
        ],
        decode,
    );
    match found.optional()? {
        Some(other) => Ok(Some(other)),
        None => first_moving(conn, id, doctor, visit, buffers),
    }
}

/// The first other visit that is being moved to a time that conflicts with these.
fn first_moving(
    conn: &Connection,
    id: &AppointmentId,
    doctor: &DoctorId,
    visit: Interval,
    buffers: Buffers,
) -> Result<Option<Appointment>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM held_times h JOIN appointments a ON a.appointment_id = h.appointment_id
         WHERE h.doctor_id = ?1 AND h.appointment_id <> ?2
           AND ((?3 < h.ends_at + 60 * h.buffer_after AND h.starts_at - 60 * h.buffer_before < ?4)
             OR (h.starts_at < ?4 + 60 * ?6 AND ?3 - 60 * ?5 < h.ends_at))
         ORDER BY h.starts_at LIMIT 1"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let found = rows.query_row(
        params![
            doctor.as_str(),
            id.as_str(),
            seconds(visit.start()),
            end_seconds(visit.end()),
            buffers.before(),
            buffers.after()
        ],
        decode,
    );
    Ok(found.optional()?)
}

/// The first other visit that stands in this one's time.
pub(super) fn with(
    conn: &Connection,
    appointment: &Appointment,
) -> Result<Option<Appointment>, StoreError> {
    first(
        conn,
        &appointment.appointment_id,
        &appointment.doctor_id,
        appointment.visit,
        appointment.buffers,
    )
}

/// Marks a visit as standing in another's time, or no longer.
pub(super) fn mark(conn: &Connection, id: &AppointmentId, on: bool) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE appointments SET in_conflict = ?2 WHERE appointment_id = ?1")?
        .execute(params![id.as_str(), on])?;
    Ok(())
}

/// After time of a doctor was given free: takes the mark from those that stand in nobody's time now.
pub(super) fn release(conn: &Connection, doctor: &DoctorId) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_in_conflict
         WHERE a.doctor_id = ?1 AND a.in_conflict = 1"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let marked: Vec<Appointment> = rows
        .query_map([doctor.as_str()], decode)?
        .collect::<rusqlite::Result<_>>()?;
    for appointment in marked {
        if !appointment.takes_time() || with(conn, &appointment)?.is_none() {
            mark(conn, &appointment.appointment_id, false)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "overlap/tests.rs"]
mod tests;
