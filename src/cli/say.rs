//! How times, hours and lists are said to people.

use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::dates::{say_end, say_time};
use crate::domain::schedule::{WeeklyHours, Window};
use crate::domain::text::clean;
use crate::domain::time::{Interval, Moment};
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// A bar over the line that it was on before; its end leaves the line.
pub(super) fn bar(done: u32, of: u32) -> String {
    const WIDTH: u32 = 20;
    let full = (WIDTH * done).checked_div(of).unwrap_or(WIDTH).min(WIDTH);
    let (full, empty) = (full as usize, (WIDTH - full.min(WIDTH)) as usize);
    let end = if done >= of { "\n" } else { "" };
    format!(
        "\r[{}{}] {done} of {of}{end}",
        "#".repeat(full),
        "-".repeat(empty)
    )
}

/// What was typed, short enough and harmless enough to be said back.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let said = clean(text, MOST + 1);
    if said.chars().count() > MOST {
        let short: String = said.chars().take(MOST - 1).collect();
        format!("“{short}…”")
    } else {
        format!("“{said}”")
    }
}

/// `Tue 24 Nov 2026`.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// The day that the zone's calendar shows.
pub(super) fn date_of(moment: Moment, zone: Tz) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

/// `10:30-11:00`.
pub(super) fn hours_of(interval: &Interval, zone: Tz) -> String {
    format!(
        "{}-{}",
        say_time(interval.start(), zone),
        say_end(interval, zone)
    )
}

/// `Tue 24 Nov 2026, 10:30-11:00`.
pub(super) fn when(interval: &Interval, zone: Tz) -> String {
    let date = day(date_of(interval.start(), zone));
    format!("{date}, {}", hours_of(interval, zone))
}

/// `Tue 24 Nov 2026, 10:30`.
pub(super) fn at(moment: Moment, zone: Tz) -> String {
    format!("{}, {}", day(date_of(moment, zone)), say_time(moment, zone))
}

/// The first eight characters of an id: enough for `show` and `cancel`.
pub(super) fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// Where an appointment stands, in a word or two.
pub(super) fn standing(appointment: &Appointment) -> &'static str {
    match (appointment.status, appointment.sync_state) {
        (_, SyncState::NeedsRepair) => "needs repair",
        // the reason is there from the moment on that the cancellation is recorded
        (Status::Pending | Status::Confirmed, SyncState::SyncPending)
            if appointment.cancellation_reason.is_some() =>
        {
            "being cancelled"
        }
        (Status::Pending, _) => "not confirmed",
        (Status::Confirmed, _) => "confirmed",
        (Status::Cancelled, SyncState::SyncPending) => "cancelled, still in Google",
        (Status::Cancelled, SyncState::Synced) => "cancelled",
        (Status::Refused, _) => "refused",
    }
}

/// `Maria López, born 1980-05-03, +49 30 1234`.
pub(super) fn person(customer: &Customer) -> String {
    let mut out = customer.customer_name.clone();
    if let Some(born) = customer.born {
        let _ = write!(out, ", born {born}");
    }
    if let Some(mobile) = &customer.mobile {
        let _ = write!(out, ", {mobile}");
    }
    out
}

/// `mon-fri 08:00-12:00,13:00-17:00; sat 09:00-12:00`, or `closed`: days of equal hours in a row are
/// one, closed days are left out.
pub(super) fn hours(hours: &WeeklyHours) -> String {
    const WEEK: [(Weekday, &str); 7] = [
        (Weekday::Mon, "mon"),
        (Weekday::Tue, "tue"),
        (Weekday::Wed, "wed"),
        (Weekday::Thu, "thu"),
        (Weekday::Fri, "fri"),
        (Weekday::Sat, "sat"),
        (Weekday::Sun, "sun"),
    ];
    let mut runs: Vec<(&str, &str, &[Window])> = Vec::new();
    for (day, name) in WEEK {
        let windows = hours.on(day);
        match runs.last_mut() {
            Some((_, last, same)) if *same == windows => *last = name,
            _ => runs.push((name, name, windows)),
        }
    }
    let said: Vec<String> = runs
        .into_iter()
        .filter(|(_, _, windows)| !windows.is_empty())
        .map(|(first, last, windows)| {
            let days = if first == last {
                first.to_owned()
            } else {
                format!("{first}-{last}")
            };
            let windows: Vec<String> = windows
                .iter()
                .map(|w| format!("{}-{}", clock(w.from()), clock(w.to())))
                .collect();
            format!("{days} {}", windows.join(","))
        })
        .collect();
    if said.is_empty() {
        "closed".to_owned()
    } else {
        said.join("; ")
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Rows in aligned columns, two blanks apart; no blanks at the end of a line.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.width();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width + 2 - cell.width().min(*width)));
            }
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

/// `1 visit`, `2 visits`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_and_ends_its_line_at_the_end() {
        assert_eq!(bar(0, 4), "\r[--------------------] 0 of 4");
        assert_eq!(bar(1, 4), "\r[#####---------------] 1 of 4");
        assert_eq!(bar(4, 4), "\r[####################] 4 of 4\n");
        assert_eq!(bar(0, 0), "\r[####################] 0 of 0\n");
    }

    #[test]
    fn hours_are_said_as_they_are_typed() {
        let week = WeeklyHours::office().with("sat", "9-24:00").unwrap();
        assert_eq!(
            hours(&week),
            "mon-fri 08:00-12:00,13:00-17:00; sat 09:00-24:00"
        );
        assert_eq!(
            hours(&week.with("wed", "closed").unwrap()),
            "mon-tue 08:00-12:00,13:00-17:00; thu-fri 08:00-12:00,13:00-17:00; sat 09:00-24:00"
        );
        assert_eq!(hours(&WeeklyHours::default()), "closed");
    }

    #[test]
    fn columns_stand_under_each_other_whatever_the_script() {
        let cell = |text: &str| text.to_owned();
        let rows = [
            vec![cell("李雷"), cell("a")],
            vec![cell("Zoë Å"), cell("b"), cell("")],
        ];
        assert_eq!(table(&rows), "李雷   a\nZoë Å  b");
    }

    #[test]
    fn what_was_typed_is_said_back_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[31m\u{202e}b"), "“a[31mb”");
        assert!(quoted(&"x".repeat(1_000_000)).chars().count() <= 62);
    }
}
