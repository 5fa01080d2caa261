//! The data file: one connection that writes, some that read, and what was worked out from it.
//!
//! Everything here blocks, so it is called on threads that may.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::recur::Cache;
use super::refusal::Refusal;
use crate::sqlite::{self, Access, OpenError};

const MIGRATIONS: &[&str] = &[include_str!(
    "../../migrations/practice/0001_calendars_and_events.sql"
)];

/// Idle reading connections that are kept.
const READERS: usize = 8;

pub(super) struct Database {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Instances of recurring events, worked out once.
    pub instances: Cache,
    /// The name of this file; part of every sync token.
    pub epoch: String,
}

impl Database {
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let writer = open_writer(path)?;
        let epoch = epoch(&writer).map_err(|error| OpenError::from_sqlite(path, error))?;
        Ok(Self {
            path: path.to_path_buf(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            instances: Cache::default(),
            epoch,
        })
    }

    /// Reads one moment of the data.
    pub fn read<T>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let idle = lock(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => sqlite::open(&self.path, Access::ReadOnly)?,
        };
        let tx = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let read = act(&tx);
        drop(tx);
        let mut idle = lock(&self.readers);
        if idle.len() < READERS {
            idle.push(reader);
        }
        read
    }

    /// Writes in one transaction, which stands only if `act` succeeds.
    pub fn write<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut writer = lock(&self.writer);
        let tx = writer.transaction()?;
        let written = act(&tx)?;
        tx.commit()?;
        Ok(written)
    }
}

/// Opens and migrates the file for writing. A power cut may take the last practice bookings with
/// it, but never the file: what is practised with need not wait for the disk at every write.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let mut conn = sqlite::open(path, Access::ReadWrite)?;
    sqlite::must_hold(&conn, "calendar")?;
    sqlite::migrate(&mut conn, MIGRATIONS)?;
    conn.execute_batch("PRAGMA synchronous = NORMAL;")
        .map_err(|error| OpenError::from_sqlite(path, error))?;
    Ok(conn)
}

fn epoch(conn: &Connection) -> rusqlite::Result<String> {
    let fresh = uuid::Uuid::new_v4().simple().to_string();
    conn.execute(
        "INSERT INTO account (epoch) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM account)",
        [fresh],
    )?;
    conn.query_row("SELECT epoch FROM account", [], |row| row.get(0))
}

/// A thread that died while it held the lock left the connection as it was: SQLite rolled back.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
