//! Somebody at a desk: one act after the other, each a program of its own, some of them killed.

use super::DAY;
use super::dice::Dice;
use super::ledger::Ledger;
use super::support::{CHEN, Clinic, Ran, day_at, program};
use serde_json::Value;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// No act takes longer: nobody waits without end.
const PATIENCE: Duration = Duration::from_mins(5);
/// One act in so many is killed.
const KILLED: usize = 8;

/// What somebody wants.
#[derive(Clone, Copy, Debug)]
enum Act {
    Book,
    Cancel,
    Move,
    Show,
    Retry,
}

/// Of so many acts each kind comes so often.
const ACTS: [(Act, usize); 5] = [
    (Act::Book, 11),
    (Act::Cancel, 4),
    (Act::Move, 4),
    (Act::Show, 1),
    (Act::Retry, 1),
];

#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub clinic: &'a Clinic,
    pub ledger: &'a Ledger,
    pub config: &'a Path,
    pub database: &'a Path,
}

pub struct Talker<'a> {
    desk: Desk<'a>,
    number: usize,
    slots: usize,
    dice: Dice,
    runs: usize,
}

impl<'a> Talker<'a> {
    pub fn new(desk: Desk<'a>, number: usize, slots: usize, dice: Dice) -> Self {
        Self {
            desk,
            number,
            slots,
            dice,
            runs: 0,
        }
    }

    pub fn talk(mut self, attempts: usize) {
        let acts: Vec<Act> = ACTS
            .iter()
            .flat_map(|(act, often)| std::iter::repeat_n(*act, *often))
            .collect();
        for attempt in 0..attempts {
            let act = *self.dice.one_of(&acts).expect("an act");
            match act {
                Act::Book => self.book(attempt),
                Act::Cancel => self.cancel(),
                Act::Move => self.reschedule(),
                Act::Show => self.show(),
                Act::Retry => self.retry(),
            }
        }
    }

    fn book(&mut self, attempt: usize) {
        let customer = format!("Guest {}-{attempt}", self.number);
        let start = self.some_start();
        let lengths = [
            ("--minutes", "10"),
            ("--minutes", "25"),
            ("--minutes", "45"),
            ("--minutes", "60"),
            ("--service", "Jab"),
            ("--service", "Check-up"),
            ("--service", "Surgery"),
        ];
        let (what, length) = *self.dice.one_of(&lengths).expect("a length");
        let args = [
            "book",
            "--doctor",
            "Dr Chen",
            "--start",
            &start,
            "--customer",
            &customer,
            "--new",
            what,
            length,
            "--key",
            &customer,
        ];
        self.desk.ledger.note(&customer, None, |_| {});
        loop {
            if let Some(ran) = self.run("book", &args) {
                self.heard(&customer, &ran);
                return;
            }
            // killed: started again with the same request, or left to whoever looks into repair
            if self.dice.below(2) == 0 {
                return;
            }
        }
    }

    fn heard(&self, customer: &str, ran: &Ran) {
        let Desk {
            ledger, database, ..
        } = self.desk;
        match ran.code {
            0 => {
                let booked = ran.json();
                let (id, event) = (
                    text(&booked, "appointment_id"),
                    text(&booked, "google_event_id"),
                );
                if booked["status"] != "confirmed" {
                    ledger.wrong(format!("{customer}: booked, and yet {booked}"));
                }
                // nobody else knows it yet, so nobody has called it off
                let found = self.event(&event);
                if found["status"] != "confirmed" {
                    ledger.wrong(format!(
                        "{customer}: booked as {booked}, in the calendar {found}"
                    ));
                }
                ledger.note(customer, Some(&id), |said| said.booked = true);
                ledger.publish(database, &id);
            }
            4 => ledger.note(customer, None, |said| said.refused = true),
            6 => {
                let id = text(&ran.json(), "appointment_id");
                ledger.note(customer, Some(&id), |said| said.recorded = true);
                ledger.publish(database, &id);
            }
            _ => ledger.wrong(format!("{customer}: {ran:?}")),
        }
    }

    fn cancel(&mut self) {
        let Some(id) = self.some_visit() else { return };
        self.desk.ledger.touch(&id);
        let Some(ran) = self.run("cancel", &["cancel", &id, "--reason", "has a cold"]) else {
            // killed: it may have been carried out
            self.desk.ledger.call_off(&id);
            return;
        };
        if ran.code == 0 || ran.code == 6 {
            self.desk.ledger.call_off(&id);
        }
        match ran.code {
            0 => {
                let event = self.event(&text(&ran.json(), "google_event_id"));
                if event["status"] != "cancelled" && event["error"]["code"] != 404 {
                    self.desk
                        .ledger
                        .wrong(format!("{id}: cancelled, in the calendar {event}"));
                }
                // now and then somebody calls it off twice
                if self.dice.below(8) != 0 {
                    self.desk.ledger.forget(&id);
                }
            }
            // the words tell "already called off" from what must not come about
            5 => {
                let why = text(&ran.error(), "message");
                self.desk.ledger.count(&format!("cancel: {why}"));
            }
            6 => {}
            _ => self.desk.ledger.wrong(format!("cancel {id}: {ran:?}")),
        }
    }

