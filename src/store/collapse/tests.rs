//! Edits before the calendar has heard of anything, in the database.

use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::EventId;
use crate::flow::operation::{Flow, Operation};
use crate::flow::step::Fact;
use crate::port::store::{Records, Store, StoreError, Take};
use crate::store::tests::{
    Clinic, at, booking, cancellation, confirmed, moving, stamp, stamp_at, visit,
};

/// `a1` at minute 60, recorded in an outage: nothing of it was sent.
fn unsent() -> (Clinic, Operation) {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let waiting = put_off(booking("a1", 60, 1));
    // as the engine records it: with the event that it will have
    clinic.db.journal(&stamp(1), &waiting, None).unwrap();
    clinic.db.put_off(&stamp(1), &waiting).unwrap();
    (clinic, waiting)
}

/// The operation after a pre-check without an answer.
fn put_off(mut operation: Operation) -> Operation {
    let Flow::Booking(booking) = &mut operation.flow else {
        panic!("a booking");
    };
    let (next, _) = booking.as_ref().clone().step(Fact::Begun);
    let (next, _) = next.step(Fact::NoAnswer("time-out".to_owned()));
    **booking = next;
    operation.tries = 1;
    operation.next_try_at = Some(at(30));
    operation
}

fn open(clinic: &Clinic) -> Option<Operation> {
    let row = clinic.db.unsettled_one(&"a1".into()).unwrap();
    row.and_then(|row| row.operation)
}

fn move_it(clinic: &mut Clinic, from: i64, to: i64) -> Result<Appointment, StoreError> {
    let desk = stamp_at("back", 3);
    clinic.db.begin_move(&desk, &moving("a1", from, to), at(5))
}

#[test]
fn a_pending_booking_takes_the_last_time_and_its_old_ones_are_free() {
    let (mut clinic, _) = unsent();
    let moved = move_it(&mut clinic, 60, 200).unwrap();
    assert_eq!((moved.status, moved.visit), (Status::Pending, visit(200)));
    let open = open(&clinic).unwrap();
    assert_eq!(open.operation_id.as_str(), "book-a1-1", "the same booking");
    let Flow::Booking(sent) = &open.flow else {
        panic!("{open:?}");
    };
    assert_eq!(sent.draft.visit, visit(200));
    assert_eq!(*sent.event(), EventId::of_attempt(&"a1".into(), 1));
    assert_eq!(open.next_try_at, None);
    clinic.book("a2", 60);
    assert!(matches!(
        clinic.begin("a3", 200),
        Err(StoreError::Overlap(_))
    ));
    assert!(
        clinic
            .words("a1")
            .last()
            .unwrap()
            .starts_with("moved before")
    );
    // it belongs to whoever moved it, and is carried out there
    let take = Take::Of("a1".into());
    assert!(clinic.db.take(&stamp(4), &take, at(9)).unwrap().is_empty());
    let taken = clinic.db.take(&stamp_at("back", 4), &take, at(9)).unwrap();
    let booked = clinic.db.settle(
        &stamp_at("back", 4),
        &taken[0],
        &confirmed("a1", 200, false),
    );
    let booked = booked.unwrap();
    assert_eq!(
        (booked.status, booked.sync_state, booked.visit),
        (Status::Confirmed, SyncState::Synced, visit(200))
    );
    assert_eq!(clinic.db.audit_break().unwrap(), None);
}

#[test]
fn a_time_that_is_taken_or_not_new_is_refused_and_the_booking_stays_as_it_was() {
    let (mut clinic, waiting) = unsent();
    clinic.book("a2", 200);
    for (from, to, words) in [
        (60, 210, "already has a visit there"),
        (60, 60, "stands at that time already"),
        (90, 300, "was moved meanwhile"),
    ] {
        let refused = move_it(&mut clinic, from, to).unwrap_err();
        assert!(refused.to_string().contains(words), "{refused}");
        assert_eq!(open(&clinic).as_ref(), Some(&waiting));
    }
}

