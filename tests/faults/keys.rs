//! The same request again under its key, whatever has happened since.

use super::{book, booking, ours, slot, the_visit, told};
use crate::support::{CHEN, Clinic, Ran, day_at, utc};
use rusqlite::Connection;
use serde_json::{Value, json};

fn keyed<'a>(start: &'a str, customer: &'a str, key: &'a str) -> Vec<&'a str> {
    let mut args = booking(start, customer);
    args.extend(["--key", key]);
    args
}

fn people(clinic: &Clinic) -> usize {
    let people = clinic.run(&["customer", "list"]).ok().json();
    people.as_array().unwrap().len()
}

const REUSED: &str = "This key was used before for another booking, so nothing was booked: use a new key, or send \
                      exactly what was sent the first time.";

fn is_reused(ran: &Ran) {
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(told(ran), ("usage".to_owned(), REUSED.to_owned()));
}

#[test]
fn a_key_with_any_other_parameter_is_refused_and_changes_nothing() {
    let clinic = Clinic::with_chen();
    let add = ["doctor", "add", "--name", "Dr Khan", "--calendar", CHEN];
    clinic.run(&add).ok();
    clinic
        .run(&["hours", "set", "Dr Khan", "all", "00:00-24:00"])
        .ok();
    let (start, other) = (day_at(1, "10:30"), day_at(1, "15:00"));
    let first = keyed(&start, "Maria Silva", "k");
    let booked = clinic.run(&first).ok().json();
    let with = |at: usize, value: &'static str| {
        let mut args = first.clone();
        args[at] = value;
        args
    };
    let mut reason = first.clone();
    reason.extend(["--reason", "a cough"]);
    let mut born = first.clone();
    born.extend(["--born", "1987-03-14"]);
    for args in [
        with(2, "Dr Khan"),
        with(6, "Bo Lindqvist"),
        with(9, "45"),
        keyed(&other, "Maria Silva", "k"),
        reason,
        born,
    ] {
        is_reused(&clinic.run(&args));
    }
    assert_eq!((people(&clinic), ours(&clinic).len()), (1, 1));
    // the same moment, written otherwise, is the same
    let z = utc(1, "10:30");
    let again = clinic.run(&keyed(&z, "Maria Silva", "k")).ok().json();
    assert_eq!(again, booked);
}

#[test]
fn a_key_is_answered_whatever_the_rules_say_by_now() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let args = keyed(&start, "Maria Silva", "k");
    let booked = clinic.run(&args).ok().json();
    clinic
        .run(&["hours", "set", "Dr Chen", "all", "closed"])
        .ok();
    assert_eq!(clinic.run(&args).ok().json(), booked);
    // a new key is judged by the new rule
    assert_eq!(clinic.run(&keyed(&start, "Maria Silva", "k2")).code, 5);
    assert_eq!((people(&clinic), ours(&clinic).len()), (1, 1));
}

#[test]
fn a_key_whose_booking_google_refused_says_so_again_and_books_nothing() {
    let clinic = Clinic::with_chen();
    let dentist = clinic.insert(
        CHEN,
        &json!({"summary": "Dentist",
            "start": {"dateTime": utc(1, "10:00")}, "end": {"dateTime": utc(1, "11:00")}}),
    );
    let start = day_at(1, "10:30");
    let args = keyed(&start, "Maria Silva", "k");
    let ran = clinic.run(&args);
    assert_eq!(ran.code, 4, "{ran:?}");
    let words = format!(
        "{} is taken: the doctor's calendar has an entry there.",
        slot("10:30")
    );
    assert_eq!(told(&ran), ("not_available".to_owned(), words));
    // also when the time is free by now: the caller was told that it is not booked
    let event = dentist["id"].as_str().unwrap();
    clinic.patch(CHEN, event, &json!({"transparency": "transparent"}));
    let again = clinic.run(&args);
    assert_eq!(again.code, 4, "{again:?}");
    let words = "The booking that was first made under this key was refused, and nothing stands. Book again \
                 with a new key.";
    assert_eq!(told(&again), ("not_available".to_owned(), words.to_owned()));
    assert!(ours(&clinic).is_empty());
    assert_eq!(people(&clinic), 1, "the person is recorded once");
}

#[test]
fn a_booking_that_was_refused_before_it_was_recorded_leaves_its_key_free() {
    let clinic = Clinic::with_chen();
    let first = book(&clinic, "10:30", "Bo Lindqvist").ok().json();
    let start = day_at(1, "10:30");
    let args = keyed(&start, "Maria Silva", "k");
    let ran = clinic.run(&args);
    assert_eq!(ran.code, 4, "{ran:?}");
    let words = "Dr Chen, tomorrow 10:30 is not available. Bo Lindqvist is booked 10:30–11:00.";
    assert_eq!(told(&ran), ("not_available".to_owned(), words.to_owned()));
    assert_eq!(people(&clinic), 1, "nobody was recorded for nothing");
    let id = first["appointment_id"].as_str().unwrap();
    clinic.run(&["cancel", id, "--reason", "ill"]).ok();
    assert_eq!(clinic.run(&args).ok().json()["status"], "confirmed");
}

#[test]
fn of_many_programs_with_one_key_at_the_same_moment_one_books_and_all_answer_alike() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let args = keyed(&start, "Maria Silva", "k");
    clinic.fault(&json!({"route": "events.insert", "hold": true, "times": 1}));
    let running: Vec<_> = (0..4).map(|_| clinic.spawn(&args)).collect();
    clinic.wait_for_faults();
    clinic.clear_faults();
    let mut visits: Vec<Value> = running
        .into_iter()
        .map(|program| Ran::from(program.wait_with_output().unwrap()).ok().json())
        .collect();
    visits.dedup();
    assert_eq!(visits, [the_visit(&clinic, &clinic.config())]);
    assert_eq!((people(&clinic), ours(&clinic).len()), (1, 1));
}

#[test]
fn a_key_is_remembered_for_seven_days_and_no_longer() {
    let clinic = Clinic::with_chen();
    let (start, later) = (day_at(1, "10:30"), day_at(1, "15:00"));
    let args = keyed(&start, "Maria Silva", "k");
    let booked = clinic.run(&args).ok().json();
    // a week passes for the key, as far as the database can tell
    let age = |seconds: i64| {
        let db = Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
        let sql = "UPDATE idempotency_keys SET created_at = created_at - ?1";
        assert_eq!(db.execute(sql, [seconds]).unwrap(), 1);
    };
    age(7 * 86_400 - 60);
    assert_eq!(clinic.run(&args).ok().json(), booked);
    is_reused(&clinic.run(&keyed(&later, "Maria Silva", "k")));
    age(61);
    let fresh = clinic.run(&keyed(&later, "Bo Lindqvist", "k")).ok().json();
    assert_ne!(fresh["appointment_id"], booked["appointment_id"]);
    assert_eq!(ours(&clinic).len(), 2);
}
