//! What keeps a doctor's time besides the visits, as the port's [`EntryRecords`] wants it.

use super::appointments;
use super::column::{end_seconds, interval, seconds, word_or_none};
use super::database::Database;
use super::services::buffers;
use super::sync::remotes;
use crate::domain::id::{AppointmentId, CalendarId, DoctorId};
use crate::domain::service::MOST_BUFFER_MINUTES;
use crate::domain::time::Interval;
use crate::domain::why::{CalendarEntry, Held};
use crate::port::entries::EntryRecords;
use crate::port::store::StoreError;
use crate::port::sync::Remote;
use chrono::Duration;
use rusqlite::{Connection, Row, params};

impl EntryRecords for Database {
    fn entries(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<Vec<CalendarEntry>>, StoreError> {
        of_people(&self.conn, calendars, within)
    }

    fn strays(
        &self,
        calendar: &CalendarId,
        within: Interval,
    ) -> Result<Vec<CalendarEntry>, StoreError> {
        strays(&self.conn, calendar, within)
    }

    fn held(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<(DoctorId, Held)>, StoreError> {
        held(&self.conn, doctors, within)
    }
}

fn of_people(
    conn: &Connection,
    calendars: &[CalendarId],
    within: Interval,
) -> Result<Vec<Vec<CalendarEntry>>, StoreError> {
    // 90,000 seconds are the longest day: see `remotes`. Two questions and not one with UNION, which would sort.
    let mut short = conn.prepare_cached(
        "SELECT starts_at, ends_at, all_day, reason, title
         FROM calendar_events INDEXED BY calendar_events_of_people
         WHERE calendar_id = ?1 AND starts_at > ?2 - 90000 AND starts_at < ?3 AND ends_at > ?2
           AND ends_at - starts_at <= 90000 AND appointment_id IS NULL
           AND (reason IS NOT NULL OR all_day = 1)
         ORDER BY starts_at",
    )?;
    let mut long = conn.prepare_cached(
        "SELECT starts_at, ends_at, all_day, reason, title
         FROM calendar_events INDEXED BY calendar_events_long
         WHERE calendar_id = ?1 AND ends_at > ?2 AND starts_at < ?3
           AND ends_at - starts_at > 90000 AND appointment_id IS NULL
           AND (reason IS NOT NULL OR all_day = 1)",
    )?;
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    let mut out = Vec::with_capacity(calendars.len());
    for calendar in calendars {
        let asked = params![calendar.as_str(), from, to];
        let found = long.query_map(asked, entry)?;
        let mut entries: Vec<CalendarEntry> = found.collect::<rusqlite::Result<_>>()?;
        let found = short.query_map(asked, entry)?;
        entries.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
        entries.sort_by_key(|entry| entry.time);
        out.push(entries);
    }
    Ok(out)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<CalendarEntry> {
    Ok(CalendarEntry {
        time: interval(row, 0, 1)?,
        all_day: row.get(2)?,
        reason: word_or_none(row, 3)?,
        title: row.get(4)?,
    })
}

fn strays(
    conn: &Connection,
    calendar: &CalendarId,
    within: Interval,
) -> Result<Vec<CalendarEntry>, StoreError> {
    let mut out = Vec::new();
    for remote in remotes::within(conn, std::slice::from_ref(calendar), within)? {
        let Some(id) = remote
            .appointment
            .as_ref()
            .filter(|_| remote.reason.is_some())
        else {
            continue;
        };
        if !stands(conn, id, &remote)? {
            out.push(CalendarEntry {
                time: remote.time,
                all_day: remote.all_day,
                reason: remote.reason,
                title: String::new(),
            });
        }
    }
    Ok(out)
}

/// Whether the visit stands, or is being moved to, where its event is.
fn stands(conn: &Connection, id: &AppointmentId, remote: &Remote) -> Result<bool, StoreError> {
    let mut held = conn.prepare_cached(
        "SELECT 1 FROM held_times WHERE appointment_id = ?1 AND starts_at = ?2 AND ends_at = ?3",
    )?;
    let (start, end) = (seconds(remote.time.start()), end_seconds(remote.time.end()));
    if held.exists(params![id.as_str(), start, end])? {
        return Ok(true);
    }
    let visit = appointments::one(conn, id)?;
    Ok(visit.is_some_and(|visit| visit.takes_time() && visit.visit == remote.time))
}

fn held(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
) -> Result<Vec<(DoctorId, Held)>, StoreError> {
    // a handful at most
    let mut rows = conn.prepare_cached(
        "SELECT h.doctor_id, h.appointment_id, a.customer_name, h.starts_at, h.ends_at, h.buffer_before,
                h.buffer_after
         FROM held_times h JOIN appointments a ON a.appointment_id = h.appointment_id
         WHERE h.starts_at < ?2 AND h.ends_at > ?1 ORDER BY h.starts_at",
    )?;
    let buffer = Duration::minutes(i64::from(MOST_BUFFER_MINUTES));
    let within = within.widened(buffer, buffer);
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    let found = rows.query_map(params![from, to], |row| {
        let (doctor, appointment): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((
            DoctorId::new(doctor),
            Held {
                appointment_id: AppointmentId::new(appointment),
                customer_name: row.get(2)?,
                time: interval(row, 3, 4)?,
                buffers: buffers(row, 5, 6)?,
            },
        ))
    })?;
    let all: Vec<(DoctorId, Held)> = found.collect::<rusqlite::Result<_>>()?;
    Ok(all
        .into_iter()
        .filter(|(doctor, _)| doctors.is_empty() || doctors.contains(doctor))
        .collect())
}

#[cfg(test)]
#[path = "entries/tests.rs"]
mod tests;
