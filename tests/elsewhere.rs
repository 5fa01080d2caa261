//! Two desks with databases of their own share a calendar; and what is found when a time that was settled
//! a moment ago is looked at again. The real program, over the real adapter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use support::{CHEN, Clinic, Ran, day_at, utc};

struct Annex<'a> {
    clinic: &'a Clinic,
    config: PathBuf,
}

/// A second desk of the same clinic with a database of its own.
fn annex<'a>(clinic: &'a Clinic, more: &str) -> Annex<'a> {
    let config = clinic.configure("annex.toml", "annex.db", more);
    let annex = Annex { clinic, config };
    let add = ["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN];
    annex.run(&add).ok();
    let hours = ["hours", "set", "Dr Chen", "mon-sun", "00:00-24:00"];
    annex.run(&hours).ok();
    annex
}

impl Annex<'_> {
    fn run(&self, args: &[&str]) -> Ran {
        self.clinic.run_as(&self.config, args)
    }

    fn book(&self, time: &str, name: &str) -> Ran {
        book(self.clinic, &self.config, time, name)
    }
}

fn book(clinic: &Clinic, config: &Path, time: &str, name: &str) -> Ran {
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
    clinic.run_as(config, &args)
}

fn agenda(run: impl Fn(&[&str]) -> Ran) -> Vec<Value> {
    let date = &day_at(1, "00:00")[..10];
    let visits = run(&["agenda", "--date", date]).ok().json();
    visits.as_array().unwrap().clone()
}

fn cause_of_repair(clinic: &Clinic) -> String {
    let items = clinic.run(&["repair", "list"]).ok().json();
    items[0]["cause"].as_str().unwrap_or_default().to_owned()
}

fn look_again(clinic: &Clinic) {
    let ran = clinic.run(&["repair", "retry", "--all"]);
    assert!([0, 5, 6].contains(&ran.code), "{ran:?}");
}

#[test]
fn a_desk_takes_over_what_another_has_booked_and_follows_it() {
    let clinic = Clinic::with_chen();
    let annex = annex(&clinic, "");
    let theirs = annex.book("10:30", "Chidi Okafor").ok().json();
    let refused = book(&clinic, &clinic.config(), "10:45", "Maria Silva");
    assert_eq!(refused.code, 4, "{refused:?}");
    // the loser knows the visit now, by the same id and with the name that the title says
    let known = agenda(|args| clinic.run(args));
    assert_eq!(known.len(), 1, "{known:?}");
    for key in [
        "appointment_id",
        "google_event_id",
        "customer_id",
        "customer_name",
        "start",
        "end",
    ] {
        assert_eq!(known[0][key], theirs[key], "{key}");
    }
    assert_eq!(known[0]["source"], "adopted");
    // it refuses the time by itself now, without a call for it
    clinic.forget_calls();
    let again = book(&clinic, &clinic.config(), "10:15", "Maria Silva");
    assert_eq!(again.code, 4, "{again:?}");
    assert!(
        again.error()["message"]
            .as_str()
            .unwrap()
            .contains("Chidi Okafor")
    );
    // called off over there, the time is free here as well
    let id = theirs["appointment_id"].as_str().unwrap();
    annex.run(&["cancel", id, "--reason", "ill"]).ok();
    book(&clinic, &clinic.config(), "10:15", "Maria Silva").ok();
    let shown = clinic.run(&["show", id]).ok().json();
    assert_eq!(shown["status"], "cancelled");
    assert_eq!(clinic.run(&["repair", "list"]).ok().json(), json!([]));
}

#[test]
fn a_visit_of_another_desk_is_moved_and_that_desk_follows() {
    let clinic = Clinic::with_chen();
    let annex = annex(&clinic, "");
    let theirs = annex.book("10:30", "Chidi Okafor").ok().json();
    let id = theirs["appointment_id"].as_str().unwrap();
    assert_eq!(
        book(&clinic, &clinic.config(), "10:45", "Maria Silva").code,
        4
    );
    clinic
        .run(&["move", id, "--start", &day_at(1, "16:00")])
        .ok();
    annex.run(&["repair", "retry", "--all"]).ok();
    let there = annex.run(&["show", id]).ok().json();
    assert_eq!(there["start"], utc(1, "16:00"));
    assert_eq!(there["sync_state"], "synced");
    let events = clinic.events(CHEN, false);
    assert_eq!(events.len(), 1, "{events:?}");
}

#[test]
fn where_nobody_is_named_only_the_time_is_taken_over() {
    let opaque = "[event]\ndetail = \"opaque\"\n";
    let clinic = Clinic::with_chen();
    let annex = annex(&clinic, opaque);
    annex.book("10:30", "Chidi Okafor").ok();
    assert_eq!(
        book(&clinic, &clinic.config(), "10:45", "Maria Silva").code,
        4
    );
    let known = agenda(|args| clinic.run(args));
    assert_eq!(known[0]["customer_name"], "Booked at another desk");
    let whole = serde_json::to_string(&clinic.events(CHEN, false)).unwrap();
    assert!(!whole.contains("Chidi"), "{whole}");
}

