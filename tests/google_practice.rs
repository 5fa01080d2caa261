//! The Google adapter and the practice calendar, which stands in for Google: over real HTTP.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use frontdesk::domain::blocks::{Reason, blocks};
use frontdesk::domain::event::{EventDraft, EventStatus, EventTimes, Mark, MarkKind, NewTimes};
use frontdesk::domain::id::{AppointmentId, CalendarId, ClinicId, EventId};
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::google::{Client, Options, Route, Token};
use frontdesk::port::calendar::{BusyAnswer, Calendar, CalendarError};
use frontdesk::practice::{self, CalendarSpec, SeedEvent, SeedSpan};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A calendar whose id would be cut short at its `#`.
const CHEN: &str = "chen#rooms@clinic.example";
const ROSSI: &str = "rossi@clinic.example";
const APPOINTMENT: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// Minutes from Tuesday, 24 November 2026, 8:00 in Berlin.
fn at(minute: i64) -> Moment {
    let start: Moment = "2026-11-24T07:00:00Z".parse().unwrap();
    start + TimeDelta::minutes(minute)
}

fn span(start: i64, end: i64) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

fn now() -> DateTime<Utc> {
    at(-600)
}

struct Clinic {
    server: practice::Server,
    client: Client,
    _dir: TempDir,
}

impl Clinic {
    async fn open(events: Vec<SeedEvent>) -> Self {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("practice.db");
        let calendars: Vec<CalendarSpec> = [CHEN, ROSSI]
            .into_iter()
            .map(|id| CalendarSpec {
                id: id.to_owned(),
                summary: "A doctor".to_owned(),
                time_zone: "Europe/Berlin".to_owned(),
            })
            .collect();
        practice::seed(&data, &calendars, events.into_iter(), now()).unwrap();
        let server = practice::Server::start(practice::Options {
            data,
            listen: ([127, 0, 0, 1], 0).into(),
            calendars,
            now: Arc::new(now),
        })
        .await
        .unwrap();
        let client = client(&server, Duration::from_secs(10));
        Self {
            server,
            client,
            _dir: dir,
        }
    }

    /// Makes the practice calendar misbehave.
    async fn fault(&self, fault: Value) {
        let plain = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
        let request =
            hyper::Request::post(format!("http://{}/practice/faults", self.server.address()))
                .header("content-type", "application/json")
                .body(Full::new(Bytes::from(fault.to_string())))
                .unwrap();
        let answer = plain.request(request).await.unwrap();
        let status = answer.status();
        let said = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{status} {said:?}");
    }
}

fn client(server: &practice::Server, timeout: Duration) -> Client {
    Client::new(Options {
        base_url: Some(server.base_url()),
        token: Token::Practice,
        timeout,
    })
    .unwrap()
}

fn draft(attempt: u32, visit: Interval) -> EventDraft {
    let appointment = AppointmentId::new(APPOINTMENT);
    EventDraft {
        id: EventId::of_attempt(&appointment, attempt),
        calendar: CHEN.into(),
        status: EventStatus::Tentative,
        summary: "Appointment: Zoë Åström with Dr Chen".to_owned(),
        description: String::new(),
        visit,
        zone: chrono_tz::Europe::Berlin,
        mark: Mark {
            kind: MarkKind::Appointment,
            clinic: "clinic".into(),
            database: "db".into(),
            desk: "front".into(),
            appointment,
            operation: "op-1".into(),
            rev: 0,
            attempt,
            doctor: "d-1".into(),
            service: Some("s-1".into()),
            customer: Some("c-1".into()),
            name: None,
            buffers: Buffers::new(10, 5).unwrap(),
            lease_seconds: 120,
        },
    }
}

