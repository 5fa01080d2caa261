//! What a method answers, before it goes over the wire.

use serde_json::Value;

/// An answer that says yes.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    /// JSON, or nothing.
    pub body: String,
    pub etag: Option<String>,
    /// The calendar whose watchers must hear of it.
    pub changed: Option<i64>,
    /// A channel just opened, to be told so.
    pub opened: Option<String>,
}

impl Answer {
    pub fn ok(body: &Value) -> Self {
        Self::text(body.to_string())
    }

    /// JSON that is text already.
    pub fn text(body: String) -> Self {
        Self {
            status: 200,
            body,
            etag: None,
            changed: None,
            opened: None,
        }
    }

    /// 204.
    pub fn empty() -> Self {
        Self {
            status: 204,
            ..Self::text(String::new())
        }
    }

    pub fn tagged(mut self, etag: String) -> Self {
        self.etag = Some(etag);
        self
    }

    pub fn changing(mut self, calendar: i64) -> Self {
        self.changed = Some(calendar);
        self
    }
}
