//! What `SQLite` says, told apart by what a desk can do about it.

use crate::port::store::StoreError;
use crate::sqlite::is_no_room;
use rusqlite::{ErrorCode, ffi};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if let rusqlite::Error::SqlInputError { msg, sql, .. } = &error {
            // The statement is for the log; a person is told what SQLite found wrong.
            tracing::error!(msg, sql, "the database does not understand a statement");
            return Self::Failed(format!("{msg}; was this file made by another version?"));
        }
        if is_no_room(&error) {
            return Self::DiskFull;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::SystemIoFailure) if is_write(&error) => Self::DiskRefuses,
            Some(ErrorCode::SystemIoFailure) => {
                Self::Failed(format!("its disk cannot be read or written ({error})"))
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Failed(format!(
                "its file is damaged ({error}): keep a copy and restore the last backup"
            )),
            // The triggers' own words; who asks looks first, so this is seen only in a race with a
            // defect.
            Some(ErrorCode::ConstraintViolation) if error.to_string() == "overlap" => {
                Self::Rule("another visit of this doctor stands there".to_owned())
            }
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// Whether it was a write that failed. A quota and a limit on the size of files end here: only for a disk
/// without space has `SQLite` a word of its own.
fn is_write(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        matches!(
            error.extended_code,
            ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_TRUNCATE
        )
    })
}

/// A row that this program cannot read: written by a defect or by another version.
pub(super) fn unreadable(what: &'static str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("{what} cannot be read ({why})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: i32) -> StoreError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[test]
    fn each_trouble_has_its_own_name() {
        assert_eq!(said(ffi::SQLITE_BUSY), StoreError::Busy);
        assert_eq!(said(ffi::SQLITE_BUSY_SNAPSHOT), StoreError::Busy);
        assert_eq!(said(ffi::SQLITE_FULL), StoreError::DiskFull);
        assert_eq!(said(ffi::SQLITE_IOERR_SHMSIZE), StoreError::DiskFull);
        assert_eq!(said(ffi::SQLITE_READONLY), StoreError::ReadOnly);
        assert_eq!(said(ffi::SQLITE_IOERR_WRITE), StoreError::DiskRefuses);
        for code in [ffi::SQLITE_IOERR_READ, ffi::SQLITE_CORRUPT] {
            let words = said(code).to_string();
            assert!(words.starts_with("the database failed: its "), "{words}");
        }
    }
}
