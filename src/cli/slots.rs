//! Free slots. The desk reads the calendar for the days that are asked for; what is not known after that
//! is never offered as free.

use super::args::Slots;
use super::objects::SlotObject;
use super::say;
use super::voice::{Done, Failure, Result};
use super::{Front, find, input, misfit};
use crate::domain::dates::say_time;
use crate::domain::doctor::Doctor;
use crate::domain::time::Interval;
use crate::port::command::{Code, Length};
use crate::port::query::{Answer, Query, Reading, Sheet};
use chrono::{Days, NaiveDate};

/// More than sixty days can hold.
const LIMIT: usize = 60 * 24 * 60;
/// How many days one question for sheets may cover.
const SHEET_DAYS: u16 = 31;
/// How many times stand on a line.
const A_LINE: usize = 10;

pub(super) fn slots(front: &Front<'_>, act: &Slots) -> Result<Done> {
    let date = input::date(&act.date, front.today())?;
    let overview = front.overview()?;
    let doctor = find::doctor(&overview, &act.doctor)?;
    let service = act
        .service
        .as_deref()
        .map(|typed| find::service(&overview, typed))
        .transpose()?;
    let query = Query::Slots {
        doctors: vec![doctor.doctor_id.clone()],
        from: front.now(),
        date,
        days: act.days,
        length: service.map(|s| Length::Service(s.service_id.clone())),
        limit: LIMIT,
    };
    let Answer::Slots(found) = front.ask(&query)? else {
        return Err(misfit());
    };
    let unknown = unknown_days(front, doctor, date, act.days)?;
    let free: Vec<Interval> = found
        .into_iter()
        .map(|found| found.slot)
        .filter(|slot| !unknown.contains(&say::date_of(slot.start(), front.zone())))
        .collect();
    let objects: Vec<SlotObject<'_>> = free.iter().map(|s| SlotObject::new(s, doctor)).collect();
    let minutes = service.map_or(u32::from(doctor.slot_minutes), |s| s.minutes);
    let done = front.done(&objects, || listed(front, doctor, minutes, &free))?;
    Ok(done.warned(left_out(doctor, &unknown)))
}

fn not_known(doctor: &Doctor, day: &Sheet) -> Failure {
    let why = match &day.reading {
        Reading::Unknown {
            error: Some((_, why)),
        } => why.as_str(),
        _ => "it was not read that far",
    };
    let message = format!(
        "It is not known when {} is free: the calendar {} could not be read ({why}). No slot is offered until it can be read.",
        doctor.doctor_name, doctor.google_calendar_id
    );
    Failure::new(Code::NotAvailable, message)
}

fn sheets(front: &Front<'_>, doctor: &Doctor, from: NaiveDate, days: u16) -> Result<Vec<Sheet>> {
    let query = Query::Sheets {
        doctors: vec![doctor.doctor_id.clone()],
        from,
        days,
    };
    match front.ask(&query)? {
        Answer::Sheets(sheets) => Ok(sheets),
        _ => Err(misfit()),
    }
}

/// The days to come of which the calendar is not known; an error when it is none but those.
fn unknown_days(
    front: &Front<'_>,
    doctor: &Doctor,
    date: NaiveDate,
    days: u16,
) -> Result<Vec<NaiveDate>> {
    let mut ahead = Vec::new();
    let mut done = 0;
    while done < days {
        let Some(from) = date.checked_add_days(Days::new(u64::from(done))) else {
            break;
        };
        let now = SHEET_DAYS.min(days - done);
        ahead.extend(sheets(front, doctor, from, now)?);
        done += now;
    }
    // what is past offers nothing, known or not
    ahead.retain(|sheet| sheet.date >= front.today());
    let unknown: Vec<&Sheet> = ahead
        .iter()
        .filter(|sheet| matches!(sheet.reading, Reading::Unknown { .. }))
        .collect();
    match unknown.first() {
        Some(first) if unknown.len() == ahead.len() => Err(not_known(doctor, first)),
        _ => Ok(unknown.into_iter().map(|sheet| sheet.date).collect()),
    }
}

fn left_out(doctor: &Doctor, unknown: &[NaiveDate]) -> Option<Failure> {
    let (first, last) = (unknown.first()?, unknown.last()?);
    let message = format!(
        "The calendar of {} is not known on {} ({} to {}): nothing is offered there.",
        doctor.doctor_name,
        say::count(unknown.len(), "of these days", "of these days"),
        say::day(*first),
        say::day(*last)
    );
    Some(Failure::new(Code::NotAvailable, message))
}

fn listed(front: &Front<'_>, doctor: &Doctor, minutes: u32, free: &[Interval]) -> String {
    let zone = front.zone();
    let head = format!("{}, {minutes} minutes, times of {zone}", doctor.doctor_name);
    if free.is_empty() {
        return format!("{head}\nNothing is free.");
    }
    let mut rows = Vec::new();
    for day in free.chunk_by(|a, b| say::date_of(a.start(), zone) == say::date_of(b.start(), zone))
    {
        for (line, slots) in day.chunks(A_LINE).enumerate() {
            let label = match slots.first() {
                Some(first) if line == 0 => say::day(say::date_of(first.start(), zone)),
                _ => String::new(),
            };
            let times: Vec<String> = slots.iter().map(|s| say_time(s.start(), zone)).collect();
            rows.push(vec![label, times.join("  ")]);
        }
    }
    format!("{head}\n{}", say::table(&rows))
}
