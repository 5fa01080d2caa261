//! Appointments: the row and its way in and out; what is asked of many at once stands in `lists`.

mod lists;

use super::column::{
    Word, end_seconds, interval, moment, moment_or_none, seconds, text, text_or_none, word, zone,
};
use super::services::buffers;
use crate::domain::appointment::Appointment;
use crate::domain::id::{AppointmentId, Etag, EventId, ServiceId};
use crate::port::store::StoreError;
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};

pub(super) use lists::{
    between, last_visit, like, next_visit, of_customer, seen_before, starts, taken,
};

/// The columns of `appointments a` in the order that [`decode`] reads them in.
macro_rules! columns {
    () => {
        "a.appointment_id, a.customer_id, a.customer_name, a.doctor_id, a.doctor_name, \
         a.google_calendar_id, a.google_event_id, a.etag, a.service_id, a.service_name, a.starts_at, \
         a.ends_at, a.buffer_before, a.buffer_after, a.zone, a.status, a.sync_state, a.source, \
         a.reason, a.rev, a.attempt, a.created_at, a.created_by, a.cancelled_at, \
         a.cancellation_reason"
    };
}
pub(super) use columns;

/// How many columns that are.
pub(super) const COLUMNS: usize = 25;

/// One appointment.
pub(super) fn one(
    conn: &Connection,
    id: &AppointmentId,
) -> Result<Option<Appointment>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a WHERE a.appointment_id = ?1"
    );
    let mut rows = conn.prepare_cached(sql)?;
    Ok(rows.query_row([id.as_str()], decode).optional()?)
}

/// One appointment that must exist.
pub(super) fn known(conn: &Connection, id: &AppointmentId) -> Result<Appointment, StoreError> {
    one(conn, id)?.ok_or(StoreError::NotFound("appointment"))
}

/// The appointment at a place where one stands.
pub(super) fn at_place(conn: &Connection, place: i64) -> Result<Appointment, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a WHERE a.place = ?1"
    );
    Ok(conn.query_row(sql, [place], decode)?)
}

/// How many places a second has: see the schema.
const SECOND: i64 = 1 << 16;

/// The first place at which a visit can stand that starts at this second.
pub(super) fn first_place(start: i64) -> i64 {
    start * SECOND
}

/// The place for one more visit that starts at this second.
pub(super) fn free_place(conn: &Connection, start: i64) -> Result<i64, StoreError> {
    let first = first_place(start);
    let mut rows =
        conn.prepare_cached("SELECT max(place) FROM appointments WHERE place BETWEEN ?1 AND ?2")?;
    let last: Option<i64> = rows.query_row([first, first + SECOND - 1], |row| row.get(0))?;
    Ok(last.map_or(first, |last| last + 1))
}

/// The statement that writes a new row with [`insert_at`].
pub(super) const INSERT: &str = "INSERT INTO appointments
    (appointment_id, customer_id, customer_name, doctor_id, doctor_name, google_calendar_id,
     google_event_id, etag, service_id, service_name, starts_at, ends_at, buffer_before,
     buffer_after, zone, status, sync_state, source, reason, rev, attempt, created_at, created_by,
     cancelled_at, cancellation_reason, place)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
            ?20, ?21, ?22, ?23, ?24, ?25, ?26)";

/// Writes a new row. The trigger refuses one that overlaps.
pub(super) fn insert(conn: &Connection, appointment: &Appointment) -> Result<(), StoreError> {
    let place = free_place(conn, seconds(appointment.visit.start()))?;
    let mut insert = conn.prepare_cached(INSERT)?;
    Ok(insert_at(&mut insert, appointment, place)?)
}

/// Writes a new row at its place with the statement [`INSERT`].
pub(super) fn insert_at(
    insert: &mut Statement<'_>,
    a: &Appointment,
    place: i64,
) -> rusqlite::Result<()> {
    insert.execute(params![
        a.appointment_id.as_str(),
        a.customer_id.as_str(),
        a.customer_name,
        a.doctor_id.as_str(),
        a.doctor_name,
        a.google_calendar_id.as_str(),
        a.google_event_id.as_ref().map(EventId::as_str),
        a.etag.as_ref().map(Etag::as_str),
        a.service_id.as_ref().map(ServiceId::as_str),
        a.service_name,
        seconds(a.visit.start()),
        end_seconds(a.visit.end()),
        a.buffers.before(),
        a.buffers.after(),
        a.zone.name(),
        a.status.word(),
        a.sync_state.word(),
        a.source.word(),
        a.reason,
        a.rev,
        a.attempt,
        seconds(a.created_at),
        a.created_by,
        a.cancelled_at.map(seconds),
        a.cancellation_reason,
        place
    ])?;
    Ok(())
}

/// Writes what may change about an appointment: everything but who comes, to whom, what for, where
/// it came from. The mark `in_conflict` stays as it is. The trigger refuses new times that overlap.
pub(super) fn save(conn: &Connection, a: &Appointment) -> Result<(), StoreError> {
    let start = seconds(a.visit.start());
    let mut rows =
        conn.prepare_cached("SELECT place FROM appointments WHERE appointment_id = ?1")?;
    let mut place: i64 = rows.query_row([a.appointment_id.as_str()], |row| row.get(0))?;
    if !(first_place(start)..first_place(start + 1)).contains(&place) {
        place = free_place(conn, start)?;
    }
    conn.prepare_cached(
        "UPDATE appointments SET starts_at = ?2, ends_at = ?3, google_event_id = ?4, etag = ?5,
             status = ?6, sync_state = ?7, rev = ?8, attempt = ?9, cancelled_at = ?10,
             cancellation_reason = ?11, place = ?12, google_calendar_id = ?13
         WHERE appointment_id = ?1",
    )?
    .execute(params![
        a.appointment_id.as_str(),
        start,
        end_seconds(a.visit.end()),
        a.google_event_id.as_ref().map(EventId::as_str),
        a.etag.as_ref().map(Etag::as_str),
        a.status.word(),
        a.sync_state.word(),
        a.rev,
        a.attempt,
        a.cancelled_at.map(seconds),
        a.cancellation_reason,
        place,
        a.google_calendar_id.as_str()
    ])?;
    Ok(())
}

/// Reads a row that begins with the columns of `columns!`.
pub(super) fn decode(row: &Row<'_>) -> rusqlite::Result<Appointment> {
    Ok(Appointment {
        appointment_id: text(row, 0)?.into(),
        customer_id: text(row, 1)?.into(),
        customer_name: row.get(2)?,
        doctor_id: text(row, 3)?.into(),
        doctor_name: row.get(4)?,
        google_calendar_id: text(row, 5)?.into(),
        google_event_id: text_or_none(row, 6)?.map(Into::into),
        etag: text_or_none(row, 7)?.map(Into::into),
        service_id: text_or_none(row, 8)?.map(Into::into),
        service_name: row.get(9)?,
        visit: interval(row, 10, 11)?,
        buffers: buffers(row, 12, 13)?,
        zone: zone(row, 14)?,
        status: word(row, 15)?,
        sync_state: word(row, 16)?,
        source: word(row, 17)?,
        reason: row.get(18)?,
        rev: row.get(19)?,
        attempt: row.get(20)?,
        created_at: moment(row, 21)?,
        created_by: row.get(22)?,
        cancelled_at: moment_or_none(row, 23)?,
        cancellation_reason: row.get(24)?,
    })
}

#[cfg(test)]
#[path = "appointments/tests.rs"]
mod tests;
