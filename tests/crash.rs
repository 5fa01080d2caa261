//! kill -9 between any two steps of the protocol, then a restart: every booking is settled or stands
//! where a person sees it, and the calendar holds at most one event of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, day_at, eventually};

/// Where the program is killed: the faults that hold it there.
fn holds() -> Vec<(&'static str, Vec<Value>)> {
    let hold = |route: &str| json!({"route": route, "latency_ms": 60_000, "times": 1});
    let lost = |route: &str| json!({"route": route, "lost_answer": true, "times": 1});
    vec![
        (
            "after the intent, before the pre-check is answered",
            vec![hold("freebusy.query")],
        ),
        (
            "after the pre-check, before the claim",
            vec![hold("events.insert")],
        ),
        (
            "after the claim, its answer lost",
            vec![lost("events.insert"), hold("events.insert")],
        ),
        (
            "after the claim, before the list",
            vec![hold("events.list")],
        ),
        (
            "after the list, before the confirm",
            vec![hold("events.patch")],
        ),
        (
            "after the confirm, before the commit",
            vec![lost("events.patch"), hold("events.patch")],
        ),
    ]
}

fn kill_while_booking(clinic: &Clinic, faults: &[Value], args: &[&str]) {
    for fault in faults {
        clinic.fault(fault);
    }
    let mut dying = clinic.spawn(args);
    clinic.wait_for_faults();
    dying.kill().unwrap();
    dying.wait().unwrap();
    clinic.clear_faults();
}

/// What must be true at rest: nothing is open, and calendar and database say the same.
fn at_rest(clinic: &Clinic, place: &str) -> Vec<Value> {
    let events = clinic.events(CHEN, false);
    assert!(
        events.iter().all(|e| e["status"] == "confirmed"),
        "{place}: {events:?}"
    );
    let date = &day_at(1, "00:00")[..10];
    let visits = clinic.run(&["agenda", "--date", date]).ok().json();
    let confirmed: Vec<Value> = visits
        .as_array()
        .unwrap()
        .iter()
        .filter(|v| v["status"] == "confirmed")
        .cloned()
        .collect();
    let mut ours: Vec<&Value> = confirmed.iter().map(|v| &v["google_event_id"]).collect();
    let mut theirs: Vec<&Value> = events.iter().map(|e| &e["id"]).collect();
    ours.sort_by_key(std::string::ToString::to_string);
    theirs.sort_by_key(std::string::ToString::to_string);
    assert_eq!(ours, theirs, "{place}");
    assert!(
        visits
            .as_array()
            .unwrap()
            .iter()
            .all(|v| v["sync_state"] == "synced"),
        "{place}: {visits}"
    );
    confirmed
}

