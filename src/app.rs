//! What the screens are: the state, the messages that change it, the effects it asks for. Plain data
//! and pure functions; it must not know a terminal, a runtime or a file.
//!
//! [`start`] gives the first effects; from then on every message goes through [`update`]. What is
//! shown decides what is asked (`settle`), so no screen has to remember to ask.

pub mod action;
pub mod desk;
pub mod effect;
pub mod field;
pub mod grid;
pub mod layout;
pub mod msg;
pub mod questions;
pub mod screen;
pub mod state;
pub mod tickets;
mod update;
pub mod wording;

pub use action::Action;
pub use effect::Effect;
pub use msg::{Edit, Msg};
pub use state::{Setup, State};
pub use update::{start, update};
