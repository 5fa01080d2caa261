//! What waits after a backup was put back, and what goes on.

use crate::domain::appointment::{Status, SyncState};
use crate::flow::operation::Cause;
use crate::port::store::{Records, Store, StoreError, Take};
use crate::port::sync::{SyncRecords, SyncStore};
use crate::store::tests::{Clinic, at, cancellation, stamp, stamp_at};

fn due() -> Take {
    Take::Due {
        limit: 9,
        besides: Vec::new(),
    }
}

/// Two visits that were to be called off when the backup was made, at minute 5; put back at minute 6.
fn put_back() -> Clinic {
    let mut clinic = Clinic::new();
    for (id, minute) in [("a1", 60), ("a2", 120)] {
        clinic.book(id, minute);
        let cancel = cancellation(id, 5);
        clinic
            .db
            .begin_cancellation(&stamp(5), &cancel, "ill", at(7))
            .unwrap();
    }
    clinic.db.mark_restored(&stamp(6)).unwrap();
    clinic
}

#[test]
fn what_was_open_waits_and_what_is_begun_since_goes_on() {
    let mut clinic = put_back();
    assert!(clinic.db.restored().unwrap());
    let old = Take::Of("a1".into());
    let waits = clinic.db.take(&stamp_at("left", 30), &old, at(40));
    assert!(matches!(waits, Err(StoreError::Rule(_))), "{waits:?}");
    clinic.book("a3", 200);
    let begun = cancellation("a3", 10);
    clinic
        .db
        .begin_cancellation(&stamp(10), &begun, "ill", at(11))
        .unwrap();
    let taken = clinic.db.take(&stamp_at("left", 30), &due(), at(40));
    let taken: Vec<_> = taken
        .unwrap()
        .into_iter()
        .map(|o| o.appointment_id)
        .collect();
    assert_eq!(taken, ["a3".into()]);
}

#[test]
fn what_was_overtaken_never_runs_and_the_rest_does_once_it_was_compared() {
    let mut clinic = put_back();
    // its desk held it when the backup was made, and the lease in the backup has not run out
    let laid_down = clinic
        .db
        .end_restored(&stamp_at("left", 6), &["a1".into()])
        .unwrap();
    assert_eq!(laid_down.len(), 1);
    assert_eq!(laid_down[0].1.status, Status::Confirmed);
    assert_eq!(laid_down[0].1.sync_state, SyncState::NeedsRepair);
    let item = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(item.repair.unwrap().0, Cause::ChangedInGoogle);
    assert!(!clinic.db.restored().unwrap());
    let taken = clinic.db.take(&stamp_at("left", 30), &due(), at(40));
    let taken: Vec<_> = taken
        .unwrap()
        .into_iter()
        .map(|o| o.appointment_id)
        .collect();
    assert_eq!(taken, ["a2".into()]);
    assert_eq!(clinic.db.audit_break(), Ok(None));
}

#[test]
fn an_operation_begun_since_is_not_taken_for_an_old_one() {
    let mut clinic = put_back();
    clinic.book("a3", 200);
    let begun = cancellation("a3", 10);
    clinic
        .db
        .begin_cancellation(&stamp(10), &begun, "ill", at(11))
        .unwrap();
    let laid_down = clinic
        .db
        .end_restored(&stamp_at("left", 12), &["a3".into()])
        .unwrap();
    assert_eq!(laid_down, Vec::new());
    assert!(
        clinic
            .db
            .end_restored(&stamp(13), &["a1".into()])
            .unwrap()
            .is_empty()
    );
}
