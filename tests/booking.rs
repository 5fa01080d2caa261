//! Booking and cancelling with the real program, over the real adapter, against the practice calendar.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, day_at, utc};

fn book(clinic: &Clinic, time: &str, name: &str) -> support::Ran {
    let start = day_at(1, time);
    clinic.run(&[
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        name,
        "--new",
        "--minutes",
        "30",
    ])
}

fn ours(clinic: &Clinic) -> Vec<Value> {
    let ours = |e: &Value| e["extendedProperties"]["private"].is_object();
    clinic
        .events(CHEN, false)
        .into_iter()
        .filter(ours)
        .collect()
}

#[test]
fn a_booking_takes_four_calls_and_stands_in_both() {
    let clinic = Clinic::with_chen();
    clinic.forget_calls();
    let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
    assert_eq!(
        clinic.calls(),
        [
            "freebusy.query",
            "events.insert",
            "events.list",
            "events.patch"
        ]
    );
    assert_eq!(booked["status"], "confirmed");
    assert_eq!(booked["sync_state"], "synced");
    assert_eq!(booked["start"], utc(1, "10:30"));
    let events = ours(&clinic);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["id"], booked["google_event_id"]);
    assert_eq!(events[0]["status"], "confirmed");
    assert_eq!(events[0]["visibility"], "private");
    assert_eq!(
        events[0]["summary"],
        "Appointment: Maria Silva with Dr Chen"
    );
    let shown = clinic
        .run(&["show", booked["appointment_id"].as_str().unwrap()])
        .ok()
        .json();
    assert_eq!(shown, booked);
}

#[test]
fn a_time_that_a_person_took_in_the_calendar_is_refused_and_others_are_offered() {
    let clinic = Clinic::with_chen();
    clinic.insert(
        CHEN,
        &json!({
            "summary": "Dentist",
            "start": {"dateTime": utc(1, "10:00")}, "end": {"dateTime": utc(1, "11:00")},
        }),
    );
    let refused = book(&clinic, "10:30", "Maria Silva");
    assert_eq!(refused.code, 4, "{refused:?}");
    let error = refused.error();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("the doctor's calendar has an entry there"),
        "{error}"
    );
    assert!(
        !error["message"].as_str().unwrap().contains("Dentist"),
        "a private title is nobody's business"
    );
    assert_eq!(error["nearest"].as_array().unwrap().len(), 3, "{error}");
    assert!(ours(&clinic).is_empty());
}

#[test]
fn a_transparent_or_declined_entry_takes_no_time() {
    let clinic = Clinic::with_chen();
    let times = |v: &mut Value| {
        v["start"] = json!({"dateTime": utc(1, "10:00")});
        v["end"] = json!({"dateTime": utc(1, "11:00")});
    };
    let mut on_call = json!({"summary": "On call", "transparency": "transparent"});
    times(&mut on_call);
    clinic.insert(CHEN, &on_call);
    assert_eq!(
        book(&clinic, "10:30", "Maria Silva").ok().json()["status"],
        "confirmed"
    );
}

#[test]
fn a_slot_is_sold_once() {
    let clinic = Clinic::with_chen();
    book(&clinic, "10:30", "Maria Silva").ok();
    let second = book(&clinic, "10:45", "Bo Lindqvist");
    assert_eq!(second.code, 4, "{second:?}");
    assert!(
        second.error()["message"]
            .as_str()
            .unwrap()
            .contains("Maria Silva")
    );
    assert_eq!(ours(&clinic).len(), 1);
}

#[test]
fn a_desk_with_another_database_does_not_double_book() {
    let clinic = Clinic::with_chen();
    book(&clinic, "10:30", "Maria Silva").ok();
    let other = other_desk(&clinic);
    let start = day_at(1, "10:15");
    let args = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Bo",
        "--new",
        "--minutes",
        "30",
    ];
    let refused = clinic.run_as(&other, &args);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert_eq!(ours(&clinic).len(), 1);
}

