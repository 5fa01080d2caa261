//! What can be undone, where, and for how long.

use crate::domain::id::AuditId;
use crate::flow::operation::Operation;
use crate::port::store::{Records, Store, StoreError, UndoableAct};
use crate::store::tests::{Clinic, at, booking, cancellation, confirmed, intent, stamp, stamp_at};

/// Appointment and act, newest first.
fn offered(clinic: &Clinic, desk: &str, since: i64) -> Vec<(String, UndoableAct)> {
    let list = clinic.db.undoable(&desk.into(), at(since)).unwrap();
    list.into_iter()
        .map(|u| (u.appointment.to_string(), u.act))
        .collect()
}

#[test]
fn bookings_and_cancellations_of_this_desk_are_offered_newest_first() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    let other = stamp_at("back", 0);
    clinic.db.begin_booking(&other, &intent("a3", 180)).unwrap();
    clinic
        .db
        .settle(&other, &booking("a3", 180, 1), &confirmed("a3", 180, false))
        .unwrap();
    clinic.cancel("a1", 5);
    let booked = UndoableAct::Booked;
    let cancelled = UndoableAct::Cancelled;
    // the booking of a1 was overtaken by its cancellation
    assert_eq!(
        offered(&clinic, "front", 0),
        [("a1".to_owned(), cancelled), ("a2".to_owned(), booked)]
    );
    assert_eq!(offered(&clinic, "back", 0), [("a3".to_owned(), booked)]);
    assert_eq!(offered(&clinic, "front", 5), [("a1".to_owned(), cancelled)]);
    assert_eq!(offered(&clinic, "front", 6), []);
    let newest = clinic
        .db
        .undoable(&"front".into(), at(0))
        .unwrap()
        .remove(0);
    assert_eq!(newest.at, at(5));
}

#[test]
fn what_is_still_under_way_is_not_offered_but_what_waits_for_google_is() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    assert_eq!(offered(&clinic, "front", 0), []);
    let waiting = Operation {
        tries: 1,
        next_try_at: Some(at(30)),
        ..booking("a1", 60, 1)
    };
    clinic.db.put_off(&stamp(1), &waiting).unwrap();
    assert_eq!(
        offered(&clinic, "front", 0),
        [("a1".to_owned(), UndoableAct::Booked)]
    );
    let cancel = cancellation("a1", 2);
    clinic
        .db
        .begin_cancellation(&stamp(2), &cancel, "ill", at(9))
        .unwrap();
    assert_eq!(offered(&clinic, "front", 0), []);
}

#[test]
fn an_act_is_undone_once_and_what_undid_it_is_not_offered_in_its_place() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    let act = clinic
        .db
        .undoable(&"front".into(), at(0))
        .unwrap()
        .remove(0);
    assert_eq!(act.appointment.as_str(), "a2");
    clinic.cancel("a2", 5);
    clinic.db.mark_undone(&stamp(5), act.audit).unwrap();
    assert_eq!(
        offered(&clinic, "front", 0),
        [("a1".to_owned(), UndoableAct::Booked)]
    );
    let twice = clinic.db.mark_undone(&stamp(6), act.audit);
    assert!(matches!(twice, Err(StoreError::Rule(_))), "{twice:?}");
    assert_eq!(clinic.words("a2").last().unwrap(), "undone");
    assert_eq!(clinic.db.audit_break(), Ok(None));
}

#[test]
fn only_acts_can_be_undone() {
    let mut clinic = Clinic::new();
    let first = clinic.db.mark_undone(&stamp(0), AuditId(1));
    assert!(matches!(first, Err(StoreError::Rule(_))), "{first:?}");
    let unknown = clinic.db.mark_undone(&stamp(0), AuditId(99));
    assert_eq!(unknown, Err(StoreError::NotFound("act")));
}
