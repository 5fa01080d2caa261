//! Moving a visit with the real program, over the real adapter, against the practice calendar.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, Ran, day_at, eventually, utc};

fn book(clinic: &Clinic, time: &str, name: &str) -> Value {
    let start = day_at(1, time);
    let args = [
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
    ];
    clinic.run(&args).ok().json()
}

fn id(visit: &Value) -> &str {
    visit["appointment_id"].as_str().unwrap()
}

fn move_to(clinic: &Clinic, visit: &Value, time: &str) -> Ran {
    clinic.run(&["move", id(visit), "--start", &day_at(1, time)])
}

fn show(clinic: &Clinic, visit: &Value) -> Value {
    clinic.run(&["show", id(visit)]).ok().json()
}

fn only_event(clinic: &Clinic) -> Value {
    let mut events = clinic.events(CHEN, false);
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

/// Where an event starts, in UTC.
fn start_of(event: &Value) -> String {
    let start = event["start"]["dateTime"].as_str().unwrap();
    let start = chrono::DateTime::parse_from_rfc3339(start).unwrap();
    start.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn nothing_is_open(clinic: &Clinic) -> bool {
    let retried = clinic.run(&["repair", "retry", "--all"]);
    assert!([0, 3, 5, 6].contains(&retried.code), "{retried:?}");
    clinic.run(&["repair", "list"]).ok().json() == json!([])
}

#[test]
fn a_moved_visit_keeps_its_event_and_what_people_wrote_on_it() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    let event = booked["google_event_id"].as_str().unwrap();
    let note = json!({"location": "Room 3", "colorId": "5"});
    clinic.patch(CHEN, event, &note);
    clinic.forget_calls();
    let moved = move_to(&clinic, &booked, "14:00").ok().json();
    assert_eq!(
        clinic.calls(),
        [
            "freebusy.query", // is the new time free?
            "events.insert",  // the hold
            "events.list",    // is anybody else there?
            "events.patch",   // the hold is confirmed
            "events.patch",   // the visit: refused, since its etag changed with the note
            "events.get",
            "events.patch",
            "events.list",   // it is shown at its new time
            "events.delete"  // the hold
        ]
    );
    assert_eq!(moved["start"], utc(1, "14:00"));
    assert_eq!(moved["end"], utc(1, "14:30"));
    assert_eq!(moved["status"], "confirmed");
    assert_eq!(moved["sync_state"], "synced");
    assert_eq!(moved["google_event_id"], booked["google_event_id"]);
    assert_eq!(show(&clinic, &booked), moved);
    let event = only_event(&clinic);
    assert_eq!(event["id"], booked["google_event_id"]);
    assert_eq!(event["location"], "Room 3");
    assert_eq!(event["extendedProperties"]["private"]["fdRev"], "1");
    assert_eq!(start_of(&event), utc(1, "14:00"));
}

#[test]
fn a_visit_is_moved_onto_part_of_its_own_time_and_back_again() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    for (time, rev) in [("10:45", "1"), ("10:30", "2"), ("10:15", "3")] {
        let moved = move_to(&clinic, &booked, time).ok().json();
        assert_eq!(moved["start"], utc(1, time));
        let event = only_event(&clinic);
        assert_eq!(start_of(&event), utc(1, time));
        assert_eq!(event["extendedProperties"]["private"]["fdRev"], rev);
    }
    let same = move_to(&clinic, &booked, "10:15");
    assert_eq!(same.code, 5, "{same:?}");
    assert!(
        same.error()["message"]
            .as_str()
            .unwrap()
            .contains("stands at that time already")
    );
}

