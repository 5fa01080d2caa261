//! Answers as they go over the wire, whole or broken.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::answer::Answer;
use super::refusal::Refusal;
use super::server::http_date;

pub(super) type Reply = Response<Body>;

const HTML: &str = "<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title><p><b>502.</b> That\u{2019}s an error. Please try again in 30 seconds.</html>";

/// An answer that says yes.
pub(super) fn of_answer(answer: Answer) -> Reply {
    let empty = answer.body.is_empty();
    let mut reply = text(
        answer.status,
        answer.body,
        "application/json; charset=UTF-8",
    );
    if empty {
        reply.headers_mut().remove(header::CONTENT_TYPE);
    }
    if let Some(etag) = answer
        .etag
        .and_then(|etag| HeaderValue::from_str(&etag).ok())
    {
        reply.headers_mut().insert(header::ETAG, etag);
    }
    reply
}

/// An answer that says no.
pub(super) fn of_refusal(refusal: &Refusal) -> Reply {
    json(refusal.status, &refusal.body())
}

pub(super) fn json(status: u16, body: &Value) -> Reply {
    text(status, body.to_string(), "application/json; charset=UTF-8")
}

/// The page that Google's front end shows when it has no answer.
pub(super) fn html(status: u16) -> Reply {
    let page = HTML.replace("502", &status.to_string());
    text(status, page, "text/html; charset=UTF-8")
}

fn text(status: u16, body: String, kind: &'static str) -> Reply {
    let mut reply = Response::new(Body::from(body));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=0, must-revalidate, no-transform"),
    );
    reply
}

/// The same answer, breaking off in the middle: its length is promised in full.
pub(super) async fn truncated(reply: Reply) -> Reply {
    let (mut parts, body) = reply.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half: Bytes = whole.slice(..whole.len() / 2);
    let broken = io::Error::from(io::ErrorKind::ConnectionReset);
    let stream = futures::stream::iter([Ok(half), Err(broken)]);
    Response::from_parts(parts, Body::from_stream(stream))
}

pub(super) fn with_date(mut reply: Reply, now: DateTime<Utc>) -> Reply {
    if let Ok(date) = HeaderValue::from_str(&http_date(now)) {
        reply.headers_mut().insert(header::DATE, date);
    }
    reply
}

/// Says how long to wait: in seconds, or as a date counted from `from`.
pub(super) fn with_retry_after(
    mut reply: Reply,
    seconds: Option<u64>,
    from: Option<DateTime<Utc>>,
) -> Reply {
    let Some(seconds) = seconds else {
        return reply;
    };
    let date = from.zip(i64::try_from(seconds).ok()).and_then(|(now, s)| {
        let until = now.checked_add_signed(TimeDelta::try_seconds(s)?)?;
        HeaderValue::from_str(&http_date(until)).ok()
    });
    let wait = date.unwrap_or_else(|| HeaderValue::from(seconds));
    reply.headers_mut().insert(header::RETRY_AFTER, wait);
    reply
}
