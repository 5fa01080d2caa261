//! The practice calendar, asked over real HTTP: each behaviour that clients of Google meet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::similar_names,
    missing_docs
)]

#[path = "practice/desk.rs"]
mod desk;

#[path = "practice/change.rs"]
mod change;
#[path = "practice/channels.rs"]
mod channels;
#[path = "practice/faults.rs"]
mod faults;
#[path = "practice/free_busy.rs"]
mod free_busy;
#[path = "practice/insert.rs"]
mod insert;
#[path = "practice/list.rs"]
mod list;
#[path = "practice/recurring.rs"]
mod recurring;
#[path = "practice/seeding.rs"]
mod seeding;
#[path = "practice/server.rs"]
mod server;
#[path = "practice/sync.rs"]
mod sync;
