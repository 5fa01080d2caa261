//! Stretches of time, and the way from a clinic's wall clock to UTC.

use chrono::{
    DateTime, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A moment, always UTC.
pub type Moment = DateTime<Utc>;

/// A stretch of time, half open: the end is not part of it. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    start: Moment,
    end: Moment,
}

/// An end that does not come after its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the end ({end}) must come after the start ({start})")]
pub struct EmptyInterval {
    /// The start that was given.
    pub start: Moment,
    /// The end that was given.
    pub end: Moment,
}

impl Interval {
    /// An interval from `start` up to, not including, `end`.
    pub fn new(start: Moment, end: Moment) -> Result<Self, EmptyInterval> {
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(EmptyInterval { start, end })
        }
    }

    /// The `minutes` (at least one) from `start`.
    pub fn lasting(start: Moment, minutes: u32) -> Self {
        Self {
            start,
            end: start + Duration::minutes(i64::from(minutes.max(1))),
        }
    }

    /// The first moment.
    pub fn start(&self) -> Moment {
        self.start
    }

    /// The first moment after it.
    pub fn end(&self) -> Moment {
        self.end
    }

    /// How long it is.
    pub fn length(&self) -> Duration {
        self.end - self.start
    }

    /// Whole minutes.
    pub fn minutes(&self) -> i64 {
        self.length().num_minutes()
    }

    /// Whether the two share a moment.
    pub fn meets(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the moment lies in it.
    pub fn contains(&self, moment: Moment) -> bool {
        self.start <= moment && moment < self.end
    }

    /// Whether the other lies wholly in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What the two share.
    pub fn shared(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// Longer by so much before and after.
    #[must_use]
    pub fn widened(&self, before: Duration, after: Duration) -> Self {
        Self {
            start: self.start - before.max(Duration::zero()),
            end: self.end + after.max(Duration::zero()),
        }
    }
}

/// The intervals in order, those that overlap or touch made one.
pub fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut out: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match out.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => out.push(next),
        }
    }
    out
}

/// What is left of `from` where none of `taken` is; both merged and in order. Linear.
pub fn subtracted(from: &[Interval], taken: &[Interval]) -> Vec<Interval> {
    let mut out = Vec::new();
    let mut next = 0;
    for stretch in from {
        let mut at = stretch.start;
        while taken.get(next).is_some_and(|t| t.end <= at) {
            next += 1;
        }
        let mut here = next;
        while let Some(t) = taken.get(here) {
            if t.start >= stretch.end {
                break;
            }
            if let Ok(free) = Interval::new(at, t.start) {
                out.push(free);
            }
            at = at.max(t.end);
            here += 1;
        }
        if let Ok(free) = Interval::new(at, stretch.end) {
            out.push(free);
        }
    }
    out
}

/// What a wall-clock time means in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    /// One moment.
    Once(Moment),
    /// The clock is put back: it happens twice (earlier, later).
    Twice(Moment, Moment),
    /// The clock is put forward: it does not happen.
    Never,
}

/// What the wall-clock time means in the zone.
pub fn local(zone: Tz, at: NaiveDateTime) -> Local {
    match zone.from_local_datetime(&at) {
        MappedLocalTime::Single(one) => Local::Once(one.to_utc()),
        MappedLocalTime::Ambiguous(a, b) => Local::Twice(a.to_utc(), b.to_utc()),
        MappedLocalTime::None => Local::Never,
    }
}

/// The moment the wall clock reaches `at`: the earlier of two, and across a gap the moment the clock
/// jumps. For edges of days and hours, which must always exist; a visit is not placed with it.
pub fn at_or_after(zone: Tz, at: NaiveDateTime) -> Moment {
    match local(zone, at) {
        Local::Once(moment) | Local::Twice(moment, _) => moment,
        Local::Never => {
            // Gaps start and end on whole minutes in every zone since 1970 and last a day at most
            // (Pacific/Apia skipped one).
            (1..=24 * 60 + 1)
                .find_map(
                    |minutes| match local(zone, at + Duration::minutes(minutes)) {
                        Local::Once(moment) | Local::Twice(moment, _) => Some(moment),
                        Local::Never => None,
                    },
                )
                .unwrap_or_else(|| at.and_utc())
        }
    }
}

/// The day in the zone, from midnight to midnight: 23, 24 or 25 hours.
pub fn day(zone: Tz, date: NaiveDate) -> Interval {
    let next = date.succ_opt().unwrap_or(date);
    let start = at_or_after(zone, date.and_time(NaiveTime::MIN));
    let end = at_or_after(zone, next.and_time(NaiveTime::MIN));
    Interval::new(start, end).unwrap_or_else(|_| Interval::lasting(start, 1))
}

/// The days from `date`, `days` of them (at least one), as one stretch.
pub fn days(zone: Tz, date: NaiveDate, days: u16) -> Interval {
    let last = date
        .checked_add_days(chrono::Days::new(u64::from(days.max(1)) - 1))
        .unwrap_or(date);
    let (first, last) = (day(zone, date), day(zone, last));
    Interval {
        start: first.start,
        end: last.end.max(first.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    #[test]
    fn an_interval_is_half_open() {
        assert!(!span(0, 10).meets(&span(10, 20)));
        assert!(span(0, 11).meets(&span(10, 20)));
        assert!(Interval::new(at(5), at(5)).is_err());
    }

    #[test]
    fn a_day_in_spring_has_23_hours_and_one_in_autumn_25() {
        let zone = chrono_tz::Europe::Berlin;
        let spring = day(zone, NaiveDate::from_ymd_opt(2026, 3, 29).unwrap());
        let autumn = day(zone, NaiveDate::from_ymd_opt(2026, 10, 25).unwrap());
        assert_eq!(spring.length(), Duration::hours(23));
        assert_eq!(autumn.length(), Duration::hours(25));
    }

    #[test]
    fn a_zone_that_skips_midnight_still_has_a_first_moment() {
        let zone = chrono_tz::America::Asuncion;
        let date = NaiveDate::from_ymd_opt(2023, 10, 1).unwrap();
        assert_eq!(local(zone, date.and_time(NaiveTime::MIN)), Local::Never);
        assert_eq!(day(zone, date).length(), Duration::hours(23));
    }

    fn spans() -> impl Strategy<Value = Vec<Interval>> {
        prop::collection::vec((0i64..500, 1i64..60), 0..40)
            .prop_map(|v| v.into_iter().map(|(s, l)| span(s, s + l)).collect())
    }

    proptest! {
        #[test]
        fn what_is_subtracted_is_gone_and_nothing_else(from in spans(), taken in spans()) {
            let (from, taken) = (merged(from), merged(taken));
            let left = subtracted(&from, &taken);
            for minute in 0..600 {
                let moment = at(minute);
                let inside = |list: &[Interval]| list.iter().any(|i| i.contains(moment));
                prop_assert_eq!(inside(&left), inside(&from) && !inside(&taken));
            }
        }

        #[test]
        fn merging_keeps_every_moment_and_leaves_no_touching_pair(list in spans()) {
            let out = merged(list.clone());
            for minute in 0..600 {
                let moment = at(minute);
                prop_assert_eq!(
                    out.iter().any(|i| i.contains(moment)),
                    list.iter().any(|i| i.contains(moment))
                );
            }
            prop_assert!(out.windows(2).all(|w| w[0].end() < w[1].start()));
        }
    }
}
