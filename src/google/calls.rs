//! The reads and the insert, over the generated calls.

use super::address::segment;
use super::busy;
use super::convert::{read_event, read_zone, unreadable, write_event};
use super::counters::Route;
use super::error::{Heard, server_time, told};
use super::wire::Wire;
use crate::domain::event::{Event, EventDraft, EventStatus};
use crate::domain::id::{CalendarId, EventId};
use crate::domain::time::{Interval, Moment};
use crate::port::calendar::{BusyAnswer, CalendarError, Listing, MOST_CALENDARS, Stamped};
use chrono::{DateTime, SubsecRound, TimeDelta};
use google_calendar3::{api, common};
use std::collections::HashMap;

/// The most events that Google puts on a page.
const PAGE: i32 = 2500;
/// The most pages that are read: 100,000 events.
const MOST_PAGES: usize = 40;
/// What a page of events says it is.
const EVENTS: &str = "calendar#events";

impl<C: common::Connector> Wire<C> {
    /// One request for all calendars.
    pub(super) async fn free_busy(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError> {
        if calendars.is_empty() {
            return Ok(Stamped {
                value: Vec::new(),
                server_time: None,
            });
        }
        if calendars.len() > MOST_CALENDARS {
            return Err(CalendarError::Invalid(format!(
                "free/busy of more than {MOST_CALENDARS} calendars was asked for at once"
            )));
        }
        let (from, until) = whole_seconds(window);
        let item = |id: &CalendarId| api::FreeBusyRequestItem {
            id: Some(id.to_string()),
        };
        let request = api::FreeBusyRequest {
            items: Some(calendars.iter().map(item).collect()),
            time_min: Some(from),
            time_max: Some(until),
            ..api::FreeBusyRequest::default()
        };
        let mut heard = Heard::default();
        let call = self.hub.freebusy().query(request).delegate(&mut heard);
        let answered = self.send(Route::FreeBusy, call.doit()).await;
        let (answer, body) = answered.map_err(|failure| told(failure, &heard))?;
        Ok(Stamped {
            value: busy::answers(calendars, window, &body),
            server_time: server_time(answer.headers()),
        })
    }

    /// Every page. The stamp is that of the first: a lease judged by it is never judged too old.
    pub(super) async fn list(
        &self,
        calendar: &CalendarId,
        window: Interval,
    ) -> Result<Stamped<Listing>, CalendarError> {
        let path = segment(calendar.as_str())?;
        let mut pages = Pages::default();
        let mut token = None;
        for _ in 0..MOST_PAGES {
            let (answer, page) = self.page(&path, window, token.as_deref()).await?;
            token = page.next_page_token.clone().filter(|t| !t.is_empty());
            pages.add(&answer, page)?;
            if token.is_none() {
                return pages.listing();
            }
        }
        Err(CalendarError::Invalid(
            "the calendar holds more events in this stretch of time than can be read; choose a \
             shorter one"
                .to_owned(),
        ))
    }

    async fn page(
        &self,
        path: &str,
        window: Interval,
        token: Option<&str>,
    ) -> Result<(common::Response, api::Events), CalendarError> {
        let (from, until) = whole_seconds(window);
        let mut heard = Heard::default();
        let events = self.hub.events();
        let mut call = events
            .list(path)
            .time_min(from)
            .time_max(until)
            .single_events(true)
            .show_deleted(false)
            .max_results(PAGE)
            .delegate(&mut heard);
        if let Some(token) = token {
            call = call.page_token(token);
        }
        let answered = self.send(Route::List, call.doit()).await;
        answered.map_err(|failure| told(failure, &heard))
    }

    /// One event.
    pub(super) async fn get(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> Result<Stamped<Event>, CalendarError> {
        let (calendar, path) = (segment(calendar.as_str())?, segment(event.as_str())?);
        let mut heard = Heard::default();
        let events = self.hub.events();
        let call = events.get(&calendar, &path).delegate(&mut heard);
        let answered = self.send(Route::Get, call.doit()).await;
        let (answer, body) = answered.map_err(|failure| told(failure, &heard))?;
        the_event(&answer, body, event)
    }

    /// Inserts under the draft's id.
    pub(super) async fn insert(&self, draft: &EventDraft) -> Result<Stamped<Event>, CalendarError> {
        let calendar = segment(draft.calendar.as_str())?;
        let request = write_event(draft)?;
        let mut heard = Heard::default();
        let events = self.hub.events();
        let call = events
            .insert(request, &calendar)
            .send_updates("none")
            .delegate(&mut heard);
        let answered = self.send(Route::Insert, call.doit()).await;
        let (answer, body) = answered.map_err(|failure| told(failure, &heard))?;
        the_event(&answer, body, &draft.id)
    }

    /// Asks for one event of a day long past, which costs the server nothing. `calendars.get` would
    /// ask for one scope more.
    pub(super) async fn answers(&self, calendar: &CalendarId) -> Result<(), CalendarError> {
        let path = segment(calendar.as_str())?;
        let from = DateTime::UNIX_EPOCH;
        let mut heard = Heard::default();
        let events = self.hub.events();
        let call = events
            .list(&path)
            .time_min(from)
            .time_max(from + TimeDelta::days(1))
            .single_events(true)
            .max_results(1)
            .delegate(&mut heard);
        let answered = self.send(Route::Answers, call.doit()).await;
        let (_, page) = answered.map_err(|failure| told(failure, &heard))?;
        is_page(&page)
    }
}

/// Google ignores parts of a second: outwards, so that nothing at the edges is missed.
fn whole_seconds(window: Interval) -> (Moment, Moment) {
    let (from, until) = (window.start().trunc_subsecs(0), window.end());
    let whole = until.trunc_subsecs(0);
    let up = i64::from(whole < until);
    (from, whole + TimeDelta::seconds(up))
}

/// An empty object is no page: it would make a day look free.
pub(super) fn is_page(page: &api::Events) -> Result<(), CalendarError> {
    if page.kind.as_deref() == Some(EVENTS) || page.items.is_some() {
        Ok(())
    } else {
        Err(unreadable("it holds no events"))
    }
}

/// The event of an answer, if it is the one that was meant.
pub(super) fn the_event(
    answer: &common::Response,
    body: api::Event,
    meant: &EventId,
) -> Result<Stamped<Event>, CalendarError> {
    let event = read_event(body)?;
    if event.id != *meant {
        return Err(unreadable("it is about another event"));
    }
    Ok(Stamped {
        value: event,
        server_time: server_time(answer.headers()),
    })
}

/// What the pages brought so far.
#[derive(Default)]
struct Pages {
    events: Vec<Event>,
    /// Where each event stands: one that changes while pages are read can come twice.
    places: HashMap<EventId, usize>,
    zone: Option<String>,
    server_time: Option<Moment>,
}

impl Pages {
    fn add(&mut self, answer: &common::Response, page: api::Events) -> Result<(), CalendarError> {
        is_page(&page)?;
        self.zone = self.zone.take().or(page.time_zone);
        self.server_time = self.server_time.or_else(|| server_time(answer.headers()));
        for event in page.items.unwrap_or_default() {
            let event = read_event(event)?;
            let place = self.places.get(&event.id).copied();
            if let Some(older) = place.and_then(|place| self.events.get_mut(place)) {
                *older = event;
            } else {
                self.places.insert(event.id.clone(), self.events.len());
                self.events.push(event);
            }
        }
        Ok(())
    }

    fn listing(mut self) -> Result<Stamped<Listing>, CalendarError> {
        self.events
            .retain(|event| event.status != EventStatus::Cancelled);
        let zone = read_zone(self.zone.as_deref(), &self.events)?;
        Ok(Stamped {
            value: Listing {
                events: self.events,
                zone,
            },
            server_time: self.server_time,
        })
    }
}
