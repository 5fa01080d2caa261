//! Leases: one program at a time, and whoever lost it writes nothing.

use crate::domain::appointment::SyncState;
use crate::domain::policy::Role;
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::port::store::{Records, Store, StoreError, Take};
use crate::store::tests::{Clinic, at, booking, confirmed, intent, stamp, stamp_at, stamp_of};

fn due(limit: usize) -> Take {
    Take::Due {
        limit,
        besides: Vec::new(),
    }
}

fn ids(operations: &[Operation]) -> Vec<&str> {
    operations.iter().map(|o| o.operation_id.as_str()).collect()
}

fn put_off(clinic: &mut Clinic, id: &str, minute: i64, now: i64, next: i64) {
    let operation = Operation {
        tries: 1,
        next_try_at: Some(at(next)),
        last_error: Some("Google did not answer (time-out)".to_owned()),
        ..booking(id, minute, 1)
    };
    clinic.db.put_off(&stamp(now), &operation).unwrap();
}

#[test]
fn a_lease_keeps_others_away_until_it_runs_out() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap(); // leased to `front` until minute 2
    let mut other = clinic.another();
    let back = |now| stamp_at("back", now);
    assert_eq!(other.take(&back(1), &due(9), at(3)), Ok(Vec::new()));
    assert_eq!(
        other.take(&back(1), &Take::Of("a1".into()), at(3)),
        Ok(Vec::new())
    );
    let id = "book-a1-1".into();
    clinic.db.prolong(&stamp(1), &id, at(4)).unwrap();
    assert_eq!(other.take(&back(3), &due(9), at(6)), Ok(Vec::new()));
    assert_eq!(
        other.prolong(&back(3), &id, at(6)),
        Err(StoreError::LeaseLost)
    );
    let taken = other.take(&back(4), &due(9), at(6)).unwrap();
    assert_eq!(taken, [booking("a1", 60, 1)]);
    // `front` wakes from a long sleep
    let operation = booking("a1", 60, 1);
    let lost = Err(StoreError::LeaseLost);
    assert_eq!(clinic.db.prolong(&stamp(5), &id, at(9)), lost);
    assert_eq!(clinic.db.journal(&stamp(5), &operation, Some("late")), lost);
    assert_eq!(
        clinic.db.put_off(&stamp(5), &operation),
        Err(StoreError::LeaseLost)
    );
    let settled = clinic
        .db
        .settle(&stamp(5), &operation, &confirmed("a1", 60, false));
    assert_eq!(settled, Err(StoreError::LeaseLost));
    assert_eq!(clinic.words("a1"), ["booking recorded"]);
    other
        .settle(&back(5), &operation, &confirmed("a1", 60, false))
        .unwrap();
}

#[test]
fn a_lease_that_ran_out_but_nobody_took_is_still_held() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let operation = booking("a1", 60, 1);
    clinic
        .db
        .settle(&stamp(50), &operation, &confirmed("a1", 60, false))
        .unwrap();
    let again = clinic
        .db
        .settle(&stamp(51), &operation, &confirmed("a1", 60, false));
    assert_eq!(again, Err(StoreError::LeaseLost));
}

#[test]
fn those_due_are_taken_oldest_first_and_those_put_off_later() {
    let mut clinic = Clinic::new();
    for (id, minute) in [("a1", 60), ("a2", 120), ("a3", 180)] {
        clinic.begin(id, minute).unwrap();
    }
    assert_eq!(clinic.db.next_due().unwrap(), Some(at(2)));
    put_off(&mut clinic, "a1", 60, 1, 30);
    put_off(&mut clinic, "a3", 180, 1, 20);
    // a2 is leased until minute 2
    assert_eq!(clinic.db.next_due().unwrap(), Some(at(2)));
    let besides = Take::Due {
        limit: 1,
        besides: vec!["a2".into()],
    };
    assert_eq!(clinic.db.take(&stamp(10), &besides, at(40)), Ok(Vec::new()));
    let taken = clinic.db.take(&stamp(10), &due(9), at(40)).unwrap();
    assert_eq!(ids(&taken), ["book-a2-1"]);
    assert_eq!(clinic.db.next_due().unwrap(), Some(at(20)));
    let taken = clinic.db.take(&stamp(30), &due(1), at(40)).unwrap();
    assert_eq!(ids(&taken), ["book-a1-1"]);
    let taken = clinic.db.take(&stamp(30), &due(9), at(40)).unwrap();
    assert_eq!(ids(&taken), ["book-a3-1"]);
    assert_eq!(clinic.db.take(&stamp(30), &due(9), at(40)), Ok(Vec::new()));
    assert_eq!(clinic.db.next_due().unwrap(), Some(at(40)));
}

