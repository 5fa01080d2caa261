//! The demo clinic as the program finds it: made, kept, made anew, and seen through the Google adapter.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, Duration, NaiveDate, Utc};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::blocks::blocks;
use frontdesk::domain::event::{EventKind, EventStatus, MarkKind};
use frontdesk::domain::id::CalendarId;
use frontdesk::domain::time::{Interval, days, merged};
use frontdesk::google::{Client, Options, TIMEOUT, Token};
use frontdesk::port::calendar::{BusyAnswer, Calendar};
use frontdesk::port::store::Records;
use frontdesk::practice::{self, Server};
use frontdesk::runtime::config::{Config, Mode};
use frontdesk::runtime::demo::{BASE_URL, CALENDAR_DAYS, DemoError, PORT, Plan, Prepared, prepare};
use frontdesk::sqlite::Access;
use frontdesk::store::Database;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn now() -> DateTime<Utc> {
    "2026-11-24T07:30:00Z".parse().unwrap()
}

fn plan() -> Plan {
    Plan::usual(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap())
}

/// One that is made quickly.
fn small() -> Plan {
    Plan {
        doctors: 2,
        appointments: Some(60),
        ..plan()
    }
}

fn made(dir: &Path, plan: &Plan, fresh: bool) -> Result<Prepared, DemoError> {
    prepare(dir, plan, fresh, now(), &mut |_| {})
}

fn open(prepared: &Prepared) -> Database {
    Database::open(&prepared.config.database, Access::ReadWrite).unwrap()
}

fn horizon() -> Interval {
    let first = plan().today - Duration::days(3_000);
    Interval::new(
        days(plan().zone, first, 1).start(),
        days(plan().zone, plan().today, 60).end(),
    )
    .unwrap()
}

fn all(prepared: &Prepared) -> Vec<Appointment> {
    open(prepared).appointments(&[], horizon(), true).unwrap()
}

fn files(dir: &Path) -> HashSet<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_demo_is_made_whole_and_nothing_else_is_left() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("demo");
    let mut heard = Vec::new();
    let prepared = prepare(&dir, &plan(), false, now(), &mut |line| heard.push(line)).unwrap();
    assert!(!prepared.kept && prepared.notice.is_none());
    assert_eq!(
        (prepared.made_on, prepared.calendars.len()),
        (plan().today, 6)
    );
    assert!(
        heard[0].starts_with("Making a clinic of 6 doctors with "),
        "{heard:?}"
    );
    let made = [
        "frontdesk.db",
        "practice.db",
        "frontdesk.toml",
        "demo.json",
        ".demo.lock",
    ];
    assert_eq!(files(&dir), made.map(str::to_owned).into());
    assert_eq!(files(parent.path()), ["demo".to_owned()].into());

    let database = open(&prepared);
    assert_eq!(database.doctors().unwrap().len(), 6);
    assert!(database.services().unwrap().len() >= 8);
    let counts = database.counts().unwrap();
    assert_eq!((counts.pending, counts.repair), (0, 0));
    assert!(database.unsettled().unwrap().is_empty());
    assert_eq!(database.audit_break().unwrap(), None);
    let appointments = all(&prepared);
    assert!(appointments.len() > 1_000 && appointments.len() < 2_500);
    assert!(
        appointments
            .iter()
            .all(|a| a.source == Source::Demo && a.sync_state == SyncState::Synced)
    );
    let found = database.find_customers("李", 5, now()).unwrap();
    assert!(
        found
            .iter()
            .all(|hit| hit.customer.customer_name.contains('李'))
            && !found.is_empty()
    );
}

#[test]
fn a_demo_is_kept_between_runs_and_made_anew_only_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let first = made(dir.path(), &plan(), false).unwrap();
    let (before, identity) = (all(&first), open(&first).database_id().unwrap());
    drop(first);

    let later = Plan {
        today: plan().today + Duration::days(3),
        ..plan()
    };
    let kept = made(dir.path(), &later, false).unwrap();
    assert!(kept.kept && kept.notice.is_none());
    assert_eq!((kept.made_on, all(&kept)), (plan().today, before.clone()));
    drop(kept);

    let old = Plan {
        today: plan().today + Duration::days(30),
        ..plan()
    };
    let notice = made(dir.path(), &old, false).unwrap().notice.unwrap();
    assert!(
        notice.contains("Tue 24 Nov") && notice.contains("--fresh"),
        "{notice}"
    );

    let other = Plan {
        doctors: 2,
        ..plan()
    };
    let kept = made(dir.path(), &other, false).unwrap();
    assert!(kept.kept && kept.calendars.len() == 6);
    let notice = kept.notice.clone().unwrap();
    assert!(
        notice.contains("6 doctors") && notice.contains("--fresh"),
        "{notice}"
    );
    drop(kept);

    fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    assert!(BASE_URL.contains(&format!(":{PORT}/")));
    let fresh = made(dir.path(), &other, true).unwrap();
    assert!(!fresh.kept && fresh.calendars.len() == 2);
    assert_ne!(open(&fresh).database_id().unwrap(), identity);
    assert_eq!(open(&fresh).doctors().unwrap().len(), 2);
    drop(fresh);

    let again = made(dir.path(), &plan(), true).unwrap();
    assert_eq!(all(&again), before, "the same plan makes the same clinic");
    assert!(files(dir.path()).contains("notes.txt"));
}

