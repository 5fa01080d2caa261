//! Composes the answers to queries from the mirror. No network: what the mirror does not know is
//! unknown, and said to be.

mod cards;
mod free;
mod sheets;
mod why;

pub use free::nearest;
pub(super) use why::{obstacles, of_hours};

use super::settings::{Settings, undo_window};
use crate::domain::dates::{say_day, say_time};
use crate::domain::id::{AuditId, DoctorId};
use crate::domain::time::{Moment, day, days};
use crate::port::command::{Actor, Code, Refusal};
use crate::port::query::{Answer, DoctorLine, Overview, Query, Reading, Requests};
use crate::port::store::{Records, StoreError, UndoableAct};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Most days in one grid or search.
const MOST_DAYS: u16 = 60;

/// Answers the reader's query as things stand at `now`.
pub fn answer(
    records: &impl Records,
    settings: &Settings,
    reader: &Actor,
    now: Moment,
    query: &Query,
) -> Result<Answer, Refusal> {
    Ok(match query {
        Query::Overview => Answer::Overview(overview(records, settings, reader, now)?),
        Query::Sheets {
            doctors,
            from,
            days,
        } => {
            let days = (*days).clamp(1, MOST_DAYS);
            Answer::Sheets(sheets::sheets(
                records, settings, now, doctors, *from, days,
            )?)
        }
        Query::Month { month, doctors } => {
            Answer::Month(fullness(records, settings, *month, doctors)?)
        }
        Query::Customers { text, limit } => {
            Answer::Customers(records.find_customers(text, *limit, now)?)
        }
        Query::Customer(id) => Answer::Customer(cards::customer(records, id)?),
        Query::Appointment(id) => {
            Answer::Appointment(Box::new(cards::appointment(records, settings, id)?))
        }
        Query::FindVisits { text, limit } => {
            Answer::Visits(cards::find_visits(records, now, text, *limit)?)
        }
        Query::Slots {
            doctors,
            from,
            date,
            days,
            length,
            limit,
        } => {
            let wanted = free::Search {
                doctors,
                not_before: (*from).max(now),
                date: *date,
                days: (*days).clamp(1, MOST_DAYS),
                length: length.as_ref(),
                limit: *limit,
            };
            Answer::Slots(free::slots(records, settings, now, &wanted)?)
        }
        Query::Agenda { doctor, date } => {
            let doctors: Vec<DoctorId> = doctor.iter().cloned().collect();
            Answer::Visits(records.appointments(&doctors, day(settings.zone, *date), false)?)
        }
        Query::Repairs => Answer::Repairs(cards::repairs(records, settings, now)?),
        Query::Notices { unread_only, limit } => {
            Answer::Notices(records.notices(reader, *unread_only, *limit)?)
        }
        Query::Why {
            doctor,
            start,
            length,
        } => Answer::Why(why::why(
            records,
            settings,
            now,
            doctor,
            *start,
            length.as_ref(),
        )?),
    })
}

fn overview(
    records: &impl Records,
    settings: &Settings,
    reader: &Actor,
    now: Moment,
) -> Result<Overview, StoreError> {
    let mut doctors = records.doctors()?;
    doctors.retain(|d| d.active);
    let mut services = records.services()?;
    services.retain(|s| s.active);
    let today = now.with_timezone(&settings.zone).date_naive();
    let span = day(settings.zone, today);
    let calendars: Vec<_> = doctors
        .iter()
        .map(|d| d.google_calendar_id.clone())
        .collect();
    let readings = records.readings(&calendars, span, now - settings.stale_after)?;
    let mut visits: BTreeMap<DoctorId, u32> = BTreeMap::new();
    for (doctor, visit, _) in records.taken(&[], span)? {
        if span.contains(visit.start()) {
            *visits.entry(doctor).or_default() += 1;
        }
    }
    let next = free::next_free(records, settings, now, &doctors)?;
    let unknown = || Reading::Unknown { error: None };
    let mut readings = readings.into_iter();
    let doctors = doctors
        .into_iter()
        .map(|doctor| DoctorLine {
            reading: readings.next().unwrap_or_else(unknown),
            next_free: next.get(&doctor.doctor_id).copied(),
            visits_today: visits.get(&doctor.doctor_id).copied().unwrap_or(0),
            doctor,
        })
        .collect();
    Ok(Overview {
        doctors,
        services,
        counts: records.counts()?,
        unread: records.unread_notices(reader)?,
        undoable: undoable(records, settings, now)?,
        requests: Requests {
            used: records.requests_in_last_minute(now)?,
            most: settings.requests_per_minute,
        },
    })
}

/// The last act that can be undone, in words.
fn undoable(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
) -> Result<Option<(AuditId, String)>, StoreError> {
    let Some(act) = records
        .undoable(&settings.desk, now - undo_window())?
        .into_iter()
        .next()
    else {
        return Ok(None);
    };
    let Some(visit) = records.appointment(&act.appointment)? else {
        return Ok(None);
    };
    let today = now.with_timezone(&settings.zone).date_naive();
    let start = visit.visit.start();
    let what = match act.act {
        UndoableAct::Booked => "booking",
        UndoableAct::Cancelled => "cancellation",
        UndoableAct::Moved { .. } => "move",
        UndoableAct::TookTime { .. } => "taking Google's time for the visit",
        UndoableAct::Ignored => "ignoring what is wrong with the visit",
    };
    let words = format!(
        "{what} of {} with {}, {} {}",
        visit.customer_name,
        visit.doctor_name,
        say_day(start.with_timezone(&settings.zone).date_naive(), today),
        say_time(start, settings.zone),
    );
    Ok(Some((act.audit, words)))
}

/// How many visits each day of the month has.
fn fullness(
    records: &impl Records,
    settings: &Settings,
    month: NaiveDate,
    doctors: &[DoctorId],
) -> Result<Vec<(NaiveDate, u32)>, Refusal> {
    let no_month = || Refusal::new(Code::Usage, "This month is out of range.");
    let first = month.with_day(1).ok_or_else(no_month)?;
    let length = first
        .checked_add_months(chrono::Months::new(1))
        .ok_or_else(no_month)?
        - first;
    let count = u16::try_from(length.num_days()).unwrap_or(31);
    let span = days(settings.zone, first, count);
    let starts = records.visit_starts(doctors, span)?;
    // In order of time, so each day is a run of them; asking the zone of each visit would take longer
    // than reading them.
    let before = starts.partition_point(|start| *start < span.start());
    let mut rest = starts.get(before..).unwrap_or(&[]);
    let mut out = Vec::new();
    for date in first.iter_days().take(usize::from(count)) {
        let until = day(settings.zone, date).end();
        let (today, later) = rest.split_at(rest.partition_point(|start| *start < until));
        rest = later;
        if !today.is_empty() {
            out.push((date, u32::try_from(today.len()).unwrap_or(u32::MAX)));
        }
    }
    Ok(out)
}
