//! Whether a database was put back from a backup: beside it lies a file that says how long its audit has
//! been, and a database whose audit is shorter is an older one. What was open in it then waits until
//! mirror and calendars have been compared: an old journal must not call off what stands by now.
//!
//! The file is a witness and nothing more: without it, or when it cannot be written, everything goes on as
//! if there were no backup.

use crate::domain::policy::Role;
use crate::domain::time::Moment;
use crate::port::command::Actor;
use crate::port::store::{Records, Stamp, StoreError};
use crate::port::sync::{SyncRecords, SyncStore};
use crate::store::Database;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file beside the database.
fn witness(database: &Path) -> PathBuf {
    let mut name = database
        .file_name()
        .map_or_else(OsString::new, OsString::from);
    name.push("-seen");
    database.with_file_name(name)
}

/// How long the audit of this very database has been.
fn seen(database: &Path, id: &str) -> Option<i64> {
    let text = std::fs::read_to_string(witness(database)).ok()?;
    let (of, length) = text.trim().split_once(' ')?;
    (of == id).then(|| length.parse().ok()).flatten()
}

/// Looks whether the database is older than it has been, and marks it if so. True: it is, or was marked
/// before and not compared since.
pub fn look(store: &mut Database, path: &Path, now: Moment) -> Result<bool, StoreError> {
    let id = store.database_id()?;
    let length = store.audit_length()?;
    if seen(path, id.as_str()).is_some_and(|seen| seen > length) {
        let stamp = Stamp {
            actor: Actor {
                name: "frontdesk".to_owned(),
                role: Role::System,
            },
            desk: "start".into(),
            now,
        };
        store.mark_restored(&stamp)?;
        note(store, path);
    }
    store.restored()
}

/// Notes how long the audit is now.
pub fn note(records: &Database, path: &Path) {
    let noted = || -> Option<()> {
        let id = records.database_id().ok()?;
        let length = records.audit_length().ok()?;
        if seen(path, id.as_str()) == Some(length) {
            return Some(());
        }
        // written aside first: half a file would be no witness
        let file = witness(path);
        let aside = file.with_extension(format!("tmp{}", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut written = options.open(&aside).ok()?;
        written
            .write_all(format!("{id} {length}\n").as_bytes())
            .ok()?;
        std::fs::rename(&aside, &file).ok()
    };
    if noted().is_none() {
        tracing::warn!("how far the audit goes could not be noted beside the database");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::Access;
    use chrono::DateTime;

    fn at(second: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn grow(store: &mut Database) {
        let stamp = Stamp {
            actor: Actor {
                name: "ana".to_owned(),
                role: Role::Admin,
            },
            desk: "front".into(),
            now: at(0),
        };
        let service = crate::domain::service::Service {
            service_id: uuid::Uuid::new_v4().to_string().as_str().into(),
            service_name: format!("s{}", uuid::Uuid::new_v4()),
            minutes: 30,
            buffers: crate::domain::service::Buffers::NONE,
            active: true,
        };
        crate::port::store::Store::add_service(store, &stamp, &service).unwrap();
    }

    #[test]
    fn a_database_that_was_put_back_from_a_backup_is_known_by_its_shorter_audit() {
        let dir = tempfile::tempdir().unwrap();
        let (path, backup) = (dir.path().join("clinic.db"), dir.path().join("backup.db"));
        let mut store = Database::open(&path, Access::ReadWrite).unwrap();
        grow(&mut store);
        note(&store, &path);
        assert!(!look(&mut store, &path, at(1)).unwrap());
        let conn = crate::sqlite::open(&path, Access::ReadWrite).unwrap();
        crate::sqlite::backup(&conn, &backup).unwrap();
        drop(conn);
        grow(&mut store);
        assert!(
            !look(&mut store, &path, at(2)).unwrap(),
            "longer is no backup"
        );
        note(&store, &path);
        drop(store);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("clinic.db{end}")));
        }
        std::fs::copy(&backup, &path).unwrap();
        let mut store = Database::open(&path, Access::ReadWrite).unwrap();
        assert!(look(&mut store, &path, at(3)).unwrap());
        drop(store);
        let mut store = Database::open(&path, Access::ReadWrite).unwrap();
        assert!(
            look(&mut store, &path, at(4)).unwrap(),
            "until it was compared"
        );
        let stamp = Stamp {
            actor: Actor {
                name: "ana".to_owned(),
                role: Role::Admin,
            },
            desk: "front".into(),
            now: at(5),
        };
        store.end_restored(&stamp, &[]).unwrap();
        assert!(!look(&mut store, &path, at(6)).unwrap());
    }

    #[test]
    fn another_database_in_its_place_is_no_backup_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clinic.db");
        let mut store = Database::open(&path, Access::ReadWrite).unwrap();
        std::fs::write(witness(&path), "somebody 900\n").unwrap();
        assert!(!look(&mut store, &path, at(1)).unwrap());
        std::fs::write(witness(&path), "nonsense").unwrap();
        assert!(!look(&mut store, &path, at(1)).unwrap());
    }
}
