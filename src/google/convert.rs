//! Events between google-calendar3's words and ours. Every text from outside is sanitised here.

use super::mark;
use crate::domain::event::{Event, EventDraft, EventKind, EventStatus, EventTimes, NewTimes};
use crate::domain::id::{Etag, EventId};
use crate::domain::text;
use crate::domain::time::{Interval, Moment};
use crate::port::calendar::CalendarError;
use chrono::SecondsFormat;
use chrono_tz::Tz;
use google_calendar3::api;
use serde_json::{Value, json};

/// The longest title that is read or written.
const TITLE: usize = 400;
/// The longest event id that Google takes.
const ID: usize = 1024;

/// An event that cannot be understood: better no answer than a hole in somebody's day.
pub(super) fn unreadable(what: &str) -> CalendarError {
    CalendarError::NoAnswer(format!("its answer cannot be read: {what}"))
}

/// An event as read.
pub(super) fn read_event(event: api::Event) -> Result<Event, CalendarError> {
    let id = event.id.unwrap_or_default();
    if id.is_empty() || text::clean(&id, ID) != id {
        return Err(unreadable("an event has no proper id"));
    }
    let status = match event.status.as_deref() {
        Some("cancelled") => EventStatus::Cancelled,
        Some("tentative") => EventStatus::Tentative,
        // the default, and the careful reading of a word that is new to us
        _ => EventStatus::Confirmed,
    };
    let times = match (event.start, event.end) {
        (Some(start), Some(end)) => read_times(&start, &end),
        _ => Err(unreadable("an event has no times")),
    };
    let times = match times {
        Err(_) if status == EventStatus::Cancelled => None,
        times => times?,
    };
    let declined = event.attendees.iter().flatten().any(|guest| {
        guest.self_ == Some(true) && guest.response_status.as_deref() == Some("declined")
    });
    Ok(Event {
        id: EventId::new(id),
        etag: event
            .etag
            .filter(|tag| !tag.is_empty() && text::clean(tag, ID) == *tag)
            .map(Etag::new),
        status,
        times,
        transparent: event.transparency.as_deref() == Some("transparent"),
        kind: read_kind(event.event_type.as_deref()),
        declined,
        summary: text::clean(event.summary.as_deref().unwrap_or_default(), TITLE),
        updated: event.updated,
        mark: event
            .extended_properties
            .and_then(|properties| properties.private)
            .and_then(|private| mark::from_properties(&private)),
    })
}

fn read_kind(word: Option<&str>) -> EventKind {
    match word {
        Some("outOfOffice") => EventKind::OutOfOffice,
        Some("focusTime") => EventKind::FocusTime,
        Some("workingLocation") => EventKind::WorkingLocation,
        Some("birthday") => EventKind::Birthday,
        Some("fromGmail") => EventKind::FromGmail,
        // a kind that is new to us takes time until we know better
        _ => EventKind::Default,
    }
}

/// None for an event without length, which takes no time.
fn read_times(
    start: &api::EventDateTime,
    end: &api::EventDateTime,
) -> Result<Option<EventTimes>, CalendarError> {
    match (start.date_time, end.date_time, start.date, end.date) {
        (Some(from), Some(until), _, _) if from <= until => {
            Ok(Interval::new(from, until).ok().map(EventTimes::Timed))
        }
        (None, None, Some(from), Some(until)) if from <= until => {
            // imported entries may end on the day they begin, and mean that day
            let next = from.succ_opt().unwrap_or(from);
            Ok(Some(EventTimes::AllDay {
                from,
                until: until.max(next),
            }))
        }
        _ => Err(unreadable("an event has no proper times")),
    }
}

/// What to insert. Always private, without attendees (nobody gets mail, and a service account may not
/// add any) and without `source`. No reminders: the owner's default ones would ring for every visit of
/// a full day, and for claims that are withdrawn a moment later.
pub(super) fn write_event(draft: &EventDraft) -> Result<api::Event, CalendarError> {
    let private = mark::to_properties(&draft.mark).ok_or_else(no_plain_text)?;
    let status = match draft.status {
        EventStatus::Confirmed => "confirmed",
        EventStatus::Tentative => "tentative",
        EventStatus::Cancelled => "cancelled",
    };
    let moment = |at: Moment| {
        Some(api::EventDateTime {
            date: None,
            date_time: Some(at),
            time_zone: Some(draft.zone.name().to_owned()),
        })
    };
    Ok(api::Event {
        id: Some(draft.id.to_string()),
        status: Some(status.to_owned()),
        summary: Some(text::clean(&draft.summary, TITLE)),
        description: Some(clean_lines(&draft.description)).filter(|d| !d.is_empty()),
        start: moment(draft.visit.start()),
        end: moment(draft.visit.end()),
        transparency: Some("opaque".to_owned()),
        visibility: Some("private".to_owned()),
        reminders: Some(api::EventReminders {
            overrides: None,
            use_default: Some(false),
        }),
        extended_properties: Some(api::EventExtendedProperties {
            private: Some(private),
            shared: None,
        }),
        ..api::Event::default()
    })
}

/// The change that gives an event of ours new times. Written out whole: a time without its zone would
/// keep the zone it had, and an all-day date that somebody set is taken away.
pub(super) fn write_times(times: &NewTimes) -> Result<Value, CalendarError> {
    let mark = mark::of_change(times.rev, &times.operation).ok_or_else(no_plain_text)?;
    let moment = |at: Moment| {
        json!({
            "date": null,
            "dateTime": at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "timeZone": times.zone.name(),
        })
    };
    Ok(json!({
        "start": moment(times.visit.start()),
        "end": moment(times.visit.end()),
        "extendedProperties": { "private": mark },
    }))
}

fn no_plain_text() -> CalendarError {
    CalendarError::Invalid("an identity in it is empty, too long or not plain text".to_owned())
}

/// Each line sanitised; the lines stay.
fn clean_lines(lines: &str) -> String {
    let cleaned: Vec<String> = lines
        .lines()
        .map(|line| text::clean(line, text::NOTE))
        .collect();
    cleaned.join("\n").trim().to_owned()
}

/// The calendar's zone. Only all-day events depend on it: without any, a zone that this program does
/// not know does no harm.
pub(super) fn read_zone(name: Option<&str>, events: &[Event]) -> Result<Tz, CalendarError> {
    let known = name.and_then(|name| name.parse().ok());
    let all_day = |event: &Event| matches!(event.times, Some(EventTimes::AllDay { .. }));
    match known {
        Some(zone) => Ok(zone),
        None if events.iter().any(all_day) => Err(unreadable(
            "the calendar's time zone is not known to this program",
        )),
        None => Ok(Tz::UTC),
    }
}

#[cfg(test)]
mod tests;
