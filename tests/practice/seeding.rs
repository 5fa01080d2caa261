use chrono::{DateTime, Duration, TimeZone as _, Utc};
use frontdesk::practice::{self, PracticeError, SeedEvent, SeedSpan, SeedStatus};
use serde_json::json;

use crate::desk::{CHEN, Desk, NOW_MS, ORTIZ, events, specs};

fn visit(calendar: &str, n: i64) -> SeedEvent {
    let first = Utc.with_ymd_and_hms(2026, 11, 2, 8, 0, 0).unwrap();
    let start = first + Duration::days(n / 20) + Duration::minutes(30 * (n % 20));
    let end = start + Duration::minutes(30);
    SeedEvent::new(
        calendar,
        format!("Visit {n}"),
        SeedSpan::Timed {
            start,
            end,
            zone: None,
        },
    )
}

#[tokio::test]
async fn seeded_events_are_there_with_the_tags_foretold() {
    let dir = tempfile::tempdir().unwrap();
    let now = DateTime::from_timestamp_millis(NOW_MS).unwrap();
    let mut list: Vec<SeedEvent> = (0..40).map(|n| visit(CHEN, n)).collect();
    list[0].id = Some("first0".into());
    list[0].private.insert("clinic".into(), "c1".into());
    list[1].status = SeedStatus::Cancelled;
    list[2].declined = true;
    list[3].recurrence = vec!["RRULE:FREQ=WEEKLY;COUNT=2".into()];
    list.push(visit(ORTIZ, 0));
    let data = dir.path().join("practice.db");
    let seeded = practice::seed(&data, &specs(), list.into_iter(), now).unwrap();
    assert_eq!(seeded[0].id, "first0");
    assert_eq!(seeded[0].etag, practice::etag(now, 1));
    assert_eq!(seeded[39].etag, practice::etag(now, 40));
    assert_eq!(seeded[40].etag, practice::etag(now, 1));
    let desk = Desk::open_in(dir).await;
    let first = desk.get(&events("/first0")).await.ok();
    assert_eq!(first["etag"], seeded[0].etag);
    assert_eq!(
        first["extendedProperties"]["private"],
        json!({"clinic": "c1"})
    );
    let day = "?singleEvents=true&timeMin=2026-11-02T00:00:00Z&timeMax=2026-11-03T00:00:00Z";
    assert_eq!(desk.ids(day).await.len(), 19);
    let body = json!({"timeMin": "2026-11-02T00:00:00Z", "timeMax": "2026-11-10T00:00:00Z",
        "items": [{"id": CHEN}]});
    let answer = desk.api("POST", "freeBusy", Some(&body)).await.ok();
    assert_eq!(
        answer["calendars"][CHEN]["busy"].as_array().unwrap().len(),
        39
    );
    // The sequence of changes goes on behind the seed.
    let patched = desk
        .api("PATCH", &events("/first0"), Some(&json!({"summary": "x"})))
        .await
        .ok();
    assert_eq!(patched["etag"], practice::etag(now, 41));
}

#[test]
fn a_wrong_event_is_named_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("practice.db");
    let mut list: Vec<SeedEvent> = (0..3).map(|n| visit(CHEN, n)).collect();
    list[2].id = Some("Wrong".into());
    let now = DateTime::UNIX_EPOCH;
    let error = practice::seed(&data, &specs(), list.clone().into_iter(), now).unwrap_err();
    assert!(
        matches!(error, PracticeError::Event { number: 3, .. }),
        "{error}"
    );
    list[2] = visit("nobody@x.example", 1);
    let error = practice::seed(&data, &specs(), list.clone().into_iter(), now).unwrap_err();
    assert!(
        matches!(error, PracticeError::UnknownCalendar { .. }),
        "{error}"
    );
    list[2] = visit(CHEN, 2);
    list[1].id = Some("same0".into());
    list[2].id = Some("same0".into());
    let error = practice::seed(&data, &specs(), list.clone().into_iter(), now).unwrap_err();
    assert!(
        error.to_string().contains("identifier already exists"),
        "{error}"
    );
    list.truncate(2);
    let seeded = practice::seed(&data, &specs(), list.into_iter(), now).unwrap();
    assert_eq!(seeded[1].etag, practice::etag(now, 2));
}