#[tokio::test]
async fn an_event_is_claimed_confirmed_and_removed_under_its_etag() {
    let clinic = Clinic::open(vec![]).await;
    let (client, calendar) = (&clinic.client, CalendarId::new(CHEN));
    let draft = draft(1, span(0, 30));
    let claimed = client.insert(&draft).await.unwrap();
    assert_eq!(claimed.server_time, Some(now()));
    assert_eq!(claimed.value.status, EventStatus::Tentative);
    assert_eq!(claimed.value.mark.as_ref(), Some(&draft.mark));
    assert_eq!(claimed.value.summary, draft.summary);
    assert_eq!(claimed.value.times, Some(EventTimes::Timed(draft.visit)));
    let read = client.get(&calendar, &draft.id).await.unwrap();
    assert_eq!(read.value, claimed.value);

    let again = client.insert(&draft).await;
    assert_eq!(again.unwrap_err(), CalendarError::Duplicate);
    let first = claimed.value.etag.unwrap();
    let stale = client.confirm(&calendar, &draft.id, &"\"1\"".into()).await;
    assert_eq!(stale.unwrap_err(), CalendarError::Stale);
    let confirmed = client.confirm(&calendar, &draft.id, &first).await.unwrap();
    assert_eq!(confirmed.value.status, EventStatus::Confirmed);
    assert_eq!(confirmed.value.mark.as_ref(), Some(&draft.mark));
    let second = confirmed.value.etag.unwrap();
    assert_ne!(first, second);
    let times = NewTimes {
        visit: span(60, 90),
        zone: draft.zone,
        rev: 1,
        operation: "op-2".into(),
    };
    let stale = client
        .reschedule(&calendar, &draft.id, &first, &times)
        .await;
    assert_eq!(stale.unwrap_err(), CalendarError::Stale);
    let moved = client
        .reschedule(&calendar, &draft.id, &second, &times)
        .await;
    let moved = moved.unwrap().value;
    assert_eq!(moved.times, Some(EventTimes::Timed(times.visit)));
    let mark = Mark {
        rev: 1,
        operation: "op-2".into(),
        ..draft.mark.clone()
    };
    assert_eq!(moved.mark, Some(mark), "the rest of the mark stays");
    let second = moved.etag.unwrap();

    let stale = client.delete(&calendar, &draft.id, &first).await;
    assert_eq!(stale.unwrap_err(), CalendarError::Stale);
    client.delete(&calendar, &draft.id, &second).await.unwrap();
    let gone = client.delete(&calendar, &draft.id, &second).await;
    assert_eq!(gone.unwrap_err(), CalendarError::Gone);
    let tombstone = client.get(&calendar, &draft.id).await.unwrap();
    assert_eq!(tombstone.value.status, EventStatus::Cancelled);
    let reused = client.insert(&draft).await;
    assert_eq!(reused.unwrap_err(), CalendarError::Duplicate);
    let listing = client.list(&calendar, span(-60, 600)).await.unwrap();
    assert!(listing.value.events.is_empty());
    let counters = client.counters();
    assert_eq!(
        (counters.of(Route::Insert), counters.of(Route::Delete)),
        (3, 3)
    );
}

#[tokio::test]
async fn a_calendar_that_is_not_there_is_told_from_an_event_that_is_not_there() {
    let clinic = Clinic::open(vec![]).await;
    let (client, id) = (&clinic.client, EventId::new("abcde1"));
    let here = CalendarId::new(CHEN);
    // its id up to the `#`: what an unencoded path would have asked
    let cut = CalendarId::new("chen");
    for calendar in [&here, &cut] {
        let error = client.get(calendar, &id).await.unwrap_err();
        assert_eq!(error, CalendarError::NotFound);
    }
    assert_eq!(client.answers(&here).await, Ok(()));
    assert_eq!(client.answers(&cut).await, Err(CalendarError::NotFound));
}

fn timed(start: i64, minutes: i64, title: &str) -> SeedEvent {
    let span = SeedSpan::Timed {
        start: at(start),
        end: at(start + minutes),
        zone: None,
    };
    SeedEvent::new(CHEN, title, span)
}

