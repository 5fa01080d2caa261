//! Several programs that book through one database file at once, without a pause between two bookings: how
//! long one local transaction takes, waiting for the others included, and whether any was turned away.
//!
//! ```sh
//! cargo bench --bench contention                       # 8 programs, 2,000 bookings each
//! FRONTDESK_BENCH=small cargo bench --bench contention  # 200 each
//! ```
//!
//! Each booking is two transactions, the intent and the commit, both flushed to the disk. The network is
//! left out. The programs are this program, started once more for each.
#![allow(clippy::unwrap_used, missing_docs)]

use chrono::{DateTime, Duration};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use frontdesk::domain::id::{AppointmentId, EventId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::flow::booking::{Booking, Protocol};
use frontdesk::flow::operation::{Flow, Operation, Settlement};
use frontdesk::port::command::Actor;
use frontdesk::port::store::{BookingIntent, Records, Stamp, Store, StoreError};
use frontdesk::sqlite::Access;
use frontdesk::store::Database;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use uuid::Uuid;

const PROGRAMS: u32 = 8;
/// Set for a program that books; names the database, its number and how many bookings.
const PART: &str = "FRONTDESK_BENCH_PART";

fn at(minute: u32) -> Moment {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + Duration::minutes(i64::from(minute))
}

fn stamp(desk: &str) -> Stamp {
    Stamp {
        actor: Actor {
            name: "bench".to_owned(),
            role: Role::Admin,
        },
        desk: desk.into(),
        now: at(0),
    }
}

fn doctor(n: u32) -> Doctor {
    Doctor {
        doctor_id: format!("d{n}").into(),
        doctor_name: format!("Dr Name{n}"),
        google_calendar_id: format!("doctor{n}@clinic.example").into(),
        specialty: String::new(),
        kind: Kind::Doctor,
        zone: chrono_tz::Europe::Berlin,
        hours: WeeklyHours::office(),
        slot_minutes: 15,
        active: true,
    }
}

fn prepare(path: &Path) {
    let mut db = Database::open(path, Access::ReadWrite).unwrap();
    for n in 0..PROGRAMS {
        db.add_doctor(&stamp("setup"), &doctor(n)).unwrap();
    }
    let customer = Customer {
        customer_id: "c1".into(),
        customer_name: "Ana".to_owned(),
        mobile: None,
        email: None,
        born: None,
    };
    db.add_customer(&stamp("setup"), &customer).unwrap();
}

/// The `n`th booking of a program, each in a time of its own.
fn intent(program: u32, n: u32) -> BookingIntent {
    let appointment_id = AppointmentId::new(Uuid::new_v4().to_string());
    let visit = Interval::lasting(at(n * 20), 15);
    let doctor = doctor(program);
    let mark = Mark {
        kind: MarkKind::Appointment,
        clinic: "clinic".into(),
        database: "db".into(),
        desk: "desk".into(),
        appointment: appointment_id.clone(),
        operation: Uuid::new_v4().to_string().as_str().into(),
        rev: 0,
        attempt: 1,
        doctor: doctor.doctor_id.clone(),
        service: None,
        customer: None,
        name: None,
        buffers: Buffers::NONE,
        lease_seconds: 120,
    };
    let draft = EventDraft {
        id: EventId::of_attempt(&appointment_id, 1),
        calendar: doctor.google_calendar_id.clone(),
        status: EventStatus::Tentative,
        summary: "Appointment: Ana".to_owned(),
        description: String::new(),
        visit,
        zone: doctor.zone,
        mark: mark.clone(),
    };
    BookingIntent {
        operation: Operation {
            operation_id: mark.operation,
            appointment_id: appointment_id.clone(),
            calendar: doctor.google_calendar_id.clone(),
            flow: Flow::Booking(Box::new(Booking::new(draft, Protocol::Full, true))),
            tries: 0,
            next_try_at: None,
            last_error: None,
            created_at: at(0),
        },
        appointment: Appointment {
            google_event_id: Some(EventId::of_attempt(&appointment_id, 1)),
            appointment_id,
            customer_id: "c1".into(),
            customer_name: "Ana".to_owned(),
            doctor_id: doctor.doctor_id,
            doctor_name: doctor.doctor_name,
            google_calendar_id: doctor.google_calendar_id,
            etag: None,
            service_id: None,
            service_name: String::new(),
            visit,
            buffers: Buffers::NONE,
            zone: doctor.zone,
            status: Status::Pending,
            sync_state: SyncState::SyncPending,
            source: Source::Desk,
            reason: String::new(),
            rev: 0,
            attempt: 1,
            created_at: at(0),
            created_by: "bench".to_owned(),
            cancelled_at: None,
            cancellation_reason: None,
        },
        new_customer: None,
        key: None,
        lease_until: at(2),
    }
}

/// One transaction, with a watch on it; what is turned away is counted and tried again.
fn watched<T>(mut transaction: impl FnMut() -> Result<T, StoreError>) -> T {
    loop {
        let started = Instant::now();
        let result = transaction();
        let micros = started.elapsed().as_micros();
        match result {
            Ok(done) => {
                println!("{micros}");
                return done;
            }
            Err(StoreError::Busy) => println!("busy"),
            Err(other) => {
                eprintln!("{other}");
                std::process::exit(1);
            }
        }
    }
}

/// What each of the programs does.
fn book(part: &str) {
    let mut words = part.splitn(3, ' ');
    let program = words.next().unwrap().parse().unwrap();
    let count = words.next().unwrap().parse().unwrap();
    let mut db = Database::open(Path::new(words.next().unwrap()), Access::ReadWrite).unwrap();
    let stamp = stamp(&format!("desk{program}"));
    for n in 0..count {
        let wanted = intent(program, n);
        watched(|| db.begin_booking(&stamp, &wanted));
        let confirmed = Settlement::Confirmed {
            event: wanted.appointment.google_event_id.clone().unwrap(),
            etag: "\"1\"".into(),
            visit: wanted.appointment.visit,
            attempt: 1,
            moved: false,
        };
        watched(|| db.settle(&stamp, &wanted.operation, &confirmed));
    }
}

/// Starts one of the programs. What it prints is read as it comes, so that it never waits for us.
fn start(path: &Path, program: u32, count: u32) -> (Child, std::thread::JoinHandle<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(PART, format!("{program} {count} {}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    });
    (child, reader)
}

fn millis(micros: u64) -> f64 {
    std::time::Duration::from_micros(micros).as_secs_f64() * 1_000.0
}

fn main() {
    if let Ok(part) = std::env::var(PART) {
        return book(&part);
    }
    let small = std::env::var("FRONTDESK_BENCH").is_ok_and(|v| v == "small");
    let count = if small { 200 } else { 2_000 };
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = dir.path().join("clinic.db");
    prepare(&path);
    let log = dir.path().join("clinic.db-wal");
    let started = Instant::now();
    let mut programs: Vec<_> = (0..PROGRAMS).map(|n| start(&path, n, count)).collect();
    let mut largest = 0;
    while programs
        .iter_mut()
        .any(|(child, _)| child.try_wait().unwrap().is_none())
    {
        largest = largest.max(std::fs::metadata(&log).map_or(0, |m| m.len()));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let took = started.elapsed();
    let (mut times, mut busy): (Vec<u64>, u32) = (Vec::new(), 0);
    for (mut child, reader) in programs {
        assert!(child.wait().unwrap().success());
        for line in reader.join().unwrap().lines() {
            match line.parse() {
                Ok(micros) => times.push(micros),
                Err(_) => busy += 1,
            }
        }
    }
    times.sort_unstable();
    let permille = |p: usize| times.get((times.len() * p / 1_000).min(times.len() - 1));
    let at = |p: usize| millis(permille(p).copied().unwrap());
    let db = Database::open(&path, Access::ReadWrite).unwrap();
    assert_eq!(db.audit_break(), Ok(None));
    let bookings = PROGRAMS * count;
    assert_eq!(times.len(), usize::try_from(bookings * 2).unwrap());
    println!("{PROGRAMS} programs, {bookings} bookings in {took:.1?}");
    println!(
        "a transaction  median {:.2} ms   p99 {:.2} ms   p99.9 {:.2} ms   longest {:.2} ms",
        at(500),
        at(990),
        at(999),
        at(1_000)
    );
    #[allow(clippy::cast_precision_loss, reason = "a file's size in MiB")]
    let log = largest as f64 / 1_048_576.0;
    println!("turned away as busy  {busy}");
    println!("write-ahead log, largest  {log:.1} MiB");
}
