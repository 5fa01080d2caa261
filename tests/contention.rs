//! Several real programs at once against one practice calendar that fails, killed at random and started
//! again: at rest the calendar itself holds what was promised, and nothing else.
//!
//! Small by default. The full size, and one's own:
//!
//! ```sh
//! FRONTDESK_CONTENTION=full cargo test --release --test contention -- --nocapture --test-threads 1
//! FRONTDESK_CONTENTION_PROGRAMS=8 FRONTDESK_CONTENTION_ATTEMPTS=100 cargo test --test contention
//! ```
//!
//! A seed decides who asks for what and who is killed when; it is printed, and `FRONTDESK_CONTENTION_SEED`
//! takes it again. What the programs then do to each other is up to the machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

#[path = "contention/dice.rs"]
mod dice;
#[path = "contention/ledger.rs"]
mod ledger;
#[path = "contention/rest.rs"]
mod rest;
#[path = "contention/talker.rs"]
mod talker;

use dice::Dice;
use ledger::Ledger;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::{CHEN, Clinic, utc};

/// The day that everybody fights for, from today.
const DAY: i64 = 3;
/// A lost request is carried out this much later.
const LATE_MS: u64 = 600;

/// Who shares what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// One database for all, the protocol that is safe between any desks.
    OneDatabase,
    /// One database for all, and configured to be the only one.
    OneSharedDatabase,
    /// A database for each.
    DatabaseEach,
}

struct Size {
    programs: usize,
    attempts: usize,
    slots: usize,
}

impl Size {
    fn wanted() -> Self {
        let number = |name: &str, default| {
            std::env::var(format!("FRONTDESK_CONTENTION_{name}"))
                .ok()
                .map_or(default, |text| text.parse().expect("a number"))
        };
        let full = std::env::var("FRONTDESK_CONTENTION").is_ok_and(|v| v == "full");
        let (programs, attempts, slots) = if full { (16, 500, 40) } else { (4, 24, 12) };
        Self {
            programs: number("PROGRAMS", programs),
            attempts: number("ATTEMPTS", attempts),
            slots: number("SLOTS", slots),
        }
    }
}

fn seed() -> u64 {
    std::env::var("FRONTDESK_CONTENTION_SEED").map_or_else(
        |_| uuid::Uuid::new_v4().as_u64_pair().0,
        |text| text.parse().expect("a number"),
    )
}

/// What goes wrong between the desks and Google.
fn faults() -> Vec<serde_json::Value> {
    let writes = ["events.insert", "events.patch", "events.delete"];
    let late = writes.map(|r| json!({"route": r, "late_ms": LATE_MS, "probability": 0.02}));
    let mut all = vec![
        json!({"status": 503, "probability": 0.03}),
        json!({"status": 500, "body": "html", "probability": 0.02}),
        json!({"status": 403, "reason": "rateLimitExceeded", "probability": 0.01}),
        json!({"body": "truncated", "probability": 0.02}),
        json!({"lost_answer": true, "probability": 0.02}),
        json!({"latency_ms": 300, "probability": 0.1}),
    ];
    all.extend(late);
    all
}

/// The clinic and the configurations of its desks, each with the database it writes to.
fn clinic(layout: Layout, programs: usize) -> (Clinic, Vec<(PathBuf, PathBuf)>) {
    let protocol = match layout {
        Layout::OneDatabase | Layout::DatabaseEach => "full",
        Layout::OneSharedDatabase => "shared_database",
    };
    let more = format!("timeout_seconds = 5\n\n[booking]\nprotocol = \"{protocol}\"");
    let clinic = Clinic::with(&[CHEN], &more);
    let mut desks = Vec::new();
    for number in 0..programs {
        let database = match layout {
            Layout::OneDatabase | Layout::OneSharedDatabase => "clinic.db".to_owned(),
            Layout::DatabaseEach => format!("desk{number}.db"),
        };
        let config = clinic.configure(&format!("desk{number}.toml"), &database, &more);
        if layout == Layout::DatabaseEach || number == 0 {
            for args in [
                &["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN][..],
                &["hours", "set", "Dr Chen", "all", "00:00-24:00"],
                &[
                    "service",
                    "add",
                    "--name",
                    "Jab",
                    "--minutes",
                    "10",
                    "--buffer-after",
                    "5",
                ],
                &[
                    "service",
                    "add",
                    "--name",
                    "Check-up",
                    "--minutes",
                    "30",
                    "--buffer-before",
                    "5",
                    "--buffer-after",
                    "10",
                ],
                &[
                    "service",
                    "add",
                    "--name",
                    "Surgery",
                    "--minutes",
                    "60",
                    "--buffer-before",
                    "15",
                    "--buffer-after",
                    "15",
                ],
            ] {
                clinic.run_as(&config, args).ok();
            }
        }
        desks.push((config, clinic.dir.path().join(database)));
    }
    // the doctor's own entry, which nobody may book over
    let lunch = json!({
        "summary": "Lunch",
        "start": {"dateTime": utc(DAY, "09:00")}, "end": {"dateTime": utc(DAY, "09:20")},
    });
    clinic.insert(CHEN, &lunch);
    (clinic, desks)
}

fn fight(layout: Layout) {
    let (size, seed) = (Size::wanted(), seed());
    eprintln!("{layout:?}: FRONTDESK_CONTENTION_SEED={seed}");
    let (clinic, desks) = clinic(layout, size.programs);
    let ledger = Ledger::default();
    let over = AtomicBool::new(false);
    for fault in faults() {
        clinic.fault(&fault);
    }
    let started = Instant::now();
    std::thread::scope(|scope| {
        let talkers: Vec<_> = desks
            .iter()
            .enumerate()
            .map(|(number, (config, database))| {
                let dice = Dice::new(seed, number as u64);
                let desk = talker::Desk {
                    clinic: &clinic,
                    ledger: &ledger,
                    config,
                    database,
                };
                let talker = talker::Talker::new(desk, number, size.slots, dice);
                scope.spawn(move || talker.talk(size.attempts))
            })
            .collect();
        // Google's clock leaps over every lease now and then: clocks decide who waits, never who is right.
        scope.spawn(|| {
            let mut dice = Dice::new(seed, 1_000);
            let mut next = Instant::now();
            while !over.load(Ordering::SeqCst) {
                if Instant::now() >= next {
                    clinic.let_pass(121);
                    next = Instant::now() + Duration::from_millis(3_000 + dice.below(4_000));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let ended: Vec<_> = talkers
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect();
        over.store(true, Ordering::SeqCst);
        for end in ended {
            end.expect("a talker");
        }
    });
    let fought = started.elapsed();
    let cleared = Instant::now();
    clinic.clear_faults();
    rest::bring(&clinic, &desks, &ledger, cleared);
    rest::check(&clinic, &desks, &ledger);
    eprintln!(
        "{layout:?}: fought {fought:.1?}, at rest after {:.1?}",
        cleared.elapsed()
    );
    ledger.close(&format!("{layout:?}, FRONTDESK_CONTENTION_SEED={seed}"));
}

#[test]
fn programs_on_one_database_keep_every_promise_when_killed_at_random() {
    fight(Layout::OneDatabase);
}

#[test]
fn programs_on_the_clinics_only_database_keep_every_promise_when_killed_at_random() {
    fight(Layout::OneSharedDatabase);
}

#[test]
fn desks_with_databases_of_their_own_keep_every_promise_when_killed_at_random() {
    fight(Layout::DatabaseEach);
}
