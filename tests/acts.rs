//! The acts of the command line as somebody uses them who does not know the program: what it says when
//! something is in the way, and what it keeps its hands off.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use serde_json::json;
use std::process::{Output, Stdio};
use support::{CHEN, Clinic, Ran, day_at, eventually};

/// The words of a refusal.
fn message(ran: &Ran) -> String {
    ran.error()["message"].as_str().unwrap().to_owned()
}

/// Runs the program as a person does, without `--json`.
fn say(clinic: &Clinic, args: &[&str]) -> Ran {
    let output: Output = clinic.command().args(args).output().unwrap();
    output.into()
}

fn book(clinic: &Clinic, time: &str, customer: &str) -> Ran {
    let start = day_at(3, time);
    clinic.run(&[
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        customer,
        "--new",
    ])
}

#[test]
fn what_google_has_not_confirmed_is_said_with_the_reason() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "09:00", "Ann").ok().json();
    let id = booked["appointment_id"].as_str().unwrap();
    clinic.fault(&json!({"status": 401}));
    let unconfirmed = book(&clinic, "10:00", "Ben");
    assert_eq!(unconfirmed.code, 6, "{unconfirmed:?}");
    assert!(
        message(&unconfirmed).contains("needs a sign-in"),
        "{unconfirmed:?}"
    );
    let cancelled = clinic.run(&["cancel", id, "--reason", "moved away"]);
    assert_eq!(cancelled.code, 6, "{cancelled:?}");
    assert!(
        message(&cancelled).contains("needs a sign-in"),
        "{cancelled:?}"
    );
}

#[test]
fn a_visit_that_is_being_cancelled_is_not_called_confirmed() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "09:00", "Ann").ok().json();
    let id = booked["appointment_id"].as_str().unwrap();
    clinic.fault(&json!({"status": 401}));
    assert_eq!(clinic.run(&["cancel", id, "--reason", "x"]).code, 6);
    let date = day_at(3, "");
    let date = date.trim_end_matches('T');
    for line in [
        &["agenda", "--date", date][..],
        &["show", id],
        &["repair", "retry", "--all"],
    ] {
        let ran = say(&clinic, line);
        assert!(ran.out.contains("being cancelled"), "{line:?} {ran:?}");
        assert!(!ran.err.contains("not confirmed"), "{line:?} {ran:?}");
    }
}

#[test]
fn the_id_of_a_customer_is_no_name_for_a_new_one() {
    let clinic = Clinic::with_chen();
    let added = clinic
        .run(&["customer", "add", "--name", "Ann"])
        .ok()
        .json();
    let ran = book(&clinic, "09:00", added["customer_id"].as_str().unwrap());
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(message(&ran).contains("--new"), "{ran:?}");
    let people = clinic.run(&["customer", "list"]).ok().json();
    assert_eq!(people.as_array().unwrap().len(), 1, "{people}");
}

#[test]
fn who_is_looked_up_and_not_found_is_not_offered_to_be_recorded() {
    let clinic = Clinic::bare(&[]);
    let ran = clinic.run(&["customer", "show", "Nobody"]);
    assert_eq!(ran.code, 3);
    assert!(!message(&ran).contains("--new"), "{ran:?}");
}

#[test]
fn a_calendar_that_was_read_for_another_day_is_not_called_never_read() {
    let clinic = Clinic::with_chen();
    let date = day_at(9, "");
    let date = date.trim_end_matches('T');
    clinic
        .run(&["slots", "--doctor", "Dr Chen", "--date", date])
        .ok();
    let list = say(&clinic, &["doctor", "list"]).ok();
    assert!(!list.out.contains("never"), "{list:?}");
    assert!(list.out.contains("not read for today"), "{list:?}");
}

