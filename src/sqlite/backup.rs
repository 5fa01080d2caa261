//! A copy of a whole database, taken while others go on reading and writing.

use std::fs::OpenOptions;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;

use rusqlite::Connection;

use super::OpenError;

/// Writes a compact copy of the database to `target`, which must not exist yet (mode 0600).
/// It shows one moment: writes that happen meanwhile are either wholly in it or not at all.
pub fn backup(conn: &Connection, target: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
        .open(target)
        .map_err(|error| OpenError::from_io(target, &error))?;
    // VACUUM INTO takes an empty file as its target.
    let written = conn.execute("VACUUM INTO ?1", [target.to_string_lossy().as_ref()]);
    match written {
        Ok(_) => Ok(()),
        Err(error) => {
            // What stands there is half a copy: worse than none.
            let _ = std::fs::remove_file(target);
            Err(OpenError::from_sqlite(target, error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{Access, open};

    #[test]
    fn a_backup_holds_the_rows_and_is_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
        conn.execute_batch("CREATE TABLE t (n INTEGER) STRICT; INSERT INTO t VALUES (7);")
            .unwrap();
        let target = dir.path().join("copy.db");
        backup(&conn, &target).unwrap();
        let copy = open(&target, Access::ReadOnly).unwrap();
        let n: i64 = copy
            .query_row("SELECT n FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(n, 7);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&target).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_backup_never_overwrites_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(&dir.path().join("a.db"), Access::ReadWrite).unwrap();
        let target = dir.path().join("precious");
        std::fs::write(&target, "precious").unwrap();
        let error = backup(&conn, &target).unwrap_err();
        assert!(matches!(error, OpenError::Unreadable { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    }
}
