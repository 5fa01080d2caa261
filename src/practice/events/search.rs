//! Finding what a list answers: rows by time, id or change, and instances of recurring events.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::listing::{Filter, Listing, Order};
use super::series;
use super::token::SyncToken;
use crate::practice::calendars::Calendar;
use crate::practice::database::Database;
use crate::practice::event::{self, DAY};
use crate::practice::refusal::Refusal;
use crate::practice::rows::{self, Stored, Window};
use crate::practice::when::When;

/// Without `timeMax`, instances are worked out this far ahead, in seconds.
const HORIZON: i64 = 730 * DAY;

/// Rows looked at for one page when most of them may not fit the question.
const LOOKED_AT: usize = 10_000;

/// Where an item stands in its list: by start, date or change as the order is, then by id.
pub(super) type Key = (i64, String);

/// One item of an answer, not yet written out.
pub(super) struct Item {
    pub key: Key,
    pub what: What,
}

pub(super) enum What {
    Row(Stored),
    Instance(Arc<Base>, (When, When)),
    /// A tombstone that no row stands for.
    Gone(Value),
}

/// A recurring event and its resource.
pub(super) struct Base {
    pub stored: Stored,
    pub body: Map<String, Value>,
}

/// What one page is made of, in order; and where to go on when that is not everything.
pub(super) struct Found {
    pub items: Vec<Item>,
    pub next: Option<Key>,
}

/// What every step of a search needs.
pub(super) struct Search<'s> {
    pub db: &'s Database,
    pub conn: &'s Connection,
    pub calendar: &'s Calendar,
    pub listing: &'s Listing,
    pub now: DateTime<Utc>,
}

