//! settings and colors: the little that general clients ask for when they start.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;

const SETTINGS: &[(&str, &str)] = &[
    ("autoAddHangouts", "false"),
    ("dateFieldOrder", "DMY"),
    ("defaultEventLength", "30"),
    ("format24HourTime", "true"),
    ("hideWeekends", "false"),
    ("locale", "en"),
    ("timezone", "UTC"),
    ("weekStart", "1"),
];

/// Event colors, 1 to 11, as Google's own palette.
const COLORS: &[&str] = &[
    "#a4bdfc", "#7ae7bf", "#dbadff", "#ff887c", "#fbd75b", "#ffb878", "#46d6db", "#e1e1e1",
    "#5484ed", "#51b749", "#dc2127",
];

fn setting((id, value): &(&str, &str)) -> Value {
    json!({"kind": "calendar#setting", "etag": "\"0\"", "id": id, "value": value})
}

/// settings.list
pub(super) fn list() -> Answer {
    let items: Vec<Value> = SETTINGS.iter().map(setting).collect();
    Answer::ok(&json!({"kind": "calendar#settings", "etag": "\"p0\"", "items": items}))
}

/// settings.get
pub(super) fn get(call: &Call) -> Result<Answer, Refusal> {
    let found = SETTINGS.iter().find(|(id, _)| *id == call.item());
    let found = found.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(&setting(found)))
}

/// colors.get
pub(super) fn colors() -> Answer {
    let palette = |count: usize| {
        let colors = COLORS.iter().cycle().take(count).enumerate();
        let entries = colors.map(|(place, color)| {
            let value = json!({"background": color, "foreground": "#1d1d1d"});
            ((place + 1).to_string(), value)
        });
        Value::Object(entries.collect::<Map<_, _>>())
    };
    Answer::ok(&json!({
        "kind": "calendar#colors",
        "updated": "2012-02-14T00:00:00.000Z",
        "calendar": palette(24),
        "event": palette(11),
    }))
}
