//! What the database is asked most, with 1,000,000 appointments and 60,000 people stored. The database
//! is made once and kept in the target directory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use chrono::{DateTime, Duration, NaiveDate};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use frontdesk::domain::id::{AppointmentId, CalendarId, EventId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::flow::booking::{Booking, Protocol};
use frontdesk::flow::operation::{Flow, Operation};
use frontdesk::flow::wording::Wording;
use frontdesk::port::command::Actor;
use frontdesk::port::entries::EntryRecords;
use frontdesk::port::query::{Answer, Query};
use frontdesk::port::store::{Begun, BookingIntent, Records, Stamp, Store};
use frontdesk::sqlite::Access;
use frontdesk::store::{Database, bulk};
use frontdesk::worker::answers;
use frontdesk::worker::settings::Settings;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;
use uuid::Uuid;

const DOCTORS: u64 = 40;
const PEOPLE: u64 = 60_000;
const APPOINTMENTS: u64 = 1_000_000;
/// Visits of a doctor on a day.
const A_DAY: u64 = 16;

/// Midnight, UTC, of a day since the first.
fn midnight(day: i64) -> Moment {
    DateTime::from_timestamp(1_700_006_400, 0).unwrap() + Duration::days(day)
}

fn day(day: i64) -> Interval {
    Interval::new(midnight(day), midnight(day + 1)).unwrap()
}

fn stamp(now: Moment) -> Stamp {
    Stamp {
        actor: Actor {
            name: "bench".to_owned(),
            role: Role::Admin,
        },
        desk: "bench".into(),
        now,
    }
}

/// The same UUID for the same number, whose bits are spread as a random one's are.
fn uuid(kind: u64, n: u64) -> String {
    let spread = |x: u64| {
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let (high, low) = (spread(kind * 1_000_003 + n), spread(n + 77));
    Uuid::from_u64_pair(high, low).to_string()
}

fn doctor(n: u64) -> Doctor {
    Doctor {
        doctor_id: uuid(1, n).into(),
        doctor_name: format!("Dr Name{n}"),
        google_calendar_id: format!("doctor{n}@clinic.example").into(),
        specialty: "General practice".to_owned(),
        kind: Kind::Doctor,
        zone: chrono_tz::Europe::Berlin,
        hours: WeeklyHours::office(),
        slot_minutes: 15,
        active: true,
    }
}

/// A name of two words out of some 9,000.
fn name(n: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ma", "ri", "an", "sil", "va", "jo", "ha", "nes", "lo", "ber", "ti", "ka", "no", "sou",
        "za", "mei", "er", "li", "do", "wen",
    ];
    let word = |seed: u64| -> String {
        let at = |shift: u64| SYLLABLES[usize::try_from((seed >> shift) % 20).unwrap()];
        let mut word = format!("{}{}", at(0), at(7));
        if seed.is_multiple_of(3) {
            word.push_str(at(13));
        }
        word[..1].to_uppercase() + &word[1..]
    };
    let seed = n.wrapping_mul(2_654_435_761);
    format!(
        "{} {}",
        word(seed % 4_000_037),
        word((seed >> 8) % 9_000_011)
    )
}

fn person(n: u64) -> Customer {
    let born = NaiveDate::from_ymd_opt(1930, 1, 1).unwrap();
    Customer {
        customer_id: uuid(2, n).into(),
        customer_name: name(n),
        mobile: Some(format!(
            "+49 151 {:08}",
            n.wrapping_mul(48_271) % 100_000_000
        )),
        email: Some(format!("person{n}@mail.example")),
        born: born.checked_add_days(chrono::Days::new(n * 7 % 33_000)),
    }
}

