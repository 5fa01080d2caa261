//! The selection while a visit is being moved: where it would stand, how long it would take, and whether
//! it fits there.

use super::cell;
use crate::app::grid::{Column, Fit, stretch_at};
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Appointment;
use crate::ui::pen::Pen;

/// From this many columns on there is room for both times.
const ROOMY: u16 = 21;

/// Draws it over the selected column: its first row in words, the others by an edge, so that what it would
/// stand on is still seen.
pub(super) fn draw(
    pen: &mut Pen,
    (area, row): (Area, Area),
    state: &State,
    column: &Column,
    visit: &Appointment,
    fit: &Fit<'_>,
) {
    let start = state.selected_moment();
    let extends = !matches!(fit, Fit::OtherDoctor | Fit::Same);
    if let (Some(to), true) = (stretch_at(visit, start), extends) {
        let mark = if *fit == Fit::Fits {
            pen.marks.edge
        } else {
            pen.marks.gone
        };
        let below = (row.y + 1..area.bottom()).zip(state.desk.row_at(state.clinic.zone) + 1..);
        for (y, at) in below {
            let time = column.times.get(at).copied().flatten();
            if !time.is_some_and(|time| time.meets(&to)) {
                break;
            }
            pen.put(row.x, y, 1, mark, pen.theme.selected);
        }
    }
    // whose visit is in the way, and the visit itself, are better seen than written over
    let shown = match (fit, state.selected_visit()) {
        (Fit::Same, _) => true,
        (_, Some(other)) => !state.is_picked_up(other),
        (_, None) => false,
    };
    if shown {
        return cell::select(pen, row, state);
    }
    let style = if state.desk.pane == crate::app::desk::Pane::Grid {
        pen.theme.selected
    } else {
        pen.theme.selected_elsewhere
    };
    // in one style: a change of style costs more bytes than the cell
    pen.fill(row, " ", style);
    pen.put(row.x, row.y, 1, pen.marks.edge, style);
    let area = Area::new(row.x + 1, row.y, row.width.saturating_sub(1), 1);
    pen.line(area, &words(pen, state, visit, fit, row.width), style);
}

fn words(pen: &Pen, state: &State, visit: &Appointment, fit: &Fit<'_>, wide: u16) -> String {
    let start = state.selected_moment();
    if wide < ROOMY {
        let fits = if *fit == Fit::Fits { "ok" } else { "no" };
        return format!("{} {fits}", wording::time(state, start));
    }
    let (unknown, taken) = (pen.marks.unknown, pen.marks.taken);
    let time = stretch_at(visit, start).map_or_else(
        || wording::time(state, start),
        |to| wording::span(state.clinic.zone, &to),
    );
    match fit {
        Fit::Fits => format!("{time} fits"),
        Fit::Same => time,
        Fit::Loading => format!("{time} {}", pen.marks.cut),
        Fit::Past => format!("{time} gone by"),
        Fit::Outside => format!("{time} closed"),
        Fit::Taken(_) => format!("{time} {taken} busy"),
        Fit::Visit(_) => format!("{time} taken"),
        Fit::Near(_) => format!("{time} too near"),
        Fit::Unknown => format!("{time} {unknown} unread"),
        Fit::OtherDoctor => format!("not with {}", visit.doctor_name),
    }
}