impl Search<'_> {
    /// One page. `until`: the last change that a synchronisation is about.
    pub fn page(&self, until: i64) -> Result<Found, Refusal> {
        let (mut items, cut) = match &self.listing.sync {
            Some(sync) => self.changes(sync, until)?,
            None => self.everything()?,
        };
        items.sort_by(|a, b| a.key.cmp(&b.key));
        if let Some(page) = &self.listing.page {
            items.retain(|item| item.key > page.key);
        }
        let mut next = None;
        if let Some(cut) = cut {
            items.retain(|item| item.key <= cut);
            next = Some(cut);
        }
        if items.len() > self.listing.size {
            items.truncate(self.listing.size);
            next = items.last().map(|item| item.key.clone());
        }
        Ok(Found { items, next })
    }

    fn key(&self, id: &str, start: i64, stored: &Stored) -> Key {
        let number = match self.listing.order {
            Order::Id => 0,
            Order::Start => start,
            Order::Updated => stored.updated_ms,
            Order::Change => stored.change,
        };
        (number, id.to_owned())
    }

    /// A full read. The second value: nothing behind this key was looked at yet.
    fn everything(&self) -> Result<(Vec<Item>, Option<Key>), Refusal> {
        let Listing { window, filter, .. } = self.listing;
        let mut cut = None;
        let bounded = window.from != i64::MIN && window.to != i64::MAX;
        let (conn, number) = (self.conn, self.calendar.number);
        let (single, recurring) = if let Some(uid) = &filter.ical_uid {
            let found = rows::by_ical_uid(conn, number, uid)?;
            let (recurring, single): (Vec<_>, Vec<_>) =
                found.into_iter().partition(Stored::is_recurring);
            let inside = |row: &Stored| window.takes(row.start_at, row.end_at);
            let single = single.into_iter().filter(inside).collect();
            (single, recurring)
        } else if self.listing.order == Order::Id && !bounded {
            let page = self.listing.page.as_ref();
            let after = page.map_or("", |page| page.key.1.as_str());
            let size = self.listing.size + 1;
            let limit = if filter.reads_bodies() {
                size.max(LOOKED_AT)
            } else {
                size
            };
            let found = rows::single_behind(conn, number, *window, after, limit)?;
            if found.len() == limit {
                cut = found.last().map(|last| (0, last.id.clone()));
            }
            (found, rows::recurring_in(conn, number, *window)?)
        } else {
            let single = rows::single_in(conn, number, *window)?;
            (single, rows::recurring_in(conn, number, *window)?)
        };
        let mut items = Vec::new();
        for row in single {
            self.push_row(row, &mut items)?;
        }
        for row in recurring {
            if self.listing.single_events {
                self.push_instances(row, *window, &mut items)?;
            } else {
                self.push_row(row, &mut items)?;
            }
        }
        Ok((items, cut))
    }

    fn push_row(&self, row: Stored, items: &mut Vec<Item>) -> Result<(), Refusal> {
        let listing = self.listing;
        // Cancelled instances are shown to those who work out the instances themselves.
        let shown = !row.is_cancelled()
            || listing.show_deleted
            || (row.base.is_some() && !listing.single_events);
        let fits = listing.filter.takes_date(&row)
            && (!listing.filter.reads_bodies() || listing.filter.takes(&row.map()?));
        if shown && fits {
            let key = self.key(&row.id, row.start_at, &row);
            let what = What::Row(row);
            items.push(Item { key, what });
        }
        Ok(())
    }

    fn push_instances(
        &self,
        row: Stored,
        window: Window,
        items: &mut Vec<Item>,
    ) -> Result<(), Refusal> {
        let body = row.map()?;
        let filter = &self.listing.filter;
        if row.is_cancelled() || !filter.takes_date(&row) || !filter.takes(&body) {
            return Ok(());
        }
        let base = Arc::new(Base { stored: row, body });
        for times in self.instances(&base, window)? {
            let id = format!("{}_{}", base.stored.id, times.0.suffix());
            let start = times.0.seconds(self.calendar.zone);
            let key = self.key(&id, start, &base.stored);
            let what = What::Instance(Arc::clone(&base), times);
            items.push(Item { key, what });
        }
        Ok(())
    }

    /// The instances in a window that are as the recurring event says.
    pub fn instances(&self, base: &Base, window: Window) -> Result<Vec<(When, When)>, Refusal> {
        let Base { stored, body } = base;
        let to = self.horizon(window);
        let Some(series) = series(self.db, self.calendar, stored, body, to)? else {
            return Ok(Vec::new());
        };
        let departed = rows::departed(self.conn, self.calendar.number, &stored.id)?;
        let zone = self.calendar.zone;
        let found = series.between(window.from, to);
        let own = found.filter(|(start, _)| departed.binary_search(&start.seconds(zone)).is_err());
        Ok(own.collect())
    }

    fn horizon(&self, window: Window) -> i64 {
        if window.to == i64::MAX {
            self.now.timestamp().max(window.from) + HORIZON
        } else {
            window.to
        }
    }

    /// What has changed since the token was given out.
    fn changes(&self, sync: &SyncToken, until: i64) -> Result<(Vec<Item>, Option<Key>), Refusal> {
        let page = self.listing.page.as_ref();
        // The last event of the page before may have more instances to tell.
        let since = page.map_or(sync.change, |page| {
            page.key.0.saturating_sub(1).max(sync.change)
        });
        let limit = self.listing.size + 1;
        let found = rows::changed(self.conn, self.calendar.number, (since, until), limit)?;
        let cut = match found.last() {
            Some(last) if found.len() == limit => Some((last.change, "\u{10ffff}".to_owned())),
            _ => None,
        };
        let window = Window {
            from: sync.from.unwrap_or(i64::MIN),
            to: sync.to.unwrap_or(i64::MAX),
        };
        let mut items = Vec::new();
        for row in found {
            if !sync.single_events {
                self.push_row(row, &mut items)?;
                continue;
            }
            self.push_gone(sync, &row, window, &mut items)?;
            if row.is_recurring() {
                self.push_instances(row, window, &mut items)?;
            } else {
                self.push_row(row, &mut items)?;
            }
        }
        Ok((items, cut))
    }

    /// Tombstones for the instances that the client may know and that are no more.
    fn push_gone(
        &self,
        sync: &SyncToken,
        row: &Stored,
        window: Window,
        items: &mut Vec<Item>,
    ) -> Result<(), Refusal> {
        let (conn, number) = (self.conn, self.calendar.number);
        let former = match rows::former(conn, number, &row.id, sync.change)? {
            Some(former) => serde_json::from_str(&former)?,
            None if row.is_recurring() && row.is_cancelled() => row.map()?,
            None => return Ok(()),
        };
        let mut left = HashSet::new();
        if row.is_recurring() && !row.is_cancelled() {
            let body = row.map()?;
            let stored = row.clone();
            let now = self.instances(&Base { stored, body }, window)?;
            left.extend(now.into_iter().map(|(start, _)| start.suffix()));
        }
        // Not through the cache, which knows events as they are now.
        let before = super::former_starts(self.calendar, &former, self.horizon(window))?;
        let departed = rows::departed(conn, number, &row.id)?;
        for (start, end) in before {
            let zone = self.calendar.zone;
            let at = start.seconds(zone);
            if left.contains(&start.suffix())
                || departed.binary_search(&at).is_ok()
                || !window.takes(at, end.seconds(zone))
            {
                continue;
            }
            let id = format!("{}_{}", row.id, start.suffix());
            let gone = json!({
                "kind": "calendar#event",
                "etag": event::text(&row.map()?, "etag"),
                "id": id,
                "status": "cancelled",
                "recurringEventId": row.id,
                "originalStartTime": start.to_json(zone),
            });
            let key = (row.change, id);
            let what = What::Gone(gone);
            items.push(Item { key, what });
        }
        Ok(())
    }
}

impl Filter {
    fn takes_date(&self, row: &Stored) -> bool {
        self.updated_min_ms.is_none_or(|min| row.updated_ms >= min)
    }

    /// Whether an event has every word, one of the types, and one of the properties asked for.
    fn takes(&self, body: &Map<String, Value>) -> bool {
        let kind = event::text(body, "eventType").unwrap_or("default");
        let typed = self.event_types.is_empty() || self.event_types.iter().any(|t| t == kind);
        let has = |group: &str, wanted: &[(String, String)]| {
            let properties = body.get("extendedProperties").and_then(|p| p.get(group));
            let is = |(key, value): &(String, String)| {
                let found = properties.and_then(|p| p.get(key)).and_then(Value::as_str);
                found == Some(value)
            };
            wanted.is_empty() || wanted.iter().any(is)
        };
        typed && has("private", &self.private) && has("shared", &self.shared) && self.says(body)
    }

    fn says(&self, body: &Map<String, Value>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let mut text = String::new();
        for name in ["summary", "description", "location"] {
            text.push_str(event::text(body, name).unwrap_or_default());
            text.push('\n');
        }
        let people = body.get("attendees").and_then(Value::as_array);
        for person in people.into_iter().flatten().chain(body.get("organizer")) {
            for name in ["email", "displayName"] {
                text.push_str(person.get(name).and_then(Value::as_str).unwrap_or_default());
                text.push('\n');
            }
        }
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
    }
}
