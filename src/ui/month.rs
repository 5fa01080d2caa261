//! The mini month: each day with a bar, the fuller the day the higher.

use super::pen::Pen;
use crate::app::desk::{Pane, first_of_month};
use crate::app::layout::Area;
use crate::app::state::State;
use chrono::{Datelike, NaiveDate};
use ratatui::style::Modifier;

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    let desk = &state.desk;
    let focused = desk.pane == Pane::Month;
    let lines = if focused {
        pen.theme.focus
    } else {
        pen.theme.frame
    };
    let title = desk.date.format("%B %Y").to_string();
    let inner = pen.frame(area, &title, lines);
    pen.line(inner, "Mo Tu We Th Fr Sa Su", pen.theme.dim);
    let first = first_of_month(desk.date);
    let most = desk.month.iter().map(|(_, visits)| *visits).max();
    let lead = first.weekday().num_days_from_monday();
    for date in first.iter_days().take_while(|d| d.month() == first.month()) {
        let at = lead + date.day0();
        let x = inner.x + u16::try_from(at % 7 * 3).unwrap_or(0);
        let y = inner.y + 1 + u16::try_from(at / 7).unwrap_or(0);
        if y >= inner.bottom() {
            break;
        }
        let mut style = if date == desk.date {
            if focused {
                pen.theme.selected
            } else {
                pen.theme.selected_elsewhere
            }
        } else if date < state.today() {
            pen.theme.dim
        } else {
            pen.theme.base
        };
        if date == state.today() {
            style = style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        }
        let right = inner.right().saturating_sub(x);
        let x = pen.put(x, y, right.min(2), &format!("{:>2}", date.day()), style);
        let bar = fullness(state, date, most);
        let mark = pen.marks.fullness.get(bar).copied().unwrap_or(" ");
        pen.put(x, y, right.saturating_sub(2).min(1), mark, pen.theme.good);
    }
}

/// From 0, empty, to 4, as full as the fullest day of the month.
fn fullness(state: &State, date: NaiveDate, most: Option<u32>) -> usize {
    if state.desk.month_of != first_of_month(date) {
        return 0;
    }
    let visits = state.desk.month.iter().find(|(day, _)| *day == date);
    match (visits, most) {
        (Some((_, visits)), Some(most)) if most > 0 => (visits * 4).div_ceil(most) as usize,
        _ => 0,
    }
}
