//! PATCH: what is not named stays, null removes, objects are merged, lists are replaced.

use serde_json::{Map, Value};

/// Lays `patch` over `target`.
pub(in crate::practice) fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match (value, target.get_mut(name)) {
            (Value::Null, _) => {
                target.remove(name);
            }
            (Value::Object(patch), Some(Value::Object(target))) => merge(target, patch),
            (Value::Object(patch), _) => {
                let mut fresh = Map::new();
                merge(&mut fresh, patch);
                target.insert(name.clone(), Value::Object(fresh));
            }
            (value, _) => {
                target.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn private_properties_merge_key_by_key() {
        let mut target = json!({"summary": "a", "location": "b", "attendees": [1, 2],
            "extendedProperties": {"private": {"x": "1", "y": "2"}}});
        let patch = json!({"location": null, "attendees": [3],
            "extendedProperties": {"private": {"y": null, "z": "3"}}});
        merge(target.as_object_mut().unwrap(), patch.as_object().unwrap());
        let expected = json!({"summary": "a", "attendees": [3],
            "extendedProperties": {"private": {"x": "1", "z": "3"}}});
        assert_eq!(target, expected);
    }
}
