//! One request as the methods see it: read once, without the wire.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::query::Query;
use super::refusal::Refusal;
use super::route::Route;

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub route: Route,
    pub query: Query,
    pub body: Option<Value>,
    /// The texts of `If-Match` and `If-None-Match`.
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    /// The moment the request is carried out.
    pub now: DateTime<Utc>,
    /// `http://host:port/calendar/v3/`
    pub base_url: String,
}

impl Call {
    pub fn calendar(&self) -> &str {
        self.route.calendar.as_deref().unwrap_or_default()
    }

    pub fn item(&self) -> &str {
        self.route.item.as_deref().unwrap_or_default()
    }

    /// The body, which must be an object.
    pub fn json(&self) -> Result<&Map<String, Value>, Refusal> {
        let object = self.body.as_ref().and_then(Value::as_object);
        object.ok_or_else(Refusal::parse_error)
    }

    /// 412 if the caller knows another version than `etag`.
    pub fn require_match(&self, etag: &str) -> Result<(), Refusal> {
        match &self.if_match {
            Some(tags) if !names(tags, etag) => Err(Refusal::condition_not_met()),
            _ => Ok(()),
        }
    }

    /// Whether the caller has this version already (304).
    pub fn has_already(&self, etag: &str) -> bool {
        let known = self.if_none_match.as_deref();
        known.is_some_and(|tags| names(tags, etag))
    }

    /// Parameters that every writing method checks, though no mail is ever sent.
    pub fn check_send_updates(&self) -> Result<(), Refusal> {
        let words = ["all", "externalOnly", "none"];
        self.query.one_of("sendUpdates", &words)?;
        self.query.flag("sendNotifications")?;
        Ok(())
    }
}

fn names(tags: &str, etag: &str) -> bool {
    let mut tags = tags.split(',').map(str::trim);
    tags.any(|tag| tag == "*" || tag == etag || tag.strip_prefix("W/") == Some(etag))
}
