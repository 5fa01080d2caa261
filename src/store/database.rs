//! One connection to a clinic's database, brought up to date.

use crate::domain::policy::{Act, may};
use crate::port::store::{Stamp, StoreError};
use crate::sqlite::{self, Access, OpenError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

/// The schema, step by step. A step, once released, is never changed or moved.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_clinic.sql"),
    include_str!("../../migrations/0002_customers.sql"),
    include_str!("../../migrations/0003_appointments.sql"),
    include_str!("../../migrations/0004_journal.sql"),
    include_str!("../../migrations/0005_calendars.sql"),
    include_str!("../../migrations/0006_audit.sql"),
    include_str!("../../migrations/0007_moves.sql"),
    include_str!("../../migrations/0008_other_desks.sql"),
    include_str!("../../migrations/0009_sync.sql"),
];

/// A clinic's database. Each lane has one of its own; several programs may have the same file open.
#[derive(Debug)]
pub struct Database {
    pub(super) conn: Connection,
}

impl Database {
    /// Opens the database at `path`. With [`Access::ReadWrite`] it is made where there is none, and
    /// brought up to date. With [`Access::ReadOnly`] it must exist and be of this program's format:
    /// open it for writing once before.
    pub fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        let mut conn = sqlite::open(path, access)?;
        sqlite::must_hold(&conn, "doctors")?;
        if access == Access::ReadOnly {
            let found: i64 = conn
                .query_row("PRAGMA user_version", [], |row| row.get(0))
                .map_err(|error| OpenError::from_sqlite(path, error))?;
            if usize::try_from(found).is_ok_and(|found| found < MIGRATIONS.len()) {
                return Err(OpenError::Migration {
                    path: path.to_path_buf(),
                    why: "it is of an older format and was opened only for reading".to_owned(),
                });
            }
        }
        sqlite::migrate(&mut conn, MIGRATIONS)?;
        Ok(Self { conn })
    }

    /// A database without a file, which ends with this value: for trying out and for simulations.
    pub fn in_memory() -> Result<Self, OpenError> {
        let mut conn = sqlite::open_in_memory()?;
        sqlite::migrate(&mut conn, MIGRATIONS)?;
        Ok(Self { conn })
    }

    /// One write: begun immediately (so that it never fails half-way with "busy"), refused unless
    /// the actor may do the act, and undone as a whole if `work` fails.
    pub(super) fn write<T>(
        &mut self,
        stamp: &Stamp,
        act: Act,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(|tx| {
            may(stamp.actor.role, act)?;
            work(tx)
        })
    }

    /// One write that nobody in particular asked for.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}

#[cfg(test)]
#[path = "database/tests.rs"]
mod tests;
