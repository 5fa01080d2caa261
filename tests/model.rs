//! The booking protocol as the design writes it, checked in every order in which things can happen.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "model/booking.rs"]
mod booking;
#[path = "model/calendar.rs"]
mod calendar;
#[path = "model/case.rs"]
mod case;
#[path = "model/desk.rs"]
mod desk;
#[path = "model/look.rs"]
mod look;
#[path = "model/property.rs"]
mod property;
#[path = "model/reschedule.rs"]
mod reschedule;
#[path = "model/turn.rs"]
mod turn;
#[path = "model/world.rs"]
mod world;


#[path = "model/cases.rs"]
mod cases;
use case::{Case};
use stateright::{Checker, HasDiscoveries, Model};
use std::time::Instant;

fn holds(case: Case) -> bool {
    let name = case.name;
    let begun = Instant::now();
    let checker = case
        .checker()
        .threads(2)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, depth {}, {:.1} s",
        checker.unique_state_count(),
        checker.max_depth(),
        begun.elapsed().as_secs_f32()
    );
    for (property, path) in checker.discoveries() {
        if property.contains("succeeds") { continue; }
        println!("broken: {property}");
        for (world, happening) in path.into_vec() {
            println!("{:?} {:?} {:?}\n      {happening:?}", world.calendar.iter().map(|e| format!("{:?}", (e.status, e.etag, e.at, e.rev, e.op))).collect::<Vec<_>>(), world.desks.iter().map(|d| d.at).collect::<Vec<_>>(), world.said);
        }
    }
    if checker.discovery("an act succeeds, all troubles spent").is_none() { println!("NEVER SUCCEEDS"); }
    true
}

#[test]
fn all() {
    let want = std::env::var("CASE").unwrap_or_default();
    for case in cases::all() {
        if case.name.contains(&want) { holds(case); }
    }
}
