//! Dates as people write and say them.

use super::time::{Interval, Local, Moment, local};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use thiserror::Error;

/// A date or a time that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Not a date.
    #[error("“{0}” is not a date: write 2026-11-24, 24.11., 24 nov, mon, tomorrow or +3")]
    Day(String),
    /// Not a time.
    #[error(
        "“{0}” is not a time: write 2026-11-24T10:30 for the clinic's own time, or with an offset (2026-11-24T09:30Z)"
    )]
    Time(String),
    /// A time the clock skips.
    #[error("{0} does not exist in {1}: the clock is put forward there; choose another time")]
    Gap(NaiveDateTime, Tz),
    /// A time the clock shows twice.
    #[error("{0} happens twice in {1}, since the clock is put back: give the offset, such as {2}")]
    Fold(NaiveDateTime, Tz, String),
}

/// The day that is meant: empty or `today`, `tomorrow`, `yesterday`, a weekday (the next one, today
/// included), `+3`, `-2`, `24.11.`, `24.11.2026`, `24/11`, `24 nov`, `nov 24`, `2026-11-24`. A day without a
/// year is the nearest to come, at most two months back.
pub fn parse_day(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let wrong = || DateError::Day(super::text::clean(text, 40));
    let lower = text.trim().to_lowercase();
    let shifted = |days: i64| {
        let step = Days::new(days.unsigned_abs());
        if days < 0 {
            today.checked_sub_days(step)
        } else {
            today.checked_add_days(step)
        }
    };
    let found = match lower.as_str() {
        "" | "today" | "now" => Some(today),
        "tomorrow" | "tom" => shifted(1),
        "yesterday" => shifted(-1),
        _ if lower.starts_with(['+', '-']) => lower
            .parse::<i64>()
            .ok()
            .filter(|d| d.abs() <= 36_600)
            .and_then(shifted),
        _ => weekday(&lower)
            .and_then(|day| shifted(i64::from(day.days_since(today.weekday()))))
            .or_else(|| NaiveDate::parse_from_str(&lower, "%Y-%m-%d").ok())
            .or_else(|| day_and_month(&lower, today)),
    };
    found
        .filter(|d| (1900..=2200).contains(&d.year()))
        .ok_or_else(wrong)
}

fn weekday(text: &str) -> Option<Weekday> {
    if text.len() < 2 || !text.chars().all(char::is_alphabetic) {
        return None;
    }
    let names = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let at = names.iter().position(|name| name.starts_with(text))?;
    Weekday::try_from(u8::try_from(at).ok()?).ok()
}

fn month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if text.len() >= 3 {
        let at = NAMES.iter().position(|name| name.starts_with(text));
        return at.and_then(|i| u32::try_from(i + 1).ok());
    }
    None
}

fn day_and_month(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let parts: Vec<&str> = text
        .split(['.', '/', ' ', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month_no, year) = match parts.as_slice() {
        [d, m] => (*d, *m, None),
        [d, m, y] => (*d, *m, Some(*y)),
        _ => return None,
    };
    let (day, month_no) = match (day.parse::<u32>(), month_no.parse::<u32>()) {
        (Ok(d), Ok(m)) => (d, m),
        (Ok(d), Err(_)) => (d, month(month_no)?),
        (Err(_), Ok(d)) => (d, month(day)?),
        _ => return None,
    };
    if let Some(year) = year {
        let full: i32 = year.parse().ok()?;
        let full = if year.len() == 2 { 2000 + full } else { full };
        return NaiveDate::from_ymd_opt(full, month_no, day);
    }
    let oldest = today.checked_sub_days(Days::new(62))?;
    (today.year() - 1..=today.year() + 4)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month_no, day))
        .find(|date| *date >= oldest)
}

/// A moment: RFC 3339, or without an offset the wall clock of `zone` (`T` or a blank between).
pub fn parse_moment(text: &str, zone: Tz) -> Result<Moment, DateError> {
    let trimmed = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(&trimmed.replacen(' ', "T", 1)) {
        return Ok(moment.with_timezone(&Utc));
    }
    let (day, time) = trimmed
        .split_once(['T', 't', ' '])
        .ok_or_else(|| DateError::Time(super::text::clean(text, 40)))?;
    let parsed = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().zip(
        ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|f| NaiveTime::parse_from_str(time.trim(), f).ok()),
    );
    if let Some((date, time)) = parsed {
        return resolve(zone, date.and_time(time));
    }
    // an offset without seconds, which RFC 3339 does not know: 2026-11-24T09:30Z
    ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M%#z"]
        .iter()
        .find_map(|f| {
            DateTime::parse_from_str(&trimmed.replacen(' ', "T", 1).replace('Z', "+00:00"), f).ok()
        })
        .map(|m| m.with_timezone(&Utc))
        .ok_or_else(|| DateError::Time(super::text::clean(text, 40)))
}

/// The one moment that a wall-clock time means; a gap or a fold is refused in words.
pub fn resolve(zone: Tz, at: NaiveDateTime) -> Result<Moment, DateError> {
    match local(zone, at) {
        Local::Once(moment) => Ok(moment),
        Local::Never => Err(DateError::Gap(at, zone)),
        Local::Twice(first, _) => Err(DateError::Fold(
            at,
            zone,
            first
                .with_timezone(&zone)
                .format("%Y-%m-%dT%H:%M%:z")
                .to_string(),
        )),
    }
}

