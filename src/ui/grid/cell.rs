//! A cell of the grid. Each kind has a shape of its own: blank is free, `░` taken, a name a visit of
//! ours, `·` outside hours, `?` unknown.

use crate::app::desk::Pane;
use crate::app::grid::{Cell, Column, Standing};
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::port::query::Reading;
use crate::ui::names;
use crate::ui::pen::Pen;
use ratatui::style::Style;

/// Draws one, with the line at its left.
pub(super) fn draw(pen: &mut Pen, row: Area, state: &State, column: &Column, at: usize, now: bool) {
    let theme = pen.theme;
    pen.put(row.x, row.y, 1, pen.marks.frame.vertical, theme.frame);
    let area = Area::new(row.x + 1, row.y, row.width.saturating_sub(1), 1);
    match column.cells.get(at).copied().unwrap_or(Cell::Loading) {
        // blank would say free
        Cell::Loading => {
            pen.put(area.x, area.y, area.width.min(1), pen.marks.cut, theme.dim);
        }
        Cell::Free if now => pen.fill(area, pen.marks.frame.horizontal, theme.now),
        Cell::Free | Cell::Skipped => {}
        Cell::Outside => every_other(pen, area, pen.marks.outside, theme.outside),
        Cell::Taken { head } => {
            pen.fill(area, pen.marks.taken, theme.taken);
            if head {
                let words = format!(" {} ", taken_by(column, at));
                let room = area.width.saturating_sub(1);
                pen.put(area.x + 1, area.y, room, &words, theme.taken);
            }
        }
        Cell::Unknown { line } => unknown(pen, area, state, column, line),
        Cell::Visit { index, line, more } => {
            let visit = column
                .sheet
                .as_ref()
                .and_then(|sheet| sheet.visits.get(index));
            if let Some(visit) = visit {
                let begins = column
                    .times
                    .get(at)
                    .copied()
                    .flatten()
                    .map(|row| row.start());
                let on_the_row = begins.is_none_or(|begins| visit.visit.start() <= begins);
                visited(pen, area, state, visit, (line, more, on_the_row));
            }
        }
    }
}

/// Marks the selected cell: another ground, and an edge for eyes and screens without colours.
pub(super) fn select(pen: &mut Pen, row: Area, state: &State) {
    let focused = state.desk.pane == Pane::Grid;
    let style = if focused {
        pen.theme.selected
    } else {
        pen.theme.selected_elsewhere
    };
    // where the row shows another of its visits than the selected one, show the selected one
    if let Some(visit) = state.selected_visit() {
        let area = Area::new(row.x + 1, row.y, row.width.saturating_sub(1), 1);
        let zone = state.clinic.zone;
        let at = state.desk.row_at(zone);
        let shown = state
            .desk
            .column()
            .and_then(|column| match column.cells.get(at)? {
                Cell::Visit { index, .. } => column.sheet.as_ref()?.visits.get(*index),
                _ => None,
            });
        if shown.is_some_and(|shown| shown.appointment_id != visit.appointment_id) {
            visited(pen, area, state, visit, (0, 0, false));
        }
    }
    // Everything in one style: a change of style costs more bytes than the cell.
    pen.tint(row, style);
    pen.put(row.x, row.y, 1, pen.marks.edge, style);
    let what = match state.standing() {
        Standing::Visit(_) => return,
        Standing::Unknown => format!(" {} not read", pen.marks.unknown),
        Standing::Taken(_) => {
            let at = state.desk.row_at(state.clinic.zone);
            let what = state.desk.column().map(|column| taken_by(column, at));
            let what = what.unwrap_or_else(|| "busy".to_owned());
            format!(" {} {what}", pen.marks.taken)
        }
        _ => String::new(),
    };
    let time = wording::time(state, state.selected_moment());
    let area = Area::new(row.x + 1, row.y, row.width.saturating_sub(1), 1);
    pen.fill(area, " ", style);
    pen.line(area, &format!("{time}{what}"), style);
}

