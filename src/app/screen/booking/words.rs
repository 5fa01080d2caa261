//! What the booking dialog says: the line under which Enter books, the steps, the slots offered.

use super::{Booking, Person};
use crate::app::state::State;
use crate::app::wording;
use crate::domain::time::{Interval, Moment};
use crate::port::query::CustomerHit;
use crate::port::report::Progress;
use chrono::{Datelike, NaiveDate};

/// Heading: `Book Dr Chen, Tue 24 Nov 2026, 10:30–10:45`.
pub fn title(booking: &Booking, state: &State) -> String {
    format!(
        "Book {}, {}",
        booking.doctor.doctor_name,
        long_when(state, &booking.visit())
    )
}

/// A birth date as it is read out: `born 14 Mar 1987`.
pub(in crate::app::screen) fn born(date: Option<NaiveDate>) -> String {
    date.map_or_else(
        || "no birth date".to_owned(),
        |date| format!("born {}", date.format("%-d %b %Y")),
    )
}

/// Day with its year and name, and the times; with the zone where the doctor's is another one.
fn long_when(state: &State, visit: &Interval) -> String {
    let zone = state.clinic.zone;
    let date = visit.start().with_timezone(&zone).date_naive();
    let near = match (date - state.today()).num_days() {
        0 => "today, ",
        1 => "tomorrow, ",
        _ => "",
    };
    format!(
        "{near}{}, {}",
        date.format("%a %-d %b %Y"),
        wording::span(zone, visit)
    )
}

/// What Enter is about to do, in two lines that name everything that could be the wrong one: the
/// person with birth date and phone; what for, with whom, on which day, at what time. None as long
/// as nobody is picked.
pub fn question(booking: &Booking, state: &State) -> Option<(String, String)> {
    let none = |what: &str| format!("no {what}");
    let person = match booking.people.person.as_ref()? {
        Person::Known(hit) => {
            let customer = &hit.customer;
            let phone = customer.mobile.clone().unwrap_or_else(|| none("phone"));
            format!(
                "{}, {}, {phone}",
                customer.customer_name,
                born(customer.born)
            )
        }
        Person::New => {
            let new = &booking.people.newcomer;
            let date = super::born::read(new.born.text(), state.today());
            let phone = new.phone.text().trim();
            format!(
                "{}, {}, {} (new)",
                booking.people.name(),
                date.map_or_else(|_| "birth date?".to_owned(), born),
                if phone.is_empty() {
                    none("phone")
                } else {
                    phone.to_owned()
                }
            )
        }
    };
    let zone = state.clinic.zone;
    let elsewhere = if booking.doctor.zone == zone {
        String::new()
    } else {
        format!(" ({zone})")
    };
    let visit = format!(
        "{} with {}, {}{elsewhere}",
        booking.services.choice.words(),
        booking.doctor.doctor_name,
        long_when(state, &booking.visit())
    );
    Some((person, visit))
}

/// What is known of somebody's visits: `last 3 Mar 2026 with Dr Chen; next Mon 30 Nov, 9:00 …`.
pub fn known(state: &State, hit: &CustomerHit) -> String {
    let said = |word: &str, visit: Option<&(Moment, String)>| {
        visit.map(|(at, doctor)| format!("{word} {} with {doctor}", wording::day(state, *at)))
    };
    let parts: Vec<String> = [
        said("last", hit.last_visit.as_ref()),
        said("next", hit.next_visit.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "no visits yet".to_owned()
    } else {
        parts.join("; ")
    }
}

/// The same in a few letters, for a line of a list: `last 12 Oct, next 27 Nov`.
pub fn briefly(state: &State, hit: &CustomerHit) -> String {
    let said = |word: &str, visit: Option<&(Moment, String)>| {
        visit.map(|(at, _)| {
            let date = at.with_timezone(&state.clinic.zone).date_naive();
            if date.year() == state.today().year() {
                format!("{word} {}", date.format("%-d %b"))
            } else {
                format!("{word} {}", date.format("%b %Y"))
            }
        })
    };
    let parts: Vec<String> = [
        said("last", hit.last_visit.as_ref()),
        said("next", hit.next_visit.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "no visits yet".to_owned()
    } else {
        parts.join(", ")
    }
}

/// A slot that is offered: `today, Tue 24 Nov 2026, 11:00–11:15`.
pub fn offer(state: &State, slot: &Interval) -> String {
    long_when(state, slot)
}

/// How far it is: `recorded · checking…`.
pub fn steps(steps: &[Progress]) -> String {
    let Some((now, before)) = steps.split_last() else {
        return "recording…".to_owned();
    };
    let mut said: Vec<&str> = before.iter().map(|step| past(*step)).collect();
    said.push(present(*now));
    said.join(" · ")
}

/// How it went: `recorded · checked · claimed · verified · confirmed ✓ 412 ms`. Without a clock that
/// tells, without the time.
pub(in crate::app::screen) fn ended(steps: &[Progress], milliseconds: i64, ascii: bool) -> String {
    let said: Vec<&str> = steps.iter().map(|step| past(*step)).collect();
    let mark = if ascii { "ok" } else { "✓" };
    let took = if milliseconds > 0 {
        format!(" {milliseconds} ms")
    } else {
        String::new()
    };
    format!("{} {mark}{took}", said.join(" · "))
        .trim_start()
        .to_owned()
}

fn past(step: Progress) -> &'static str {
    match step {
        Progress::Recorded => "recorded",
        Progress::Checking => "checked",
        Progress::Claimed => "claimed",
        Progress::Verified => "verified",
        Progress::Waiting => "waited",
        Progress::Confirmed => "confirmed",
        Progress::Withdrawing => "taken back",
        Progress::Removing => "removed",
        Progress::Held => "held",
        // a booking counts nothing
        Progress::Moved | Progress::Counted { .. } => "moved",
    }
}

fn present(step: Progress) -> &'static str {
    match step {
        Progress::Checking => "checking…",
        Progress::Waiting => "waiting for another desk…",
        Progress::Withdrawing => "taking it back…",
        Progress::Removing => "removing it…",
        done => past(done),
    }
}

/// One line for lists of bookings that were put aside.
pub(super) fn summary(booking: &Booking, state: &State) -> String {
    let name = match &booking.people.person {
        Some(Person::Known(hit)) => hit.customer.customer_name.clone(),
        _ if booking.people.name().is_empty() => "nobody yet".to_owned(),
        _ => booking.people.name().to_owned(),
    };
    format!(
        "{name} with {}, {}",
        booking.doctor.doctor_name,
        wording::when(state, booking.start)
    )
}

impl Booking {
    /// What speaks against it already: it is longer than the free time, or somebody of that name is
    /// known.
    pub fn warning(&self, state: &State) -> Option<String> {
        if matches!(self.people.person, Some(Person::New)) && self.people.has_namesake() {
            return Some(format!(
                "Somebody called {} is known already: make sure that this is another person.",
                self.people.name()
            ));
        }
        let until = self
            .free_until
            .filter(|until| *until < self.visit().end())?;
        Some(format!(
            "Free only until {}: this takes until {}.",
            wording::time(state, until),
            wording::time(state, self.visit().end())
        ))
    }
}