fn days(first: u32, end: u32, title: &str) -> SeedEvent {
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    let span = SeedSpan::Days {
        first: day(first),
        end: day(end),
    };
    SeedEvent::new(CHEN, title, span)
}

#[tokio::test]
async fn a_lived_in_week_is_read_with_why_each_event_takes_time() {
    let daily = SeedEvent {
        recurrence: vec![
            "RRULE:FREQ=DAILY;COUNT=4".to_owned(),
            "EXDATE;TZID=Europe/Berlin:20261126T080000".to_owned(),
        ],
        ..timed(0, 15, "Huddle")
    };
    let open = SeedEvent {
        transparent: true,
        ..timed(60, 30, "Perhaps")
    };
    let declined = SeedEvent {
        declined: true,
        ..timed(90, 30, "No thanks")
    };
    let away = SeedEvent {
        event_type: Some("outOfOffice".to_owned()),
        ..timed(120, 30, "Away")
    };
    let events = vec![daily, open, declined, away, days(25, 26, "Conference")];
    let clinic = Clinic::open(events).await;
    let week = span(-7 * 60, 5 * 24 * 60);
    let listing = clinic.client.list(&CHEN.into(), week).await.unwrap().value;
    assert_eq!(listing.zone, chrono_tz::Europe::Berlin);
    let none = ClinicId::new("clinic");
    let mut taken: Vec<_> = listing
        .events
        .iter()
        .filter_map(|event| {
            let block = blocks(event, listing.zone, &none)?;
            Some((block.visit, event.summary.as_str(), block.reason))
        })
        .collect();
    taken.sort_by_key(|(visit, ..)| *visit);
    let day = 24 * 60;
    assert_eq!(
        taken,
        [
            (span(0, 15), "Huddle", Reason::Private),
            (span(120, 150), "Away", Reason::OutOfOffice),
            (span(day - 480, 2 * day - 480), "Conference", Reason::AllDay),
            (span(day, day + 15), "Huddle", Reason::Private),
            (span(3 * day, 3 * day + 15), "Huddle", Reason::Private),
        ]
    );
    // what takes no time is in the list all the same
    assert_eq!(listing.events.len(), 7);

    let busy = clinic.client.free_busy(&[CHEN.into()], week).await.unwrap();
    let visits = taken.iter().map(|(visit, ..)| *visit).collect();
    let expected = BusyAnswer::Busy(frontdesk::domain::time::merged(visits));
    assert_eq!(busy.value[0].1, expected);
}

#[tokio::test]
async fn a_list_longer_than_a_page_is_read_to_its_end_over_empty_pages_too() {
    let events = (0..2_600).map(|n| timed(n * 5, 5, "Short"));
    let clinic = Clinic::open(events.collect()).await;
    let window = span(0, 2_600 * 5);
    let listing = clinic.client.list(&CHEN.into(), window).await.unwrap();
    assert_eq!(listing.value.events.len(), 2_600);
    let counters = clinic.client.counters();
    assert_eq!(counters.of(Route::List), 2);
    clinic
        .fault(json!({"route": "events.list", "empty_page": true, "times": 1}))
        .await;
    let again = clinic.client.list(&CHEN.into(), window).await.unwrap();
    assert_eq!(again.value.events.len(), 2_600);
    assert_eq!(counters.of(Route::List), 5);
}