#[test]
fn a_booking_killed_anywhere_is_finished_after_a_restart_and_makes_one_event() {
    let threads: Vec<_> = holds()
        .into_iter()
        .map(|(place, faults)| {
            std::thread::spawn(move || {
                let clinic = Clinic::with_chen();
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
                kill_while_booking(&clinic, &faults, &args);
                // the restart: the journal is taken up once the dead program's lease has run out
                eventually(place, || {
                    let retried = clinic.run(&["repair", "retry", "--all"]);
                    assert!([0, 3, 5, 6].contains(&retried.code), "{place}: {retried:?}");
                    clinic.run(&["repair", "list"]).ok().json() == json!([])
                });
                let confirmed = at_rest(&clinic, place);
                assert_eq!(confirmed.len(), 1, "{place}");
                // and the caller who asks again under the same key hears of it, and books nothing more
                let again = clinic.run(&args).ok().json();
                assert_eq!(
                    again["appointment_id"], confirmed[0]["appointment_id"],
                    "{place}"
                );
                assert_eq!(clinic.events(CHEN, false).len(), 1, "{place}");
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_booking_called_off_in_its_second_attempt_leaves_no_claim_behind() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    clinic.fault(&json!({"route": "events.list", "latency_ms": 1_500, "times": 1}));
    let booking = clinic.spawn(&[
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
    ]);
    clinic.wait_for_faults();
    // while it verifies, its claim is taken away; of the next one it never hears
    let claim = clinic.events(CHEN, false)[0]["id"].clone();
    let path = format!(
        "/calendar/v3/calendars/{}/events/{}",
        CHEN.replace('@', "%40"),
        claim.as_str().unwrap()
    );
    clinic.fault(&json!({"route": "events.insert", "lost_answer": true, "times": 1}));
    clinic.fault(&json!({"route": "events.insert", "status": 503}));
    assert_eq!(clinic.http("DELETE", &path, "").0, 204);
    let recorded = support::Ran::from(booking.wait_with_output().unwrap());
    assert_eq!(recorded.code, 6, "{recorded:?}");
    assert_eq!(clinic.events(CHEN, false).len(), 1, "the second claim");
    clinic.clear_faults();
    let id = recorded.json()["appointment_id"].clone();
    clinic
        .run(&["cancel", id.as_str().unwrap(), "--reason", "has a cold"])
        .ok();
    assert_eq!(at_rest(&clinic, "called off"), Vec::<Value>::new());
}

#[test]
fn who_was_told_that_it_is_recorded_is_not_turned_away_by_the_program_alone() {
    let clinic = Clinic::with_chen();
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
    kill_while_booking(&clinic, &holds()[3].1, &args);
    // started again while the dead program's lease still runs: all that can be said is "recorded"
    let told = clinic.run(&args);
    assert_eq!(told.code, 6, "{told:?}");
    let id = told.json()["appointment_id"].clone();
    clinic.insert(
        CHEN,
        &json!({
            "summary": "Dentist",
            "start": {"dateTime": support::utc(1, "10:30")}, "end": {"dateTime": support::utc(1, "11:00")},
        }),
    );
    let shown = || clinic.run(&["show", id.as_str().unwrap()]).ok().json();
    eventually("the dead program's lease runs out", || {
        clinic.run(&["repair", "retry", "--all"]);
        shown()["sync_state"] != "sync_pending"
    });
    assert_eq!(shown()["sync_state"], "needs_repair", "{}", shown());
    assert_eq!(shown()["status"], "pending");
}

#[test]
fn a_cancellation_killed_anywhere_is_finished_after_a_restart() {
    let holds = [
        (
            "before the delete",
            vec![json!({"route": "events.delete", "latency_ms": 60_000, "times": 1})],
        ),
        (
            "after the delete, its answer lost",
            vec![
                json!({"route": "events.delete", "lost_answer": true, "times": 1}),
                json!({"route": "events.delete", "latency_ms": 60_000, "times": 1}),
            ],
        ),
    ];
    for (place, faults) in holds {
        let clinic = Clinic::with_chen();
        let start = day_at(1, "10:30");
        let booked = clinic
            .run(&[
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
            ])
            .ok()
            .json();
        let id = booked["appointment_id"].as_str().unwrap();
        kill_while_booking(&clinic, &faults, &["cancel", id, "--reason", "has a cold"]);
        eventually(place, || {
            clinic.run(&["repair", "retry", "--all"]);
            clinic.run(&["repair", "list"]).ok().json() == json!([])
        });
        let shown = clinic.run(&["show", id]).ok().json();
        assert_eq!(shown["status"], "cancelled", "{place}: {shown}");
        assert_eq!(at_rest(&clinic, place), Vec::<Value>::new());
    }
}

#[test]
fn the_screens_take_up_what_a_killed_program_left() {
    let clinic = Clinic::with_chen();
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
    ];
    kill_while_booking(&clinic, &holds()[4].1, &args);
    let term = support::term::Term::open(&clinic, 120, 40);
    term.wait_for("◐ 1");
    eventually("recovery by itself", || {
        clinic.run(&["repair", "list"]).ok().json() == json!([])
    });
    term.wait_for("◐ 0");
    assert_eq!(at_rest(&clinic, "screens").len(), 1);
}
