//! A calendar service in memory, as strict as Google: ids are never free again, etags are compared,
//! tombstones stay, and nobody checks for conflicts. Knows nothing of networks or of time passing.

use chrono::Duration;
use frontdesk::domain::event::{
    Event, EventDraft, EventKind, EventStatus, EventTimes, Mark, NewTimes,
};
use frontdesk::domain::id::{CalendarId, Etag, EventId};
use frontdesk::domain::time::{Interval, Moment, merged};
use frontdesk::port::calendar::{BusyAnswer, CalendarError, Listing};
use frontdesk::port::sync::{ChangePage, NextRead, ReadFrom, SyncToken};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The zone of every calendar.
pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

/// How many changes a page takes; few, so that there are several.
const PAGE: usize = 3;

/// What may be asked of it.
#[derive(Clone, Debug)]
pub enum Request {
    FreeBusy(Vec<CalendarId>, Interval),
    List(CalendarId, Interval),
    Changes(CalendarId, ReadFrom, Option<String>),
    Get(CalendarId, EventId),
    Insert(Box<EventDraft>),
    Confirm(CalendarId, EventId, Etag),
    Delete(CalendarId, EventId, Etag),
    Move(CalendarId, EventId, Etag, Box<NewTimes>),
    Answers(CalendarId),
}

/// What it answers.
#[derive(Clone, Debug)]
pub enum Reply {
    Busy(Vec<(CalendarId, BusyAnswer)>),
    Listing(Listing),
    Changes(ChangePage),
    Event(Box<Event>),
    Done,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FreeBusy(_, window) => write!(f, "freeBusy {}", Span(*window)),
            Self::List(_, window) => write!(f, "list {}", Span(*window)),
            Self::Changes(_, from, page) => write!(f, "changes {from:?} {page:?}"),
            Self::Get(_, id) => write!(f, "get {id}"),
            Self::Insert(draft) => write!(
                f,
                "insert {} {:?} {}",
                draft.id,
                draft.status,
                Span(draft.visit)
            ),
            Self::Confirm(_, id, etag) => write!(f, "confirm {id} {etag}"),
            Self::Delete(_, id, etag) => write!(f, "delete {id} {etag}"),
            Self::Move(_, id, etag, to) => {
                write!(f, "move {id} {etag} {} rev {}", Span(to.visit), to.rev)
            }
            Self::Answers(calendar) => write!(f, "answers {calendar}"),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(all) => {
                let busy = all.iter().filter_map(|(_, answer)| match answer {
                    BusyAnswer::Busy(busy) => Some(busy.len()),
                    BusyAnswer::Unknown(_) => None,
                });
                write!(f, "{} busy", busy.sum::<usize>())
            }
            Self::Listing(listing) => {
                write!(f, "[")?;
                for event in &listing.events {
                    write!(f, " {}", Said(event))?;
                }
                write!(f, " ]")
            }
            Self::Changes(page) => {
                write!(f, "{{")?;
                for event in &page.events {
                    write!(f, " {}", Said(event))?;
                }
                write!(f, " }} {:?}", page.next)
            }
            Self::Event(event) => write!(f, "{}", Said(event)),
            Self::Done => write!(f, "done"),
        }
    }
}

/// An event in a line of the log. Nothing that differs from run to run: no identity of a database.
pub struct Said<'a>(pub &'a Event);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(event) = self;
        write!(f, "{} {:?}", event.id, event.status)?;
        if let Some(visit) = times(event) {
            write!(f, " {}", Span(visit))?;
        }
        match &event.etag {
            Some(etag) => write!(f, " {etag}"),
            None => write!(f, " -"),
        }
    }
}

/// A stretch of time in a line of the log.
pub struct Span(pub Interval);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |at: Moment| at.format("%H:%M").to_string();
        write!(f, "{}-{}", clock(self.0.start()), clock(self.0.end()))
    }
}

/// An event as it was since a moment.
#[derive(Clone, Debug)]
struct Version {
    since: Moment,
    event: Event,
}

/// All calendars. The last version of an event is what stands.
#[derive(Debug, Default)]
pub struct Google {
    calendars: BTreeMap<CalendarId, BTreeMap<EventId, Vec<Version>>>,
    etags: u64,
    /// Events that a person moved, removed, marked free, or brought back.
    pub touched: BTreeSet<EventId>,
    /// Events that a person removed and nobody brought back.
    pub removed: BTreeSet<EventId>,
    /// Whether a deleted event is read back with its id only.
    pub bare_tombstones: bool,
}

impl Google {
    /// With these calendars, empty.
    pub fn new(calendars: &[CalendarId], bare_tombstones: bool) -> Self {
        let calendars = calendars.iter().map(|id| (id.clone(), BTreeMap::new()));
        Self {
            calendars: calendars.collect(),
            bare_tombstones,
            ..Self::default()
        }
    }

