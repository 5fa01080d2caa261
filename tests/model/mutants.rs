//! Each rule left out, and what breaks.

use crate::case::{Mode, Mutant};
use crate::cases;
use crate::property::{
    BOOKED_STANDS, ENTRY_KEPT, NO_CONFLICT, NOT_CALLED_OFF, NOT_TAKEN_BACK, NOTHING_LEFT, SETTLED,
};
use crate::run::{breaks, holds};

#[test]
fn without_the_verify_step_two_visits_stand_in_one_slot() {
    let case = cases::two_bookings();
    breaks(case.mutated(Mutant::NoVerify), NO_CONFLICT);
}

#[test]
fn a_confirm_without_if_match_revives_what_another_desk_removed() {
    let case = cases::two_bookings();
    breaks(case.mutated(Mutant::ConfirmWithoutIfMatch), NO_CONFLICT);
}

#[test]
fn a_move_without_if_match_lands_where_nothing_is_held_any_more() {
    let case = cases::repaired(cases::move_and_booking());
    breaks(case.mutated(Mutant::MoveWithoutIfMatch), NO_CONFLICT);
}

#[test]
fn a_tie_break_that_does_not_wait_meets_a_confirm_on_its_way() {
    let case = cases::two_bookings();
    breaks(case.mutated(Mutant::TieBreakWithoutWaiting), NO_CONFLICT);
}

#[test]
fn deleting_what_a_stale_delete_found_confirmed_calls_a_visit_off() {
    let case = cases::two_bookings();
    breaks(
        case.mutated(Mutant::DeleteConfirmedAfter412),
        NOT_CALLED_OFF,
    );
}

#[test]
fn an_outcome_that_is_not_journalled_is_taken_back() {
    let case = cases::there_and_back();
    breaks(case.mutated(Mutant::OutcomeNotJournalled), NOT_TAKEN_BACK);
}

#[test]
fn in_a_shared_database_a_withdrawal_that_is_not_journalled_deletes_what_is_booked() {
    let case = cases::shared(cases::two_bookings());
    breaks(case.mutated(Mutant::OutcomeNotJournalled), BOOKED_STANDS);
}

#[test]
fn under_the_full_protocol_the_etag_alone_makes_a_forgotten_withdrawal_harmless() {
    holds(cases::two_bookings().mutated(Mutant::OutcomeNotJournalled));
}

#[test]
fn a_placeholder_that_is_only_tentative_is_killed_before_the_move() {
    let case = cases::move_and_booking();
    breaks(case.mutated(Mutant::TentativePlaceholder), NO_CONFLICT);
}

#[test]
fn without_rev_a_sleeper_moves_a_visit_after_its_placeholder_was_cleared() {
    let case = cases::repaired(cases::move_and_booking());
    breaks(case.clone().mutated(Mutant::NoRev), NO_CONFLICT);
    breaks(case.mutated(Mutant::RepairWithoutRev), NO_CONFLICT);
}

#[test]
fn a_list_that_is_not_widened_misses_another_visits_buffer() {
    let case = cases::through_a_buffer(false);
    breaks(case.mutated(Mutant::NotWidened), NO_CONFLICT);
}

#[test]
fn a_list_without_the_own_claim_is_older_than_the_others_too() {
    let case = cases::lagging(cases::two_bookings());
    breaks(case.mutated(Mutant::OwnClaimNotRequired), NO_CONFLICT);
}

#[test]
fn an_insert_given_up_after_a_look_lands_later_and_stays() {
    let full = cases::two_bookings();
    breaks(full.mutated(Mutant::AbsentIsLookedAtFirst), NOTHING_LEFT);
    let shared = cases::shared(cases::two_bookings());
    breaks(shared.mutated(Mutant::AbsentIsLookedAtFirst), NOTHING_LEFT);
}

#[test]
fn a_stale_delete_in_a_shared_database_is_not_a_late_confirm() {
    let case = cases::shared(cases::two_bookings());
    breaks(case.mutated(Mutant::SharedKeepsAfter412), ENTRY_KEPT);
}

#[test]
fn a_tentative_placeholder_that_never_yields_waits_for_one_that_waits_for_it() {
    let case = cases::move_and_booking().with(|case| case.leases = false);
    breaks(case.mutated(Mutant::PlaceholderNeverYields), SETTLED);
}

#[test]
fn where_lists_never_mix_old_and_new_a_placeholder_may_go_before_the_move_is_shown() {
    let case = cases::lagging(cases::move_and_booking()).with(|case| case.delays = 0);
    holds(case.mutated(Mutant::ReleasedUnseen));
}

#[test]
fn a_desk_that_thinks_the_database_shared_moves_onto_a_claim() {
    let case = cases::move_and_booking();
    breaks(
        case.with(|case| case.desks[0].mode = Mode::Shared),
        NO_CONFLICT,
    );
}

#[test]
fn a_booking_begun_as_shared_and_taken_up_as_full_is_never_verified() {
    let case = cases::two_bookings();
    let mixed = |mode| case.clone().with(|case| case.desks[0].mode = mode);
    breaks(mixed(Mode::SharedThenFull), NO_CONFLICT);
    // Two bookings that keep to their modes see each other: both look after they have written.
    holds(mixed(Mode::Shared));
}
