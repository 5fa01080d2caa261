//! The database as several programs share it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use chrono::DateTime;
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use frontdesk::domain::id::{AppointmentId, EventId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::{Buffers, conflict};
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::flow::booking::{Booking, Protocol};
use frontdesk::flow::operation::{Flow, Operation, Settlement};
use frontdesk::port::command::Actor;
use frontdesk::port::store::{Begun, BookingIntent, Records, Stamp, Store, StoreError, Take};
use frontdesk::sqlite::Access;
use frontdesk::store::Database;
use std::path::Path;
use std::process::Command;
use std::thread;

const PROGRAMS: u32 = 4;
const THREADS: u32 = 2;
/// Each thread asks for each of these, overlapping its neighbours by half.
const SLOTS: i64 = 60;

fn at(minute: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn stamp(role: Role, desk: &str) -> Stamp {
    Stamp {
        actor: Actor {
            name: desk.to_owned(),
            role,
        },
        desk: desk.into(),
        now: at(0),
    }
}

fn clinic(path: &Path) -> Database {
    let mut db = Database::open(path, Access::ReadWrite).unwrap();
    let admin = stamp(Role::Admin, "setup");
    let doctor = Doctor {
        doctor_id: "d1".into(),
        doctor_name: "Chen".to_owned(),
        google_calendar_id: "d1@example.com".into(),
        specialty: String::new(),
        kind: Kind::Doctor,
        zone: chrono_tz::Europe::Berlin,
        hours: WeeklyHours::office(),
        slot_minutes: 15,
        active: true,
    };
    db.add_doctor(&admin, &doctor).unwrap();
    let customer = Customer {
        customer_id: "c1".into(),
        customer_name: "Ana".to_owned(),
        mobile: None,
        email: None,
        born: None,
    };
    db.add_customer(&admin, &customer).unwrap();
    db
}

fn intent(id: &str, minute: i64) -> BookingIntent {
    let appointment_id: AppointmentId = id.into();
    let visit = Interval::lasting(at(minute), 30);
    let buffers = Buffers::new(5, 0).unwrap();
    let mark = Mark {
        kind: MarkKind::Appointment,
        clinic: "clinic".into(),
        database: "db".into(),
        desk: "desk".into(),
        appointment: appointment_id.clone(),
        operation: format!("op-{id}").into(),
        rev: 0,
        attempt: 1,
        doctor: "d1".into(),
        service: None,
        customer: None,
        name: None,
        buffers,
        lease_seconds: 120,
    };
    BookingIntent {
        operation: Operation {
            operation_id: mark.operation.clone(),
            appointment_id: appointment_id.clone(),
            calendar: "d1@example.com".into(),
            flow: Flow::Booking(Box::new(Booking::new(
                EventDraft {
                    id: EventId::of_attempt(&appointment_id, 1),
                    calendar: "d1@example.com".into(),
                    status: EventStatus::Tentative,
                    summary: String::new(),
                    description: String::new(),
                    visit,
                    zone: chrono_tz::Europe::Berlin,
                    mark,
                },
                Protocol::Full,
                true,
            ))),
            tries: 0,
            next_try_at: None,
            last_error: None,
            created_at: at(0),
        },
        appointment: Appointment {
            appointment_id,
            customer_id: "c1".into(),
            customer_name: "Ana".to_owned(),
            doctor_id: "d1".into(),
            doctor_name: "Chen".to_owned(),
            google_calendar_id: "d1@example.com".into(),
            google_event_id: None,
            etag: None,
            service_id: None,
            service_name: String::new(),
            visit,
            buffers,
            zone: chrono_tz::Europe::Berlin,
            status: Status::Pending,
            sync_state: SyncState::SyncPending,
            source: Source::Desk,
            reason: String::new(),
            rev: 0,
            attempt: 1,
            created_at: at(0),
            created_by: "ana".to_owned(),
            cancelled_at: None,
            cancellation_reason: None,
        },
        new_customer: None,
        key: None,
        lease_until: at(2),
    }
}

/// Asks for every slot, from a place of its own on; answers with how many it got.
fn book_all(path: &Path, name: &str, from: i64) -> u32 {
    let mut db = Database::open(path, Access::ReadWrite).unwrap();
    let mut got = 0;
    for n in 0..SLOTS {
        let slot = (n + from) % SLOTS;
        let wanted = intent(&format!("{name}-{slot}"), slot * 15);
        match db.begin_booking(&stamp(Role::Receptionist, name), &wanted) {
            Ok(Begun::New(_)) => got += 1,
            Err(StoreError::Overlap(other)) => {
                assert!(conflict(
                    wanted.appointment.visit,
                    wanted.appointment.buffers,
                    other.visit,
                    other.buffers
                ));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    got
}

/// One of the programs: started by the test below, does nothing when run by itself.
#[test]
fn one_program_of_several() {
    let (Ok(path), Ok(number)) = (
        std::env::var("STORE_TEST_DATABASE"),
        std::env::var("STORE_TEST_PROGRAM"),
    ) else {
        return;
    };
    let number: u32 = number.parse().unwrap();
    let got: u32 = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|t| {
                let (path, me) = (&path, number * THREADS + t);
                scope.spawn(move || {
                    book_all(Path::new(path), &format!("desk{me}"), i64::from(me) * 7)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).sum()
    });
    println!("\ngot {got}");
}

#[test]
fn many_programs_book_one_doctor_and_no_two_visits_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clinic.db");
    let db = clinic(&path);
    let programs: Vec<_> = (0..PROGRAMS)
        .map(|number| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "one_program_of_several", "--nocapture"])
                .env("STORE_TEST_DATABASE", &path)
                .env("STORE_TEST_PROGRAM", number.to_string())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut got = 0;
    for program in programs {
        let output = program.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}{errors}");
        let line = text.lines().find_map(|line| line.strip_prefix("got "));
        got += line.unwrap().parse::<usize>().unwrap();
    }
    let all = Interval::lasting(at(-1_000), 10_000);
    let visits = db.appointments(&[], all, true).unwrap();
    assert_eq!(visits.len(), got);
    // nobody could have fitted in one more: each slot is taken by somebody
    assert!(got >= usize::try_from(SLOTS / 4).unwrap(), "{got}");
    for (n, one) in visits.iter().enumerate() {
        for other in &visits[n + 1..] {
            assert!(
                !conflict(one.visit, one.buffers, other.visit, other.buffers),
                "{one:?}\n{other:?}"
            );
        }
    }
    assert_eq!(db.audit_break(), Ok(None));
    assert_eq!(db.unsettled().unwrap().len(), got);
}

#[test]
fn of_many_programs_each_operation_is_taken_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clinic.db");
    let mut db = clinic(&path);
    for n in 0..40 {
        let wanted = intent(&format!("a{n}"), n * 60);
        db.begin_booking(&stamp(Role::Receptionist, "gone"), &wanted)
            .unwrap();
    }
    let taken: Vec<usize> = thread::scope(|scope| {
        let desks: Vec<_> = (0..8)
            .map(|desk| {
                let path = &path;
                scope.spawn(move || settle_all(path, &format!("desk{desk}")))
            })
            .collect();
        desks.into_iter().map(|d| d.join().unwrap()).collect()
    });
    assert_eq!(taken.iter().sum::<usize>(), 40, "{taken:?}");
    assert_eq!(db.unsettled().unwrap(), []);
    let left = Take::Due {
        limit: 1,
        besides: Vec::new(),
    };
    let left = db
        .take(&stamp(Role::System, "late"), &left, at(9_000))
        .unwrap();
    assert_eq!(left, []);
    assert_eq!(db.audit_break(), Ok(None));
}

/// Takes what is due, three at a time, and settles it, until nothing is left.
fn settle_all(path: &Path, desk: &str) -> usize {
    let mut db = Database::open(path, Access::ReadWrite).unwrap();
    let stamp = Stamp {
        now: at(5),
        ..stamp(Role::System, desk)
    };
    let mut count = 0;
    loop {
        let due = Take::Due {
            limit: 3,
            besides: Vec::new(),
        };
        let mine = db.take(&stamp, &due, at(9)).unwrap();
        if mine.is_empty() {
            return count;
        }
        for operation in mine {
            let Flow::Booking(booking) = &operation.flow else {
                panic!("{operation:?}");
            };
            let confirmed = Settlement::Confirmed {
                event: booking.draft.id.clone(),
                etag: "\"1\"".into(),
                visit: booking.draft.visit,
                attempt: 1,
                moved: false,
            };
            let booked = db.settle(&stamp, &operation, &confirmed).unwrap();
            assert_eq!(booked.status, Status::Confirmed);
            count += 1;
        }
    }
}
