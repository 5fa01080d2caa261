//! How the repair dialog looks, and its keys.

use super::keymap::{Binding, ESC, bind};
use super::pen::Pen;
use crate::app::action::Action;
use crate::app::screen::repair::Repair;
use crate::app::state::State;

/// Its keys.
pub const KEYS: &[Binding] = &[bind(&[ESC], Action::GoBack, "back", "back")];

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, _state: &State, _dialog: &Repair) {
    pen.dialog(60, 12, "Repair");
}
