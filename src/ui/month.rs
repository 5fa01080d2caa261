//! The month part of the desk.

use super::pen::Pen;
use crate::app::layout::Area;
use crate::app::state::State;

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, _state: &State) {
    pen.line(area, "month", pen.theme.dim);
}
