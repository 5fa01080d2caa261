//! The journal of a move: both times are taken until it has ended.

use crate::domain::appointment::{Status, SyncState};
use crate::flow::operation::{Because, Cause, Flow, Operation, Settlement};
use crate::port::store::{Records, Store, StoreError, UndoableAct};
use crate::store::tests::{Clinic, at, moved, moving, stamp, visit};

/// `a1` at minute 60, being moved to 200.
fn begun() -> Clinic {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let moving = moving("a1", 60, 200);
    let begun = clinic.db.begin_move(&stamp(3), &moving, at(5)).unwrap();
    assert_eq!(begun.visit, visit(60));
    assert_eq!(begun.sync_state, SyncState::SyncPending);
    clinic
}

#[test]
fn until_it_has_ended_nobody_gets_either_time() {
    let mut clinic = begun();
    for (id, minute) in [("a2", 75), ("a3", 215)] {
        let refused = clinic.begin(id, minute);
        let Err(StoreError::Overlap(other)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(other.appointment_id.as_str(), "a1");
    }
    // also past what looks first: the schema itself refuses
    let sql =
        "INSERT INTO held_times SELECT 'a9', doctor_id, starts_at, ends_at, 0, 0 FROM held_times";
    let error = clinic.db.conn.execute(sql, []).unwrap_err();
    assert!(error.to_string().contains("overlap"), "{error}");
    let taken = clinic.db.taken(&["d1".into()], visit(200)).unwrap();
    assert!(taken.iter().any(|(_, held, _)| *held == visit(200)));
    let settled = clinic
        .db
        .settle(&stamp(4), &moving("a1", 60, 200), &moved(200))
        .unwrap();
    assert_eq!((settled.visit, settled.rev), (visit(200), 1));
    assert_eq!(
        (settled.status, settled.sync_state),
        (Status::Confirmed, SyncState::Synced)
    );
    clinic.book("a2", 75);
    assert!(clinic.begin("a3", 215).is_err());
    assert_eq!(clinic.db.audit_break().unwrap(), None);
}

#[test]
fn a_visit_is_moved_onto_part_of_its_own_time() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let moving = moving("a1", 60, 75);
    clinic.db.begin_move(&stamp(3), &moving, at(5)).unwrap();
    let settled = clinic.db.settle(&stamp(4), &moving, &moved(75)).unwrap();
    assert_eq!(settled.visit, visit(75));
}

#[test]
fn one_that_was_refused_stands_where_it_was_and_the_new_time_is_free_again() {
    let mut clinic = begun();
    let refused = Settlement::NotMoved {
        because: Because::SlotTaken,
        why: "taken".to_owned(),
    };
    let stands = clinic
        .db
        .settle(&stamp(4), &moving("a1", 60, 200), &refused)
        .unwrap();
    assert_eq!(
        (stands.visit, stands.sync_state),
        (visit(60), SyncState::Synced)
    );
    assert_eq!(clinic.words("a1").last().unwrap(), "not moved: taken");
    clinic.book("a2", 200);
}

#[test]
fn what_cannot_be_moved_is_refused_and_leaves_no_trace() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 200);
    clinic.begin("a3", 300).unwrap();
    clinic.book("a4", 400);
    clinic.cancel("a4", 400);
    let before = clinic.db.timeline(&"a1".into()).unwrap().len();
    for (id, from, to, words) in [
        ("a1", 60, 60, "stands at that time already"),
        ("a1", 90, 120, "was moved meanwhile"),
        ("a3", 300, 320, "another change of this visit"),
        ("a4", 400, 420, "is called off"),
        ("a1", 60, 210, "already has a visit there"),
    ] {
        let operation = moving(id, from, to);
        let refused = clinic
            .db
            .begin_move(&stamp(3), &operation, at(5))
            .unwrap_err();
        assert!(refused.to_string().contains(words), "{refused}");
    }
    assert_eq!(clinic.db.timeline(&"a1".into()).unwrap().len(), before);
    clinic.book("a5", 120);
}

