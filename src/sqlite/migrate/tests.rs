//! Migrations: once, all or nothing, safe for several programs at once.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::*;
use crate::sqlite::{Access, open};

/// The second one is no idempotent statement: done twice, it would show.
const MIGRATIONS: &[&str] = &[
    "CREATE TABLE t (n INTEGER NOT NULL) STRICT; INSERT INTO t VALUES (1);",
    "UPDATE t SET n = n * 10;",
    "CREATE TABLE u (n INTEGER) STRICT;",
];

fn number(conn: &Connection) -> i64 {
    conn.query_row("SELECT n FROM t", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_new_file_gets_all_migrations_and_no_backup() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
    let done = migrate(&mut conn, MIGRATIONS).unwrap();
    let expected = Migrated::To {
        from: 0,
        to: 3,
        backup: None,
    };
    assert_eq!(done, expected);
    assert_eq!(migrate(&mut conn, MIGRATIONS).unwrap(), Migrated::Already);
    assert_eq!(number(&conn), 10);
}

#[test]
fn a_database_with_data_is_copied_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
    migrate(&mut conn, &MIGRATIONS[..1]).unwrap();
    let done = migrate(&mut conn, MIGRATIONS).unwrap();
    let Migrated::To {
        from: 1,
        to: 3,
        backup: Some(copy),
    } = done
    else {
        panic!("{done:?}");
    };
    assert_eq!(number(&conn), 10);
    assert_eq!(number(&open(&copy, Access::ReadOnly).unwrap()), 1);
    let names: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".part"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn a_failing_migration_leaves_everything_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
    migrate(&mut conn, &MIGRATIONS[..1]).unwrap();
    let broken = [MIGRATIONS[0], MIGRATIONS[1], "CREATE TABEL u (n)"];
    let error = migrate(&mut conn, &broken).unwrap_err();
    assert!(matches!(error, OpenError::Migration { .. }), "{error:?}");
    assert_eq!(version(&conn).unwrap(), 1);
    assert_eq!(number(&conn), 1);
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
    migrate(&mut conn, MIGRATIONS).unwrap();
    let error = migrate(&mut conn, &MIGRATIONS[..2]).unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::TooNew {
                found: 3,
                known: 2,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.to_string().contains("newer"), "{error}");
}

#[test]
fn threads_that_migrate_one_new_file_do_it_once() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut conn = open(&path, Access::ReadWrite).unwrap();
                    migrate(&mut conn, MIGRATIONS).unwrap();
                    assert_eq!(number(&conn), 10);
                });
            }
        });
    }
}

#[test]
fn threads_that_migrate_one_old_file_do_it_once() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let mut conn = open(&path, Access::ReadWrite).unwrap();
        migrate(&mut conn, &MIGRATIONS[..1]).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut conn = open(&path, Access::ReadWrite).unwrap();
                    migrate(&mut conn, MIGRATIONS).unwrap();
                });
            }
        });
        assert_eq!(number(&conn), 10);
        let copy = open(&dir.path().join("a.db.before-2"), Access::ReadOnly).unwrap();
        assert_eq!(number(&copy), 1);
    }
}

const CHILD: &str = "FRONTDESK_TEST_MIGRATES";

/// Not a test by itself: what each process of the next test runs.
#[test]
fn child_process_that_migrates() {
    if let Some(path) = std::env::var_os(CHILD) {
        let mut conn = open(Path::new(&path), Access::ReadWrite).unwrap();
        migrate(&mut conn, MIGRATIONS).unwrap();
        assert_eq!(number(&conn), 10);
    }
}

#[test]
fn processes_that_migrate_one_new_file_do_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let children: Vec<_> = (0..8)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["child_process_that_migrates", "--test-threads=1"])
                .env(CHILD, &path)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let conn = open(&path, Access::ReadOnly).unwrap();
    assert_eq!(number(&conn), 10);
}

#[test]
fn opening_a_migrated_database_is_quick() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    migrate(&mut open(&path, Access::ReadWrite).unwrap(), MIGRATIONS).unwrap();
    let best = (0..20)
        .map(|_| {
            let started = Instant::now();
            let mut conn = open(&path, Access::ReadWrite).unwrap();
            migrate(&mut conn, MIGRATIONS).unwrap();
            let spent = started.elapsed();
            drop(conn);
            spent
        })
        .min()
        .unwrap();
    assert!(best < Duration::from_millis(2), "{best:?}");
}
