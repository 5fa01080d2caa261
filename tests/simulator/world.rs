//! Everything that the parts of one run share: the calendar, the databases, time, chance, the log, and
//! what was found wrong.

use super::google::{Google, ZONE};
use super::in_step::Kept;
use super::network::Instead;
use super::plan::Plan;
use super::promises;
use super::random::Random;
use super::trace::Trace;
use chrono::DateTime;
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::event::Mark;
use frontdesk::domain::id::{AppointmentId, CalendarId, ClinicId, DatabaseId};
use frontdesk::domain::policy::Role;
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::{Buffers, Service};
use frontdesk::domain::time::Moment;
use frontdesk::port::command::{Actor, Book};
use frontdesk::port::store::{Records, Stamp, Store};
use frontdesk::store::Database;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Arguments;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What a visit is for: minutes, and minutes kept free before and after.
const SERVICES: [(u32, u32, u32); 4] = [(20, 0, 0), (30, 10, 10), (40, 0, 30), (20, 20, 0)];
/// Stands in every reason: it may reach neither Google nor an answer of it.
pub const PRIVATE: &str = "in confidence";

/// One database of the clinic.
pub struct Mirror {
    pub database: Mutex<Database>,
    pub id: DatabaseId,
    /// How far the clock of its machine is off, in seconds.
    pub skew: AtomicI64,
}

/// What the parts of a run share.
pub struct World {
    pub seed: u64,
    pub plan: Plan,
    pub google: Mutex<Google>,
    pub mirrors: Vec<Mirror>,
    /// Appointments whose repair a person has settled: how they stand is that person's choice.
    pub chosen: Mutex<BTreeSet<AppointmentId>>,
    /// What was ever recorded in each database, as nothing that is read may change it.
    pub recorded: Mutex<BTreeMap<(usize, AppointmentId), Kept>>,
    /// Bookings with a key, and the database they were asked of.
    pub keyed: Mutex<Vec<(usize, Book)>>,
    /// Marks that desks have written.
    pub marks: Mutex<Vec<Mark>>,
    /// People who are not done yet.
    pub at_work: AtomicU64,
    /// Requests on their way.
    pub in_flight: AtomicU64,
    /// Draws of the network.
    pub fates: Mutex<Random>,
    requests: AtomicU64,
    faults: AtomicBool,
    /// What everybody is told who asks now, for scenes.
    pub instead: Mutex<Option<Instead>>,
    /// Edits that were taken up before the calendar was told of the first.
    pub collapsed: AtomicU64,
    start: Instant,
    trace: Mutex<Trace>,
    broken: Mutex<Option<String>>,
}

impl World {
    /// The clinic before anybody acts. Must be made on the runtime whose time it takes.
    pub fn new(seed: u64, plan: Plan, aloud: bool) -> Self {
        let calendars: Vec<CalendarId> = (0..plan.doctors).map(calendar).collect();
        Self {
            seed,
            google: Mutex::new(Google::new(&calendars, plan.bare_tombstones)),
            mirrors: plan.skews.iter().map(|skew| mirror(&plan, *skew)).collect(),
            plan,
            chosen: Mutex::default(),
            recorded: Mutex::default(),
            keyed: Mutex::default(),
            marks: Mutex::default(),
            at_work: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            fates: Mutex::new(Random::new(seed, "network")),
            requests: AtomicU64::new(0),
            faults: AtomicBool::new(true),
            instead: Mutex::default(),
            collapsed: AtomicU64::new(0),
            start: Instant::now(),
            trace: Mutex::new(Trace::new(aloud)),
            broken: Mutex::default(),
        }
    }

    /// Google's clock.
    pub fn now(&self) -> Moment {
        let passed = chrono::Duration::from_std(self.start.elapsed());
        epoch() + passed.expect("simulated time is short")
    }

    /// Whether things still go wrong.
    pub fn faulty(&self) -> bool {
        self.faults.load(Ordering::Relaxed)
    }

