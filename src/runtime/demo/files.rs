//! The demo's directory: who uses it, and how a new demo takes the old one's place.
//!
//! A demo is made in a directory of its own within the demo's. Its stamp is written last there and
//! moved last from there, so that whenever the program dies, either nothing has happened, or the next
//! start moves what is left to be moved.

use super::DemoError;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};

/// The clinic's database.
pub(super) const DATABASE: &str = "frontdesk.db";
/// The practice calendar's.
pub(super) const CALENDARS: &str = "practice.db";
/// The configuration, for other programs on the same clinic.
pub(super) const CONFIG: &str = "frontdesk.toml";
/// What was made.
pub(super) const STAMP: &str = "demo.json";

const MAKING: &str = ".demo-making";
const LOCK: &str = ".demo.lock";
/// What `SQLite` keeps beside a database.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// Keeps the demo from being made anew for as long as it lives: hold it while the demo is open.
#[derive(Debug)]
pub struct Hold {
    // where the file system knows no locks, there is none to hold
    _file: Option<File>,
}

/// How the demo's directory was found.
pub(super) enum Found {
    /// Nobody else has it: it may be changed, until [`Alone::share`].
    Alone(Alone),
    /// Others have it open: it may only be used.
    Shared(Hold),
}

/// The right to change the demo.
pub(super) struct Alone(Option<File>);

impl Alone {
    /// Gives the right up and goes on using it.
    pub fn share(self, dir: &Path) -> Result<Hold, DemoError> {
        if let Some(file) = &self.0 {
            file.unlock()
                .and_then(|()| file.lock_shared())
                .map_err(|error| DemoError::of_file(dir, &error))?;
        }
        Ok(Hold { _file: self.0 })
    }
}

/// Makes the directory where there is none, and waits while another program makes a demo in it.
/// `fresh`: it must be alone; otherwise it is shared with those who have it open.
pub(super) fn enter(
    dir: &Path,
    fresh: bool,
    progress: &mut dyn FnMut(String),
) -> Result<Found, DemoError> {
    let wrong = |error: io::Error| DemoError::of_file(dir, &error);
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(dir).map_err(wrong)?;
    let file = open_private(&dir.join(LOCK)).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => Ok(Found::Alone(Alone(Some(file)))),
        Err(TryLockError::WouldBlock) if fresh => Err(DemoError::InUse(dir.to_owned())),
        Err(TryLockError::WouldBlock) => {
            if let Err(TryLockError::WouldBlock) = file.try_lock_shared() {
                progress("Another window is making this demo; waiting for it.".to_owned());
                file.lock_shared().map_err(wrong)?;
                drop(file);
                // if that one died over it, there is something to put right
                return enter(dir, fresh, progress);
            }
            Ok(Found::Shared(Hold { _file: Some(file) }))
        }
        Err(TryLockError::Error(_)) => Ok(Found::Alone(Alone(None))),
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

/// Puts right what a program left that died while it made a demo.
pub(super) fn put_right(dir: &Path) -> Result<(), DemoError> {
    if dir.join(MAKING).join(STAMP).exists() {
        publish(dir)
    } else {
        forget(dir)
    }
}

/// An empty directory to make a demo in.
pub(super) fn begin(dir: &Path) -> Result<PathBuf, DemoError> {
    forget(dir)?;
    let making = dir.join(MAKING);
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    let made = builder.create(&making);
    made.map_err(|error| DemoError::of_file(&making, &error))?;
    Ok(making)
}

/// Removes a demo that was not finished.
pub(super) fn forget(dir: &Path) -> Result<(), DemoError> {
    let making = dir.join(MAKING);
    gone(fs::remove_dir_all(&making)).map_err(|error| DemoError::of_file(&making, &error))
}

/// Removes the directory again if nothing but the lock is in it.
pub(super) fn leave_empty(dir: &Path) {
    let only_lock = fs::read_dir(dir).is_ok_and(|mut entries| {
        entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == LOCK))
    });
    if only_lock {
        // what cannot be removed does no harm
        let _ = fs::remove_file(dir.join(LOCK));
        let _ = fs::remove_dir(dir);
    }
}

