//! Events that could not be judged when they were read, because something was under way: the next read asks
//! about each of them by itself, so that nothing that was told once is lost.

use crate::domain::appointment::Appointment;
use crate::domain::id::{AppointmentId, CalendarId, EventId};
use crate::domain::time::Moment;
use crate::port::store::{Elsewhere, StoreError};
use crate::port::sync::Changes;
use crate::store::column::seconds;
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// What is in the way of another desk's visit is asked about again after so many seconds.
const IN_THE_WAY: i64 = 15;

/// The event is to be read when no operation on the visit is open.
pub(super) fn read(
    conn: &Connection,
    visit: &Appointment,
    event: &EventId,
    now: Moment,
) -> Result<(), StoreError> {
    let id = Some(&visit.appointment_id);
    put(conn, &visit.google_calendar_id, event, id, seconds(now))
}

/// A visit of another desk could not be taken over: it is to be read again after a while.
pub(super) fn adopt(conn: &Connection, met: &Elsewhere, now: Moment) -> Result<(), StoreError> {
    let due = seconds(now) + IN_THE_WAY;
    put(conn, &met.calendar, &met.event, None, due)
}

fn put(
    conn: &Connection,
    calendar: &CalendarId,
    event: &EventId,
    appointment: Option<&AppointmentId>,
    due: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO events_to_read (calendar_id, event_id, appointment_id, due_at)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        calendar.as_str(),
        event.as_str(),
        appointment.map(AppointmentId::as_str),
        due
    ])?;
    Ok(())
}

/// What is to be read now.
pub(super) fn due(
    conn: &Connection,
    calendar: &CalendarId,
    now: Moment,
) -> Result<Vec<EventId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT e.event_id FROM events_to_read e
         WHERE e.calendar_id = ?1 AND e.due_at <= ?2 AND NOT EXISTS (
             SELECT 1 FROM operations o
             WHERE o.appointment_id = e.appointment_id AND o.done_at IS NULL)",
    )?;
    let found = rows.query_map(params![calendar.as_str(), seconds(now)], |row| {
        row.get::<_, String>(0)
    })?;
    let found: Vec<String> = found.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().map(EventId::new).collect())
}

/// What was to be read and is told now: it is judged with what is told, or put down again.
pub(super) fn told(conn: &Connection, changes: &Changes) -> Result<HashSet<EventId>, StoreError> {
    let calendar = changes.calendar.as_str();
    let mut rows =
        conn.prepare_cached("SELECT event_id FROM events_to_read WHERE calendar_id = ?1")?;
    let found = rows.query_map([calendar], |row| row.get::<_, String>(0))?;
    let waiting: HashSet<String> = found.collect::<rusqlite::Result<_>>()?;
    let mut told = HashSet::new();
    for event in &changes.events {
        if waiting.contains(event.id.as_str()) {
            conn.prepare_cached(
                "DELETE FROM events_to_read WHERE calendar_id = ?1 AND event_id = ?2",
            )?
            .execute([calendar, event.id.as_str()])?;
            told.insert(event.id.clone());
        }
    }
    Ok(told)
}
