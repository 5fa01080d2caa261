//! Visits of other desks, as the database keeps them.

use crate::domain::appointment::{Source, Status, SyncState};
use crate::domain::event::Mark;
use crate::domain::service::Buffers;
use crate::flow::operation::{Because, Cause, Flow, Settlement};
use crate::port::store::{Elsewhere, Records, Store, StoreError};
use crate::store::tests::{Clinic, at, booking, cancellation, stamp, visit};

fn met(id: &str, minute: i64) -> Elsewhere {
    let Flow::Booking(booking) = booking(id, minute, 1).flow else {
        panic!("a booking")
    };
    Elsewhere {
        calendar: "d1@example.com".into(),
        event: booking.draft.id.clone(),
        etag: "\"1\"".into(),
        visit: visit(minute),
        mark: Mark {
            database: "other".into(),
            desk: "annex".into(),
            doctor: "d77".into(),
            customer: Some("c77".into()),
            name: Some("Chidi".into()),
            service: Some("s77".into()),
            buffers: Buffers::new(0, 10).unwrap(),
            ..booking.draft.mark
        },
    }
}

#[test]
fn a_visit_of_another_desk_is_kept_free_like_our_own() {
    let mut clinic = Clinic::new();
    assert!(clinic.db.adopt(&stamp(1), &met("b1", 60)).unwrap());
    assert!(!clinic.db.adopt(&stamp(2), &met("b1", 60)).unwrap(), "once");
    let visit_of_theirs = clinic.db.appointment(&"b1".into()).unwrap().unwrap();
    assert_eq!(visit_of_theirs.source, Source::Adopted);
    assert_eq!(
        (visit_of_theirs.status, visit_of_theirs.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
    assert_eq!(visit_of_theirs.customer_name, "Chidi");
    assert_eq!(visit_of_theirs.doctor_id.as_str(), "d1", "by the calendar");
    assert!(
        clinic.begin("a1", 95).is_err(),
        "its buffer is ours to keep"
    );
    assert!(clinic.begin("a2", 100).is_ok());
    assert_eq!(
        clinic
            .db
            .booked_elsewhere(&"d1@example.com".into(), visit(60))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(clinic.db.audit_break().unwrap(), None);
}

#[test]
fn an_event_that_names_nobody_is_nobodys_in_particular() {
    let mut clinic = Clinic::new();
    for (id, minute) in [("b1", 60), ("b2", 200)] {
        let mut met = met(id, minute);
        met.mark.customer = None;
        met.mark.name = None;
        assert!(clinic.db.adopt(&stamp(1), &met).unwrap());
        let theirs = clinic.db.appointment(&id.into()).unwrap().unwrap();
        assert_eq!(theirs.customer_name, "Booked at another desk");
    }
    let mut foreign = met("b3", 300);
    foreign.calendar = "nobody@example.com".into();
    assert!(
        !clinic.db.adopt(&stamp(1), &foreign).unwrap(),
        "no doctor of ours"
    );
}

#[test]
fn what_changes_about_it_is_followed_and_what_is_ours_is_not_touched() {
    let mut clinic = Clinic::new();
    clinic.db.adopt(&stamp(1), &met("b1", 60)).unwrap();
    let mut moved = met("b1", 200);
    moved.etag = "\"2\"".into();
    moved.mark.rev = 1;
    assert!(clinic.db.adopt(&stamp(2), &moved).unwrap());
    let theirs = clinic.db.appointment(&"b1".into()).unwrap().unwrap();
    assert_eq!((theirs.visit, theirs.rev), (visit(200), 1));
    clinic.book("a1", 60);
    let ours = clinic.db.appointment(&"a1".into()).unwrap().unwrap();
    let mut restored = met("a1", 300);
    restored.etag = "\"9\"".into();
    assert!(!clinic.db.adopt(&stamp(3), &restored).unwrap());
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap().unwrap(), ours);
    clinic
        .db
        .called_off_elsewhere(&stamp(4), &"a1".into())
        .unwrap();
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap().unwrap(), ours);
    clinic
        .db
        .called_off_elsewhere(&stamp(4), &"b1".into())
        .unwrap();
    clinic.book("a2", 200);
    // put back from the bin
    assert!(clinic.db.adopt(&stamp(5), &moved).unwrap());
    let theirs = clinic.db.unsettled_one(&"b1".into()).unwrap().unwrap();
    assert_eq!(theirs.repair.unwrap().0, Cause::Conflict);
}

#[test]
fn one_that_stands_in_our_visits_time_is_for_a_person() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    assert!(clinic.db.adopt(&stamp(1), &met("b1", 75)).unwrap());
    let theirs = clinic.db.unsettled_one(&"b1".into()).unwrap().unwrap();
    assert_eq!(theirs.repair.unwrap().0, Cause::Conflict);
    // what is being called off may be out of the calendar already
    clinic.book("a5", 600);
    let cancel = cancellation("a5", 7);
    clinic
        .db
        .begin_cancellation(&stamp(7), &cancel, "ill", at(9))
        .unwrap();
    assert!(!clinic.db.adopt(&stamp(8), &met("b5", 610)).unwrap());
    // nor does one that was met before move into it
    clinic.db.adopt(&stamp(8), &met("b6", 900)).unwrap();
    let moved = Elsewhere {
        etag: "\"2\"".into(),
        ..met("b6", 580)
    };
    assert!(!clinic.db.adopt(&stamp(8), &moved).unwrap());
    clinic
        .db
        .settle(&stamp(8), &cancel, &Settlement::Cancelled)
        .unwrap();
    assert!(clinic.db.adopt(&stamp(8), &met("b5", 610)).unwrap());
    assert!(clinic.db.unsettled_one(&"b5".into()).unwrap().is_none());
    // a copy in the way may be out of date
    let other = clinic.db.adopt(&stamp(1), &met("b9", 95));
    assert!(
        matches!(other, Err(StoreError::Overlap(copy)) if copy.appointment_id.as_str() == "b1")
    );
    // while ours is still being booked it will lose by itself
    clinic.begin("a2", 300).unwrap();
    assert!(!clinic.db.adopt(&stamp(1), &met("b2", 310)).unwrap());
}

