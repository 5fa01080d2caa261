//! Whole clinics in one process, from a seed: the real flows, worker and database against a simulated
//! calendar, clock and network, with crashes, lost and late requests, and people who edit the calendar.
//! The promises of the protocol are asserted at every step or at rest.
//!
//! `cargo test --test simulator` runs 1,000 seeds. `SEEDS=100000 cargo test --release --test simulator
//! many -- --nocapture` runs as many as one likes, from `FROM` on. `SEED=123 cargo test --test simulator
//! replay -- --nocapture` runs one and prints what happens (`LAG=1` with it: where lists lag behind).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "simulator/acts.rs"]
mod acts;
#[path = "simulator/google.rs"]
mod google;
#[path = "simulator/in_step.rs"]
mod in_step;
#[path = "simulator/life.rs"]
mod life;
#[path = "simulator/mirror.rs"]
mod mirror;
#[path = "simulator/network.rs"]
mod network;
#[path = "simulator/people.rs"]
mod people;
#[path = "simulator/plan.rs"]
mod plan;
#[path = "simulator/program.rs"]
mod program;
#[path = "simulator/promises.rs"]
mod promises;
#[path = "simulator/random.rs"]
mod random;
#[path = "simulator/run.rs"]
mod run;
#[path = "simulator/silence.rs"]
mod silence;
#[path = "simulator/trace.rs"]
mod trace;
#[path = "simulator/turns.rs"]
mod turns;
#[path = "simulator/world.rs"]
mod world;

use plan::Plan;
use run::{Ran, run};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many failing seeds are shown before the rest is left.
const SHOWN: usize = 5;

#[test]
fn many_seeds_keep_every_promise() {
    let (from, seeds) = (
        number("FROM").unwrap_or(0),
        number("SEEDS").unwrap_or(1_000),
    );
    let (failures, collapsed) = failing(from..from + seeds, Plan::of);
    assert!(failures.is_empty(), "{}", told(&failures));
    // a simulation in which it never comes to that would show nothing about it
    assert!(seeds < 100 || collapsed > 0, "no edit was ever collapsed");
    println!("{collapsed} edits were collapsed in {seeds} seeds");
}

#[test]
fn where_lists_lag_behind_every_overlap_comes_into_repair() {
    let (from, seeds) = (number("FROM").unwrap_or(0), number("SEEDS").unwrap_or(200));
    let (failures, _) = failing(from..from + seeds, Plan::with_lag);
    assert!(failures.is_empty(), "{}", told(&failures));
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 0..10 {
        let first = run(seed, Plan::of(seed), false);
        let second = run(seed, Plan::of(seed), false);
        assert!(first.print.1 > 20, "seed {seed} does next to nothing");
        assert_eq!(first.print, second.print, "seed {seed}");
    }
}

#[test]
fn a_replay_of_one_seed_shows_what_happens() {
    let aloud = number("SEED").is_some();
    let seed = number("SEED").unwrap_or(0);
    let lag = std::env::var_os("LAG").is_some();
    let plan = if lag { Plan::with_lag } else { Plan::of };
    let ran = run(seed, plan(seed), aloud);
    assert_eq!(ran.broken, None, "seed {seed}");
}

/// The seeds that break a promise, with the promise, and how many edits were collapsed; on every core.
fn failing(
    seeds: std::ops::Range<u64>,
    plan: impl Fn(u64) -> Plan + Sync,
) -> (Vec<(u64, String)>, u64) {
    let all = AtomicU64::new(0);
    let (next, failures) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || world::held(&failures).len() >= SHOWN {
                        return;
                    }
                    let Ran {
                        broken, collapsed, ..
                    } = run(seed, plan(seed), false);
                    all.fetch_add(collapsed, Ordering::Relaxed);
                    if let Some(what) = broken {
                        world::held(&failures).push((seed, what));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no thread fell over");
    (failures, all.into_inner())
}

fn told(failures: &[(u64, String)]) -> String {
    let lines = failures.iter().map(|(seed, what)| {
        format!(
            "\nseed {seed}: {what}\n    SEED={seed} cargo test --test simulator replay -- --nocapture"
        )
    });
    lines.collect()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
