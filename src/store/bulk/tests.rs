//! What is loaded at once is as good as what was recorded one by one.

use super::{Loaded, load};
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::policy::Role;
use crate::domain::service::{Buffers, Service};
use crate::port::store::{Records, Store, StoreError};
use crate::store::tests::{
    Clinic, appointment, at, booking, customer, doctor, stamp, stamp_of, visit,
};

fn demo(n: i64) -> Appointment {
    Appointment {
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        source: Source::Demo,
        doctor_id: if n % 2 == 0 { "d1" } else { "d2" }.into(),
        service_id: Some("s1".into()),
        ..appointment(&format!("demo{n:04}"), n / 2 * 30)
    }
}

fn load_into(
    clinic: &mut Clinic,
    appointments: impl Iterator<Item = Appointment>,
) -> Result<Loaded, StoreError> {
    let service = Service {
        service_id: "s1".into(),
        service_name: "Check-up".to_owned(),
        minutes: 30,
        buffers: Buffers::NONE,
        active: true,
    };
    load(
        &mut clinic.db,
        &stamp_of(Role::Admin, 0),
        &[doctor("d1", "Chen"), doctor("d2", "Khan")],
        &[service],
        [customer("c1", "Ana Silva"), customer("c2", "Bo")].into_iter(),
        appointments,
    )
}

/// What makes the schema.
fn schema(clinic: &Clinic) -> Vec<String> {
    let mut rows = clinic
        .db
        .conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        .unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_loaded_clinic_can_be_read_searched_and_booked() {
    let mut clinic = Clinic::empty();
    let before = schema(&clinic);
    let loaded = load_into(&mut clinic, (0..200).map(demo)).unwrap();
    assert_eq!(loaded.appointments, 200);
    assert_eq!(schema(&clinic), before, "indexes and triggers stand again");
    assert_eq!(
        clinic.db.appointments(&[], visit(0), false).unwrap().len(),
        2
    );
    assert_eq!(clinic.db.find_customers("silv", 5, at(0)).unwrap().len(), 1);
    assert_eq!(clinic.db.visits_of(&"c1".into(), 999).unwrap().len(), 200);
    assert_eq!(clinic.words("demo0001"), ["booked"]);
    assert_eq!(clinic.db.audit_break(), Ok(None));
    assert!(matches!(
        clinic.begin("a1", 15),
        Err(StoreError::Overlap(_))
    ));
    clinic.begin("a1", 5_000).unwrap();
    let problems: String = clinic
        .db
        .conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(problems, "ok");
    let strays = clinic
        .db
        .conn
        .prepare("PRAGMA foreign_key_check")
        .unwrap()
        .exists([])
        .unwrap();
    assert!(!strays);
    let on: i64 = clinic
        .db
        .conn
        .query_row("PRAGMA foreign_keys", [], |row| row.get(0))
        .unwrap();
    assert_eq!(on, 1);
    let mode: String = clinic
        .db
        .conn
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn loading_goes_on_beside_another_program() {
    let mut clinic = Clinic::empty();
    let other = clinic.another();
    assert_eq!(other.doctors().unwrap(), []);
    load_into(&mut clinic, (0..50).map(demo)).unwrap();
    assert_eq!(other.visits_of(&"c1".into(), 99).unwrap().len(), 50);
}

#[test]
fn what_would_have_been_refused_one_by_one_is_refused_and_nothing_is_loaded() {
    let wrong: [fn(&mut Appointment); 5] = [
        |a| a.visit = visit(15),
        |a| a.doctor_id = "d9".into(),
        |a| a.customer_id = "c9".into(),
        |a| a.service_id = Some("s9".into()),
        |a| a.sync_state = SyncState::SyncPending,
    ];
    for change in wrong {
        let mut clinic = Clinic::empty();
        let before = schema(&clinic);
        let mut list: Vec<Appointment> = (0..20).map(demo).collect();
        change(&mut list[9]);
        assert!(load_into(&mut clinic, list.into_iter()).is_err());
        assert_eq!(clinic.db.doctors().unwrap(), []);
        assert_eq!(schema(&clinic), before);
        assert_eq!(clinic.db.customer(&"c1".into()).unwrap(), None);
    }
    let mut clinic = Clinic::empty();
    let twice = (0..20).chain(19..20).map(demo);
    assert!(load_into(&mut clinic, twice).is_err());
    let denied = load(
        &mut clinic.db,
        &stamp(0),
        &[],
        &[],
        std::iter::empty(),
        std::iter::empty(),
    );
    assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
}

#[test]
fn what_stood_before_stays_and_is_checked_too() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let one = |minute| {
        std::iter::once(Appointment {
            service_id: None,
            doctor_id: "d1".into(),
            visit: visit(minute),
            ..demo(1)
        })
    };
    let admin = stamp_of(Role::Admin, 0);
    let none = std::iter::empty;
    let refused = load(&mut clinic.db, &admin, &[], &[], none(), one(80));
    assert!(
        matches!(refused, Err(StoreError::Overlap(_))),
        "{refused:?}"
    );
    load(&mut clinic.db, &admin, &[], &[], none(), one(90)).unwrap();
    assert_eq!(clinic.db.visits_of(&"c1".into(), 9).unwrap().len(), 2);
    // the journal goes on
    clinic.begin("a2", 300).unwrap();
    clinic
        .db
        .journal(&stamp(0), &booking("a2", 300, 1), None)
        .unwrap();
}
