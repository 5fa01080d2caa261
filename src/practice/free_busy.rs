//! freeBusy: when calendars are busy, straight from an index.
//!
//! Busy intervals are given as the events have them: they may overlap, touch, and stick out of
//! the window. Google promises nothing else, so nobody may count on more.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;
use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::calendars::Calendar;
use super::call::Call;
use super::database::Database;
use super::event::DAY;
use super::events;
use super::fault::CalendarErrors;
use super::refusal::Refusal;
use super::rows::{self, Window};
use super::when::rfc3339;

/// Calendars in one request.
const MOST_CALENDARS: usize = 50;

/// The longest window in seconds; Google's own is not published.
const LONGEST: i64 = 31 * DAY + 3_600;

/// freebusy.query. `errors`: calendars that a fault makes unreadable.
pub(super) fn query(
    db: &Database,
    call: &Call,
    errors: &CalendarErrors,
) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let window = window(body)?;
    let zone = match body.get("timeZone") {
        None | Some(Value::Null) => Tz::UTC,
        Some(zone) => {
            let zone = zone.as_str().and_then(|zone| zone.parse().ok());
            zone.ok_or_else(|| Refusal::invalid("Invalid time zone."))?
        }
    };
    let ids = ids(body)?;
    let head = json!({
        "kind": "calendar#freeBusy",
        "timeMin": moment(body, "timeMin")?.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "timeMax": moment(body, "timeMax")?.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    });
    let mut text = head.to_string();
    text.truncate(text.trim_end_matches('}').len());
    text.push_str(",\"calendars\":{");
    db.read(|conn| {
        let mut first = true;
        for id in &ids {
            if !first {
                text.push(',');
            }
            first = false;
            let name = json!(id);
            let error = if ids.len() > MOST_CALENDARS {
                Some("tooManyCalendarsRequested".to_owned())
            } else {
                errors.reason(id)
            };
            let found = match error {
                Some(reason) => Err(reason),
                None => match Calendar::find(conn, id) {
                    Ok(calendar) => Ok(calendar),
                    Err(refusal) if refusal.status == 404 => Err("notFound".to_owned()),
                    Err(refusal) => return Err(refusal),
                },
            };
            match found {
                Ok(calendar) => {
                    let busy = busy(db, conn, &calendar, window)?;
                    let _ = write!(text, "{name}:{{\"busy\":");
                    push_busy(&mut text, &busy, zone);
                    text.push('}');
                }
                Err(reason) => {
                    let errors = json!({
                        "errors": [{"domain": "global", "reason": reason}],
                        "busy": [],
                    });
                    let _ = write!(text, "{name}:{errors}");
                }
            }
        }
        Ok(())
    })?;
    text.push_str("}}");
    Ok(Answer::text(text))
}

fn moment(body: &Map<String, Value>, name: &str) -> Result<chrono::DateTime<chrono::Utc>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Err(Refusal::required(format!("Missing {name} parameter."))),
        Some(value) => value
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|time| time.to_utc())
            .ok_or_else(|| Refusal::bad_request("Bad Request")),
    }
}

fn window(body: &Map<String, Value>) -> Result<Window, Refusal> {
    let from = moment(body, "timeMin")?.timestamp();
    let to = moment(body, "timeMax")?.timestamp();
    if to <= from {
        return Err(Refusal::time_range_empty());
    }
    if to - from > LONGEST {
        return Err(Refusal::time_range_too_long());
    }
    Ok(Window { from, to })
}

fn ids(body: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let items = match body.get("items") {
        None | Some(Value::Null) => &[],
        Some(items) => items
            .as_array()
            .ok_or_else(Refusal::parse_error)?
            .as_slice(),
    };
    let mut ids = Vec::new();
    for item in items {
        let id = item.get("id").and_then(Value::as_str);
        let id = id.ok_or_else(|| Refusal::required("Missing calendar id."))?;
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}

/// Start and end of what keeps a calendar busy, in the order of the starts.
fn busy(
    db: &Database,
    conn: &Connection,
    calendar: &Calendar,
    window: Window,
) -> Result<Vec<(i64, i64)>, Refusal> {
    let Window { from, to } = window;
    let number = calendar.number;
    let mut busy = Vec::new();
    let mut short = conn.prepare_cached(
        "SELECT start_at, end_at FROM event WHERE calendar = ?1 AND blocks = 1 AND reach = 0
             AND start_at >= ?2 AND start_at < ?3 AND end_at > ?4",
    )?;
    let mut rows = short.query(params![number, from - DAY, to, from])?;
    while let Some(row) = rows.next()? {
        busy.push((row.get(0)?, row.get(1)?));
    }
    let mut long = conn.prepare_cached(
        "SELECT start_at, end_at FROM event WHERE calendar = ?1 AND blocks = 1 AND reach = 1
             AND start_at < ?2 AND end_at > ?3",
    )?;
    let mut rows = long.query(params![number, to, from])?;
    while let Some(row) = rows.next()? {
        busy.push((row.get(0)?, row.get(1)?));
    }
    recurring(db, conn, calendar, window, &mut busy)?;
    busy.sort_unstable();
    Ok(busy)
}

fn recurring(
    db: &Database,
    conn: &Connection,
    calendar: &Calendar,
    window: Window,
    busy: &mut Vec<(i64, i64)>,
) -> Result<(), Refusal> {
    let mut bases = conn.prepare_cached(
        "SELECT id, change FROM event WHERE calendar = ?1 AND blocks = 1 AND reach = 2
             AND start_at < ?2 AND end_at > ?3",
    )?;
    let values = params![calendar.number, window.to, window.from];
    let bases = bases.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    for base in bases {
        let (id, change): (String, i64) = base?;
        let known = db.instances.known(calendar.number, &id, change, window.to);
        let series = if let Some(series) = known {
            series
        } else {
            let Some(stored) = rows::find(conn, calendar.number, &id)? else {
                continue;
            };
            let body = stored.map()?;
            let Some(series) = events::series(db, calendar, &stored, &body, window.to)? else {
                continue;
            };
            series
        };
        let departed = rows::departed(conn, calendar.number, &id)?;
        for (start, end) in series.between(window.from, window.to) {
            let at = start.seconds(calendar.zone);
            if departed.binary_search(&at).is_err() {
                busy.push((at, end.seconds(calendar.zone)));
            }
        }
    }
    Ok(())
}

fn push_busy(text: &mut String, busy: &[(i64, i64)], zone: Tz) {
    text.push('[');
    for (place, (start, end)) in busy.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let moment = |at: i64| rfc3339(DateTime::from_timestamp(at, 0).unwrap_or_default(), zone);
        let (start, end) = (moment(*start), moment(*end));
        let _ = write!(text, "{comma}{{\"start\":\"{start}\",\"end\":\"{end}\"}}");
    }
    text.push(']');
}
