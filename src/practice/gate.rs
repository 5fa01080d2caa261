//! The way of one request: read, perhaps spoiled by a fault, carried out on a thread that may
//! block, written down, answered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Request, header};
use serde_json::Value;
use tokio::sync::mpsc;

use super::answer::Answer;
use super::call::Call;
use super::channel::{self, News};
use super::database::Database;
use super::fault::{CalendarErrors, Fault, Faults, Shape, WaitForm};
use super::journal::{Entry, Journal};
use super::query::Query;
use super::refusal::Refusal;
use super::reply::{self, Reply};
use super::route::Route;
use super::server::Now;
use super::wire::Shears;
use super::{calendars, control, events, free_busy, settings};

/// The largest body that is read, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// What all requests share.
pub(super) struct Desk {
    pub db: Arc<Database>,
    pub now: Now,
    /// `http://host:port/calendar/v3/`
    pub base_url: String,
    pub faults: Faults,
    pub journal: Journal,
    pub news: mpsc::UnboundedSender<News>,
}

/// Answers any request.
pub(super) async fn handle(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(shears): ConnectInfo<Shears>,
    request: Request<Body>,
) -> Reply {
    let now = (desk.now)();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LARGEST)
        .await
        .unwrap_or_default();
    let path = parts.uri.path();
    let reply = if let Some(door) = path.strip_prefix("/practice/") {
        control::handle(&desk, &parts.method, door, &body).await
    } else {
        let request = Asked {
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            path: path.to_owned(),
            method: parts.method,
            headers: parts.headers,
        };
        answer(&desk, request, &body, &shears).await
    };
    reply::with_date(reply, now)
}

struct Asked {
    method: Method,
    path: String,
    query: Query,
    headers: HeaderMap,
}

async fn answer(desk: &Arc<Desk>, asked: Asked, body: &Bytes, shears: &Shears) -> Reply {
    let mut entry = Entry {
        method: asked.method.to_string(),
        route: "?".to_owned(),
        calendar: None,
        path: asked.path.clone(),
        status: None,
        fault: false,
    };
    let call = match read(desk, &asked, body) {
        Ok(call) => call,
        Err(refusal) => {
            entry.status = Some(refusal.status);
            desk.journal.add(entry);
            return reply::of_refusal(&refusal);
        }
    };
    route_into(&mut entry, &call.route);
    let about = about(&call);
    // before the hit, so that no clearing goes unheard
    let mut cleared = desk.faults.cleared();
    let fault = desk.faults.hit(&call.route, &about);
    let errors = match call.route.name {
        "freebusy.query" => desk.faults.calendar_errors(&about),
        _ => CalendarErrors::default(),
    };
    entry.fault = fault.is_some();
    let Some(fault) = fault else {
        let reply = carry_out(desk, call, errors, false).await;
        entry.status = Some(reply.status().as_u16());
        desk.journal.add(entry);
        return reply;
    };
    tokio::time::sleep(fault.latency()).await;
    if fault.hold {
        // an error is the end of the server
        let _ = cleared.changed().await;
    }
    let spoiled = spoil(desk, &fault, call, errors).await;
    entry.status = spoiled.as_ref().map(|reply| reply.status().as_u16());
    desk.journal.add(entry);
    spoiled.unwrap_or_else(|| {
        shears.cut();
        reply::html(502)
    })
}

fn route_into(entry: &mut Entry, route: &Route) {
    route.name.clone_into(&mut entry.route);
    entry.calendar.clone_from(&route.calendar);
}

