//! A visit is called off, and takes its time until the event is gone.

use crate::domain::appointment::{Status, SyncState};
use crate::domain::id::EventId;
use crate::domain::policy::Role;
use crate::flow::operation::{Flow, Settlement};
use crate::port::store::{Records, Store, StoreError};
use crate::store::tests::{
    Clinic, at, booking, cancellation, confirmed, stamp, stamp_at, stamp_of,
};

#[test]
fn while_the_event_stands_the_visit_takes_its_time_and_then_it_is_free() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let operation = cancellation("a1", 5);
    let pending = clinic
        .db
        .begin_cancellation(&stamp(5), &operation, "ill", at(7))
        .unwrap();
    assert_eq!(pending.status, Status::Confirmed);
    assert_eq!(pending.sync_state, SyncState::SyncPending);
    assert_eq!(pending.cancellation_reason.as_deref(), Some("ill"));
    assert_eq!(pending.cancelled_at, None);
    assert!(matches!(
        clinic.begin("a2", 60),
        Err(StoreError::Overlap(_))
    ));
    let gone = clinic
        .db
        .settle(&stamp(6), &operation, &Settlement::Cancelled)
        .unwrap();
    assert_eq!(
        (gone.status, gone.sync_state),
        (Status::Cancelled, SyncState::Synced)
    );
    assert_eq!(gone.cancelled_at, Some(at(6)));
    assert_eq!(gone.cancellation_reason.as_deref(), Some("ill"));
    clinic.begin("a2", 60).unwrap();
}

#[test]
fn what_cannot_be_called_off_is_refused_in_words() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let none = clinic
        .db
        .begin_cancellation(&stamp(5), &cancellation("a1", 5), "  ", at(7));
    assert!(matches!(none, Err(StoreError::Rule(_))), "{none:?}");
    let doctor = stamp_of(Role::Doctor, 5);
    let denied = clinic
        .db
        .begin_cancellation(&doctor, &cancellation("a1", 5), "ill", at(7));
    assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    clinic.cancel("a1", 5);
    let twice = clinic
        .db
        .begin_cancellation(&stamp(6), &cancellation("a1", 6), "ill", at(7));
    assert_eq!(
        twice,
        Err(StoreError::Rule(
            "this visit is already called off".to_owned()
        ))
    );
    clinic.begin("a2", 60).unwrap();
    let refused = Settlement::Refused {
        because: crate::flow::operation::Because::SlotTaken,
        why: "taken".to_owned(),
    };
    clinic
        .db
        .settle(&stamp(1), &booking("a2", 60, 1), &refused)
        .unwrap();
    let lost = clinic
        .db
        .begin_cancellation(&stamp(6), &cancellation("a2", 6), "ill", at(7));
    assert!(matches!(lost, Err(StoreError::Rule(_))), "{lost:?}");
    let unknown = clinic
        .db
        .begin_cancellation(&stamp(6), &cancellation("a9", 6), "ill", at(7));
    assert_eq!(unknown, Err(StoreError::NotFound("appointment")));
}

#[test]
fn a_booking_that_waits_for_google_is_replaced_and_one_under_way_is_not() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let cancel = cancellation("a1", 1);
    let busy = clinic
        .db
        .begin_cancellation(&stamp(1), &cancel, "ill", at(9));
    assert_eq!(busy, Err(StoreError::OperationOpen));
    let mut waiting = booking("a1", 60, 1);
    waiting.tries = 1;
    waiting.next_try_at = Some(at(30));
    waiting.last_error = Some("Google did not answer".to_owned());
    clinic.db.put_off(&stamp(1), &waiting).unwrap();
    let pending = clinic
        .db
        .begin_cancellation(&stamp_at("back", 2), &cancel, "ill", at(9))
        .unwrap();
    assert_eq!(pending.status, Status::Pending);
    let unsettled = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(unsettled.operation, Some(cancel.clone()));
    // whoever still works on the booking has lost it
    let late = clinic
        .db
        .settle(&stamp(3), &waiting, &confirmed("a1", 60, false));
    assert_eq!(late, Err(StoreError::LeaseLost));
    // and a second cancellation waits for the first
    let second = clinic
        .db
        .begin_cancellation(&stamp(99), &cancellation("a1", 99), "ill", at(100));
    assert_eq!(second, Err(StoreError::OperationOpen));
}

#[test]
fn only_the_event_that_the_booking_has_come_to_is_called_off() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let mut waiting = booking("a1", 60, 1);
    let Flow::Booking(second) = &mut waiting.flow else {
        panic!("a booking");
    };
    second.draft.mark.attempt = 2;
    second.draft.id = EventId::of_attempt(&"a1".into(), 2);
    waiting.next_try_at = Some(at(30));
    clinic.db.put_off(&stamp(1), &waiting).unwrap();
    let begin = |clinic: &mut Clinic, event| {
        let mut cancel = cancellation("a1", 2);
        if let Flow::Cancellation(off) = &mut cancel.flow {
            off.event = event;
        }
        clinic
            .db
            .begin_cancellation(&stamp(2), &cancel, "ill", at(9))
    };
    let of = |attempt| EventId::of_attempt(&"a1".into(), attempt);
    assert_eq!(begin(&mut clinic, of(1)), Err(StoreError::OperationOpen));
    assert!(begin(&mut clinic, of(2)).is_ok());
}

#[test]
fn a_visit_that_was_booked_again_since_the_desk_looked_is_not_called_off() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let mut stale = cancellation("a1", 2);
    if let Flow::Cancellation(off) = &mut stale.flow {
        off.event = EventId::of_attempt(&"a1".into(), 2);
    }
    let refused = clinic
        .db
        .begin_cancellation(&stamp(2), &stale, "ill", at(9));
    assert!(matches!(refused, Err(StoreError::Rule(_))), "{refused:?}");
    let kept = clinic.db.appointment(&"a1".into()).unwrap().unwrap();
    assert_eq!(kept.sync_state, SyncState::Synced);
}

#[test]
fn a_booking_whose_program_died_is_replaced_when_its_lease_has_run_out() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap(); // leased to `front` until minute 2
    let cancel = cancellation("a1", 2);
    let desk = stamp_at("back", 2);
    clinic
        .db
        .begin_cancellation(&desk, &cancel, "ill", at(9))
        .unwrap();
    let gone = clinic
        .db
        .settle(&desk, &cancel, &Settlement::Cancelled)
        .unwrap();
    assert_eq!(gone.status, Status::Cancelled);
    let second_look = at(2) + chrono::Duration::seconds(15);
    assert_eq!(
        clinic.db.next_due().unwrap(),
        Some(second_look),
        "nothing else is left"
    );
}
