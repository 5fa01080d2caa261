//! A booking against the practice calendar: how many calls it makes, how long they take, and what is left: our
//! own share, two transactions to the disk among it. Once with the protocol that is safe between any desks, once
//! with the one for a clinic whose desks all share one database (`[booking] protocol`).
//!
//! ```sh
//! cargo bench --bench booking
//! ```
#![allow(clippy::unwrap_used, missing_docs)]

use chrono::DurationRound;
use chrono_tz::Tz;
use frontdesk::domain::customer::NewCustomer;
use frontdesk::domain::event::{Event, EventDraft, NewTimes};
use frontdesk::domain::id::{CalendarId, Etag, EventId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::time::Interval;
use frontdesk::flow::booking::Protocol;
use frontdesk::google;
use frontdesk::port::calendar::{BusyAnswer, Calendar, CalendarError, Listing, Stamped};
use frontdesk::port::clock::Clock;
use frontdesk::port::command::{Actor, Book, Command, Length, NewDoctor, Outcome, Who};
use frontdesk::port::sync::{ChangePage, ReadFrom};
use frontdesk::practice::{CalendarSpec, Options, Server};
use frontdesk::runtime::clock::{RandomIds, SystemClock};
use frontdesk::runtime::config::Config;
use frontdesk::runtime::wire;
use frontdesk::worker::engine::{Engine, silent};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const BOOKINGS: u32 = 200;
const ZONE: Tz = chrono_tz::Europe::Berlin;

/// The adapter, with a watch on every call.
struct Timed {
    inner: google::Client,
    nanos: Arc<AtomicU64>,
    calls: Arc<AtomicU64>,
}

impl Timed {
    async fn watch<T>(&self, call: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let answer = call.await;
        let took = u64::try_from(started.elapsed().as_nanos()).unwrap();
        self.nanos.fetch_add(took, Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed);
        answer
    }
}

impl Calendar for Timed {
    async fn free_busy(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError> {
        self.watch(self.inner.free_busy(calendars, window)).await
    }

    async fn list(
        &self,
        calendar: &CalendarId,
        window: Interval,
    ) -> Result<Stamped<Listing>, CalendarError> {
        self.watch(self.inner.list(calendar, window)).await
    }

    async fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> Result<Stamped<ChangePage>, CalendarError> {
        self.watch(self.inner.changes(calendar, from, page)).await
    }

    async fn get(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> Result<Stamped<Event>, CalendarError> {
        self.watch(self.inner.get(calendar, event)).await
    }

    async fn insert(&self, draft: &EventDraft) -> Result<Stamped<Event>, CalendarError> {
        self.watch(Box::pin(self.inner.insert(draft))).await
    }

    async fn confirm(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<Stamped<Event>, CalendarError> {
        self.watch(self.inner.confirm(calendar, event, etag)).await
    }

    async fn reschedule(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        times: &NewTimes,
    ) -> Result<Stamped<Event>, CalendarError> {
        self.watch(self.inner.reschedule(calendar, event, etag, times))
            .await
    }

    async fn delete(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<(), CalendarError> {
        self.watch(self.inner.delete(calendar, event, etag)).await
    }

    fn requests(&self) -> u64 {
        self.inner.requests()
    }

    async fn answers(&self, calendar: &CalendarId) -> Result<(), CalendarError> {
        self.watch(self.inner.answers(calendar)).await
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[allow(
    clippy::too_many_lines,
    reason = "one measurement, from beginning to end"
)]
fn measure(name: &str, protocol: Protocol) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime
        .block_on(Server::start(Options {
            data: dir.path().join("practice.db"),
            listen: ([127, 0, 0, 1], 0).into(),
            calendars: vec![CalendarSpec {
                id: "chen@clinic.example".into(),
                summary: "Chen".into(),
                time_zone: ZONE.name().into(),
            }],
            now: Arc::new(|| SystemClock.now()),
        }))
        .unwrap();
    let config = Config {
        protocol,
        ..Config::of_clinic("Bench", ZONE, dir.path().join("clinic.db"))
    };
    let client = google::Client::new(google::Options {
        base_url: Some(server.base_url()),
        token: google::Token::Practice,
        timeout: Duration::from_secs(10),
    })
    .unwrap();
    let (nanos, calls) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let timed = Timed {
        inner: client,
        nanos: Arc::clone(&nanos),
        calls: Arc::clone(&calls),
    };
    let store = wire::database(&config).unwrap();
    let engine = Engine::new(
        timed,
        store,
        SystemClock,
        RandomIds,
        wire::settings(&config),
    );
    let actor = Actor {
        name: "bench".to_owned(),
        role: Role::Admin,
    };
    let perform = |command| {
        runtime
            .block_on(engine.perform(&actor, command, silent()))
            .unwrap()
    };

    let Outcome::Doctor(doctor) = perform(Command::AddDoctor(NewDoctor {
        name: "Dr Chen".to_owned(),
        calendar: "chen@clinic.example".into(),
        specialty: String::new(),
        kind: frontdesk::domain::doctor::Kind::Doctor,
        zone: None,
    })) else {
        return;
    };
    let hours = doctor.hours.clone().with("all", "00:00-24:00").unwrap();
    perform(Command::SetHours(doctor.doctor_id.clone(), hours));

    let first = SystemClock
        .now()
        .duration_trunc(chrono::Duration::hours(1))
        .unwrap()
        + chrono::Duration::hours(2);
    let mut own = Vec::new();
    let mut total = Vec::new();
    calls.store(0, Ordering::Relaxed);
    for n in 0..BOOKINGS {
        let before = nanos.load(Ordering::Relaxed);
        let book = Command::Book(Book {
            doctor: doctor.doctor_id.clone(),
            customer: Who::New(NewCustomer {
                name: format!("Person {n}"),
                ..Default::default()
            }),
            start: first + chrono::Duration::minutes(i64::from(n) * 20),
            length: Length::Minutes(15),
            reason: String::new(),
            provisional: false,
            key: None,
        });
        let started = Instant::now();
        let outcome = perform(book);
        let took = started.elapsed();
        assert!(matches!(outcome, Outcome::Booked(_)), "{outcome:?}");
        let google = Duration::from_nanos(nanos.load(Ordering::Relaxed) - before);
        total.push(millis(took));
        own.push(millis(took.saturating_sub(google)));
    }
    for list in [&mut own, &mut total] {
        list.sort_by(f64::total_cmp);
    }
    let at = |list: &[f64], percent: usize| {
        list.get(list.len() * percent / 100)
            .copied()
            .unwrap_or(f64::NAN)
    };
    let calls = calls.load(Ordering::Relaxed);
    println!(
        "{name}: {BOOKINGS} bookings, {calls} calls, {:.2} each",
        f64::from(u32::try_from(calls).unwrap()) / f64::from(BOOKINGS)
    );
    println!(
        "  whole   median {:.2} ms   p95 {:.2} ms",
        at(&total, 50),
        at(&total, 95)
    );
    println!(
        "  ours    median {:.2} ms   p95 {:.2} ms",
        at(&own, 50),
        at(&own, 95)
    );
    runtime.block_on(server.stop());
}

fn main() {
    measure("full protocol", Protocol::Full);
    measure("one shared database", Protocol::SharedDatabase);
}