/// What a fault makes of a request; nothing if the connection is to be cut.
async fn spoil(
    desk: &Arc<Desk>,
    fault: &Fault,
    call: Call,
    errors: CalendarErrors,
) -> Option<Reply> {
    if let Some(late_ms) = fault.late_ms {
        let desk = Arc::clone(desk);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(late_ms)).await;
            carry_out(&desk, call, errors, false).await;
        });
        return None;
    }
    if fault.lost_answer {
        carry_out(desk, call, errors, false).await;
        return None;
    }
    let status = match (fault.status, fault.body) {
        (None, Some(Shape::Html | Shape::Json)) => Some(503),
        (status, _) => status,
    };
    let reply = match (status, fault.body) {
        (Some(status), Some(Shape::Html)) => reply::html(status),
        (Some(status), _) => reply::of_refusal(&Refusal::of_fault(status, fault.reason.as_deref())),
        (None, _) => carry_out(desk, call, errors, fault.empty_page).await,
    };
    let until = (fault.retry_after_form == Some(WaitForm::Date)).then(|| (desk.now)());
    let reply = reply::with_retry_after(reply, fault.retry_after, until);
    Some(if fault.body == Some(Shape::Truncated) {
        reply::truncated(reply).await
    } else {
        reply
    })
}

fn read(desk: &Desk, asked: &Asked, body: &Bytes) -> Result<Call, Refusal> {
    let route = Route::parse(&asked.method, &asked.path)?;
    let body = match asked.method {
        Method::GET | Method::DELETE => None,
        _ if body.is_empty() => None,
        _ => Some(serde_json::from_slice(body).map_err(|_| Refusal::parse_error())?),
    };
    let tags = |name: header::HeaderName| {
        let tags = asked.headers.get(name)?.to_str().ok()?;
        Some(tags.to_owned())
    };
    Ok(Call {
        route,
        query: asked.query.clone(),
        body,
        if_match: tags(header::IF_MATCH),
        if_none_match: tags(header::IF_NONE_MATCH),
        now: (desk.now)(),
        base_url: desk.base_url.clone(),
    })
}

/// The calendars that a request is about.
fn about(call: &Call) -> Vec<String> {
    if let Some(calendar) = &call.route.calendar {
        return vec![calendar.clone()];
    }
    let items = call.body.as_ref().and_then(|body| body.get("items"));
    let items = items.and_then(Value::as_array).into_iter().flatten();
    let ids = items.filter_map(|item| item.get("id").and_then(Value::as_str));
    ids.map(str::to_owned).collect()
}

async fn carry_out(desk: &Arc<Desk>, mut call: Call, errors: CalendarErrors, empty: bool) -> Reply {
    // A late request is carried out at its own moment.
    call.now = (desk.now)();
    let db = Arc::clone(&desk.db);
    let act = move || dispatch(&db, &call, &errors, empty);
    let done = tokio::task::spawn_blocking(act).await;
    match done.unwrap_or_else(|_| Err(Refusal::backend_error())) {
        Ok(answer) => {
            let changed = answer.changed.map(News::Changed);
            let opened = answer.opened.clone().map(News::Opened);
            for news in changed.into_iter().chain(opened) {
                let _ = desk.news.send(news);
            }
            reply::of_answer(answer)
        }
        Err(refusal) => reply::of_refusal(&refusal),
    }
}

fn dispatch(
    db: &Database,
    call: &Call,
    errors: &CalendarErrors,
    empty: bool,
) -> Result<Answer, Refusal> {
    match call.route.name {
        "calendarList.list" => calendars::list(db, call),
        "calendarList.get" => calendars::get_entry(db, call),
        "calendars.insert" => calendars::insert(db, call),
        "calendars.get" => calendars::get(db, call),
        "calendars.patch" => calendars::patch(db, call),
        "settings.list" => Ok(settings::list()),
        "settings.get" => settings::get(call),
        "colors.get" => Ok(settings::colors()),
        "freebusy.query" => free_busy::query(db, call, errors),
        "channels.stop" => channel::stop(db, call),
        "events.list" => events::list::list(db, call, empty),
        "events.insert" => events::insert::insert(db, call),
        "events.watch" => channel::watch(db, call),
        "events.get" => events::read::get(db, call),
        "events.patch" => events::change::patch(db, call),
        "events.update" => events::change::update(db, call),
        "events.delete" => events::change::delete(db, call),
        "events.instances" => events::instances::list(db, call),
        _ => Err(Refusal::not_found()),
    }
}
