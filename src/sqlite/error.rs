//! What can go wrong with a database file, each in a sentence that says what, why and what to do.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

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
    /// The file is a database, and not one of the kind that is wanted.
    #[error("The database {} belongs to another program, and nothing was put into it. Choose another path.", path.display())]
    Foreign {
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
        if is_no_room(&error) {
            return Self::DiskFull { path };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged {
                path,
                why: error.to_string(),
            },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unreadable {
                path,
                why: error.to_string(),
            },
            Some(ErrorCode::SystemIoFailure) => Self::Unreadable {
                path,
                why: "its disk cannot be read or written".to_owned(),
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
                why: in_words(error),
            },
        }
    }
}

/// Whether `SQLite` found no room. A full disk is an "I/O error" to it when it is the index of the
/// write-ahead log that does not fit, and that one every program makes that opens the database.
pub fn is_no_room(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.code == ErrorCode::DiskFull || error.extended_code == ffi::SQLITE_IOERR_SHMSIZE
    })
}

/// What the operating system said of a path, without its number.
pub fn in_words(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "there is no such directory",
        io::ErrorKind::PermissionDenied => "it is not permitted",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "a file stands where a directory is needed"
        }
        io::ErrorKind::IsADirectory => "it is a directory",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "its disk is read-only",
        _ => {
            let said = error.to_string();
            let end = said.find(" (os error").unwrap_or(said.len());
            return said.get(..end).unwrap_or_default().to_lowercase();
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: i32) -> OpenError {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        OpenError::from_sqlite(Path::new("clinic.db"), error)
    }

    #[test]
    fn a_disk_without_room_for_the_index_of_the_log_is_full() {
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
            assert!(matches!(said(code), OpenError::DiskFull { .. }), "{code}");
        }
        let other = said(ffi::SQLITE_IOERR_READ).to_string();
        assert!(
            other.contains("its disk cannot be read or written"),
            "{other}"
        );
    }

    #[test]
    fn the_operating_systems_numbers_are_not_said() {
        for number in 1..=40 {
            let words = in_words(&io::Error::from_raw_os_error(number));
            assert!(!words.is_empty() && !words.contains("os error"), "{words}");
        }
    }
}
