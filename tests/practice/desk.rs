//! A practice calendar of two doctors, and a client for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use frontdesk::practice::{CalendarSpec, Now, Options, Server};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tempfile::TempDir;

/// Dr. Chen's calendar, in Berlin.
pub const CHEN: &str = "chen@clinic.example";
/// Dr. Ortiz's calendar, in New York.
pub const ORTIZ: &str = "ortiz@clinic.example";

/// 2026-11-21T09:00:00Z
pub const NOW_MS: i64 = 1_795_251_600_000;

pub struct Desk {
    pub server: Server,
    pub dir: TempDir,
    clock: Arc<AtomicI64>,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// An answer.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The reason of an error.
    pub fn reason(&self) -> String {
        self.json()["error"]["errors"][0]["reason"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {}", self.text))
            .to_owned()
    }

    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }
}

pub fn specs() -> Vec<CalendarSpec> {
    [
        (CHEN, "Dr. Chen", "Europe/Berlin"),
        (ORTIZ, "Dr. Ortiz", "America/New_York"),
    ]
    .map(|(id, summary, zone)| CalendarSpec {
        id: id.into(),
        summary: summary.into(),
        time_zone: zone.into(),
    })
    .to_vec()
}

impl Desk {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::open_in(dir).await
    }

    pub async fn open_in(dir: TempDir) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let ticks = Arc::clone(&clock);
        let now: Now = Arc::new(move || {
            DateTime::<Utc>::from_timestamp_millis(ticks.load(Ordering::SeqCst)).unwrap()
        });
        let options = Options {
            data: dir.path().join("practice.db"),
            listen: ([127, 0, 0, 1], 0).into(),
            calendars: specs(),
            now,
        };
        Self {
            server: Server::start(options).await.unwrap(),
            dir,
            clock,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    pub fn later(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Asks with a full address, headers and body; `Err` if the connection breaks.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Got, String> {
        let url = format!("http://{}{path}", self.server.address());
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = Full::new(Bytes::from(body.unwrap_or_default().to_owned()));
        let answer = self.client.request(request.body(body).unwrap()).await;
        let (parts, body) = answer.map_err(|error| error.to_string())?.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?;
        Ok(Got {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(body.to_bytes().to_vec()).unwrap(),
        })
    }

    /// Asks below `/calendar/v3/`.
    pub async fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Got {
        let path = format!("/calendar/v3/{path}");
        let body = body.map(Value::to_string);
        self.ask(method, &path, &[], body.as_deref()).await.unwrap()
    }

    pub async fn api_if(&self, method: &str, path: &str, etag: &str, body: Option<&Value>) -> Got {
        let path = format!("/calendar/v3/{path}");
        let body = body.map(Value::to_string);
        let headers = [("if-match", etag)];
        self.ask(method, &path, &headers, body.as_deref())
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Got {
        self.api("GET", path, None).await
    }

    pub async fn insert(&self, event: &Value) -> Value {
        let got = self.api("POST", &events(""), Some(event)).await;
        got.ok()
    }

    pub async fn fault(&self, fault: &Value) {
        let text = fault.to_string();
        let got = self.ask("POST", "/practice/faults", &[], Some(&text)).await;
        let got = got.unwrap();
        assert_eq!(got.status, 200, "{}", got.text);
    }

    /// Ids of a listing's items.
    pub async fn ids(&self, query: &str) -> Vec<String> {
        let list = self.get(&events(query)).await.ok();
        ids(&list)
    }
}

pub fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Dr. Chen's events: `""`, `"/id"` or `"?query"` behind.
pub fn events(rest: &str) -> String {
    format!("calendars/{CHEN}/events{rest}")
}

pub fn timed(id: &str, start: &str, end: &str) -> Value {
    serde_json::json!({
        "id": id,
        "summary": id,
        "start": { "dateTime": start },
        "end": { "dateTime": end },
    })
}
