//! Filling a practice calendar with very many events at once, for the demo and for measuring.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value, json};

use super::calendars::{self, Calendar, CalendarSpec};
use super::database::open_writer;
use super::error::PracticeError;
use super::event::{self, Identity, fields, id};
use super::refusal::Refusal;
use super::rows;
use super::when::rfc3339;
use crate::sqlite::OpenError;

/// When a seeded event takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeedSpan {
    /// From one moment to another, repeating in this zone (the calendar's own if `None`).
    Timed {
        /// The first moment.
        start: DateTime<Utc>,
        /// The moment after the last.
        end: DateTime<Utc>,
        /// The event's own zone.
        zone: Option<Tz>,
    },
    /// Whole days in the calendar's zone.
    Days {
        /// The first day.
        first: NaiveDate,
        /// The day after the last.
        end: NaiveDate,
    },
}

/// A seeded event's status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SeedStatus {
    /// It takes place.
    #[default]
    Confirmed,
    /// A claim.
    Tentative,
    /// Deleted: its id is taken for ever.
    Cancelled,
}

/// An event to be seeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedEvent {
    /// The calendar's id.
    pub calendar: String,
    /// The event's id (base32hex, lower case); made up if `None`.
    pub id: Option<String>,
    /// Its title.
    pub summary: String,
    /// Its text.
    pub description: Option<String>,
    /// Its place.
    pub location: Option<String>,
    /// When it takes place.
    pub span: SeedSpan,
    /// Whether it takes place.
    pub status: SeedStatus,
    /// Whether it leaves the calendar free.
    pub transparent: bool,
    /// `outOfOffice`, `focusTime` and so on; an ordinary event if `None`.
    pub event_type: Option<String>,
    /// `RRULE:…`, `EXDATE:…`, `RDATE:…`
    pub recurrence: Vec<String>,
    /// Private extended properties.
    pub private: BTreeMap<String, String>,
    /// Guests' addresses.
    pub attendees: Vec<String>,
    /// Whether the calendar's owner is a guest who declined: then it does not block.
    pub declined: bool,
    /// `private` and so on; the calendar's usual one if `None`.
    pub visibility: Option<String>,
    /// Whether nobody is reminded of it; otherwise the calendar's usual reminders ring.
    pub silent: bool,
    /// When it was made and last changed; `now` if `None`.
    pub updated: Option<DateTime<Utc>>,
}

impl SeedEvent {
    /// A plain confirmed event.
    pub fn new(calendar: impl Into<String>, summary: impl Into<String>, span: SeedSpan) -> Self {
        Self {
            calendar: calendar.into(),
            id: None,
            summary: summary.into(),
            description: None,
            location: None,
            span,
            status: SeedStatus::default(),
            transparent: false,
            event_type: None,
            recurrence: Vec::new(),
            private: BTreeMap::new(),
            attendees: Vec::new(),
            declined: false,
            visibility: None,
            silent: false,
            updated: None,
        }
    }

    fn resource(&self, calendar: &Calendar) -> Map<String, Value> {
        let mut map = Map::new();
        let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
        set("summary", json!(self.summary));
        for (name, text) in [
            ("description", &self.description),
            ("location", &self.location),
        ] {
            if let Some(text) = text {
                set(name, json!(text));
            }
        }
        let (start, end) = match &self.span {
            SeedSpan::Timed { start, end, zone } => {
                let zone = zone.unwrap_or(calendar.zone);
                let moment = |at: &DateTime<Utc>| json!({"dateTime": rfc3339(*at, Tz::UTC), "timeZone": zone.name()});
                (moment(start), moment(end))
            }
            SeedSpan::Days { first, end } => {
                let day = |date: &NaiveDate| json!({"date": date.to_string()});
                (day(first), day(end))
            }
        };
        set("start", start);
        set("end", end);
        match self.status {
            SeedStatus::Confirmed => {}
            SeedStatus::Tentative => drop(set("status", json!("tentative"))),
            SeedStatus::Cancelled => drop(set("status", json!("cancelled"))),
        }
        if self.transparent {
            set("transparency", json!("transparent"));
        }
        if let Some(visibility) = &self.visibility {
            set("visibility", json!(visibility));
        }
        if self.silent {
            set("reminders", json!({ "useDefault": false }));
        }
        if let Some(kind) = &self.event_type {
            set("eventType", json!(kind));
        }
        if !self.recurrence.is_empty() {
            set("recurrence", json!(self.recurrence));
        }
        if !self.private.is_empty() {
            set("extendedProperties", json!({ "private": self.private }));
        }
        let mut guests: Vec<Value> = self
            .attendees
            .iter()
            .map(|email| json!({ "email": email }))
            .collect();
        if self.declined {
            guests.push(json!({"email": calendar.id, "responseStatus": "declined"}));
        }
        if !guests.is_empty() {
            set("attendees", json!(guests));
        }
        map
    }
}

