//! Provider hours: which stretches of a week visits are offered in.

use super::time::{Interval, Moment, at_or_after, merged};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A stretch of a day's wall clock, in minutes from midnight; the end may be 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    from: u16,
    to: u16,
}

impl Window {
    /// Minutes from midnight at which it opens.
    pub fn from(self) -> u16 {
        self.from
    }

    /// Minutes from midnight at which it closes.
    pub fn to(self) -> u16 {
        self.to
    }
}

/// The hours of a week, Monday first, each day's windows in order and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeeklyHours([Vec<Window>; 7]);

/// Hours or days that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Not a day or range of days.
    #[error("“{0}” is not a day of the week: write mon, mon-fri or mon,wed,fri")]
    Day(String),
    /// Not a window.
    #[error(
        "“{0}” is not a stretch of hours: write 08:00-12:00, or several with commas, or closed"
    )]
    Window(String),
    /// A window that ends before it starts.
    #[error("{0} ends before it starts: for hours past midnight write the rest on the next day")]
    Backwards(String),
    /// A window without length.
    #[error(
        "{0} ends when it starts, so nothing would be open: write closed, or 00:00-24:00 for the whole day"
    )]
    Empty(String),
    /// Two windows of a day overlap.
    #[error("two of the stretches overlap: {0}")]
    Overlap(String),
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl WeeklyHours {
    /// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00: what a new doctor starts with.
    pub fn office() -> Self {
        let day = vec![
            Window { from: 480, to: 720 },
            Window {
                from: 780,
                to: 1020,
            },
        ];
        Self([
            day.clone(),
            day.clone(),
            day.clone(),
            day.clone(),
            day,
            vec![],
            vec![],
        ])
    }

    /// The windows of a weekday.
    pub fn on(&self, day: Weekday) -> &[Window] {
        self.0
            .get(day.num_days_from_monday() as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// Whether no visit is offered on any day.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// These hours with other windows on the named days (`mon-fri`, `sat,sun`, `all`; windows
    /// `08:00-12:00,13:00-17:00` or `closed`).
    pub fn with(mut self, days: &str, windows: &str) -> Result<Self, HoursError> {
        let windows = parse_windows(windows)?;
        for day in parse_days(days)? {
            if let Some(slot) = self.0.get_mut(day.num_days_from_monday() as usize) {
                slot.clone_from(&windows);
            }
        }
        Ok(self)
    }

    /// The open stretches of a date as they fall in the zone.
    pub fn open_on(&self, date: NaiveDate, zone: Tz) -> Vec<Interval> {
        let moment = |minute: u16| {
            if minute >= 1440 {
                at_or_after(
                    zone,
                    date.succ_opt().unwrap_or(date).and_time(NaiveTime::MIN),
                )
            } else {
                let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0);
                at_or_after(zone, date.and_time(time.unwrap_or(NaiveTime::MIN)))
            }
        };
        let windows = self.on(date.weekday()).iter();
        merged(
            windows
                .filter_map(|w| Interval::new(moment(w.from), moment(w.to)).ok())
                .collect(),
        )
    }

    /// The first opening at the moment or later; none: there are no hours on any day.
    pub fn opens_from(&self, moment: Moment, zone: Tz) -> Option<Moment> {
        let first = moment.with_timezone(&zone).date_naive();
        // the same day of the next week has its turn too: today's opening may have gone by
        first
            .iter_days()
            .take(8)
            .flat_map(|date| self.open_on(date, zone))
            .map(|window| window.start())
            .find(|opening| *opening >= moment)
    }
}

fn parse_day(text: &str) -> Result<Weekday, HoursError> {
    let lower = text.trim().to_lowercase();
    DAYS.iter()
        .find(|(name, _)| lower.len() >= 2 && (name.starts_with(&lower) || full(name, &lower)))
        .map(|(_, day)| *day)
        .ok_or_else(|| HoursError::Day(text.trim().to_owned()))
}

fn full(short: &str, text: &str) -> bool {
    const FULL: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    FULL.iter()
        .any(|name| name.starts_with(short) && name.starts_with(text))
}

fn parse_days(text: &str) -> Result<Vec<Weekday>, HoursError> {
    if text.trim().eq_ignore_ascii_case("all") {
        return Ok(DAYS.iter().map(|(_, day)| *day).collect());
    }
    let mut out = Vec::new();
    for part in text.split(',') {
        if let Some((first, last)) = part.split_once('-') {
            let (mut day, last) = (parse_day(first)?, parse_day(last)?);
            out.push(day);
            while day != last {
                day = day.succ();
                out.push(day);
            }
        } else {
            out.push(parse_day(part)?);
        }
    }
    Ok(out)
}

fn parse_windows(text: &str) -> Result<Vec<Window>, HoursError> {
    if matches!(text.trim().to_lowercase().as_str(), "closed" | "-" | "") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for part in text.split(',') {
        let wrong = || HoursError::Window(part.trim().to_owned());
        let (from, to) = part.split_once('-').ok_or_else(wrong)?;
        let (from, to) = (
            minute(from).ok_or_else(wrong)?,
            minute(to).ok_or_else(wrong)?,
        );
        if from == to {
            return Err(HoursError::Empty(part.trim().to_owned()));
        }
        if from > to {
            return Err(HoursError::Backwards(part.trim().to_owned()));
        }
        out.push(Window { from, to });
    }
    out.sort_unstable();
    if out.windows(2).any(|w| matches!(w, [a, b] if b.from < a.to)) {
        return Err(HoursError::Overlap(text.trim().to_owned()));
    }
    Ok(out)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let digits = |t: &str| (t.len() <= 2).then(|| t.parse::<u16>().ok()).flatten();
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 1440).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_opening_is_found_on_this_day_on_another_one_or_a_week_later() {
        let zone = chrono_tz::Europe::Berlin;
        // a Tuesday
        let at = |time: &str| super::super::dates::parse_moment(time, zone).unwrap();
        let office = WeeklyHours::office();
        let opens = |hours: &WeeklyHours, time: &str| hours.opens_from(at(time), zone);
        let found = opens(&office, "2026-11-24T08:00");
        assert_eq!(found, Some(at("2026-11-24T08:00")));
        let found = opens(&office, "2026-11-24T08:01");
        assert_eq!(found, Some(at("2026-11-24T13:00")));
        let found = opens(&office, "2026-11-27T13:01");
        assert_eq!(found, Some(at("2026-11-30T08:00")));
        let tuesdays = WeeklyHours::default().with("tue", "08:00-12:00").unwrap();
        let found = opens(&tuesdays, "2026-11-24T09:00");
        assert_eq!(found, Some(at("2026-12-01T08:00")));
        assert_eq!(opens(&WeeklyHours::default(), "2026-11-24T09:00"), None);
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let hours = WeeklyHours::default()
            .with("mon-fri", "08:00-12:00, 13:00-17:30")
            .unwrap();
        assert_eq!(
            hours.on(Weekday::Wed),
            [
                Window { from: 480, to: 720 },
                Window {
                    from: 780,
                    to: 1050
                }
            ]
        );
        assert!(hours.on(Weekday::Sat).is_empty());
        let hours = hours
            .with("wed", "closed")
            .unwrap()
            .with("sat,sun", "9-24:00")
            .unwrap();
        assert!(hours.on(Weekday::Wed).is_empty());
        assert_eq!(
            hours.on(Weekday::Sun),
            [Window {
                from: 540,
                to: 1440
            }]
        );
        assert!(
            WeeklyHours::default()
                .with("fri-mon", "8-9")
                .unwrap()
                .on(Weekday::Sun)
                .len()
                == 1
        );
    }

    #[test]
    fn wrong_hours_are_refused_with_what_is_wrong() {
        let wrong =
            |days: &str, windows: &str| WeeklyHours::default().with(days, windows).unwrap_err();
        assert_eq!(wrong("xyz", "8-9"), HoursError::Day("xyz".into()));
        assert_eq!(wrong("mon", "9-8"), HoursError::Backwards("9-8".into()));
        assert_eq!(
            wrong("mon", "08:00-08:00"),
            HoursError::Empty("08:00-08:00".into())
        );
        assert_eq!(
            wrong("mon", "25:00-26:00"),
            HoursError::Window("25:00-26:00".into())
        );
        assert!(matches!(wrong("mon", "8-10,9-11"), HoursError::Overlap(_)));
    }

    #[test]
    fn a_window_over_a_clock_change_is_as_long_as_the_clock_makes_it() {
        let hours = WeeklyHours::default().with("sun", "00:00-06:00").unwrap();
        let spring = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        let open = hours.open_on(spring, chrono_tz::Europe::Berlin);
        assert_eq!(open.first().unwrap().minutes(), 5 * 60);
    }
}
