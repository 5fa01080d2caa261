//! The intent of a booking: all of it, or nothing.

use crate::domain::appointment::{Status, SyncState};
use crate::domain::policy::Role;
use crate::domain::service::Buffers;
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Settlement};
use crate::port::query::Counts;
use crate::port::store::{Begun, BookingIntent, Records, Store, StoreError, Take};
use crate::store::tests::{
    Clinic, appointment, at, booking, cancellation, confirmed, customer, doctor, intent, stamp,
    stamp_at, stamp_of, visit,
};

fn keyed(id: &str, minute: i64, key: &str, fingerprint: &str) -> BookingIntent {
    BookingIntent {
        key: Some((key.to_owned(), fingerprint.to_owned())),
        ..intent(id, minute)
    }
}

#[test]
fn an_intent_stands_pending_with_its_operation_and_its_row_in_the_audit() {
    let mut clinic = Clinic::new();
    let begun = clinic.begin("a1", 60).unwrap();
    assert_eq!(begun, appointment("a1", 60));
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap(), Some(begun));
    let counts = Counts {
        pending: 1,
        repair: 0,
    };
    assert_eq!(clinic.db.counts().unwrap(), counts);
    let unsettled = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(unsettled.operation, Some(booking("a1", 60, 1)));
    assert_eq!((unsettled.repair, unsettled.since), (None, at(0)));
    assert_eq!(clinic.words("a1"), ["booking recorded"]);
}

#[test]
fn a_slot_that_is_taken_is_refused_with_the_visit_that_stands_there() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    for minute in [31, 60, 89] {
        let refused = clinic.begin("a2", minute);
        let Err(StoreError::Overlap(other)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(other.appointment_id.as_str(), "a1");
    }
    clinic.begin("a3", 30).unwrap();
    clinic.begin("a4", 90).unwrap();
    let mut buffered = intent("a5", 125);
    buffered.appointment.buffers = Buffers::new(10, 0).unwrap();
    let refused = clinic.db.begin_booking(&stamp(0), &buffered);
    assert!(
        matches!(refused, Err(StoreError::Overlap(_))),
        "{refused:?}"
    );
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let mut with_person = intent("a2", 60);
    with_person.new_customer = Some(customer("c9", "New"));
    with_person.appointment.customer_id = "c9".into();
    with_person.key = Some(("key".to_owned(), "f".to_owned()));
    assert!(clinic.db.begin_booking(&stamp(0), &with_person).is_err());
    assert_eq!(clinic.db.customer(&"c9".into()).unwrap(), None);
    assert_eq!(clinic.db.appointment(&"a2".into()).unwrap(), None);
    assert_eq!(clinic.words("a2"), Vec::<String>::new());
    // the key is free for another try
    with_person.appointment.visit = visit(200);
    with_person.operation = booking("a2", 200, 1);
    let begun = clinic.db.begin_booking(&stamp(0), &with_person).unwrap();
    assert!(matches!(begun, Begun::New(_)));
    assert!(clinic.db.customer(&"c9".into()).unwrap().is_some());
}

#[test]
fn unknown_people_doctors_and_services_are_named() {
    let mut clinic = Clinic::new();
    let mut gone = doctor("d9", "Gone");
    gone.active = false;
    let admin = stamp_of(Role::Admin, 0);
    clinic.db.add_doctor(&admin, &gone).unwrap();
    let mut try_with = |change: fn(&mut BookingIntent)| {
        let mut wrong = intent("a1", 60);
        change(&mut wrong);
        clinic.db.begin_booking(&stamp(0), &wrong).unwrap_err()
    };
    let error = try_with(|i| i.appointment.doctor_id = "d8".into());
    assert_eq!(error, StoreError::NotFound("doctor"));
    let error = try_with(|i| i.appointment.customer_id = "c8".into());
    assert_eq!(error, StoreError::NotFound("customer"));
    let error = try_with(|i| i.appointment.service_id = Some("s8".into()));
    assert_eq!(error, StoreError::NotFound("service"));
    let error = try_with(|i| i.appointment.doctor_id = "d9".into());
    assert!(
        error.to_string().starts_with("Gone takes no visits"),
        "{error}"
    );
    let error = try_with(|i| i.appointment.visit = Interval::lasting(at(0), 1_441));
    assert!(error.to_string().contains("24 hours"), "{error}");
}

#[test]
fn who_may_not_book_is_refused_inside_the_transaction() {
    let mut clinic = Clinic::new();
    for role in [Role::Doctor, Role::Customer] {
        let denied = clinic
            .db
            .begin_booking(&stamp_of(role, 0), &intent("a1", 60));
        assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    }
    // the program itself books, but records nobody
    let mut with_person = intent("a1", 60);
    with_person.new_customer = Some(customer("c9", "New"));
    with_person.appointment.customer_id = "c9".into();
    let denied = clinic
        .db
        .begin_booking(&stamp_of(Role::System, 0), &with_person);
    assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap(), None);
}

#[test]
fn the_same_key_answers_with_the_same_appointment_and_another_booking_is_refused() {
    let mut clinic = Clinic::new();
    let first = clinic
        .db
        .begin_booking(&stamp(0), &keyed("a1", 60, "k", "f"))
        .unwrap();
    assert!(matches!(first, Begun::New(_)));
    let operation = booking("a1", 60, 1);
    clinic
        .db
        .settle(&stamp(1), &operation, &confirmed("a1", 60, false))
        .unwrap();
    // the retry comes with ids of its own
    let again = clinic
        .db
        .begin_booking(&stamp(3), &keyed("a2", 60, "k", "f"))
        .unwrap();
    let Begun::Replayed(replayed) = again else {
        panic!("{again:?}");
    };
    assert_eq!(replayed.appointment_id.as_str(), "a1");
    assert_eq!(replayed.status, Status::Confirmed);
    let reused = clinic
        .db
        .begin_booking(&stamp(3), &keyed("a2", 200, "k", "g"));
    assert_eq!(reused, Err(StoreError::KeyReused));
    let reused = clinic.db.keyed("k", "g", at(3));
    assert_eq!(reused, Err(StoreError::KeyReused));
    assert_eq!(clinic.words("a1"), ["booking recorded", "booked"]);
}