#[test]
fn a_visit_that_is_not_taken_over_leaves_no_person_behind() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    assert!(!clinic.db.adopt(&stamp(1), &met("b1", 70)).unwrap());
    assert_eq!(clinic.db.customer(&"c77".into()).unwrap(), None);
}

/// A booking that somebody was told is recorded, and that loses its time.
fn lose(clinic: &mut Clinic, id: &str, minute: i64) {
    clinic.begin(id, minute).unwrap();
    let operation = booking(id, minute, 1);
    clinic.db.promise(&stamp(1), &id.into()).unwrap();
    let lost = Settlement::Refused {
        because: Because::SlotTaken,
        why: "another visit is booked there".to_owned(),
    };
    clinic.db.settle(&stamp(2), &operation, &lost).unwrap();
    let lost = clinic.db.unsettled_one(&id.into()).unwrap().unwrap();
    assert_eq!(lost.repair.unwrap().0, Cause::Conflict);
}

#[test]
fn what_took_the_time_of_a_visit_of_ours_that_lost_it_is_no_conflict_of_its_own() {
    let mut clinic = Clinic::new();
    lose(&mut clinic, "a1", 60);
    assert!(clinic.db.adopt(&stamp(3), &met("b1", 75)).unwrap());
    assert!(clinic.db.unsettled_one(&"b1".into()).unwrap().is_none());
    // nor is one that another desk moves there
    clinic.db.adopt(&stamp(3), &met("b2", 200)).unwrap();
    let moved = Elsewhere {
        etag: "\"2\"".into(),
        ..met("b2", 50)
    };
    let other = clinic.db.adopt(&stamp(4), &moved);
    assert!(matches!(other, Err(StoreError::Overlap(copy)) if copy.appointment_id == "b1".into()));
    clinic
        .db
        .called_off_elsewhere(&stamp(4), &"b1".into())
        .unwrap();
    assert!(clinic.db.adopt(&stamp(5), &moved).unwrap());
    assert!(clinic.db.unsettled_one(&"b2".into()).unwrap().is_none());
    assert!(clinic.begin("a2", 55).is_err(), "its time is kept free");
}

#[test]
fn a_conflict_ends_when_the_other_visit_goes() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    assert!(clinic.db.adopt(&stamp(1), &met("b1", 75)).unwrap());
    assert!(clinic.db.unsettled_one(&"b1".into()).unwrap().is_some());
    clinic.cancel("a1", 2);
    assert!(clinic.db.unsettled_one(&"b1".into()).unwrap().is_none());
    let theirs = clinic.db.appointment(&"b1".into()).unwrap().unwrap();
    assert_eq!(
        (theirs.status, theirs.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
    assert!(
        clinic
            .words("b1")
            .contains(&"nothing else stands in its time any more".to_owned())
    );
}