fn taken_by(column: &Column, at: usize) -> String {
    let row = column.times.get(at).copied().flatten();
    let known = column.sheet.as_deref().zip(row);
    known.map_or_else(
        || "busy".to_owned(),
        |(sheet, row)| wording::taken_by(sheet, &row),
    )
}

fn every_other(pen: &mut Pen, area: Area, mark: &str, style: Style) {
    // the gaps in the same style: a change of style costs more bytes than the character
    pen.fill(area, " ", style);
    for x in (area.x..area.right()).step_by(2) {
        pen.put(x, area.y, 1, mark, style);
    }
}

fn unknown(pen: &mut Pen, area: Area, state: &State, column: &Column, line: u16) {
    let style = pen.theme.unknown;
    let mark = pen.marks.unknown;
    let reading = column.sheet.as_deref().map(|sheet| &sheet.reading);
    let tried = match reading {
        Some(Reading::Unknown {
            error: Some((at, _)),
        }) => Some(*at),
        _ => None,
    };
    let words = match (line, tried) {
        (0, _) => state.doctor(&column.doctor).map(|doctor| {
            let room = usize::from(area.width).saturating_sub(12);
            let name = names::in_room([(doctor.doctor_name.as_str(), room)]);
            format!("{mark} not read: {}", name.concat())
        }),
        (1, Some(at)) => Some(format!("{mark} since {}", wording::since(state, at))),
        _ => None,
    };
    match words {
        Some(words) => {
            pen.line(area, &words, style);
        }
        None => every_other(pen, area, mark, style),
    }
}

/// A row of a visit: which of its rows, how many more start here, whether it starts with the row.
fn visited(
    pen: &mut Pen,
    area: Area,
    state: &State,
    visit: &Appointment,
    (line, more, on_the_row): (u16, u16, bool),
) {
    let theme = pen.theme;
    let moving = state.is_picked_up(visit);
    let ground = if moving {
        theme.selected_elsewhere
    } else {
        theme.visit
    };
    pen.fill(area, " ", ground);
    if line > 0 {
        pen.put(area.x, area.y, area.width.min(1), pen.marks.goes_on, ground);
        if line == 1 && area.width > 3 {
            let words = if moving {
                "being moved"
            } else {
                second_line(visit)
            };
            pen.put(area.x + 2, area.y, area.width - 2, words, ground);
        }
        return;
    }
    let (mark, style) = if moving {
        (pen.marks.moving, ground)
    } else {
        (pen.marks.visit(visit), mark_style(pen, visit))
    };
    let on_ground = Style {
        bg: ground.bg,
        ..ground.patch(style)
    };
    let style = match visit.sync_state {
        _ if moving => ground,
        SyncState::NeedsRepair => style,
        SyncState::SyncPending => on_ground,
        // the shape says it; another colour for it alone would cost more than it tells
        SyncState::Synced => ground,
    };
    pen.put(area.x, area.y, area.width.min(1), mark, style);
    let suffix = if more > 0 {
        format!(" +{more}")
    } else {
        String::new()
    };
    let wide = u16::try_from(suffix.len()).unwrap_or(0);
    let mut x = area.x + 2;
    if !on_the_row {
        let starts = wording::time(state, visit.visit.start());
        x = pen.put(x, area.y, area.right().saturating_sub(x), &starts, ground) + 1;
    }
    let room = area.right().saturating_sub(x + wide);
    x = pen.put(x, area.y, room, &visit.customer_name, ground);
    pen.put(x, area.y, wide, &suffix, ground);
}

fn mark_style(pen: &Pen, visit: &Appointment) -> Style {
    match visit.sync_state {
        SyncState::NeedsRepair => pen.theme.repair,
        _ => pen.theme.pending,
    }
}

/// What matters next about a visit, under the name.
fn second_line(visit: &Appointment) -> &str {
    match (visit.status, visit.sync_state) {
        (_, SyncState::NeedsRepair) => "needs repair: !",
        _ if visit.cancellation_reason.is_some() => "called off, not sent yet",
        (Status::Pending, _) => "not confirmed yet",
        (_, SyncState::SyncPending) => "not sent yet",
        _ => &visit.service_name,
    }
}