/// The day as people say it: `today`, `tomorrow`, `yesterday`, otherwise `Mon 24 Nov`, with the year
/// when it is another one.
pub fn say_day(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if date.year() == today.year() => date.format("%a %-d %b").to_string(),
        _ => date.format("%a %-d %b %Y").to_string(),
    }
}

/// The clock of the zone: `10:30`, and in the hour that happens twice with its offset.
pub fn say_time(moment: Moment, zone: Tz) -> String {
    let there = moment.with_timezone(&zone);
    match local(zone, there.naive_local()) {
        Local::Twice(..) => there.format("%H:%M%:z").to_string(),
        _ => there.format("%H:%M").to_string(),
    }
}

/// Day and clock of the zone: `Tue 24 Nov 10:30`. For what is read soon: it leaves the year out.
pub fn say_when(moment: Moment, zone: Tz) -> String {
    let day = moment.with_timezone(&zone).format("%a %-d %b");
    format!("{day} {}", say_time(moment, zone))
}

/// The end of a stretch as it is said behind its start: `11:00`, `24:00` at midnight, and with its day
/// where that is a later one, so that a whole day is not said to last from 00:00 to 00:00.
pub fn say_end(stretch: &Interval, zone: Tz) -> String {
    let (start, end) = (
        stretch.start().with_timezone(&zone),
        stretch.end().with_timezone(&zone),
    );
    let days = (end.date_naive() - start.date_naive()).num_days();
    let clock = say_time(stretch.end(), zone);
    match (days, end.time() == NaiveTime::MIN) {
        (0, _) => clock,
        (1, true) => "24:00".to_owned(),
        (1, false) => format!("{clock} the next day"),
        _ => format!("{} {clock}", end.format("%a %-d %b")),
    }
}

/// A stretch of a day: `10:30–11:00`.
pub fn say_span(stretch: &Interval, zone: Tz) -> String {
    format!(
        "{}–{}",
        say_time(stretch.start(), zone),
        say_end(stretch, zone)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn days_are_understood_as_people_write_them() {
        let today = day(2026, 11, 21); // a Saturday
        let read = |text: &str| parse_day(text, today).unwrap();
        assert_eq!(read(""), today);
        assert_eq!(read("Tomorrow"), day(2026, 11, 22));
        assert_eq!(read("mon"), day(2026, 11, 23));
        assert_eq!(read("sat"), today);
        assert_eq!(read("25.10."), day(2026, 10, 25));
        assert_eq!(read("24.1."), day(2027, 1, 24));
        assert_eq!(read("24.11.2027"), day(2027, 11, 24));
        assert_eq!(read("24 nov"), day(2026, 11, 24));
        assert_eq!(read("nov 24"), day(2026, 11, 24));
        assert_eq!(read("+7"), day(2026, 11, 28));
        assert_eq!(read("29.2."), day(2028, 2, 29));
        assert_eq!(read("2026-12-01"), day(2026, 12, 1));
        for wrong in ["32.1.", "hello", "+999999999", "2026-02-30", "1.2.3.4", "m"] {
            assert!(parse_day(wrong, today).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_in_a_gap_or_fold_is_refused_in_words() {
        let berlin = chrono_tz::Europe::Berlin;
        assert!(matches!(
            parse_moment("2026-03-29T02:30", berlin),
            Err(DateError::Gap(..))
        ));
        let fold = parse_moment("2026-10-25 02:30", berlin).unwrap_err();
        assert!(
            fold.to_string().contains("2026-10-25T02:30+02:00"),
            "{fold}"
        );
        let z = parse_moment("2026-11-24T09:30:00Z", berlin).unwrap();
        assert_eq!(parse_moment("2026-11-24T10:30", berlin).unwrap(), z);
        assert_eq!(parse_moment("2026-11-24T09:30Z", berlin).unwrap(), z);
        assert!(parse_moment("tomorrowish", berlin).is_err());
    }

    #[test]
    fn an_end_on_another_day_is_told_from_one_on_the_same() {
        let berlin = chrono_tz::Europe::Berlin;
        let end = |start: &str, minutes| {
            let start = parse_moment(start, berlin).unwrap();
            say_end(&Interval::lasting(start, minutes), berlin)
        };
        assert_eq!(end("2026-11-24T10:30", 30), "11:00");
        assert_eq!(end("2026-11-24T00:00", 1440), "24:00");
        assert_eq!(end("2026-11-24T23:00", 120), "01:00 the next day");
        assert_eq!(end("2026-11-24T12:00", 1440), "12:00 the next day");
        assert_eq!(end("2026-11-24T12:00", 2880), "Thu 26 Nov 12:00");
        // the clock is put back: that day is 25 hours long
        assert_eq!(end("2026-10-25T00:00", 1500), "24:00");
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let today = day(2026, 11, 21);
        assert_eq!(say_day(day(2026, 11, 22), today), "tomorrow");
        assert_eq!(say_day(day(2026, 11, 24), today), "Tue 24 Nov");
        assert_eq!(say_day(day(2027, 1, 4), today), "Mon 4 Jan 2027");
    }
}
