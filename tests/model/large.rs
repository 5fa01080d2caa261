//! What takes too long for each run of the tests: three desks, more crashes, more that lands late.

use crate::case::Mutant;
use crate::cases::{self, fewer, lagging, repaired, shared, with_entry};
use crate::property::NO_CONFLICT;
use crate::run::{breaks, holds, runs_in_no_circle};

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_bookings_with_three_attempts_two_crashes_and_two_late_requests_each() {
    holds(cases::two_bookings().with(|case| {
        case.attempts = 3;
        case.crashes = 2;
        case.delays = 2;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_bookings_and_a_persons_entry_with_two_crashes() {
    holds(with_entry(cases::two_bookings()).with(|case| case.crashes = 2));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_bookings_and_a_title_edited_with_two_crashes() {
    holds(cases::two_bookings().with(|case| {
        case.crashes = 2;
        case.touches = 1;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_bookings_on_lists_three_writes_old() {
    holds(lagging(cases::two_bookings()).with(|case| {
        case.crashes = 2;
        case.lag = 3;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn three_bookings_with_two_attempts_and_a_late_request_each() {
    holds(cases::three_bookings().with(|case| case.crashes = 0));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn three_bookings_with_a_crash_and_a_late_request_each() {
    holds(fewer(cases::three_bookings()).with(|case| case.attempts = 1));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn three_bookings_with_two_attempts_and_two_crashes_each() {
    holds(cases::three_bookings().with(|case| case.delays = 0));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn a_move_and_a_booking_with_two_crashes_a_title_edited_and_a_placeholder_cleared() {
    holds(repaired(cases::move_and_booking()).with(|case| {
        case.crashes = 2;
        case.touches = 1;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn a_move_and_a_booking_with_two_late_requests_each() {
    holds(cases::move_and_booking().with(|case| {
        case.crashes = 2;
        case.delays = 2;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn a_move_and_a_booking_on_lists_two_writes_old() {
    holds(lagging(cases::move_and_booking()));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn a_move_and_two_bookings() {
    holds(fewer(cases::move_and_two_bookings()).with(|case| case.attempts = 1));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_moves_and_a_booking() {
    holds(fewer(cases::two_moves_and_a_booking()));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_moves_and_a_booking_with_a_placeholder_cleared() {
    holds(repaired(cases::two_moves_and_a_booking()).with(|case| case.crashes = 0));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn two_moves_of_two_visits_with_two_crashes_and_a_placeholder_cleared() {
    holds(repaired(cases::two_moves_of_two()).with(|case| case.crashes = 2));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn there_and_back_with_two_attempts_two_crashes_and_a_placeholder_cleared() {
    holds(repaired(cases::there_and_back()).with(|case| {
        case.attempts = 2;
        case.crashes = 2;
    }));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn three_desks_of_one_database_on_lists_two_writes_old() {
    holds(lagging(shared(cases::three_bookings())));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn nothing_goes_on_for_ever_when_more_goes_wrong() {
    runs_in_no_circle(&repaired(cases::move_and_booking()));
    runs_in_no_circle(&fewer(cases::three_bookings()).with(|case| case.attempts = 1));
}

#[test]
#[ignore = "minutes: cargo test --release --test model -- --ignored --nocapture"]
fn a_move_without_if_match_undoes_another_move_and_meets_a_booking() {
    let case = fewer(cases::two_moves_and_a_booking());
    breaks(case.mutated(Mutant::MoveWithoutIfMatch), NO_CONFLICT);
}