#[test]
fn a_move_that_ended_elsewhere_is_for_a_person() {
    let mut clinic = begun();
    // somebody dragged it on, right after we had moved it
    let settled = clinic
        .db
        .settle(&stamp(4), &moving("a1", 60, 200), &moved(230))
        .unwrap();
    assert_eq!(settled.visit, visit(230));
    let item = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    assert_eq!(item.repair.unwrap().0, Cause::MovedInGoogle);

    let mut clinic = begun();
    let crowded = Settlement::Moved {
        etag: "\"9\"".into(),
        visit: visit(200),
        rev: 1,
        in_the_way: Some("the doctor's calendar has an entry there".to_owned()),
    };
    let settled = clinic
        .db
        .settle(&stamp(4), &moving("a1", 60, 200), &crowded)
        .unwrap();
    assert_eq!(settled.visit, visit(200));
    let item = clinic.db.unsettled_one(&"a1".into()).unwrap().unwrap();
    let (cause, sentence) = item.repair.unwrap();
    assert_eq!(cause, Cause::Conflict);
    assert!(sentence.contains("has an entry there"), "{sentence}");
}

#[test]
fn a_move_can_be_undone_while_nothing_happened_since() {
    let mut clinic = begun();
    let offered = |clinic: &Clinic| clinic.db.undoable(&stamp(0).desk, at(0)).unwrap();
    assert!(offered(&clinic).is_empty(), "not while it is under way");
    clinic
        .db
        .settle(&stamp(4), &moving("a1", 60, 200), &moved(200))
        .unwrap();
    // however quickly it followed on the booking and on another move
    let on = moving("a1", 200, 300);
    clinic.db.begin_move(&stamp(4), &on, at(5)).unwrap();
    clinic.db.settle(&stamp(4), &on, &moved(300)).unwrap();
    let back = Operation {
        operation_id: "move-back".into(),
        ..moving("a1", 300, 200)
    };
    clinic.db.begin_move(&stamp(4), &back, at(5)).unwrap();
    let refused = Settlement::NotMoved {
        because: Because::SlotTaken,
        why: "taken".to_owned(),
    };
    clinic.db.settle(&stamp(4), &back, &refused).unwrap();
    assert!(
        offered(&clinic).is_empty(),
        "what came to nothing is not undone"
    );
    let mut back = Operation {
        operation_id: "move-once-more".into(),
        ..back
    };
    if let Flow::Reschedule(reschedule) = &mut back.flow {
        reschedule.rev = 2;
    }
    clinic.db.begin_move(&stamp(4), &back, at(5)).unwrap();
    let third = Settlement::Moved {
        etag: "\"12\"".into(),
        visit: visit(200),
        rev: 3,
        in_the_way: None,
    };
    clinic.db.settle(&stamp(4), &back, &third).unwrap();
    let [act] = &offered(&clinic)[..] else {
        panic!("the move is offered, and it alone")
    };
    assert_eq!(act.act, UndoableAct::Moved { from: visit(300) });
    clinic.db.mark_undone(&stamp(5), act.audit).unwrap();
    assert!(offered(&clinic).is_empty());
}

#[test]
fn one_that_stood_in_another_visits_time_is_moved_out_of_it() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.begin("a2", 100).unwrap();
    let operation = crate::store::tests::booking("a2", 100, 1);
    // somebody dragged it onto the other one while it was being booked
    let dragged = crate::store::tests::confirmed("a2", 70, true);
    clinic.db.settle(&stamp(2), &operation, &dragged).unwrap();
    let moving = moving("a2", 70, 300);
    clinic.db.begin_move(&stamp(3), &moving, at(5)).unwrap();
    let settled = clinic.db.settle(&stamp(4), &moving, &moved(300)).unwrap();
    assert_eq!(settled.sync_state, SyncState::Synced);
    assert_eq!(clinic.db.counts().unwrap().repair, 0);
    // and it is guarded again at its new place
    assert!(clinic.begin("a3", 310).is_err());
    clinic.cancel("a1", 60);
    clinic.book("a4", 60);
}
