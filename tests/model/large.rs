//! What takes too long for each run of the tests: three desks, more crashes, more that lands late.

use crate::cases::{self, lagging, repaired, shared, with_entry};
use crate::run::holds;

#[test]
#[ignore = "minutes, in release"]
fn two_bookings_with_more_troubles() {
    holds(cases::two_bookings().with(|c| {c.attempts = 3; c.crashes = 2; c.delays = 2;}));
}

#[test]
#[ignore = "minutes, in release"]
fn three() {
    holds(cases::three_bookings().with(|c| {c.attempts=2; c.crashes = 0; c.delays=1;}));
}

#[test]
#[ignore = "minutes, in release"]
fn three_c() {
    holds(cases::three_bookings().with(|c| {c.attempts=1; c.crashes = 1; c.delays=1;}));
}

#[test]
#[ignore = "minutes, in release"]
fn three_0() {
    holds(cases::three_bookings().with(|c| {c.attempts=1; c.crashes = 2; c.delays=0;}));
}

#[test]
#[ignore = "minutes, in release"]
fn entry() {
    holds(with_entry(cases::two_bookings()).with(|c| {c.attempts=3; c.crashes = 2; c.touches=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn mover() {
    holds(repaired(cases::move_and_booking()).with(|c| {c.attempts=2; c.crashes = 2; c.delays=2; c.touches=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn mover3() {
    holds(cases::move_and_two_bookings().with(|c| {c.attempts=1; c.crashes = 1; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn moves3() {
    holds(cases::two_moves_and_a_booking().with(|c| {c.attempts=1; c.crashes = 1; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn moves3r() {
    holds(repaired(cases::two_moves_and_a_booking()).with(|c| {c.attempts=1; c.crashes = 0; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn backr() {
    holds(repaired(cases::there_and_back()).with(|c| {c.attempts=2; c.crashes = 2; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn moves2() {
    holds(repaired(cases::two_moves_of_two()).with(|c| {c.attempts=2; c.crashes = 2; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn lagm() {
    holds(lagging(cases::move_and_booking()).with(|c| {c.crashes = 1; c.delays=1; }));
}

#[test]
#[ignore = "minutes, in release"]
fn lagb() {
    holds(lagging(cases::two_bookings()).with(|c| {c.crashes = 1; c.delays=1; c.lag=3; }));
}

#[test]
#[ignore = "minutes, in release"]
fn sh() {
    holds(shared(cases::three_bookings()).with(|c| {c.crashes = 2; c.delays=2; c.lag=2; }));
}