#[test]
fn a_cancelled_visit_leaves_the_calendar_and_stays_in_the_history() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
    let id = booked["appointment_id"].as_str().unwrap();
    let cancelled = clinic
        .run(&["cancel", id, "--reason", "has a cold"])
        .ok()
        .json();
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(cancelled["cancellation_reason"], "has a cold");
    assert!(cancelled["cancelled_at"].is_string());
    assert!(ours(&clinic).is_empty());
    assert_eq!(clinic.run(&["show", id]).ok().json(), cancelled);
    // the time is free for somebody else, under a new event
    let again = book(&clinic, "10:30", "Bo Lindqvist").ok().json();
    assert_ne!(again["google_event_id"], booked["google_event_id"]);
    // and a second cancellation changes nothing
    let twice = clinic.run(&["cancel", id, "--reason", "again"]);
    assert_eq!(twice.ok().json(), cancelled);
}

#[test]
fn an_event_that_a_person_moved_is_not_deleted_without_asking() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
    let (id, event) = (
        booked["appointment_id"].as_str().unwrap(),
        booked["google_event_id"].as_str().unwrap(),
    );
    clinic.patch(
        CHEN,
        event,
        &json!({
            "start": {"dateTime": utc(1, "16:00")}, "end": {"dateTime": utc(1, "16:30")},
        }),
    );
    let asked = clinic.run(&["cancel", id, "--reason", "has a cold"]);
    assert_eq!(asked.code, 5, "{asked:?}");
    assert_eq!(ours(&clinic).len(), 1, "it is still there");
    let items = clinic.run(&["repair", "list"]).ok().json();
    assert_eq!(items.as_array().unwrap().len(), 1, "{items}");
    // seen and wanted all the same
    clinic.run(&["cancel", id, "--reason", "has a cold"]).ok();
    assert!(ours(&clinic).is_empty());
    assert_eq!(clinic.run(&["repair", "list"]).ok().json(), json!([]));
}

#[test]
fn without_an_answer_it_is_recorded_and_sent_when_google_is_back() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    let recorded = book(&clinic, "10:30", "Maria Silva");
    assert_eq!(recorded.code, 6, "{recorded:?}");
    let pending = recorded.json();
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["sync_state"], "sync_pending");
    // it takes its doctor's time meanwhile
    assert_eq!(book(&clinic, "10:30", "Bo Lindqvist").code, 4);
    clinic.start_google();
    clinic.run(&["repair", "retry", "--all"]).ok();
    let shown = clinic
        .run(&["show", pending["appointment_id"].as_str().unwrap()])
        .ok()
        .json();
    assert_eq!(shown["status"], "confirmed", "{shown}");
    assert_eq!(ours(&clinic).len(), 1);
}