/// The nth appointment in order of start: 16 a day for each of 40 doctors.
fn appointment(n: u64) -> Appointment {
    let (day, in_day) = (n / (DOCTORS * A_DAY), n % (DOCTORS * A_DAY));
    let (slot, doctor) = (in_day / DOCTORS, in_day % DOCTORS);
    let customer = n.wrapping_mul(7_919) % PEOPLE;
    let start = midnight(i64::try_from(day).unwrap())
        + Duration::minutes(i64::try_from(8 * 60 + slot * 30).unwrap());
    Appointment {
        appointment_id: uuid(3, n).into(),
        customer_id: uuid(2, customer).into(),
        customer_name: name(customer),
        doctor_id: uuid(1, doctor).into(),
        doctor_name: format!("Dr Name{doctor}"),
        google_calendar_id: format!("doctor{doctor}@clinic.example").into(),
        google_event_id: Some(EventId::of_attempt(&uuid(3, n).into(), 1)),
        etag: Some("\"3467891234567000\"".into()),
        service_id: None,
        service_name: String::new(),
        visit: Interval::lasting(start, 25),
        buffers: Buffers::NONE,
        zone: chrono_tz::Europe::Berlin,
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        source: Source::Demo,
        reason: String::new(),
        rev: 0,
        attempt: 1,
        created_at: start - Duration::days(9),
        created_by: "demo".to_owned(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}

/// The database, made where it does not stand yet.
fn prepared() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (path, part) = (dir.join("store-bench-1.db"), dir.join("store-bench.part"));
    if path.exists() {
        return path;
    }
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", part.display()));
    }
    let mut db = Database::open(&part, Access::ReadWrite).unwrap();
    let doctors: Vec<Doctor> = (0..DOCTORS).map(doctor).collect();
    // made before, so that making them is not measured
    let appointments: Vec<Appointment> = (0..APPOINTMENTS).map(appointment).collect();
    let people = (0..PEOPLE).map(person);
    let started = Instant::now();
    let now = stamp(midnight(0));
    bulk::load(
        &mut db,
        &now,
        &doctors,
        &[],
        people,
        appointments.into_iter(),
    )
    .unwrap();
    let took = started.elapsed();
    let rate = 1_000_000.0 / took.as_secs_f64();
    eprintln!("loaded 60,000 people and 1,000,000 appointments in {took:.1?}: {rate:.0} a second");
    drop(db);
    std::fs::rename(&part, &path).unwrap();
    path
}

/// A day in the middle, each time another one.
fn days() -> impl FnMut() -> Interval {
    let mut at = 0;
    move || {
        at = (at + 7) % 1_400;
        day(100 + at)
    }
}

fn opening(c: &mut Criterion) {
    let path = prepared();
    let keep = Database::open(&path, Access::ReadWrite).unwrap();
    c.bench_function("open for writing", |b| {
        b.iter(|| Database::open(&path, Access::ReadWrite).unwrap());
    });
    c.bench_function(
        "open for reading, doctors, counts, a day of 40 doctors",
        |b| {
            let mut days = days();
            b.iter(|| {
                let db = Database::open(&path, Access::ReadOnly).unwrap();
                black_box(db.doctors().unwrap());
                black_box(db.counts().unwrap());
                black_box(db.appointments(&[], days(), false).unwrap())
            });
        },
    );
    drop(keep);
}

fn reading(c: &mut Criterion) {
    let path = prepared();
    let db = Database::open(&path, Access::ReadWrite).unwrap();
    let one = [doctor(17).doctor_id];
    let mut next = days();
    assert_eq!(db.appointments(&[], next(), false).unwrap().len(), 640);
    c.bench_function("day of 40 doctors", |b| {
        b.iter(|| db.appointments(&[], next(), false).unwrap());
    });
    c.bench_function("day of one doctor", |b| {
        b.iter(|| db.appointments(&one, next(), false).unwrap());
    });
    c.bench_function("taken, 60 days of one doctor", |b| {
        b.iter(|| {
            let first = next();
            let within = first.widened(Duration::zero(), Duration::days(59));
            db.taken(&one, within).unwrap()
        });
    });
    c.bench_function("visit starts, a month of 40 doctors", |b| {
        b.iter(|| {
            let within = next().widened(Duration::zero(), Duration::days(30));
            db.visit_starts(&[], within).unwrap()
        });
    });
    c.bench_function("visits of a person", |b| {
        let mut n = 0;
        b.iter(|| {
            n = (n + 7_919) % PEOPLE;
            db.visits_of(&uuid(2, n).into(), 100).unwrap()
        });
    });
    c.bench_function("counts", |b| b.iter(|| db.counts().unwrap()));
}

