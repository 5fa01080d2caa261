//! What was typed, checked and cleaned before anything is done with it. Text that is too long is
//! refused rather than cut: half a name is another name.

use super::args::Details;
use super::say::quoted;
use super::voice::{Failure, Result};
use crate::domain::customer::NewCustomer;
use crate::domain::dates::{parse_day, parse_moment};
use crate::domain::id::CalendarId;
use crate::domain::text::{NAME, NOTE, clean, is_clean, phone_digits};
use crate::domain::time::Moment;
use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

/// Longest phone number as typed.
const PHONE: usize = 60;
/// Longest e-mail address, after RFC 5321.
const EMAIL: usize = 254;
/// Longest idempotency key.
const KEY: usize = 200;
/// Longest calendar id.
const CALENDAR: usize = 1024;

fn text(typed: &str, most: usize, what: &str) -> Result<String> {
    // a megabyte is not worth cleaning to be told that it is too long
    let within = typed.len() <= most.saturating_mul(16);
    let text = if within {
        clean(typed, most + 1)
    } else {
        String::new()
    };
    if !within || text.chars().count() > most {
        return Err(Failure::usage(format!(
            "The {what} is too long: at most {most} characters are possible. Nothing was changed."
        )));
    }
    Ok(text)
}

fn some_text(typed: &str, most: usize, what: &str) -> Result<String> {
    let text = text(typed, most, what)?;
    if text.is_empty() {
        return Err(Failure::usage(format!(
            "The {what} must not be empty. Nothing was changed."
        )));
    }
    Ok(text)
}

/// A name, not empty.
pub(super) fn name(typed: &str, what: &str) -> Result<String> {
    some_text(typed, NAME, what)
}

/// A short text that may be empty.
pub(super) fn label(typed: &str, what: &str) -> Result<String> {
    text(typed, NAME, what)
}

/// A reason, which may be empty.
pub(super) fn note(typed: &str, what: &str) -> Result<String> {
    text(typed, NOTE, what)
}

/// A reason that must be given.
pub(super) fn reason(typed: &str) -> Result<String> {
    some_text(typed, NOTE, "reason")
}

/// An idempotency key, taken as it is.
pub(super) fn key(typed: &str) -> Result<String> {
    let key = some_text(typed, KEY, "key")?;
    if key == typed {
        Ok(key)
    } else {
        Err(Failure::usage(
            "The key holds characters that cannot be kept: use letters, digits and hyphens. Nothing was changed.",
        ))
    }
}

/// The id of a calendar, taken as it is.
pub(super) fn calendar(typed: &str) -> Result<CalendarId> {
    let id = typed.trim();
    if id.is_empty() || id.len() > CALENDAR || !is_clean(id) || id.contains(char::is_whitespace) {
        return Err(Failure::usage(format!(
            "{} is not the id of a calendar: it stands in Google Calendar under “Settings and sharing”, and looks like an e-mail address.",
            quoted(typed)
        )));
    }
    Ok(CalendarId::new(id))
}

fn mobile(typed: &str) -> Result<String> {
    let phone = some_text(typed, PHONE, "phone number")?;
    if phone_digits(&phone)
        .chars()
        .filter(char::is_ascii_digit)
        .count()
        < 3
    {
        return Err(Failure::usage(format!(
            "{} is not a phone number. Nothing was changed.",
            quoted(typed)
        )));
    }
    Ok(phone)
}

fn email(typed: &str) -> Result<String> {
    let address = some_text(typed, EMAIL, "e-mail address")?;
    match address.rsplit_once('@') {
        Some((who, host)) if !who.is_empty() && !host.is_empty() && !address.contains(' ') => {
            Ok(address)
        }
        _ => Err(Failure::usage(format!(
            "{} is not an e-mail address. Nothing was changed.",
            quoted(typed)
        ))),
    }
}

fn born(typed: &str, today: NaiveDate) -> Result<NaiveDate> {
    let wrong = |why: &str| Failure::usage(format!("{} {why} Nothing was changed.", quoted(typed)));
    // with its year: “24 nov” is no birth date, and neither is “tomorrow”
    let year = typed
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4);
    let date = Some(typed)
        .filter(|_| year)
        .and_then(|text| parse_day(text, today).ok())
        .ok_or_else(|| wrong("is not a birth date: write 1980-05-03."))?;
    if date > today {
        return Err(wrong("is a birth date in the future."));
    }
    Ok(date)
}

/// What was typed of a person besides the name.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub mobile: Option<String>,
    pub email: Option<String>,
    pub born: Option<NaiveDate>,
}

/// Phone, e-mail and birth date, each checked.
pub(super) fn details(details: &Details, today: NaiveDate) -> Result<Known> {
    Ok(Known {
        mobile: details.mobile.as_deref().map(mobile).transpose()?,
        email: details.email.as_deref().map(email).transpose()?,
        born: details
            .born
            .as_deref()
            .map(|b| born(b, today))
            .transpose()?,
    })
}

/// A person to record.
pub(super) fn new_customer(typed: &str, known: Known) -> Result<NewCustomer> {
    Ok(NewCustomer {
        name: name(typed, "customer's name")?,
        mobile: known.mobile,
        email: known.email,
        born: known.born,
    })
}

/// A day as people write it.
pub(super) fn date(typed: &str, today: NaiveDate) -> Result<NaiveDate> {
    parse_day(typed, today).map_err(|error| Failure::usage(error.to_string()))
}

/// The start of a visit: a whole minute of a year that somebody may live to see.
pub(super) fn start(typed: &str, zone: Tz) -> Result<Moment> {
    let moment = parse_moment(typed, zone)
        .map_err(|error| Failure::usage(format!("{error}. Nothing was changed.")))?;
    if moment.second() != 0 || moment.nanosecond() != 0 {
        return Err(Failure::usage(format!(
            "{} is not a whole minute: visits start on one. Nothing was changed.",
            quoted(typed)
        )));
    }
    if !(1970..=2200).contains(&moment.year()) {
        return Err(Failure::usage(format!(
            "{} is too far away: check the year. Nothing was changed.",
            quoted(typed)
        )));
    }
    Ok(moment)
}
