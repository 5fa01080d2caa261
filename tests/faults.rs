//! Faults, caused and not imagined: the whole program against the practice calendar, and the sentence that
//! the receptionist gets, in full: what happened, what it means for the person in front, what to do.
//!
//! | fault | the sentence | what is left in calendar and database |
//! |---|---|---|
//! | disk full | `faults::database` | here, and `store::database` (the intent as a whole or not at all) |
//! | `SQLITE_BUSY` | `faults::database` | here, and `store::database` |
//! | read-only database | `faults::database` | here, and `sqlite::open` |
//! | truncated JSON, HTML 503, silence | `faults::google` | here, `booking` (waited out), `crash` |
//! | 403 rateLimitExceeded, 429 with Retry-After | `faults::google` | here, `google_faults` (every form of the wait) |
//! | 400, 403 without rights, a dead token | `faults::google` | here, `google::error` |
//! | 409 of a stranger's event | `faults::google` | here |
//! | 409 of our own event | - (nobody hears of it) | `booking` (a lost answer makes one event) |
//! | 412 and 410 while booking | `faults::google` | here |
//! | 412 and 410 while cancelling | `booking`, `faults::google` | the same |
//! | freeBusy 200 with errors of single calendars | `faults::google` | here, `booking` (not shared) |
//! | a clock one day off, both ways | `faults::clock` | here, `store::operations` (set right again) |
//! | a suspend in the middle of a lease | `faults::sleep` | here |
//! | a program killed at any step | - | `crash` |
//! | the same request twice (`--key`, `cancel`) | `faults::keys` | here, `booking`, `acts`, `crash` |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/database.rs"]
mod database;
#[path = "faults/google.rs"]
mod google;
#[path = "faults/keys.rs"]
mod keys;
#[path = "faults/sleep.rs"]
mod sleep;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use support::{CHEN, Clinic, Ran, day_at};

/// What books half an hour with Dr Chen for a new person.
fn booking<'a>(start: &'a str, customer: &'a str) -> Vec<&'a str> {
    vec![
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        start,
        "--customer",
        customer,
        "--new",
        "--minutes",
        "30",
    ]
}

/// Books tomorrow at that time.
fn book(clinic: &Clinic, time: &str, customer: &str) -> Ran {
    clinic.run(&booking(&day_at(1, time), customer))
}

/// A clinic whose desks wait for Google for two seconds only.
fn impatient() -> Clinic {
    let clinic = Clinic::with_chen();
    clinic.configure("frontdesk.toml", "clinic.db", "timeout_seconds = 2");
    clinic
}

/// Another desk of the clinic, with a database of its own.
fn other_desk(clinic: &Clinic) -> PathBuf {
    let other = clinic.configure("other.toml", "other.db", "");
    let add = ["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN];
    clinic.run_as(&other, &add).ok();
    let hours = ["hours", "set", "Dr Chen", "all", "00:00-24:00"];
    clinic.run_as(&other, &hours).ok();
    other
}

/// Code and words of a refusal. Ids are cut out: they differ from run to run.
fn told(ran: &Ran) -> (String, String) {
    let error = ran.error();
    let code = error["code"].as_str().unwrap().to_owned();
    (code, without_id(error["message"].as_str().unwrap()))
}

/// The words without the short id that some end with.
fn without_id(message: &str) -> String {
    match message.split_once("frontdesk repair retry ") {
        Some((before, id)) => {
            assert_eq!(id.trim_end_matches('.').len(), 8, "{message}");
            format!("{before}frontdesk repair retry ID")
        }
        None => message.to_owned(),
    }
}

/// “Dr Chen, tomorrow 10:30”, as the program says it.
fn slot(time: &str) -> String {
    format!("Dr Chen, tomorrow {time}")
}

/// The events of ours in Dr Chen's calendar.
fn ours(clinic: &Clinic) -> Vec<Value> {
    let ours = |e: &Value| e["extendedProperties"]["private"].is_object();
    let events = clinic.events(CHEN, false).into_iter();
    events.filter(ours).collect()
}

/// The one visit of tomorrow, as the database has it.
fn the_visit(clinic: &Clinic, config: &Path) -> Value {
    let date = day_at(1, "");
    let date = date.trim_end_matches('T');
    let visits = clinic
        .run_as(config, &["agenda", "--date", date])
        .ok()
        .json();
    assert_eq!(visits.as_array().unwrap().len(), 1, "{visits}");
    visits[0].clone()
}

/// Starts the program and holds its first call of that route back: it has left the program, and is carried
/// out when the faults are cleared.
fn hold(clinic: &Clinic, config: &Path, route: &str, args: &[&str]) -> Child {
    clinic.fault(&json!({"route": route, "hold": true, "times": 1}));
    let child = spawn_as(clinic, config, args);
    clinic.wait_for_faults();
    child
}

/// Lets go of what is held back, and waits for the end of the program.
fn let_go(clinic: &Clinic, held: Child) -> Ran {
    clinic.clear_faults();
    held.wait_with_output().expect("the program ends").into()
}

/// How the calls of that route were answered, in order.
fn answers(clinic: &Clinic, route: &str) -> Vec<Value> {
    let log: Value = serde_json::from_str(&clinic.http("GET", "/practice/log", "").1).unwrap();
    let log = log["requests"].as_array().unwrap().iter();
    log.filter(|entry| entry["route"] == route)
        .map(|entry| entry["status"].clone())
        .collect()
}

/// Starts the program with `--json` and that configuration, and does not wait.
fn spawn_as(clinic: &Clinic, config: &Path, args: &[&str]) -> Child {
    let mut command = support::program(clinic.dir.path(), config);
    command.arg("--json").args(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn repairs(clinic: &Clinic) -> Value {
    clinic.run(&["repair", "list"]).ok().json()
}