#[test]
fn a_key_is_forgotten_after_seven_days() {
    let mut clinic = Clinic::new();
    let week = 7 * 24 * 60;
    let mut book = |now, id: &str, minute| {
        clinic
            .db
            .begin_booking(&stamp(now), &keyed(id, minute, "k", "f"))
            .unwrap()
    };
    assert!(matches!(book(0, "a1", 60), Begun::New(_)));
    assert!(matches!(book(week, "a2", 60), Begun::Replayed(_)));
    let known = clinic.db.keyed("k", "f", at(week)).unwrap().unwrap();
    assert_eq!(known.appointment_id.as_str(), "a1");
    assert_eq!(clinic.db.keyed("k", "f", at(week + 1)), Ok(None));
    assert_eq!(clinic.db.keyed("k", "other", at(week + 1)), Ok(None));
    let again = keyed("a3", 200, "k", "other");
    let again = clinic.db.begin_booking(&stamp(week + 1), &again).unwrap();
    assert!(matches!(again, Begun::New(_)));
}

#[test]
fn a_cancelled_visit_is_booked_again_under_a_new_attempt() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.cancel("a1", 5);
    let again = booking("a1", 60, 2);
    let pending = clinic.db.begin_rebooking(&stamp(6), &again, at(8)).unwrap();
    assert_eq!((pending.status, pending.attempt), (Status::Pending, 2));
    assert_eq!(pending.sync_state, SyncState::SyncPending);
    assert_eq!(
        (pending.cancelled_at, pending.cancellation_reason),
        (None, None)
    );
    assert_eq!(clinic.words("a1").last().unwrap(), "booking again recorded");
    // it takes time again
    assert!(clinic.begin("a2", 60).is_err());
    let open = clinic
        .db
        .begin_rebooking(&stamp(6), &booking("a1", 60, 3), at(8));
    assert_eq!(open, Err(StoreError::OperationOpen));
}

#[test]
fn a_slot_taken_meanwhile_is_not_booked_again() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.cancel("a1", 5);
    clinic.book("a2", 75);
    let refused = clinic
        .db
        .begin_rebooking(&stamp(6), &booking("a1", 60, 2), at(8));
    let Err(StoreError::Overlap(other)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(other.appointment_id.as_str(), "a2");
    let standing = clinic
        .db
        .begin_rebooking(&stamp(6), &booking("a2", 75, 2), at(8));
    assert!(matches!(standing, Err(StoreError::Rule(_))), "{standing:?}");
    let unknown = clinic
        .db
        .begin_rebooking(&stamp(6), &booking("a9", 75, 2), at(8));
    assert_eq!(unknown, Err(StoreError::NotFound("appointment")));
}

#[test]
fn a_cancelled_visit_whose_second_booking_is_refused_is_cancelled_as_before() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let before = clinic.cancel("a1", 5);
    let again = booking("a1", 60, 2);
    clinic.db.begin_rebooking(&stamp(6), &again, at(8)).unwrap();
    let refused = Settlement::Refused {
        because: crate::flow::operation::Because::SlotTaken,
        why: "the slot is taken".to_owned(),
    };
    let after = clinic.db.settle(&stamp(7), &again, &refused).unwrap();
    assert_eq!(after.status, Status::Cancelled);
    assert_eq!(after.cancelled_at, before.cancelled_at);
    assert_eq!(after.cancellation_reason, before.cancellation_reason);
    assert_eq!(
        clinic.words("a1").last().unwrap(),
        "not booked: the slot is taken"
    );
}

#[test]
fn a_visit_that_was_promised_is_never_refused_by_the_program_alone() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let gone = Settlement::Repair {
        cause: Cause::ChangedInGoogle,
        detail: "It was changed in Google.".to_owned(),
    };
    let cancel = cancellation("a1", 2);
    clinic
        .db
        .begin_cancellation(&stamp(2), &cancel, "ill", at(4))
        .unwrap();
    clinic.db.settle(&stamp(2), &cancel, &gone).unwrap();
    let again = booking("a1", 60, 2);
    clinic
        .db
        .begin_rebooking(&stamp_at("back", 3), &again, at(5))
        .unwrap();
    assert_eq!(
        clinic
            .db
            .unsettled_one(&"a1".into())
            .unwrap()
            .unwrap()
            .repair,
        None
    );
    let refused = Settlement::Refused {
        because: crate::flow::operation::Because::SlotTaken,
        why: "the slot is taken".to_owned(),
    };
    let after = clinic
        .db
        .settle(&stamp_at("back", 4), &again, &refused)
        .unwrap();
    assert_eq!(after.status, Status::Confirmed);
    assert_eq!(after.sync_state, SyncState::NeedsRepair);
    let unsettled = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(unsettled.repair.unwrap().0, Cause::Conflict);
    assert_eq!(unsettled.operation, None);
    let due = clinic.db.take(&stamp(99), &Take::Of("a1".into()), at(100));
    assert_eq!(due, Ok(Vec::new()));
}
