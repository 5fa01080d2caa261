//! Why there is no demo, in sentences that say what happened, what it means and what to do.

use crate::port::store::StoreError;
use crate::practice::PracticeError;
use crate::sqlite::{OpenError, in_words};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a demo could not be made or used.
#[derive(Debug, Error)]
pub enum DemoError {
    /// Too few or too many doctors.
    #[error("A demo clinic has 1 to {most} doctors, not {asked}. Nothing was made.")]
    Doctors {
        /// How many were asked for.
        asked: usize,
        /// How many are possible.
        most: usize,
    },
    /// More visits than the doctors could have had.
    #[error(
        "{asked} appointments are too many for {doctors} {}: in twenty years they would have {most}. Nothing was made; ask for fewer, or for more doctors with --doctors.",
        if *.doctors == 1 { "doctor" } else { "doctors" }
    )]
    Appointments {
        /// How many were asked for.
        asked: usize,
        /// Of how many doctors.
        doctors: usize,
        /// How many are possible.
        most: usize,
    },
    /// A file of somebody else is where one of the demo would be.
    #[error(
        "{} is not part of a demo, so that nothing was written there. Name another directory with --data-dir, or move that file away.",
        .0.display()
    )]
    Foreign(PathBuf),
    /// A demo of which a file is missing.
    #[error(
        "The demo in {} is not whole: {missing} is missing. Start over with --fresh; what was booked in it is lost.",
        .dir.display()
    )]
    Incomplete {
        /// The directory.
        dir: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// Another program has it open.
    #[error(
        "The demo in {} is open in another window, so that it was not made anew. Close that one first, or name another directory with --data-dir.",
        .0.display()
    )]
    InUse(PathBuf),
    /// No room.
    #[error(
        "The disk of {} is full, so that no demo could be made there; what had been written of it is gone again. Make room, name another directory with --data-dir, or ask for fewer --appointments.",
        .0.display()
    )]
    DiskFull(PathBuf),
    /// A directory or file that cannot be written or read.
    #[error(
        "{} cannot be used for a demo: {why}. Name another directory with --data-dir.",
        .path.display()
    )]
    Unusable {
        /// Which.
        path: PathBuf,
        /// The operating system's words.
        why: String,
    },
    /// The clinic's database.
    #[error(transparent)]
    Database(OpenError),
    /// Writing to the clinic's database.
    #[error("The demo could not be made: {0}. What had been written of it is gone again.")]
    Store(StoreError),
    /// The practice calendar.
    #[error(transparent)]
    Practice(PracticeError),
}

impl DemoError {
    /// What the operating system said about a file.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull(path.to_owned())
            }
            _ => Self::Unusable {
                path: path.to_owned(),
                why: in_words(error),
            },
        }
    }

    /// The same error, a full disk said of the demo's directory rather than of a file being made.
    pub(super) fn about(self, dir: &Path) -> Self {
        match self {
            Self::DiskFull(_)
            | Self::Database(OpenError::DiskFull { .. })
            | Self::Store(StoreError::DiskFull)
            | Self::Practice(PracticeError::Data(OpenError::DiskFull { .. })) => {
                Self::DiskFull(dir.to_owned())
            }
            other => other,
        }
    }
}

impl From<OpenError> for DemoError {
    fn from(error: OpenError) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<PracticeError> for DemoError {
    fn from(error: PracticeError) -> Self {
        Self::Practice(error)
    }
}
