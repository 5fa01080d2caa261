//! Events there and back.

use super::super::mark::tests::mark;
use super::*;
use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(json: Value) -> Result<Event, CalendarError> {
    read_event(serde_json::from_value(json).unwrap())
}

fn timed() -> Value {
    json!({
        "id": "abcde1", "etag": "\"3181\"", "status": "confirmed", "summary": "Lunch",
        "start": {"dateTime": "2026-11-24T10:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-11-24T10:30:00+01:00"},
        "updated": "2026-11-20T08:00:00.123Z",
    })
}

fn with(changes: &Value) -> Value {
    let mut event = timed();
    for (key, value) in changes.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

#[test]
fn an_ordinary_event_is_read_in_utc() {
    let event = read(timed()).unwrap();
    let start: Moment = "2026-11-24T09:00:00Z".parse().unwrap();
    assert_eq!(
        event.times,
        Some(EventTimes::Timed(Interval::lasting(start, 30)))
    );
    assert_eq!(event.etag, Some(Etag::new("\"3181\"")));
    assert_eq!(event.status, EventStatus::Confirmed);
    assert!(!event.transparent && !event.declined && event.mark.is_none());
}

#[test]
fn nulls_are_as_good_as_nothing() {
    let event = read(with(&json!({
        "summary": null, "attendees": null, "transparency": null, "eventType": null,
        "extendedProperties": {"private": null}, "status": null, "updated": null,
    })))
    .unwrap();
    assert_eq!(event.status, EventStatus::Confirmed);
    assert_eq!(event.summary, "");
    assert_eq!(event.kind, EventKind::Default);
}

#[test]
fn only_the_owners_own_refusal_counts_as_declined() {
    let guests = |me: &str| {
        with(&json!({"attendees": [
            {"email": "other@example.org", "responseStatus": "declined"},
            {"email": "me@example.org", "self": true, "responseStatus": me},
        ]}))
    };
    assert!(!read(guests("accepted")).unwrap().declined);
    assert!(!read(guests("needsAction")).unwrap().declined);
    assert!(read(guests("declined")).unwrap().declined);
}

#[test]
fn kinds_and_transparency_are_told_apart_and_unknown_words_take_time() {
    let kind = |word: &str| read(with(&json!({"eventType": word}))).unwrap().kind;
    assert_eq!(kind("outOfOffice"), EventKind::OutOfOffice);
    assert_eq!(kind("focusTime"), EventKind::FocusTime);
    assert_eq!(kind("workingLocation"), EventKind::WorkingLocation);
    assert_eq!(kind("birthday"), EventKind::Birthday);
    assert_eq!(kind("fromGmail"), EventKind::FromGmail);
    assert_eq!(kind("siesta"), EventKind::Default);
    let free = |word: &str| {
        let event = read(with(&json!({"transparency": word}))).unwrap();
        event.transparent
    };
    assert!(free("transparent"));
    assert!(!free("opaque") && !free("glassy"));
}

#[test]
fn an_all_day_event_keeps_its_dates_and_one_that_ends_as_it_begins_means_that_day() {
    let all_day = |from: &str, until: &str| {
        read(with(
            &json!({"start": {"date": from}, "end": {"date": until}}),
        ))
    };
    let times = |from, until| Some(EventTimes::AllDay { from, until });
    let two = all_day("2026-11-24", "2026-11-26").unwrap();
    assert_eq!(two.times, times(day(24), day(26)));
    let none = all_day("2026-11-24", "2026-11-24").unwrap();
    assert_eq!(none.times, times(day(24), day(25)));
    assert!(all_day("2026-11-24", "2026-11-23").is_err());
}

#[test]
fn a_tombstone_needs_only_its_id_and_a_living_event_needs_times() {
    let bare = read(json!({"id": "abcde1", "status": "cancelled"})).unwrap();
    assert_eq!(bare.status, EventStatus::Cancelled);
    assert_eq!((bare.times, bare.etag), (None, None));
    for broken in [
        json!({"status": "cancelled"}),
        json!({"id": "abcde1"}),
        with(&json!({"id": ""})),
        with(&json!({"id": "a\u{202e}b"})),
        with(&json!({"end": {}})),
        with(&json!({"end": {"date": "2026-11-24"}})),
        with(&json!({"end": {"dateTime": "2026-11-24T08:00:00Z"}})),
    ] {
        let error = read(broken.clone()).unwrap_err();
        assert!(matches!(error, CalendarError::NoAnswer(_)), "{broken}");
    }
}

#[test]
fn an_event_without_length_takes_no_time() {
    let event = read(with(
        &json!({"end": {"dateTime": "2026-11-24T10:00:00+01:00"}}),
    ));
    assert_eq!(event.unwrap().times, None);
}

#[test]
fn titles_are_sanitised_on_the_way_in() {
    let event = read(with(&json!({"summary": "a\u{1b}[2J\u{202e}b\n\u{200b}c"}))).unwrap();
    assert_eq!(event.summary, "a[2Jb c");
}

fn draft() -> EventDraft {
    EventDraft {
        id: "abcde1".into(),
        calendar: "dr@example.org".into(),
        status: EventStatus::Tentative,
        summary: "Appointment: Zoë with Dr Chen".to_owned(),
        description: String::new(),
        visit: Interval::lasting(DateTime::from_timestamp(1_800_000_000, 0).unwrap(), 30),
        zone: chrono_tz::Europe::Berlin,
        mark: mark(),
    }
}

#[test]
fn what_is_written_is_private_and_invites_and_reminds_nobody() {
    let mut json = serde_json::to_value(write_event(&draft()).unwrap()).unwrap();
    google_calendar3::common::remove_json_null_values(&mut json);
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "end",
            "extendedProperties",
            "id",
            "reminders",
            "start",
            "status",
            "summary",
            "transparency",
            "visibility"
        ]
    );
    assert_eq!(json["visibility"], "private");
    assert_eq!(json["reminders"], json!({"useDefault": false}));
    assert_eq!(
        json["start"],
        json!({"dateTime": "2027-01-15T08:00:00Z", "timeZone": "Europe/Berlin"})
    );
    assert!(json["extendedProperties"].get("shared").is_none());
}

