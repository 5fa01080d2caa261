//! Moving the selection: by row, by column, by day, by week.

use super::{Mode, Pane, ROW_MINUTES};
use crate::app::layout::Shape;
use crate::app::state::State;
use crate::domain::appointment::Appointment;
use crate::domain::time::{Interval, Moment};
use chrono::{Days, Duration, NaiveDate};

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Back,
    On,
}

/// One row up or down, or from visit to visit where a row holds several.
pub(super) fn row(state: &mut State, way: Way) {
    if state.layout().shape == Shape::Tiny {
        return visit(state, way);
    }
    let zone = state.clinic.zone;
    let here = state.desk.moment(zone);
    let stops = state.desk.column().map(super::Column::stops);
    let stops = stops.unwrap_or_default();
    let next = match way {
        Way::Back => stops.iter().rev().find(|stop| **stop < here),
        Way::On => stops.iter().find(|stop| **stop > here),
    };
    if let Some(next) = next {
        state.desk.select_moment(zone, *next);
    }
}

/// To the visit before or after, whoever's it is.
fn visit(state: &mut State, way: Way) {
    let place = |visit: &Appointment| (visit.visit.start(), visit.doctor_id.clone());
    let visits: Vec<_> = state.desk.visits().into_iter().map(place).collect();
    let selected = state.selected_visit().map(place);
    let here = selected.unwrap_or((
        state.selected_moment(),
        state.desk.doctor.clone().unwrap_or_else(|| "".into()),
    ));
    let mut visits = visits;
    visits.sort_unstable();
    let next = match way {
        Way::Back => visits.iter().rev().find(|visit| **visit < here),
        Way::On => visits.iter().find(|visit| **visit > here),
    };
    if let Some((start, doctor)) = next.cloned() {
        let zone = state.clinic.zone;
        state.desk.doctor = Some(doctor);
        state.desk.select_moment(zone, start);
    }
}

/// To the first or last row of the day.
pub(super) fn edge(state: &mut State, way: Way) {
    let zone = state.clinic.zone;
    let column = state.desk.column();
    let open = column
        .and_then(|column| column.sheet.as_ref())
        .map(|sheet| {
            let first = sheet.open.first().map(Interval::start);
            let last = sheet.open.last().map(Interval::end);
            (first, last)
        });
    let stops = column.map(super::Column::stops).unwrap_or_default();
    // the day as it is worked; where nobody works, the day as it is
    let (first, last) = open.unwrap_or_default();
    let target: Option<Moment> = match way {
        Way::Back => first.or(stops.first().copied()),
        Way::On => match last {
            Some(end) => stops.iter().rev().find(|stop| **stop < end).copied(),
            None => stops.last().copied(),
        },
    };
    if let Some(target) = target {
        state.desk.select_moment(zone, target);
    }
}

/// One column to the side: a doctor, or a day.
pub(super) fn column(state: &mut State, way: Way) {
    match state.desk.mode {
        Mode::Day => doctor(state, way),
        Mode::Week => day(state, way, 1),
    }
}

/// The doctor before or after.
pub(super) fn doctor(state: &mut State, way: Way) {
    let doctors = state.doctors();
    let here = doctors
        .iter()
        .position(|line| Some(&line.doctor.doctor_id) == state.desk.doctor.as_ref());
    let next = match (way, here) {
        (Way::Back, Some(at)) => at.checked_sub(1),
        (Way::On, Some(at)) => Some(at + 1),
        (_, None) => Some(0),
    };
    if let Some(line) = next.and_then(|at| doctors.get(at)) {
        state.desk.doctor = Some(line.doctor.doctor_id.clone());
        state.desk.detail_top = 0;
    }
}

/// So many days back or on; the time of day stays.
pub(super) fn day(state: &mut State, way: Way, days: u64) {
    let days = Days::new(days);
    let moved = match way {
        Way::Back => state.desk.date.checked_sub_days(days),
        Way::On => state.desk.date.checked_add_days(days),
    };
    if let Some(date) = moved {
        to_day(state, date);
    }
}

/// To that day; the time of day stays.
pub(super) fn to_day(state: &mut State, date: NaiveDate) {
    use chrono::Datelike;
    if (1900..=2200).contains(&date.year()) {
        state.desk.date = date;
        state.desk.detail_top = 0;
    }
}

/// Fewer or more minutes a row. The selection keeps its time and its place on the screen.
pub(super) fn rows(state: &mut State, way: Way) {
    let desk = &mut state.desk;
    let at = ROW_MINUTES
        .iter()
        .position(|minutes| *minutes >= desk.row_minutes)
        .unwrap_or_default();
    let next = match way {
        Way::Back => at.checked_sub(1),
        Way::On => Some(at + 1),
    };
    let Some(minutes) = next.and_then(|at| ROW_MINUTES.get(at)).copied() else {
        return;
    };
    let on_screen = desk.row_at(state.clinic.zone).saturating_sub(desk.top);
    desk.row_minutes = minutes;
    let doctors = state.overview.as_ref().map_or(&[][..], |o| &o.doctors);
    state.desk.lay_out(state.clinic.zone, doctors);
    let row = state.desk.row_at(state.clinic.zone);
    state.desk.top = row.saturating_sub(on_screen);
}

/// To the pane after or before; with the lists as overlays the details are reached by opening them.
pub(super) fn pane(state: &mut State, way: Way) {
    let all = [Pane::Grid, Pane::Doctors, Pane::Month, Pane::Detail];
    let panes = match state.layout().shape {
        Shape::Tiny => &[Pane::Grid, Pane::Detail][..],
        // over the whole grid, with no more in it than the strip says already
        Shape::Small if state.selected_visit().is_none() => {
            &[Pane::Grid, Pane::Doctors, Pane::Month]
        }
        Shape::Small | Shape::Wide => &all,
    };
    let at = panes
        .iter()
        .position(|pane| *pane == state.desk.pane)
        .unwrap_or_default();
    let next = match way {
        Way::On => (at + 1) % panes.len(),
        Way::Back => (at + panes.len() - 1) % panes.len(),
    };
    state.desk.pane = panes.get(next).copied().unwrap_or_default();
}

/// Scrolls the details.
pub(super) fn detail(state: &mut State, way: Way, lines: u16) {
    // an estimate of how many lines there are; drawing stops at the last one in any case
    let timeline = state.detail.as_ref().map_or(0, |card| card.timeline.len());
    let most = u16::try_from(timeline * 2 + 20)
        .unwrap_or(u16::MAX)
        .saturating_sub(state.layout().focused_detail().height);
    let top = &mut state.desk.detail_top;
    *top = match way {
        Way::Back => top.saturating_sub(lines),
        Way::On => top.saturating_add(lines).min(most),
    };
}

/// From where the next free slot is searched: behind the selection, never in the past.
pub(super) fn search_from(state: &State) -> Moment {
    let here = state.selected_moment();
    if here < state.now {
        state.now
    } else {
        here + Duration::minutes(1)
    }
}