    /// Answers at `now`; free/busy and lists show what stood at `as_of`.
    pub fn answer(
        &mut self,
        now: Moment,
        as_of: Moment,
        request: &Request,
    ) -> Result<Reply, CalendarError> {
        match request {
            Request::FreeBusy(calendars, window) => {
                let busy = |id: &CalendarId| (id.clone(), self.busy(id, *window, as_of));
                Ok(Reply::Busy(calendars.iter().map(busy).collect()))
            }
            Request::List(calendar, window) => {
                self.known(calendar)?;
                let meets = |e: &&Event| times(e).is_some_and(|visit| visit.meets(window));
                let events = self.stood(calendar, as_of).filter(meets).cloned().collect();
                Ok(Reply::Listing(Listing { events, zone: ZONE }))
            }
            Request::Changes(calendar, from, page) => {
                self.known(calendar)?;
                Ok(Reply::Changes(self.changes(
                    calendar,
                    from,
                    page.as_deref(),
                    as_of,
                )))
            }
            Request::Get(calendar, id) => {
                let event = self.current(calendar, id).ok_or(CalendarError::NotFound)?;
                let bare = self.bare_tombstones && event.status == EventStatus::Cancelled;
                Ok(Reply::Event(Box::new(if bare {
                    tombstone(id)
                } else {
                    event.clone()
                })))
            }
            Request::Insert(draft) => {
                self.known(&draft.calendar)?;
                if self.current(&draft.calendar, &draft.id).is_some() {
                    return Err(CalendarError::Duplicate);
                }
                let event = event_of(draft);
                Ok(Reply::Event(Box::new(self.put(
                    now,
                    &draft.calendar,
                    event,
                ))))
            }
            Request::Confirm(calendar, id, etag) => {
                let mut event = self.matching(calendar, id, etag)?;
                event.status = EventStatus::Confirmed;
                Ok(Reply::Event(Box::new(self.put(now, calendar, event))))
            }
            Request::Delete(calendar, id, etag) => {
                let mut event = self.matching(calendar, id, etag)?;
                event.status = EventStatus::Cancelled;
                self.put(now, calendar, event);
                Ok(Reply::Done)
            }
            Request::Move(calendar, id, etag, to) => {
                let mut event = self.matching(calendar, id, etag)?;
                event.times = Some(EventTimes::Timed(to.visit));
                if let Some(mark) = &mut event.mark {
                    mark.rev = to.rev;
                    mark.operation = to.operation.clone();
                }
                Ok(Reply::Event(Box::new(self.put(now, calendar, event))))
            }
            Request::Answers(calendar) => self.known(calendar).map(|()| Reply::Done),
        }
    }

    /// What a person does in Google: a new or changed event, unconditionally.
    pub fn put(&mut self, now: Moment, calendar: &CalendarId, mut event: Event) -> Event {
        self.etags += 1;
        event.etag = Some(Etag::new(format!("\"{}\"", self.etags)));
        event.updated = Some(now);
        let events = self.calendars.entry(calendar.clone()).or_default();
        let versions = events.entry(event.id.clone()).or_default();
        versions.push(Version {
            since: now,
            event: event.clone(),
        });
        event
    }

    /// Every event that stands or stood, with its calendar, as it is now.
    pub fn all(&self) -> impl Iterator<Item = (&CalendarId, &Event)> {
        self.calendars.iter().flat_map(|(calendar, events)| {
            let now = |versions: &'_ Vec<Version>| versions.len().checked_sub(1);
            events
                .values()
                .filter_map(move |v| now(v).and_then(|i| v.get(i)).map(|v| (calendar, &v.event)))
        })
    }

    /// The event as it is now.
    pub fn current(&self, calendar: &CalendarId, id: &EventId) -> Option<&Event> {
        let versions = self.calendars.get(calendar)?.get(id)?;
        versions.last().map(|version| &version.event)
    }

    /// Whether the event ever stood confirmed.
    pub fn was_confirmed(&self, calendar: &CalendarId, id: &EventId) -> bool {
        let versions = self.calendars.get(calendar).and_then(|c| c.get(id));
        let confirmed = |v: &Version| v.event.status == EventStatus::Confirmed;
        versions.is_some_and(|versions| versions.iter().any(confirmed))
    }

    /// Whether the event ever stood confirmed at these times.
    pub fn stood_at(&self, calendar: &CalendarId, id: &EventId, visit: Interval) -> bool {
        let versions = self.calendars.get(calendar).and_then(|c| c.get(id));
        versions.is_some_and(|versions| versions.iter().any(|v| times(&v.event) == Some(visit)))
    }

    fn known(&self, calendar: &CalendarId) -> Result<(), CalendarError> {
        let known = self.calendars.contains_key(calendar);
        known.then_some(()).ok_or(CalendarError::NotFound)
    }

