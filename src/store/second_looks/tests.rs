//! When a settled time is looked at again, and what a look changes.

use crate::domain::appointment::SyncState;
use crate::flow::operation::{Because, Cause, Settlement};
use crate::port::store::{Found, Looks, Records, SecondLook, Store};
use crate::store::tests::{Clinic, at, booking, moving, stamp, visit};

/// `a1`, booked for minute 60 at minute 1.
fn booked() -> Clinic {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic
}

fn take(clinic: &mut Clinic, minute: i64) -> Vec<SecondLook> {
    clinic.db.take_looks(at(minute), Looks::Due, 9).unwrap()
}

#[test]
fn a_settled_time_is_looked_at_for_some_minutes_and_then_let_be() {
    let mut clinic = booked();
    assert!(take(&mut clinic, 1).is_empty(), "not at once");
    let mut looks = 0;
    for minute in 2..30 {
        for look in take(&mut clinic, minute) {
            assert_eq!(look.settled, visit(60));
            assert!(take(&mut clinic, minute).is_empty(), "nobody else gets it");
            assert!(!clinic.db.record_look(&stamp(minute), &look, None).unwrap());
            looks += 1;
        }
    }
    assert_eq!(looks, 4);
    assert_eq!(clinic.db.next_due().unwrap(), None);
}

#[test]
fn a_look_that_another_program_finished_meanwhile_is_nothing_to_stumble_over() {
    let mut clinic = booked();
    let [look] = &take(&mut clinic, 2)[..] else {
        panic!("one look")
    };
    for _ in 0..6 {
        assert!(!clinic.db.record_look(&stamp(2), look, None).unwrap());
    }
    assert_eq!(clinic.db.next_due().unwrap(), None);
}

#[test]
fn a_look_that_nobody_answered_is_made_again() {
    let mut clinic = booked();
    assert_eq!(take(&mut clinic, 2).len(), 1);
    assert!(take(&mut clinic, 2).is_empty());
    assert_eq!(take(&mut clinic, 3).len(), 1);
    // and given up when it is of no use any more
    assert!(take(&mut clinic, 90).is_empty());
    assert_eq!(clinic.db.next_due().unwrap(), None);
}

#[test]
fn of_two_programs_that_make_the_last_look_the_slower_one_changes_nothing() {
    let mut clinic = booked();
    let mut last = Vec::new();
    for minute in 2..30 {
        for look in take(&mut clinic, minute) {
            clinic.db.record_look(&stamp(minute), &look, None).unwrap();
            last = vec![look];
        }
    }
    let late = clinic
        .db
        .record_look(&stamp(40), &last[0], Some(&Found::Gone));
    assert_eq!(late, Ok(false));
}

#[test]
fn what_a_look_finds_goes_into_repair() {
    for (found, cause) in [
        (Found::Gone, Cause::GoneFromGoogle),
        (Found::Strange, Cause::StrangersEvent),
        (Found::InTheWay("an entry".to_owned()), Cause::Conflict),
    ] {
        let mut clinic = booked();
        let [look] = &take(&mut clinic, 2)[..] else {
            panic!("one look")
        };
        assert!(
            clinic
                .db
                .record_look(&stamp(2), look, Some(&found))
                .unwrap()
        );
        let item = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
        assert_eq!(item.repair.unwrap().0, cause);
        assert_eq!(item.appointment.visit, visit(60), "a person decides");
    }
}

#[test]
fn a_move_at_another_desk_is_followed() {
    let mut clinic = booked();
    let [look] = &take(&mut clinic, 2)[..] else {
        panic!("one look")
    };
    let found = Found::MovedByDesk {
        etag: "\"5\"".into(),
        visit: visit(200),
        rev: 1,
    };
    assert!(
        clinic
            .db
            .record_look(&stamp(2), look, Some(&found))
            .unwrap()
    );
    let now = clinic.db.appointment(&"a1".into()).unwrap().unwrap();
    assert_eq!((now.visit, now.rev), (visit(200), 1));
    assert_eq!(now.sync_state, SyncState::Synced);
    clinic.book("a2", 60);
}

#[test]
fn a_move_by_a_person_is_followed_and_shown_where_it_does_not_fit() {
    let mut clinic = booked();
    let [look] = &take(&mut clinic, 2)[..] else {
        panic!("one look")
    };
    clinic.book("a2", 90);
    let found = Found::MovedByPerson {
        etag: "\"5\"".into(),
        visit: visit(90),
    };
    assert!(
        clinic
            .db
            .record_look(&stamp(2), look, Some(&found))
            .unwrap()
    );
    let item = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(item.appointment.visit, visit(90));
    let (cause, sentence) = item.repair.unwrap();
    assert_eq!(cause, Cause::MovedInGoogle);
    assert!(sentence.contains("onto"), "{sentence}");
}

#[test]
fn two_visits_at_one_time_are_one_trouble() {
    let mut clinic = booked();
    clinic.book("a2", 120);
    let looks = take(&mut clinic, 2);
    let of = |id: &str| {
        looks
            .iter()
            .find(|look| look.appointment.appointment_id == id.into())
            .unwrap()
    };
    let dragged = Found::MovedByPerson {
        etag: "\"5\"".into(),
        visit: visit(60),
    };
    assert!(
        clinic
            .db
            .record_look(&stamp(2), of("a2"), Some(&dragged))
            .unwrap()
    );
    let found = Found::InTheWay("another visit is booked there".to_owned());
    clinic
        .db
        .record_look(&stamp(2), of("a1"), Some(&found))
        .unwrap();
    assert!(clinic.db.unsettled_one(&"a2".into()).unwrap().is_some());
    assert!(clinic.db.unsettled_one(&"a1".into()).unwrap().is_none());
}

#[test]
fn what_happened_to_the_visit_since_counts_more_than_a_look() {
    let mut clinic = booked();
    let [look] = &take(&mut clinic, 2)[..] else {
        panic!("one look")
    };
    let moving = moving("a1", 60, 200);
    clinic.db.begin_move(&stamp(2), &moving, at(5)).unwrap();
    assert!(
        !clinic
            .db
            .record_look(&stamp(2), look, Some(&Found::Gone))
            .unwrap()
    );
    assert_eq!(clinic.db.counts().unwrap().repair, 0);
    assert!(
        take(&mut clinic, 3).is_empty(),
        "what is under way is not looked at"
    );
}

#[test]
fn a_lost_slot_is_looked_at_as_well_but_not_one_that_was_never_asked_for() {
    for (because, looks) in [(Because::SlotTaken, 1), (Because::NoAnswer, 0)] {
        let mut clinic = Clinic::new();
        clinic.begin("a1", 60).unwrap();
        let refused = Settlement::Refused {
            because,
            why: "taken".to_owned(),
        };
        let operation = booking("a1", 60, 1);
        clinic.db.settle(&stamp(1), &operation, &refused).unwrap();
        assert_eq!(take(&mut clinic, 2).len(), looks);
    }
}
