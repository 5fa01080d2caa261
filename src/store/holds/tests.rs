//! A hold that was left: the visit goes into repair, and out of it when the hold is gone.

use crate::domain::appointment::SyncState;
use crate::flow::clearance::Clearance;
use crate::flow::operation::{Cause, Flow, Operation};
use crate::port::store::{HoldLeft, Records, Store};
use crate::store::tests::{Clinic, at, booking, moved, moving, stamp, visit};

fn left(id: &str) -> HoldLeft {
    HoldLeft {
        hold: "hold1".into(),
        appointment: id.into(),
        held: visit(200),
    }
}

#[test]
fn it_is_shown_once_and_settled_when_the_hold_is_gone() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    assert!(!clinic.db.hold_left(&stamp(3), &left("nobody")).unwrap());
    assert!(clinic.db.hold_left(&stamp(3), &left("a1")).unwrap());
    assert!(!clinic.db.hold_left(&stamp(4), &left("a1")).unwrap());
    let id = "a1".into();
    assert_eq!(
        clinic.db.hold_in_the_way(&id).unwrap(),
        Some("hold1".into())
    );
    let item = clinic.db.unsettled_one(&id).unwrap().unwrap();
    assert_eq!(item.repair.unwrap().0, Cause::HoldLeft);
    let flow = Clearance::new(
        "hold1".into(),
        "e1".into(),
        id.clone(),
        "clinic".into(),
        "clear".into(),
        chrono_tz::Europe::Berlin,
    );
    let clearing = Operation {
        operation_id: "clear".into(),
        flow: Flow::Clearance(Box::new(flow)),
        ..booking("a1", 60, 1)
    };
    clinic
        .db
        .begin_clearance(&stamp(5), &clearing, at(9))
        .unwrap();
    let settled = clinic.db.settle(&stamp(6), &clearing, &moved(60)).unwrap();
    assert_eq!(
        (settled.visit, settled.sync_state),
        (visit(60), SyncState::Synced)
    );
    assert_eq!(clinic.db.counts().unwrap().repair, 0);
    assert_eq!(clinic.db.hold_in_the_way(&id).unwrap(), None);
}

#[test]
fn our_own_move_that_is_under_way_is_no_hold_that_was_left() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let moving = moving("a1", 60, 200);
    clinic.db.begin_move(&stamp(3), &moving, at(5)).unwrap();
    assert!(!clinic.db.hold_left(&stamp(9), &left("a1")).unwrap());
}
