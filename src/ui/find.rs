//! How the find dialog looks, and its keys.

use super::keymap::{Binding, ESC, bind};
use super::pen::Pen;
use crate::app::action::Action;
use crate::app::screen::find::Find;
use crate::app::state::State;

/// Its keys.
pub const KEYS: &[Binding] = &[bind(&[ESC], Action::GoBack, "back", "back")];

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, _state: &State, _dialog: &Find) {
    pen.dialog(60, 12, "Find");
}
