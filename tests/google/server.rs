//! A server that says what each test tells it to, and remembers what it was asked.
#![allow(dead_code, reason = "each test file uses its own part")]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use frontdesk::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use frontdesk::domain::id::CalendarId;
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::google::{Client, Options, Token};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// What the server says next.
pub enum Say {
    Json(u16, Value),
    With(u16, Vec<(&'static str, &'static str)>, String),
    /// Begins to answer and breaks off.
    CutOff,
    /// Never answers.
    Nothing,
}

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Value,
}

#[derive(Clone, Default)]
pub struct Server {
    pub says: Arc<Mutex<VecDeque<Say>>>,
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub async fn start(says: Vec<Say>) -> (Self, Client) {
        let server = Self {
            says: Arc::new(Mutex::new(says.into())),
            ..Self::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, client(&format!("http://{address}/calendar/v3")))
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

pub async fn answer(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    server.asked.lock().unwrap().push(Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    });
    let say = server.says.lock().unwrap().pop_front();
    let status = |code| StatusCode::from_u16(code).unwrap();
    match say.unwrap_or(Say::Nothing) {
        Say::Json(code, body) => (status(code), body.to_string()).into_response(),
        Say::With(code, headers, body) => {
            let mut response = (status(code), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Say::CutOff => {
            let parts = [
                Ok(Bytes::from_static(b"{\"id\":\"abcde1\",")),
                Err(std::io::Error::other("cut")),
            ];
            Body::from_stream(futures::stream::iter(parts)).into_response()
        }
        Say::Nothing => std::future::pending().await,
    }
}

pub fn client(base_url: &str) -> Client {
    Client::new(Options {
        base_url: Some(base_url.to_owned()),
        token: Token::Fixed("secret-token".to_owned()),
        timeout: Duration::from_secs(5),
    })
    .unwrap()
}

pub fn at(minute: i64) -> Moment {
    DateTime::<Utc>::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

pub fn span(start: i64, end: i64) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

pub fn calendar() -> CalendarId {
    "de.german#holiday@group.v.calendar.google.com".into()
}

pub const CALENDAR_PATH: &str =
    "/calendar/v3/calendars/de.german%23holiday%40group.v.calendar.google.com/events";

pub fn event_json(id: &str) -> Value {
    json!({
        "kind": "calendar#event", "id": id, "etag": "\"31\"", "status": "tentative",
        "start": {"dateTime": at(0)}, "end": {"dateTime": at(30)},
    })
}

pub fn page_json(ids: &[&str], next: Option<&str>) -> Value {
    let items: Vec<Value> = ids.iter().map(|id| event_json(id)).collect();
    let mut page = json!({"kind": "calendar#events", "timeZone": "Europe/Berlin", "items": items});
    if let Some(next) = next {
        page["nextPageToken"] = next.into();
    }
    page
}

pub fn draft() -> EventDraft {
    EventDraft {
        id: "abcde1".into(),
        calendar: calendar(),
        status: EventStatus::Tentative,
        summary: "Appointment".to_owned(),
        description: String::new(),
        visit: span(0, 30),
        zone: chrono_tz::Europe::Berlin,
        mark: Mark {
            kind: MarkKind::Appointment,
            clinic: "clinic".into(),
            database: "db".into(),
            desk: "front".into(),
            appointment: "a-1".into(),
            operation: "op-1".into(),
            rev: 0,
            attempt: 1,
            doctor: "d-1".into(),
            service: None,
            customer: None,
            name: None,
            buffers: Buffers::NONE,
            lease_seconds: 120,
        },
    }
}

pub fn refusal(code: u16, reason: &str) -> Value {
    json!({"error": {"code": code, "message": "?", "errors": [{"reason": reason, "message": "?"}]}})
}
