//! The chain holds, shows tampering, and can only grow.

use crate::domain::id::AuditId;
use crate::port::store::Records;
use crate::store::tests::{Clinic, at};
use rusqlite::Connection;

fn rows(conn: &Connection) -> i64 {
    conn.query_row("SELECT count(*) FROM audit", [], |row| row.get(0))
        .unwrap()
}

/// A clinic with a dozen rows, and the means to write past the triggers.
fn tampered(sql: &str) -> Option<AuditId> {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    clinic.cancel("a1", 5);
    assert_eq!(clinic.db.audit_break(), Ok(None));
    let raw = Connection::open(&clinic.path).unwrap();
    assert_eq!(rows(&raw), 10);
    raw.execute_batch(
        "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_shortened;
         DROP TRIGGER audit_grows_at_its_end; PRAGMA foreign_keys = OFF;",
    )
    .unwrap();
    raw.execute_batch(sql).unwrap();
    clinic.db.audit_break().unwrap()
}

#[test]
fn a_changed_row_shows() {
    for change in [
        "words = 'nothing'",
        "actor = 'eve'",
        "at = at + 1",
        "desk = 'back'",
        "appointment_id = 'a2'",
        "appointment_id = NULL",
        "customer_id = NULL",
        "about = 1",
        "role = 'admin'",
    ] {
        let broken = tampered(&format!("UPDATE audit SET {change} WHERE seq = 5;"));
        assert_eq!(broken, Some(AuditId(5)), "{change}");
    }
}

#[test]
fn a_row_taken_out_or_put_in_shows() {
    assert_eq!(
        tampered("DELETE FROM audit WHERE seq = 5;"),
        Some(AuditId(6))
    );
    assert_eq!(
        tampered("DELETE FROM audit WHERE seq = 1;"),
        Some(AuditId(2))
    );
    let swapped =
        "UPDATE audit SET seq = 100 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6;
                   UPDATE audit SET seq = 6 WHERE seq = 100;";
    assert_eq!(tampered(swapped), Some(AuditId(5)));
    let copied = "INSERT INTO audit SELECT 11, at, actor, role, desk, action, appointment_id,
                  customer_id, about, words, prev_hash, hash FROM audit WHERE seq = 10;";
    assert_eq!(tampered(copied), Some(AuditId(11)));
}

#[test]
fn the_database_itself_lets_nobody_change_shorten_or_replace_it() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    for sql in [
        "UPDATE audit SET words = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2",
        "REPLACE INTO audit SELECT seq, at, 'eve', role, desk, action, appointment_id, customer_id,
             about, words, prev_hash, hash FROM audit WHERE seq = 2",
    ] {
        let error = clinic.db.conn.execute(sql, []).unwrap_err();
        assert_eq!(error.to_string(), "the audit is append-only", "{sql}");
    }
    assert_eq!(clinic.db.audit_break(), Ok(None));
}

#[test]
fn the_timeline_tells_what_happened_newest_first_and_never_the_reason() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.cancel("a1", 5);
    let entries = clinic.db.timeline(&"a1".into()).unwrap();
    let words: Vec<&str> = entries.iter().map(|e| e.what.as_str()).collect();
    let expected = [
        "cancelled",
        "cancellation recorded",
        "booked",
        "booking recorded",
    ];
    assert_eq!(words, expected);
    assert_eq!(entries[0].at, at(5));
    assert_eq!(entries[0].actor, "ana");
    let private: i64 = clinic
        .db
        .conn
        .query_row(
            "SELECT count(*) FROM audit WHERE words LIKE '%secret%' OR words LIKE '%ill%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(private, 0);
    assert_eq!(clinic.db.timeline(&"a9".into()).unwrap(), []);
}
