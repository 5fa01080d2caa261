//! The screens from outside: keys in, reports in, a screen out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "screens/bytes.rs"]
mod bytes;
#[path = "screens/chaos.rs"]
mod chaos;
#[path = "screens/clinic.rs"]
mod clinic;
#[path = "screens/desk.rs"]
mod desk;
#[path = "screens/dialogs.rs"]
mod dialogs;
#[path = "screens/glance.rs"]
mod glance;
#[path = "screens/looks.rs"]
mod looks;
#[path = "screens/robot.rs"]
mod robot;
#[path = "screens/why.rs"]
mod why;
