//! The desk: the day of all doctors or the week of one, what is selected, and what of it all is in
//! view.

mod acting;
mod asking;
mod hearing;
mod moving;
mod picked_up;
mod pointing;
mod selection;
mod why;

pub use acting::act;
pub(super) use asking::{first_questions, settle};
pub(super) use hearing::{answered, mirror_changed};
pub use picked_up::{PickedUp, pick_up, why_not};
pub(super) use pointing::click;
pub use pointing::first_doctor;
pub use why::why;

use super::grid::{Column, Grid, Row, Rows};
use super::layout::Layout;
use super::screen::Context;
use crate::domain::appointment::Appointment;
use crate::domain::id::DoctorId;
use crate::domain::time::Moment;
use crate::port::query::{DoctorLine, Sheet};
use chrono::{Datelike, Days, Duration, NaiveDate};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::Arc;

/// What the columns are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Doctors, on one day.
    #[default]
    Day,
    /// The days of a week of one doctor.
    Week,
}

/// What the keys move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The selection in the grid.
    #[default]
    Grid,
    /// The selection in the list of doctors.
    Doctors,
    /// The day in the mini month.
    Month,
    /// The text of the details.
    Detail,
}

/// A search for a free slot that waits for its answer.
#[derive(Clone, Debug)]
struct Jump {
    /// Of this doctor only.
    doctor: Option<DoctorId>,
    /// Strictly behind this moment and place in the list of doctors.
    after: (Moment, Option<usize>),
    /// For a visit that is being moved: what was searched for differs from the visit.
    fitting: Option<Fitting>,
}

/// How a free slot becomes a new time of the visit that is being moved.
#[derive(Clone, Copy, Debug)]
struct Fitting {
    /// From the start of the slot to the start of the visit.
    lead: Duration,
    /// The first new time that the sheets at hand offer. Only they know that the visit's own time is
    /// free for it.
    own: Option<Moment>,
}

/// What the grid was laid out from; another one, another grid.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Plan {
    mode: Mode,
    columns: Vec<(DoctorId, NaiveDate)>,
    row_minutes: u16,
}

/// The state of the desk.
#[derive(Debug)]
pub struct Desk {
    /// What the columns are.
    pub mode: Mode,
    /// What the keys move.
    pub pane: Pane,
    /// The selected doctor.
    pub doctor: Option<DoctorId>,
    /// The selected day.
    pub date: NaiveDate,
    /// The selected time of the day.
    pub place: Row,
    /// Minutes of a row.
    pub row_minutes: u16,
    /// First row in view.
    pub top: usize,
    /// First column in view.
    pub left: usize,
    /// Rows and columns.
    pub grid: Grid,
    /// Days that have visits, with their number; of the month of `month_of`.
    pub month: Vec<(NaiveDate, u32)>,
    /// The month that `month` is of.
    pub month_of: NaiveDate,
    /// First line of the details in view.
    pub detail_top: u16,
    sheets: HashMap<(NaiveDate, DoctorId), Arc<Sheet>>,
    plan: Option<Plan>,
    looked_at: Option<(Vec<DoctorId>, NaiveDate, u16)>,
    jump: Option<Jump>,
    /// Whether somebody has moved; before, the grid is put where the day begins.
    touched: bool,
}

/// Minutes of a row that can be chosen.
const ROW_MINUTES: [u16; 6] = [5, 10, 15, 20, 30, 60];
/// From this many rows on, a row is a quarter of an hour to begin with.
const TALL: u16 = 36;

impl Desk {
    /// The desk on a day, before anything is known.
    pub fn new(today: NaiveDate, size: (u16, u16)) -> Self {
        let rows = Layout::of(size, 1, false).rows();
        Self {
            mode: Mode::Day,
            pane: Pane::Grid,
            doctor: None,
            date: today,
            place: Row {
                minute: 8 * 60,
                second: false,
            },
            row_minutes: if rows >= TALL { 15 } else { 30 },
            top: 0,
            left: 0,
            grid: Grid::default(),
            month: Vec::new(),
            month_of: first_of_month(today),
            detail_top: 0,
            sheets: HashMap::new(),
            plan: None,
            looked_at: None,
            jump: None,
            touched: false,
        }
    }

    /// Which keys are live.
    pub fn context(&self) -> Context {
        match self.pane {
            Pane::Grid => Context::Grid,
            Pane::Doctors => Context::Doctors,
            Pane::Month => Context::Month,
            Pane::Detail => Context::Detail,
        }
    }

