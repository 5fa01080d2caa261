//! Recurring events: reading their rules, and working out when their instances begin.
//!
//! The `rrule` crate walks a rule from its first day on, so what was worked out is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};
use serde_json::Value;

use super::database::lock;
use super::event::DAY;
use super::refusal::Refusal;
use super::when::{When, resolve};

/// No event has more instances than this; Google's own limit is lower.
const MOST: usize = 20_000;

/// How much further than asked instances are worked out, in seconds.
const AHEAD: i64 = 400 * DAY;

/// Series kept before all are forgotten.
const KEPT: usize = 8_192;

/// The rule of a recurring event whose first instance begins at `start`.
pub(super) fn read(lines: &Value, start: When) -> Result<RRuleSet, Refusal> {
    let wrong = || Refusal::invalid("Invalid recurrence rule.");
    let zone = zone_of(start);
    let first = floating(start);
    let first = DateTime::from_timestamp(first, 0)
        .ok_or_else(wrong)?
        .with_timezone(&rrule::Tz::Tz(zone));
    let mut set = RRuleSet::new(first);
    let mut ruled = false;
    for line in lines.as_array().ok_or_else(wrong)? {
        let line = line.as_str().ok_or_else(wrong)?;
        let (name, value) = line.split_once(':').ok_or_else(wrong)?;
        let (name, parameters) = name.split_once(';').unwrap_or((name, ""));
        match name.to_ascii_uppercase().as_str() {
            "RRULE" => {
                let rule = until_in_utc(value, start).ok_or_else(wrong)?;
                let rule: RRule<Unvalidated> = rule.parse().map_err(|_| wrong())?;
                set = set.rrule(rule.validate(first).map_err(|_| wrong())?);
                ruled = true;
            }
            kind @ ("RDATE" | "EXDATE") => {
                for date in value.split(',') {
                    let at = date_in(date, parameters, start).ok_or_else(wrong)?;
                    let at = at.with_timezone(&rrule::Tz::Tz(zone));
                    set = if kind == "RDATE" {
                        set.rdate(at)
                    } else {
                        set.exdate(at)
                    };
                }
            }
            _ => return Err(wrong()),
        }
    }
    if !ruled {
        set = set.rdate(first);
    }
    Ok(set)
}

/// Where the last instance ends; the end of time if there is no last one.
pub(super) fn last_end(set: RRuleSet, start: When, length: i64) -> i64 {
    let ends = |rule: &RRule| rule.get_count().is_some() || rule.get_until().is_some();
    if !set.get_rrule().iter().all(ends) {
        return i64::MAX;
    }
    let last = set.limit().into_iter().take(MOST).last();
    // Whole days begin up to a day away from UTC's.
    let slack = if start.is_day() { DAY } else { 0 };
    last.map_or(i64::MIN, |last| last.timestamp() + length + slack)
}

/// When the instances of one event begin, up to a horizon.
#[derive(Debug)]
pub(super) struct Series {
    change: i64,
    horizon: i64,
    start: When,
    calendar: Tz,
    /// Seconds for a moment, days for whole days.
    length: i64,
    /// Of whole days: UTC's midnights.
    starts: Vec<i64>,
}

impl Series {
    pub fn work_out(event: &Recurring<'_>, horizon: i64) -> Result<Self, Refusal> {
        let (start, end) = event.times;
        let mut length = floating(end) - floating(start);
        if start.is_day() {
            length /= DAY;
        }
        let set = read(event.rule, start)?.limit();
        let starts = set.into_iter().map(|at| at.timestamp());
        let starts = starts.take_while(|at| *at <= horizon).take(MOST);
        let mut starts: Vec<i64> = starts.collect();
        starts.sort_unstable();
        starts.dedup();
        Ok(Self {
            change: event.change,
            horizon,
            start,
            calendar: event.calendar,
            length,
            starts,
        })
    }

    /// Start and end of the instances that overlap (from, to).
    pub fn between(&self, from: i64, to: i64) -> impl Iterator<Item = (When, When)> {
        let seconds = if self.start.is_day() {
            (self.length + 1) * DAY
        } else {
            self.length
        };
        let low = from.saturating_sub(seconds).saturating_sub(1);
        let high = to.saturating_add(if self.start.is_day() { DAY } else { 0 });
        let first = self.starts.partition_point(|at| *at < low);
        let last = self.starts.partition_point(|at| *at <= high);
        let near = self.starts.get(first..last).unwrap_or_default();
        near.iter().filter_map(move |at| {
            let (start, end) = self.span(*at)?;
            let begins = start.seconds(self.calendar);
            let ends = end.seconds(self.calendar);
            (begins < to && ends > from).then_some((start, end))
        })
    }

