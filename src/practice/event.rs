//! One event: from what a client sent to the resource that is stored and answered.

pub(super) mod conference;
pub(super) mod fields;
pub(super) mod id;
pub(super) mod limits;
pub(super) mod merge;
pub(super) mod people;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::calendars::Calendar;
use super::recur;
use super::refusal::Refusal;
use super::when::When;
use fields::Draft;

/// The account that does everything here.
pub(super) const ACCOUNT: &str = "desk@practice.example";

/// The tag of an event that was last changed at `updated`, as change number `change` of its
/// calendar: the milliseconds since 1970, then the number with at least six digits, in quotes.
/// In a calendar that was empty, the n-th event seeded is change n.
///
/// ```
/// let updated = chrono::DateTime::from_timestamp_millis(1_795_000_000_123).unwrap_or_default();
/// assert_eq!(frontdesk::practice::etag(updated, 42), "\"1795000000123000042\"");
/// ```
pub fn etag(updated: DateTime<Utc>, change: u64) -> String {
    format!("\"{}{change:06}\"", updated.timestamp_millis())
}

/// What an event keeps through all changes.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub id: String,
    pub ical_uid: String,
    pub created: String,
    pub sequence: i64,
    /// Of a changed instance: the recurring event's id, and when the instance would begin.
    pub base: Option<(String, When)>,
}

/// An event ready to be written: the resource, and beside it what searches need.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub id: String,
    pub base: Option<String>,
    pub original_at: Option<i64>,
    pub change: i64,
    pub updated_ms: i64,
    pub status: i64,
    pub blocks: bool,
    pub reach: i64,
    pub start_at: i64,
    pub end_at: i64,
    pub ical_uid: Option<String>,
    pub body: Map<String, Value>,
}

pub(super) const CANCELLED: i64 = 2;
pub(super) const RECURRING: i64 = 2;

/// A day in seconds; events up to this long are found by their start.
pub(super) const DAY: i64 = 86_400;

pub(super) fn created_text(now: DateTime<Utc>) -> String {
    // Google cuts the milliseconds of `created`, not of `updated`.
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
        .replace('Z', ".000Z")
}

/// Puts the identity and the tag on a draft.
pub(super) fn stamp(
    draft: Draft,
    identity: Identity,
    calendar: &Calendar,
    change: i64,
    now: DateTime<Utc>,
) -> Result<Record, Refusal> {
    let Draft {
        mut fields,
        start,
        end,
    } = draft;
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    let tag = etag(now, u64::try_from(change).unwrap_or_default());
    let updated = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    set("kind", json!("calendar#event"));
    set("etag", json!(tag));
    set("id", json!(identity.id));
    set("htmlLink", json!(html_link(&identity.id, &calendar.id)));
    set("created", json!(identity.created));
    set("updated", json!(updated));
    set("creator", json!({ "email": ACCOUNT }));
    set(
        "organizer",
        json!({"email": calendar.id, "displayName": calendar.summary, "self": true}),
    );
    set("iCalUID", json!(identity.ical_uid));
    set("sequence", json!(identity.sequence));
    set("start", start.to_json(calendar.zone));
    set("end", end.to_json(calendar.zone));
    let usual_uid = format!("{}@google.com", identity.id);
    let mut record = Record {
        ical_uid: (identity.ical_uid != usual_uid).then_some(identity.ical_uid),
        id: identity.id,
        base: None,
        original_at: None,
        change,
        updated_ms: now.timestamp_millis(),
        status: status_of(&fields),
        blocks: blocks(&fields, &calendar.id),
        reach: 0,
        start_at: start.seconds(calendar.zone),
        end_at: end.seconds(calendar.zone),
        body: fields,
    };
    record.reach = i64::from(record.end_at - record.start_at > DAY);
    if let Some((base, original)) = identity.base {
        record.original_at = Some(original.seconds(calendar.zone));
        let body = &mut record.body;
        body.insert("recurringEventId".into(), json!(base));
        body.insert("originalStartTime".into(), original.to_json(calendar.zone));
        record.base = Some(base);
    } else if let Some(rule) = record.body.get("recurrence") {
        let rule = recur::read(rule, start)?;
        record.reach = RECURRING;
        let length = record.end_at - record.start_at;
        record.end_at = recur::last_end(rule, start, length).max(record.end_at);
    }
    Ok(record)
}

/// Whether the event makes its calendar busy: neither transparent nor cancelled, and not an
/// invitation that the calendar's owner declined.
fn blocks(fields: &Map<String, Value>, calendar: &str) -> bool {
    let declined = || {
        let attendees = fields.get("attendees").and_then(Value::as_array);
        attendees.into_iter().flatten().any(|person| {
            person.get("email").and_then(Value::as_str) == Some(calendar)
                && person.get("responseStatus").and_then(Value::as_str) == Some("declined")
        })
    };
    status_of(fields) != CANCELLED
        && text(fields, "transparency") != Some("transparent")
        && !declined()
}

pub(super) fn status_of(fields: &Map<String, Value>) -> i64 {
    match text(fields, "status") {
        Some("tentative") => 1,
        Some("cancelled") => CANCELLED,
        _ => 0,
    }
}

pub(super) fn text<'m>(fields: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    fields.get(name).and_then(Value::as_str)
}

fn html_link(id: &str, calendar: &str) -> String {
    let eid = data_encoding::BASE64URL_NOPAD.encode(format!("{id} {calendar}").as_bytes());
    format!("https://www.google.com/calendar/event?eid={eid}")
}

/// Start and end of a stored resource.
pub(super) fn times(body: &Map<String, Value>, zone: Tz) -> Result<(When, When), Refusal> {
    Ok((
        When::parse(body.get("start"), "start", zone, false)?,
        When::parse(body.get("end"), "end", zone, false)?,
    ))
}

/// What a deleted event leaves behind: its id is sure, everything else is gone.
pub(super) fn tombstone(body: &Map<String, Value>) -> Value {
    let mut left = Map::new();
    for name in [
        "kind",
        "etag",
        "id",
        "status",
        "recurringEventId",
        "originalStartTime",
    ] {
        if let Some(value) = body.get(name) {
            left.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(left)
}

/// An instance that is as the recurring event says.
pub(super) fn instance(
    base: &Map<String, Value>,
    (start, end): (When, When),
    calendar: &Calendar,
) -> Map<String, Value> {
    let mut body = base.clone();
    let base_id = text(base, "id").unwrap_or_default().to_owned();
    let id = format!("{base_id}_{}", start.suffix());
    body.remove("recurrence");
    body.insert("htmlLink".into(), json!(html_link(&id, &calendar.id)));
    body.insert("id".into(), json!(id));
    body.insert("recurringEventId".into(), json!(base_id));
    body.insert("originalStartTime".into(), start.to_json(calendar.zone));
    body.insert("start".into(), start.to_json(calendar.zone));
    body.insert("end".into(), end.to_json(calendar.zone));
    body
}

/// The same resource with its moments in another zone.
pub(super) fn in_zone(body: &mut Map<String, Value>, calendar: Tz, answer: Tz) {
    for name in ["start", "end", "originalStartTime"] {
        if let Ok(when) = When::parse(body.get(name), name, calendar, false) {
            body.insert(name.to_owned(), when.to_json(answer));
        }
    }
}
