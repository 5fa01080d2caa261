//! The lanes that carry out commands and answer queries. Generic over the ports: no adapter is known
//! here, so the same code runs against Google, the practice calendar and a simulated one.
//!
//! [`engine::Engine`] carries out one command from beginning to end; [`answers`] composes the answers
//! to queries from the mirror; [`lanes`] runs both for a screen without ever keeping it waiting;
//! [`channels`] has Google tell of changes, where it can reach the clinic.

pub mod answers;
pub mod channels;
pub mod engine;
pub mod lanes;
pub mod settings;

mod book;
mod budget;
mod cancel;
mod check;
mod circuit;
mod clinic;
mod drive;
mod elsewhere;
mod notices;
mod offer;
mod reconcile;
mod refresh;
mod refusals;
mod repair;
mod replay;
mod reschedule;
mod second_look;
pub mod sync;
mod undo;
mod upcoming;