#[test]
fn a_directory_with_other_peoples_files_is_refused_and_left_as_it_was() {
    for name in ["frontdesk.db", "practice.db", "frontdesk.toml", "demo.json"] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), "mine").unwrap();
        for fresh in [false, true] {
            let refused = made(dir.path(), &small(), fresh).unwrap_err();
            assert!(
                matches!(&refused, DemoError::Foreign(path) if path.ends_with(name)),
                "{refused}"
            );
            assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "mine");
            assert!(
                files(dir.path()).is_subset(&[name.to_owned(), ".demo.lock".to_owned()].into())
            );
        }
    }
}

#[test]
fn what_cannot_be_made_leaves_nothing_behind() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("demo");
    let impossible = Plan {
        doctors: 0,
        ..plan()
    };
    assert!(matches!(
        made(&dir, &impossible, false),
        Err(DemoError::Doctors { .. })
    ));
    assert!(files(parent.path()).is_empty());

    let file = parent.path().join("file");
    fs::write(&file, "mine").unwrap();
    let refused = made(&file, &small(), false).unwrap_err().to_string();
    assert!(
        refused.contains("file cannot be used for a demo"),
        "{refused}"
    );

    // a demo that is there survives one that cannot be made
    let before = all(&made(&dir, &small(), false).unwrap());
    assert!(made(&dir, &impossible, true).is_err());
    assert_eq!(all(&made(&dir, &small(), false).unwrap()), before);
}

#[test]
fn a_demo_that_is_open_is_shared_but_not_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let opened = made(dir.path(), &small(), false).unwrap();
    assert!(matches!(
        made(dir.path(), &small(), true),
        Err(DemoError::InUse(_))
    ));
    assert!(made(dir.path(), &small(), false).unwrap().kept);
    drop(opened);
    assert!(!made(dir.path(), &small(), true).unwrap().kept);
}

#[test]
fn two_programs_that_start_at_once_make_one_demo() {
    let dir = tempfile::tempdir().unwrap();
    let path: Arc<PathBuf> = Arc::new(dir.path().join("demo"));
    let start = || {
        let path = Arc::clone(&path);
        std::thread::spawn(move || made(&path, &small(), false).map(|p| p.kept))
    };
    let mut kept: Vec<bool> = [start(), start(), start()]
        .into_iter()
        .map(|thread| thread.join().unwrap().unwrap())
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, [false, true, true]);
}

#[test]
fn a_demo_with_a_file_missing_asks_for_a_fresh_one() {
    let dir = tempfile::tempdir().unwrap();
    drop(made(dir.path(), &small(), false).unwrap());
    fs::remove_file(dir.path().join("practice.db")).unwrap();
    let refused = made(dir.path(), &small(), false).unwrap_err().to_string();
    assert!(
        refused.contains("practice.db is missing") && refused.contains("--fresh"),
        "{refused}"
    );
    assert!(!made(dir.path(), &small(), true).unwrap().kept);
}

#[test]
fn the_configuration_beside_it_is_that_of_the_same_clinic() {
    let dir = tempfile::tempdir().unwrap();
    let prepared = made(dir.path(), &small(), false).unwrap();
    let read = Config::load(Some(&dir.path().join("frontdesk.toml")), None, &|_| None).unwrap();
    assert_eq!(read, prepared.config);
    assert_eq!(read.google.mode, Mode::Practice);
    assert_eq!(read.google.base_url.as_deref(), Some(BASE_URL));
    assert!(read.database.exists());
}

#[test]
fn older_visits_are_history_that_the_calendars_do_not_have() {
    let dir = tempfile::tempdir().unwrap();
    let plan = Plan {
        doctors: 3,
        appointments: Some(6_000),
        ..plan()
    };
    let prepared = made(dir.path(), &plan, false).unwrap();
    let appointments = all(&prepared);
    assert_eq!(appointments.len(), 6_000);
    let first = days(
        plan.zone,
        plan.today - Duration::days(CALENDAR_DAYS.try_into().unwrap()),
        1,
    )
    .start();
    let confirmed = appointments
        .iter()
        .filter(|a| a.status == Status::Confirmed);
    for a in confirmed {
        assert_eq!(a.etag.is_some(), a.visit.start() >= first, "{a:?}");
    }
    assert!(appointments[0].visit.start() < first);
}

