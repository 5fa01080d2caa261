//! The triggers agree with `domain::service::conflict`, on INSERT and on UPDATE.

use super::{first, mark};
use crate::domain::appointment::{Appointment, Status};
use crate::domain::service::{Buffers, conflict};
use crate::domain::time::Interval;
use crate::port::store::{Records, StoreError};
use crate::store::appointments;
use crate::store::tests::{Clinic, appointment, at};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Wanted {
    start: i64,
    minutes: i64,
    buffers: (u32, u32),
    doctor: bool,
    takes_time: bool,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let minutes = prop_oneof![5 => 1i64..90, 1 => 1_300i64..=1_440];
    let buffer = || prop_oneof![2 => Just(0u32), 2 => 0u32..30, 1 => 0u32..=120];
    let start = prop_oneof![3 => 0i64..600, 1 => -1_600i64..1_600];
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.85));
    (start, minutes, (buffer(), buffer()), flags).prop_map(|(start, minutes, buffers, flags)| {
        Wanted {
            start,
            minutes,
            buffers,
            doctor: flags.0,
            takes_time: flags.1,
        }
    })
}

fn as_appointment(id: usize, wanted: &Wanted) -> Appointment {
    Appointment {
        visit: Interval::new(at(wanted.start), at(wanted.start + wanted.minutes)).unwrap(),
        buffers: Buffers::new(wanted.buffers.0, wanted.buffers.1).unwrap(),
        doctor_id: if wanted.doctor { "d1" } else { "d2" }.into(),
        status: if wanted.takes_time {
            Status::Confirmed
        } else {
            Status::Cancelled
        },
        ..appointment(&format!("a{id}"), 0)
    }
}

fn collides(one: &Appointment, other: &Appointment) -> bool {
    one.appointment_id != other.appointment_id
        && one.doctor_id == other.doctor_id
        && one.takes_time()
        && other.takes_time()
        && conflict(one.visit, one.buffers, other.visit, other.buffers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_row_gets_in_exactly_if_it_conflicts_with_none(
        list in prop::collection::vec(wanted(), 1..25),
        moves in prop::collection::vec((0usize..25, wanted()), 0..15),
    ) {
        let clinic = Clinic::new();
        let conn = &clinic.db.conn;
        let mut stored: Vec<Appointment> = Vec::new();
        for (id, wanted) in list.iter().enumerate() {
            let new = as_appointment(id, wanted);
            let free = !stored.iter().any(|other| collides(&new, other));
            let found = first(conn, &new.appointment_id, &new.doctor_id, new.visit, new.buffers);
            if new.takes_time() {
                prop_assert_eq!(found.unwrap().is_none(), free, "the look before");
            }
            let inserted = appointments::insert(conn, &new);
            prop_assert_eq!(inserted.is_ok(), free, "{:?} among {:?}", new, stored);
            if free {
                stored.push(new);
            } else {
                prop_assert!(matches!(inserted, Err(StoreError::Rule(_))));
            }
        }
        for (which, wanted) in &moves {
            let at = which % stored.len();
            // times and status can change, doctor and buffers stay
            let new = Appointment {
                visit: as_appointment(0, wanted).visit,
                status: as_appointment(0, wanted).status,
                ..stored[at].clone()
            };
            let free = !stored.iter().any(|other| collides(&new, other));
            prop_assert_eq!(appointments::save(conn, &new).is_ok(), free);
            if free {
                stored[at] = new;
            }
        }
    }
}

#[test]
fn a_marked_row_passes_and_keeps_others_out_all_the_same() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let mut moved = clinic.book("a2", 180);
    moved.visit = Interval::lasting(at(70), 30);
    let conn = &clinic.db.conn;
    assert!(appointments::save(conn, &moved).is_err());
    mark(conn, &moved.appointment_id, true).unwrap();
    appointments::save(conn, &moved).unwrap();
    // a3 would be free of a1, but not of the one that was moved
    let refused = clinic.begin("a3", 92);
    assert!(
        matches!(&refused, Err(StoreError::Overlap(with)) if with.appointment_id.as_str() == "a2"),
        "{refused:?}"
    );
    // the mark cannot be taken away while it stands there
    assert!(mark(&clinic.db.conn, &"a2".into(), false).is_err());
    // and the one that was there first can still change in every other way
    clinic.cancel("a1", 5);
    assert_eq!(
        flag(&clinic, "a2"),
        0,
        "free of conflict, so the mark has gone"
    );
    assert_eq!(clinic.db.audit_break(), Ok(None));
}

fn flag(clinic: &Clinic, id: &str) -> i64 {
    clinic
        .db
        .conn
        .query_row(
            "SELECT in_conflict FROM appointments WHERE appointment_id = ?1",
            [id],
            |row| row.get(0),
        )
        .unwrap()
}
