//! The heads of the columns: whose, and how well the calendar is known.

use crate::app::desk::Mode;
use crate::app::grid::Column;
use crate::app::layout::{Layout, TIMES};
use crate::app::state::State;
use crate::app::wording;
use crate::port::query::Reading;
use crate::ui::pen::Pen;
use crate::ui::text::width;

/// Draws them.
pub(super) fn draw(pen: &mut Pen, layout: &Layout, state: &State) {
    let desk = &state.desk;
    let y = layout.cells.y.saturating_sub(1);
    let day = match desk.mode {
        Mode::Day => desk.date.format("%a %-d").to_string(),
        Mode::Week => desk.date.format("w %V").to_string(),
    };
    let x = layout.cells.x.saturating_sub(TIMES);
    pen.put(x, y, TIMES, &day, pen.theme.strong);
    let columns = desk.grid.columns.iter().skip(desk.left);
    let mut x = layout.cells.x;
    for column in columns.take(usize::from(layout.columns)) {
        head(pen, state, column, (x, y), layout.column_width);
        x += layout.column_width;
    }
    if desk.left > 0 {
        pen.put(layout.cells.x, y, 1, pen.marks.more.0, pen.theme.key);
    }
    if desk.left + usize::from(layout.columns) < desk.grid.columns.len() {
        let last = layout.cells.right().saturating_sub(1);
        pen.put(last, y, 1, pen.marks.more.1, pen.theme.key);
    }
}

fn head(pen: &mut Pen, state: &State, column: &Column, (x, y): (u16, u16), wide: u16) {
    let selected = state.desk.is_selected(column);
    let style = if selected {
        pen.theme.focus
    } else {
        pen.theme.base
    };
    let line = state
        .doctors()
        .iter()
        .find(|line| line.doctor.doctor_id == column.doctor);
    let name = match state.desk.mode {
        Mode::Week => column.date.format("%a %-d %b").to_string(),
        Mode::Day => line.map_or_else(String::new, |line| line.doctor.doctor_name.clone()),
    };
    let reading = column.sheet.as_deref().map(|sheet| &sheet.reading);
    let next = line
        .and_then(|line| line.next_free)
        .map(|slot| slot.start());
    let next =
        next.filter(|start| start.with_timezone(&state.clinic.zone).date_naive() == column.date);
    let (mark, words, tone) = match reading {
        Some(Reading::Live { .. }) => {
            let next = next.map(|start| wording::time(state, start));
            (
                pen.marks.confirmed,
                next.unwrap_or_default(),
                pen.theme.good,
            )
        }
        Some(Reading::Stale { at, .. }) => (
            pen.marks.stale,
            format!("as of {}", wording::since(state, *at)),
            pen.theme.pending,
        ),
        Some(Reading::Unknown { .. }) => {
            (pen.marks.unknown, "not read".to_owned(), pen.theme.unknown)
        }
        None => (" ", String::new(), pen.theme.dim),
    };
    // one column of air, then the name, as much of it as the rest leaves
    let room = usize::from(wide.saturating_sub(2));
    let words = if width(&words) + 8 > room {
        String::new()
    } else {
        words
    };
    let rest = 2 + if words.is_empty() {
        0
    } else {
        width(&words) + 1
    };
    let most = u16::try_from(room.saturating_sub(rest)).unwrap_or(0);
    let mut at = pen.put(x + 1, y, 1, " ", style);
    at = pen.put(at, y, most, &name, style);
    at = pen.put(at, y, 1, " ", style);
    at = pen.put(at, y, 1, mark, tone);
    if !words.is_empty() {
        at = pen.put(at, y, 1, " ", tone);
        at = pen.put(at, y, u16::try_from(room).unwrap_or(0), &words, tone);
    }
    pen.put(at, y, 1, " ", style);
}
