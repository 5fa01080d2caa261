//! The watch channels of a program, against the practice calendar with a clock that can be moved.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::policy::Role;
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::time::Moment;
use frontdesk::flow::booking::Protocol;
use frontdesk::flow::wording::Wording;
use frontdesk::google::{Client, Options, Token};
use frontdesk::port::channels::{ChannelRecords, WatchChannel};
use frontdesk::port::clock::Clock;
use frontdesk::port::command::Actor;
use frontdesk::port::store::{Stamp, Store};
use frontdesk::runtime::clock::RandomIds;
use frontdesk::sqlite::Access;
use frontdesk::store::Database;
use frontdesk::worker::channels::{Channels, Heard, Place};
use frontdesk::worker::engine::Engine;
use frontdesk::worker::settings::Settings;
use rusqlite::Connection;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use support::{CHEN, Clinic};

const ROSSI: &str = "rossi@clinic.example";
const HERE: &str = "127.0.0.1:8443";
const HOUR: i64 = 3600;

/// The machine's clock, ahead or behind by so many seconds.
#[derive(Clone, Default)]
struct Moved(Arc<AtomicI64>);

impl Clock for Moved {
    fn now(&self) -> Moment {
        support::now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

type Ours = Channels<Client, Database, Moved, RandomIds>;

struct Desk {
    clinic: Clinic,
    clock: Moved,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn open(doctors: &[(&str, &str)]) -> Self {
        let clinic = Clinic::bare(&[CHEN, ROSSI]);
        let desk = Self {
            clinic,
            clock: Moved::default(),
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap(),
        };
        let mut db = desk.database();
        for (name, calendar) in doctors {
            let stamp = Stamp {
                actor: Actor {
                    name: "ana".to_owned(),
                    role: Role::Admin,
                },
                desk: "front".into(),
                now: support::now(),
            };
            db.add_doctor(&stamp, &doctor(name, calendar)).unwrap();
        }
        desk
    }

    fn database(&self) -> Database {
        Database::open(&self.clinic.dir.path().join("clinic.db"), Access::ReadWrite).unwrap()
    }

    /// A program that listens at the address.
    fn program(&self, listener: &str, ttl: Duration) -> Arc<Ours> {
        let client = Client::new(Options {
            base_url: Some(format!("http://{}/calendar/v3/", self.clinic.address)),
            token: Token::Practice,
            timeout: Duration::from_secs(5),
        })
        .unwrap();
        let settings = Settings {
            clinic: "elm".into(),
            clinic_name: "Elm Street".to_owned(),
            zone: chrono_tz::Europe::Berlin,
            desk: "front".into(),
            protocol: Protocol::Full,
            wording: Wording::default(),
            stale_after: TimeDelta::seconds(90),
            refresh_every: TimeDelta::hours(1),
            sync_every: TimeDelta::hours(1),
            past_days: 30,
            show_titles: false,
            brake_percent: 25,
            horizon_days: 28,
            requests_per_minute: 300,
            patience: TimeDelta::seconds(5),
        };
        let engine = Engine::new(
            client,
            self.database(),
            self.clock.clone(),
            RandomIds,
            settings,
        );
        let place = Place {
            // nobody listens there: what Google sends is not looked at here
            address: "http://127.0.0.1:9/".to_owned(),
            listener: listener.to_owned(),
            ttl,
        };
        Arc::new(Channels::new(engine, place))
    }

    fn round(&self, program: &Ours) -> Option<Moment> {
        self.runtime.block_on(program.round()).unwrap()
    }

    /// Both clocks, Google's and ours.
    fn let_pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
        self.clinic.let_pass(seconds);
    }

    /// The channels that Google has, by calendar: ids.
    fn open_at_google(&self) -> Vec<String> {
        let db = Connection::open(self.clinic.dir.path().join("practice.db")).unwrap();
        let mut rows = db
            .prepare("SELECT id FROM channel ORDER BY calendar, id")
            .unwrap();
        let ids = rows.query_map([], |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    }

    /// What the database knows.
    fn kept(&self) -> Vec<WatchChannel> {
        self.database().channels(HERE).unwrap()
    }

    fn kept_ids(&self) -> Vec<String> {
        let kept = self.kept();
        kept.iter().map(|c| c.id.to_string()).collect()
    }
}

fn doctor(name: &str, calendar: &str) -> Doctor {
    Doctor {
        doctor_id: name.into(),
        doctor_name: name.to_owned(),
        google_calendar_id: calendar.into(),
        specialty: String::new(),
        kind: Kind::Doctor,
        zone: chrono_tz::Europe::Berlin,
        hours: WeeklyHours::default(),
        slot_minutes: 30,
        active: true,
    }
}

fn day() -> Duration {
    Duration::from_hours(24)
}

fn seconds_off(a: DateTime<Utc>, b: DateTime<Utc>) -> i64 {
    (a - b).num_seconds().abs()
}

#[test]
fn a_channel_is_replaced_at_four_fifths_of_its_life_and_the_old_one_stopped() {
    let desk = Desk::open(&[("Chen", CHEN), ("Rossi", ROSSI)]);
    let program = desk.program(HERE, day());
    let next = desk.round(&program).unwrap();
    let first = desk.open_at_google();
    assert_eq!(first.len(), 2);
    let due = desk.clock.now() + TimeDelta::seconds(24 * HOUR * 4 / 5);
    assert!(seconds_off(next, due) < 60, "{next} {due}");
    desk.let_pass(24 * HOUR * 4 / 5 - 120);
    desk.round(&program);
    assert_eq!(desk.open_at_google(), first, "not before its time");
    desk.let_pass(240);
    desk.round(&program);
    let second = desk.open_at_google();
    assert_eq!(second.len(), 2);
    assert!(second.iter().all(|id| !first.contains(id)));
    let mut kept = desk.kept_ids();
    kept.sort();
    let mut there = second.clone();
    there.sort();
    assert_eq!(kept, there);
    assert!(desk.kept().iter().all(|c| c.resource_id.is_some()));
}

#[test]
fn a_life_is_measured_by_googles_clock_at_both_ends() {
    let desk = Desk::open(&[("Chen", CHEN)]);
    // only Google's: this desk's clock is two days slow
    desk.clinic.let_pass(48 * HOUR);
    let program = desk.program(HERE, day());
    let next = desk.round(&program).unwrap();
    let due = desk.clock.now() + TimeDelta::seconds(24 * HOUR * 4 / 5);
    assert!(seconds_off(next, due) < 60, "{next} {due}");
    let end = desk.clock.now() + TimeDelta::days(1);
    assert!(seconds_off(desk.kept()[0].expires_at, end) < 60);
}

#[test]
fn what_a_dead_program_left_is_stopped_by_the_next_one_at_its_address_only() {
    let desk = Desk::open(&[("Chen", CHEN)]);
    let (dead, elsewhere) = (desk.program(HERE, day()), desk.program("[::1]:1", day()));
    desk.round(&dead);
    let left = desk.open_at_google();
    desk.round(&elsewhere);
    let others: Vec<String> = desk
        .open_at_google()
        .into_iter()
        .filter(|id| !left.contains(id))
        .collect();
    assert_eq!(others.len(), 1);
    drop(dead);
    let next = desk.program(HERE, day());
    desk.runtime.block_on(next.take_over()).unwrap();
    // what is on its way from Google meanwhile is still believed, if it has the token
    let stranger = next.hear(&left[0].as_str().into(), b"no token", b"exists");
    assert_eq!(stranger, Heard::Stranger);
    desk.round(&next);
    let now = desk.open_at_google();
    assert_eq!(now.len(), 2);
    assert!(!now.contains(&left[0]));
    assert!(now.contains(&others[0]), "another listener's was stopped");
    assert_eq!(desk.kept().len(), 1);
}

#[test]
fn a_channel_that_opened_without_an_answer_is_found_and_stopped() {
    let desk = Desk::open(&[("Chen", CHEN)]);
    let program = desk.program(HERE, day());
    desk.clinic
        .fault(&json!({"route": "events.watch", "lost_answer": true, "times": 1}));
    let next = desk.round(&program).unwrap();
    let lost = desk.open_at_google();
    assert_eq!(lost.len(), 1, "it is open, and nobody was told");
    assert_eq!(desk.kept_ids(), lost, "but it is known");
    let wait = next - desk.clock.now();
    assert!(wait <= TimeDelta::seconds(3), "{wait}");
    desk.let_pass(5);
    desk.round(&program);
    let now = desk.open_at_google();
    assert_eq!(now.len(), 1);
    assert_ne!(now, lost);
    assert_eq!(desk.kept_ids(), now);
}

#[test]
fn a_refusal_is_waited_out_longer_and_longer_and_keeps_nobody_else_waiting() {
    let desk = Desk::open(&[("Chen", CHEN), ("Gone", "gone@clinic.example")]);
    let program = desk.program(HERE, day());
    desk.clinic
        .fault(&json!({"route": "events.watch", "calendar": CHEN, "status": 503, "times": 2}));
    let mut waits = Vec::new();
    for _ in 0..2 {
        let next = desk.round(&program).unwrap();
        let wait = (next - desk.clock.now()).num_seconds();
        waits.push(wait);
        assert_eq!(desk.open_at_google().len(), 0);
        desk.let_pass(wait + 1);
    }
    assert!(waits[0] <= 2 && (1..=3).contains(&waits[1]), "{waits:?}");
    desk.round(&program);
    assert_eq!(desk.open_at_google().len(), 1, "the calendar that is there");
    assert_eq!(desk.kept().len(), 1, "nothing is kept of what was refused");
    // the one that is not there was asked for once
    let asked = desk.clinic.calls();
    let asked = asked
        .iter()
        .filter(|route| *route == "events.watch")
        .count();
    assert_eq!(asked, 4);
}

#[test]
fn at_the_end_all_channels_are_stopped_and_no_more_opened() {
    let desk = Desk::open(&[("Chen", CHEN), ("Rossi", ROSSI)]);
    let program = desk.program(HERE, day());
    desk.round(&program);
    assert_eq!(desk.open_at_google().len(), 2);
    let close = |within| desk.runtime.block_on(program.close(within));
    assert!(close(Duration::from_secs(5)));
    assert_eq!(desk.open_at_google(), Vec::<String>::new());
    assert_eq!(desk.kept(), []);
    desk.round(&program);
    assert_eq!(desk.open_at_google(), Vec::<String>::new());
}

#[test]
fn a_google_that_does_not_answer_keeps_nobody_from_leaving_and_the_next_program_cleans_up() {
    let desk = Desk::open(&[("Chen", CHEN)]);
    let program = desk.program(HERE, day());
    desk.round(&program);
    desk.clinic
        .fault(&json!({"route": "channels.stop", "hold": true}));
    let began = Instant::now();
    let within = Duration::from_millis(200);
    assert!(!desk.runtime.block_on(program.close(within)));
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(desk.kept().len(), 1);
    desk.clinic.clear_faults();
    let next = desk.program(HERE, day());
    desk.runtime.block_on(next.take_over()).unwrap();
    desk.round(&next);
    assert_eq!(desk.open_at_google(), desk.kept_ids());
    assert_eq!(desk.open_at_google().len(), 1);
}

#[test]
fn a_channel_that_lives_for_seconds_is_replaced_by_itself_and_in_time() {
    let desk = Desk::open(&[("Chen", CHEN)]);
    let program = desk.program(HERE, Duration::from_secs(2));
    let running = Arc::clone(&program);
    let task = desk.runtime.spawn(async move { running.run().await });
    let mut seen = Vec::new();
    support::eventually("three channels after each other", || {
        for id in desk.open_at_google() {
            if !seen.contains(&id) {
                seen.push(id);
            }
        }
        seen.len() >= 3
    });
    assert!(desk.runtime.block_on(program.close(Duration::from_secs(5))));
    desk.runtime.block_on(task).unwrap();
    assert_eq!(desk.open_at_google(), Vec::<String>::new());
}
