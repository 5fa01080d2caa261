//! The methods of `events`, and what they share: finding the event that an id means.

pub(super) mod change;
pub(super) mod insert;
pub(super) mod instances;
pub(super) mod list;
mod listing;
mod page;
pub(super) mod read;
mod search;
mod token;

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::calendars::Calendar;
use super::database::Database;
use super::event::{self, id};
use super::recur::{Recurring, Series};
use super::refusal::Refusal;
use super::rows::{self, Stored};
use super::when::When;

/// What an id means.
pub(super) enum Target {
    /// An event with a row of its own.
    Stored(Stored, Map<String, Value>),
    /// An instance that is as its recurring event says.
    Instance {
        base: Stored,
        start: When,
        body: Map<String, Value>,
    },
}

impl Target {
    pub fn find(
        db: &Database,
        conn: &Connection,
        calendar: &Calendar,
        id: &str,
    ) -> Result<Self, Refusal> {
        if let Some(stored) = rows::find(conn, calendar.number, id)? {
            let body = stored.map()?;
            return Ok(Self::Stored(stored, body));
        }
        let (base, start) = id::of_instance(id).ok_or_else(Refusal::not_found)?;
        let base = rows::find(conn, calendar.number, base)?.ok_or_else(Refusal::not_found)?;
        let rule = base.map()?;
        let series = series(db, calendar, &base, &rule, start.seconds(calendar.zone))?;
        let series = series.ok_or_else(Refusal::not_found)?;
        let (start, end) = series.at(start).ok_or_else(Refusal::not_found)?;
        let body = event::instance(&rule, (start, end), calendar);
        Ok(Self::Instance { base, start, body })
    }

    pub fn body(&self) -> &Map<String, Value> {
        match self {
            Self::Stored(_, body) | Self::Instance { body, .. } => body,
        }
    }

    pub fn etag(&self) -> &str {
        event::text(self.body(), "etag").unwrap_or_default()
    }

    pub fn is_cancelled(&self) -> bool {
        event::status_of(self.body()) == event::CANCELLED
    }
}

/// The instances of a stored event up to `horizon`; `None` if it does not recur.
pub(super) fn series(
    db: &Database,
    calendar: &Calendar,
    stored: &Stored,
    body: &Map<String, Value>,
    horizon: i64,
) -> Result<Option<Arc<Series>>, Refusal> {
    let Some(rule) = body.get("recurrence") else {
        return Ok(None);
    };
    let event = Recurring {
        change: stored.change,
        rule,
        times: event::times(body, calendar.zone)?,
        calendar: calendar.zone,
    };
    let cache = &db.instances;
    cache
        .work_out(calendar.number, &stored.id, &event, horizon)
        .map(Some)
}

/// The instances that a recurring event once had, up to `horizon`.
fn former_starts(
    calendar: &Calendar,
    body: &Map<String, Value>,
    horizon: i64,
) -> Result<Vec<(When, When)>, Refusal> {
    let Some(rule) = body.get("recurrence") else {
        return Ok(Vec::new());
    };
    let event = Recurring {
        change: 0,
        rule,
        times: event::times(body, calendar.zone)?,
        calendar: calendar.zone,
    };
    let series = Series::work_out(&event, horizon)?;
    Ok(series.between(i64::MIN, horizon).collect())
}
