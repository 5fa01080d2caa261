//! The Store port over `SQLite`: one file per aggregate, each a set of functions over a connection
//! that run inside the transaction they are given.
//!
//! Knows nothing of Google, of lanes or of screens. The schema and what each column means stand in
//! `migrations/`. All moments are whole seconds of UTC: what comes in is cut (the end of a visit is
//! rounded up), so times read back may differ from those handed in by less than a second.

mod appointments;
mod audit;
mod bookings;
mod budget;
pub mod bulk;
mod cancellations;
mod channels;
mod collapse;
mod column;
mod customers;
mod database;
mod doctors;
mod elsewhere;
mod entries;
mod error;
mod holds;
mod keys;
mod moves;
mod notices;
mod operations;
mod overlap;
mod readings;
mod records;
mod repair;
mod second_looks;
mod services;
mod settle;
mod sync;
mod undo;
mod writes;

#[cfg(test)]
mod tests;

pub use database::Database;
