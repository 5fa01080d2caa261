//! One run: the clinic of a seed from the first act to rest.

use super::acts::User;
use super::in_step;
use super::people;
use super::plan::Plan;
use super::program::{Place, desk};
use super::promises;
use super::world::{World, calendar, held};
use frontdesk::domain::time::Moment;
use frontdesk::port::store::Records;
use frontdesk::port::sync::SyncRecords;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// By then everybody has done what they wanted, however bad the day.
const LONGEST_DAY: Duration = Duration::from_hours(4);
/// By then nothing is open any more, once nothing goes wrong any more: leases, claims and the longest
/// pause between two tries are minutes.
const LONGEST_SETTLING: Duration = Duration::from_mins(30);
/// How often everything is read once nothing goes wrong any more.
const ROUNDS: usize = 3;
/// By then what was confirmed last has been read again.
const SWEPT: Duration = Duration::from_mins(10);

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Hash of the log, and its length.
    pub print: (u64, u64),
    /// The first promise that was broken.
    pub broken: Option<String>,
    /// Edits that were taken up before the calendar was told of the first.
    pub collapsed: u64,
}

/// Runs the clinic of a plan; `aloud` prints what happens.
pub fn run(seed: u64, plan: Plan, aloud: bool) -> Ran {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let world = Arc::new(World::new(seed, plan, aloud));
        world.note(format_args!("seed {seed} {:?}", world.plan));
        open(&world);
        day(&world).await;
        if world.broken().is_none() {
            settle(&world).await;
        }
        if world.broken().is_none()
            && let Some(what) = promises::at_rest(&world).or_else(|| in_step::at_rest(&world))
        {
            world.break_promise(what);
        }
        Ran {
            print: world.print(),
            broken: world.broken(),
            collapsed: world.collapsed.load(Ordering::Relaxed),
        }
    })
}

/// Starts every desk, and the people outside.
fn open(world: &Arc<World>) {
    for (database, desks) in world.plan.desks.iter().enumerate() {
        for number in 0..*desks {
            let place = Place { database, number };
            let user = |n| Arc::new(Mutex::new(User::new(world, place, n)));
            let users: Vec<_> = (0..world.plan.users).map(user).collect();
            world.at_work.fetch_add(world.plan.users, Ordering::Relaxed);
            tokio::spawn(desk(Arc::clone(world), place, users));
        }
    }
    world.at_work.fetch_add(1, Ordering::Relaxed);
    tokio::spawn(people::edit(Arc::clone(world)));
}

/// Until everybody has done what they wanted.
async fn day(world: &Arc<World>) {
    let begun = Instant::now();
    while world.at_work.load(Ordering::Relaxed) > 0 && world.broken().is_none() {
        if begun.elapsed() > LONGEST_DAY {
            world.break_promise("somebody waits without end");
            return;
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// Until nothing is under way any more: nothing goes wrong from here on.
async fn settle(world: &Arc<World>) {
    world.end_faults();
    world.note(format_args!("the faults are over"));
    until(world, "I5: an operation does not settle", quiet).await;
    if world.plan.lag > 0 {
        sleep(SWEPT).await;
    }
    // what a read finds may have to be looked at again, and be found by the read after that
    for _ in 0..ROUNDS {
        let since = world.now() + chrono::Duration::seconds(1);
        let why = "the calendars are not followed any more";
        until(world, why, |world| followed(world, since)).await;
        until(world, "I5: a second look does not settle", quiet).await;
    }
}

/// Until nothing is under way, or so long that it is a broken promise.
async fn until(world: &World, why: &str, done: impl Fn(&World) -> bool) {
    let begun = Instant::now();
    while !done(world) && world.broken().is_none() {
        if begun.elapsed() > LONGEST_SETTLING {
            world.break_promise(why);
            return;
        }
        sleep(Duration::from_secs(5)).await;
    }
}

/// Whether every database has read every calendar to the end since.
fn followed(world: &World, since: Moment) -> bool {
    world.mirrors.iter().all(|mirror| {
        let skew = chrono::Duration::seconds(mirror.skew.load(Ordering::Relaxed));
        let cursors = held(&mirror.database).cursors().unwrap_or_default();
        (0..world.plan.doctors).all(|doctor| {
            let read = cursors.iter().find(|c| c.calendar == calendar(doctor));
            read.and_then(|c| c.synced_at)
                .is_some_and(|at| at - skew >= since)
        })
    })
}

fn quiet(world: &World) -> bool {
    let settled =
        |mirror: &super::world::Mirror| matches!(held(&mirror.database).next_due(), Ok(None));
    world.in_flight.load(Ordering::Relaxed) == 0 && world.mirrors.iter().all(settled)
}