#[test]
fn the_practice_calendars_file_is_not_taken_for_a_clinic_nor_the_other_way_round() {
    let clinic = Clinic::with_chen();
    book(&clinic, "09:00", "Ann").ok();
    let wrong = clinic.configure("wrong.toml", "practice.db", "");
    let ran = clinic.run_as(&wrong, &["agenda"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(message(&ran).contains("another program"), "{ran:?}");
    // nothing was put into it, so the practice calendar still works after a restart
    let mut clinic = clinic;
    clinic.stop_google();
    clinic.start_google();
    assert_eq!(clinic.events(CHEN, false).len(), 1);
    let data = clinic.dir.path().join("clinic.db");
    let data = data.display().to_string();
    let served = clinic.run(&["practice", "serve", "--data", &data, "--calendar", "a@b"]);
    assert_eq!(served.code, 1, "{served:?}");
    assert!(message(&served).contains("another program"), "{served:?}");
}

#[test]
fn a_path_that_cannot_be_is_refused_in_words_and_not_in_numbers() {
    let clinic = Clinic::bare(&[]);
    std::fs::write(clinic.dir.path().join("file"), "x").unwrap();
    std::fs::create_dir(clinic.dir.path().join("directory")).unwrap();
    for database in ["file/clinic.db", "file/deeper/clinic.db", "directory"] {
        let config = clinic.configure("wrong.toml", database, "");
        let ran = clinic.run_as(&config, &["agenda"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        let said = message(&ran);
        assert!(said.contains("cannot be opened"), "{said}");
        assert!(!said.contains("os error"), "{said}");
    }
}

#[test]
fn a_log_that_cannot_be_written_leaves_the_answers_and_the_errors_as_they_are() {
    let clinic = Clinic::bare(&[]);
    let file = clinic.dir.path().join("state");
    std::fs::write(&file, "x").unwrap();
    let ran = clinic.run(&["show", "12345678"]);
    assert_eq!(ran.code, 3);
    assert!(message(&ran).contains("12345678"));
    let listed = say(&clinic, &["doctor", "list"]).ok();
    assert!(listed.err.contains("log"), "{listed:?}");
    assert!(!listed.err.contains("os error"), "{listed:?}");
}

#[test]
fn an_opaque_clinic_lets_out_times_and_ids_of_its_own_and_nothing_of_the_customer() {
    let clinic = Clinic::with_chen();
    let opaque = clinic.configure("opaque.toml", "clinic.db", "[event]\ndetail = \"opaque\"");
    let start = day_at(3, "09:00");
    let booked = clinic
        .run_as(
            &opaque,
            &[
                "book",
                "--doctor",
                "Dr Chen",
                "--start",
                &start,
                "--customer",
                "Ann Secret",
                "--new",
                "--mobile",
                "030 4711",
                "--born",
                "1980-05-03",
                "--reason",
                "a rash",
            ],
        )
        .ok()
        .json();
    let events = clinic.events(CHEN, true);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["summary"], "Appointment");
    assert_eq!(events[0]["visibility"], "private");
    let text = events[0].to_string();
    let customer = booked["customer_id"].as_str().unwrap();
    for secret in [
        customer,
        "Secret",
        "4711",
        "1980",
        "rash",
        "attendees",
        "description",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn of_many_desks_at_once_with_databases_of_their_own_exactly_one_gets_the_slot() {
    let clinic = Clinic::bare(&[CHEN]);
    let start = day_at(3, "09:00");
    let configs: Vec<_> = (0..5)
        .map(|n| clinic.configure(&format!("{n}.toml"), &format!("{n}.db"), ""))
        .collect();
    for config in &configs {
        clinic
            .run_as(
                config,
                &["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN],
            )
            .ok();
        clinic
            .run_as(config, &["hours", "set", "Dr Chen", "all", "00:00-24:00"])
            .ok();
    }
    let running: Vec<_> = configs
        .iter()
        .map(|config| {
            let mut command = support::program(clinic.dir.path(), config);
            command.args([
                "book",
                "--doctor",
                "Dr Chen",
                "--customer",
                "Ann",
                "--new",
                "--start",
            ]);
            command
                .arg(&start)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    let mut codes: Vec<i32> = running
        .into_iter()
        .map(|mut desk| desk.wait().unwrap().code().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 4, 4, 4, 4]);
    eventually("no claim is left", || clinic.events(CHEN, false).len() == 1);
    assert_eq!(clinic.events(CHEN, false)[0]["status"], "confirmed");
}

#[test]
fn a_key_whose_visit_was_cancelled_since_says_so_and_books_nothing() {
    let clinic = Clinic::with_chen();
    let start = day_at(3, "09:00");
    let again = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Ann",
        "--new",
        "--key",
        "k",
    ];
    let booked = clinic.run(&again).ok().json();
    let id = booked["appointment_id"].as_str().unwrap();
    clinic.run(&["cancel", id, "--reason", "ill"]).ok();
    let replayed = clinic.run(&again).ok().json();
    assert_eq!(replayed["appointment_id"], booked["appointment_id"]);
    assert_eq!(replayed["status"], "cancelled");
    let said = say(&clinic, &again).ok();
    assert!(said.out.contains("cancelled since"), "{said:?}");
    assert!(clinic.events(CHEN, false).is_empty());
}

#[test]
fn the_same_key_at_the_same_time_waits_for_the_first_and_gets_its_visit() {
    let clinic = Clinic::with_chen();
    let start = day_at(3, "09:00");
    let again = [
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        "Ann",
        "--new",
        "--key",
        "k",
    ];
    clinic.fault(&json!({"route": "events.insert", "latency_ms": 700, "times": 1}));
    let running: Vec<_> = (0..4).map(|_| clinic.spawn(&again)).collect();
    let mut visits: Vec<String> = running
        .into_iter()
        .map(|program| Ran::from(program.wait_with_output().unwrap()).ok().out)
        .collect();
    visits.dedup();
    assert_eq!(visits.len(), 1, "{visits:?}");
    assert_eq!(clinic.events(CHEN, false).len(), 1);
}
