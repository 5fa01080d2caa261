//! Writes under an etag: PATCH and DELETE with `If-Match`, sent past the generated calls, which can
//! set no header and strip nulls from bodies. Never a PUT: it would drop what the crate does not model.

use super::address::segment;
use super::calls::the_event;
use super::convert::{unreadable, write_times};
use super::counters::Route;
use super::error::{Heard, told};
use super::wire::{USER_AGENT, Wire};
use crate::domain::event::{Event, NewTimes};
use crate::domain::id::{CalendarId, Etag, EventId};
use crate::port::calendar::{CalendarError, Stamped};
use google_calendar3::common;
use google_calendar3::common::Delegate as _;
use http_body_util::{BodyExt, Limited};
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request};
use serde_json::{Value, json};

/// The most bytes of an answer about one event.
const MOST: usize = 4 << 20;

impl<C: common::Connector> Wire<C> {
    /// PATCH `status=confirmed` under the etag.
    pub(super) async fn confirm(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<Stamped<Event>, CalendarError> {
        let change = json!({"status": "confirmed"});
        self.patch(Route::Confirm, calendar, event, etag, change)
            .await
    }

    /// PATCH the times under the etag; of the private properties, only those that are named change.
    pub(super) async fn reschedule(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        times: &NewTimes,
    ) -> Result<Stamped<Event>, CalendarError> {
        let change = write_times(times)?;
        self.patch(Route::Reschedule, calendar, event, etag, change)
            .await
    }

    async fn patch(
        &self,
        route: Route,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        change: Value,
    ) -> Result<Stamped<Event>, CalendarError> {
        let request = Conditional {
            route,
            method: Method::PATCH,
            path: event_path(calendar, event)?,
            etag: if_match(etag)?,
            body: Some(change),
        };
        let (answer, body) = self.send_conditional(request).await?;
        let body = serde_json::from_slice(&body)
            .map_err(|_| unreadable("it was cut off, or is not in Google's form"))?;
        the_event(&answer, body, event)
    }

    /// DELETE under the etag.
    pub(super) async fn delete(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<(), CalendarError> {
        let request = Conditional {
            route: Route::Delete,
            method: Method::DELETE,
            path: event_path(calendar, event)?,
            etag: if_match(etag)?,
            body: None,
        };
        let (_, body) = self.send_conditional(request).await?;
        // Google says nothing at all; a page in its place (a network filter) deleted nothing
        if body.is_empty() || serde_json::from_slice::<Value>(&body).is_ok() {
            Ok(())
        } else {
            Err(unreadable("it is not in Google's form"))
        }
    }

    async fn send_conditional(
        &self,
        request: Conditional,
    ) -> Result<(common::Response, Bytes), CalendarError> {
        let mut heard = Heard::default();
        let route = request.route;
        let call = self.exchange(request, &mut heard);
        let answered = self.send(route, call).await;
        answered.map_err(|failure| told(failure, &heard))
    }

    /// The same answers and errors as those of a generated call.
    async fn exchange(
        &self,
        request: Conditional,
        heard: &mut Heard,
    ) -> common::Result<(common::Response, Bytes)> {
        let token = self.hub.auth.get_token(&[]).await;
        let token = token.map_err(common::Error::MissingToken)?;
        let body = request.body.map(|json| json.to_string());
        let mut builder = Request::builder()
            .method(request.method)
            .uri(format!(
                "{}{}?sendUpdates=none&alt=json",
                self.base, request.path
            ))
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::IF_MATCH, request.etag);
        if body.is_some() {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = token {
            let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(std::io::Error::other)
                .map_err(common::Error::Io)?;
            bearer.set_sensitive(true);
            builder = builder.header(header::AUTHORIZATION, bearer);
        }
        let request = builder
            .body(common::to_body(body))
            .map_err(std::io::Error::other)?;
        let sent = self.hub.client.request(request).await;
        let (parts, body) = sent.map_err(common::Error::HttpError)?.into_parts();
        let body = Limited::new(body, MOST).collect().await;
        let body = body.map_err(std::io::Error::other)?.to_bytes();
        let answer = common::to_response::<Bytes>(parts, Some(body.clone()));
        if answer.status().is_success() {
            return Ok((answer, body));
        }
        heard.http_failure(&answer, None);
        Err(match serde_json::from_slice(&body) {
            Ok(refusal) => common::Error::BadRequest(refusal),
            Err(_) => common::Error::Failure(answer),
        })
    }
}

struct Conditional {
    route: Route,
    method: Method,
    path: String,
    etag: HeaderValue,
    body: Option<Value>,
}

fn event_path(calendar: &CalendarId, event: &EventId) -> Result<String, CalendarError> {
    let (calendar, event) = (segment(calendar.as_str())?, segment(event.as_str())?);
    Ok(format!("calendars/{calendar}/events/{event}"))
}

/// The condition. An empty one and `*` would be none at all.
fn if_match(etag: &Etag) -> Result<HeaderValue, CalendarError> {
    let text = etag.as_str().trim();
    let usable = !matches!(text, "" | "*");
    HeaderValue::from_str(text)
        .ok()
        .filter(|_| usable)
        .ok_or_else(|| CalendarError::Invalid("the version of the event is not known".to_owned()))
}
