//! The grid: times at the left, one column a doctor or a day, and the line of now across it.

mod cell;
mod header;
mod placing;

use super::pen::Pen;
use crate::app::desk::Pane;
use crate::app::grid::Row;
use crate::app::layout::{Area, Layout, Shape, TIMES};
use crate::app::state::State;
use crate::port::query::Reading;

/// Draws it.
pub fn draw(pen: &mut Pen, layout: &Layout, state: &State) {
    if layout.shape == Shape::Wide {
        let focused = state.desk.pane == Pane::Grid;
        let lines = if focused {
            pen.theme.focus
        } else {
            pen.theme.frame
        };
        pen.frame(layout.grid, "", lines);
    }
    if state.desk.grid.columns.is_empty() {
        empty(pen, layout, state);
        return;
    }
    // what is blank has the style of the lines between: fewer changes of style, fewer bytes
    pen.fill(layout.cells, " ", pen.theme.frame);
    header::draw(pen, layout, state);
    times(pen, layout, state);
    let desk = &state.desk;
    let here = desk.row_at(state.clinic.zone);
    let columns = desk.grid.columns.iter().skip(desk.left);
    let mut x = layout.cells.x;
    for column in columns.take(usize::from(layout.columns)) {
        let area = Area::new(x, layout.cells.y, layout.column_width, layout.rows());
        let now = column
            .row_at(state.now)
            .filter(|_| column.date == state.today());
        for (y, at) in (area.y..area.bottom()).zip(desk.top..) {
            if at >= desk.grid.rows.len() {
                break;
            }
            let row = Area::new(area.x, y, area.width, 1);
            cell::draw(pen, row, state, column, at, now == Some(at));
        }
        if matches!(
            column.sheet.as_deref().map(|s| &s.reading),
            Some(Reading::Stale { .. })
        ) {
            // dimmed a shade, in place: nothing moves when it turns live
            let style = ratatui::style::Style {
                bg: None,
                ..pen.theme.dim
            };
            pen.tint(area, style);
        }
        if desk.is_selected(column)
            && (desk.top..desk.top + usize::from(area.height)).contains(&here)
        {
            let down = u16::try_from(here - desk.top).unwrap_or(0);
            let row = Area::new(area.x, area.y + down, area.width, 1);
            match (&state.picked_up, state.fit()) {
                (Some(moved), Some(fit)) => {
                    placing::draw(pen, (area, row), state, column, &moved.visit, &fit);
                }
                _ => cell::select(pen, row, state),
            }
        }
        x += layout.column_width;
    }
}

/// The times at the left; the running row says the time it is.
fn times(pen: &mut Pen, layout: &Layout, state: &State) {
    let desk = &state.desk;
    let area = layout.cells;
    let x = area.x.saturating_sub(TIMES);
    let today = desk.grid.columns.iter().find(|c| c.date == state.today());
    let now = today.and_then(|column| column.row_at(state.now));
    let rows = desk.grid.rows.iter().enumerate().skip(desk.top);
    for (y, (at, row)) in (area.y..area.bottom()).zip(rows) {
        if now == Some(at) {
            let pointer = pen.marks.now;
            let clock = Row::of(state.clinic.zone, state.now).label();
            pen.put(x, y, TIMES, &format!("{pointer}{clock}"), pen.theme.now);
        } else if row.minute % 30 == 0 || desk.row_minutes == 20 {
            pen.put(x, y, TIMES, &row.label(), pen.theme.dim);
            if row.second {
                // the second time around, after the clock was put back
                pen.put(x + 5, y, 1, "2", pen.theme.pending);
            }
        }
    }
    let last = area.x.saturating_sub(1);
    // the running row says the time in full: its last figure has the arrow's place
    let full = |at: usize| now == Some(at);
    if desk.top > 0 && area.height > 0 && !full(desk.top) {
        pen.put(last, area.y, 1, pen.marks.above, pen.theme.dim);
    }
    let end = desk.top + usize::from(area.height);
    if end < desk.grid.rows.len() && area.height > 0 && !full(end - 1) {
        pen.put(last, area.bottom() - 1, 1, pen.marks.below, pen.theme.dim);
    }
}

fn empty(pen: &mut Pen, layout: &Layout, state: &State) {
    let words = if state.overview.is_none() {
        "Reading the desk's own records."
    } else {
        "No doctor has been recorded yet. Leave with q, then record the first one: \
         frontdesk doctor add --name \"Dr Chen\" --calendar chen@example.com"
    };
    let area = layout.grid.inner();
    let area = Area::new(
        area.x + 1,
        area.y + 1,
        area.width.saturating_sub(2),
        area.height.saturating_sub(1),
    );
    pen.wrapped(area, words, pen.theme.base);
}
