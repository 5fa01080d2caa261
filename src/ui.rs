//! How the screens look. Reads the state and never changes it; what drawing itself has to remember is
//! in [`ViewState`].

pub mod booking;
mod detail;
mod dialogs;
mod doctors;
pub mod drafts;
pub mod draw;
pub mod find;
mod grid;
mod hints;
pub mod inbox;
pub mod keymap;
pub mod marks;
mod month;
mod names;
pub mod pen;
mod picked_up;
pub mod repair;
mod status;
pub mod text;
pub mod theme;
mod tiny;

pub use draw::{ViewState, draw};
