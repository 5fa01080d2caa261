//! What can go wrong with a database file, each in a sentence that says what, why and what to do.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a database could not be opened, migrated or backed up.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing is there, and the caller asked only to read.
    #[error("There is no database at {}. Check the path, or start frontdesk once so that it makes one.", path.display())]
    Missing {
        /// The file looked for.
        path: PathBuf,
    },
    /// The file or one of its directories may not be read, written or made.
    #[error("The database {} cannot be opened: {why}. Check the path and who may read and write there.", path.display())]
    Unreadable {
        /// The file or directory concerned.
        path: PathBuf,
        /// The operating system's words.
        why: String,
    },
    /// The file is something else than a `SQLite` database.
    #[error("{} is not a SQLite database, and was left untouched. Choose another path, or move that file away.", path.display())]
    NotADatabase {
        /// The file concerned.
        path: PathBuf,
    },
    /// The database is damaged.
    #[error("The database {} is damaged ({why}). Keep a copy of it, and restore the last backup.", path.display())]
    Damaged {
        /// The file concerned.
        path: PathBuf,
        /// `SQLite`'s words.
        why: String,
    },
    /// The file system, or the file, takes no writes.
    #[error("The database {} cannot be written, because its disk or file is read-only. Mount the disk for writing, or choose another path.", path.display())]
    ReadOnly {
        /// The file concerned.
        path: PathBuf,
    },
    /// No space is left.
    #[error("The database {} cannot be written, because the disk is full. Free some space and start again; nothing was lost.", path.display())]
    DiskFull {
        /// The file concerned.
        path: PathBuf,
    },
    /// Another program held the database for longer than [`super::BUSY_TIMEOUT`].
    #[error("The database {} is being written by another program and did not become free. Try again; if it stays so, look for a program that hangs.", path.display())]
    Busy {
        /// The file concerned.
        path: PathBuf,
    },
    /// A newer program has migrated the database; this one must not touch it.
    #[error("The database {} was last used by a newer frontdesk (format {found}; this program knows {known}). Update this program.", path.display())]
    TooNew {
        /// The file concerned.
        path: PathBuf,
        /// The database's `user_version`.
        found: usize,
        /// How many migrations this program knows.
        known: usize,
    },
    /// A migration could not be carried out; the database is as it was before.
    #[error("The database {} could not be brought up to date: {why}. It is unchanged; please report this.", path.display())]
    Migration {
        /// The file concerned.
        path: PathBuf,
        /// `SQLite`'s words.
        why: String,
    },
    /// Anything else that `SQLite` says.
    #[error("The database {} answered with an error: {source}. Please report this.", path.display())]
    Other {
        /// The file concerned.
        path: PathBuf,
        /// `SQLite`'s own error.
        source: rusqlite::Error,
    },
}

impl OpenError {
    /// Names what `SQLite` said about the file at `path`.
    pub fn from_sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged {
                path,
                why: error.to_string(),
            },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unreadable {
                path,
                why: error.to_string(),
            },
            _ => Self::Other {
                path,
                source: error,
            },
        }
    }

    /// Names what the operating system said about the file or directory at `path`.
    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Unreadable {
                path,
                why: error.to_string(),
            },
        }
    }
}
