//! The booking protocol as the design writes it, tried in every order in which things can happen: see
//! `docs/model.md`. Each rule that matters is then left out, and must be missed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "model/booking.rs"]
mod booking;
#[path = "model/calendar.rs"]
mod calendar;
#[path = "model/case.rs"]
mod case;
#[path = "model/cases.rs"]
mod cases;
#[path = "model/desk.rs"]
mod desk;
#[path = "model/large.rs"]
mod large;
#[path = "model/look.rs"]
mod look;
#[path = "model/mutants.rs"]
mod mutants;
#[path = "model/property.rs"]
mod property;
#[path = "model/reschedule.rs"]
mod reschedule;
#[path = "model/run.rs"]
mod run;
#[path = "model/turn.rs"]
mod turn;
#[path = "model/world.rs"]
mod world;

use cases::{fewer, lagging, repaired, shared, with_entry};
use run::{holds, runs_in_no_circle};

#[test]
fn two_bookings_that_overlap_never_both_stand() {
    holds(cases::two_bookings());
}

#[test]
fn bookings_that_meet_only_in_a_buffer_never_both_stand() {
    holds(fewer(cases::through_a_buffer(true)));
    holds(fewer(cases::through_a_buffer(false)));
}

#[test]
fn a_booking_goes_round_what_a_person_enters_and_edits() {
    holds(with_entry(cases::two_bookings()).with(|case| case.crashes = 0));
    holds(cases::two_bookings().with(|case| {
        case.touches = 1;
        case.crashes = 0;
    }));
}

#[test]
fn nobody_needs_a_lease_to_run_out_to_get_on() {
    for case in [
        cases::two_bookings(),
        cases::move_and_booking(),
        cases::booking_and_move(),
        cases::two_moves_of_two(),
        cases::two_moves_of_one(),
    ] {
        holds(case.with(|case| case.leases = false));
    }
}

#[test]
fn nothing_goes_on_for_ever() {
    runs_in_no_circle(&cases::two_bookings());
    runs_in_no_circle(&repaired(cases::move_and_booking()).with(|case| case.delays = 0));
}

#[test]
fn lists_that_lag_behind_as_a_whole_are_safe() {
    holds(fewer(lagging(cases::two_bookings())));
    holds(lagging(cases::move_and_booking()).with(|case| case.delays = 0));
}

#[test]
fn a_move_and_a_booking_never_take_the_same_time() {
    holds(cases::move_and_booking());
    holds(cases::booking_and_move());
    holds(cases::move_and_booking_behind());
}

#[test]
fn a_placeholder_cleared_from_under_a_sleeping_desk_lets_nobody_collide() {
    holds(fewer(repaired(cases::move_and_booking())));
}

#[test]
fn two_moves_at_once_end_in_one_place_each() {
    holds(cases::two_moves_of_one());
    holds(cases::two_moves_apart());
    holds(cases::two_moves_of_two());
    holds(cases::there_and_back());
}

#[test]
fn a_cancellation_meets_a_move_or_frees_a_slot() {
    holds(cases::move_and_cancellation());
    holds(cases::cancellation_and_booking());
}

#[test]
fn desks_of_one_database_collide_with_nobody() {
    holds(shared(cases::two_bookings()));
    holds(shared(cases::move_and_booking()));
    holds(shared(cases::two_moves_of_one()));
    holds(fewer(shared(cases::three_bookings())));
}
