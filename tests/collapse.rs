//! Edits while Google does not answer, with the real program: only the last state is sent, once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, Ran, day_at, utc};

/// Recorded for tomorrow at 10:30, in an outage.
fn recorded(clinic: &Clinic) -> Value {
    let start = day_at(1, "10:30");
    let args = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Maria Silva",
        "--new",
        "--minutes",
        "30",
    ];
    let recorded = clinic.run(&args);
    assert_eq!(recorded.code, 6, "{recorded:?}");
    recorded.json()
}

fn id(visit: &Value) -> &str {
    visit["appointment_id"].as_str().unwrap()
}

fn move_to(clinic: &Clinic, visit: &Value, time: &str) -> Ran {
    clinic.run(&["move", id(visit), "--start", &day_at(1, time)])
}

fn moved_twice(clinic: &Clinic, visit: &Value) {
    for time in ["11:30", "14:00"] {
        let moved = move_to(clinic, visit, time);
        assert_eq!(moved.code, 6, "{moved:?}");
        let now = moved.json();
        assert_eq!(now["start"], utc(1, time));
        assert_eq!(now["status"], "pending");
        let message = moved.error()["message"].as_str().unwrap().to_owned();
        assert!(
            message.contains("Google has not confirmed this visit"),
            "{message}"
        );
    }
}

fn start_of(event: &Value) -> String {
    let text = event["start"]["dateTime"].as_str().unwrap();
    let start = chrono::DateTime::parse_from_rfc3339(text).unwrap();
    start.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn inserts(clinic: &Clinic) -> usize {
    let calls = clinic.calls();
    calls.iter().filter(|call| *call == "events.insert").count()
}

#[test]
fn a_visit_that_was_moved_twice_in_an_outage_is_inserted_once_at_its_last_time() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    let visit = recorded(&clinic);
    moved_twice(&clinic, &visit);
    clinic.start_google();
    clinic.forget_calls();
    clinic.run(&["repair", "retry", id(&visit)]).ok();
    assert_eq!(inserts(&clinic), 1, "{:?}", clinic.calls());
    let events = clinic.events(CHEN, true);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["status"], "confirmed");
    assert_eq!(start_of(&events[0]), utc(1, "14:00"));
    let shown = clinic.run(&["show", id(&visit)]).ok().json();
    assert_eq!(
        (&shown["status"], &shown["start"]),
        (&json!("confirmed"), &json!(utc(1, "14:00")))
    );
}

#[test]
fn a_visit_that_was_moved_and_called_off_in_an_outage_never_reaches_the_calendar() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    let visit = recorded(&clinic);
    moved_twice(&clinic, &visit);
    let off = clinic.run(&["cancel", id(&visit), "--reason", "ill"]);
    assert_eq!(off.ok().json()["status"], "cancelled");
    clinic.start_google();
    clinic.forget_calls();
    let tried = clinic.run(&["repair", "retry", "--all"]).ok();
    assert!(clinic.calls().is_empty(), "{tried:?} {:?}", clinic.calls());
    assert!(clinic.events(CHEN, true).is_empty());
}

#[test]
fn a_move_sends_the_booking_as_soon_as_google_answers_again() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    let visit = recorded(&clinic);
    clinic.start_google();
    let moved = move_to(&clinic, &visit, "11:30").ok().json();
    assert_eq!(moved["status"], "confirmed");
    assert_eq!(moved["start"], utc(1, "11:30"));
    assert_eq!(inserts(&clinic), 1);
}

#[test]
fn a_booking_that_may_have_reached_google_is_not_moved() {
    let clinic = Clinic::with_chen();
    clinic.fault(&json!({"route": "events.insert", "status": 503}));
    let visit = recorded(&clinic);
    let refused = move_to(&clinic, &visit, "11:30");
    assert_eq!(refused.code, 5, "{refused:?}");
    let message = refused.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("still under way"), "{message}");
    clinic.clear_faults();
    clinic.run(&["repair", "retry", id(&visit)]).ok();
    let events = clinic.events(CHEN, true);
    assert_eq!(start_of(&events[0]), utc(1, "10:30"));
}

#[test]
fn a_new_time_that_is_taken_leaves_the_booking_where_it_was() {
    let mut clinic = Clinic::with_chen();
    let start = day_at(1, "14:00");
    let other = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Bo",
        "--new",
    ];
    clinic.run(&other).ok();
    clinic.stop_google();
    let visit = recorded(&clinic);
    let refused = move_to(&clinic, &visit, "14:00");
    assert_eq!(refused.code, 4, "{refused:?}");
    let shown = clinic.run(&["show", id(&visit)]).ok().json();
    assert_eq!(shown["start"], utc(1, "10:30"));
}