#[test]
fn texts_are_sanitised_on_the_way_out_and_lines_stay_lines() {
    let event = write_event(&EventDraft {
        summary: "a\u{202e}b\nc".to_owned(),
        description: "Phone: 1\u{200b}2\r\nReason:\tcough\u{7}\n".to_owned(),
        ..draft()
    })
    .unwrap();
    assert_eq!(event.summary.as_deref(), Some("ab c"));
    assert_eq!(
        event.description.as_deref(),
        Some("Phone: 12\nReason: cough")
    );
}

#[test]
fn a_zone_that_is_not_known_matters_only_where_whole_days_are() {
    let hours = [read(timed()).unwrap()];
    let days = [read(with(
        &json!({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}}),
    ))
    .unwrap()];
    let berlin = chrono_tz::Europe::Berlin;
    assert_eq!(read_zone(Some("Europe/Berlin"), &days), Ok(berlin));
    assert_eq!(read_zone(Some("Mars/Olympus"), &hours), Ok(Tz::UTC));
    assert!(read_zone(Some("Mars/Olympus"), &days).is_err());
    assert!(read_zone(None, &days).is_err());
}

proptest! {
    #[test]
    fn an_event_that_is_written_is_read_back_as_ours(
        start in 0i64..4_000_000_000, minutes in 1u32..=1440, title in "[A-Za-zé ]{0,40}",
        confirmed: bool,
    ) {
        let start = DateTime::from_timestamp(start, 0).unwrap();
        let draft = EventDraft {
            visit: Interval::lasting(start, minutes),
            summary: text::clean(&title, 99),
            status: if confirmed { EventStatus::Confirmed } else { EventStatus::Tentative },
            ..draft()
        };
        let wire = serde_json::to_value(write_event(&draft).unwrap()).unwrap();
        let event = read(wire).unwrap();
        prop_assert_eq!(event.id, draft.id);
        prop_assert_eq!(event.status, draft.status);
        prop_assert_eq!(event.times, Some(EventTimes::Timed(draft.visit)));
        prop_assert_eq!(event.summary, draft.summary);
        prop_assert_eq!(event.mark, Some(draft.mark));
    }
}