    /// The event, if it may be changed under this etag. Of a tombstone Google says 410, whatever the etag.
    fn matching(
        &self,
        calendar: &CalendarId,
        id: &EventId,
        etag: &Etag,
    ) -> Result<Event, CalendarError> {
        let event = self.current(calendar, id).ok_or(CalendarError::NotFound)?;
        if event.status == EventStatus::Cancelled {
            return Err(CalendarError::Gone);
        }
        if event.etag.as_ref() != Some(etag) {
            return Err(CalendarError::Stale);
        }
        Ok(event.clone())
    }

    /// What was not cancelled at a moment.
    fn stood(&self, calendar: &CalendarId, at: Moment) -> impl Iterator<Item = &Event> {
        let events = self.calendars.get(calendar).into_iter();
        events
            .flat_map(BTreeMap::values)
            .filter_map(move |versions| versions.iter().rev().find(|v| v.since <= at))
            .map(|version| &version.event)
            .filter(|event| event.status != EventStatus::Cancelled)
    }

    /// A page of what changed after the token's place, in the order of the changes. A change that was not
    /// shown yet comes after the token that is given.
    fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
        as_of: Moment,
    ) -> ChangePage {
        let number = |event: &Event| {
            let etag = event.etag.as_ref().map(Etag::to_string).unwrap_or_default();
            etag.trim_matches('"').parse::<u64>().unwrap_or(0)
        };
        let (after, start) = match from {
            ReadFrom::Start(moment) => (0, Some(*moment)),
            ReadFrom::Token(SyncToken(token)) => (token.parse().unwrap_or(0), None),
        };
        // what changes while the pages are read comes after the token, also if a page has shown it
        let (after, first) = match page.and_then(|page| page.split_once('/')) {
            Some((after, first)) => (after.parse().unwrap_or(0), first.parse().ok()),
            None => (after, None),
        };
        let events = self.calendars.get(calendar).into_iter();
        let mut shown: Vec<(u64, Event)> = events
            .flat_map(BTreeMap::values)
            .filter_map(|versions| versions.iter().rev().find(|v| v.since <= as_of))
            .map(|version| (number(&version.event), version.event.clone()))
            .filter(|(number, _)| *number > after)
            .collect();
        shown.sort_by_key(|(number, _)| *number);
        let newest = shown.last().map_or(after, |(number, _)| *number);
        let token = first.unwrap_or(newest);
        let more = shown.len() > PAGE;
        shown.truncate(PAGE);
        let last = shown.last().map_or(after, |(number, _)| *number);
        let wanted = |event: &Event| match start {
            Some(start) => {
                event.status != EventStatus::Cancelled
                    && times(event).is_some_and(|visit| visit.end() > start)
            }
            None => true,
        };
        let bare = |event: Event| match event.status {
            EventStatus::Cancelled => tombstone(&event.id),
            _ => event,
        };
        ChangePage {
            events: shown
                .into_iter()
                .map(|(_, event)| event)
                .filter(wanted)
                .map(bare)
                .collect(),
            zone: ZONE,
            next: if more {
                NextRead::Page(format!("{last}/{token}"))
            } else {
                NextRead::Token(SyncToken(token.to_string()))
            },
        }
    }

    fn busy(&self, calendar: &CalendarId, window: Interval, at: Moment) -> BusyAnswer {
        if self.known(calendar).is_err() {
            return BusyAnswer::Unknown("notFound".to_owned());
        }
        let opaque = self.stood(calendar, at).filter(|event| !event.transparent);
        let clipped = opaque.filter_map(|event| times(event)?.shared(&window));
        BusyAnswer::Busy(merged(clipped.collect()))
    }
}

/// The times of an event that is not all-day; the simulation knows no others.
pub fn times(event: &Event) -> Option<Interval> {
    match event.times {
        Some(EventTimes::Timed(visit)) => Some(visit),
        _ => None,
    }
}

/// An event with nothing special about it.
pub fn plain(id: EventId, visit: Interval, mark: Option<Mark>) -> Event {
    Event {
        id,
        etag: None,
        status: EventStatus::Confirmed,
        times: Some(EventTimes::Timed(visit)),
        transparent: false,
        kind: EventKind::Default,
        declined: false,
        summary: String::new(),
        updated: None,
        mark,
    }
}

fn event_of(draft: &EventDraft) -> Event {
    Event {
        status: draft.status,
        summary: draft.summary.clone(),
        ..plain(draft.id.clone(), draft.visit, Some(draft.mark.clone()))
    }
}

fn tombstone(id: &EventId) -> Event {
    Event {
        status: EventStatus::Cancelled,
        times: None,
        ..plain(
            id.clone(),
            Interval::lasting(Moment::MIN_UTC + Duration::days(2), 1),
            None,
        )
    }
}