/// The grid's day of 40 doctors, and of it what names the entries of people. The mirror of the calendars is put in
/// beside what is stored: eight entries a doctor on each of 60 days, and the visits' own events.
fn sheets(c: &mut Criterion) {
    let path = prepared().with_extension("events");
    std::fs::copy(prepared(), &path).unwrap();
    let db = Database::open(&path, Access::ReadWrite).unwrap();
    let filled = rusqlite::Connection::open(&path).unwrap();
    filled
        .execute_batch(&format!(
            "BEGIN;
             DELETE FROM calendar_events; DELETE FROM busy_blocks; DELETE FROM calendar_reads;
             INSERT INTO calendar_events (calendar_id, event_id, starts_at, ends_at, all_day, reason, title,
                                          appointment_id)
             SELECT google_calendar_id, google_event_id, starts_at, ends_at, 0, 'visit', 'Appointment',
                    appointment_id
             FROM appointments WHERE starts_at >= {from} AND starts_at < {until};
             WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 60 * 8 - 1)
             INSERT INTO calendar_events (calendar_id, event_id, starts_at, ends_at, all_day, reason, title)
             SELECT google_calendar_id, 'person' || n, {from} + n / 8 * 86400 + 68400 + n % 8 * 1200,
                    {from} + n / 8 * 86400 + 69300 + n % 8 * 1200, 0, 'private', 'Lunch'
             FROM doctors, n;
             INSERT INTO busy_blocks SELECT DISTINCT calendar_id, starts_at, ends_at FROM calendar_events;
             INSERT INTO calendar_reads SELECT google_calendar_id, {from}, {until}, {from} FROM doctors;
             COMMIT;",
            from = midnight(700).timestamp(),
            until = midnight(760).timestamp(),
        ))
        .unwrap();
    let settings = Settings {
        requests_per_minute: 300,
        clinic: "clinic".into(),
        clinic_name: "Clinic".to_owned(),
        zone: chrono_tz::UTC,
        desk: "bench".into(),
        protocol: Protocol::Full,
        wording: Wording::default(),
        stale_after: Duration::days(90),
        refresh_every: Duration::seconds(30),
        sync_every: Duration::seconds(60),
        past_days: 30,
        show_titles: true,
        brake_percent: 25,
        horizon_days: 28,
        patience: Duration::seconds(10),
    };
    let calendars: Vec<CalendarId> = (0..DOCTORS).map(|n| doctor(n).google_calendar_id).collect();
    let mut at = 0;
    let mut next = move || {
        at = (at + 7) % 55;
        700 + at
    };
    c.bench_function("sheets of 40 doctors", |b| {
        b.iter(|| {
            let from = midnight(next()).date_naive();
            let query = Query::Sheets {
                doctors: Vec::new(),
                from,
                days: 1,
            };
            let answer = answers::answer(
                &db,
                &settings,
                &stamp(midnight(700)).actor,
                midnight(700),
                &query,
            )
            .unwrap();
            let Answer::Sheets(sheets) = &answer else {
                unreachable!()
            };
            assert_eq!((sheets.len(), sheets[0].events.len()), (40, 8));
            assert_eq!((sheets[0].visits.len(), sheets[0].busy.len()), (16, 8));
            answer
        });
    });
    c.bench_function("entries of 40 doctors", |b| {
        b.iter(|| db.entries(&calendars, day(next())).unwrap());
    });
    c.bench_function("held times of 40 doctors", |b| {
        b.iter(|| db.held(&[], day(next())).unwrap());
    });
    drop(db);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