#[test]
fn an_entry_that_a_person_put_into_a_time_just_booked_is_found_within_one_look() {
    let clinic = Clinic::with_chen();
    book(&clinic, &clinic.config(), "10:30", "Maria Silva").ok();
    clinic.insert(
        CHEN,
        &json!({
            "summary": "Dentist",
            "start": {"dateTime": utc(1, "10:45")}, "end": {"dateTime": utc(1, "11:30")},
        }),
    );
    look_again(&clinic);
    assert_eq!(cause_of_repair(&clinic), "conflict");
    assert_eq!(clinic.events(CHEN, false).len(), 2, "nothing is deleted");
}

#[test]
fn an_event_deleted_or_dragged_right_after_the_booking_is_found() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, &clinic.config(), "10:30", "Maria Silva")
        .ok()
        .json();
    let event = booked["google_event_id"].as_str().unwrap();
    look_again(&clinic);
    assert_eq!(
        clinic.run(&["repair", "list"]).ok().json(),
        json!([]),
        "all in order"
    );
    clinic.patch(
        CHEN,
        event,
        &json!({"start": {"dateTime": utc(1, "12:00")}, "end": {"dateTime": utc(1, "12:30")}}),
    );
    look_again(&clinic);
    // Google is the truth about the time: the visit follows, and where it fits nobody has to decide
    let id = booked["appointment_id"].as_str().unwrap();
    let now = clinic.run(&["show", id]).ok().json();
    assert_eq!(now["start"], utc(1, "12:00"));
    assert_eq!(clinic.run(&["repair", "list"]).ok().json(), json!([]));

    let clinic = Clinic::with_chen();
    let booked = book(&clinic, &clinic.config(), "10:30", "Maria Silva")
        .ok()
        .json();
    clinic.delete(CHEN, booked["google_event_id"].as_str().unwrap());
    look_again(&clinic);
    assert_eq!(cause_of_repair(&clinic), "gone_from_google");
    // a person decides that it is put back
    let id = booked["appointment_id"].as_str().unwrap();
    clinic.run(&["repair", "recreate", id]).ok();
    assert_eq!(clinic.events(CHEN, false).len(), 1);
}

#[test]
fn a_claim_that_lands_late_goes_with_the_visit_that_was_called_off() {
    let clinic = Clinic::with_chen();
    // the insert is carried out after its desk has given up on it
    clinic.fault(&json!({"route": "events.insert", "late_ms": 200, "times": 1}));
    clinic.fault(&json!({"route": "events.insert", "status": 503}));
    let pending = book(&clinic, &clinic.config(), "10:30", "Maria Silva");
    assert_eq!(pending.code, 6, "{pending:?}");
    support::eventually("the claim has landed", || {
        clinic.events(CHEN, false).len() == 1
    });
    clinic.clear_faults();
    let id = pending.json()["appointment_id"]
        .as_str()
        .unwrap()
        .to_owned();
    clinic
        .run(&["cancel", &id, "--reason", "called again"])
        .ok();
    assert!(clinic.events(CHEN, false).is_empty());
    look_again(&clinic);
    assert_eq!(clinic.run(&["repair", "list"]).ok().json(), json!([]));
}

#[test]
fn a_hold_that_a_dead_desk_left_is_shown_and_taken_away_by_a_person() {
    let clinic = Clinic::with_chen();
    let annex = annex(&clinic, "");
    let theirs = annex.book("10:30", "Chidi Okafor").ok().json();
    let id = theirs["appointment_id"].as_str().unwrap();
    // killed once the new time is held, before the visit is moved
    clinic.fault(&json!({"route": "events.patch", "latency_ms": 1, "times": 1}));
    clinic.fault(&json!({"route": "events.patch", "latency_ms": 60_000, "times": 1}));
    let start = day_at(1, "14:00");
    let mut dying = support::program(clinic.dir.path(), &annex.config)
        .args(["move", id, "--start", &start])
        .spawn()
        .unwrap();
    clinic.wait_for_faults();
    dying.kill().unwrap();
    dying.wait().unwrap();
    clinic.clear_faults();
    assert_eq!(
        clinic.events(CHEN, false).len(),
        2,
        "the visit and the hold"
    );
    clinic.let_pass(121);
    let refused = book(&clinic, &clinic.config(), "14:15", "Maria Silva");
    assert_eq!(refused.code, 4, "{refused:?}");
    assert_eq!(cause_of_repair(&clinic), "hold_left");
    // not with all the others: a person chooses
    look_again(&clinic);
    assert_eq!(cause_of_repair(&clinic), "hold_left");
    clinic.run(&["repair", "retry", id]).ok();
    assert_eq!(clinic.run(&["repair", "list"]).ok().json(), json!([]));
    let events = clinic.events(CHEN, false);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["id"], theirs["google_event_id"]);
    assert_eq!(events[0]["extendedProperties"]["private"]["fdRev"], "1");
    book(&clinic, &clinic.config(), "14:15", "Maria Silva").ok();
    // the desk comes back, and can move nothing any more
    support::eventually("the dead program's lease runs out", || {
        annex.run(&["repair", "retry", "--all"]);
        let items = annex.run(&["repair", "list"]).ok().json();
        items[0]["cause"] == "changed_in_google"
    });
    let at = clinic.events(CHEN, false);
    assert_eq!(at.len(), 2, "{at:?}");
}
