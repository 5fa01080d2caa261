//! Draws the whole frame: the desk, then dialogs, then messages.

use super::marks::Marks;
use super::pen::Pen;
use super::theme::{Depth, Theme};
use super::{detail, dialogs, doctors, grid, hints, month, status, tiny};
use crate::app::desk::Pane;
use crate::app::layout::{Area, Shape};
use crate::app::state::{Palette, State};
use ratatui::Frame;

/// What drawing remembers from frame to frame.
#[derive(Clone, Debug)]
pub struct ViewState {
    depth: Depth,
    palette: Palette,
    theme: Theme,
}

impl ViewState {
    /// For a terminal of so many colours.
    pub fn new(depth: Depth) -> Self {
        let palette = Palette::default();
        Self {
            depth,
            palette,
            theme: Theme::of(palette, depth),
        }
    }

    fn prepare(&mut self, palette: Palette) {
        if self.palette != palette {
            self.palette = palette;
            self.theme = Theme::of(palette, self.depth);
        }
    }
}

/// Draws a frame.
pub fn draw(frame: &mut Frame, state: &State, view: &mut ViewState) {
    view.prepare(state.palette);
    let mut pen = Pen {
        buffer: frame.buffer_mut(),
        theme: &view.theme,
        marks: Marks::of(state.ascii),
        cursor: None,
    };
    let all = pen.buffer.area;
    // the terminal may have another size than the state has heard of yet
    if all.width == 0 || all.height == 0 {
        return;
    }
    pen.clear(Area::new(0, 0, all.width, all.height));
    desk(&mut pen, state);
    dialogs::draw(&mut pen, state);
    hints::notices(&mut pen, state);
    if let Some(cursor) = pen.cursor {
        frame.set_cursor_position(cursor);
    }
}

fn desk(pen: &mut Pen, state: &State) {
    let layout = state.layout();
    status::draw(pen, layout.status, state);
    hints::draw(pen, layout.hints, state);
    if layout.shape == Shape::Tiny {
        tiny::draw(pen, layout.grid, state);
        return;
    }
    grid::draw(pen, &layout, state);
    let pane = state.desk.pane;
    if layout.shape == Shape::Wide {
        month::draw(pen, layout.month, state);
        doctors::draw(pen, layout.doctors, state);
        detail::panel(pen, layout.detail, state);
        return;
    }
    detail::strip(pen, layout.detail, state);
    match pane {
        Pane::Grid => {}
        Pane::Doctors => {
            pen.clear(layout.doctors);
            doctors::draw(pen, layout.doctors, state);
        }
        Pane::Month => {
            pen.clear(layout.month);
            month::draw(pen, layout.month, state);
        }
        Pane::Detail => {
            pen.clear(layout.focused_detail());
            detail::panel(pen, layout.focused_detail(), state);
        }
    }
}
