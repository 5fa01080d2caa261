//! Every event that is known to be in a calendar, one row each.
//!
//! Nearly all of them end within a day of their start, so those of a stretch are found near it; the few that last
//! longer than 90,000 seconds (25 hours: the day on which the clock is put back) have an index of their own.

use crate::domain::blocks::Reason;
use crate::domain::id::{AppointmentId, CalendarId, Etag, EventId};
use crate::domain::time::Interval;
use crate::port::store::StoreError;
use crate::port::sync::Remote;
use crate::store::column::{
    Word, end_seconds, interval, moment_or_none, seconds, text, text_or_none, words,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashSet;

words! { Reason:
    Visit => "visit",
    Claim => "claim",
    Private => "private",
    OutOfOffice => "out_of_office",
    FocusTime => "focus_time",
    AllDay => "all_day",
}

macro_rules! columns {
    () => {
        "calendar_id, event_id, etag, starts_at, ends_at, all_day, reason, title, updated_at, appointment_id"
    };
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Remote> {
    let reason = text_or_none(row, 6)?.and_then(Reason::from_word);
    Ok(Remote {
        calendar: CalendarId::new(text(row, 0)?),
        event: EventId::new(text(row, 1)?),
        etag: text_or_none(row, 2)?.map(Etag::new),
        time: interval(row, 3, 4)?,
        all_day: row.get(5)?,
        reason,
        title: row.get(7)?,
        updated: moment_or_none(row, 8)?,
        appointment: text_or_none(row, 9)?.map(AppointmentId::new),
    })
}

/// What is known of the calendars' events that meet the stretch, by calendar and start.
pub(in crate::store) fn within(
    conn: &Connection,
    calendars: &[CalendarId],
    within: Interval,
) -> Result<Vec<Remote>, StoreError> {
    let mut rows = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM calendar_events INDEXED BY calendar_events_by_time
         WHERE calendar_id = ?1 AND starts_at > ?2 - 90000 AND starts_at < ?3 AND ends_at > ?2
           AND ends_at - starts_at <= 90000
         UNION ALL
         SELECT ",
        columns!(),
        " FROM calendar_events INDEXED BY calendar_events_long
         WHERE calendar_id = ?1 AND ends_at > ?2 AND starts_at < ?3 AND ends_at - starts_at > 90000
         ORDER BY starts_at, event_id"
    ))?;
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    for calendar in calendars.iter().filter(|c| seen.insert(c.as_str())) {
        let (from, until) = (seconds(within.start()), end_seconds(within.end()));
        let found = rows.query_map(params![calendar.as_str(), from, until], decode)?;
        for remote in found {
            out.push(remote?);
        }
    }
    Ok(out)
}

/// One event.
pub(in crate::store) fn one(
    conn: &Connection,
    calendar: &CalendarId,
    event: &EventId,
) -> Result<Option<Remote>, StoreError> {
    let mut rows = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM calendar_events WHERE calendar_id = ?1 AND event_id = ?2"
    ))?;
    let found = rows.query_row([calendar.as_str(), event.as_str()], decode);
    Ok(found.optional()?)
}

/// Puts a row in, or in the place of the one that was known.
pub(in crate::store) fn put(conn: &Connection, remote: &Remote) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO calendar_events (calendar_id, event_id, etag, starts_at, ends_at, all_day,
                reason, title, updated_at, appointment_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        remote.calendar.as_str(),
        remote.event.as_str(),
        remote.etag.as_ref().map(Etag::as_str),
        seconds(remote.time.start()),
        end_seconds(remote.time.end()),
        remote.all_day,
        remote.reason.map(Word::word),
        remote.title,
        remote.updated.map(seconds),
        remote.appointment.as_ref().map(AppointmentId::as_str),
    ])?;
    Ok(())
}

/// The event is not in the calendar any more.
pub(in crate::store) fn forget(
    conn: &Connection,
    calendar: &CalendarId,
    event: &EventId,
) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM calendar_events WHERE calendar_id = ?1 AND event_id = ?2")?
        .execute([calendar.as_str(), event.as_str()])?;
    Ok(())
}

#[cfg(test)]
#[path = "remotes/tests.rs"]
mod tests;
