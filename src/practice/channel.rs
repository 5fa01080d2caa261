//! Watch channels: who wants to hear that a calendar has changed, and telling them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Uri};
use chrono::{DateTime, Utc};
use http_body_util::Empty;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rusqlite::{Row, params};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::answer::Answer;
use super::calendars::Calendar;
use super::call::Call;
use super::database::Database;
use super::refusal::Refusal;
use super::server::{Now, http_date};

/// How long a channel lives unless it says otherwise, and at most: a week and a month.
const USUAL_TTL_S: i64 = 604_800;
const LONGEST_TTL_S: i64 = 2_592_000;

/// How long a listener may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// events.watch
pub(super) fn watch(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let id = text("id").ok_or_else(|| Refusal::required("Missing channel id."))?;
    let spelled = |b: u8| b.is_ascii_alphanumeric() || b"-_+/=".contains(&b);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(spelled) {
        return Err(Refusal::invalid("Invalid channel id."));
    }
    if !matches!(text("type"), Some("web_hook" | "webhook")) {
        return Err(Refusal::invalid("Unknown channel type."));
    }
    let address = text("address").ok_or_else(|| Refusal::required("Missing address."))?;
    check_address(address)?;
    let expiration = expiration(body, call.now)?;
    let token = text("token");
    if token.is_some_and(|token| token.len() > 256) {
        return Err(Refusal::invalid("Invalid channel token."));
    }
    db.write(|tx| {
        let calendar = Calendar::find(tx, call.calendar())?;
        let resource = format!("practice-{}", calendar.number);
        let added = tx.execute(
            "INSERT INTO channel (id, calendar, resource_id, address, token, expiration_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
            params![id, calendar.number, resource, address, token, expiration],
        )?;
        if added == 0 {
            return Err(Refusal::channel_not_unique(id));
        }
        let mut channel = json!({
            "kind": "api#channel",
            "id": id,
            "resourceId": resource,
            "resourceUri": uri(&call.base_url, &calendar.id),
            "expiration": expiration.to_string(),
        });
        if let (Some(token), Some(channel)) = (token, channel.as_object_mut()) {
            channel.insert("token".into(), json!(token));
        }
        let mut answer = Answer::ok(&channel);
        answer.opened = Some(id.to_owned());
        Ok(answer)
    })
}

/// channels.stop
pub(super) fn stop(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, resource) = (text("id"), text("resourceId"));
    let stopped = db.write(|tx| {
        let sql = "DELETE FROM channel WHERE id = ?1 AND resource_id = ?2";
        Ok(tx.execute(sql, [id, resource])?)
    })?;
    match stopped {
        0 => Err(Refusal::no_channel(id)),
        _ => Ok(Answer::empty()),
    }
}

/// Addresses must be https; on this machine alone, http is good enough for tests.
fn check_address(address: &str) -> Result<(), Refusal> {
    let not_https = || Refusal::web_hook_not_https(address);
    let uri: Uri = address.parse().map_err(|_| not_https())?;
    let local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") if uri.host().is_some() => Ok(()),
        Some("http") if local => Ok(()),
        _ => Err(not_https()),
    }
}

/// Milliseconds since 1970; given as a number or as a text, or as seconds to live.
fn expiration(body: &serde_json::Map<String, Value>, now: DateTime<Utc>) -> Result<i64, Refusal> {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    let wrong = || Refusal::invalid("Invalid expiration.");
    let now = now.timestamp_millis();
    let longest = now + LONGEST_TTL_S * 1000;
    let ttl = body.get("params").and_then(|params| params.get("ttl"));
    let at = match (body.get("expiration").filter(|v| !v.is_null()), ttl) {
        (Some(at), _) => number(at).ok_or_else(wrong)?,
        (None, Some(ttl)) => {
            let ttl: i64 = number(ttl).ok_or_else(wrong)?;
            now.saturating_add(ttl.saturating_mul(1000))
        }
        (None, None) => now + USUAL_TTL_S * 1000,
    };
    if at <= now {
        Err(wrong())
    } else {
        Ok(at.min(longest))
    }
}

fn uri(base: &str, calendar: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let id = utf8_percent_encode(calendar, NON_ALPHANUMERIC);
    format!("{base}calendars/{id}/events?alt=json")
}

/// What there is to tell.
#[derive(Debug)]
pub(super) enum News {
    /// A calendar has changed.
    Changed(i64),
    /// A channel was opened.
    Opened(String),
}

/// One message to one listener.
struct Message {
    channel: String,
    address: String,
    token: Option<String>,
    expiration_ms: i64,
    resource_id: String,
    calendar: String,
    number: i64,
    state: &'static str,
}

