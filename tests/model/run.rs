//! Runs a case: through everything that can happen, or until the rule left out is missed.

use crate::case::Case;
use crate::property::SUCCEEDS;
use crate::world::{Happening, World};
use stateright::{Checker, HasDiscoveries, Model, Path};
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Instant;

/// Asserts that nothing that can happen breaks a property, and that somebody gets somewhere.
pub fn holds(case: Case) {
    let name = format!("{} ({})", case.name, troubles(&case));
    let begun = Instant::now();
    let failures = HasDiscoveries::AnyFailures;
    let checker = case.checker().finish_when(failures).spawn_bfs().join();
    let seconds = begun.elapsed().as_secs_f32();
    let states = checker.unique_state_count();
    println!(
        "holds: {name}: {states} states, depth {}, {seconds:.1} s",
        checker.max_depth()
    );
    for (property, path) in checker.discoveries() {
        if property != SUCCEEDS {
            tell(property, path);
        }
    }
    checker.assert_properties();
}

/// Asserts that a case without one of the rules breaks this property.
pub fn breaks(case: Case, property: &'static str) {
    let (name, mutant) = (case.name, case.mutant);
    let wanted = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    let checker = case.checker().finish_when(wanted).spawn_bfs().join();
    let states = checker.unique_state_count();
    let Some(path) = checker.discovery(property) else {
        panic!("{name} without {mutant:?}: {states} states, and {property} holds");
    };
    println!("breaks: {name}, {mutant:?}: {states} states");
    tell(property, path);
}

/// How much may go wrong, in words.
fn troubles(case: &Case) -> String {
    let counts = [
        (case.desks.len(), "desks"),
        (case.attempts.into(), "attempts"),
        (case.crashes.into(), "crashes"),
        (case.delays.into(), "late"),
        (case.touches.into(), "edits"),
        (case.entry.iter().len(), "entry"),
        (case.repairs.into(), "cleared"),
        (case.lag, "old lists"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0);
    let words = said.map(|(count, what)| format!("{count} {what}"));
    let leases = (!case.leases).then(|| "no lease over".to_owned());
    words.chain(leases).collect::<Vec<_>>().join(", ")
}

fn tell(property: &str, path: Path<World, Happening>) {
    println!("  broken: {property}");
    for (world, happening) in path.into_vec() {
        let desks: Vec<_> = world.desks.iter().map(|desk| desk.at).collect();
        match happening {
            Some(happening) => println!("    {desks:?} {happening:?}"),
            None => println!("    {desks:?} {:?}", world.said),
        }
    }
}

/// Asserts that no world comes back once it was left. With a finite number of worlds, and every last
/// one settled, no act goes on for ever.
pub fn runs_in_no_circle(case: &Case) {
    let mut done: HashMap<u64, bool> = HashMap::new();
    let mut path: Vec<(u64, Vec<World>)> = Vec::new();
    for world in case.init_states() {
        done.insert(key(&world), false);
        path.push((key(&world), case.next_states(&world)));
    }
    while let Some((own, next)) = path.last_mut() {
        let Some(world) = next.pop() else {
            done.insert(*own, true);
            path.pop();
            continue;
        };
        let key = key(&world);
        match done.get(&key) {
            Some(true) => {}
            Some(false) => panic!("{}: back where it was: {world:?}", case.name),
            None => {
                done.insert(key, false);
                path.push((key, case.next_states(&world)));
            }
        }
    }
    println!("no circle: {}: {} states", case.name, done.len());
}

fn key(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    world.hash(&mut hasher);
    hasher.finish()
}
