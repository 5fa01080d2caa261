//! No two visits of a doctor conflict, unless a person made it so in Google.
//!
//! The triggers of the schema see to it; this looks first, so that the refusal can name the other visit,
//! and keeps the mark of those that stand in another's time all the same.

use super::appointments::{columns, decode};
use super::column::{end_seconds, seconds};
use super::repair;
use crate::domain::appointment::Appointment;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::service::{Buffers, MOST_BUFFER_MINUTES};
use crate::domain::time::Interval;
use crate::port::store::{Stamp, StoreError};
use rusqlite::{Connection, params};

/// The longest visit, in seconds.
const LONGEST: i64 = 86_400;

/// The other visits of the doctor that conflict with these times, and then those that are being moved into
/// them.
pub(super) fn all(
    conn: &Connection,
    id: &AppointmentId,
    doctor: &DoctorId,
    visit: Interval,
    buffers: Buffers,
) -> Result<Vec<Appointment>, StoreError> {
    // the same condition as in the triggers
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_by_doctor
         WHERE a.doctor_id = ?1 AND a.starts_at > ?2 AND a.starts_at < ?3
           AND a.status IN ('pending', 'confirmed') AND a.appointment_id <> ?4
           AND ((?5 < a.ends_at + 60 * a.buffer_after AND a.starts_at - 60 * a.buffer_before < ?6)
             OR (a.starts_at < ?6 + 60 * ?8 AND ?5 - 60 * ?7 < a.ends_at))
         ORDER BY a.starts_at"
    );
    let (start, end) = (seconds(visit.start()), end_seconds(visit.end()));
    let buffer = 60 * i64::from(MOST_BUFFER_MINUTES);
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map(
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
    )?;
    let mut others: Vec<Appointment> = rows.collect::<rusqlite::Result<_>>()?;
    others.extend(moving(conn, id, doctor, visit, buffers)?);
    Ok(others)
}

/// The other visits that are being moved to a time that conflicts with these.
fn moving(
    conn: &Connection,
    id: &AppointmentId,
    doctor: &DoctorId,
    visit: Interval,
    buffers: Buffers,
) -> Result<Vec<Appointment>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM held_times h JOIN appointments a ON a.appointment_id = h.appointment_id
         WHERE h.doctor_id = ?1 AND h.appointment_id <> ?2
           AND ((?3 < h.ends_at + 60 * h.buffer_after AND h.starts_at - 60 * h.buffer_before < ?4)
             OR (h.starts_at < ?4 + 60 * ?6 AND ?3 - 60 * ?5 < h.ends_at))
         ORDER BY h.starts_at"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map(
        params![
            doctor.as_str(),
            id.as_str(),
            seconds(visit.start()),
            end_seconds(visit.end()),
            buffers.before(),
            buffers.after()
        ],
        decode,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first other visit that has these times, or is being moved into them.
pub(super) fn first(
    conn: &Connection,
    id: &AppointmentId,
    doctor: &DoctorId,
    visit: Interval,
    buffers: Buffers,
) -> Result<Option<Appointment>, StoreError> {
    let others = all(conn, id, doctor, visit, buffers)?;
    Ok(others.into_iter().next())
}

/// The other visits that stand in this one's time.
pub(super) fn of(
    conn: &Connection,
    appointment: &Appointment,
) -> Result<Vec<Appointment>, StoreError> {
    all(
        conn,
        &appointment.appointment_id,
        &appointment.doctor_id,
        appointment.visit,
        appointment.buffers,
    )
}

/// The first of them.
pub(super) fn with(
    conn: &Connection,
    appointment: &Appointment,
) -> Result<Option<Appointment>, StoreError> {
    Ok(of(conn, appointment)?.into_iter().next())
}

/// Marks a visit as standing in another's time, or no longer.
pub(super) fn mark(conn: &Connection, id: &AppointmentId, on: bool) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE appointments SET in_conflict = ?2 WHERE appointment_id = ?1")?
        .execute(params![id.as_str(), on])?;
    Ok(())
}

/// After time of a doctor was given free: takes the mark from those that stand in nobody's time now, and
/// out of repair what was there for that.
pub(super) fn release(
    conn: &Connection,
    stamp: &Stamp,
    doctor: &DoctorId,
) -> Result<(), StoreError> {
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
            repair::no_conflict(conn, stamp, appointment)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "overlap/tests.rs"]
mod tests;