#[test]
fn a_new_time_that_is_taken_is_refused_and_the_visit_stays() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    book(&clinic, "14:00", "Bo Lindqvist");
    clinic.insert(
        CHEN,
        &json!({
            "summary": "Dentist",
            "start": {"dateTime": utc(1, "15:00")}, "end": {"dateTime": utc(1, "16:00")},
        }),
    );
    // ours, which the database knows, and a person's, which only the calendar does
    for time in ["14:15", "15:30"] {
        let refused = move_to(&clinic, &booked, time);
        assert_eq!(refused.code, 4, "{refused:?}");
        assert_eq!(refused.error()["nearest"].as_array().unwrap().len(), 3);
    }
    let refused = move_to(&clinic, &booked, "15:30").error();
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .ends_with("The visit stays tomorrow at 10:30."),
        "{refused}"
    );
    let stands = show(&clinic, &booked);
    assert_eq!(
        (&stands["start"], &stands["sync_state"]),
        (&booked["start"], &json!("synced"))
    );
    assert_eq!(clinic.events(CHEN, false).len(), 3);
    // and the time that was tried for is free for others again
    clinic
        .run(&["cancel", id(&booked), "--reason", "moved away"])
        .ok();
    move_to(&clinic, &book(&clinic, "09:00", "Jan"), "10:30").ok();
}

#[test]
fn what_cannot_be_moved_is_said_and_nothing_is_sent() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    clinic
        .run(&["hours", "set", "Dr Chen", "mon-sun", "08:00-18:00"])
        .ok();
    clinic.forget_calls();
    for (time, code, words) in [
        (
            day_at(1, "19:00"),
            5,
            "Outside the hours of Dr Chen: 08:00–18:00 on this day",
        ),
        (day_at(-1, "10:00"), 5, "This time has gone by."),
        ("soon".to_owned(), 2, "soon"),
    ] {
        let refused = clinic.run(&["move", id(&booked), "--start", &time]);
        assert_eq!(refused.code, code, "{refused:?}");
        let message = refused.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(words), "{message}");
    }
    let nobody = clinic.run(&["move", "0123abcd", "--start", &day_at(1, "11:00")]);
    assert_eq!(nobody.code, 3, "{nobody:?}");
    assert!(clinic.calls().is_empty());
    clinic.run(&["cancel", id(&booked), "--reason", "ill"]).ok();
    let cancelled = move_to(&clinic, &booked, "11:00");
    assert_eq!(cancelled.code, 5, "{cancelled:?}");
    assert!(
        cancelled.error()["message"]
            .as_str()
            .unwrap()
            .contains("is called off")
    );
}

#[test]
fn a_visit_that_somebody_dragged_meanwhile_is_left_where_they_put_it() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    let event = booked["google_event_id"].as_str().unwrap();
    let dragged = json!({
        "start": {"dateTime": utc(1, "12:00")}, "end": {"dateTime": utc(1, "12:30")},
    });
    clinic.patch(CHEN, event, &dragged);
    let refused = move_to(&clinic, &booked, "14:00");
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains("somebody else has changed its time"),
        "{refused:?}"
    );
    assert_eq!(start_of(&only_event(&clinic)), utc(1, "12:00"));
    let listed = clinic.run(&["repair", "list"]).ok().json();
    assert_eq!(listed[0]["appointment_id"], booked["appointment_id"]);
}

#[test]
fn a_visit_whose_event_was_deleted_is_not_moved_and_stands_in_repair() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    let event = booked["google_event_id"].as_str().unwrap();
    clinic.delete(CHEN, event);
    let refused = move_to(&clinic, &booked, "14:00");
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains("has removed its event")
    );
    assert!(
        clinic.events(CHEN, false).is_empty(),
        "the hold is gone too"
    );
    // a person decides: it is put back
    clinic.run(&["repair", "recreate", id(&booked)]).ok();
    assert_eq!(start_of(&only_event(&clinic)), utc(1, "10:30"));
    assert_eq!(show(&clinic, &booked)["sync_state"], "synced");
}

