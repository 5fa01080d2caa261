//! The budget of requests a minute, with the real program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use rusqlite::Connection;
use support::term::Term;
use support::{CHEN, Clinic, day_at, now};

fn database(clinic: &Clinic) -> Connection {
    Connection::open(clinic.dir.path().join("clinic.db")).unwrap()
}

fn counted(clinic: &Clinic) -> i64 {
    let sum = "SELECT coalesce(sum(used), 0) FROM requests";
    database(clinic)
        .query_row(sum, [], |row| row.get(0))
        .unwrap()
}

fn book(clinic: &Clinic, time: &str) {
    let start = day_at(1, time);
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
    clinic.run(&args).ok();
}

#[test]
fn every_request_of_every_program_is_counted_in_the_database() {
    let clinic = Clinic::with_chen();
    clinic.forget_calls();
    book(&clinic, "09:00");
    book(&clinic, "09:30");
    clinic.run(&["slots", "--doctor", "Dr Chen"]).ok();
    let made = i64::try_from(clinic.calls().len()).unwrap();
    assert_eq!(made, 9, "{:?}", clinic.calls());
    assert_eq!(counted(&clinic), made);
}

#[test]
fn that_the_budget_is_nearly_used_up_is_told_once() {
    let clinic = Clinic::with_chen();
    clinic.configure(
        "frontdesk.toml",
        "clinic.db",
        "[sync]\nrequests_per_minute = 30",
    );
    let told = || -> Vec<String> {
        let db = database(&clinic);
        let mut rows = db
            .prepare("SELECT sentence FROM notices WHERE kind = 'quota_nearly_used'")
            .unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    // four requests each; the minute may end on the way, but a booking takes far less than a second
    for booked in 0..12 {
        if !told().is_empty() {
            break;
        }
        book(&clinic, &format!("{:02}:00", 8 + booked));
    }
    let sentences = told();
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    assert!(sentences[0].contains("four fifths of the 30 requests"));
    for time in ["21:00", "21:30", "22:00"] {
        book(&clinic, time);
    }
    assert_eq!(told().len(), 1);
}

#[test]
fn a_desk_whose_budget_is_used_up_reads_nothing_by_itself_and_does_what_people_ask_for() {
    let clinic = Clinic::with(&[CHEN], "[sync]\nrequests_per_minute = 30");
    let add = ["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN];
    clinic.run(&add).ok();
    // so many that a share of them is too many until this minute and the next are over
    let minute = now().timestamp() / 60;
    let fill = "INSERT INTO requests (account, minute, used) VALUES ('', ?1, 1000000)";
    let filled = database(&clinic).execute(fill, [minute + 1]).unwrap();
    assert_eq!(filled, 1);
    database(&clinic).execute(fill, [minute]).unwrap();
    clinic.forget_calls();
    let mut term = Term::open(&clinic, 160, 48);
    term.wait_for("/30");
    assert!(clinic.calls().is_empty(), "{:?}", clinic.calls());
    term.send("R");
    term.wait_for("what you see is live");
    let calls = clinic.calls();
    let asked = calls.iter().filter(|call| *call == "freebusy.query");
    assert_eq!(asked.count(), 1, "for the person alone: {calls:?}");
}
