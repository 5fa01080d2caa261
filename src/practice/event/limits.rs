//! Google's limits on extended properties and reminders.

use serde_json::{Map, Value, json};

use crate::practice::refusal::Refusal;

const MOST_PROPERTIES: usize = 300;
const MOST_BYTES: usize = 32 * 1024;
const LONGEST_KEY: usize = 44;
const LONGEST_VALUE: usize = 1024;
const MOST_REMINDERS: usize = 5;
/// Four weeks.
const MOST_MINUTES: i64 = 40_320;

/// Extended properties: at most 300 private and 300 shared ones, 32 kB each. As Google documents
/// it, a key of more than 44 characters is dropped silently, and a value is cut at 1024.
pub(in crate::practice) fn properties(value: &Value) -> Result<Option<Value>, Refusal> {
    let wrong = || Refusal::invalid("Invalid extended properties.");
    let groups = value.as_object().ok_or_else(wrong)?;
    let mut kept = Map::new();
    for name in ["private", "shared"] {
        let Some(group) = groups.get(name).filter(|group| !group.is_null()) else {
            continue;
        };
        let mut entries = Map::new();
        let mut bytes = 0;
        for (key, value) in group.as_object().ok_or_else(wrong)? {
            let value = match value {
                Value::Null => continue,
                Value::String(text) => text,
                _ => return Err(wrong()),
            };
            if key.is_empty() || key.chars().count() > LONGEST_KEY {
                continue;
            }
            let value: String = value.chars().take(LONGEST_VALUE).collect();
            bytes += key.len() + value.len();
            entries.insert(key.clone(), json!(value));
        }
        if entries.len() > MOST_PROPERTIES || bytes > MOST_BYTES {
            return Err(Refusal::invalid("Too many extended properties."));
        }
        if !entries.is_empty() {
            kept.insert(name.to_owned(), Value::Object(entries));
        }
    }
    Ok((!kept.is_empty()).then_some(Value::Object(kept)))
}

/// Reminders: the calendar's own, or at most five of one's own.
pub(in crate::practice) fn reminders(value: Option<&Value>) -> Result<Value, Refusal> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(json!({ "useDefault": true }));
    };
    let wrong = || Refusal::invalid("Invalid reminder.");
    let overrides = match value.get("overrides") {
        None | Some(Value::Null) => &[],
        Some(list) => list.as_array().ok_or_else(wrong)?.as_slice(),
    };
    let use_default = match value.get("useDefault") {
        None | Some(Value::Null) => false,
        Some(flag) => flag.as_bool().ok_or_else(wrong)?,
    };
    if use_default && !overrides.is_empty() {
        return Err(Refusal::default_reminders_and_overrides());
    }
    if overrides.len() > MOST_REMINDERS {
        return Err(Refusal::invalid("Too many override reminders."));
    }
    for one in overrides {
        let method = one.get("method").and_then(Value::as_str);
        let minutes = one.get("minutes").and_then(Value::as_i64);
        if !matches!(method, Some("email" | "popup")) {
            return Err(Refusal::invalid("Invalid reminder method."));
        }
        if !minutes.is_some_and(|minutes| (0..=MOST_MINUTES).contains(&minutes)) {
            return Err(Refusal::invalid("Invalid reminder minutes."));
        }
    }
    if overrides.is_empty() {
        return Ok(json!({ "useDefault": use_default }));
    }
    Ok(json!({ "useDefault": false, "overrides": overrides }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_stay_within_their_limits() {
        let private = |entries: Value| properties(&json!({ "private": entries }));
        assert!(private(json!({"k".repeat(44): "v".repeat(1024)})).is_ok());
        assert_eq!(private(json!({"k".repeat(45): "v"})).unwrap(), None);
        let cut = private(json!({"k": "v".repeat(1025)})).unwrap().unwrap();
        assert_eq!(cut["private"]["k"], "v".repeat(1024));
        assert!(private(json!({"k": 1})).is_err());
        let many = |n: usize| {
            let entries = (0..n).map(|i| (format!("k{i}"), json!("v")));
            Value::Object(entries.collect())
        };
        assert!(private(many(300)).is_ok());
        assert!(private(many(301)).is_err());
        let big = (0..33).map(|i| (format!("k{i:02}"), json!("v".repeat(1024))));
        assert!(private(Value::Object(big.collect())).is_err());
        assert_eq!(private(json!({})).unwrap(), None);
    }

    #[test]
    fn reminders_are_five_at_most_and_four_weeks_before_at_most() {
        let own = |n: usize, minutes: i64| {
            let one = json!({"method": "popup", "minutes": minutes});
            reminders(Some(
                &json!({"useDefault": false, "overrides": vec![one; n]}),
            ))
        };
        assert!(own(5, 40_320).is_ok());
        assert!(own(6, 10).is_err() && own(1, 40_321).is_err() && own(1, -1).is_err());
        let both = json!({"useDefault": true, "overrides": [{"method": "email", "minutes": 1}]});
        assert_eq!(
            reminders(Some(&both)).unwrap_err().reason,
            "cannotUseDefaultRemindersAndSpecifyOverride"
        );
        let sms = json!({"useDefault": false, "overrides": [{"method": "sms", "minutes": 1}]});
        assert!(reminders(Some(&sms)).is_err());
        assert_eq!(reminders(None).unwrap(), json!({"useDefault": true}));
    }
}
