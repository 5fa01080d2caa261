//! The rows of a day: wall-clock times of the clinic, with the hour that happens twice and without
//! the one that is skipped.

use crate::domain::time::{Interval, Local, Moment, day, local};
use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;
use std::sync::Arc;

/// A time at the left of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Minutes from midnight, as the wall clock shows them.
    pub minute: u16,
    /// Whether this is the second time around, after the clock was put back.
    pub second: bool,
}

impl Row {
    /// The row time of a moment.
    pub fn of(zone: Tz, moment: Moment) -> Self {
        let there = moment.with_timezone(&zone);
        let time = there.time();
        let minute = u16::try_from(time.hour() * 60 + time.minute()).unwrap_or_default();
        let second = match local(zone, there.naive_local()) {
            Local::Twice(_, later) => later == moment,
            Local::Once(_) | Local::Never => false,
        };
        Self { minute, second }
    }

    /// The moment of this time on a day. A time that is skipped or that does not happen twice
    /// that day is taken as the nearest thing that does happen.
    pub fn on(self, zone: Tz, date: NaiveDate) -> Moment {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(self.minute) * 60, 0);
        let wall = date.and_time(time.unwrap_or(NaiveTime::MIN));
        match local(zone, wall) {
            Local::Twice(_, later) if self.second => later,
            Local::Once(moment) | Local::Twice(moment, _) => moment,
            Local::Never => crate::domain::time::at_or_after(zone, wall),
        }
    }

    /// `10:30`.
    pub fn label(self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

/// The rows of one or several days, and when each is on each day.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Row>,
    /// For each of the dates, when each row is.
    pub times: Vec<Arc<Vec<Option<Interval>>>>,
}

impl Rows {
    /// Rows of so many minutes for these days.
    pub fn of(zone: Tz, dates: &[NaiveDate], minutes: u16) -> Self {
        let days: Vec<Vec<(Row, Interval)>> = dates
            .iter()
            .map(|date| rows_of_day(zone, *date, minutes.max(1)))
            .collect();
        // the longest day has every row that any other has, but for a day on which the clock is put
        // forward; no week has both
        let rows: Vec<Row> = days
            .iter()
            .max_by_key(|day| day.len())
            .map(|day| day.iter().map(|(row, _)| *row).collect())
            .unwrap_or_default();
        let times = days
            .iter()
            .map(|day| {
                let mut rest = day.iter().peekable();
                let on = |row: &Row| rest.next_if(|(same, _)| same == row).map(|(_, time)| *time);
                Arc::new(rows.iter().map(on).collect())
            })
            .collect();
        Self { rows, times }
    }
}

fn rows_of_day(zone: Tz, date: NaiveDate, minutes: u16) -> Vec<(Row, Interval)> {
    let whole = day(zone, date);
    let mut starts: Vec<(Moment, Row)> = Vec::with_capacity(1500 / usize::from(minutes));
    for minute in (0..1440).step_by(usize::from(minutes)) {
        let Some(time) = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0)
        else {
            continue;
        };
        let row = |second| Row { minute, second };
        match local(zone, date.and_time(time)) {
            Local::Once(moment) => starts.push((moment, row(false))),
            Local::Twice(first, later) => {
                starts.push((first, row(false)));
                starts.push((later, row(true)));
            }
            Local::Never => {}
        }
    }
    starts.sort_unstable();
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([whole.end()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|((start, row), end)| Some((*row, Interval::new(*start, end).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    fn date(m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, m, d).unwrap()
    }

    #[test]
    fn a_day_has_its_real_hours_when_the_clock_is_changed() {
        let count = |day| Rows::of(Berlin, &[day], 60).rows.len();
        assert_eq!(count(date(11, 24)), 24);
        assert_eq!(count(date(3, 29)), 23);
        assert_eq!(count(date(10, 25)), 25);
    }

    #[test]
    fn the_hour_that_happens_twice_stands_twice_and_is_empty_on_other_days() {
        let rows = Rows::of(Berlin, &[date(10, 24), date(10, 25)], 30);
        let second = rows.rows.iter().filter(|row| row.second).count();
        assert_eq!(second, 2);
        let empty = |day: usize| rows.times[day].iter().filter(|t| t.is_none()).count();
        assert_eq!((empty(0), empty(1)), (2, 0));
        let spring = Rows::of(Berlin, &[date(3, 28), date(3, 29)], 30);
        let skipped = spring.times[1].iter().filter(|t| t.is_none()).count();
        assert_eq!(skipped, 2);
    }

    #[test]
    fn a_row_and_its_moment_name_each_other() {
        for day in [date(3, 29), date(10, 25), date(11, 24)] {
            let rows = Rows::of(Berlin, &[day], 15);
            for (row, time) in rows.rows.iter().zip(rows.times[0].iter()) {
                let start = time.unwrap().start();
                assert_eq!(row.on(Berlin, day), start);
                assert_eq!(Row::of(Berlin, start), *row);
            }
        }
    }
}