    /// The instance that begins at `start`, if there is one.
    pub fn at(&self, start: When) -> Option<(When, When)> {
        let at = floating(start);
        self.starts.binary_search(&at).ok()?;
        (start.is_day() == self.start.is_day()).then(|| self.span(at))?
    }

    fn span(&self, at: i64) -> Option<(When, When)> {
        let begins = DateTime::from_timestamp(at, 0)?;
        Some(match self.start {
            When::Day(_) => {
                let day = begins.date_naive();
                (When::Day(day), When::Day(day + Duration::days(self.length)))
            }
            When::At { zone, .. } => {
                let moment = |utc| When::At { utc, zone };
                let ends = begins + Duration::seconds(self.length);
                (moment(begins), moment(ends))
            }
        })
    }
}

/// A recurring event as it must be known to work out its instances.
pub(super) struct Recurring<'e> {
    pub change: i64,
    pub rule: &'e Value,
    pub times: (When, When),
    pub calendar: Tz,
}

type Kept = HashMap<(i64, String), Arc<Series>>;

/// What was worked out, by calendar and event.
#[derive(Default)]
pub(super) struct Cache(Mutex<Kept>);

impl Cache {
    /// The instances of an event as of `change`, if they are known up to `horizon`.
    pub fn known(&self, calendar: i64, id: &str, change: i64, horizon: i64) -> Option<Arc<Series>> {
        let kept = lock(&self.0);
        let series = kept.get(&(calendar, id.to_owned()))?;
        (series.change == change && series.horizon >= horizon).then(|| Arc::clone(series))
    }

    pub fn work_out(
        &self,
        calendar: i64,
        id: &str,
        event: &Recurring<'_>,
        horizon: i64,
    ) -> Result<Arc<Series>, Refusal> {
        if let Some(series) = self.known(calendar, id, event.change, horizon) {
            return Ok(series);
        }
        let series = Arc::new(Series::work_out(event, horizon.saturating_add(AHEAD))?);
        let mut kept = lock(&self.0);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((calendar, id.to_owned()), Arc::clone(&series));
        Ok(series)
    }

    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}

fn zone_of(start: When) -> Tz {
    match start {
        When::Day(_) => Tz::UTC,
        When::At { zone, .. } => zone,
    }
}

/// Seconds of a moment; of a day, those of UTC's midnight.
fn floating(when: When) -> i64 {
    when.seconds(Tz::UTC)
}

/// The crate wants UNTIL in UTC; clients also send a bare date or a wall-clock time.
fn until_in_utc(rule: &str, start: When) -> Option<String> {
    let parts: Option<Vec<String>> = rule
        .split(';')
        .map(|part| match part.split_once('=') {
            Some((name, until)) if name.eq_ignore_ascii_case("UNTIL") => {
                let end_of_day = !start.is_day() && until.len() == 8;
                let mut at = date_in(until, "", start)?;
                if end_of_day {
                    at += Duration::seconds(DAY - 1);
                }
                Some(format!("UNTIL={}", at.format("%Y%m%dT%H%M%SZ")))
            }
            _ => Some(part.to_owned()),
        })
        .collect();
    Some(parts?.join(";"))
}

/// A date of a rule: `20261124`, `20261124T090000` in the zone named, or with a `Z`.
fn date_in(text: &str, parameters: &str, start: When) -> Option<DateTime<Utc>> {
    let named = parameters.split(';').find_map(|parameter| {
        let (name, zone) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("TZID").then_some(zone)
    });
    let zone = match named {
        Some(zone) => zone.parse().ok()?,
        None => zone_of(start),
    };
    if text.len() == 8 {
        let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
        return Some(match start {
            When::Day(_) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
            When::At { .. } => resolve(day.and_time(chrono::NaiveTime::MIN), zone),
        });
    }
    if let Ok(utc) = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ") {
        return Some(utc.and_utc());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?;
    Some(resolve(local, zone))
}
