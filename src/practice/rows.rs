//! The table of events: every statement about it is here.

use chrono_tz::Tz;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Row, Statement, Transaction, params,
};
use serde_json::{Map, Value};

use super::calendars::Calendar;
use super::event::{self, CANCELLED, DAY, RECURRING, Record};
use super::refusal::Refusal;

/// An event as stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: String,
    pub base: Option<String>,
    pub change: i64,
    pub updated_ms: i64,
    pub status: i64,
    pub reach: i64,
    pub start_at: i64,
    pub end_at: i64,
    pub body: String,
}

const COLUMNS: &str = "id, base, change, updated_ms, status, reach, start_at, end_at, body";

impl Stored {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            base: row.get(1)?,
            change: row.get(2)?,
            updated_ms: row.get(3)?,
            status: row.get(4)?,
            reach: row.get(5)?,
            start_at: row.get(6)?,
            end_at: row.get(7)?,
            body: row.get(8)?,
        })
    }

    pub fn map(&self) -> Result<Map<String, Value>, Refusal> {
        Ok(serde_json::from_str(&self.body)?)
    }

    pub fn is_recurring(&self) -> bool {
        self.reach == RECURRING
    }

    pub fn is_cancelled(&self) -> bool {
        self.status == CANCELLED
    }
}

/// The events that a search is about: those that end after `from` and start before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub from: i64,
    pub to: i64,
}

impl Window {
    pub fn takes(self, start: i64, end: i64) -> bool {
        start < self.to && end > self.from
    }
}

pub(super) fn find(conn: &Connection, calendar: i64, id: &str) -> Result<Option<Stored>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE calendar = ?1 AND id = ?2");
    let mut find = conn.prepare_cached(&sql)?;
    Ok(find
        .query_row(params![calendar, id], Stored::of)
        .optional()?)
}

fn collect(
    conn: &Connection,
    filter: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Stored>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE {filter}");
    let mut select = conn.prepare_cached(&sql)?;
    let rows = select.query_map(values, Stored::of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Events in a window that do not recur, found by time.
pub(super) fn single_in(
    conn: &Connection,
    calendar: i64,
    window: Window,
) -> Result<Vec<Stored>, Refusal> {
    let Window { from, to } = window;
    let mut found = collect(
        conn,
        "calendar = ?1 AND reach = 0 AND start_at >= ?2 AND start_at < ?3 AND end_at > ?4",
        params![calendar, from.saturating_sub(DAY), to, from],
    )?;
    found.extend(collect(
        conn,
        "calendar = ?1 AND reach = 1 AND start_at < ?2 AND end_at > ?3",
        params![calendar, to, from],
    )?);
    Ok(found)
}

/// Events that do not recur, in the order of their ids, behind `after`.
pub(super) fn single_behind(
    conn: &Connection,
    calendar: i64,
    window: Window,
    after: &str,
    limit: usize,
) -> Result<Vec<Stored>, Refusal> {
    collect(
        conn,
        "calendar = ?1 AND id > ?2 AND +reach < 2 AND +start_at < ?3 AND +end_at > ?4
         ORDER BY id LIMIT ?5",
        params![
            calendar,
            after,
            window.to,
            window.from,
            i64::try_from(limit).unwrap_or(i64::MAX)
        ],
    )
}

/// Recurring events with an instance that may fall into the window.
pub(super) fn recurring_in(
    conn: &Connection,
    calendar: i64,
    window: Window,
) -> Result<Vec<Stored>, Refusal> {
    collect(
        conn,
        "calendar = ?1 AND reach = 2 AND start_at < ?2 AND end_at > ?3",
        params![calendar, window.to, window.from],
    )
}

pub(super) fn by_ical_uid(
    conn: &Connection,
    calendar: i64,
    uid: &str,
) -> Result<Vec<Stored>, Refusal> {
    let mut found = collect(
        conn,
        "calendar = ?1 AND ical_uid = ?2",
        params![calendar, uid],
    )?;
    if let Some(id) = uid.strip_suffix("@google.com")
        && let Some(usual) = find(conn, calendar, id)?
    {
        found.push(usual);
    }
    Ok(found)
}

/// Events changed after `since` and up to `until`, oldest change first.
pub(super) fn changed(
    conn: &Connection,
    calendar: i64,
    (since, until): (i64, i64),
    limit: usize,
) -> Result<Vec<Stored>, Refusal> {
    collect(
        conn,
        "calendar = ?1 AND change > ?2 AND change <= ?3 ORDER BY change LIMIT ?4",
        params![
            calendar,
            since,
            until,
            i64::try_from(limit).unwrap_or(i64::MAX)
        ],
    )
}

/// The instances of `base` that depart from it (changed or cancelled).
pub(super) fn departures(
    conn: &Connection,
    calendar: i64,
    base: &str,
) -> Result<Vec<Stored>, Refusal> {
    collect(conn, "calendar = ?1 AND base = ?2", params![calendar, base])
}

/// When the instances that depart from `base` would have begun.
pub(super) fn departed(conn: &Connection, calendar: i64, base: &str) -> Result<Vec<i64>, Refusal> {
    let mut select = conn.prepare_cached(
        "SELECT original_at FROM event WHERE calendar = ?1 AND base = ?2 ORDER BY original_at",
    )?;
    let starts = select.query_map(params![calendar, base], |row| row.get(0))?;
    Ok(starts.collect::<rusqlite::Result<_>>()?)
}

const INSERT: &str = "INSERT INTO event (calendar, id, base, original_at, change, updated_ms,
    status, blocks, reach, start_at, end_at, ical_uid, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

const OVER: &str = " ON CONFLICT (calendar, id) DO UPDATE SET base = excluded.base,
    original_at = excluded.original_at, change = excluded.change,
    updated_ms = excluded.updated_ms, status = excluded.status, blocks = excluded.blocks,
    reach = excluded.reach, start_at = excluded.start_at, end_at = excluded.end_at,
    ical_uid = excluded.ical_uid, body = excluded.body";

/// Writes an event, new or over its older self.
pub(super) fn put(tx: &Transaction<'_>, calendar: i64, record: &Record) -> Result<(), Refusal> {
    let mut put = tx.prepare_cached(&format!("{INSERT}{OVER}"))?;
    write(&mut put, calendar, record)?;
    Ok(())
}

/// Writes a new event; a duplicate if its id is taken.
pub(super) fn add(tx: &Transaction<'_>, calendar: i64, record: &Record) -> Result<(), Refusal> {
    let mut add = tx.prepare_cached(INSERT)?;
    match write(&mut add, calendar, record) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(Refusal::duplicate())
        }
        written => Ok(written?),
    }
}