#[test]
fn one_that_somebody_is_at_is_left_alone_and_who_wakes_up_too_late_has_lost_it() {
    let (mut clinic, waiting) = unsent();
    let take = Take::Of("a1".into());
    clinic.db.take(&stamp(2), &take, at(4)).unwrap();
    assert_eq!(
        move_it(&mut clinic, 60, 200),
        Err(StoreError::OperationOpen)
    );
    let desk = stamp_at("back", 6);
    let moving = moving("a1", 60, 200);
    clinic.db.begin_move(&desk, &moving, at(9)).unwrap();
    let late = clinic.db.journal(&stamp(7), &waiting, Some("sent"));
    assert_eq!(late, Err(StoreError::LeaseLost), "before it sends anything");
}

#[test]
fn a_booking_that_may_have_been_sent_is_not_moved() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    // its lease has run out: its program may have died right after the insert
    let desk = stamp_at("back", 50);
    let refused = clinic.db.begin_move(&desk, &moving("a1", 60, 200), at(60));
    assert_eq!(refused, Err(StoreError::OperationOpen));
}

#[test]
fn calling_a_booking_off_that_never_left_the_desk_leaves_nothing_to_do() {
    let (mut clinic, _) = unsent();
    move_it(&mut clinic, 60, 200).unwrap();
    let off = cancellation("a1", 6);
    let desk = stamp_at("back", 6);
    let cancelled = clinic.db.begin_cancellation(&desk, &off, "ill", at(9));
    let cancelled = cancelled.unwrap();
    assert_eq!(
        (cancelled.status, cancelled.sync_state),
        (Status::Cancelled, SyncState::Synced)
    );
    assert_eq!(cancelled.cancellation_reason.as_deref(), Some("ill"));
    assert_eq!(clinic.db.next_due().unwrap(), None, "no call, no look");
    clinic.book("a2", 60);
    clinic.book("a3", 200);
}

/// `a1` stands at minute 60 and is being moved to 200 by a program that died before its first call.
fn moving_unsent() -> Clinic {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let moving = moving("a1", 60, 200);
    clinic.db.begin_move(&stamp(3), &moving, at(3)).unwrap();
    clinic
}

#[test]
fn a_second_move_replaces_one_that_never_left_the_desk() {
    let mut clinic = moving_unsent();
    let begun = move_it(&mut clinic, 60, 300).unwrap();
    assert_eq!(
        (begun.visit, begun.sync_state),
        (visit(60), SyncState::SyncPending)
    );
    assert_eq!(open(&clinic), Some(moving("a1", 60, 300)));
    clinic.book("a2", 200);
    assert!(matches!(
        clinic.begin("a3", 300),
        Err(StoreError::Overlap(_))
    ));
    // the first one's program wakes up
    let late = moving("a1", 60, 200);
    let late = clinic.db.journal(&stamp(9), &late, Some("sent"));
    assert_eq!(late, Err(StoreError::LeaseLost));
}

#[test]
fn moving_it_back_to_where_it_stands_drops_the_move() {
    let mut clinic = moving_unsent();
    let stands = move_it(&mut clinic, 60, 60).unwrap();
    assert_eq!(
        (stands.visit, stands.sync_state),
        (visit(60), SyncState::Synced)
    );
    assert_eq!(open(&clinic), None);
    clinic.book("a2", 200);
}

#[test]
fn a_second_move_that_is_refused_leaves_the_first_as_it_was() {
    let mut clinic = moving_unsent();
    clinic.book("a2", 300);
    let refused = move_it(&mut clinic, 60, 310);
    assert!(
        matches!(refused, Err(StoreError::Overlap(_))),
        "{refused:?}"
    );
    assert_eq!(open(&clinic), Some(moving("a1", 60, 200)));
    assert!(
        clinic.begin("a3", 200).is_err(),
        "its new time is still held"
    );
}

#[test]
fn calling_a_visit_off_drops_a_move_that_never_left_the_desk() {
    let mut clinic = moving_unsent();
    let off = cancellation("a1", 6);
    let desk = stamp_at("back", 6);
    let pending = clinic.db.begin_cancellation(&desk, &off, "ill", at(9));
    assert_eq!(pending.unwrap().sync_state, SyncState::SyncPending);
    assert_eq!(open(&clinic), Some(off));
    clinic.book("a2", 200);
    assert!(clinic.begin("a3", 60).is_err(), "its event still stands");
}
