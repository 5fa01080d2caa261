//! What doctors have in their calendars besides visits: everything that an adapter, a grid or a slot
//! search must get right, each at least once among six doctors.

use super::random::Random;
use super::staff::Member;
use crate::domain::time::{Interval, at_or_after};
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
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

/// What stands in the calendar of the doctor at a place, from `first` on.
pub(super) fn entries(
    (place, member): (usize, &Member),
    (clinic, seed): (Tz, u64),
    (first, today): (NaiveDate, NaiveDate),
) -> Vec<Entry> {
    let mut made = Maker {
        member,
        zone: member.doctor.zone,
        first,
        today,
        random: Random::of(seed, &[21, place as u64]),
        entries: Vec::new(),
    };
    made.regular(clinic);
    // the same six weeks go round; whoever comes later has them some days later
    let later = i64::try_from(place / 6).unwrap_or_default() % 9;
    match place % 6 {
        0 => made.dentist_and_on_call(later),
        1 => made.day_off_and_declined(later),
        2 => made.conference(later),
        3 => made.perhaps_and_home_office(later),
        4 => made.birthday_and_paperwork(),
        _ => made.past_day_off_and_errand(later),
    }
    made.entries
}

struct Maker<'a> {
    member: &'a Member,
    zone: Tz,
    first: NaiveDate,
    today: NaiveDate,
    random: Random,
    entries: Vec<Entry>,
}