type Body = Empty<Bytes>;

/// How messages go out. Certificates are loaded only when somebody listens on https.
struct Post {
    plain: Client<HttpConnector, Body>,
    secure: Option<Client<HttpsConnector<HttpConnector>, Body>>,
}

impl Post {
    fn new() -> Self {
        Self {
            plain: Client::builder(TokioExecutor::new()).build(HttpConnector::new()),
            secure: None,
        }
    }

    async fn send(&mut self, request: Request<Body>) -> bool {
        let sent = if request.uri().scheme_str() == Some("https") {
            if self.secure.is_none()
                && let Ok(connector) = HttpsConnectorBuilder::new().with_native_roots()
            {
                let connector = connector.https_only().enable_http1().build();
                self.secure = Some(Client::builder(TokioExecutor::new()).build(connector));
            }
            let Some(secure) = &self.secure else {
                return false;
            };
            secure.request(request)
        } else {
            self.plain.request(request)
        };
        matches!(tokio::time::timeout(PATIENCE, sent).await, Ok(Ok(_)))
    }
}

/// Tells the listeners, one after the other, until the sender is gone. A listener that does not
/// answer is told nothing twice: Google too gives no guarantee.
pub(super) async fn tell(
    db: Arc<Database>,
    base_url: String,
    now: Now,
    mut news: mpsc::UnboundedReceiver<News>,
) {
    let mut post = Post::new();
    while let Some(news) = news.recv().await {
        let db = Arc::clone(&db);
        let at = now();
        let messages = tokio::task::spawn_blocking(move || messages(&db, &news, at)).await;
        for message in messages.ok().and_then(Result::ok).unwrap_or_default() {
            let Some(request) = request(&base_url, &message) else {
                continue;
            };
            if !post.send(request).await {
                let address = message.address;
                tracing::info!(address, "practice calendar: a listener did not answer");
            }
        }
    }
}

fn messages(db: &Database, news: &News, now: DateTime<Utc>) -> Result<Vec<Message>, Refusal> {
    let (filter, value, state): (_, &dyn rusqlite::ToSql, _) = match news {
        News::Changed(calendar) => ("channel.calendar = ?2", calendar, "exists"),
        News::Opened(id) => ("channel.id = ?2", id, "sync"),
    };
    let waiting = db.read(|conn| {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM channel WHERE {filter} AND ?1 = ?1)");
        let mut waiting = conn.prepare_cached(&sql)?;
        Ok(waiting.query_row(params![0, value], |row| row.get::<_, bool>(0))?)
    })?;
    if !waiting {
        return Ok(Vec::new());
    }
    db.write(|tx| {
        let now = now.timestamp_millis();
        let sql = format!(
            "UPDATE channel SET messages = messages + 1 WHERE expiration_ms > ?1 AND {filter}"
        );
        tx.execute(&sql, params![now, value])?;
        let sql = format!(
            "SELECT channel.id, address, token, expiration_ms, resource_id, calendar.id, messages
             FROM channel JOIN calendar ON calendar.number = channel.calendar
             WHERE expiration_ms > ?1 AND {filter}"
        );
        let mut select = tx.prepare_cached(&sql)?;
        let read = |row: &Row<'_>| {
            Ok(Message {
                channel: row.get(0)?,
                address: row.get(1)?,
                token: row.get(2)?,
                expiration_ms: row.get(3)?,
                resource_id: row.get(4)?,
                calendar: row.get(5)?,
                number: row.get(6)?,
                state,
            })
        };
        let messages = select.query_map(params![now, value], read)?;
        Ok(messages.collect::<rusqlite::Result<_>>()?)
    })
}

fn request(base_url: &str, message: &Message) -> Option<Request<Body>> {
    let expires = DateTime::from_timestamp_millis(message.expiration_ms).unwrap_or_default();
    let mut request = Request::post(&message.address)
        .header("Content-Length", "0")
        .header("User-Agent", "APIs-Google")
        .header("X-Goog-Channel-ID", &message.channel)
        .header("X-Goog-Channel-Expiration", http_date(expires))
        .header("X-Goog-Resource-ID", &message.resource_id)
        .header("X-Goog-Resource-URI", uri(base_url, &message.calendar))
        .header("X-Goog-Resource-State", message.state)
        .header("X-Goog-Message-Number", message.number.to_string());
    if let Some(token) = &message.token {
        request = request.header("X-Goog-Channel-Token", token);
    }
    request.body(Empty::new()).ok()
}
