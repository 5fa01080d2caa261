//! Both sides of a visit that is not in step, line by line: what we have, what Google has, and where they
//! are not the same.

use super::GoogleSide;
use crate::domain::appointment::{Appointment, Status};
use crate::domain::blocks::Reason;
use crate::domain::dates::{say_day, say_end, say_time};
use crate::domain::id::Etag;
use crate::domain::time::{Interval, Moment};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// Stands where nothing is to be said.
const NOTHING: &str = "–";
/// Of a version nobody reads more.
const VERSION: usize = 18;

/// A line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is compared.
    pub label: &'static str,
    /// What we have.
    pub here: String,
    /// What Google has.
    pub google: String,
    /// Whether the two are not the same.
    pub differs: bool,
}

/// What is compared, and how its times are to be said.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The visit.
    pub appointment: &'a Appointment,
    /// What Google has; none: not read.
    pub google: Option<&'a GoogleSide>,
    /// The title that we give its event.
    pub title: &'a str,
    /// The zone that times are said in.
    pub zone: Tz,
    /// Today in that zone.
    pub today: NaiveDate,
}

/// The lines: doctor, day, time, status, title, version.
pub fn sides(sides: &Sides<'_>) -> Vec<Line> {
    let visit = sides.appointment;
    let event = sides.google.and_then(|google| google.event.as_ref());
    let time = event.map(|event| event.time);
    let title = event
        .map(|event| event.title.as_str())
        .filter(|title| !title.is_empty());
    let status = in_google(sides);
    let etag = event.and_then(|event| event.etag.as_ref());
    vec![
        Line {
            label: "Doctor",
            here: visit.doctor_name.clone(),
            google: event.map_or_else(
                || NOTHING.to_owned(),
                |_| visit.google_calendar_id.to_string(),
            ),
            differs: false,
        },
        line(
            "Day",
            sides.day(visit.visit),
            time.map(|time| sides.day(time)),
        ),
        match event {
            Some(event) if event.all_day => Line {
                label: "Time",
                here: sides.span(visit.visit),
                google: "all day".to_owned(),
                differs: true,
            },
            _ => line(
                "Time",
                sides.span(visit.visit),
                time.map(|time| sides.span(time)),
            ),
        },
        Line {
            label: "Status",
            here: here(visit).to_owned(),
            differs: status.1,
            google: status.0.to_owned(),
        },
        line("Title", sides.title.to_owned(), title.map(str::to_owned)),
        Line {
            label: "Version",
            here: visit
                .etag
                .as_ref()
                .map_or_else(|| NOTHING.to_owned(), short),
            google: version(sides, etag),
            differs: matches!((&visit.etag, etag), (Some(ours), Some(theirs)) if ours != theirs),
        },
    ]
}

impl Sides<'_> {
    fn date(&self, moment: Moment) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    fn day(&self, time: Interval) -> String {
        say_day(self.date(time.start()), self.today)
    }

    fn span(&self, time: Interval) -> String {
        let end = say_end(&time, self.zone);
        format!("{}–{end}", say_time(time.start(), self.zone))
    }
}

fn line(label: &'static str, here: String, google: Option<String>) -> Line {
    Line {
        label,
        differs: google.as_ref().is_some_and(|google| *google != here),
        google: google.unwrap_or_else(|| NOTHING.to_owned()),
        here,
    }
}

/// How the visit stands here, in words.
fn here(visit: &Appointment) -> &'static str {
    match (visit.status, visit.cancellation_reason.is_some()) {
        (Status::Pending, false) => "recorded, not confirmed",
        (Status::Pending | Status::Confirmed, true) => "called off here",
        (Status::Confirmed, false) => "confirmed",
        (Status::Cancelled, _) => "called off",
        (Status::Refused, _) => "refused",
    }
}

/// How it stands in Google, and whether that is other than here.
fn in_google(sides: &Sides<'_>) -> (&'static str, bool) {
    let stands = sides.appointment.status == Status::Confirmed;
    let Some(google) = sides.google else {
        return ("not read yet", false);
    };
    let Some(event) = &google.event else {
        return ("not in Google's calendar", stands);
    };
    if !event.ours {
        return ("an entry that is not ours", true);
    }
    match event.reason {
        Some(Reason::Visit) => ("confirmed", !stands),
        Some(Reason::Claim) => ("claimed, not confirmed", stands),
        Some(_) => ("it takes the time", stands),
        None => ("marked as free", stands),
    }
}

fn version(sides: &Sides<'_>, etag: Option<&Etag>) -> String {
    let Some(etag) = etag else {
        return NOTHING.to_owned();
    };
    let updated = sides
        .google
        .and_then(|google| google.event.as_ref())
        .and_then(|event| event.updated);
    match updated {
        Some(at) if sides.date(at) == sides.today => {
            format!("{}, of {}", short(etag), say_time(at, sides.zone))
        }
        Some(at) => {
            let day = say_day(sides.date(at), sides.today);
            format!("{}, of {day}", short(etag))
        }
        None => short(etag),
    }
}

/// The end of a version: the beginning is the same for years.
fn short(etag: &Etag) -> String {
    let plain = etag.as_str().trim_matches('"');
    let surplus = plain.chars().count().saturating_sub(VERSION);
    plain.chars().skip(surplus).collect()
}

#[cfg(test)]
#[path = "sides/tests.rs"]
mod tests;
