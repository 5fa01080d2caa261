//! What a click means: it selects, and it never does anything else.

use super::{Mode, Pane, moving};
use crate::app::grid::Row;
use crate::app::layout::{Area, Layout, Shape};
use crate::app::state::State;
use chrono::{Datelike, Days};

/// Selects what was clicked.
pub(in crate::app) fn click(state: &mut State, column: u16, row: u16) {
    let layout = state.layout();
    let pane = state.desk.pane;
    let wide = layout.shape == Shape::Wide;
    if (wide || pane == Pane::Doctors) && layout.doctors.contains(column, row) {
        doctor(state, &layout, row);
    } else if (wide || pane == Pane::Month) && layout.month.contains(column, row) {
        day(state, layout.month.inner(), column, row);
    } else if wide && layout.detail.contains(column, row) {
        state.desk.pane = Pane::Detail;
    } else if layout.shape == Shape::Tiny {
        state.desk.pane = Pane::Grid;
    } else if layout.grid.contains(column, row) {
        state.desk.pane = Pane::Grid;
        slot(state, &layout, column, row);
    }
}

/// First doctor in view of a list of so many rows: whole pages, so that nothing creeps.
pub fn first_doctor(selected: usize, rows: usize) -> usize {
    let rows = rows.max(1);
    (selected / rows) * rows
}

fn doctor(state: &mut State, layout: &Layout, row: u16) {
    let inner = layout.doctors.inner();
    let Some(line) = row.checked_sub(inner.y).filter(|line| *line < inner.height) else {
        return;
    };
    let doctors = state.doctors();
    let selected = doctors
        .iter()
        .position(|line| Some(&line.doctor.doctor_id) == state.desk.doctor.as_ref())
        .unwrap_or_default();
    let at = first_doctor(selected, usize::from(inner.height)) + usize::from(line);
    if let Some(line) = doctors.get(at) {
        let id = line.doctor.doctor_id.clone();
        state.desk.doctor = Some(id);
        state.desk.pane = Pane::Doctors;
    }
}

fn day(state: &mut State, inner: Area, column: u16, row: u16) {
    let first = super::first_of_month(state.desk.date);
    // one row of names of days, then weeks of days three columns wide
    let (Some(week), Some(across)) = (row.checked_sub(inner.y + 1), column.checked_sub(inner.x))
    else {
        return;
    };
    let weekday = u64::from(across / 3);
    let lead = u64::from(first.weekday().num_days_from_monday());
    let Some(day) = (u64::from(week) * 7 + weekday).checked_sub(lead) else {
        return;
    };
    let date = first.checked_add_days(Days::new(day));
    if let Some(date) = date.filter(|date| weekday < 7 && date.month() == first.month()) {
        state.desk.pane = Pane::Month;
        moving::to_day(state, date);
    }
}

fn slot(state: &mut State, layout: &Layout, column: u16, row: u16) {
    let Some(across) = column.checked_sub(layout.cells.x) else {
        return;
    };
    let at = state.desk.left + usize::from(across / layout.column_width.max(1));
    if across / layout.column_width.max(1) >= layout.columns {
        return;
    }
    let Some(found) = state.desk.grid.columns.get(at) else {
        return;
    };
    let (doctor, date) = (found.doctor.clone(), found.date);
    let place: Option<Row> = row
        .checked_sub(layout.cells.y)
        .filter(|down| *down < layout.cells.height)
        .and_then(|down| state.desk.grid.rows.get(state.desk.top + usize::from(down)))
        .copied();
    state.desk.doctor = Some(doctor);
    if state.desk.mode == Mode::Week {
        moving::to_day(state, date);
    }
    if let Some(place) = place {
        let zone = state.clinic.zone;
        // where a row holds several visits, what the row shows is meant
        let start = state
            .desk
            .column()
            .and_then(|column| shown_visit(column, state.desk.row_of(place)));
        match start {
            Some(start) => state.desk.select_moment(zone, start),
            None => state.desk.place = place,
        }
        state.desk.touched = true;
        state.desk.detail_top = 0;
    }
}

/// Start of the visit that begins in a row and is shown there.
fn shown_visit(column: &super::Column, row: usize) -> Option<crate::domain::time::Moment> {
    let super::super::grid::Cell::Visit { index, line: 0, .. } = column.cells.get(row)? else {
        return None;
    };
    let visit = column.sheet.as_ref()?.visits.get(*index)?;
    let time = column.times.get(row).copied().flatten()?;
    Some(visit.visit.start()).filter(|start| time.contains(*start))
}
