//! A person's choice about what is not in step.

use crate::domain::appointment::{Status, SyncState};
use crate::domain::policy::Role;
use crate::flow::operation::{Cause, Settlement};
use crate::port::query::{Counts, RepairAction};
use crate::port::store::{Records, Store, StoreError};
use crate::store::tests::{Clinic, at, booking, cancellation, moved, stamp, stamp_of, visit};

/// `a1`, booked for minute 60; calling it off has ended in repair.
fn broken() -> Clinic {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let cancel = cancellation("a1", 3);
    clinic
        .db
        .begin_cancellation(&stamp(3), &cancel, "ill", at(5))
        .unwrap();
    let repair = Settlement::Repair {
        cause: Cause::ChangedInGoogle,
        detail: "Somebody moved it.".to_owned(),
    };
    clinic.db.settle(&stamp(4), &cancel, &repair).unwrap();
    clinic
}

#[test]
fn googles_time_is_taken_over() {
    let mut clinic = broken();
    let google = moved(200);
    let id = "a1".into();
    let adopted = clinic
        .db
        .resolve_repair(&stamp(5), &id, RepairAction::AdoptTimes, Some(&google), "")
        .unwrap();
    assert_eq!(adopted.visit, visit(200));
    assert_eq!(
        (adopted.status, adopted.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
    assert_eq!(adopted.cancellation_reason, None);
    assert_eq!(clinic.db.counts().unwrap(), Counts::default());
    assert_eq!(
        clinic.words("a1").last().unwrap(),
        "Google's time taken over"
    );
    let twice =
        clinic
            .db
            .resolve_repair(&stamp(5), &id, RepairAction::AdoptTimes, Some(&google), "");
    assert!(matches!(twice, Err(StoreError::Rule(_))), "{twice:?}");
}

#[test]
fn googles_time_in_anothers_visit_is_taken_over_and_stays_to_be_decided() {
    let mut clinic = broken();
    clinic.book("a2", 200);
    let google = moved(210);
    let id = "a1".into();
    let adopted = clinic
        .db
        .resolve_repair(&stamp(5), &id, RepairAction::AdoptTimes, Some(&google), "")
        .unwrap();
    assert_eq!(adopted.visit, visit(210));
    let unsettled = clinic.db.unsettled_one(&id).unwrap().unwrap();
    assert_eq!(unsettled.repair.unwrap().0, Cause::Conflict);
    let kept = clinic
        .db
        .resolve_repair(&stamp(6), &id, RepairAction::Ignore, None, "both agreed")
        .unwrap();
    assert_eq!(kept.sync_state, SyncState::Synced);
    assert_eq!(
        clinic.words("a1").last().unwrap(),
        "left as it is: both agreed"
    );
    assert_eq!(clinic.db.counts().unwrap(), Counts::default());
}

#[test]
fn leaving_it_needs_a_reason_and_other_choices_have_other_ways() {
    let mut clinic = broken();
    let id = "a1".into();
    let mut choose = |stamp, action, google: Option<&Settlement>, reason| {
        clinic
            .db
            .resolve_repair(&stamp, &id, action, google, reason)
    };
    for (action, google, reason) in [
        (RepairAction::Ignore, None, " "),
        (RepairAction::AdoptTimes, None, ""),
        (RepairAction::AdoptTimes, Some(&Settlement::Cancelled), ""),
        (RepairAction::Retry, None, "x"),
        (RepairAction::Cancel, None, "x"),
    ] {
        let refused = choose(stamp(5), action, google, reason);
        assert!(matches!(refused, Err(StoreError::Rule(_))), "{refused:?}");
    }
    let denied = choose(stamp_of(Role::Doctor, 5), RepairAction::Ignore, None, "x");
    assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    assert_eq!(
        clinic.db.counts().unwrap(),
        Counts {
            pending: 0,
            repair: 1
        }
    );
    let unknown =
        clinic
            .db
            .resolve_repair(&stamp(5), &"a9".into(), RepairAction::Ignore, None, "x");
    assert_eq!(unknown, Err(StoreError::NotFound("appointment")));
}

#[test]
fn what_is_under_way_is_not_settled_by_hand() {
    let mut clinic = broken();
    let again = booking("a1", 60, 2);
    clinic.db.begin_rebooking(&stamp(5), &again, at(7)).unwrap();
    let open = clinic
        .db
        .resolve_repair(&stamp(6), &"a1".into(), RepairAction::Ignore, None, "x");
    assert_eq!(open, Err(StoreError::OperationOpen));
}