#[test]
fn the_same_key_books_once_and_other_parameters_are_refused() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let args = |minutes: &'static str| {
        vec![
            "book",
            "--doctor",
            "Dr Chen",
            "--start",
            &start,
            "--customer",
            "Maria Silva",
            "--new",
            "--minutes",
            minutes,
            "--key",
            "k-1",
        ]
    };
    let first = clinic.run(&args("30")).ok().json();
    let second = clinic.run(&args("30")).ok().json();
    assert_eq!(first, second);
    assert_eq!(ours(&clinic).len(), 1);
    assert_eq!(
        clinic
            .run(&["customer", "list", "Maria"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let other = clinic.run(&args("45"));
    assert_eq!(other.code, 2, "{other:?}");
}

#[test]
fn a_lost_answer_to_any_write_makes_one_event() {
    for route in [
        "events.insert",
        "events.patch",
        "events.list",
        "freebusy.query",
    ] {
        let clinic = Clinic::with_chen();
        clinic.fault(&json!({"route": route, "lost_answer": true, "times": 1}));
        let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
        assert_eq!(booked["status"], "confirmed", "{route}");
        assert_eq!(ours(&clinic).len(), 1, "{route}");
        assert!(ours(&clinic)[0]["status"] == "confirmed", "{route}");
    }
}

#[test]
fn every_kind_of_silence_is_waited_out() {
    for fault in [
        json!({"status": 503, "times": 1}),
        json!({"status": 503, "body": "html", "times": 1}),
        json!({"body": "truncated", "times": 1}),
        json!({"status": 429, "retry_after": 1, "times": 1}),
        json!({"status": 403, "reason": "rateLimitExceeded", "times": 1}),
        json!({"status": 403, "reason": "userRateLimitExceeded", "times": 1}),
    ] {
        let clinic = Clinic::with_chen();
        let mut fault = fault;
        fault["route"] = json!("events.insert");
        clinic.fault(&fault);
        let ran = book(&clinic, "10:30", "Maria Silva");
        assert_eq!(ran.code, 0, "{fault} {ran:?}");
        assert_eq!(ours(&clinic).len(), 1, "{fault}");
    }
}

#[test]
fn a_calendar_that_is_not_shared_refuses_and_is_never_free() {
    let clinic = Clinic::bare(&[CHEN]);
    clinic
        .run(&[
            "doctor",
            "add",
            "--name",
            "Dr Khan",
            "--calendar",
            "khan@elsewhere.example",
        ])
        .ok();
    clinic
        .run(&["hours", "set", "Dr Khan", "all", "00:00-24:00"])
        .ok();
    let date = &day_at(1, "10:30")[..10];
    let slots = clinic.run(&["slots", "--doctor", "Dr Khan", "--date", date]);
    assert_eq!(slots.code, 4, "{slots:?}");
    let start = day_at(1, "10:30");
    let refused = clinic.run(&[
        "book",
        "--doctor",
        "Dr Khan",
        "--start",
        &start,
        "--customer",
        "Bo",
        "--new",
        "--minutes",
        "30",
    ]);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains("khan@elsewhere.example")
    );
}

/// Another desk of the clinic, with a database of its own.
fn other_desk(clinic: &Clinic) -> std::path::PathBuf {
    let other = clinic.configure("other.toml", "other.db", "");
    clinic
        .run_as(
            &other,
            &["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN],
        )
        .ok();
    clinic
        .run_as(&other, &["hours", "set", "Dr Chen", "all", "00:00-24:00"])
        .ok();
    other
}

#[test]
fn a_claim_of_a_dead_desk_does_not_block_for_ever() {
    let clinic = Clinic::with_chen();
    let other = other_desk(&clinic);
    let start = day_at(1, "10:30");
    let args = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Maria",
        "--new",
        "--minutes",
        "30",
        "--key",
        "k",
    ];
    // killed after its claim, before its list is answered
    clinic.fault(&json!({"route": "events.list", "latency_ms": 60_000, "times": 1}));
    let mut dying = clinic.spawn(&args);
    clinic.wait_for_faults();
    dying.kill().unwrap();
    dying.wait().unwrap();
    assert_eq!(ours(&clinic)[0]["status"], "tentative");
    clinic.let_pass(121);
    let booked = clinic.run_as(
        &other,
        &[
            "book",
            "--doctor",
            "Dr Chen",
            "--start",
            &start,
            "--customer",
            "Bo",
            "--new",
            "--minutes",
            "30",
        ],
    );
    assert_eq!(booked.ok().json()["status"], "confirmed");
    assert_eq!(ours(&clinic).len(), 1, "the dead claim is gone");
    // the desk comes back, and learns that it lost
    support::eventually("the dead program's lease runs out", || {
        clinic.run(&["repair", "retry", "--all"]);
        clinic.run(&["repair", "list"]).ok().json() == json!([])
    });
    assert_eq!(clinic.run(&args).code, 4);
    assert_eq!(ours(&clinic).len(), 1);
}