#[test]
fn without_an_answer_to_the_first_question_nothing_is_changed() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    clinic.fault(&json!({"route": "freeBusy", "status": 503}));
    let refused = move_to(&clinic, &booked, "14:00");
    assert_eq!(refused.code, 6, "{refused:?}");
    let message = refused.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("Nothing was changed. The visit stays tomorrow at 10:30."),
        "{message}"
    );
    clinic.clear_faults();
    assert_eq!(show(&clinic, &booked)["sync_state"], "synced");
    move_to(&clinic, &booked, "14:00").ok();
}

#[test]
fn an_outage_in_the_middle_leaves_it_pending_and_the_move_goes_on_by_itself() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva");
    clinic.fault(&json!({"route": "events.patch", "status": 503}));
    let pending = move_to(&clinic, &booked, "14:00");
    assert_eq!(pending.code, 6, "{pending:?}");
    assert_eq!(
        pending.json()["start"],
        booked["start"],
        "it stands where it was"
    );
    let message = pending.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("Until then the visit stands where it was"),
        "{message}"
    );
    // meanwhile it can neither be moved nor called off, and nobody else gets the new time
    assert_eq!(move_to(&clinic, &booked, "15:00").code, 5);
    let start = day_at(1, "14:15");
    let args = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Bo",
        "--new",
    ];
    assert_eq!(clinic.run(&args).code, 4);
    clinic.clear_faults();
    eventually("the move is through", || nothing_is_open(&clinic));
    assert_eq!(show(&clinic, &booked)["start"], utc(1, "14:00"));
    assert_eq!(start_of(&only_event(&clinic)), utc(1, "14:00"));
}

/// The faults that hold the program at a place: what is let through first, then what hangs.
fn holds() -> Vec<(&'static str, Vec<Value>)> {
    let pass = |route: &str| json!({"route": route, "latency_ms": 1, "times": 1});
    let hold = |route: &str| json!({"route": route, "latency_ms": 60_000, "times": 1});
    let lost = |route: &str| json!({"route": route, "lost_answer": true, "times": 1});
    vec![
        (
            "before the pre-check is answered",
            vec![hold("freebusy.query")],
        ),
        ("before the hold", vec![hold("events.insert")]),
        (
            "after the hold, its answer lost",
            vec![lost("events.insert"), hold("events.insert")],
        ),
        ("before the list", vec![hold("events.list")]),
        ("before the hold is confirmed", vec![hold("events.patch")]),
        (
            "after it, its answer lost",
            vec![lost("events.patch"), hold("events.patch")],
        ),
        (
            "before the visit is moved",
            vec![pass("events.patch"), hold("events.patch")],
        ),
        (
            "after the visit is moved, the answer lost",
            vec![
                pass("events.patch"),
                lost("events.patch"),
                hold("events.patch"),
            ],
        ),
        (
            "before it is shown",
            vec![pass("events.list"), hold("events.list")],
        ),
        ("before the hold is deleted", vec![hold("events.delete")]),
        (
            "after it, the answer lost",
            vec![lost("events.delete"), hold("events.delete")],
        ),
    ]
}

#[test]
fn a_move_killed_anywhere_is_finished_or_given_up_after_a_restart() {
    let threads: Vec<_> = holds()
        .into_iter()
        .map(|(place, faults)| {
            std::thread::spawn(move || {
                let clinic = Clinic::with_chen();
                let booked = book(&clinic, "10:30", "Maria Silva");
                for fault in &faults {
                    clinic.fault(fault);
                }
                let start = day_at(1, "14:00");
                let mut dying = clinic.spawn(&["move", id(&booked), "--start", &start]);
                clinic.wait_for_faults();
                dying.kill().unwrap();
                dying.wait().unwrap();
                clinic.clear_faults();
                eventually(place, || nothing_is_open(&clinic));
                let visit = show(&clinic, &booked);
                assert_eq!(visit["start"], utc(1, "14:00"), "{place}: {visit}");
                assert_eq!(visit["sync_state"], "synced", "{place}");
                let event = only_event(&clinic);
                assert_eq!(event["id"], booked["google_event_id"], "{place}");
                assert_eq!(start_of(&event), utc(1, "14:00"), "{place}");
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