fn write(statement: &mut Statement<'_>, calendar: i64, record: &Record) -> rusqlite::Result<()> {
    let body = serde_json::to_string(&record.body).unwrap_or_default();
    statement.execute(params![
        calendar,
        record.id,
        record.base,
        record.original_at,
        record.change,
        record.updated_ms,
        record.status,
        record.blocks,
        record.reach,
        record.start_at,
        record.end_at,
        record.ical_uid,
        body,
    ])?;
    Ok(())
}

/// Keeps what a recurring event was until `change`.
pub(super) fn keep_former(
    tx: &Transaction<'_>,
    calendar: i64,
    old: &Stored,
    change: i64,
) -> Result<(), Refusal> {
    let mut keep = tx.prepare_cached(
        "INSERT INTO former (calendar, id, change, body) VALUES (?1, ?2, ?3, ?4)",
    )?;
    keep.execute(params![calendar, old.id, change, old.body])?;
    Ok(())
}

/// What a recurring event was at change `since`, if its times or rule have changed after it.
pub(super) fn former(
    conn: &Connection,
    calendar: i64,
    id: &str,
    since: i64,
) -> Result<Option<String>, Refusal> {
    let mut find = conn.prepare_cached(
        "SELECT body FROM former WHERE calendar = ?1 AND id = ?2 AND change > ?3
         ORDER BY change LIMIT 1",
    )?;
    let found = find.query_row(params![calendar, id, since], |row| row.get(0));
    Ok(found.optional()?)
}

/// Works out again when the calendar's events begin, after its zone has changed.
pub(super) fn resettle(tx: &Transaction<'_>, calendar: &Calendar) -> Result<(), Refusal> {
    let all = collect(tx, "calendar = ?1", params![calendar.number])?;
    let mut update = tx.prepare_cached(
        "UPDATE event SET start_at = ?3, end_at = ?4, original_at = ?5, body = ?6
         WHERE calendar = ?1 AND id = ?2",
    )?;
    for stored in all {
        let mut body = stored.map()?;
        event::in_zone(&mut body, Tz::UTC, calendar.zone);
        let (start, end) = event::times(&body, calendar.zone)?;
        let start_at = start.seconds(calendar.zone);
        let end_at = if stored.is_recurring() {
            stored.end_at
        } else {
            end.seconds(calendar.zone)
        };
        let original = super::when::When::parse(
            body.get("originalStartTime"),
            "original",
            calendar.zone,
            false,
        );
        let original = original
            .ok()
            .map(|original| original.seconds(calendar.zone));
        let body = serde_json::to_string(&body)?;
        update.execute(params![
            calendar.number,
            stored.id,
            start_at,
            end_at,
            original,
            body
        ])?;
    }
    Ok(())
}