impl Maker<'_> {
    /// The first day with hours, so many days from today or later.
    fn open_day(&self, from_today: i64) -> NaiveDate {
        let from = self.today + Duration::days(from_today);
        let open = |date: &NaiveDate| !self.member.doctor.hours.on(date.weekday()).is_empty();
        from.iter_days().take(7).find(open).unwrap_or(from)
    }

    fn timed(&mut self, title: &str, look: Look, date: NaiveDate, start: i64, minutes: i64) {
        let from = date.and_time(NaiveTime::MIN) + Duration::minutes(start);
        let when = When::Timed {
            from,
            until: from + Duration::minutes(minutes),
            zone: self.zone,
            weekly: None,
        };
        self.add(title, look, when);
    }

    fn days(&mut self, title: &str, look: Look, from: NaiveDate, days: u64, yearly: bool) {
        let until = from.checked_add_days(Days::new(days)).unwrap_or(from);
        self.add(
            title,
            look,
            When::Days {
                from,
                until,
                yearly,
            },
        );
    }

    fn weekly(
        &mut self,
        (title, look): (&str, Look),
        weekdays: Vec<Weekday>,
        (start, minutes): (i64, i64),
        zone: Tz,
        except: Vec<NaiveDate>,
    ) {
        let day = |date: &NaiveDate| weekdays.contains(&date.weekday());
        let Some(date) = self.first.iter_days().take(7).find(day) else {
            return;
        };
        let from = date.and_time(NaiveTime::MIN) + Duration::minutes(start);
        let when = When::Timed {
            from,
            until: from + Duration::minutes(minutes),
            zone,
            weekly: Some((weekdays, except)),
        };
        self.add(title, look, when);
    }

    fn add(&mut self, title: &str, look: Look, when: When) {
        self.entries.push(Entry {
            title: title.to_owned(),
            when,
            look,
        });
    }

    /// Lunch on working days, and the meeting that all have, once left out.
    fn regular(&mut self, clinic: Tz) {
        if let Some((start, minutes)) = self.member.lunch {
            let hours = &self.member.doctor.hours;
            let eats = |day: &Weekday| {
                let windows = hours.on(*day);
                let opens = windows.first().is_some_and(|w| w.from() <= start);
                opens && windows.last().is_some_and(|w| w.to() >= start + minutes)
            };
            let days: Vec<Weekday> = WEEK.into_iter().filter(eats).collect();
            let time = (i64::from(start), i64::from(minutes));
            self.weekly(("Lunch", Look::Plain), days, time, self.zone, Vec::new());
        }
        let next_week = self.today + Duration::days(7);
        let left_out = next_week.iter_days().take(7);
        let left_out = left_out
            .filter(|day| day.weekday() == Weekday::Thu)
            .collect();
        let meeting = ("Team meeting", Look::Plain);
        self.weekly(meeting, vec![Weekday::Thu], (8 * 60, 30), clinic, left_out);
    }

    fn dentist_and_on_call(&mut self, later: i64) {
        let date = self.open_day(1 + later);
        self.timed("Dentist", Look::Plain, date, 15 * 60, 60);
        let date = self.today + Duration::days(2 + later);
        self.days("On call", Look::Transparent, date, 1, false);
        let date = self.open_day(-9 - later);
        self.timed("Car inspection", Look::Plain, date, 9 * 60, 45);
    }

    fn day_off_and_declined(&mut self, later: i64) {
        let date = self.open_day(3 + later);
        self.days("Day off", Look::Plain, date, 1, false);
        let date = self.open_day(later);
        self.timed(
            "Lunch talk by a manufacturer",
            Look::Declined,
            date,
            11 * 60,
            60,
        );
        let date = self.open_day(-6);
        self.timed("School performance", Look::Plain, date, 10 * 60 + 30, 90);
    }

    fn conference(&mut self, later: i64) {
        let date = self.open_day(6 + later);
        let title = format!("Congress, {}", self.member.doctor.specialty);
        self.timed(&title, Look::OutOfOffice, date, 0, 3 * 24 * 60);
        let date = self.open_day(1);
        self.timed(
            "Call with the laboratory",
            Look::Plain,
            date,
            13 * 60 + 20,
            20,
        );
        self.days(
            "On call",
            Look::Transparent,
            self.today + Duration::days(13),
            2,
            false,
        );
    }

    fn perhaps_and_home_office(&mut self, later: i64) {
        let date = self.open_day(later);
        self.timed("Perhaps: handyman", Look::Tentative, date, 16 * 60, 60);
        let date = self.open_day(2 + later);
        self.days("Home", Look::WorkingLocation, date, 1, false);
        let date = self.open_day(-4);
        self.timed("Further training", Look::Plain, date, 14 * 60, 120);
    }

    fn birthday_and_paperwork(&mut self) {
        let born = self.today + Duration::days(self.random.between(1, 12));
        self.days("Birthday: Robin", Look::Birthday, born, 1, true);
        let paperwork = ("Paperwork", Look::FocusTime);
        self.weekly(
            paperwork,
            vec![Weekday::Fri],
            (14 * 60, 90),
            self.zone,
            Vec::new(),
        );
        let date = self.open_day(1);
        self.timed("Parents' evening", Look::Plain, date, 15 * 60, 45);
    }

    fn past_day_off_and_errand(&mut self, later: i64) {
        let date = self.open_day(-5 - later);
        self.days("Day off", Look::Plain, date, 1, false);
        let date = self.open_day(later);
        self.timed("Pick up the key", Look::Plain, date, 11 * 60, 15);
        let date = self.open_day(9 + later);
        self.timed("Tax office", Look::Plain, date, 10 * 60, 60);
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

#[cfg(test)]
mod tests {
    use super::super::staff;
    use super::*;
    use std::collections::HashSet;

    fn of_six(today: NaiveDate) -> Vec<(Member, Vec<Entry>)> {
        let zone = chrono_tz::Europe::Berlin;
        let first = today - Duration::days(60);
        let members = staff::members(1, 6, zone).into_iter().enumerate();
        let made = |(place, member): (usize, Member)| {
            let entries = entries((place, &member), (zone, 1), (first, today));
            (member, entries)
        };
        members.map(made).collect()
    }

    #[test]
    fn every_kind_of_entry_is_met_among_six_doctors_on_whatever_day() {
        let start = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        for today in start.iter_days().take(7) {
            let six = of_six(today);
            let all: Vec<&Entry> = six.iter().flat_map(|(_, entries)| entries).collect();
            let looks: HashSet<Look> = all.iter().map(|e| e.look).collect();
            assert_eq!(looks.len(), 8, "{today}");
            let days_off =
                |e: &&&Entry| matches!(e.when, When::Days { .. }) && e.look == Look::Plain;
            assert_eq!(all.iter().filter(days_off).count(), 2);
            let left_out = |e: &&Entry| matches!(&e.when, When::Timed { weekly: Some((_, except)), .. } if except.len() == 1);
            assert!(all.iter().any(left_out));
        }
    }

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
