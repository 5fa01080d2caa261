//! The grid.

use super::pen::Pen;
use crate::app::layout::Layout;
use crate::app::state::State;

/// Draws it.
pub fn draw(pen: &mut Pen, layout: &Layout, _state: &State) {
    pen.line(layout.grid, "grid", pen.theme.dim);
}
