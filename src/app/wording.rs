//! What the desk says about visits and outcomes: one wording for messages, panels and copies.

use super::state::{State, Tone};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::blocks::Reason;
use crate::domain::dates::{say_day, say_span, say_time};
use crate::domain::time::{Interval, Moment};
use crate::port::command::{Outcome, Retried};
use crate::port::query::Sheet;
use crate::port::sync::CalendarSync;
use chrono_tz::Tz;

/// The clock in the clinic's zone.
pub fn time(state: &State, moment: Moment) -> String {
    say_time(moment, state.clinic.zone)
}

/// The day as people say it: `today`, `Mon 24 Nov`.
pub fn day(state: &State, moment: Moment) -> String {
    let date = moment.with_timezone(&state.clinic.zone).date_naive();
    say_day(date, state.today())
}

/// Day and time: `today, 10:30`.
pub fn when(state: &State, moment: Moment) -> String {
    format!("{}, {}", day(state, moment), time(state, moment))
}

/// The time of something lately: `10:39`, or with its day when that was another one.
pub fn since(state: &State, moment: Moment) -> String {
    let date = moment.with_timezone(&state.clinic.zone).date_naive();
    if date == state.today() {
        time(state, moment)
    } else {
        when(state, moment)
    }
}

/// A stretch of a day: `10:30–11:00`.
pub fn span(zone: Tz, interval: &Interval) -> String {
    say_span(interval, zone)
}

/// What takes the time of a row in which the calendar is busy, in a word or by its title.
pub fn taken_by(sheet: &Sheet, row: &Interval) -> String {
    let held = sheet.held.iter().find(|held| held.time.meets(row));
    if let Some(held) = held {
        return format!("move of {}", held.customer_name);
    }
    let taking = sheet.events.iter().filter(|entry| entry.time.meets(row));
    // of several the one that began last: an entry of an hour tells more than one of three days
    let entry = taking
        .filter(|entry| entry.reason.is_some())
        .max_by_key(|entry| entry.time.start());
    match entry {
        Some(entry) if !entry.title.is_empty() => entry.title.clone(),
        Some(entry) => match entry.reason {
            Some(Reason::OutOfOffice) => "out of office".to_owned(),
            Some(Reason::FocusTime) => "focus time".to_owned(),
            Some(Reason::AllDay) => "busy all day".to_owned(),
            Some(Reason::Visit) => "visit elsewhere".to_owned(),
            Some(Reason::Claim) => "being booked".to_owned(),
            Some(Reason::Private) | None => "busy".to_owned(),
        },
        None => "busy".to_owned(),
    }
}