/// What became of a seeded event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// Its id.
    pub id: String,
    /// Its tag, see [`super::etag`].
    pub etag: String,
}

/// Writes calendars and events in one transaction; all or nothing. Answers id and tag of each
/// event in their order. Blocks: call it on a thread that may. A running server sees the events
/// as soon as they are written.
pub fn seed(
    data: &Path,
    calendars: &[CalendarSpec],
    events: impl Iterator<Item = SeedEvent>,
    now: DateTime<Utc>,
) -> Result<Vec<Seeded>, PracticeError> {
    calendars::check(calendars)?;
    let named = |error| PracticeError::Data(OpenError::from_sqlite(data, error));
    let mut conn = open_writer(data)?;
    // Room for the indexes while they grow, in KiB.
    conn.execute_batch("PRAGMA cache_size = -131072;")
        .map_err(named)?;
    let tx = conn.transaction().map_err(named)?;
    calendars::ensure(&tx, calendars, now).map_err(named)?;
    let indexes = set_indexes_aside(&tx).map_err(named)?;
    let seeded = write(&tx, events, now)?;
    for index in indexes {
        tx.execute_batch(&index).map_err(named)?;
    }
    tx.commit().map_err(named)?;
    Ok(seeded)
}

/// Drops the indexes of an empty table, to be made again when it is full: sorting once is
/// quicker than keeping order.
fn set_indexes_aside(tx: &Connection) -> rusqlite::Result<Vec<String>> {
    let full: bool = tx.query_row("SELECT EXISTS (SELECT 1 FROM event)", [], |row| row.get(0))?;
    if full {
        return Ok(Vec::new());
    }
    let mut indexes = tx.prepare(
        "SELECT name, sql FROM sqlite_schema
         WHERE type = 'index' AND tbl_name = 'event' AND sql IS NOT NULL",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let indexes: Vec<_> = indexes.query_map([], read)?.collect::<Result<_, _>>()?;
    for (name, _) in &indexes {
        tx.execute_batch(&format!("DROP INDEX {name};"))?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

fn write(
    tx: &Transaction<'_>,
    events: impl Iterator<Item = SeedEvent>,
    now: DateTime<Utc>,
) -> Result<Vec<Seeded>, PracticeError> {
    let mut known: BTreeMap<String, Calendar> = BTreeMap::new();
    let mut seeded = Vec::new();
    for (place, event) in events.enumerate() {
        if !known.contains_key(&event.calendar) {
            let found = Calendar::find(tx, &event.calendar);
            let found = found.map_err(|_| PracticeError::UnknownCalendar {
                calendar: event.calendar.clone(),
            })?;
            known.insert(event.calendar.clone(), found);
        }
        let Some(calendar) = known.get_mut(&event.calendar) else {
            continue;
        };
        let done = write_one(tx, calendar, &event, now);
        seeded.push(done.map_err(|refusal| PracticeError::Event {
            number: place + 1,
            calendar: event.calendar,
            why: refusal.message().to_owned(),
        })?);
    }
    for calendar in known.values_mut() {
        calendar
            .keep_change(tx, now)
            .map_err(|refusal| PracticeError::Event {
                number: seeded.len(),
                calendar: calendar.id.clone(),
                why: refusal.message().to_owned(),
            })?;
    }
    Ok(seeded)
}

fn write_one(
    tx: &Transaction<'_>,
    calendar: &mut Calendar,
    event: &SeedEvent,
    now: DateTime<Utc>,
) -> Result<Seeded, Refusal> {
    let id = event.id.clone().unwrap_or_else(id::fresh);
    id::check(&id)?;
    let draft = fields::read(&event.resource(calendar), calendar, false)?;
    let updated = event.updated.unwrap_or(now);
    calendar.change += 1;
    let identity = Identity {
        ical_uid: format!("{id}@google.com"),
        id,
        created: event::created_text(updated),
        sequence: 0,
        base: None,
    };
    let record = event::stamp(draft, identity, calendar, calendar.change, updated)?;
    rows::add(tx, calendar.number, &record)?;
    let change = u64::try_from(calendar.change).unwrap_or_default();
    Ok(Seeded {
        etag: event::etag(updated, change),
        id: record.id,
    })
}
