//! What is shown decides what is asked: after every message the desk looks at itself and asks for
//! what it has not got. No act has to remember to ask.

use super::{Desk, Mode, Pane, first_of_month};
use crate::app::effect::Effect;
use crate::app::layout::{Layout, Shape};
use crate::app::state::State;
use crate::domain::id::DoctorId;
use crate::domain::schedule::WeeklyHours;
use crate::domain::time::Moment;
use crate::port::query::Query;
use crate::port::report::Topic;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The first questions, before anything is known.
pub(in crate::app) fn first_questions(state: &mut State, out: &mut Vec<Effect>) {
    out.push(state.ask(Topic::Overview, Query::Overview));
    let from = state.desk.date;
    let today = Query::Sheets {
        doctors: Vec::new(),
        from,
        days: 1,
    };
    out.push(state.ask(Topic::Sheets, today));
}

/// Brings grid, view and questions in line with what is selected.
pub(in crate::app) fn settle(state: &mut State, out: &mut Vec<Effect>) {
    choose_doctor(state);
    if state.layout().shape == Shape::Tiny && state.desk.pane != Pane::Detail {
        // there are no lists here that keys could move
        state.desk.pane = Pane::Grid;
    }
    let zone = state.clinic.zone;
    let doctors = state.overview.as_ref().map_or(&[][..], |o| &o.doctors);
    state.desk.lay_out(zone, doctors);
    keep_in_view(state);
    if state.overview.is_none() {
        return;
    }
    let layout = state.layout();
    if let Some(query) = sheets_wanted(state, &layout) {
        out.extend(state.questions.want(Topic::Sheets, query));
    }
    if layout.shape == Shape::Wide || state.desk.pane == Pane::Month {
        let doctors = match state.desk.mode {
            Mode::Day => Vec::new(),
            Mode::Week => state.desk.doctor.iter().cloned().collect(),
        };
        let month = first_of_month(state.desk.date);
        out.extend(
            state
                .questions
                .want(Topic::Month, Query::Month { month, doctors }),
        );
    }
    if let Some(visit) = state.selected_visit() {
        let query = Query::Appointment(visit.appointment_id.clone());
        out.extend(state.questions.want(Topic::Detail, query));
    } else if let Some(moved) = state.picked_up.as_ref().filter(|m| m.card.is_none()) {
        // who it is is asked before it is moved
        let query = Query::Appointment(moved.visit.appointment_id.clone());
        out.extend(state.questions.want(Topic::Detail, query));
    }
    look(state, &layout, out);
}

fn choose_doctor(state: &mut State) {
    let known = |id: &DoctorId| state.doctor(id).is_some();
    if state.overview.is_some() && !state.desk.doctor.as_ref().is_some_and(known) {
        let first = state.doctors().first();
        state.desk.doctor = first.map(|line| line.doctor.doctor_id.clone());
    }
}

/// Scrolls as little as needed to have the selection in view.
fn keep_in_view(state: &mut State) {
    let layout = state.layout();
    let zone = state.clinic.zone;
    let rows = usize::from(layout.rows().max(1));
    if !state.desk.touched && state.overview.is_some() {
        begin_with_the_day(state, rows);
    }
    let desk = &mut state.desk;
    let row = desk.row_at(zone);
    let last_top = desk.grid.rows.len().saturating_sub(rows);
    desk.top = desk
        .top
        .clamp((row + 1).saturating_sub(rows), row)
        .min(last_top);
    let columns = usize::from(layout.columns);
    let column = desk.column_at().unwrap_or_default();
    let last_left = desk.grid.columns.len().saturating_sub(columns);
    desk.left = desk
        .left
        .clamp((column + 1).saturating_sub(columns), column)
        .min(last_left);
}