    fn reschedule(&mut self) {
        let Some(id) = self.some_visit() else { return };
        let start = self.some_start();
        let turn = self.desk.ledger.touch(&id);
        let Some(ran) = self.run("move", &["move", &id, "--start", &start]) else {
            return;
        };
        match ran.code {
            0 => {
                let moved = ran.json();
                let event = self.event(&text(&moved, "google_event_id"));
                let there = event["start"]["dateTime"].as_str().map(moment)
                    == moved["start"].as_str().map(moment);
                // unless somebody else has begun something with this visit before or since
                let alone = turn == 1 && self.desk.ledger.touches(&id) == 1;
                if alone && (event["status"] != "confirmed" || !there) {
                    self.desk
                        .ledger
                        .wrong(format!("moved as {moved}, in the calendar {event}"));
                }
            }
            4 | 6 => {}
            5 => {
                let why = text(&ran.error(), "message");
                self.desk.ledger.count(&format!("move: {why}"));
            }
            _ => self.desk.ledger.wrong(format!("move {id}: {ran:?}")),
        }
    }

    fn show(&mut self) {
        let Some(id) = self.some_visit() else { return };
        let Some(ran) = self.run("show", &["show", &id]) else {
            return;
        };
        if ran.code != 0 || ran.json()["appointment_id"] != id.as_str() {
            self.desk.ledger.wrong(format!("show {id}: {ran:?}"));
        }
    }

    fn retry(&mut self) {
        let Some(ran) = self.run("retry", &["repair", "retry", "--all"]) else {
            return;
        };
        if ![0, 4, 5, 6].contains(&ran.code) {
            self.desk.ledger.wrong(format!("retry: {ran:?}"));
        }
    }

    fn some_start(&mut self) -> String {
        let minute = 8 * 60 + 15 * self.dice.below(self.slots as u64);
        day_at(DAY, &format!("{:02}:{:02}", minute / 60, minute % 60))
    }

    fn some_visit(&mut self) -> Option<String> {
        let known = self.desk.ledger.known(self.desk.database);
        self.dice.one_of(&known).cloned()
    }

    /// Runs the program; none: it was killed.
    fn run(&mut self, what: &str, args: &[&str]) -> Option<Ran> {
        let Desk {
            clinic,
            ledger,
            config,
            ..
        } = self.desk;
        self.runs += 1;
        let dies = (self.runs % KILLED == self.number % KILLED).then(|| {
            let most = *self.dice.one_of(&[30, 150, 800]).expect("a time");
            Duration::from_millis(self.dice.below(most))
        });
        let path = |end: &str| clinic.dir.path().join(format!("said{}.{end}", self.number));
        let mut child = program(clinic.dir.path(), config)
            .arg("--json")
            .args(args)
            .stdout(File::create(path("out")).expect("a file"))
            .stderr(File::create(path("err")).expect("a file"))
            .spawn()
            .expect("the program starts");
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            let endless = started.elapsed() > PATIENCE;
            if endless {
                ledger.wrong(format!("{args:?}: no end after {PATIENCE:?}"));
            }
            if endless || dies.is_some_and(|after| started.elapsed() >= after) {
                child.kill().expect("killed");
                child.wait().expect("gone");
                ledger.count("killed");
                return None;
            }
            std::thread::sleep(Duration::from_millis(4));
        };
        let said = |end: &str| std::fs::read_to_string(path(end)).expect("UTF-8");
        let ran = Ran {
            code: status.code().unwrap_or(-1),
            out: said("out"),
            err: said("err"),
        };
        ledger.count(&format!("{what}: {}", ran.code));
        let words = format!("{} {}", ran.out, ran.err).to_lowercase();
        for word in ["database is", "is locked", "sqlite"] {
            if words.contains(word) {
                ledger.wrong(format!("{args:?}: {ran:?}"));
            }
        }
        Some(ran)
    }

    /// An event as the calendar has it, asked until the calendar answers.
    fn event(&self, id: &str) -> Value {
        let calendar = CHEN.replace('@', "%40");
        let path = format!("/calendar/v3/calendars/{calendar}/events/{id}");
        let started = Instant::now();
        loop {
            if let Some((200 | 404 | 410, body)) = ask(&self.desk.clinic.address, &path) {
                return body;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "the practice calendar answers"
            );
        }
    }
}

/// One request of ours, which may fall to the faults as any other.
fn ask(address: &str, path: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

fn moment(text: &str) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::parse_from_rfc3339(text)
        .expect("RFC 3339")
        .to_utc()
}

fn text(object: &Value, key: &str) -> String {
    object[key].as_str().unwrap_or_default().to_owned()
}
