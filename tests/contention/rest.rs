//! Bringing the clinic to rest, and what must be true then. The calendar is asked, not a database.

use super::LATE_MS;
use super::ledger::Ledger;
use super::support::{CHEN, Clinic};
use chrono::{DateTime, Duration, Utc};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::id::AppointmentId;
use frontdesk::domain::time::Interval;
use frontdesk::port::store::Records;
use frontdesk::sqlite::{self, Access};
use frontdesk::store::Database;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

type Desks = [(PathBuf, PathBuf)];

/// Each database once, with a configuration that names it.
fn databases(desks: &Desks) -> BTreeMap<&Path, &Path> {
    desks
        .iter()
        .map(|(config, database)| (database.as_path(), config.as_path()))
        .collect()
}

/// Tries again until nothing is pending. A killed program's operation is free when its lease is over; what
/// lost its slot after it was recorded is called off, as a person at the desk would.
pub fn bring(clinic: &Clinic, desks: &Desks, ledger: &Ledger, cleared: Instant) {
    let databases = databases(desks);
    loop {
        clinic.let_pass(121);
        let pending = databases.values().filter(|config| {
            let retried = clinic.run_as(config, &["repair", "retry", "--all"]);
            if ![0, 4, 5, 6].contains(&retried.code) {
                ledger.wrong(format!("retry at rest: {retried:?}"));
            }
            items(clinic, config)
                .iter()
                .any(|item| item["sync_state"] == "sync_pending")
        });
        // requests that were held up have landed
        let landed = cleared.elapsed() > std::time::Duration::from_millis(2 * LATE_MS);
        if pending.count() == 0 && landed {
            break;
        }
        if cleared.elapsed() > std::time::Duration::from_mins(3) {
            ledger.wrong("it does not come to rest".to_owned());
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    for config in databases.values() {
        for item in items(clinic, config) {
            let id = item["appointment_id"].as_str().unwrap_or_default();
            let (cause, source) = (&item["cause"], &item["source"]);
            ledger.count(&format!("in repair: {cause} of {source}"));
            // whoever lost a slot is in repair; who has it is not, wherever he was booked
            if cause == "conflict" && source == "adopted" {
                let history = histories(desks, id);
                ledger.wrong(format!(
                    "a conflict with a visit that stands: {item}\n{history}"
                ));
            }
            // a desk was killed in the midst of a move: the visit stands, only the hold goes
            if item["cause"] == "hold_left" {
                let cleared = clinic.run_as(config, &["repair", "retry", id]);
                if cleared.code != 0 {
                    ledger.wrong(format!("a hold cannot be taken away: {cleared:?}"));
                }
                continue;
            }
            ledger.call_off(id);
            let cancelled = clinic.run_as(config, &["cancel", id, "--reason", "lost its slot"]);
            if cancelled.code != 0 {
                ledger.wrong(format!(
                    "in repair: {item}, and cannot be called off: {cancelled:?}"
                ));
            }
        }
        let left = items(clinic, config);
        if !left.is_empty() {
            ledger.wrong(format!("still in repair: {left:?}"));
        }
    }
}

/// What each database has recorded of an appointment, newest first.
fn histories(desks: &Desks, id: &str) -> String {
    let mut lines = Vec::new();
    for path in databases(desks).keys() {
        let database = Database::open(path, Access::ReadOnly).expect("a database");
        for entry in database
            .timeline(&AppointmentId::new(id))
            .unwrap_or_default()
        {
            let at = entry.at.format("%H:%M:%S");
            let name = path.file_stem().unwrap_or_default().display();
            lines.push(format!("    {name} {at} {}: {}", entry.actor, entry.what));
        }
    }
    lines.join("\n")
}

fn items(clinic: &Clinic, config: &Path) -> Vec<Value> {
    let list = clinic.run_as(config, &["repair", "list"]).ok().json();
    list.as_array().expect("a list").clone()
}

/// An event of ours, as the calendar has it.
struct Ours {
    id: String,
    appointment: String,
    visit: Interval,
    blocked: Interval,
}

fn moment(event: &Value, end: &str) -> DateTime<Utc> {
    let text = event[end]["dateTime"].as_str().expect("a time");
    DateTime::parse_from_rfc3339(text)
        .expect("RFC 3339")
        .to_utc()
}

fn ours(event: &Value) -> Option<Ours> {
    let mark = &event["extendedProperties"]["private"];
    let minutes = |key: &str| {
        let text = mark[key].as_str().expect("a buffer");
        Duration::minutes(text.parse().expect("minutes"))
    };
    let appointment = mark["fdAppointment"].as_str()?.to_owned();
    let visit = Interval::new(moment(event, "start"), moment(event, "end")).expect("an interval");
    Some(Ours {
        id: event["id"].as_str().expect("an id").to_owned(),
        appointment,
        visit,
        blocked: visit.widened(minutes("fdBefore"), minutes("fdAfter")),
    })
}

pub fn check(clinic: &Clinic, desks: &Desks, ledger: &Ledger) {
    let events = clinic.events(CHEN, false);
    for event in events.iter().filter(|event| event["status"] != "confirmed") {
        ledger.wrong(format!("left in the calendar: {event}"));
    }
    let own: Vec<Ours> = events.iter().filter_map(ours).collect();
    no_two_conflict(&events, &own, ledger);
    let mut seen = BTreeSet::new();
    for event in &own {
        if !seen.insert(event.appointment.as_str()) {
            ledger.wrong(format!(
                "two events of one appointment: {}",
                event.appointment
            ));
        }
    }
    let databases = databases(desks);
    let records: Vec<Appointment> = databases
        .keys()
        .flat_map(|path| read(path, ledger))
        .collect();
    calendar_and_records_agree(desks, &own, &records, ledger);
    every_word_was_true(&own, &records, ledger);
}

fn no_two_conflict(events: &[Value], own: &[Ours], ledger: &Ledger) {
    for (n, one) in own.iter().enumerate() {
        for other in &own[n + 1..] {
            if one.visit.meets(&other.blocked) || one.blocked.meets(&other.visit) {
                let (a, b) = (&one.appointment, &other.appointment);
                ledger.wrong(format!(
                    "double booked: {a} {:?} and {b} {:?}",
                    one.visit, other.visit
                ));
            }
        }
        for private in events.iter().filter(|event| ours(event).is_none()) {
            let theirs = Interval::new(moment(private, "start"), moment(private, "end"))
                .expect("an interval");
            if one.blocked.meets(&theirs) {
                ledger.wrong(format!(
                    "booked over the doctor's own entry: {}",
                    one.appointment
                ));
            }
        }
    }
}

/// All visits of a database, which must be whole.
fn read(path: &Path, ledger: &Ledger) -> Vec<Appointment> {
    let conn = sqlite::open(path, Access::ReadOnly).expect("a database");
    let whole: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("an answer");
    if whole != "ok" {
        ledger.wrong(format!("{}: {whole}", path.display()));
    }
    let database = Database::open(path, Access::ReadOnly).expect("a database");
    if let Some(line) = database.audit_break().expect("an answer") {
        ledger.wrong(format!("{}: the audit breaks at {line:?}", path.display()));
    }
    let whole = Interval::lasting(super::support::now() - Duration::days(2), 60 * 24 * 30);
    let mut visits = database.appointments(&[], whole, true).expect("visits");
    // a copy of what another desk booked is judged where it was booked
    visits.retain(|visit| visit.source != Source::Adopted);
    visits
}

fn calendar_and_records_agree(
    desks: &Desks,
    own: &[Ours],
    records: &[Appointment],
    ledger: &Ledger,
) {
    for event in own {
        let of_it = |a: &&Appointment| a.appointment_id.as_str() == event.appointment;
        let Some(record) = records.iter().find(of_it) else {
            ledger.wrong(format!(
                "an event without an appointment: {}",
                event.appointment
            ));
            continue;
        };
        let named = record
            .google_event_id
            .as_ref()
            .is_some_and(|id| id.as_str() == event.id);
        if record.status != Status::Confirmed || !named || record.visit != event.visit {
            ledger.wrong(format!(
                "in the calendar {} at {:?}, and here {record:?}",
                event.id, event.visit
            ));
        }
    }
    for record in records {
        let live = own
            .iter()
            .any(|event| event.appointment == record.appointment_id.as_str());
        if record.status == Status::Confirmed && !live {
            let history = histories(desks, record.appointment_id.as_str());
            ledger.wrong(format!(
                "booked and not in the calendar: {record:?}\n{history}"
            ));
        }
        if record.status == Status::Pending || record.sync_state != SyncState::Synced {
            ledger.wrong(format!("not settled: {record:?}"));
        }
    }
}

/// What the programs printed holds.
fn every_word_was_true(own: &[Ours], records: &[Appointment], ledger: &Ledger) {
    for (customer, said) in ledger.said() {
        let mine: Vec<&Appointment> = records
            .iter()
            .filter(|a| a.customer_name == customer)
            .collect();
        let live = |a: &Appointment| {
            own.iter()
                .any(|e| e.appointment == a.appointment_id.as_str())
        };
        if mine.len() > 1 {
            ledger.wrong(format!(
                "{customer}: one request, several appointments: {mine:?}"
            ));
        }
        if said.refused && mine.iter().any(|a| live(a)) {
            ledger.wrong(format!("{customer}: refused, and yet booked: {mine:?}"));
        }
        if said.refused && (said.booked || said.recorded) {
            ledger.wrong(format!(
                "{customer}: refused after it was promised: {said:?} {mine:?}"
            ));
        }
        let Some(id) = &said.appointment else {
            continue;
        };
        let called_off = ledger.is_called_off(id);
        let stands = mine
            .iter()
            .any(|a| a.appointment_id.as_str() == id && live(a));
        if !stands && !called_off {
            ledger.wrong(format!(
                "{customer}: promised, never called off, and gone: {said:?} {mine:?}"
            ));
        }
    }
    let standing = u32::try_from(own.len()).expect("a number");
    for _ in 0..standing {
        ledger.count("standing at rest");
    }
}
