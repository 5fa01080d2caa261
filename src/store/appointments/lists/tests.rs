//! Lists hold what they should, against a plain search through everything.

use crate::domain::appointment::{Appointment, Status};
use crate::domain::id::DoctorId;
use crate::domain::policy::Role;
use crate::domain::service::Buffers;
use crate::domain::time::Interval;
use crate::port::store::{Records, Store};
use crate::store::appointments;
use crate::store::tests::{Clinic, appointment, at, doctor, stamp_of};
use chrono::Duration;
use proptest::prelude::*;

const STATUSES: [Status; 4] = [
    Status::Confirmed,
    Status::Pending,
    Status::Cancelled,
    Status::Refused,
];

/// A clinic of six doctors with these visits (start, length in minutes; doctor; status), overlapping as
/// they like.
fn clinic(visits: &[(i64, i64, usize, usize)]) -> (Clinic, Vec<Appointment>) {
    let mut clinic = Clinic::new();
    for n in 3..=6 {
        let one = doctor(&format!("d{n}"), &format!("Doctor {n}"));
        clinic
            .db
            .add_doctor(&stamp_of(Role::Admin, 0), &one)
            .unwrap();
    }
    clinic
        .db
        .conn
        .execute_batch("DROP TRIGGER appointments_no_overlap_insert")
        .unwrap();
    let mut all = Vec::new();
    for (n, (start, length, doctor, status)) in visits.iter().enumerate() {
        let one = Appointment {
            visit: Interval::new(at(*start), at(start + length)).unwrap(),
            doctor_id: format!("d{}", doctor + 1).into(),
            status: STATUSES[*status],
            buffers: Buffers::new(10, 20).unwrap(),
            ..appointment(&format!("a{n:04}"), 0)
        };
        appointments::insert(&clinic.db.conn, &one).unwrap();
        all.push(one);
    }
    all.sort_by_key(|a| (a.visit.start(), a.appointment_id.clone()));
    (clinic, all)
}

fn visits() -> impl Strategy<Value = Vec<(i64, i64, usize, usize)>> {
    let length = prop_oneof![4 => 5i64..60, 1 => 100i64..150, 1 => 1_400i64..=1_440];
    prop::collection::vec((-3_000i64..3_000, length, 0usize..6, 0usize..4), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn each_list_is_what_a_search_through_everything_finds(
        visits in visits(),
        from in -1_500i64..1_500,
        length in 1i64..2_000,
        asked in prop::collection::vec(0usize..6, 0..7),
    ) {
        let (clinic, all) = clinic(&visits);
        let within = Interval::new(at(from), at(from + length)).unwrap();
        let doctors: Vec<DoctorId> = asked.iter().map(|d| format!("d{}", d + 1).into()).collect();
        let wanted = |a: &&Appointment| doctors.is_empty() || doctors.contains(&a.doctor_id);
        let meets = |a: &&Appointment| a.visit.meets(&within);
        let takes = |a: &&Appointment| a.takes_time();

        let every: Vec<Appointment> = all.iter().filter(wanted).filter(meets).cloned().collect();
        // those that start together may come in any order
        let sorted = |mut list: Vec<Appointment>| {
            assert!(list.is_sorted_by_key(|a| a.visit.start()));
            list.sort_by_key(|a| (a.visit.start(), a.appointment_id.clone()));
            list
        };
        let got = clinic.db.appointments(&doctors, within, true).unwrap();
        prop_assert_eq!(sorted(got), every.clone());
        let only: Vec<Appointment> = every.into_iter().filter(Appointment::takes_time).collect();
        let got = clinic.db.appointments(&doctors, within, false).unwrap();
        prop_assert_eq!(sorted(got), only.clone());
        let starts: Vec<_> = only.iter().map(|a| a.visit.start()).collect();
        prop_assert_eq!(clinic.db.visit_starts(&doctors, within).unwrap(), starts);

        let wide = within.widened(Duration::hours(24), Duration::hours(24));
        let in_wide = |a: &&Appointment| a.visit.meets(&wide);
        let mut taken: Vec<_> = all.iter().filter(wanted).filter(takes).filter(in_wide)
            .map(|a| (a.visit.start(), a.doctor_id.clone(), a.visit, a.buffers)).collect();
        let mut got: Vec<_> = clinic.db.taken(&doctors, within).unwrap().into_iter()
            .map(|(d, visit, buffers)| (visit.start(), d, visit, buffers)).collect();
        prop_assert!(got.is_sorted_by_key(|t| t.0));
        let key = |t: &(chrono::DateTime<chrono::Utc>, DoctorId, Interval, Buffers)| {
            (t.0, t.1.clone(), t.2)
        };
        taken.sort_by_key(key);
        got.sort_by_key(key);
        prop_assert_eq!(got, taken);
    }
}

#[test]
fn visits_of_a_person_come_newest_first_and_no_more_than_asked_for() {
    let mut clinic = Clinic::new();
    for n in 0..5 {
        clinic.book(&format!("a{n}"), n * 60);
    }
    let ids = |limit| -> Vec<String> {
        let visits = clinic.db.visits_of(&"c1".into(), limit).unwrap();
        visits
            .iter()
            .map(|a| a.appointment_id.to_string())
            .collect()
    };
    assert_eq!(ids(3), ["a4", "a3", "a2"]);
    assert_eq!(ids(99).len(), 5);
    assert_eq!(clinic.db.visits_of(&"c2".into(), 9).unwrap(), []);
}

#[test]
fn an_id_is_found_by_its_beginning_of_four_characters() {
    let mut clinic = Clinic::new();
    clinic.book("67e55044-10b1", 0);
    clinic.book("67e5%_44-10b1", 60);
    clinic.book("67e66044-10b1", 120);
    let found = |prefix: &str, limit| clinic.db.appointments_like(prefix, limit).unwrap().len();
    assert_eq!(found("67e", 9), 0);
    assert_eq!(found("67e5", 9), 2);
    assert_eq!(found("67e5", 1), 1);
    assert_eq!(found("67e5%", 9), 1);
    assert_eq!(found("67e55044-10b1", 9), 1);
}

/// How `SQLite` goes about a statement.
fn plan(clinic: &Clinic, sql: &str) -> String {
    let mut rows = clinic
        .db
        .conn
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let rows = rows.query_map([], |row| row.get::<_, String>(3)).unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_overlap_the_month_and_the_day_are_answered_by_the_index_meant_for_them() {
    let clinic = Clinic::new();
    let month = plan(
        &clinic,
        "SELECT starts_at, ends_at, buffer_before, buffer_after FROM appointments
         WHERE doctor_id = 'd1' AND starts_at > 1 AND starts_at < 9 AND ends_at > 2
           AND status IN ('pending', 'confirmed')",
    );
    assert!(
        month.contains("COVERING INDEX appointments_by_doctor"),
        "{month}"
    );
    let day = plan(
        &clinic,
        "SELECT * FROM appointments a NOT INDEXED WHERE a.place >= 1 AND a.place < 9
         ORDER BY a.place",
    );
    assert!(day.contains("PRIMARY KEY (rowid>? AND rowid<?)"), "{day}");
    assert!(!day.contains("TEMP B-TREE"), "{day}");
}
