//! Bringing a database's schema up to date, counted in `user_version`.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};
use rusqlite_migration::{HookError, M, Migrations};

use super::{OpenError, backup};

/// What [`migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migrated {
    /// Nothing: the database is up to date.
    Already,
    /// It was brought from one version to another.
    To {
        /// The version found.
        from: usize,
        /// The version now.
        to: usize,
        /// Where the database as it was before stands, if it held any table.
        backup: Option<PathBuf>,
    },
}

/// Carries out those of `migrations` that the database has not seen, all or none of them.
///
/// The order is the version: a migration, once released, is never changed or moved. A database
/// that already holds tables is copied first, to `<file>.before-<version>` beside it. Safe when
/// several programs do it at once: whoever comes second sees, inside its own transaction, that
/// there is nothing left to do. A database from a newer program is refused untouched.
pub fn migrate(conn: &mut Connection, migrations: &[&'static str]) -> Result<Migrated, OpenError> {
    let path = conn.path().map(PathBuf::from).unwrap_or_default();
    let named = |error| OpenError::from_sqlite(&path, error);
    let known = migrations.len();
    let found = version(conn).map_err(named)?;
    if found > known {
        return Err(OpenError::TooNew { path, found, known });
    }
    if found == known {
        return Ok(Migrated::Already);
    }
    let backup = if has_tables(conn).map_err(named)? {
        keep_copy(conn, &path, found)?
    } else {
        None
    };
    let steps = migrations.iter().enumerate();
    let steps: Vec<M<'_>> = steps.map(|(n, sql)| step(n + 1, known, sql)).collect();
    match Migrations::new(steps).to_latest(conn) {
        Ok(()) => Ok(Migrated::To {
            from: found,
            to: known,
            backup,
        }),
        Err(error) => Err(explain(conn, path, known, error)),
    }
}

/// Refuses a database that holds tables, but not `table`: it is of another kind, and to migrate it
/// would spoil it for the program that it belongs to. Every kind names a table of its first migration.
pub fn must_hold(conn: &Connection, table: &str) -> Result<(), OpenError> {
    let path = conn.path().map(PathBuf::from).unwrap_or_default();
    let query = "SELECT count(*) = 0 OR total(type = 'table' AND name = ?1) > 0 FROM sqlite_schema";
    match conn.query_row(query, [table], |row| row.get(0)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(OpenError::Foreign { path }),
        Err(error) => Err(OpenError::from_sqlite(&path, error)),
    }
}

/// One migration. `rusqlite_migration` reads the version before its transaction begins, so the
/// SQL runs in the hook, which looks again from inside.
fn step(number: usize, known: usize, sql: &'static str) -> M<'static> {
    M::up_with_hook("", move |tx: &Transaction<'_>| {
        let now = version(tx)?;
        if now > known {
            return Err(HookError::Hook("a newer program was faster".to_owned()));
        }
        if now < number {
            tx.execute_batch(sql)?;
        }
        Ok(())
    })
}

fn explain(
    conn: &Connection,
    path: PathBuf,
    known: usize,
    error: rusqlite_migration::Error,
) -> OpenError {
    if let Ok(found) = version(conn)
        && found > known
    {
        return OpenError::TooNew { path, found, known };
    }
    let why = error.to_string();
    let sqlite = match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => Some(err),
        _ => None,
    };
    match sqlite.map(|error| OpenError::from_sqlite(&path, error)) {
        Some(OpenError::Other { source, .. }) => OpenError::Migration {
            path,
            why: source.to_string(),
        },
        Some(named) => named,
        None => OpenError::Migration { path, why },
    }
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

fn has_tables(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| {
        row.get(0)
    })
}

/// Copies the database to `<file>.before-<version>`. The copy is made under a name of our own
/// and then put in place, so that two programs cannot write one file. If another program has
/// migrated meanwhile, the copy shows too much and is dropped: the other one has its own.
fn keep_copy(conn: &Connection, path: &Path, found: usize) -> Result<Option<PathBuf>, OpenError> {
    if path.as_os_str().is_empty() {
        return Ok(None); // in memory
    }
    let beside = |suffix: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let target = beside(format!(".before-{}", found + 1));
    let part = beside(format!(".{}.part", uuid::Uuid::new_v4().simple()));
    backup(conn, &part)?;
    let copied = Connection::open(&part).and_then(|copy| version(&copy));
    let kept = match copied {
        Ok(copied) if copied == found => std::fs::rename(&part, &target)
            .map(|()| Some(target))
            .map_err(|error| OpenError::from_io(&part, &error)),
        Ok(_) => Ok(None),
        Err(error) => Err(OpenError::from_sqlite(&part, error)),
    };
    if !matches!(kept, Ok(Some(_))) {
        let _ = std::fs::remove_file(&part);
    }
    kept
}

#[cfg(test)]
mod tests;