/// At first the view starts where the first doctor opens and the selection stands at the running row
/// of today; late in a long day the view starts a little above that row. Where the first doctor does
/// not work today, it stands at the next free slot of whoever does.
fn begin_with_the_day(state: &mut State, rows: usize) {
    let opens = |hours: &WeeklyHours| {
        let days = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ];
        days.iter()
            .filter_map(|day| hours.on(*day).first().map(|window| window.from()))
            .min()
    };
    let earliest = state
        .doctors()
        .iter()
        .filter_map(|line| opens(&line.doctor.hours))
        .min()
        .unwrap_or(8 * 60);
    let now = super::Row::of(state.clinic.zone, state.now);
    let instead = if works_on(state, state.today()) {
        None
    } else {
        soonest_today(state)
    };
    let desk = &mut state.desk;
    desk.top = desk.row_of(super::Row {
        minute: earliest,
        second: false,
    });
    let minute = now.minute - now.minute % desk.row_minutes.max(1);
    desk.place = super::Row {
        minute: minute.max(earliest),
        second: now.second,
    };
    if let Some((doctor, start)) = instead {
        desk.doctor = Some(doctor);
        desk.place = super::Row::of(state.clinic.zone, start);
    }
    let row = desk.row_of(desk.place);
    if row >= desk.top + rows {
        desk.top = row.saturating_sub(rows / 3);
    }
    desk.touched = !desk.grid.rows.is_empty();
}

/// Whether the selected doctor has hours on that day of the week.
fn works_on(state: &State, date: NaiveDate) -> bool {
    state
        .selected_doctor()
        .is_some_and(|doctor| !doctor.hours.on(date.weekday()).is_empty())
}

/// The first free slot that anybody still has today.
fn soonest_today(state: &State) -> Option<(DoctorId, Moment)> {
    let today =
        |start: &Moment| start.with_timezone(&state.clinic.zone).date_naive() == state.today();
    state
        .doctors()
        .iter()
        .filter_map(|line| Some((line.doctor.doctor_id.clone(), line.next_free?.start())))
        .filter(|(_, start)| today(start))
        .min_by_key(|(_, start)| *start)
}

/// Doctors in view, and as many again on either side so that scrolling finds them there.
fn sheets_wanted(state: &State, layout: &Layout) -> Option<Query> {
    let desk = &state.desk;
    if state.doctors().is_empty() {
        return None;
    }
    Some(match desk.mode {
        Mode::Day => {
            let columns = usize::from(layout.columns);
            let all = layout.shape == Shape::Tiny;
            let (skip, take) = if all {
                (0, usize::MAX)
            } else {
                (desk.left.saturating_sub(columns), columns * 3)
            };
            Query::Sheets {
                doctors: shown(desk, skip, take),
                from: before(desk.date, 1),
                days: 3,
            }
        }
        Mode::Week => {
            let (first, days) = desk.days();
            Query::Sheets {
                doctors: desk.doctor.iter().cloned().collect(),
                from: before(first, 7),
                days: days + 14,
            }
        }
    })
}

fn shown(desk: &Desk, skip: usize, take: usize) -> Vec<DoctorId> {
    let columns = desk.grid.columns.iter().skip(skip).take(take);
    columns.map(|column| column.doctor.clone()).collect()
}

fn before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

/// Tells the poller what is on the screen, when that has changed.
fn look(state: &mut State, layout: &Layout, out: &mut Vec<Effect>) {
    let desk = &mut state.desk;
    let doctors = match desk.mode {
        Mode::Day if layout.shape == Shape::Tiny => shown(desk, 0, usize::MAX),
        Mode::Day => shown(desk, desk.left, usize::from(layout.columns)),
        Mode::Week => desk.doctor.iter().cloned().collect(),
    };
    let (from, days) = desk.days();
    let view = Some((doctors.clone(), from, days));
    if doctors.is_empty() || desk.looked_at == view {
        return;
    }
    desk.looked_at = view;
    out.push(Effect::Look {
        doctors,
        from,
        days,
    });
}
