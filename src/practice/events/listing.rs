//! What a list request asks for, read and checked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::token::{self, PageToken, SyncToken};
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::query::Query;
use crate::practice::refusal::Refusal;
use crate::practice::rows::Window;

/// In which order items come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Id,
    Start,
    Updated,
    Change,
}

/// One question, the same for all its pages.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    pub window: Window,
    pub order: Order,
    pub single_events: bool,
    pub show_deleted: bool,
    pub filter: Filter,
    pub sync: Option<SyncToken>,
    pub page: Option<PageToken>,
    pub size: usize,
    pub zone: Option<Tz>,
    question: String,
}

/// What an event must be besides being in the window.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub words: Vec<String>,
    pub ical_uid: Option<String>,
    pub updated_min_ms: Option<i64>,
    pub event_types: Vec<String>,
    pub private: Vec<(String, String)>,
    pub shared: Vec<(String, String)>,
}

impl Filter {
    /// Whether the event's body must be read to decide.
    pub fn reads_bodies(&self) -> bool {
        !(self.words.is_empty()
            && self.event_types.is_empty()
            && self.private.is_empty()
            && self.shared.is_empty())
    }
}

/// Parameters that cannot stand beside a sync token.
const NOT_WITH_SYNC: &[&str] = &[
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
];

/// Parameters that make a list unfit for going on from.
const WITHOUT_SYNC: &[&str] = &[
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "updatedMin",
];

/// Parameters that may differ from page to page.
const OF_A_PAGE: &[&str] = &[
    "pageToken",
    "maxResults",
    "fields",
    "alt",
    "prettyPrint",
    "key",
];

impl Listing {
    pub fn read(call: &Call, calendar: &Calendar, epoch: &str) -> Result<Self, Refusal> {
        let query = &call.query;
        let sync = sync(query, calendar, epoch)?;
        let single_events = query.flag("singleEvents")?.unwrap_or(false);
        let show_deleted = query.flag("showDeleted")?;
        let event_types: Vec<String> = query.all("eventTypes").map(str::to_owned).collect();
        if let Some(sync) = &sync {
            if show_deleted == Some(false) {
                return Err(Refusal::sync_token_with("showDeleted"));
            }
            if sync.single_events != single_events || sync.event_types != event_types {
                return Err(Refusal::bad_sync_token());
            }
        }
        let order = order(query, single_events, sync.is_some())?;
        let question = question(query, calendar);
        let page = match query.get("pageToken") {
            None => None,
            Some(text) => {
                let page: Option<PageToken> = token::open(text);
                let page = page.filter(|page| page.question == question);
                Some(page.ok_or_else(Refusal::bad_page_token)?)
            }
        };
        query.flag("showHiddenInvitations")?;
        query.flag("alwaysIncludeEmail")?;
        query.number("maxAttendees")?;
        Ok(Self {
            window: window(query)?,
            order,
            single_events,
            show_deleted: show_deleted.unwrap_or(false) || sync.is_some(),
            filter: filter(query, event_types)?,
            sync,
            page,
            size: query.max_results(250, 2500)?,
            zone: query.zone("timeZone")?,
            question,
        })
    }

    /// The token for the page behind `key`.
    pub fn next_page(&self, change: i64, key: (i64, String)) -> String {
        token::seal(&PageToken {
            change,
            key,
            question: self.question.clone(),
        })
    }

    /// The token for what changes after `change`; none if the question was too narrow.
    pub fn next_sync(
        &self,
        query: &Query,
        epoch: &str,
        calendar: i64,
        change: i64,
    ) -> Option<String> {
        if self.sync.is_none() && WITHOUT_SYNC.iter().any(|name| query.has(name)) {
            return None;
        }
        let token = match &self.sync {
            Some(sync) => SyncToken {
                change,
                ..sync.clone()
            },
            None => SyncToken {
                epoch: epoch.to_owned(),
                calendar,
                change,
                single_events: self.single_events,
                event_types: self.filter.event_types.clone(),
                from: (self.window.from != i64::MIN).then_some(self.window.from),
                to: (self.window.to != i64::MAX).then_some(self.window.to),
            },
        };
        Some(token::seal(&token))
    }
}

fn sync(query: &Query, calendar: &Calendar, epoch: &str) -> Result<Option<SyncToken>, Refusal> {
    let Some(text) = query.get("syncToken") else {
        return Ok(None);
    };
    if let Some(name) = NOT_WITH_SYNC.iter().find(|name| query.has(name)) {
        return Err(Refusal::sync_token_with(name));
    }
    let token: SyncToken = token::open(text).ok_or_else(Refusal::bad_sync_token)?;
    if token.epoch != epoch {
        return Err(Refusal::full_sync_required());
    }
    if token.calendar != calendar.number {
        return Err(Refusal::bad_sync_token());
    }
    if token.change < calendar.oldest || token.change > calendar.change {
        return Err(Refusal::full_sync_required());
    }
    Ok(Some(token))
}

fn order(query: &Query, single_events: bool, sync: bool) -> Result<Order, Refusal> {
    match query.one_of("orderBy", &["startTime", "updated"])? {
        Some("startTime") if !single_events => Err(Refusal::bad_request(
            "The requested ordering is not available for the particular query.",
        )),
        Some("startTime") => Ok(Order::Start),
        Some(_) => Ok(Order::Updated),
        None if sync => Ok(Order::Change),
        None => Ok(Order::Id),
    }
}

fn window(query: &Query) -> Result<Window, Refusal> {
    let (min, max) = (query.time("timeMin")?, query.time("timeMax")?);
    if let (Some(min), Some(max)) = (min, max)
        && max <= min
    {
        return Err(Refusal::time_range_empty());
    }
    let seconds = |time: DateTime<Utc>| time.timestamp();
    Ok(Window {
        from: min.map_or(i64::MIN, seconds),
        to: max.map_or(i64::MAX, seconds),
    })
}

fn filter(query: &Query, event_types: Vec<String>) -> Result<Filter, Refusal> {
    let pairs = |name: &'static str| {
        let pair = |text: &str| {
            let pair = text.split_once('=');
            let pair = pair.map(|(key, value)| (key.to_owned(), value.to_owned()));
            pair.ok_or_else(|| Refusal::parameter(name, format!("Invalid value '{text}'.")))
        };
        query.all(name).map(pair).collect::<Result<Vec<_>, _>>()
    };
    let words = query.get("q").unwrap_or_default().to_lowercase();
    Ok(Filter {
        words: words.split_whitespace().map(str::to_owned).collect(),
        ical_uid: query.get("iCalUID").map(str::to_owned),
        updated_min_ms: query
            .time("updatedMin")?
            .map(|time| time.timestamp_millis()),
        event_types,
        private: pairs("privateExtendedProperty")?,
        shared: pairs("sharedExtendedProperty")?,
    })
}

fn question(query: &Query, calendar: &Calendar) -> String {
    let mut parts: Vec<String> = query
        .pairs()
        .filter(|(name, _)| !OF_A_PAGE.contains(name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort();
    parts.push(calendar.number.to_string());
    token::fingerprint(&parts.join("&"))
}
