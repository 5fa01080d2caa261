//! What is told while something is under way is not lost.

use super::*;
use crate::flow::operation::{Because, Settlement};
use crate::store::tests::moving;

/// `a1` at minute 60, being moved to 200, and that the move comes to nothing.
fn being_moved(clinic: &mut Clinic) -> (Appointment, impl FnOnce(&mut Clinic) + use<>) {
    let a1 = clinic.book("a1", 60);
    let operation = moving("a1", 60, 200);
    clinic.db.begin_move(&stamp(3), &operation, at(90)).unwrap();
    let refused = Settlement::NotMoved {
        because: Because::SlotTaken,
        why: "taken".to_owned(),
    };
    let end = move |clinic: &mut Clinic| {
        clinic.db.settle(&stamp(7), &operation, &refused).unwrap();
    };
    (a1, end)
}

fn asked(clinic: &Clinic, minute: i64) -> Vec<EventId> {
    clinic.db.missing(&changes(minute, Vec::new())).unwrap()
}

#[test]
fn an_entry_on_top_of_a_visit_that_is_being_moved_is_told_when_the_move_has_come_to_nothing() {
    let mut clinic = Clinic::new();
    let (a1, end) = being_moved(&mut clinic);
    assert_eq!(
        read(&mut clinic, &changes(5, vec![entry("e1", 75)])).conflicts,
        0
    );
    assert_eq!(
        asked(&clinic, 6),
        Vec::new(),
        "not before the move has ended"
    );
    end(&mut clinic);
    assert_eq!(asked(&clinic, 8), vec![a1.google_event_id.clone().unwrap()]);
    let synced = read(&mut clinic, &changes(8, vec![stands(&a1)]));
    assert_eq!(synced.conflicts, 1);
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::Conflict);
    assert_eq!(asked(&clinic, 9), Vec::new());
}

#[test]
fn what_a_person_did_to_a_visit_that_is_being_moved_is_judged_when_the_move_has_come_to_nothing() {
    let mut clinic = Clinic::new();
    let (a1, end) = being_moved(&mut clinic);
    let free = Event {
        transparent: true,
        ..event_of(&a1, 60)
    };
    assert_eq!(read(&mut clinic, &changes(5, vec![free.clone()])).unsure, 1);
    end(&mut clinic);
    assert_eq!(asked(&clinic, 8), vec![free.id.clone()]);
    read(&mut clinic, &changes(8, vec![free]));
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::ChangedInGoogle);
}

#[test]
fn what_stands_in_the_time_of_a_visit_that_is_put_back_is_told() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    let gone = tombstone(a1.google_event_id.as_ref().unwrap());
    read(&mut clinic, &changes(5, vec![gone]));
    read(&mut clinic, &changes(6, vec![entry("e1", 75)]));
    read(&mut clinic, &changes(7, vec![event_of(&a1, 60)]));
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::Conflict);
}

#[test]
fn a_visit_of_another_desk_that_could_not_be_taken_over_is_asked_about_again() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let theirs = Event {
        id: "x1".into(),
        mark: Some(Mark {
            database: "other".into(),
            ..mark("b1", 60)
        }),
        ..entry("", 60)
    };
    assert_eq!(
        read(&mut clinic, &changes(5, vec![theirs.clone()])).adopted,
        0
    );
    let refused = Settlement::Refused {
        because: Because::SlotTaken,
        why: "taken".to_owned(),
    };
    clinic
        .db
        .settle(&stamp(6), &booking("a1", 60, 1), &refused)
        .unwrap();
    assert_eq!(asked(&clinic, 6), vec!["x1".into()]);
    assert_eq!(read(&mut clinic, &changes(6, vec![theirs])).adopted, 1);
    assert_eq!(shown(&clinic, "b1").visit, visit(60));
    assert_eq!(asked(&clinic, 9), Vec::new());
}

#[test]
fn a_visit_that_was_marked_free_and_moved_is_moved_and_waits_for_a_person() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    let free = Event {
        transparent: true,
        ..event_of(&a1, 120)
    };
    read(&mut clinic, &changes(5, vec![free]));
    assert_eq!(shown(&clinic, "a1").visit, visit(120));
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::ChangedInGoogle);
}
