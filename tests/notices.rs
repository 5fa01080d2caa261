//! The whole program: what happened without the desk is told in the inbox.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::term::Term;
use support::{CHEN, Clinic, Ran, day_at, utc};

fn book(clinic: &Clinic, customer: &str) -> Ran {
    let start = day_at(1, "10:30");
    clinic.run(&[
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        customer,
        "--new",
        "--minutes",
        "30",
        "--reason",
        "a secret complaint",
    ])
}

fn unread(clinic: &Clinic) -> Vec<Value> {
    let list = clinic.run(&["notices", "list"]).ok().json();
    list.as_array().unwrap().clone()
}

#[test]
fn how_a_booking_ended_that_had_to_wait_is_told_until_it_is_read() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    let recorded = book(&clinic, "Maria Silva");
    assert_eq!(recorded.code, 6, "{recorded:?}");
    let visit = recorded.json();
    assert_eq!(unread(&clinic), [] as [Value; 0], "it has not ended");
    clinic.start_google();
    clinic.run(&["repair", "retry", "--all"]).ok();

    let told = unread(&clinic);
    assert_eq!(told.len(), 1, "{told:?}");
    let notice = &told[0];
    assert_eq!(notice["kind"], "booking_ended");
    assert_eq!(notice["appointment_id"], visit["appointment_id"]);
    assert_eq!(notice["doctor_id"], visit["doctor_id"]);
    assert_eq!(notice["calendar"], CHEN);
    assert_eq!(notice["read"], false);
    let sentence = notice["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("Maria Silva's visit with Dr Chen on ")
            && sentence.ends_with(" at 10:30 is confirmed now."),
        "{sentence}"
    );

    let number = notice["number"].to_string();
    let read = clinic.run(&["notices", "read", &number]).ok().json();
    assert_eq!(read, json!({"read": 1}));
    assert_eq!(unread(&clinic), [] as [Value; 0]);
    let all = clinic.run(&["notices", "list", "--all"]).ok().json();
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["read"], true);
    // and not told a second time
    clinic.run(&["repair", "retry", "--all"]).ok();
    assert_eq!(unread(&clinic), [] as [Value; 0]);
    let nothing = clinic.run(&["notices", "read", "4711"]);
    assert_eq!(nothing.code, 3, "{nothing:?}");
}

#[test]
fn a_booking_that_lost_its_slot_while_google_was_away_is_told_with_what_is_to_be_done() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    assert_eq!(book(&clinic, "Maria Silva").code, 6);
    clinic.start_google();
    let theirs = json!({
        "summary": "Dentist",
        "start": {"dateTime": utc(1, "10:30")}, "end": {"dateTime": utc(1, "11:00")},
    });
    clinic.insert(CHEN, &theirs);
    let retried = clinic.run(&["repair", "retry", "--all"]);
    assert_eq!(retried.code, 5, "{retried:?}");
    let told = unread(&clinic);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["kind"], "booking_ended");
    let sentence = told[0]["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("10:30 lost its slot. A person must choose: "),
        "{sentence}"
    );
    assert!(!sentence.contains("secret"), "{sentence}");
}

#[test]
fn what_a_person_does_to_a_visit_in_google_is_told() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "Maria Silva").ok().json();
    assert_eq!(unread(&clinic), [] as [Value; 0]);
    clinic.delete(CHEN, visit["google_event_id"].as_str().unwrap());
    // what was settled a moment ago is looked at again
    clinic.run(&["repair", "retry", "--all"]);
    let told = unread(&clinic);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["kind"], "deleted_in_google");
    assert_eq!(told[0]["appointment_id"], visit["appointment_id"]);
    let read = clinic.run(&["notices", "read", "--all"]).ok().json();
    assert_eq!(read, json!({"read": 1}));
}

#[test]
fn an_open_desk_is_told_as_soon_as_it_happens_and_reads_it_there() {
    let mut clinic = Clinic::with_chen();
    clinic.stop_google();
    assert_eq!(book(&clinic, "Maria Silva").code, 6);
    clinic.start_google();
    // it takes up by itself what is due
    let mut term = Term::open(&clinic, 160, 48);
    term.wait_for("✉ 1 unread");
    term.send("i");
    term.wait_for("Inbox: 1 unread");
    term.wait_for("is confirmed now.");
    term.send("r");
    term.wait_for("Inbox: all read");
    term.send("\r");
    term.wait_gone("Inbox");
    term.wait_gone("✉");
    // Enter has gone to the visit's day
    term.wait_for("tomorrow, ");
    assert_eq!(unread(&clinic), [] as [Value; 0]);
}
