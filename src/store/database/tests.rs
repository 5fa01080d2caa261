//! Opening, and what happens when the disk is full, the file cannot be written, or others write.

use super::{Database, MIGRATIONS};
use crate::domain::policy::Role;
use crate::port::store::{Records, Store, StoreError};
use crate::sqlite::{Access, OpenError};
use crate::store::tests::{Clinic, customer, intent, stamp, stamp_of};
use rusqlite::Connection;

#[test]
fn a_new_database_has_an_identity_that_stays() {
    let clinic = Clinic::empty();
    let id = clinic.db.database_id().unwrap();
    assert!(uuid::Uuid::parse_str(id.as_str()).is_ok(), "{id}");
    assert_eq!(clinic.another().database_id().unwrap(), id);
    assert_ne!(Clinic::empty().database_id_of(), id);
}

impl Clinic {
    fn database_id_of(&self) -> crate::domain::id::DatabaseId {
        self.db.database_id().unwrap()
    }
}

#[test]
fn every_migration_leads_from_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    for steps in 0..=MIGRATIONS.len() {
        let path = dir.path().join(format!("{steps}.db"));
        let mut conn = crate::sqlite::open(&path, Access::ReadWrite).unwrap();
        crate::sqlite::migrate(&mut conn, &MIGRATIONS[..steps]).unwrap();
        drop(conn);
        let db = Database::open(&path, Access::ReadWrite).unwrap();
        assert_eq!(db.audit_break(), Ok(None));
        assert_eq!(db.doctors(), Ok(Vec::new()));
    }
}

#[test]
fn a_reader_needs_the_format_of_this_program_and_a_newer_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.db");
    let mut conn = crate::sqlite::open(&path, Access::ReadWrite).unwrap();
    crate::sqlite::migrate(&mut conn, &MIGRATIONS[..2]).unwrap();
    let error = Database::open(&path, Access::ReadOnly).unwrap_err();
    assert!(matches!(error, OpenError::Migration { .. }), "{error}");
    Database::open(&path, Access::ReadWrite).unwrap();
    Database::open(&path, Access::ReadOnly).unwrap();
    conn.execute_batch("PRAGMA user_version = 999").unwrap();
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let error = Database::open(&path, access).unwrap_err();
        assert!(matches!(error, OpenError::TooNew { .. }), "{error}");
    }
}

#[test]
fn a_reader_reads_what_others_write_notices_it_and_writes_nothing() {
    let mut clinic = Clinic::new();
    let mut reader = Database::open(&clinic.path, Access::ReadOnly).unwrap();
    let before = reader.data_version().unwrap();
    assert_eq!(reader.data_version().unwrap(), before);
    clinic.book("a1", 60);
    assert_ne!(reader.data_version().unwrap(), before);
    assert!(reader.appointment(&"a1".into()).unwrap().is_some());
    let refused = reader.begin_booking(&stamp(0), &intent("a2", 120));
    assert_eq!(refused, Err(StoreError::ReadOnly));
    assert_eq!(
        reader.add_customer(&stamp(0), &customer("c9", "New")),
        Err(StoreError::ReadOnly)
    );
}

#[test]
fn a_full_disk_is_named_and_nothing_of_the_intent_stays() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let pages: i64 = clinic
        .db
        .conn
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    clinic
        .db
        .conn
        .execute_batch(&format!("PRAGMA max_page_count = {pages}"))
        .unwrap();
    let mut full = None;
    for n in 0..500 {
        let mut wanted = intent(&format!("b{n}"), 100 + n * 30);
        wanted.appointment.reason = "x".repeat(2_000);
        if let Err(error) = clinic.db.begin_booking(&stamp(0), &wanted) {
            full = Some((n, error));
            break;
        }
    }
    let (n, error) = full.unwrap();
    assert_eq!(error, StoreError::DiskFull);
    let id = format!("b{n}").as_str().into();
    assert_eq!(clinic.db.appointment(&id), Ok(None));
    assert_eq!(clinic.db.timeline(&id), Ok(Vec::new()));
    assert_eq!(clinic.db.unsettled_one(&id), Ok(None));
    assert_eq!(clinic.db.audit_break(), Ok(None));
    // room again: the same intent goes through
    clinic
        .db
        .conn
        .execute_batch("PRAGMA max_page_count = 1000000")
        .unwrap();
    let mut again = intent(&format!("b{n}"), 100 + n * 30);
    again.appointment.reason = "x".repeat(2_000);
    clinic.db.begin_booking(&stamp(0), &again).unwrap();
}

#[test]
fn who_waits_too_long_for_another_program_is_told() {
    let mut clinic = Clinic::new();
    clinic
        .db
        .conn
        .busy_timeout(std::time::Duration::from_millis(20))
        .unwrap();
    let other = Connection::open(&clinic.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(clinic.begin("a1", 60), Err(StoreError::Busy));
    other.execute_batch("ROLLBACK").unwrap();
    clinic.begin("a1", 60).unwrap();
}

#[test]
fn the_schema_refuses_what_no_code_should_write() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    for wrong in [
        "UPDATE appointments SET status = 'lost'",
        "UPDATE appointments SET sync_state = ''",
        "UPDATE appointments SET ends_at = starts_at",
        "UPDATE appointments SET ends_at = starts_at + 86401",
        "UPDATE appointments SET buffer_after = 121",
        "UPDATE appointments SET doctor_id = 'nobody'",
        "UPDATE appointments SET starts_at = 'soon'",
        "UPDATE doctors SET hours = '{'",
        "UPDATE customers SET born = '14.3.1987'",
        "DELETE FROM customers",
        "DELETE FROM appointments",
        "INSERT INTO meta VALUES (2, 'another')",
    ] {
        assert!(clinic.db.conn.execute(wrong, []).is_err(), "{wrong}");
    }
    let admin = stamp_of(Role::Admin, 0);
    clinic
        .db
        .add_customer(&admin, &customer("c9", "New"))
        .unwrap();
    // a person without visits can be taken out, and the search forgets them
    clinic
        .db
        .conn
        .execute("DELETE FROM customers WHERE customer_id = 'c9'", [])
        .unwrap();
    let found = clinic.db.find_customers("new", 9, admin.now).unwrap();
    assert_eq!(found, []);
}

#[test]
fn a_backup_is_a_whole_clinic() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let copy = clinic.path.with_extension("copy");
    crate::sqlite::backup(&clinic.db.conn, &copy).unwrap();
    let copy = Database::open(&copy, Access::ReadWrite).unwrap();
    let visit = copy.appointment(&"a1".into()).unwrap();
    assert_eq!(visit, clinic.db.appointment(&"a1".into()).unwrap());
    let now = stamp(0).now;
    assert_eq!(copy.find_customers("an", 9, now).unwrap().len(), 1);
    assert_eq!(copy.audit_break(), Ok(None));
}
