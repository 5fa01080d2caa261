//! A private entry in a doctor's calendar: when it is, how it looks, and what time it takes.

use crate::domain::time::{Interval, at_or_after};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

/// A private entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub title: String,
    pub when: When,
    pub look: Look,
}

/// When an entry is, by the wall clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// From one time to another.
    Timed {
        from: NaiveDateTime,
        until: NaiveDateTime,
        zone: Tz,
        /// Each week on these days from then on, but for these dates.
        weekly: Option<(Vec<Weekday>, Vec<NaiveDate>)>,
    },
    /// Whole days; the last is not part of it.
    Days {
        from: NaiveDate,
        until: NaiveDate,
        yearly: bool,
    },
}

/// What kind of entry it is, as far as Google tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Look {
    Plain,
    /// A person's "perhaps": takes time all the same.
    Tentative,
    /// Marked free.
    Transparent,
    /// An invitation that was declined.
    Declined,
    OutOfOffice,
    FocusTime,
    WorkingLocation,
    Birthday,
}

impl Look {
    /// Whether such an entry takes its owner's time.
    fn takes_time(self) -> bool {
        matches!(
            self,
            Self::Plain | Self::Tentative | Self::OutOfOffice | Self::FocusTime
        )
    }
}

impl Entry {
    /// The time it takes on a date and on the days beside it, in a calendar of the zone.
    fn taken(&self, date: NaiveDate, calendar: Tz, out: &mut Vec<Interval>) {
        if !self.look.takes_time() {
            return;
        }
        match &self.when {
            When::Days { from, until, .. } => {
                let edge = |day: &NaiveDate| at_or_after(calendar, day.and_time(NaiveTime::MIN));
                if near(date, *from, *until) {
                    out.extend(Interval::new(edge(from), edge(until)));
                }
            }
            When::Timed {
                from,
                until,
                zone,
                weekly: None,
            } => {
                if near(date, from.date(), until.date()) {
                    out.extend(span(*from, *until, *zone));
                }
            }
            When::Timed {
                from,
                until,
                zone,
                weekly: Some((weekdays, except)),
            } => {
                for day in [date.pred_opt(), Some(date), date.succ_opt()]
                    .into_iter()
                    .flatten()
                {
                    if day >= from.date()
                        && weekdays.contains(&day.weekday())
                        && !except.contains(&day)
                    {
                        let shift = day - from.date();
                        out.extend(span(*from + shift, *until + shift, *zone));
                    }
                }
            }
        }
    }
}

fn near(date: NaiveDate, from: NaiveDate, until: NaiveDate) -> bool {
    let day = Duration::days(1);
    from - day <= date && date <= until + day
}

fn span(from: NaiveDateTime, until: NaiveDateTime, zone: Tz) -> Option<Interval> {
    Interval::new(at_or_after(zone, from), at_or_after(zone, until)).ok()
}

/// The time that the entries take on a date and about it, in order.
pub(super) fn taken(entries: &[Entry], date: NaiveDate, calendar: Tz) -> Vec<Interval> {
    let mut out = Vec::new();
    for entry in entries {
        entry.taken(date, calendar, &mut out);
    }
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_day_loses_is_what_the_calendar_blocks() {
        let zone = chrono_tz::Europe::Berlin;
        let thursday = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let at = |date: NaiveDate, hour| date.and_hms_opt(hour, 0, 0).unwrap();
        let meeting = Entry {
            title: "Meeting".into(),
            when: When::Timed {
                from: at(thursday, 8),
                until: at(thursday, 9),
                zone,
                weekly: Some((vec![Weekday::Thu], vec![thursday + Duration::days(7)])),
            },
            look: Look::Plain,
        };
        let on = |days: i64| {
            taken(
                std::slice::from_ref(&meeting),
                thursday + Duration::days(days),
                zone,
            )
        };
        assert_eq!(
            on(0),
            [span(at(thursday, 8), at(thursday, 9), zone).unwrap()]
        );
        assert_eq!(
            (on(-7).len(), on(3).len(), on(7).len(), on(14).len()),
            (0, 0, 0, 1)
        );
        let declined = Entry {
            look: Look::Declined,
            ..meeting
        };
        assert!(taken(&[declined], thursday, zone).is_empty());
    }
}
