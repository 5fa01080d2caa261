//! Why a time cannot be booked, from outside: the program is asked on the command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use chrono::DateTime;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use support::{CHEN, Clinic, Ran, day_at};

/// Seconds since 1970 of a time as `day_at` writes it.
fn seconds(time: &str) -> i64 {
    frontdesk::domain::dates::parse_moment(time, chrono_tz::Europe::Berlin)
        .unwrap()
        .timestamp()
}

fn why(clinic: &Clinic, time: &str, more: &[&str]) -> Value {
    let start = day_at(3, time);
    let line = [&["why", "--doctor", "Dr Chen", "--start", &start], more].concat();
    clinic.run(&line).ok().json()
}

fn kinds(told: &Value) -> Vec<&str> {
    let reasons = told["reasons"].as_array().unwrap();
    reasons
        .iter()
        .map(|r| r["kind"].as_str().unwrap())
        .collect()
}

fn first(told: &Value) -> &str {
    told["reasons"][0]["sentence"].as_str().unwrap()
}

/// Somebody's own entry in the calendar.
fn entry(clinic: &Clinic, from: &str, to: &str) {
    let at = |time| {
        DateTime::from_timestamp(seconds(time), 0)
            .unwrap()
            .to_rfc3339()
    };
    let event = json!({
        "summary": "Lunch",
        "start": { "dateTime": at(from) },
        "end": { "dateTime": at(to) },
    });
    clinic.insert(CHEN, &event);
}

/// What a read of the calendar's events has put into the mirror.
fn known(clinic: &Clinic, reason: &str, from: &str, to: &str) {
    let mirror = Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
    mirror
        .execute(
            "INSERT INTO calendar_events (calendar_id, event_id, starts_at, ends_at, all_day, reason, title)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, 'Lunch')",
            params![CHEN, format!("e{from}"), seconds(from), seconds(to), reason],
        )
        .unwrap();
}

#[test]
fn each_time_says_what_stands_in_its_way() {
    let clinic = Clinic::with_chen();
    clinic
        .run(&["hours", "set", "Dr Chen", "all", "08:00-17:00"])
        .ok();
    clinic
        .run(&[
            "service",
            "add",
            "--name",
            "Check-up",
            "--minutes",
            "30",
            "--buffer-after",
            "10",
        ])
        .ok();
    let start = day_at(3, "09:00");
    clinic
        .run(&[
            "book",
            "--doctor",
            "Dr Chen",
            "--start",
            &start,
            "--customer",
            "Maria Silva",
            "--new",
            "--service",
            "Check-up",
        ])
        .ok();
    assert_eq!(
        why(&clinic, "10:00", &[]),
        json!({ "free": true, "reasons": [] })
    );
    let visit = why(&clinic, "09:15", &[]);
    assert_eq!(kinds(&visit), ["visit"]);
    assert_eq!(first(&visit), "Maria Silva is booked 09:00–09:30.");
    assert_eq!(visit["free"], false);
    let buffer = why(&clinic, "09:30", &["--minutes", "15"]);
    assert_eq!(
        first(&buffer),
        "10 minutes are kept free after the visit of Maria Silva (09:00–09:30)."
    );
    let own = why(&clinic, "08:25", &["--service", "Check-up"]);
    assert_eq!(kinds(&own), ["own_buffer"]);
    let long = why(&clinic, "16:45", &["--minutes", "30"]);
    assert_eq!(kinds(&long), ["too_long"]);
    let late = why(&clinic, "18:00", &[]);
    assert_eq!(kinds(&late), ["outside_hours"]);
    assert!(first(&late).contains("08:00–17:00 on this day"), "{late}");
    // slot search says the same
    let date = day_at(3, "");
    let slots = clinic
        .run(&[
            "slots",
            "--doctor",
            "Dr Chen",
            "--date",
            date.trim_end_matches('T'),
        ])
        .ok()
        .json();
    let starts: Vec<i64> = slots
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| seconds(slot["start"].as_str().unwrap()))
        .collect();
    for time in ["08:30", "09:00", "09:30", "10:00", "16:30", "17:00"] {
        let free = why(&clinic, time, &[])["free"].as_bool().unwrap();
        assert_eq!(free, starts.contains(&seconds(&day_at(3, time))), "{time}");
    }
}

#[test]
fn an_entry_is_named_once_it_is_known_and_its_title_only_where_the_clinic_shows_titles() {
    let clinic = Clinic::with_chen();
    let (from, to) = (day_at(3, "12:00"), day_at(3, "12:45"));
    entry(&clinic, &from, &to);
    let unnamed = why(&clinic, "12:15", &[]);
    assert_eq!(kinds(&unnamed), ["busy"], "{unnamed}");
    known(&clinic, "private", &from, &to);
    let named = why(&clinic, "12:15", &[]);
    assert_eq!(kinds(&named), ["event"]);
    assert_eq!(
        first(&named),
        "Taken in the calendar of Dr Chen by a private entry, 12:00–12:45."
    );
    let showing = clinic.configure("titles.toml", "clinic.db", "[sync]\nshow_titles = true");
    let start = day_at(3, "12:15");
    let line = ["why", "--doctor", "Dr Chen", "--start", &start];
    let titled = clinic.run_as(&showing, &line).ok().json();
    assert_eq!(
        first(&titled),
        "Taken in the calendar of Dr Chen, 12:00–12:45: Lunch."
    );
    assert_eq!(
        seconds(titled["reasons"][0]["start"].as_str().unwrap()),
        seconds(&from)
    );
    // what the calendar no longer counts as taken is not in the way, whatever is still known of it
    known(
        &clinic,
        "out_of_office",
        &day_at(3, "15:00"),
        &day_at(3, "16:00"),
    );
    assert_eq!(why(&clinic, "15:15", &[])["free"], true);
}

#[test]
fn a_calendar_that_cannot_be_read_is_a_reason_and_no_failure() {
    let clinic = Clinic::with_chen();
    clinic.fault(&json!({"status": 500}));
    let told = why(&clinic, "10:00", &[]);
    assert_eq!(kinds(&told), ["unread"], "{told}");
    let said = first(&told);
    assert!(
        said.starts_with(&format!(
            "The calendar of Dr Chen ({CHEN}) could not be read since "
        )),
        "{said}"
    );
    let ran: Ran = clinic
        .command()
        .args(["why", "--doctor", "Dr Chen", "--start", &day_at(3, "10:00")])
        .output()
        .unwrap()
        .into();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("could not be read since"), "{ran:?}");
}

#[test]
fn a_refused_move_says_the_same_words() {
    let clinic = Clinic::with_chen();
    let book = |time: &str, who: &str| {
        let start = day_at(3, time);
        let booked = clinic
            .run(&[
                "book",
                "--doctor",
                "Dr Chen",
                "--start",
                &start,
                "--customer",
                who,
                "--new",
                "--minutes",
                "30",
            ])
            .ok()
            .json();
        booked["appointment_id"].as_str().unwrap().to_owned()
    };
    book("09:00", "Maria Silva");
    let moved = book("10:00", "Bo Lindqvist");
    let refused = clinic.run(&["move", &moved, "--start", &day_at(3, "09:15")]);
    assert_eq!(refused.code, 4, "{refused:?}");
    let message = refused.error()["message"].as_str().unwrap().to_owned();
    let same = why(&clinic, "09:15", &["--minutes", "30"]);
    assert!(message.ends_with(first(&same)), "{message} {same}");
    // its own time is not in its way
    clinic
        .run(&["move", &moved, "--start", &day_at(3, "10:15")])
        .ok();
}
