//! What the outside must fulfil, and the one door through which screens and command line ask for
//! anything.

pub mod budget;
pub mod calendar;
pub mod channels;
pub mod clock;
pub mod command;
pub mod desk;
pub mod entries;
pub mod notices;
pub mod query;
pub mod repair;
pub mod report;
pub mod store;
pub mod sync;
