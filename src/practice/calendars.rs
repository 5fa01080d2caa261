//! The calendars: their rows, and the answers of calendarList and calendars.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde_json::{Map, Value, json};

use super::PracticeError;
use super::answer::Answer;
use super::call::Call;
use super::database::Database;
use super::refusal::Refusal;
use super::rows;

/// A calendar that the practice account can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSpec {
    /// Its id, like `dr.chen@clinic.example`.
    pub id: String,
    /// Its name.
    pub summary: String,
    /// Its IANA time zone, like `Europe/Berlin`.
    pub time_zone: String,
}

/// A calendar as stored.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    pub number: i64,
    pub id: String,
    pub summary: String,
    pub description: Option<String>,
    pub location: Option<String>,
    pub zone: Tz,
    pub change: i64,
    pub oldest: i64,
    pub updated_ms: i64,
}

const COLUMNS: &str =
    "number, id, summary, description, location, time_zone, change, oldest, updated_ms";

impl Calendar {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let zone: String = row.get(5)?;
        Ok(Self {
            number: row.get(0)?,
            id: row.get(1)?,
            summary: row.get(2)?,
            description: row.get(3)?,
            location: row.get(4)?,
            zone: zone.parse().unwrap_or(Tz::UTC),
            change: row.get(6)?,
            oldest: row.get(7)?,
            updated_ms: row.get(8)?,
        })
    }

    /// Finds a calendar. `primary` is the first one.
    pub fn find(conn: &Connection, id: &str) -> Result<Self, Refusal> {
        let (filter, id) = match id {
            "primary" => ("?1 IS NOT NULL ORDER BY number LIMIT 1", ""),
            id => ("id = ?1", id),
        };
        let sql = format!("SELECT {COLUMNS} FROM calendar WHERE {filter}");
        let mut found = conn.prepare_cached(&sql)?;
        let found = found.query_row([id], Self::of).optional()?;
        found.ok_or_else(Refusal::not_found)
    }

    fn all(conn: &Connection) -> Result<Vec<Self>, Refusal> {
        let sql = format!("SELECT {COLUMNS} FROM calendar ORDER BY number");
        let mut all = conn.prepare_cached(&sql)?;
        let all = all.query_map([], Self::of)?;
        Ok(all.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes the next number of the calendar's sequence of changes.
    pub fn next_change(
        &mut self,
        tx: &Transaction<'_>,
        now: DateTime<Utc>,
    ) -> Result<i64, Refusal> {
        self.change += 1;
        self.keep_change(tx, now)?;
        Ok(self.change)
    }

    /// Writes down how far the sequence of changes has come.
    pub fn keep_change(&mut self, tx: &Transaction<'_>, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.updated_ms = now.timestamp_millis();
        let mut update = tx
            .prepare_cached("UPDATE calendar SET change = ?2, updated_ms = ?3 WHERE number = ?1")?;
        update.execute(params![self.number, self.change, self.updated_ms])?;
        Ok(())
    }

    /// The tag of its list of events.
    pub fn list_etag(&self) -> String {
        format!("\"p{:x}-{:x}\"", self.number, self.change)
    }

    fn etag(&self) -> String {
        let look = format!(
            "{}{}{:?}{:?}{}",
            self.id, self.summary, self.description, self.location, self.zone
        );
        format!("\"{:016x}\"", sum(&look))
    }

    fn resource(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("kind".into(), json!("calendar#calendar"));
        map.insert("etag".into(), json!(self.etag()));
        map.insert("id".into(), json!(self.id));
        map.insert("summary".into(), json!(self.summary));
        map.insert("timeZone".into(), json!(self.zone.name()));
        for (name, value) in [
            ("description", &self.description),
            ("location", &self.location),
        ] {
            if let Some(value) = value {
                map.insert(name.into(), json!(value));
            }
        }
        map.insert(
            "conferenceProperties".into(),
            json!({"allowedConferenceSolutionTypes": ["hangoutsMeet"]}),
        );
        map
    }

    fn list_entry(&self) -> Value {
        let mut map = self.resource();
        let color = (self.number - 1).rem_euclid(24) + 1;
        map.insert("kind".into(), json!("calendar#calendarListEntry"));
        map.insert("colorId".into(), json!(color.to_string()));
        map.insert("backgroundColor".into(), json!("#9fe1e7"));
        map.insert("foregroundColor".into(), json!("#000000"));
        map.insert("selected".into(), json!(true));
        map.insert("accessRole".into(), json!("owner"));
        map.insert("defaultReminders".into(), json!([]));
        if self.number == 1 {
            map.insert("primary".into(), json!(true));
        }
        Value::Object(map)
    }
}

/// Makes the calendars that are missing; what exists stays as it is.
pub(super) fn ensure(
    tx: &Transaction<'_>,
    calendars: &[CalendarSpec],
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let mut insert = tx.prepare(
        "INSERT INTO calendar (id, summary, time_zone, updated_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO NOTHING",
    )?;
    for spec in calendars {
        let now = now.timestamp_millis();
        insert.execute(params![spec.id, spec.summary, spec.time_zone, now])?;
    }
    Ok(())
}

/// Refuses time zones that do not exist.
pub(super) fn check(calendars: &[CalendarSpec]) -> Result<(), PracticeError> {
    let wrong = calendars
        .iter()
        .find(|spec| spec.time_zone.parse::<Tz>().is_err());
    match wrong {
        None => Ok(()),
        Some(spec) => Err(PracticeError::TimeZone {
            calendar: spec.id.clone(),
            time_zone: spec.time_zone.clone(),
        }),
    }
}

/// calendarList.list: pages of 100, at most 250. Incrementally it tells nothing, or everything
/// again when any calendar has changed.
pub(super) fn list(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let size = call.query.max_results(100, 250)?;
    let skip = match call.query.get("pageToken") {
        None => 0,
        Some(token) => token.parse().map_err(|_| Refusal::bad_page_token())?,
    };
    let mut all = db.read(Calendar::all)?;
    let state: String = all.iter().map(Calendar::etag).collect();
    let state = format!("{}-{:016x}", db.epoch, sum(&state));
    match call.query.get("syncToken") {
        None => {}
        Some(known) if known == state => all.clear(),
        Some(known) if known.starts_with(&db.epoch) => {}
        Some(_) => return Err(Refusal::full_sync_required()),
    }
    let page = all.iter().skip(skip).take(size);
    let items: Vec<Value> = page.map(Calendar::list_entry).collect();
    let mut body = json!({
        "kind": "calendar#calendarList",
        "etag": format!("\"p{}\"", all.len()),
        "items": items,
    });
    let (name, token) = if skip + size < all.len() {
        ("nextPageToken", (skip + size).to_string())
    } else {
        ("nextSyncToken", state)
    };
    if let Some(body) = body.as_object_mut() {
        body.insert(name.into(), json!(token));
    }
    Ok(Answer::ok(&body))
}

/// A check sum (FNV-1a).
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// calendarList.get
pub(super) fn get_entry(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let calendar = db.read(|conn| Calendar::find(conn, call.calendar()))?;
    Ok(Answer::ok(&calendar.list_entry()).tagged(calendar.etag()))
}

/// calendars.get
pub(super) fn get(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let calendar = db.read(|conn| Calendar::find(conn, call.calendar()))?;
    Ok(Answer::ok(&Value::Object(calendar.resource())).tagged(calendar.etag()))
}

/// calendars.insert: the id is ours to choose.
pub(super) fn insert(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let Some(summary) = body.get("summary").and_then(Value::as_str) else {
        return Err(Refusal::required("Missing title."));
    };
    let zone = zone_in(body)?.unwrap_or(Tz::UTC);
    let spec = CalendarSpec {
        id: format!("{}@group.calendar.example", uuid::Uuid::new_v4().simple()),
        summary: summary.to_owned(),
        time_zone: zone.name().to_owned(),
    };
    let calendar = db.write(|tx| {
        ensure(tx, std::slice::from_ref(&spec), call.now)?;
        Calendar::find(tx, &spec.id)
    })?;
    Ok(Answer::ok(&Value::Object(calendar.resource())).tagged(calendar.etag()))
}

/// calendars.patch. When the zone changes, whole days begin at another moment.
pub(super) fn patch(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let zone = zone_in(body)?;
    let text = |name: &str, old: Option<String>| match body.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) => None,
        _ => old,
    };
    let calendar = db.write(|tx| {
        let mut calendar = Calendar::find(tx, call.calendar())?;
        call.require_match(&calendar.etag())?;
        let summary = text("summary", Some(calendar.summary));
        calendar.summary = summary.ok_or_else(|| Refusal::required("Missing title."))?;
        calendar.description = text("description", calendar.description);
        calendar.location = text("location", calendar.location);
        let moved = zone.is_some_and(|zone| zone != calendar.zone);
        calendar.zone = zone.unwrap_or(calendar.zone);
        tx.execute(
            "UPDATE calendar SET summary = ?2, description = ?3, location = ?4, time_zone = ?5
             WHERE number = ?1",
            params![
                calendar.number,
                calendar.summary,
                calendar.description,
                calendar.location,
                calendar.zone.name()
            ],
        )?;
        if moved {
            rows::resettle(tx, &calendar)?;
            db.instances.clear();
        }
        Ok(calendar)
    })?;
    Ok(Answer::ok(&Value::Object(calendar.resource())).tagged(calendar.etag()))
}

fn zone_in(body: &Map<String, Value>) -> Result<Option<Tz>, Refusal> {
    match body.get("timeZone") {
        None | Some(Value::Null) => Ok(None),
        Some(zone) => {
            let zone = zone.as_str().and_then(|zone| zone.parse().ok());
            let wrong = || Refusal::invalid("Invalid time zone.");
            zone.ok_or_else(wrong).map(Some)
        }
    }
}
