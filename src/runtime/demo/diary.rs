//! What doctors have in their calendars besides visits: everything that an adapter, a grid or a slot
//! search must get right, each at least once among six doctors.

use super::private::{Entry, Look, When};
use super::random::Random;
use super::staff::Member;
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

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
}
