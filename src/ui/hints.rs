//! The hints part of the desk.

use super::pen::Pen;
use crate::app::layout::Area;
use crate::app::state::State;

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, _state: &State) {
    pen.line(area, "hints", pen.theme.dim);
}

/// Draws the messages over the lines at the bottom.
pub fn notices(_pen: &mut Pen, _state: &State) {}