    /// From here on nothing goes wrong any more.
    pub fn end_faults(&self) {
        self.faults.store(false, Ordering::Relaxed);
    }

    /// Whether nobody at all is answered now.
    pub fn is_silent(&self) -> bool {
        let now = self.start.elapsed().as_secs();
        let silent = self.plan.outage.as_ref().is_some_and(|o| o.contains(&now));
        silent && self.faulty()
    }

    /// How many requests were made so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The number of the next request.
    pub fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Adds a line to the log.
    pub fn note(&self, words: Arguments<'_>) {
        held(&self.trace).note(self.start.elapsed(), words);
    }

    /// The hash of the log and its length.
    pub fn print(&self) -> (u64, u64) {
        held(&self.trace).print()
    }

    /// A promise was broken; the first one counts.
    pub fn break_promise(&self, what: impl Into<String>) {
        let what = what.into();
        self.note(format_args!("BROKEN {what}"));
        held(&self.broken).get_or_insert(what);
    }

    /// What was broken first.
    pub fn broken(&self) -> Option<String> {
        held(&self.broken).clone()
    }

    /// After a change of the calendar: what must hold at every step.
    pub fn check_step(&self) {
        // what a stale list let happen is found by a sweep, and judged at rest
        if self.plan.lag > 0 {
            return;
        }
        if let Some(what) = promises::at_every_step(self) {
            self.break_promise(what);
        }
    }

    /// The mirror with this database.
    pub fn mirror_of(&self, id: &DatabaseId) -> Option<&Mirror> {
        self.mirrors.iter().find(|mirror| mirror.id == *id)
    }
}

/// What a lock holds, also after a panic elsewhere: the run has failed then, and says so.
pub fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// When the simulation begins: a Friday morning. Visits are on the Monday after it.
pub fn epoch() -> Moment {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a moment")
}

/// The first start that is asked for.
pub fn first_start() -> Moment {
    epoch() + chrono::Duration::days(3)
}

/// Whose events are ours.
pub fn clinic() -> ClinicId {
    ClinicId::new("riverside")
}

/// The calendar of a doctor.
pub fn calendar(doctor: u64) -> CalendarId {
    CalendarId::new(format!("doctor-{doctor}@clinic.example"))
}

/// Somebody at the desk.
pub fn receptionist() -> Actor {
    Actor {
        name: "Sam".to_owned(),
        role: Role::Receptionist,
    }
}

fn mirror(plan: &Plan, skew: i64) -> Mirror {
    let mut database = Database::in_memory().expect("a database");
    let stamp = Stamp {
        actor: Actor {
            name: "Ada".to_owned(),
            role: Role::Admin,
        },
        desk: "setting-up".into(),
        now: epoch(),
    };
    // visits are asked for between 9:00 and 11:00 in Berlin
    let hours = WeeklyHours::office().with("all", "06:00-20:00");
    for number in 0..plan.doctors {
        let doctor = Doctor {
            doctor_id: format!("doctor-{number}").into(),
            doctor_name: format!("Dr {number}"),
            google_calendar_id: calendar(number),
            specialty: String::new(),
            kind: Kind::Doctor,
            zone: ZONE,
            hours: hours.clone().expect("hours"),
            slot_minutes: 30,
            active: true,
        };
        database.add_doctor(&stamp, &doctor).expect("a doctor");
    }
    for (number, (minutes, before, after)) in SERVICES.into_iter().enumerate() {
        let service = Service {
            service_id: format!("service-{number}").into(),
            service_name: format!("Service {number}"),
            minutes,
            buffers: Buffers::new(before, after).expect("buffers"),
            active: true,
        };
        database.add_service(&stamp, &service).expect("a service");
    }
    Mirror {
        id: database.database_id().expect("an identity"),
        database: Mutex::new(database),
        skew: AtomicI64::new(skew),
    }
}

/// How many services there are.
pub const fn services() -> u64 {
    SERVICES.len() as u64
}
