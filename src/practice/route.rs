//! Which method of the API an address means. The path is read by hand: a calendar's id may come
//! with a raw `@`, as `%40`, or with `%23` for the `#` of a holiday calendar.

use axum::http::Method;
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// A method of the API, by Google's own name ("events.insert"), and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub name: &'static str,
    pub calendar: Option<String>,
    /// The id of the event, or of a setting.
    pub item: Option<String>,
}

impl Route {
    /// Reads method and path. Outside the API, and with the wrong method, `Err`.
    pub fn parse(method: &Method, path: &str) -> Result<Self, Refusal> {
        let path = path
            .strip_prefix("/calendar/v3/")
            .ok_or_else(Refusal::not_found)?;
        let parts: Vec<String> = path.split('/').map(decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => return Err(Refusal::method_not_allowed()),
        };
        Self::find(method, &parts)
    }

    fn find(method: &str, parts: &[&str]) -> Result<Self, Refusal> {
        let (name, calendar, item) = match (method, parts) {
            ("GET", ["users", "me", "calendarList"]) => ("calendarList.list", None, None),
            ("GET", ["users", "me", "calendarList", id]) => ("calendarList.get", Some(id), None),
            ("GET", ["users", "me", "settings"]) => ("settings.list", None, None),
            ("GET", ["users", "me", "settings", id]) => ("settings.get", None, Some(id)),
            ("GET", ["colors"]) => ("colors.get", None, None),
            ("POST", ["freeBusy"]) => ("freebusy.query", None, None),
            ("POST", ["channels", "stop"]) => ("channels.stop", None, None),
            ("POST", ["calendars"]) => ("calendars.insert", None, None),
            ("GET", ["calendars", id]) => ("calendars.get", Some(id), None),
            ("PATCH" | "PUT", ["calendars", id]) => ("calendars.patch", Some(id), None),
            ("GET", ["calendars", id, "events"]) => ("events.list", Some(id), None),
            ("POST", ["calendars", id, "events"]) => ("events.insert", Some(id), None),
            ("POST", ["calendars", id, "events", "watch"]) => ("events.watch", Some(id), None),
            (method, ["calendars", id, "events", event]) => {
                let name = match method {
                    "GET" => "events.get",
                    "PATCH" => "events.patch",
                    "PUT" => "events.update",
                    "DELETE" => "events.delete",
                    _ => return Err(Refusal::method_not_allowed()),
                };
                (name, Some(id), Some(event))
            }
            ("GET", ["calendars", id, "events", event, "instances"]) => {
                ("events.instances", Some(id), Some(event))
            }
            _ => return Err(Refusal::not_found()),
        };
        Ok(Self {
            name,
            calendar: calendar.map(|id| (*id).to_owned()),
            item: item.map(|id| (*id).to_owned()),
        })
    }

    /// Whether a name in a fault ("events.insert", "events.*", "freeBusy", "*") means this method.
    pub fn is_named(&self, name: &str) -> bool {
        let group = self.name.split('.').next();
        name == "*"
            || name == self.name
            || (self.name == "freebusy.query" && name.eq_ignore_ascii_case("freebusy"))
            || name
                .strip_suffix(".*")
                .is_some_and(|name| group == Some(name))
    }

    /// The methods that a fault may name.
    pub const NAMES: &[&str] = &[
        "calendarList.list",
        "calendarList.get",
        "settings.list",
        "settings.get",
        "colors.get",
        "freebusy.query",
        "channels.stop",
        "calendars.insert",
        "calendars.get",
        "calendars.patch",
        "events.list",
        "events.insert",
        "events.watch",
        "events.get",
        "events.patch",
        "events.update",
        "events.delete",
        "events.instances",
    ];

    /// Whether a fault's name means any method at all.
    pub fn is_known(name: &str) -> bool {
        Self::NAMES.iter().any(|known| {
            Self {
                name: known,
                calendar: None,
                item: None,
            }
            .is_named(name)
        })
    }
}

fn decode(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(method: &Method, path: &str) -> Option<Route> {
        Route::parse(method, path).ok()
    }

    #[test]
    fn ids_may_come_raw_or_escaped() {
        for id in ["a@b.example", "a%40b.example"] {
            let path = format!("/calendar/v3/calendars/{id}/events");
            let route = find(&Method::GET, &path).unwrap();
            assert_eq!(route.name, "events.list");
            assert_eq!(route.calendar.as_deref(), Some("a@b.example"));
        }
        let path = "/calendar/v3/calendars/de%23holiday%40group/events/abc_20261124T090000Z";
        let route = find(&Method::DELETE, path).unwrap();
        assert_eq!(route.calendar.as_deref(), Some("de#holiday@group"));
        assert_eq!(route.item.as_deref(), Some("abc_20261124T090000Z"));
    }

    #[test]
    fn watch_is_no_event_id() {
        let path = "/calendar/v3/calendars/a/events/watch";
        assert_eq!(find(&Method::POST, path).unwrap().name, "events.watch");
        assert_eq!(find(&Method::GET, path).unwrap().name, "events.get");
        assert_eq!(find(&Method::GET, "/elsewhere"), None);
    }

    #[test]
    fn faults_may_name_a_method_a_group_or_everything() {
        let route = find(&Method::POST, "/calendar/v3/freeBusy").unwrap();
        assert!(route.is_named("freeBusy") && route.is_named("freebusy.query"));
        assert!(route.is_named("*") && !route.is_named("events.*"));
        assert!(Route::is_known("events.*") && Route::is_known("events.list"));
        assert!(!Route::is_known("events.nothing"));
    }
}