#[tokio::test]
async fn free_busy_clips_and_merges_and_a_calendar_it_cannot_read_is_unknown() {
    let events = vec![
        timed(-30, 60, "Early"),
        timed(20, 25, "Overlaps"),
        timed(45, 15, "Touches"),
        timed(110, 60, "Late"),
    ];
    let clinic = Clinic::open(events).await;
    let unknown = |why: &str| BusyAnswer::Unknown(why.to_owned());
    let asked: Vec<CalendarId> = ["nobody@clinic.example", CHEN, ROSSI]
        .map(Into::into)
        .into();
    let answer = clinic.client.free_busy(&asked, span(0, 120)).await.unwrap();
    assert_eq!(answer.server_time, Some(now()));
    let said: Vec<_> = answer.value.into_iter().map(|(_, said)| said).collect();
    let busy = BusyAnswer::Busy(vec![span(0, 60), span(110, 120)]);
    assert_eq!(said, [unknown("notFound"), busy, BusyAnswer::Busy(vec![])]);

    clinic
        .fault(json!({"route": "freeBusy", "calendar": ROSSI, "calendar_error": "internalError"}))
        .await;
    let answer = clinic.client.free_busy(&asked, span(0, 120)).await.unwrap();
    assert_eq!(answer.value[2].1, unknown("internalError"));
    let empty = clinic.client.free_busy(&asked, span(0, 90 * 24 * 60)).await;
    assert!(matches!(empty, Err(CalendarError::Invalid(words)) if words.contains("too long")));
}

#[tokio::test]
async fn an_insert_whose_answer_is_lost_is_found_again_and_stays_one_event() {
    let clinic = Clinic::open(vec![]).await;
    let (client, draft) = (&clinic.client, draft(1, span(0, 30)));
    clinic
        .fault(json!({"route": "events.insert", "lost_answer": true, "times": 1}))
        .await;
    let lost = client.insert(&draft).await.unwrap_err();
    assert!(matches!(lost, CalendarError::NoAnswer(_)), "{lost:?}");
    let repeated = client.insert(&draft).await;
    assert_eq!(repeated.unwrap_err(), CalendarError::Duplicate);
    let found = client.get(&draft.calendar, &draft.id).await.unwrap();
    assert_eq!(found.value.mark, Some(draft.mark));
    let listing = client.list(&draft.calendar, span(0, 60)).await.unwrap();
    assert_eq!(listing.value.events, [found.value]);
}

#[tokio::test]
async fn an_outage_is_told_apart_from_a_refusal() {
    let clinic = Clinic::open(vec![]).await;
    let (client, calendar) = (&clinic.client, CalendarId::new(CHEN));
    let hit = |mut fault: Value| {
        fault["route"] = "events.list".into();
        fault["times"] = 1.into();
        let clinic = &clinic;
        let calendar = &calendar;
        async move {
            clinic.fault(fault).await;
            client.list(calendar, span(0, 60)).await.unwrap_err()
        }
    };
    for fault in [
        json!({"status": 503, "body": "html"}),
        json!({"status": 500, "body": "json"}),
        json!({"body": "truncated"}),
        json!({"lost_answer": true}),
    ] {
        let error = hit(fault.clone()).await;
        assert!(
            matches!(error, CalendarError::NoAnswer(_)),
            "{fault}: {error:?}"
        );
    }
    let slow = hit(json!({"status": 429, "retry_after": 9})).await;
    let retry_after = Some(Duration::from_secs(9));
    assert_eq!(slow, CalendarError::SlowDown { retry_after });
    let slow = hit(json!({"status": 403, "reason": "userRateLimitExceeded"})).await;
    assert!(matches!(slow, CalendarError::SlowDown { .. }));
    let quota = hit(json!({"status": 403, "reason": "quotaExceeded"})).await;
    assert_eq!(quota, CalendarError::Quota);
    let signed_out = hit(json!({"status": 401})).await;
    assert!(matches!(signed_out, CalendarError::SignIn(_)));
    let rights = hit(json!({"status": 403, "reason": "insufficientPermissions"})).await;
    assert!(matches!(rights, CalendarError::Forbidden(_)));
    client.list(&calendar, span(0, 60)).await.unwrap();

    clinic.fault(json!({"latency_ms": 5_000, "times": 1})).await;
    let hasty = self::client(&clinic.server, Duration::from_millis(200));
    let error = hasty.answers(&calendar).await.unwrap_err();
    assert!(error.to_string().contains("nothing came within"), "{error}");
}