#[test]
fn a_clock_that_was_a_day_ahead_and_is_set_right_holds_nothing_up_for_a_day() {
    let day = 24 * 60;
    let mut clinic = Clinic::new();
    let mut wanted = intent("a1", 60);
    wanted.lease_until = at(day + 2);
    clinic.db.begin_booking(&stamp(day), &wanted).unwrap();
    clinic.begin("a2", 120).unwrap();
    put_off(&mut clinic, "a2", 120, day, day + 1);
    // the program that had a1 was killed, and the clock was set right
    let mut other = clinic.another();
    let back = |now| stamp_at("back", now);
    let taken = other.take(&back(5), &due(9), at(6)).unwrap();
    assert_eq!(ids(&taken), ["book-a1-1", "book-a2-1"]);
    // and what was taken now is held as ever
    assert_eq!(clinic.db.take(&stamp(5), &due(9), at(6)), Ok(Vec::new()));
    let of = Take::Of("a1".into());
    assert_eq!(clinic.db.take(&stamp(5), &of, at(6)), Ok(Vec::new()));
}

#[test]
fn one_that_waits_is_taken_at_once_when_asked_for() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    put_off(&mut clinic, "a1", 60, 1, 500);
    let of = Take::Of("a1".into());
    let taken = clinic.db.take(&stamp_at("back", 2), &of, at(4)).unwrap();
    assert_eq!(ids(&taken), ["book-a1-1"]);
    assert_eq!(taken[0].tries, 1);
    assert_eq!(clinic.db.take(&stamp(3), &of, at(5)), Ok(Vec::new()));
    let denied = clinic.db.take(&stamp_of(Role::Doctor, 9), &of, at(10));
    assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
}

#[test]
fn being_put_off_gives_the_lease_back_and_says_why_once() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    put_off(&mut clinic, "a1", 60, 1, 30);
    let unsettled = clinic.db.unsettled().unwrap().remove(0);
    assert_eq!(unsettled.appointment.sync_state, SyncState::SyncPending);
    let operation = unsettled.operation.unwrap();
    assert_eq!(operation.next_try_at, Some(at(30)));
    assert_eq!(operation.tries, 1);
    assert_eq!(
        clinic.words("a1"),
        ["booking recorded", "Google did not answer (time-out)"]
    );
    let lost = clinic.db.prolong(&stamp(2), &operation.operation_id, at(9));
    assert_eq!(lost, Err(StoreError::LeaseLost));
}

#[test]
fn a_recovery_point_is_what_the_next_program_finds() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let mut further = booking("a1", 60, 1);
    if let Flow::Booking(flow) = &mut further.flow {
        flow.draft.summary = "further on".to_owned();
    }
    clinic
        .db
        .journal(&stamp(1), &further, Some("claim placed"))
        .unwrap();
    clinic.db.journal(&stamp(1), &further, None).unwrap();
    assert_eq!(clinic.words("a1"), ["booking recorded", "claim placed"]);
    let mut other = clinic.another();
    let taken = other.take(&stamp_at("back", 3), &due(9), at(5)).unwrap();
    assert_eq!(taken, [further]);
}

#[test]
fn one_open_operation_an_appointment() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let operation = booking("a1", 60, 2);
    let second = super::open(&clinic.db.conn, &stamp(0), &operation, at(2), None);
    assert!(second.is_err(), "{second:?}");
    let refused = Settlement::Refused {
        because: crate::flow::operation::Because::SlotTaken,
        why: "taken".to_owned(),
    };
    clinic
        .db
        .settle(&stamp(1), &booking("a1", 60, 1), &refused)
        .unwrap();
    super::open(&clinic.db.conn, &stamp(1), &operation, at(2), None).unwrap();
}
