//! How operations end.

use crate::domain::appointment::{Status, SyncState};
use crate::domain::id::EventId;
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Settlement};
use crate::port::query::Counts;
use crate::port::store::{Records, Store};
use crate::store::tests::{Clinic, at, booking, cancellation, confirmed, stamp, visit};

fn moved(id: &str, to: Interval) -> Settlement {
    Settlement::Confirmed {
        event: EventId::of_attempt(&id.into(), 1),
        etag: "\"2\"".into(),
        visit: to,
        attempt: 1,
        moved: true,
    }
}

#[test]
fn booked_means_confirmed_in_step_and_known_to_google() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let settlement = Settlement::Confirmed {
        event: "event3".into(),
        etag: "\"9\"".into(),
        visit: visit(60),
        attempt: 3,
        moved: false,
    };
    let booked = clinic
        .db
        .settle(&stamp(1), &booking("a1", 60, 1), &settlement)
        .unwrap();
    assert_eq!(
        (booked.status, booked.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
    assert_eq!(booked.google_event_id, Some("event3".into()));
    assert_eq!(booked.etag, Some("\"9\"".into()));
    assert_eq!(booked.attempt, 3);
    assert_eq!(clinic.db.appointment(&"a1".into()).unwrap(), Some(booked));
    assert_eq!(clinic.db.counts().unwrap(), Counts::default());
    assert_eq!(clinic.db.unsettled().unwrap(), []);
    let second_look = at(1) + chrono::Duration::seconds(15);
    assert_eq!(
        clinic.db.next_due().unwrap(),
        Some(second_look),
        "nothing else is left"
    );
    assert_eq!(clinic.words("a1"), ["booking recorded", "booked"]);
}

#[test]
fn a_refused_booking_gives_its_time_free() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let refused = Settlement::Refused {
        because: crate::flow::operation::Because::SlotTaken,
        why: "the slot was taken meanwhile".to_owned(),
    };
    let lost = clinic
        .db
        .settle(&stamp(1), &booking("a1", 60, 1), &refused)
        .unwrap();
    assert_eq!(
        (lost.status, lost.sync_state),
        (Status::Refused, SyncState::Synced)
    );
    assert_eq!(
        clinic.words("a1").last().unwrap(),
        "not booked: the slot was taken meanwhile"
    );
    clinic.begin("a2", 60).unwrap();
}

#[test]
fn one_that_a_person_moved_stands_at_the_new_time_and_in_the_repair_pane() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let there = clinic
        .db
        .settle(&stamp(1), &booking("a1", 60, 1), &moved("a1", visit(120)))
        .unwrap();
    assert_eq!(there.visit, visit(120));
    assert_eq!(
        (there.status, there.sync_state),
        (Status::Confirmed, SyncState::NeedsRepair)
    );
    let unsettled = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    let (cause, sentence) = unsettled.repair.unwrap();
    assert_eq!(cause, Cause::MovedInGoogle);
    assert_eq!(
        sentence,
        "In Google it is now 11:00 to 11:30; it was booked for 10:00"
    );
    assert_eq!(unsettled.since, at(1));
    clinic.begin("a2", 60).unwrap();
    assert!(clinic.begin("a3", 120).is_err());
}

#[test]
fn one_that_was_moved_onto_another_passes_with_its_mark_and_says_onto_whom() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 120);
    clinic.begin("a2", 60).unwrap();
    let there = clinic
        .db
        .settle(&stamp(1), &booking("a2", 60, 1), &moved("a2", visit(130)))
        .unwrap();
    assert_eq!(there.visit, visit(130));
    let unsettled = clinic.db.unsettled_one(&"a2".into()).unwrap().unwrap();
    let (_, sentence) = unsettled.repair.unwrap();
    assert!(sentence.ends_with(", onto Ana"), "{sentence}");
    // the other one is untouched and can go on
    let first = clinic.db.appointment(&"a1".into()).unwrap().unwrap();
    assert_eq!(first.sync_state, SyncState::Synced);
    clinic.cancel("a1", 5);
    let marked: i64 = clinic
        .db
        .conn
        .query_row(
            "SELECT count(*) FROM appointments WHERE in_conflict",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(marked, 0);
}

#[test]
fn a_pending_visit_is_confirmed_although_another_was_moved_onto_it() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 120).unwrap();
    clinic.begin("a2", 60).unwrap();
    clinic
        .db
        .settle(&stamp(1), &booking("a2", 60, 1), &moved("a2", visit(130)))
        .unwrap();
    let booked = clinic
        .db
        .settle(
            &stamp(1),
            &booking("a1", 120, 1),
            &confirmed("a1", 120, false),
        )
        .unwrap();
    assert_eq!(
        (booked.status, booked.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
}

#[test]
fn an_event_dragged_longer_than_a_day_keeps_our_times_and_needs_a_decision() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let week = Interval::lasting(at(60), 7 * 1_440);
    let there = clinic
        .db
        .settle(&stamp(1), &booking("a1", 60, 1), &moved("a1", week))
        .unwrap();
    assert_eq!(there.visit, visit(60));
    assert_eq!(there.sync_state, SyncState::NeedsRepair);
}

#[test]
fn what_a_person_must_decide_is_counted_and_listed_before_what_is_pending() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.begin("a2", 120).unwrap();
    let cancel = cancellation("a1", 3);
    clinic
        .db
        .begin_cancellation(&stamp(3), &cancel, "ill", at(5))
        .unwrap();
    let repair = Settlement::Repair {
        cause: Cause::ChangedInGoogle,
        detail: "Somebody moved it while it was being called off.".to_owned(),
    };
    let broken = clinic.db.settle(&stamp(4), &cancel, &repair).unwrap();
    assert_eq!(
        (broken.status, broken.sync_state),
        (Status::Confirmed, SyncState::NeedsRepair)
    );
    assert_eq!(
        clinic.db.counts().unwrap(),
        Counts {
            pending: 1,
            repair: 1
        }
    );
    let list = clinic.db.unsettled().unwrap();
    let ids: Vec<&str> = list
        .iter()
        .map(|u| u.appointment.appointment_id.as_str())
        .collect();
    assert_eq!(ids, ["a1", "a2"]);
    assert_eq!(list[0].operation, None);
    assert_eq!(list[0].since, at(4));
    assert_eq!(
        clinic.words("a1").last().unwrap(),
        "needs a decision: changed in Google"
    );
    // calling it off again is a new operation, and the item is closed by it
    clinic.cancel("a1", 6);
    assert_eq!(
        clinic.db.counts().unwrap(),
        Counts {
            pending: 1,
            repair: 0
        }
    );
}