/// Moves the finished demo to its place. Can be begun again wherever it was broken off.
pub(super) fn publish(dir: &Path) -> Result<(), DemoError> {
    let making = dir.join(MAKING);
    let wrong = |error: io::Error| DemoError::of_file(dir, &error);
    gone(fs::remove_file(dir.join(STAMP))).map_err(wrong)?;
    for name in [DATABASE, CALENDARS, CONFIG] {
        if !making.join(name).exists() {
            // moved before the program died
            continue;
        }
        for beside in BESIDE.into_iter().rev() {
            let name = format!("{name}{beside}");
            gone(fs::remove_file(dir.join(&name))).map_err(wrong)?;
            gone(fs::rename(making.join(&name), dir.join(&name))).map_err(wrong)?;
        }
    }
    gone(fs::rename(making.join(STAMP), dir.join(STAMP))).map_err(wrong)?;
    forget(dir)
}

/// What was not there need not be moved or removed.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, text: &str) {
        fs::write(dir.join(name), text).unwrap();
    }

    fn read(dir: &Path, name: &str) -> String {
        fs::read_to_string(dir.join(name)).unwrap_or_else(|_| "none".to_owned())
    }

    fn alone(dir: &Path) -> Alone {
        match enter(dir, true, &mut |_| {}).unwrap() {
            Found::Alone(alone) => alone,
            Found::Shared(_) => panic!("others are in it"),
        }
    }

    /// An old demo, and a new one ready to take its place.
    fn ready() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            DATABASE,
            CALENDARS,
            CONFIG,
            STAMP,
            "frontdesk.db-wal",
            "notes.txt",
        ] {
            write(dir.path(), name, "old");
        }
        let making = begin(dir.path()).unwrap();
        for name in [DATABASE, CALENDARS, CONFIG, STAMP] {
            write(&making, name, "new");
        }
        dir
    }

    fn is_new(dir: &Path) {
        for name in [DATABASE, CALENDARS, CONFIG, STAMP] {
            assert_eq!(read(dir, name), "new");
        }
        // an old log would be read as the new database's
        assert_eq!(read(dir, "frontdesk.db-wal"), "none");
        assert_eq!(read(dir, "notes.txt"), "old");
        assert!(!dir.join(MAKING).exists());
    }

    #[test]
    fn a_new_demo_takes_the_old_ones_place_and_leaves_other_files_alone() {
        let dir = ready();
        publish(dir.path()).unwrap();
        is_new(dir.path());
    }

    #[test]
    fn a_move_that_was_broken_off_anywhere_is_finished_at_the_next_start() {
        let moves: [fn(&Path, &Path); 5] = [
            |dir, _| fs::remove_file(dir.join(STAMP)).unwrap(),
            |dir, _| fs::remove_file(dir.join("frontdesk.db-wal")).unwrap(),
            |dir, making| fs::rename(making.join(DATABASE), dir.join(DATABASE)).unwrap(),
            |dir, making| fs::rename(making.join(CALENDARS), dir.join(CALENDARS)).unwrap(),
            |dir, making| fs::rename(making.join(CONFIG), dir.join(CONFIG)).unwrap(),
        ];
        for done in 0..=moves.len() {
            let dir = ready();
            for one in moves.iter().take(done) {
                one(dir.path(), &dir.path().join(MAKING));
            }
            put_right(dir.path()).unwrap();
            is_new(dir.path());
        }
    }

    #[test]
    fn a_demo_that_was_half_made_is_gone_at_the_next_start() {
        let dir = ready();
        fs::remove_file(dir.path().join(MAKING).join(STAMP)).unwrap();
        put_right(dir.path()).unwrap();
        assert_eq!(read(dir.path(), DATABASE), "old");
        assert!(!dir.path().join(MAKING).exists());
    }

    #[test]
    fn who_has_it_open_keeps_it_from_being_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let hold = alone(dir.path()).share(dir.path()).unwrap();
        let refused = enter(dir.path(), true, &mut |_| {});
        assert!(matches!(refused, Err(DemoError::InUse(_))));
        let second = enter(dir.path(), false, &mut |_| {}).unwrap();
        assert!(matches!(second, Found::Shared(_)));
        drop((hold, second));
        alone(dir.path());
    }
}
