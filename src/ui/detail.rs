//! The details.

use super::pen::Pen;
use crate::app::layout::Area;
use crate::app::state::State;

/// Draws them as a panel.
pub fn panel(pen: &mut Pen, area: Area, _state: &State) {
    pen.line(area, "detail", pen.theme.dim);
}

/// Draws them as a strip.
pub fn strip(pen: &mut Pen, area: Area, _state: &State) {
    pen.line(area, "detail", pen.theme.dim);
}
