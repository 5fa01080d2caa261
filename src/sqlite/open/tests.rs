//! Each promise of `open`, and each refusal.

use super::*;

fn setting(conn: &Connection, name: &str) -> String {
    conn.query_row(&format!("PRAGMA {name}"), [], |row| {
        row.get::<_, rusqlite::types::Value>(0)
    })
    .map(|value| match value {
        rusqlite::types::Value::Integer(n) => n.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    })
    .unwrap()
}

#[test]
fn the_settings_are_as_the_design_says() {
    let dir = tempfile::tempdir().unwrap();
    let conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
    assert_eq!(setting(&conn, "journal_mode"), "wal");
    assert_eq!(setting(&conn, "synchronous"), "2");
    assert_eq!(setting(&conn, "foreign_keys"), "1");
    assert_eq!(setting(&conn, "trusted_schema"), "0");
    assert_eq!(setting(&conn, "temp_store"), "2");
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/er/a.db");
    let conn = open(&path, Access::ReadWrite).unwrap();
    conn.execute_batch("CREATE TABLE t (n INTEGER) STRICT;")
        .unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["deep/er/a.db", "deep/er/a.db-wal", "deep/er/a.db-shm"] {
        assert_eq!(mode(&dir.path().join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&dir.path().join("deep")), 0o700);
    assert_eq!(mode(&dir.path().join("deep/er")), 0o700);
}

#[test]
fn a_reader_reads_and_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let writer = open(&path, Access::ReadWrite).unwrap();
    writer
        .execute_batch("CREATE TABLE t (n INTEGER) STRICT; INSERT INTO t VALUES (7);")
        .unwrap();
    let reader = open(&path, Access::ReadOnly).unwrap();
    let n: i64 = reader
        .query_row("SELECT n FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(n, 7);
    let error = reader.execute("INSERT INTO t VALUES (8)", []).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly));
}

#[test]
fn a_reader_needs_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let error = open(&dir.path().join("none.db"), Access::ReadOnly).unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
    assert!(!dir.path().join("none.db").exists());
}

#[test]
fn something_else_is_refused_and_left_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("letter.txt");
    let text = "Dear colleague, ".repeat(400);
    std::fs::write(&path, &text).unwrap();
    for access in [Access::ReadWrite, Access::ReadOnly] {
        let error = open(&path, access).unwrap_err();
        assert!(matches!(error, OpenError::NotADatabase { .. }), "{error:?}");
        assert!(error.to_string().contains("letter.txt"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_directory_or_a_file_in_the_way_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = open(dir.path(), Access::ReadWrite).unwrap_err();
    assert!(matches!(error, OpenError::Unreadable { .. }), "{error:?}");
    std::fs::write(dir.path().join("file"), "").unwrap();
    let error = open(&dir.path().join("file/a.db"), Access::ReadWrite).unwrap_err();
    assert!(matches!(error, OpenError::Unreadable { .. }), "{error:?}");
}

#[test]
fn a_full_disk_has_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let conn = open(&path, Access::ReadWrite).unwrap();
    conn.execute_batch("CREATE TABLE t (b BLOB) STRICT; PRAGMA max_page_count = 4;")
        .unwrap();
    let full = conn
        .execute("INSERT INTO t VALUES (zeroblob(100000))", [])
        .unwrap_err();
    let error = OpenError::from_sqlite(&path, full);
    assert!(matches!(error, OpenError::DiskFull { .. }), "{error:?}");
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let error = OpenError::from_io(&path, &full);
    assert!(matches!(error, OpenError::DiskFull { .. }), "{error:?}");
    let read_only = std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem);
    let error = OpenError::from_io(&path, &read_only);
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
}

#[test]
fn many_threads_open_one_new_file_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let conn = open(&path, Access::ReadWrite).unwrap();
                assert_eq!(setting(&conn, "journal_mode"), "wal");
            });
        }
    });
}

#[test]
fn opening_again_is_quick() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let keep = open(&path, Access::ReadWrite).unwrap();
    keep.execute_batch("CREATE TABLE t (n INTEGER) STRICT;")
        .unwrap();
    let best = (0..20)
        .map(|_| {
            let started = Instant::now();
            let _conn = open(&path, Access::ReadWrite).unwrap();
            started.elapsed()
        })
        .min()
        .unwrap();
    assert!(best < Duration::from_millis(2), "{best:?}");
}

#[test]
fn a_database_without_a_file_has_the_same_settings_but_no_log() {
    let conn = open_in_memory().unwrap();
    assert_eq!(setting(&conn, "journal_mode"), "memory");
    assert_eq!(setting(&conn, "foreign_keys"), "1");
    assert_eq!(setting(&conn, "trusted_schema"), "0");
}
