//! What a refusal, a broken connection or silence means, told apart by what to do next.
//!
//! A refusal is classified by the code and the reason in its body. A body that is not Google's (an
//! HTML page, truncated JSON, a network filter's own words) says nothing of an event: no usable
//! answer, so that nothing is given up or deleted because of it. No sentence holds an address or a
//! token.

use super::auth::NoToken;
use crate::domain::text;
use crate::domain::time::Moment;
use crate::port::calendar::CalendarError;
use chrono::DateTime;
use google_calendar3::common;
use hyper::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;
use std::error::Error as _;
use std::time::Duration;

/// A call that brought nothing.
pub(super) enum Failure {
    /// Not within this time.
    TimedOut(Duration),
    /// What the crate says.
    Call(common::Error),
}

impl Failure {
    /// The HTTP status, for the log.
    pub(super) fn status(&self) -> Option<u64> {
        match self {
            Self::Call(common::Error::BadRequest(body)) => body.pointer("/error/code")?.as_u64(),
            Self::Call(common::Error::Failure(answer)) => Some(answer.status().as_u16().into()),
            _ => None,
        }
    }
}

/// Hears the status and the headers of a refusal, which the crate drops for a JSON body.
#[derive(Default)]
pub(super) struct Heard {
    status: u16,
    retry_after: Option<Duration>,
}

impl common::Delegate for Heard {
    fn http_failure(&mut self, answer: &common::Response, _body: Option<&Value>) -> common::Retry {
        self.status = answer.status().as_u16();
        self.retry_after = retry_after(answer.headers());
        common::Retry::Abort
    }
}

/// The `Date` of an answer.
pub(super) fn server_time(headers: &HeaderMap) -> Option<Moment> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

fn http_date(text: &str) -> Option<Moment> {
    DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|date| date.to_utc())
}

/// `Retry-After`: seconds, or a date, which is measured by the answer's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = http_date(text)? - server_time(headers)?;
    Some(wait.to_std().unwrap_or_default())
}

/// The error that the failure means.
pub(super) fn told(failure: Failure, heard: &Heard) -> CalendarError {
    let no_answer = |why: &str| CalendarError::NoAnswer(why.to_owned());
    let error = match failure {
        Failure::TimedOut(limit) => {
            let limit = match limit.as_secs() {
                0 => format!("{} milliseconds", limit.as_millis()),
                1 => "a second".to_owned(),
                more => format!("{more} seconds"),
            };
            return CalendarError::NoAnswer(format!("nothing came within {limit}"));
        }
        Failure::Call(error) => error,
    };
    match error {
        common::Error::BadRequest(body) => refusal(&body, heard),
        common::Error::Failure(answer) => unlike_google(answer.status().as_u16(), heard),
        common::Error::HttpError(error) => no_answer(connection_trouble(&error)),
        common::Error::Io(_) => no_answer("the connection broke off; check the network"),
        common::Error::JsonDecodeError(..) => {
            no_answer("its answer was cut off, or is not in Google's form")
        }
        common::Error::MissingToken(error) => CalendarError::SignIn(
            error
                .downcast_ref::<NoToken>()
                .map_or("it gave no permission to work with", |why| why.0)
                .to_owned(),
        ),
        _ => CalendarError::Invalid("the request could not be made".to_owned()),
    }
}

fn connection_trouble(error: &hyper_util::client::legacy::Error) -> &'static str {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.to_string().to_lowercase().contains("certificate") {
            return "its identity could not be checked; check this computer's date and whether \
                    the network filters connections";
        }
        source = cause.source();
    }
    if error.is_connect() {
        "no connection could be made; check the network"
    } else {
        "the connection broke off; check the network"
    }
}

/// A refusal whose body is not Google's.
fn unlike_google(status: u16, heard: &Heard) -> CalendarError {
    match status {
        401 => signed_out(),
        429 => CalendarError::SlowDown {
            retry_after: heard.retry_after,
        },
        500.. => CalendarError::NoAnswer(format!("its servers have trouble, code {status}")),
        _ => CalendarError::NoAnswer(format!(
            "something else answered in its place, code {status}; check the network"
        )),
    }
}

