//! Following the calendars: the first read of 40,000 events over ten of them, and ten changes. Once against the
//! practice calendar through the real adapter, then the same answers from memory: what is left then is our own
//! share, to the disk. Meanwhile somebody records people on the same database: how long the longest of those writes
//! waits.
//!
//! ```sh
//! cargo bench --bench sync
//! ```
#![allow(clippy::unwrap_used, missing_docs)]

use chrono::{DateTime, DurationRound, Utc};
use chrono_tz::Tz;
use frontdesk::domain::customer::Customer;
use frontdesk::domain::doctor::Kind;
use frontdesk::domain::event::{Event, EventDraft, Mark, MarkKind, NewTimes};
use frontdesk::domain::id::{AppointmentId, CalendarId, Etag, EventId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::Interval;
use frontdesk::google;
use frontdesk::port::calendar::{BusyAnswer, Calendar, CalendarError, Listing, Stamped};
use frontdesk::port::clock::Clock;
use frontdesk::port::command::{Actor, Command, NewDoctor};
use frontdesk::port::store::{Stamp, Store};
use frontdesk::port::sync::{ChangePage, ReadFrom};
use frontdesk::practice::{CalendarSpec, Options, SeedEvent, SeedSpan, Server, seed};
use frontdesk::runtime::clock::{RandomIds, SystemClock};
use frontdesk::runtime::config::Config;
use frontdesk::runtime::wire;
use frontdesk::store::Database;
use frontdesk::worker::engine::{Engine, silent};
use frontdesk::worker::sync::SyncHow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use uuid::Uuid;

const ZONE: Tz = chrono_tz::Europe::Berlin;
const CALENDARS: usize = 10;
/// Events of each calendar.
const EVENTS: usize = 4_000;

/// What was answered, by what was asked.
type Pages = Arc<Mutex<HashMap<String, Stamped<ChangePage>>>>;
type Desk = Engine<Source, Database, SystemClock, RandomIds>;

/// The adapter with a watch, writing its answers down; or, without one, what was written down.
struct Source {
    live: Option<google::Client>,
    pages: Pages,
    nanos: Arc<AtomicU64>,
}

fn not_asked<T>() -> Result<T, CalendarError> {
    Err(CalendarError::NoAnswer("nobody asks for this".to_owned()))
}

impl Calendar for Source {
    fn requests(&self) -> u64 {
        0
    }

    async fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> Result<Stamped<ChangePage>, CalendarError> {
        let asked = format!("{calendar} {from:?} {page:?}");
        let Some(live) = &self.live else {
            return Ok(self.pages.lock().unwrap().get(&asked).cloned().unwrap());
        };
        let started = Instant::now();
        let answer = live.changes(calendar, from, page).await?;
        let took = u64::try_from(started.elapsed().as_nanos()).unwrap();
        self.nanos.fetch_add(took, Ordering::Relaxed);
        self.pages.lock().unwrap().insert(asked, answer.clone());
        Ok(answer)
    }

    async fn free_busy(
        &self,
        _: &[CalendarId],
        _: Interval,
    ) -> Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError> {
        not_asked()
    }

    async fn list(&self, _: &CalendarId, _: Interval) -> Result<Stamped<Listing>, CalendarError> {
        not_asked()
    }

    async fn get(&self, _: &CalendarId, _: &EventId) -> Result<Stamped<Event>, CalendarError> {
        not_asked()
    }

    async fn insert(&self, _: &EventDraft) -> Result<Stamped<Event>, CalendarError> {
        not_asked()
    }

    async fn confirm(
        &self,
        _: &CalendarId,
        _: &EventId,
        _: &Etag,
    ) -> Result<Stamped<Event>, CalendarError> {
        not_asked()
    }

    async fn reschedule(
        &self,
        _: &CalendarId,
        _: &EventId,
        _: &Etag,
        _: &NewTimes,
    ) -> Result<Stamped<Event>, CalendarError> {
        not_asked()
    }

    async fn delete(&self, _: &CalendarId, _: &EventId, _: &Etag) -> Result<(), CalendarError> {
        not_asked()
    }

    async fn answers(&self, _: &CalendarId) -> Result<(), CalendarError> {
        not_asked()
    }
}

fn calendar(n: usize) -> String {
    format!("doctor-{n}@clinic.example")
}

fn admin() -> Actor {
    Actor {
        name: "bench".to_owned(),
        role: Role::Admin,
    }
}

/// One event: every so many of them a visit that another desk has booked, the others people's entries.
fn event(config: &Config, first: DateTime<Utc>, n: usize, visit_every: usize) -> SeedEvent {
    let (doctor, place) = (n % CALENDARS, n / CALENDARS);
    let start = first + chrono::Duration::minutes(30 * i64::try_from(place).unwrap());
    let span = SeedSpan::Timed {
        start,
        end: start + chrono::Duration::minutes(20),
        zone: None,
    };
    let mut event = SeedEvent::new(calendar(doctor), format!("Entry {n}"), span);
    if visit_every > 0 && place % visit_every == 0 {
        let appointment = AppointmentId::new(Uuid::new_v4().to_string());
        let mark = Mark {
            kind: MarkKind::Appointment,
            clinic: config.clinic.id.clone(),
            database: "another".into(),
            desk: "another".into(),
            appointment: appointment.clone(),
            operation: "op".into(),
            rev: 0,
            attempt: 1,
            doctor: format!("doctor-{doctor}").as_str().into(),
            service: None,
            customer: Some(format!("customer-{n}").as_str().into()),
            name: Some(format!("Person {n}")),
            buffers: Buffers::NONE,
            lease_seconds: 120,
        };
        event.id = Some(EventId::of_attempt(&appointment, 1).to_string());
        event.private = google::mark_properties(&mark)
            .unwrap()
            .into_iter()
            .collect();
    }
    event
}

fn desk(config: &Config, source: Source) -> Desk {
    let store = wire::database(config).unwrap();
    let settings = wire::settings(config);
    Engine::new(source, store, SystemClock, RandomIds, settings)
}

fn open(runtime: &Runtime, desk: &Desk) {
    for n in 0..CALENDARS {
        let doctor = Command::AddDoctor(NewDoctor {
            name: format!("Dr {n}"),
            calendar: calendar(n).as_str().into(),
            specialty: String::new(),
            kind: Kind::Doctor,
            zone: Some(ZONE),
        });
        let done = runtime.block_on(desk.perform(&admin(), doctor, silent()));
        done.unwrap();
    }
}

/// Reads every calendar; how many events were other than before, and how long it took.
fn read(runtime: &Runtime, desk: &Desk) -> (usize, usize, Duration) {
    let started = Instant::now();
    let (mut events, mut adopted) = (0, 0);
    for n in 0..CALENDARS {
        let id = calendar(n).as_str().into();
        let synced = runtime
            .block_on(desk.sync_calendar(&id, SyncHow::Now))
            .unwrap()
            .unwrap();
        events += synced.events;
        adopted += synced.adopted;
    }
    (events, adopted, started.elapsed())
}

/// Records people until told to stop: the longest and the median time of one write, in milliseconds.
fn record_people(config: &Config, stop: &AtomicBool) -> (usize, f64, f64) {
    let mut store = wire::database(config).unwrap();
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let stamp = Stamp {
            actor: admin(),
            desk: "reception".into(),
            now: SystemClock.now(),
        };
        let customer = Customer {
            customer_id: Uuid::new_v4().to_string().as_str().into(),
            customer_name: "Ana".to_owned(),
            mobile: None,
            email: None,
            born: None,
        };
        let started = Instant::now();
        store.add_customer(&stamp, &customer).unwrap();
        took.push(millis(started.elapsed()));
        std::thread::sleep(Duration::from_millis(1));
    }
    took.sort_by(f64::total_cmp);
    let at = |n: usize| took.get(n).copied().unwrap_or(f64::NAN);
    (
        took.len(),
        at(took.len().saturating_sub(1)),
        at(took.len() / 2),
    )
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// A figure of this process in KiB, as Linux tells it.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[allow(
    clippy::too_many_lines,
    reason = "one measurement, from beginning to end"
)]
fn measure(name: &str, visit_every: usize) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let config = |name: &str| Config::of_clinic("Bench", ZONE, dir.path().join(name));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let now = SystemClock.now();
    let first = now.duration_trunc(chrono::Duration::hours(1)).unwrap();
    let calendars: Vec<CalendarSpec> = (0..CALENDARS)
        .map(|n| CalendarSpec {
            id: calendar(n),
            summary: format!("Dr {n}"),
            time_zone: ZONE.name().into(),
        })
        .collect();
    let data: PathBuf = dir.path().join("practice.db");
    let all = CALENDARS * EVENTS;
    let shape = config("shape");
    let plant = |data: &Path, numbers: std::ops::Range<usize>| {
        let events = numbers.map(|n| event(&shape, first, n, visit_every));
        seed(data, &calendars, events, now).unwrap();
    };
    plant(&data, 0..all);
    let server = runtime
        .block_on(Server::start(Options {
            data: data.clone(),
            listen: ([127, 0, 0, 1], 0).into(),
            calendars: calendars.clone(),
            now: Arc::new(|| SystemClock.now()),
        }))
        .unwrap();
    let client = google::Client::new(google::Options {
        base_url: Some(server.base_url()),
        token: google::Token::Practice,
        timeout: Duration::from_secs(30),
    })
    .unwrap();
    let (pages, nanos) = (Pages::default(), Arc::new(AtomicU64::new(0)));
    let google = || Duration::from_nanos(nanos.swap(0, Ordering::Relaxed));

    let live = config("live.db");
    let live = desk(
        &live,
        Source {
            live: Some(client),
            pages: Arc::clone(&pages),
            nanos: Arc::clone(&nanos),
        },
    );
    open(&runtime, &live);
    let (events, adopted, whole) = read(&runtime, &live);
    assert_eq!(events, all);
    println!(
        "{name}: {events} events in {CALENDARS} calendars, {adopted} visits of another desk taken over"
    );
    println!(
        "  first read, practice calendar: whole {:.0} ms, of it the adapter and the calendar {:.0} ms",
        millis(whole),
        millis(google())
    );
    plant(&data, all..all + CALENDARS);
    let (events, _, whole) = read(&runtime, &live);
    assert_eq!(events, CALENDARS);
    println!(
        "  10 changes in 10 reads, practice calendar: whole {:.1} ms, of it the adapter and the calendar {:.1} ms",
        millis(whole),
        millis(google())
    );
    let (events, _, _) = read(&runtime, &live);
    assert_eq!(events, 0);
    drop(live);
    runtime.block_on(server.stop());

    let clinic = config("clinic.db");
    let ours = || Source {
        live: None,
        pages: Arc::clone(&pages),
        nanos: Arc::clone(&nanos),
    };
    let alone = desk(&clinic, ours());
    open(&runtime, &alone);
    // from here on the highest mark is that of the read
    let marked = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = memory("VmRSS:");
    let (events, _, took) = read(&runtime, &alone);
    let most = memory("VmHWM:").filter(|_| marked);
    assert_eq!(events, all);
    println!("  first read, our own share: {:.0} ms", millis(took));
    if let (Some(before), Some(most)) = (before, most) {
        println!("  memory on top: {} KiB", most.saturating_sub(before));
    }
    let (events, _, took) = read(&runtime, &alone);
    assert_eq!(events, CALENDARS);
    println!(
        "  10 changes in 10 reads, our own share: {:.1} ms",
        millis(took)
    );
    let (events, _, took) = read(&runtime, &alone);
    assert_eq!(events, 0);
    println!(
        "  nothing new in 10 reads, our own share: {:.1} ms",
        millis(took)
    );

    let busy = config("busy.db");
    let beside = desk(&busy, ours());
    open(&runtime, &beside);
    let stop = Arc::new(AtomicBool::new(false));
    let people = {
        let (busy, stop) = (busy.clone(), Arc::clone(&stop));
        std::thread::spawn(move || record_people(&busy, &stop))
    };
    let (events, _, took) = read(&runtime, &beside);
    stop.store(true, Ordering::Relaxed);
    let (writes, longest, median) = people.join().unwrap();
    assert_eq!(events, all);
    println!(
        "  first read while somebody records people: {:.0} ms; {writes} writes, median {median:.2} ms, longest {longest:.1} ms",
        millis(took)
    );
}

fn main() {
    measure("people's entries", 0);
    measure("every fourth a visit of another desk", 4);
}
