//! A desk: a program that runs, crashes, and is started again on the same database, with people who use it.

use super::acts::{User, work};
use super::life::{Life, Unsteady};
use super::mirror::Handle;
use super::network::Network;
use super::random::Random;
use super::world::{World, calendar, clinic, held};
use frontdesk::domain::id::DeskId;
use frontdesk::domain::time::Moment;
use frontdesk::flow::wording::Wording;
use frontdesk::port::clock::{Clock, Ids};
use frontdesk::port::store::Looks;
use frontdesk::worker::engine::Engine;
use frontdesk::worker::settings::Settings;
use frontdesk::worker::sync::SyncHow;
use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Builder;

/// Longest pause between two looks for operations that are due, as beside a screen.
const RECOVER_EVERY: Duration = Duration::from_secs(30);
/// Longest pause between two reads of what has changed, in milliseconds.
const FOLLOW_EVERY: u64 = 60_000;

/// The engine as the simulation runs it.
pub type Desk = Engine<Network, Handle, SkewedClock, SeededIds>;

/// The simulated time, seen from a machine whose clock is off.
#[derive(Clone)]
pub struct SkewedClock {
    world: Arc<World>,
    database: usize,
}

impl Clock for SkewedClock {
    fn now(&self) -> Moment {
        let mirror = self.world.mirrors.get(self.database).expect("a database");
        self.world.now() + chrono::Duration::seconds(mirror.skew.load(Ordering::Relaxed))
    }
}

/// Identities and jitter from the seed.
pub struct SeededIds(Mutex<Random>);

impl Ids for SeededIds {
    fn uuid(&self) -> uuid::Uuid {
        let mut random = held(&self.0);
        let bits = (u128::from(random.next()) << 64) | u128::from(random.next());
        Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }

    fn jitter(&self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(held(&self.0).between(0, most))
    }
}

/// One place at the desk: which database, and which program on it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub database: usize,
    pub number: u64,
}

/// Runs the program of a place, again and again, until the simulation ends.
pub async fn desk(world: Arc<World>, place: Place, users: Vec<Arc<Mutex<User>>>) {
    let name = format!("desk-{}.{}", place.database, place.number);
    let mut random = Random::new(world.seed, &name);
    for life_number in 1.. {
        let id = format!("{name}/{life_number}");
        let engine = engine(&world, place, &id);
        let life = Arc::new(Life::default());
        world.note(format_args!("{id} starts"));
        let mut tasks = JoinSet::new();
        let mut start = |task: &str| Random::new(random.next(), task);
        let follows = Random::new(world.seed, &format!("{id} follows"));
        let seeds: Vec<Random> = (0..users.len() + 2).map(|_| start("steps")).collect();
        let mut seeds = seeds.into_iter();
        let mut next = || seeds.next().unwrap_or_else(|| Random::new(0, "steps"));
        tasks.spawn(unsteady(&world, &life, next(), recover(engine.clone())));
        let task = follow(Arc::clone(&world), engine.clone(), follows);
        tasks.spawn(unsteady(&world, &life, next(), task));
        for user in &users {
            let task = work(Arc::clone(&world), engine.clone(), place, Arc::clone(user));
            tasks.spawn(unsteady(&world, &life, next(), task));
        }
        loop {
            tokio::select! {
                biased;
                () = life.ended() => break,
                Some(ended) = tasks.join_next() => if let Err(error) = ended {
                    world.break_promise(format!("a task of {id} ended badly: {error}"));
                    return;
                },
            }
        }
        tasks.shutdown().await;
        world.note(format_args!("{id} CRASHED"));
        let most = if random.chance(200) { 240_000 } else { 30_000 };
        sleep(Duration::from_millis(random.between(0, most))).await;
    }
}

fn unsteady<F: Future>(
    world: &Arc<World>,
    life: &Arc<Life>,
    random: Random,
    task: F,
) -> Unsteady<F> {
    Unsteady {
        world: Arc::clone(world),
        life: Arc::clone(life),
        random,
        task: Box::pin(task),
        pause: None,
    }
}

/// A program of a place, just started.
pub fn engine(world: &Arc<World>, place: Place, id: &str) -> Desk {
    let network = Network {
        world: Arc::clone(world),
        desk: id.to_owned(),
        begun: Arc::default(),
    };
    let store = Handle {
        world: Arc::clone(world),
        number: place.database,
    };
    let clock = SkewedClock {
        world: Arc::clone(world),
        database: place.database,
    };
    let ids = SeededIds(Mutex::new(Random::new(world.seed, id)));
    let settings = Settings {
        clinic: clinic(),
        clinic_name: "Riverside Clinic".to_owned(),
        zone: super::google::ZONE,
        desk: DeskId::new(id),
        protocol: world.plan.protocol,
        wording: Wording::default(),
        stale_after: chrono::Duration::minutes(5),
        refresh_every: chrono::Duration::seconds(30),
        sync_every: chrono::Duration::seconds(60),
        past_days: 30,
        show_titles: false,
        brake_percent: 100,
        horizon_days: 30,
        requests_per_minute: 300,
        patience: chrono::Duration::seconds(15),
    };
    Engine::new(network, store, clock, ids, settings)
}

/// Recovery, as it runs beside a screen.
async fn recover(engine: Desk) {
    loop {
        let _ = engine.recover().await;
        let _ = engine.look_again_at(Looks::Due).await;
        engine.count_requests().await;
        let due = engine.next_due().await.ok().flatten();
        let wait = due.map_or(RECOVER_EVERY, |due| {
            let until = (due - engine.now()).to_std();
            until.unwrap_or(Duration::from_secs(1)).min(RECOVER_EVERY)
        });
        sleep(wait.max(Duration::from_millis(200))).await;
    }
}

/// Follows what people change in Google, as it does beside a screen.
async fn follow(world: Arc<World>, engine: Desk, mut random: Random) {
    loop {
        sleep(Duration::from_millis(random.between(10_000, FOLLOW_EVERY))).await;
        for doctor in 0..world.plan.doctors {
            let _ = engine
                .sync_calendar(&calendar(doctor), SyncHow::Gently)
                .await;
        }
    }
}
