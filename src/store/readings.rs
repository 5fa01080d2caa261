//! What free/busy said of each calendar, over which stretch, and when.
//!
//! A calendar's time is kept in stretches apart from each other, each with its last successful read.
//! A read cuts its window out of them and puts itself there. What a calendar that cannot be read said
//! before counts no more: its stretches go (its blocks stay, as the last that was known).

use super::column::{end_seconds, interval, moment, seconds};
use crate::domain::id::CalendarId;
use crate::domain::time::{Interval, Moment, merged, subtracted};
use crate::port::query::Reading;
use crate::port::store::{BusyBlock, CalendarRead, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// Busy blocks that meet the stretch: calendar by calendar as asked for, by start.
pub(super) fn busy(
    conn: &Connection,
    calendars: &[CalendarId],
    within: Interval,
) -> Result<Vec<BusyBlock>, StoreError> {
    let (mut out, mut seen) = (Vec::new(), HashSet::new());
    for calendar in calendars.iter().filter(|c| seen.insert(c.as_str())) {
        let blocks = blocks(conn, calendar, within)?;
        out.extend(blocks.into_iter().map(|interval| BusyBlock {
            calendar: calendar.clone(),
            interval,
        }));
    }
    Ok(out)
}

/// How well each calendar is known over the stretch.
pub(super) fn readings(
    conn: &Connection,
    calendars: &[CalendarId],
    within: Interval,
    fresh_since: Moment,
) -> Result<Vec<Reading>, StoreError> {
    let reading = |calendar: &CalendarId| {
        let error = last_try(conn, calendar)?.and_then(|t| t.error.map(|words| (t.at, words)));
        let read = stretches(conn, calendar, within)?;
        let covered = merged(read.iter().map(|(stretch, _)| *stretch).collect());
        let all = covered.iter().any(|stretch| stretch.covers(&within));
        let oldest = read.iter().map(|(_, at)| *at).min();
        Ok(match oldest.filter(|_| all) {
            Some(at) if at >= fresh_since => Reading::Live { at },
            Some(at) => Reading::Stale {
                at,
                error: error.map(|(_, words)| words),
            },
            None => Reading::Unknown { error },
        })
    };
    calendars.iter().map(reading).collect()
}

/// Stores what a read brought; true if anything but the time of reading changed.
pub(super) fn record(
    conn: &Connection,
    now: Moment,
    window: Interval,
    reads: &[CalendarRead],
) -> Result<bool, StoreError> {
    let mut changed = false;
    for read in reads {
        let before = last_try(conn, &read.calendar)?;
        let before = before.and_then(|t| t.error.map(|error| (error, t.unknown)));
        match &read.result {
            Ok(busy) => {
                changed |= replace_blocks(conn, &read.calendar, window, busy)?;
                changed |= replace_stretches(conn, &read.calendar, window, now)?;
                changed |= before.is_some();
                note_try(conn, &read.calendar, now, None)?;
            }
            Err((why, unknown)) => {
                if *unknown {
                    changed |= conn
                        .prepare_cached("DELETE FROM calendar_reads WHERE calendar_id = ?1")?
                        .execute([read.calendar.as_str()])?
                        > 0;
                }
                // it stays unknown until it is read, whatever comes between
                let unknown = *unknown || before.as_ref().is_some_and(|(_, was)| *was);
                let error = (why.clone(), unknown);
                // as before: since when it fails so is worth more than when it failed last
                if before.as_ref() != Some(&error) {
                    changed = true;
                    note_try(conn, &read.calendar, now, Some(&error))?;
                }
            }
        }
    }
    Ok(changed)
}

struct Try {
    at: Moment,
    error: Option<String>,
    unknown: bool,
}

fn last_try(conn: &Connection, calendar: &CalendarId) -> Result<Option<Try>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT tried_at, error, unknown FROM calendar_tries WHERE calendar_id = ?1",
    )?;
    let found = rows.query_row([calendar.as_str()], |row| {
        Ok(Try {
            at: moment(row, 0)?,
            error: row.get(1)?,
            unknown: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

fn note_try(
    conn: &Connection,
    calendar: &CalendarId,
    now: Moment,
    error: Option<&(String, bool)>,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO calendar_tries (calendar_id, tried_at, error, unknown) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (calendar_id) DO UPDATE
         SET tried_at = excluded.tried_at, error = excluded.error, unknown = excluded.unknown",
    )?
    .execute(params![
        calendar.as_str(),
        seconds(now),
        error.map(|(words, _)| words),
        error.is_some_and(|(_, unknown)| *unknown)
    ])?;
    Ok(())
}

/// Blocks of a calendar that meet the stretch. They are apart, so at most one begins before it.
fn blocks(
    conn: &Connection,
    calendar: &CalendarId,
    within: Interval,
) -> Result<Vec<Interval>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT starts_at, ends_at FROM busy_blocks
         WHERE calendar_id = ?1 AND ends_at > ?2 AND starts_at < ?3
           AND starts_at >= coalesce((SELECT max(starts_at) FROM busy_blocks
                                      WHERE calendar_id = ?1 AND starts_at <= ?2), ?2)
         ORDER BY starts_at",
    )?;
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    let rows = rows.query_map(params![calendar.as_str(), from, to], |row| {
        interval(row, 0, 1)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn replace_blocks(
    conn: &Connection,
    calendar: &CalendarId,
    window: Interval,
    busy: &[Interval],
) -> Result<bool, StoreError> {
    let old = blocks(conn, calendar, window)?;
    let clip = |list: &[Interval]| {
        let inside = list.iter().filter_map(|i| whole(i.shared(&window)?));
        merged(inside.collect())
    };
    let new = clip(busy);
    if clip(&old) == new {
        return Ok(false);
    }
    let mut delete =
        conn.prepare_cached("DELETE FROM busy_blocks WHERE calendar_id = ?1 AND starts_at = ?2")?;
    for block in &old {
        delete.execute(params![calendar.as_str(), seconds(block.start())])?;
    }
    let outside = subtracted(&old, &[window]);
    let mut insert = conn.prepare_cached(
        "INSERT INTO busy_blocks (calendar_id, starts_at, ends_at) VALUES (?1, ?2, ?3)",
    )?;
    for block in outside.iter().chain(&new) {
        let (start, end) = (seconds(block.start()), end_seconds(block.end()));
        insert.execute(params![calendar.as_str(), start, end])?;
    }
    Ok(true)
}

/// The stretch in whole seconds.
fn whole(stretch: Interval) -> Option<Interval> {
    let at = |seconds| chrono::DateTime::from_timestamp(seconds, 0);
    let (start, end) = (seconds(stretch.start()), end_seconds(stretch.end()));
    Interval::new(at(start)?, at(end)?).ok()
}

/// Stretches of a calendar that were read and meet the window, with when.
fn stretches(
    conn: &Connection,
    calendar: &CalendarId,
    window: Interval,
) -> Result<Vec<(Interval, Moment)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT window_start, window_end, read_at FROM calendar_reads
         WHERE calendar_id = ?1 AND window_end > ?2 AND window_start < ?3 ORDER BY window_start",
    )?;
    let (from, to) = (seconds(window.start()), end_seconds(window.end()));
    let rows = rows.query_map(params![calendar.as_str(), from, to], |row| {
        Ok((interval(row, 0, 1)?, moment(row, 2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts the window among the stretches; true if part of it was not known before.
fn replace_stretches(
    conn: &Connection,
    calendar: &CalendarId,
    window: Interval,
    now: Moment,
) -> Result<bool, StoreError> {
    let Some(window) = whole(window) else {
        return Ok(false);
    };
    let old = stretches(conn, calendar, window)?;
    let known = merged(old.iter().map(|(stretch, _)| *stretch).collect());
    let new_ground = !subtracted(&[window], &known).is_empty();
    let mut delete = conn.prepare_cached(
        "DELETE FROM calendar_reads WHERE calendar_id = ?1 AND window_start = ?2",
    )?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO calendar_reads (calendar_id, window_start, window_end, read_at)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut put = |stretch: Interval, at: Moment| {
        let (start, end) = (seconds(stretch.start()), seconds(stretch.end()));
        insert.execute(params![calendar.as_str(), start, end, seconds(at)])
    };
    for (stretch, _) in &old {
        delete.execute(params![calendar.as_str(), seconds(stretch.start())])?;
    }
    for (stretch, at) in &old {
        for rest in subtracted(&[*stretch], &[window]) {
            put(rest, *at)?;
        }
    }
    put(window, now)?;
    Ok(new_ground)
}

#[cfg(test)]
#[path = "readings/tests.rs"]
mod tests;