fn signed_out() -> CalendarError {
    CalendarError::SignIn("it no longer accepts the present one".to_owned())
}

/// A refusal in Google's words.
fn refusal(body: &Value, heard: &Heard) -> CalendarError {
    let Some(error) = body.get("error") else {
        return unlike_google(heard.status, heard);
    };
    if error.as_str() == Some("invalid_grant") {
        return signed_out();
    }
    let code = error
        .get("code")
        .and_then(Value::as_u64)
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (400..600).contains(code))
        .unwrap_or(heard.status);
    let word = |pointer: &str| error.pointer(pointer).and_then(Value::as_str);
    let reason = word("/errors/0/reason")
        .or_else(|| word("/details/0/reason"))
        .unwrap_or_default();
    let message = word("/message")
        .or_else(|| word("/errors/0/message"))
        .unwrap_or_default();
    let limits = word("/errors/0/domain") == Some("usageLimits");
    match code {
        400 if message.to_lowercase().contains("sync token") => CalendarError::SyncTokenInvalid,
        400 if reason == "channelIdNotUnique" => CalendarError::Duplicate,
        // a 401 that no sign-in mends
        401 if reason.ends_with("webhookUrlUnauthorized") => CalendarError::Forbidden(
            "it does not send to the address under [push]; have its certificate checked, and whether \
             its domain must be registered for this program's Google project"
                .to_owned(),
        ),
        401 => signed_out(),
        403 => forbidden(reason, message, limits, heard),
        404 => CalendarError::NotFound,
        // other conflicts pass when the same request is repeated
        409 if matches!(reason, "duplicate" | "") => CalendarError::Duplicate,
        408 | 409 => CalendarError::NoAnswer(format!("it was busy with itself, code {code}")),
        410 if matches!(reason, "fullSyncRequired" | "updatedMinTooLongAgo") => {
            CalendarError::SyncTokenInvalid
        }
        410 => CalendarError::Gone,
        412 => CalendarError::Stale,
        400..=499 if code != 429 => CalendarError::Invalid(match reason {
            "timeRangeEmpty" => "the end does not come after the start".to_owned(),
            "timeRangeTooLong" => "the stretch of time is too long".to_owned(),
            _ => format!(
                "its words are “{}”. Trying again will not help: please report this sentence",
                plain(message, code)
            ),
        }),
        _ => unlike_google(code, heard),
    }
}

fn forbidden(reason: &str, message: &str, limits: bool, heard: &Heard) -> CalendarError {
    let words = match reason {
        "rateLimitExceeded" | "userRateLimitExceeded" | "RATE_LIMIT_EXCEEDED" => {
            return CalendarError::SlowDown {
                retry_after: heard.retry_after,
            };
        }
        "accessNotConfigured" | "SERVICE_DISABLED" => {
            "the Calendar API is not switched on for this program's Google project; whoever set it \
             up can switch it on"
        }
        "quotaExceeded" | "dailyLimitExceeded" => return CalendarError::Quota,
        _ if limits => return CalendarError::Quota,
        "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" => {
            "the sign-in does not cover everything the desk needs; sign in again and allow all that \
             is asked for"
        }
        "requiredAccessLevel" | "forbidden" => {
            "the calendar is not shared with the right to change events; its owner can grant that \
             in the calendar's sharing settings"
        }
        "forbiddenForServiceAccounts" => "a service account may not invite guests",
        "forbiddenForNonOrganizer" => "only the organiser of the event may change it",
        _ => return CalendarError::Forbidden(plain(message, 403)),
    };
    CalendarError::Forbidden(words.to_owned())
}

/// Google's message as one clean line without addresses; the code where nothing is left.
fn plain(message: &str, code: u16) -> String {
    let words: Vec<&str> = message
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .collect();
    let line = text::clean(&words.join(" "), 200);
    if line.is_empty() {
        format!("code {code}, without a reason")
    } else {
        line
    }
}

#[cfg(test)]
mod tests;