/// What `SQLite` itself needs for a day: the same rows, no record made of them.
fn sqlite_itself(c: &mut Criterion) {
    let path = prepared();
    let conn = frontdesk::sqlite::open(&path, Access::ReadOnly).unwrap();
    let mut next = days();
    // the same rows in the same order, by the key they are stored under
    let sql = "SELECT * FROM appointments WHERE place >= ?1 << 16 AND place < ?2 << 16";
    c.bench_function("SQLite itself, day of 40 doctors", |b| {
        b.iter(|| {
            let day = next();
            let mut rows = conn.prepare_cached(sql).unwrap();
            let columns = rows.column_count();
            let within = [day.start().timestamp(), day.end().timestamp()];
            let mut rows = rows.query(within).unwrap();
            let mut bytes = 0;
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    let text = row.get_ref(column).unwrap().as_str_or_null();
                    bytes += text.ok().flatten().map_or(8, str::len);
                }
            }
            bytes
        });
    });
}

fn searching(c: &mut Criterion) {
    let path = prepared();
    let db = Database::open(&path, Access::ReadWrite).unwrap();
    let mut group = c.benchmark_group("search 60,000 people");
    let texts = [
        "",
        "m",
        "ma",
        "mar",
        "maria",
        "maria s",
        "maria silva",
        "mei",
        "j w",
        "5",
        "51",
        "512",
        "5123",
        "0151 51",
        "14.3.",
        "14.3.1987",
        "1987",
        "mariq",
        "silwa maria",
        "xyzzy",
    ];
    for text in texts {
        group.bench_function(format!("“{text}”"), |b| {
            b.iter(|| db.find_customers(text, 10, midnight(700)).unwrap());
        });
    }
}

fn intent(n: u64, run: Uuid) -> BookingIntent {
    let id: AppointmentId = format!("{run}-{n}").into();
    // beyond the last that is stored, each run in a year of its own
    let base = midnight(3_000) + Duration::days(i64::from(run.as_bytes()[0]) * 400);
    let visit = Interval::lasting(base + Duration::minutes(i64::try_from(n).unwrap() * 30), 30);
    let mark = Mark {
        kind: MarkKind::Appointment,
        clinic: "clinic".into(),
        database: "db".into(),
        desk: "bench".into(),
        appointment: id.clone(),
        operation: format!("op-{run}-{n}").into(),
        rev: 0,
        attempt: 1,
        doctor: doctor(3).doctor_id,
        service: None,
        customer: None,
        name: None,
        buffers: Buffers::NONE,
        lease_seconds: 120,
    };
    BookingIntent {
        operation: Operation {
            operation_id: mark.operation.clone(),
            appointment_id: id.clone(),
            calendar: doctor(3).google_calendar_id,
            tries: 0,
            next_try_at: None,
            last_error: None,
            created_at: midnight(700),
            flow: Flow::Booking(Box::new(Booking::new(
                EventDraft {
                    id: EventId::of_attempt(&id, 1),
                    calendar: doctor(3).google_calendar_id,
                    status: EventStatus::Tentative,
                    summary: "Appointment: somebody with Dr Name3".to_owned(),
                    description: String::new(),
                    visit,
                    zone: chrono_tz::Europe::Berlin,
                    mark,
                },
                Protocol::Full,
                true,
            ))),
        },
        appointment: Appointment {
            appointment_id: id,
            visit,
            doctor_id: doctor(3).doctor_id,
            status: Status::Pending,
            sync_state: SyncState::SyncPending,
            source: Source::Desk,
            ..appointment(3)
        },
        new_customer: None,
        key: Some((format!("{run}-{n}"), "f".to_owned())),
        lease_until: midnight(700) + Duration::minutes(2),
    }
}

fn booking(c: &mut Criterion) {
    // a copy, since each booking stays
    let path = prepared().with_extension("copy");
    std::fs::copy(prepared(), &path).unwrap();
    let mut db = Database::open(&path, Access::ReadWrite).unwrap();
    let (run, mut n) = (Uuid::new_v4(), 0);
    c.bench_function("begin a booking, to the disk", |b| {
        b.iter_batched(
            || {
                n += 1;
                intent(n, run)
            },
            |intent| {
                let begun = db.begin_booking(&stamp(midnight(700)), &intent).unwrap();
                assert!(matches!(begun, Begun::New(_)));
            },
            BatchSize::SmallInput,
        );
    });
    drop(db);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1))
        .sample_size(30);
    targets = opening, reading, sqlite_itself, sheets, searching, booking
}
criterion_main!(benches);
