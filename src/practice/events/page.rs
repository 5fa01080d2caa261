//! Writing a page of events out. Stored resources go over the wire as they are stored.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::search::{Base, Item, What};
use crate::practice::calendars::Calendar;
use crate::practice::event;
use crate::practice::refusal::Refusal;

/// The items as a JSON list.
pub(super) fn items(
    found: Vec<Item>,
    calendar: &Calendar,
    zone: Option<Tz>,
) -> Result<String, Refusal> {
    let mut text = String::from("[");
    for item in found {
        if text.len() > 1 {
            text.push(',');
        }
        match item.what {
            What::Row(row) if row.is_cancelled() => {
                push(&mut text, &event::tombstone(&row.map()?));
            }
            What::Row(row) if zone.is_none() => text.push_str(&row.body),
            What::Row(row) => push(&mut text, &in_zone(row.map()?, calendar, zone)),
            What::Instance(base, times) => {
                let Base { body, .. } = base.as_ref();
                let body = event::instance(body, times, calendar);
                push(&mut text, &in_zone(body, calendar, zone));
            }
            What::Gone(gone) => push(&mut text, &gone),
        }
    }
    text.push(']');
    Ok(text)
}

fn push(text: &mut String, value: &Value) {
    text.push_str(&value.to_string());
}

fn in_zone(mut body: Map<String, Value>, calendar: &Calendar, zone: Option<Tz>) -> Value {
    if let Some(zone) = zone {
        event::in_zone(&mut body, calendar.zone, zone);
    }
    Value::Object(body)
}

/// The whole answer around the items; `token` is the name and value of what leads on.
pub(super) fn envelope(
    calendar: &Calendar,
    zone: Option<Tz>,
    token: Option<(&str, String)>,
    items: &str,
) -> String {
    let updated = chrono::DateTime::from_timestamp_millis(calendar.updated_ms).unwrap_or_default();
    let mut head = json!({
        "kind": "calendar#events",
        "etag": calendar.list_etag(),
        "summary": calendar.summary,
        "description": calendar.description.as_deref().unwrap_or_default(),
        "updated": updated.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "timeZone": zone.unwrap_or(calendar.zone).name(),
        "accessRole": "owner",
        "defaultReminders": [],
    });
    if let (Some((name, value)), Some(head)) = (token, head.as_object_mut()) {
        head.insert(name.to_owned(), json!(value));
    }
    let head = head.to_string();
    let head = head.trim_end_matches('}');
    format!("{head},\"items\":{items}}}")
}
