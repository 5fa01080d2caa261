//! Opening a database as it must be opened, migrating it, backing it up.
//!
//! Its users (the store, the practice calendar) bring the migrations; this module knows no table.
//! Several programs of one clinic share a database, so everything here is safe when two processes
//! do it to the same new file at the same moment.
//!
//! ```no_run
//! use frontdesk::sqlite::{self, Access};
//!
//! # fn main() -> Result<(), sqlite::OpenError> {
//! const MIGRATIONS: &[&str] = &["CREATE TABLE customer (id TEXT PRIMARY KEY) STRICT;"];
//! let mut db = sqlite::open(std::path::Path::new("clinic.db"), Access::ReadWrite)?;
//! sqlite::migrate(&mut db, MIGRATIONS)?;
//! # Ok(()) }
//! ```

mod backup;
mod busy;
mod error;
mod migrate;
mod open;

pub use backup::backup;
pub use busy::wait_for_others;
pub use error::{OpenError, in_words, is_no_room};
pub use migrate::{Migrated, migrate, must_hold};
pub use open::{Access, BUSY_TIMEOUT, open, open_in_memory};