#[tokio::test]
async fn the_calendars_and_the_database_say_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let prepared = made(dir.path(), &plan(), false).unwrap();
    let server = Server::start(practice::Options {
        data: prepared.practice_data.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        calendars: prepared.calendars.clone(),
        now: Arc::new(now),
    })
    .await
    .unwrap();
    let client = Client::new(Options {
        base_url: Some(server.base_url()),
        token: Token::Practice,
        timeout: TIMEOUT,
    })
    .unwrap();
    let database = open(&prepared);
    let (identity, clinic) = (database.database_id().unwrap(), &prepared.config.clinic.id);
    let appointments = all(&prepared);
    let (mut kinds, mut met) = (HashSet::new(), HashSet::new());
    let calendars: Vec<CalendarId> = prepared
        .calendars
        .iter()
        .map(|c| c.id.as_str().into())
        .collect();
    let window = days(plan().zone, plan().today - Duration::days(20), 50);
    for calendar in &calendars {
        let listing = client.list(calendar, window).await.unwrap().value;
        let events: HashMap<_, _> = listing.events.iter().map(|e| (&e.id, e)).collect();
        let mine = appointments
            .iter()
            .filter(|a| a.google_calendar_id == *calendar);
        let mine = mine.filter(|a| window.covers(&a.visit));
        let mut live = 0;
        for a in mine {
            let event = events.get(a.google_event_id.as_ref().unwrap());
            if a.status == Status::Cancelled {
                assert!(event.is_none(), "{a:?}");
                continue;
            }
            live += 1;
            let event = event.unwrap();
            assert_eq!(
                (&event.etag, event.status),
                (&a.etag, EventStatus::Confirmed)
            );
            let mark = event.mark.as_ref().unwrap();
            assert_eq!(
                (mark.kind, &mark.clinic, &mark.database),
                (MarkKind::Appointment, clinic, &identity)
            );
            assert_eq!(
                (&mark.appointment, &mark.doctor),
                (&a.appointment_id, &a.doctor_id)
            );
            assert_eq!(
                (&mark.service, mark.customer.as_ref()),
                (&a.service_id, Some(&a.customer_id))
            );
            assert_eq!((mark.rev, mark.attempt), (a.rev, a.attempt));
            let block = blocks(event, listing.zone, clinic).unwrap();
            assert_eq!((block.visit, block.blocked), (a.visit, a.blocked()));
            let title = format!("Appointment: {} with {}", a.customer_name, a.doctor_name);
            assert_eq!(event.summary, title);
        }
        assert_eq!(
            listing.events.iter().filter(|e| e.mark.is_some()).count(),
            live
        );
        for private in listing.events.iter().filter(|e| e.mark.is_none()) {
            kinds.insert(private.kind_of());
            met.insert(private.summary.clone());
        }
        // what the calendar says is taken is what its events block
        let all_events = listing.events.iter();
        let own = all_events.filter_map(|e| blocks(e, listing.zone, clinic)?.visit.shared(&window));
        let own = merged(own.collect());
        let whole = [calendar.clone()];
        let near = days(plan().zone, plan().today, 28);
        let busy = client.free_busy(&whole, near).await.unwrap().value;
        let BusyAnswer::Busy(busy) = &busy[0].1 else {
            panic!("{calendar} cannot be read");
        };
        let expected: Vec<Interval> = own.iter().filter_map(|i| i.shared(&near)).collect();
        assert_eq!(*busy, expected, "{calendar}");
    }
    for title in [
        "Lunch",
        "Team meeting",
        "Day off",
        "Dentist",
        "On call",
        "Paperwork",
    ] {
        assert!(met.contains(title), "{title} in {met:?}");
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
    server.stop().await;
}

/// What an adapter must tell apart.
trait KindOf {
    fn kind_of(&self) -> (EventKindName, bool, bool, bool, bool);
}

type EventKindName = &'static str;

impl KindOf for frontdesk::domain::event::Event {
    fn kind_of(&self) -> (EventKindName, bool, bool, bool, bool) {
        let all_day = matches!(
            self.times,
            Some(frontdesk::domain::event::EventTimes::AllDay { .. })
        );
        let kind = match self.kind {
            EventKind::OutOfOffice => "out of office",
            EventKind::FocusTime => "focus time",
            EventKind::WorkingLocation => "working location",
            EventKind::Birthday => "birthday",
            _ => "default",
        };
        (
            kind,
            self.transparent,
            self.declined,
            self.status == EventStatus::Tentative,
            all_day,
        )
    }
}
