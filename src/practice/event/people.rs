//! The guests of an event.

use serde_json::{Map, Value, json};

use crate::practice::refusal::Refusal;

const RESPONSES: &[&str] = &["needsAction", "declined", "tentative", "accepted"];

/// Reads the guests; marks the one whose calendar this is.
pub(in crate::practice) fn attendees(
    value: &Value,
    calendar: &str,
) -> Result<Option<Value>, Refusal> {
    let wrong = || Refusal::invalid("Invalid attendee email.");
    let mut kept = Vec::new();
    for person in value.as_array().ok_or_else(wrong)? {
        let person = person.as_object().ok_or_else(wrong)?;
        let email = person.get("email").and_then(Value::as_str);
        let email = email.filter(|email| is_address(email)).ok_or_else(wrong)?;
        let mut one = Map::new();
        one.insert("email".into(), json!(email));
        for name in ["displayName", "comment"] {
            if let Some(Value::String(text)) = person.get(name) {
                one.insert(name.into(), json!(text));
            }
        }
        for name in ["optional", "resource"] {
            if person.get(name) == Some(&Value::Bool(true)) {
                one.insert(name.into(), json!(true));
            }
        }
        if let Some(guests) = person.get("additionalGuests").and_then(Value::as_i64) {
            one.insert("additionalGuests".into(), json!(guests));
        }
        let response = match person.get("responseStatus") {
            None | Some(Value::Null) => "needsAction",
            Some(Value::String(response)) if RESPONSES.contains(&response.as_str()) => response,
            Some(_) => return Err(Refusal::invalid("Invalid attendee response status.")),
        };
        one.insert("responseStatus".into(), json!(response));
        if email == calendar {
            one.insert("organizer".into(), json!(true));
            one.insert("self".into(), json!(true));
        }
        kept.push(Value::Object(one));
    }
    Ok((!kept.is_empty()).then_some(Value::Array(kept)))
}

fn is_address(text: &str) -> bool {
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let parts = text.split_once('@');
    plain && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}