    /// Whether everything in view has been read from the mirror.
    pub fn is_loaded(&self) -> bool {
        !self.grid.columns.is_empty()
            && self
                .grid
                .columns
                .iter()
                .any(|column| self.is_selected(column))
            && self
                .grid
                .columns
                .iter()
                .filter(|column| self.is_selected(column))
                .all(|column| column.sheet.is_some())
    }

    /// Whether the column is the selected one.
    pub fn is_selected(&self, column: &Column) -> bool {
        Some(&column.doctor) == self.doctor.as_ref() && column.date == self.date
    }

    /// The place of the selected column.
    pub fn column_at(&self) -> Option<usize> {
        self.grid
            .columns
            .iter()
            .position(|column| self.is_selected(column))
    }

    /// The selected column.
    pub fn column(&self) -> Option<&Column> {
        self.grid
            .columns
            .iter()
            .find(|column| self.is_selected(column))
    }

    /// The selected moment.
    pub fn moment(&self, zone: Tz) -> Moment {
        self.place.on(zone, self.date)
    }

    /// The place of the selected row.
    pub fn row_at(&self, zone: Tz) -> usize {
        let moment = self.moment(zone);
        self.column()
            .and_then(|column| column.row_at(moment))
            .unwrap_or_else(|| self.row_of(self.place))
    }

    /// The place of the row that shows a time of the day.
    pub fn row_of(&self, place: Row) -> usize {
        self.grid
            .rows
            .iter()
            .rposition(|row| row.minute <= place.minute && row.second == place.second)
            .or_else(|| {
                self.grid
                    .rows
                    .iter()
                    .rposition(|row| row.minute <= place.minute)
            })
            .unwrap_or_default()
    }

    /// The visits of all columns in order of time: what is listed where no grid fits.
    pub fn visits(&self) -> Vec<&Appointment> {
        let sheets = self.grid.columns.iter().filter_map(|c| c.sheet.as_ref());
        let mut visits: Vec<&Appointment> = sheets.flat_map(|sheet| &sheet.visits).collect();
        visits.sort_by_key(|visit| visit.visit);
        visits
    }

    fn select_moment(&mut self, zone: Tz, moment: Moment) {
        self.date = moment.with_timezone(&zone).date_naive();
        self.place = Row::of(zone, moment);
        self.touched = true;
        self.detail_top = 0;
    }

    /// Days of the columns, from the first to the last.
    pub fn days(&self) -> (NaiveDate, u16) {
        match self.mode {
            Mode::Day => (self.date, 1),
            Mode::Week => (monday(self.date), 7),
        }
    }

    fn lay_out(&mut self, zone: Tz, doctors: &[DoctorLine]) {
        let columns: Vec<(DoctorId, NaiveDate)> = match self.mode {
            Mode::Day => doctors
                .iter()
                .map(|line| (line.doctor.doctor_id.clone(), self.date))
                .collect(),
            Mode::Week => self
                .doctor
                .iter()
                .flat_map(|doctor| {
                    let first = monday(self.date);
                    (0..7).filter_map(move |day| {
                        Some((doctor.clone(), first.checked_add_days(Days::new(day))?))
                    })
                })
                .collect(),
        };
        let plan = Plan {
            mode: self.mode,
            columns,
            row_minutes: self.row_minutes,
        };
        if self.plan.as_ref() == Some(&plan) {
            return;
        }
        let mut dates: Vec<NaiveDate> = plan.columns.iter().map(|(_, date)| *date).collect();
        dates.dedup();
        let rows = Rows::of(zone, &dates, self.row_minutes);
        let columns = plan.columns.iter().map(|(doctor, date)| {
            let at = dates.iter().position(|other| other == date);
            let times = at.and_then(|at| rows.times.get(at)).cloned();
            let sheet = self.sheets.get(&(*date, doctor.clone())).cloned();
            Column::new(doctor.clone(), *date, sheet, times.unwrap_or_default())
        });
        self.grid.columns = columns.collect();
        self.grid.rows = rows.rows;
        self.plan = Some(plan);
    }
}

/// The Monday of the week.
pub fn monday(date: NaiveDate) -> NaiveDate {
    let back = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(back)).unwrap_or(date)
}

/// The first day of the month.
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}
