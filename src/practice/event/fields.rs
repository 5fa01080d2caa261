//! The fields that a client may write: which they are, and what they must look like.

use serde_json::{Map, Value, json};

use super::{limits, people, text};
use crate::practice::calendars::Calendar;
use crate::practice::recur;
use crate::practice::refusal::Refusal;
use crate::practice::when::When;

const TEXTS: &[&str] = &["summary", "description", "location", "colorId"];
const FLAGS: &[(&str, bool)] = &[
    ("anyoneCanAddSelf", false),
    ("endTimeUnspecified", false),
    ("guestsCanInviteOthers", true),
    ("guestsCanModify", false),
    ("guestsCanSeeOtherGuests", true),
];
/// Words, the first of which is meant when nothing is said.
const WORDS: &[(&str, &[&str], bool)] = &[
    ("status", &["confirmed", "tentative", "cancelled"], true),
    ("transparency", &["opaque", "transparent"], false),
    (
        "visibility",
        &["default", "public", "private", "confidential"],
        false,
    ),
    (
        "eventType",
        &[
            "default",
            "outOfOffice",
            "focusTime",
            "workingLocation",
            "birthday",
            "fromGmail",
        ],
        true,
    ),
];
/// Kept as they come.
const AS_SENT: &[&str] = &[
    "attachments",
    "birthdayProperties",
    "conferenceData",
    "focusTimeProperties",
    "gadget",
    "hangoutLink",
    "outOfOfficeProperties",
    "workingLocationProperties",
];

/// An event's own fields, checked and in the form in which they are answered.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Draft {
    pub fields: Map<String, Value>,
    pub start: When,
    pub end: When,
}

/// Checks what a client wrote. Fields that it cannot write are dropped silently, as Google does.
/// `instance`: a single instance of a recurring event, which has no rule of its own.
pub(in crate::practice) fn read(
    sent: &Map<String, Value>,
    calendar: &Calendar,
    instance: bool,
) -> Result<Draft, Refusal> {
    let mut kept = Map::new();
    plain(sent, &mut kept)?;
    let rule = match sent.get("recurrence") {
        Some(Value::Array(lines)) if !instance && !lines.is_empty() => Some(json!(lines)),
        None | Some(Value::Null | Value::Array(_)) => None,
        Some(_) => return Err(Refusal::invalid("Invalid recurrence rule.")),
    };
    let (start, end) = span(sent, calendar, rule.is_some())?;
    if let Some(rule) = rule {
        recur::read(&rule, start)?;
        kept.insert("recurrence".into(), rule);
    }
    if let Some(value) = given(sent, "extendedProperties")
        && let Some(value) = limits::properties(value)?
    {
        kept.insert("extendedProperties".into(), value);
    }
    if let Some(value) = given(sent, "attendees")
        && let Some(value) = people::attendees(value, &calendar.id)?
    {
        kept.insert("attendees".into(), value);
    }
    kept.insert(
        "reminders".into(),
        limits::reminders(sent.get("reminders"))?,
    );
    if let Some(value) = given(sent, "source") {
        let url = value.get("url").and_then(Value::as_str).unwrap_or_default();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Refusal::invalid("Invalid source URL."));
        }
        kept.insert("source".into(), value.clone());
    }
    if matches!(
        text(&kept, "eventType"),
        Some("workingLocation" | "birthday")
    ) {
        kept.insert("transparency".into(), json!("transparent"));
    }
    Ok(Draft {
        fields: kept,
        start,
        end,
    })
}

fn given<'m>(sent: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    sent.get(name).filter(|value| !value.is_null())
}

fn plain(sent: &Map<String, Value>, kept: &mut Map<String, Value>) -> Result<(), Refusal> {
    let wrong = |name: &str| Refusal::invalid(format!("Invalid value for: {name}"));
    for name in TEXTS {
        match given(sent, name) {
            None => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(Value::String(text)) => {
                kept.insert((*name).to_owned(), json!(text));
            }
            Some(_) => return Err(wrong(name)),
        }
    }
    for (name, usual) in FLAGS {
        match given(sent, name) {
            Some(Value::Bool(flag)) if flag != usual => {
                kept.insert((*name).to_owned(), json!(flag));
            }
            None | Some(Value::Bool(_)) => {}
            Some(_) => return Err(wrong(name)),
        }
    }
    for (name, words, always) in WORDS {
        let usual = words.first().copied().unwrap_or_default();
        let word = match given(sent, name) {
            None => usual,
            Some(Value::String(word)) if words.contains(&word.as_str()) => word,
            Some(_) => return Err(wrong(name)),
        };
        if *always || word != usual {
            kept.insert((*name).to_owned(), json!(word));
        }
    }
    for name in AS_SENT {
        if let Some(value) = given(sent, name) {
            kept.insert((*name).to_owned(), value.clone());
        }
    }
    Ok(())
}

fn span(
    sent: &Map<String, Value>,
    calendar: &Calendar,
    recurring: bool,
) -> Result<(When, When), Refusal> {
    let start = When::parse(sent.get("start"), "start", calendar.zone, recurring)?;
    let end = When::parse(sent.get("end"), "end", calendar.zone, recurring)?;
    if start.is_day() != end.is_day() {
        return Err(Refusal::invalid(
            "Start and end times must either both be date or both be dateTime.",
        ));
    }
    let (from, to) = (start.seconds(calendar.zone), end.seconds(calendar.zone));
    // A moment may last no time at all; a day cannot.
    if to < from || (start.is_day() && to == from) {
        return Err(Refusal::time_range_empty());
    }
    Ok((start, end))
}
