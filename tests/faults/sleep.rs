//! A computer that is put to sleep in the middle of a booking, and wakes when its claim's lease is over.

use super::{answers, booking, other_desk, ours, repairs, slot, spawn_as, the_visit};
use crate::support::{Clinic, Ran, day_at, eventually};
use serde_json::json;
use std::process::{Child, Command};

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// A desk that sleeps between its list, which showed nobody else, and its confirm.
fn asleep(clinic: &Clinic, args: &[&str]) -> Child {
    clinic.fault(&json!({"route": "events.list", "hold": true, "times": 1}));
    let desk = spawn_as(clinic, &clinic.config(), args);
    clinic.wait_for_faults();
    signal(&desk, "STOP");
    clinic.clear_faults();
    eventually("the list is answered to a program that sleeps", || {
        answers(clinic, "events.list") == [json!(200)]
    });
    assert_eq!(ours(clinic)[0]["status"], "tentative");
    desk
}

#[test]
fn who_wakes_after_its_lease_and_finds_the_slot_taken_says_so_and_confirms_nothing() {
    let clinic = Clinic::with_chen();
    let other = other_desk(&clinic);
    let start = day_at(1, "10:30");
    let sleeper = asleep(&clinic, &booking(&start, "Maria Silva"));
    clinic.let_pass(121);
    let booked = clinic.run_as(&other, &booking(&start, "Bo Lindqvist"));
    let booked = booked.ok().json();
    assert_eq!(booked["status"], "confirmed");
    signal(&sleeper, "CONT");
    let ran = Ran::from(sleeper.wait_with_output().unwrap());
    assert_eq!(ran.code, 4, "{ran:?}");
    let words = format!("{} is taken: another visit is booked there.", slot("10:30"));
    let error = ran.error();
    assert_eq!(error["code"], "not_available");
    assert_eq!(error["message"], words);
    assert_eq!(error["nearest"].as_array().unwrap().len(), 3, "{error}");
    // its stale confirm reached Google, and changed nothing
    let confirms = answers(&clinic, "events.patch");
    assert_eq!(
        (confirms.len(), &confirms[0]),
        (2, &json!(200)),
        "{confirms:?}"
    );
    assert_ne!(confirms[1], json!(200), "{confirms:?}");
    let events = ours(&clinic);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["id"], booked["google_event_id"]);
    assert_eq!(events[0]["status"], "confirmed");
    assert_eq!(repairs(&clinic), json!([]));
    // nothing is left of it here: what this desk knows is the other's visit
    let known = the_visit_or_none(&clinic);
    let known = known.as_array().unwrap();
    assert_eq!(known.len(), 1, "{known:?}");
    assert_eq!(known[0]["source"], "adopted");
    assert_eq!(known[0]["google_event_id"], booked["google_event_id"]);
}

fn the_visit_or_none(clinic: &Clinic) -> serde_json::Value {
    let date = day_at(1, "");
    let date = date.trim_end_matches('T');
    let visits = clinic.run(&["agenda", "--date", date]).ok().json();
    let takes_time = |v: &&serde_json::Value| v["status"] != "refused";
    visits
        .as_array()
        .unwrap()
        .iter()
        .filter(takes_time)
        .cloned()
        .collect()
}

#[test]
fn who_wakes_after_its_lease_with_the_slot_still_free_books_it_once() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let sleeper = asleep(&clinic, &booking(&start, "Maria Silva"));
    clinic.let_pass(86_400);
    signal(&sleeper, "CONT");
    let ran = Ran::from(sleeper.wait_with_output().unwrap()).ok();
    assert_eq!(ran.json()["status"], "confirmed");
    assert_eq!(ours(&clinic).len(), 1);
    assert_eq!(ours(&clinic)[0]["status"], "confirmed");
}

#[test]
fn who_sleeps_while_another_program_finishes_its_booking_tells_how_that_ended() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let sleeper = asleep(&clinic, &booking(&start, "Maria Silva"));
    // another program on the same database takes the booking up once the sleeper's lease is over
    eventually("the sleeper's lease runs out", || {
        clinic.run(&["repair", "retry", "--all"]);
        repairs(&clinic) == json!([])
    });
    let finished = the_visit(&clinic, &clinic.config());
    assert_eq!(finished["status"], "confirmed");
    signal(&sleeper, "CONT");
    let ran = Ran::from(sleeper.wait_with_output().unwrap()).ok();
    assert_eq!(ran.json(), finished);
    assert_eq!(ran.err, "");
    assert_eq!(ours(&clinic).len(), 1);
}
