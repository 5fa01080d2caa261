//! The grid: sheets laid out as rows and columns once, when they arrive, so that drawing looks at
//! what is visible and nothing else.

mod fit;
mod judge;
mod rows;

pub use fit::{Fit, at as stretch_at, first_fitting, fit};
pub use judge::{Standing, judge};
pub use rows::{Row, Rows};

use crate::domain::id::DoctorId;
use crate::domain::time::{Interval, Moment};
use crate::port::query::{Reading, Sheet};
use chrono::NaiveDate;
use std::sync::Arc;

/// What a cell of the grid shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The day has not been read from the mirror yet.
    Loading,
    /// The clock skips this row on this day.
    Skipped,
    /// Can be booked, as far as is known.
    Free,
    /// Outside hours.
    Outside,
    /// Taken in the calendar by something that is not ours.
    Taken {
        /// Whether it starts here.
        head: bool,
    },
    /// Open, but the calendar could not be read.
    Unknown {
        /// How many rows after its first one.
        line: u16,
    },
    /// One of our visits.
    Visit {
        /// Which of the sheet's visits.
        index: usize,
        /// How many rows after its first one.
        line: u16,
        /// How many more start in this row.
        more: u16,
    },
}

/// A column: one day of one doctor.
#[derive(Clone, Debug)]
pub struct Column {
    /// Whose.
    pub doctor: DoctorId,
    /// Which day.
    pub date: NaiveDate,
    /// What is known; none while it has not been read from the mirror.
    pub sheet: Option<Arc<Sheet>>,
    /// When each row is on that day; none where the clock skips it.
    pub times: Arc<Vec<Option<Interval>>>,
    /// What each row shows.
    pub cells: Vec<Cell>,
}

impl Column {
    /// Lays a day out in rows.
    pub fn new(
        doctor: DoctorId,
        date: NaiveDate,
        sheet: Option<Arc<Sheet>>,
        times: Arc<Vec<Option<Interval>>>,
    ) -> Self {
        let cells = match &sheet {
            Some(sheet) => lay_out(sheet, &times),
            None => times.iter().map(|_| Cell::Loading).collect(),
        };
        Self {
            doctor,
            date,
            sheet,
            times,
            cells,
        }
    }

    /// The row that shows the moment.
    pub fn row_at(&self, moment: Moment) -> Option<usize> {
        self.times
            .iter()
            .position(|time| time.is_some_and(|time| time.contains(moment)))
    }

    /// The moments a cursor can stand at: starts of rows, and starts of visits in between.
    pub fn stops(&self) -> Vec<Moment> {
        let rows = self.times.iter().flatten().map(Interval::start);
        let visits = self.sheet.iter().flat_map(|sheet| {
            let starts = sheet.visits.iter().map(|visit| visit.visit.start());
            starts.filter(|start| self.row_at(*start).is_some())
        });
        let mut stops: Vec<Moment> = rows.chain(visits).collect();
        stops.sort_unstable();
        stops.dedup();
        stops
    }
}

/// Rows and columns.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// The times at the left.
    pub rows: Vec<Row>,
    /// The columns in order.
    pub columns: Vec<Column>,
}

/// Intervals in order of start, looked through once from row to row.
struct Walk<'a, T> {
    items: &'a [T],
    span: fn(&T) -> Interval,
    from: usize,
}

impl<'a, T> Walk<'a, T> {
    fn new(items: &'a [T], span: fn(&T) -> Interval) -> Self {
        Self {
            items,
            span,
            from: 0,
        }
    }

    /// Those that meet the row, with their places; rows come in order of time.
    fn meeting(&mut self, row: Interval) -> impl Iterator<Item = (usize, Interval)> + use<'a, T> {
        while self
            .items
            .get(self.from)
            .is_some_and(|item| (self.span)(item).end() <= row.start())
        {
            self.from += 1;
        }
        let (span, from) = (self.span, self.from);
        self.items
            .iter()
            .enumerate()
            .skip(from)
            .map(move |(at, item)| (at, span(item)))
            .take_while(move |(_, item)| item.start() < row.end())
            .filter(move |(_, item)| item.meets(&row))
    }
}

/// Whether something of those that take time begins in the row: each is to have its name shown.
fn begins_in(sheet: &Sheet, row: Interval) -> bool {
    let mut taking = sheet.events.iter().filter(|entry| entry.reason.is_some());
    taking.any(|entry| row.contains(entry.time.start()))
        || sheet
            .held
            .iter()
            .any(|held| row.contains(held.time.start()))
}

fn lay_out(sheet: &Sheet, times: &[Option<Interval>]) -> Vec<Cell> {
    let mut visits = Walk::new(&sheet.visits, |visit| visit.visit);
    let mut busy = Walk::new(&sheet.busy, |busy| *busy);
    let mut open = Walk::new(&sheet.open, |open| *open);
    let unknown = matches!(sheet.reading, Reading::Unknown { .. });
    let mut cells: Vec<Cell> = Vec::with_capacity(times.len());
    for time in times {
        let Some(row) = *time else {
            cells.push(Cell::Skipped);
            continue;
        };
        let starts = |span: &Interval| span.start() >= row.start();
        let mut shown = None;
        let mut starting = 0u16;
        for (index, span) in visits.meeting(row) {
            // one that starts here is shown before one that goes on from above
            if starts(&span) {
                starting += 1;
                if starting == 1 {
                    shown = Some(index);
                }
            } else if shown.is_none() {
                shown = Some(index);
            }
        }
        let first_busy = busy.meeting(row).next();
        let is_open = open.meeting(row).next().is_some();
        let before = cells.last().copied();
        cells.push(match (shown, first_busy) {
            (Some(index), _) => Cell::Visit {
                index,
                line: match before {
                    Some(Cell::Visit {
                        index: same, line, ..
                    }) if same == index => line + 1,
                    _ => 0,
                },
                more: starting.saturating_sub(1),
            },
            (None, Some((_, span))) => Cell::Taken {
                head: starts(&span)
                    || !matches!(before, Some(Cell::Taken { .. }))
                    || begins_in(sheet, row),
            },
            (None, None) if !is_open => Cell::Outside,
            (None, None) if unknown => Cell::Unknown {
                line: match before {
                    Some(Cell::Unknown { line }) => line + 1,
                    _ => 0,
                },
            },
            (None, None) => Cell::Free,
        });
    }
    cells
}