/// A length: `45 min`, `1 h`, `1 h 30 min`.
pub fn length(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

/// Who, with whom and when: `Maria Silva with Dr Chen, Tue 24 Nov, 10:30`.
pub fn visit(state: &State, appointment: &Appointment) -> String {
    format!(
        "{} with {}, {}",
        appointment.customer_name,
        appointment.doctor_name,
        when(state, appointment.visit.start())
    )
}

/// The text for the person who comes, to be sent or read out: the date is written out in full.
pub fn confirmation(state: &State, appointment: &Appointment) -> String {
    let there = appointment
        .visit
        .start()
        .with_timezone(&state.clinic.zone)
        .format("%a %-d %b %Y");
    let mut parts = vec![
        there.to_string(),
        time(state, appointment.visit.start()),
        appointment.doctor_name.clone(),
    ];
    if !appointment.service_name.is_empty() {
        parts.push(appointment.service_name.clone());
    }
    parts.push(appointment.customer_name.clone());
    parts.push(state.clinic.name.clone());
    parts.join(", ")
}

/// How an act ended, in words.
pub fn outcome(state: &State, outcome: &Outcome) -> (Tone, String) {
    match outcome {
        Outcome::Doctor(doctor) => (Tone::Good, format!("{} is recorded.", doctor.doctor_name)),
        Outcome::Service(service) => (Tone::Good, format!("{} is on offer.", service.service_name)),
        Outcome::Customer(customer) => (
            Tone::Good,
            format!("{} is recorded.", customer.customer_name),
        ),
        Outcome::Booked(appointment) => (
            Tone::Good,
            format!("Booked: {}.", visit(state, appointment)),
        ),
        Outcome::BookedProvisionally(appointment)
            if appointment.sync_state == SyncState::NeedsRepair =>
        {
            (
                Tone::Bad,
                format!(
                    "Recorded, but not booked: {}. Do not promise the time. The desk does not go on by itself: ! \
                 shows what is in the way and what can be done.",
                    visit(state, appointment)
                ),
            )
        }
        Outcome::BookedProvisionally(appointment) => (
            Tone::Plain,
            format!(
                "Recorded, not booked yet: {}. Google has not confirmed it; the desk goes on trying and \
                 shows it as pending until then.",
                visit(state, appointment)
            ),
        ),
        Outcome::Cancelled(appointment) => (
            Tone::Good,
            format!("Called off: {}.", visit(state, appointment)),
        ),
        Outcome::CancelledProvisionally(appointment) => (
            Tone::Plain,
            format!(
                "Called off here: {}. Google has not removed it yet; the desk goes on trying.",
                visit(state, appointment)
            ),
        ),
        Outcome::Moved { appointment, from } => (
            Tone::Good,
            format!(
                "Moved: {}. It was {}.",
                visit(state, appointment),
                when(state, from.start())
            ),
        ),
        Outcome::MovedProvisionally { appointment, to } => (
            Tone::Plain,
            format!(
                "Recorded, not moved yet: {} to {}. Google has not confirmed it; until then the visit stands \
                 where it was.",
                visit(state, appointment),
                when(state, to.start())
            ),
        ),
        Outcome::Retried(retried) => match retried.as_slice() {
            [] => (Tone::Plain, "There was nothing to try again.".to_owned()),
            [one] => (Tone::Plain, one.message.clone()),
            many => (
                Tone::Plain,
                format!(
                    "{} were tried again; what is left stands in repair (!).",
                    many.len()
                ),
            ),
        },
        Outcome::Repaired(appointment) => (
            Tone::Good,
            format!("Settled: {}.", visit(state, appointment)),
        ),
        Outcome::Reopened(appointment) => (
            Tone::Good,
            format!(
                "It stands in repair (!) again: {}.",
                visit(state, appointment)
            ),
        ),
        Outcome::LookedInto { google, .. } => (
            Tone::Plain,
            format!("Google was read at {}.", since(state, google.as_of)),
        ),
        Outcome::Synced { calendars, sent } => synced(calendars, sent),
        Outcome::Checked {
            differences,
            unread,
        } => checked(differences.len(), unread.len()),
        Outcome::Refreshed { live, unknown } => refreshed(*live, unknown.as_slice()),
        Outcome::NoticesRead(1) => (Tone::Plain, "1 notice is marked as read.".to_owned()),
        Outcome::NoticesRead(count) => {
            (Tone::Plain, format!("{count} notices are marked as read."))
        }
    }
}

fn synced(calendars: &[CalendarSync], sent: &[Retried]) -> (Tone, String) {
    let unread = calendars.iter().find_map(|one| one.result.as_ref().err());
    if let Some(why) = unread {
        return (
            Tone::Bad,
            format!("Not every calendar could be read: {why}"),
        );
    }
    let held = calendars
        .iter()
        .filter_map(|one| one.result.as_ref().ok())
        .find_map(|synced| synced.braked.clone());
    if let Some(why) = held {
        return (Tone::Bad, format!("{why}."));
    }
    let events: usize = calendars
        .iter()
        .filter_map(|one| one.result.as_ref().ok())
        .map(|synced| synced.events)
        .sum();
    let came = match events {
        0 => "Nothing had changed in Google".to_owned(),
        1 => "1 change came in".to_owned(),
        many => format!("{many} changes came in"),
    };
    let went = match sent.len() {
        0 => "nothing was waiting to be sent".to_owned(),
        1 => "1 change of ours was sent".to_owned(),
        many => format!("{many} changes of ours were sent"),
    };
    (Tone::Good, format!("{came}, {went}."))
}

fn checked(differences: usize, unread: usize) -> (Tone, String) {
    match (differences, unread) {
        (_, 1..) => (Tone::Bad, "Not every calendar could be read.".to_owned()),
        (0, _) => (Tone::Good, "Mirror and calendars agree.".to_owned()),
        (many, _) => (
            Tone::Bad,
            format!("{many} differences; frontdesk sync --check lists them."),
        ),
    }
}

fn refreshed<C: std::fmt::Display>(live: usize, unknown: &[(C, String)]) -> (Tone, String) {
    let read = match live {
        0 => "No calendar could be read".to_owned(),
        1 => "1 calendar was read".to_owned(),
        many => format!("{many} calendars were read"),
    };
    // what was read before stays in view with its age: only what was never read is unknown
    let rest = "What is shown of it is as it was read last.";
    let rests = "What is shown of them is as it was read last.";
    match unknown {
        [] => (Tone::Good, format!("{read}: what you see is live.")),
        [(calendar, why)] => (
            Tone::Bad,
            format!("{read}. {calendar} could not be: {why}. {rest}"),
        ),
        [(_, why), others @ ..] if others.iter().all(|(_, other)| other == why) => (
            Tone::Bad,
            if live == 0 {
                format!("{read}: {why}. {rests}")
            } else {
                format!("{read}. {} could not be: {why}. {rests}", unknown.len())
            },
        ),
        [(calendar, why), others @ ..] => (
            Tone::Bad,
            format!(
                "{read}. {calendar} could not be: {why}; nor could {} more. {rests}",
                others.len()
            ),
        ),
    }
}
