//! Answers that say no, in Google's words: the body of each error.

use serde_json::{Value, json};

use crate::sqlite::OpenError;

/// One refusal. [`Refusal::body`] is what goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: u16,
    domain: &'static str,
    pub reason: String,
    message: String,
    location: Option<(&'static str, String)>,
}

impl Refusal {
    fn new(status: u16, domain: &'static str, reason: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            domain,
            reason: reason.to_owned(),
            message: message.into(),
            location: None,
        }
    }

    fn at(mut self, kind: &'static str, name: &str) -> Self {
        self.location = Some((kind, name.to_owned()));
        self
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "global", "invalid", message)
    }

    pub fn required(message: impl Into<String>) -> Self {
        Self::new(400, "global", "required", message)
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "global", "badRequest", message)
    }

    pub fn parse_error() -> Self {
        Self::new(400, "global", "parseError", "Parse Error")
    }

    pub fn parameter(name: &str, message: impl Into<String>) -> Self {
        Self::new(400, "global", "invalidParameter", message).at("parameter", name)
    }

    pub fn bad_id() -> Self {
        Self::invalid("Invalid resource id value.")
    }

    pub fn bad_sync_token() -> Self {
        Self::invalid("Invalid sync token value.")
    }

    pub fn bad_page_token() -> Self {
        Self::invalid("Invalid page token value.")
    }

    pub fn sync_token_with(parameter: &str) -> Self {
        Self::bad_request("Sync token cannot be used with other query restrictions.")
            .at("parameter", parameter)
    }

    pub fn time_range_empty() -> Self {
        let message = "The specified time range is empty.";
        Self::new(400, "calendar", "timeRangeEmpty", message).at("parameter", "timeMax")
    }

    pub fn time_range_too_long() -> Self {
        let message = "The requested time range is too long.";
        Self::new(400, "calendar", "timeRangeTooLong", message).at("parameter", "timeMax")
    }

    pub fn default_reminders_and_overrides() -> Self {
        let message = "Cannot specify both default reminders and overrides at the same time.";
        Self::new(
            400,
            "calendar",
            "cannotUseDefaultRemindersAndSpecifyOverride",
            message,
        )
    }

    pub fn not_found() -> Self {
        Self::new(404, "global", "notFound", "Not Found")
    }

    pub fn no_channel(id: &str) -> Self {
        let message = format!("Channel '{id}' not found for project 'practice'");
        Self::new(404, "global", "notFound", message)
    }

    pub fn channel_not_unique(id: &str) -> Self {
        let message = format!("Channel id {id} not unique");
        Self::new(400, "global", "channelIdNotUnique", message)
    }

    pub fn web_hook_not_https(address: &str) -> Self {
        let message = format!("WebHook callback must be HTTPS: {address}");
        Self::new(400, "global", "push.webhookUrlNotHttps", message)
    }

    pub fn method_not_allowed() -> Self {
        Self::new(405, "global", "httpMethodNotAllowed", "Method Not Allowed")
    }

    pub fn duplicate() -> Self {
        let message = "The requested identifier already exists.";
        Self::new(409, "global", "duplicate", message)
    }

    pub fn deleted() -> Self {
        Self::new(410, "global", "deleted", "Resource has been deleted")
    }

    pub fn full_sync_required() -> Self {
        let message = "Sync token is no longer valid, a full sync is required.";
        Self::new(410, "calendar", "fullSyncRequired", message).at("parameter", "syncToken")
    }

    pub fn condition_not_met() -> Self {
        Self::new(412, "global", "conditionNotMet", "Precondition Failed").at("header", "If-Match")
    }

    pub fn backend_error() -> Self {
        Self::new(503, "global", "backendError", "Backend Error")
    }

    /// The refusal that a fault asks for; without a reason, the usual one of that status.
    pub fn of_fault(status: u16, reason: Option<&str>) -> Self {
        let usual = match status {
            400 => "badRequest",
            401 => "authError",
            403 | 429 => "rateLimitExceeded",
            404 => "notFound",
            409 => "duplicate",
            410 => "deleted",
            412 => "conditionNotMet",
            _ => "backendError",
        };
        let reason = reason.unwrap_or(usual);
        let usage = |message: &str| Self::new(status, "usageLimits", reason, message);
        match reason {
            "authError" => Self::new(status, "global", reason, "Invalid Credentials")
                .at("header", "Authorization"),
            "insufficientPermissions" => {
                Self::new(status, "global", reason, "Insufficient Permission")
            }
            "forbiddenForServiceAccounts" => Self::new(
                status,
                "calendar",
                reason,
                "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
            ),
            "userRateLimitExceeded" => usage("User Rate Limit Exceeded"),
            "rateLimitExceeded" => usage("Rate Limit Exceeded"),
            "quotaExceeded" => usage("Calendar usage limits exceeded."),
            "notFound" => Self::not_found(),
            "duplicate" => Self::duplicate(),
            "deleted" => Self::deleted(),
            "fullSyncRequired" => Self::full_sync_required(),
            "conditionNotMet" => Self::condition_not_met(),
            "invalid" => Self::bad_sync_token(),
            "backendError" => Self::new(status, "global", reason, "Backend Error"),
            other => Self::new(status, "global", other, other),
        }
        .with_status(status)
    }

    fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The words for a person.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `{"error":{"errors":[ITEM],"code":N,"message":ITEM.message}}`.
    pub fn body(&self) -> Value {
        let mut item = json!({
            "domain": self.domain,
            "reason": self.reason,
            "message": self.message,
        });
        if let (Some((kind, name)), Some(item)) = (&self.location, item.as_object_mut()) {
            item.insert("locationType".into(), json!(kind));
            item.insert("location".into(), json!(name));
        }
        let mut error = json!({
            "errors": [item],
            "code": self.status,
            "message": self.message,
        });
        let status = match self.reason.as_str() {
            "authError" => Some("UNAUTHENTICATED"),
            "insufficientPermissions" => Some("PERMISSION_DENIED"),
            _ => None,
        };
        if let (Some(status), Some(error)) = (status, error.as_object_mut()) {
            error.insert("status".into(), json!(status));
        }
        json!({ "error": error })
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "practice calendar: the database failed");
        Self::backend_error()
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        tracing::error!(%error, "practice calendar: the database failed");
        Self::backend_error()
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(%error, "practice calendar: a stored event cannot be read");
        Self::backend_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_as_google_sends_them() {
        let expected = json!({"error": {
            "errors": [{"domain": "global", "reason": "conditionNotMet",
                "message": "Precondition Failed", "locationType": "header", "location": "If-Match"}],
            "code": 412,
            "message": "Precondition Failed",
        }});
        assert_eq!(Refusal::condition_not_met().body(), expected);
    }

    #[test]
    fn a_fault_gets_the_words_of_its_reason() {
        let refusal = Refusal::of_fault(403, Some("userRateLimitExceeded"));
        assert_eq!(refusal.message(), "User Rate Limit Exceeded");
        assert_eq!(
            refusal.body()["error"]["errors"][0]["domain"],
            "usageLimits"
        );
        assert_eq!(Refusal::of_fault(500, None).status, 500);
        let body = Refusal::of_fault(401, None).body();
        assert_eq!(body["error"]["status"], "UNAUTHENTICATED");
    }
}
