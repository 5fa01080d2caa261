//! One connection, with the settings that this project's promises rest on.

use std::fs::{DirBuilder, OpenOptions};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{OpenError, busy};

/// How long a statement waits for another program's write.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// At most this much page cache for each connection, in KiB; it is taken only as it fills.
const CACHE_KIB: i32 = 8 * 1024;

/// The write-ahead log is cut back to this size after a checkpoint, in bytes.
const WAL_LIMIT: i32 = 16 * 1024 * 1024;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes; makes the file and its directories when they are missing.
    /// Transactions begin immediately, so that a write never fails half-way with "busy".
    ReadWrite,
    /// Reads only; the file must exist.
    ReadOnly,
}

/// Opens the database at `path`.
///
/// Write-ahead log, `synchronous=FULL` (what was answered as booked survives a power cut),
/// foreign keys on, schema untrusted, temporary tables in memory. Memory mapping stays off: an
/// I/O error in a mapped file kills the process, and the page cache is fast enough.
/// A new file is made with mode 0600 (the log and the index beside it inherit that), new
/// directories with 0700.
pub fn open(path: &Path, access: Access) -> Result<Connection, OpenError> {
    let flags = match access {
        Access::ReadWrite => {
            make_file(path)?;
            OpenFlags::SQLITE_OPEN_READ_WRITE
        }
        Access::ReadOnly => {
            must_exist(path)?;
            OpenFlags::SQLITE_OPEN_READ_ONLY
        }
    };
    let named = |error| OpenError::from_sqlite(path, error);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags).map_err(named)?;
    // a file that may be read but not written is opened all the same, for reading
    if access == Access::ReadWrite && conn.is_readonly("main").map_err(named)? {
        return Err(OpenError::ReadOnly {
            path: path.to_path_buf(),
        });
    }
    busy::wait_for_others(&conn).map_err(named)?;
    conn.set_prepared_statement_cache_capacity(64);
    if access == Access::ReadWrite {
        write_ahead(&conn).map_err(named)?;
        conn.set_transaction_behavior(TransactionBehavior::Immediate);
    }
    configure(&conn, access).map_err(named)?;
    Ok(conn)
}

/// Opens a database without a file, which ends with its connection; otherwise with the same settings.
pub fn open_in_memory() -> Result<Connection, OpenError> {
    let named = |error| OpenError::from_sqlite(Path::new(":memory:"), error);
    let mut conn = Connection::open_in_memory().map_err(named)?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.set_transaction_behavior(TransactionBehavior::Immediate);
    configure(&conn, Access::ReadWrite).map_err(named)?;
    Ok(conn)
}

fn configure(conn: &Connection, access: Access) -> rusqlite::Result<()> {
    conn.execute_batch(&format!(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -{CACHE_KIB};
         PRAGMA journal_size_limit = {WAL_LIMIT};
         PRAGMA query_only = {};",
        if access == Access::ReadOnly {
            "ON"
        } else {
            "OFF"
        }
    ))?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // The settings read no page: this does, and finds a file that is no database or is locked.
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// Switches to the write-ahead log. `SQLite` does not wait here when several programs make the
/// same new file at the same moment, so the waiting is done by hand.
fn write_ahead(conn: &Connection) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        let switched: rusqlite::Result<String> =
            conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        match switched {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) if started.elapsed() > BUSY_TIMEOUT => {
                return Err(rusqlite::Error::SqliteFailure(
                    rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN),
                    Some(format!(
                        "the file system allows no write-ahead log (journal mode {mode})"
                    )),
                ));
            }
            Err(error)
                if !matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                ) || started.elapsed() > BUSY_TIMEOUT =>
            {
                return Err(error);
            }
            _ => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// Makes the file before `SQLite` would, so that it is never readable by others.
fn make_file(path: &Path) -> Result<(), OpenError> {
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty())
        && !parent.is_dir()
    {
        let mut directories = DirBuilder::new();
        directories.recursive(true);
        #[cfg(unix)]
        directories.mode(0o700);
        directories
            .create(parent)
            .map_err(|error| OpenError::from_io(parent, &error))?;
    }
    // A file that is there is not opened here: closing it would take away the locks that other
    // connections of this program hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
    match path.metadata() {
        Ok(found) if found.is_dir() => {
            let error = std::io::ErrorKind::IsADirectory.into();
            return Err(OpenError::from_io(path, &error));
        }
        Ok(_) => return Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(OpenError::from_io(path, &error));
        }
        Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // another program was quicker
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(OpenError::from_io(path, &error)),
    }
}

fn must_exist(path: &Path) -> Result<(), OpenError> {
    match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(OpenError::Missing {
            path: path.to_path_buf(),
        }),
        Err(error) => Err(OpenError::from_io(path, &error)),
    }
}

#[cfg(test)]
mod tests;
