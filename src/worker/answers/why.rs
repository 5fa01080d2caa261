//! What keeps a time from being booked, as the mirror knows it: gathers the facts, [`crate::domain::why`] judges.

use super::super::settings::Settings;
use super::free::visit_of;
use super::sheets::{open, titled};
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::service::{Buffers, MOST_BUFFER_MINUTES};
use crate::domain::time::{Interval, Moment, day, days, merged, subtracted};
use crate::domain::why::{self, CalendarEntry, Facts, Held, Known, Why, Words};
use crate::port::command::{Code, Length, Refusal};
use crate::port::query::{Obstacle, Reading};
use crate::port::store::{Records, StoreError};
use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

/// Everything that stands in the way, in words.
pub(super) fn why(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    doctor: &DoctorId,
    start: Moment,
    length: Option<&Length>,
) -> Result<Vec<Obstacle>, Refusal> {
    let doctor = records
        .doctors()?
        .into_iter()
        .find(|known| known.doctor_id == *doctor)
        .ok_or_else(|| Refusal::new(Code::NotFound, "There is no such doctor."))?;
    let asked = visit_of(records, length)?;
    let (minutes, buffers) = asked.unwrap_or((u32::from(doctor.slot_minutes), Buffers::NONE));
    let wanted = (Interval::lasting(start, minutes), buffers);
    let whys = obstacles(records, settings, now, &doctor, wanted, None)?;
    let words = Words {
        doctor: &doctor,
        zone: settings.zone,
        today: now.with_timezone(&settings.zone).date_naive(),
    };
    Ok(whys
        .into_iter()
        .map(|why| Obstacle {
            sentence: words.say(&why),
            why,
        })
        .collect())
}

/// Everything that stands in the way of a visit, `besides` the one that is to be moved itself.
pub fn obstacles(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    doctor: &Doctor,
    (wanted, buffers): (Interval, Buffers),
    besides: Option<&AppointmentId>,
) -> Result<Vec<Why>, StoreError> {
    let zone = settings.zone;
    let blocked = buffers.around(wanted);
    let reach = Duration::minutes(i64::from(MOST_BUFFER_MINUTES));
    let around = blocked.widened(reach, reach);
    let doctors = std::slice::from_ref(&doctor.doctor_id);
    let calendars = std::slice::from_ref(&doctor.google_calendar_id);
    let mut visits = records.appointments(doctors, around, false)?;
    let mut held: Vec<Held> = records
        .held(doctors, around)?
        .into_iter()
        .map(|(_, held)| held)
        .collect();
    let mut busy: Vec<Interval> = merged(
        records
            .busy(calendars, blocked)?
            .into_iter()
            .map(|block| block.interval)
            .collect(),
    );
    let mut entries: Vec<CalendarEntry> = records
        .entries(calendars, blocked)?
        .into_iter()
        .flatten()
        .map(|entry| titled(entry, settings))
        .collect();
    let own = merged(visits.iter().map(|visit| visit.visit).collect());
    if let Some(around) = unnamed(&subtracted(&busy, &own), &entries, &held) {
        entries.extend(records.strays(&doctor.google_calendar_id, around)?);
    }
    if let Some(id) = besides {
        let is_it = |visit: &&crate::domain::appointment::Appointment| visit.appointment_id == *id;
        // its own present time is free for it
        let leaves: Vec<Interval> = visits.iter().filter(is_it).map(|v| v.visit).collect();
        busy = subtracted(&busy, &merged(leaves));
        visits.retain(|visit| visit.appointment_id != *id);
        held.retain(|held| held.appointment_id != *id);
    }
    let facts = Facts {
        doctor,
        now,
        zone,
        open: &open_around(doctor, wanted, zone),
        busy: &busy,
        visits: &visits,
        held: &held,
        entries: &entries,
        known: known(
            records,
            settings,
            now,
            doctor,
            date_of(wanted.start(), zone),
        )?,
    };
    Ok(why::why(wanted, buffers, &facts))
}

/// What the doctor's hours say to a visit, whatever else there is.
pub fn of_hours(doctor: &Doctor, wanted: Interval, zone: Tz) -> Option<Why> {
    let facts = Facts {
        doctor,
        now: wanted.start(),
        zone,
        open: &open_around(doctor, wanted, zone),
        busy: &[],
        visits: &[],
        held: &[],
        entries: &[],
        known: Known::Read,
    };
    why::hours(wanted, &facts)
}

/// The stretch in which something is taken by nothing that is known of; none: everything has its name.
pub(super) fn unnamed(
    foreign: &[Interval],
    entries: &[CalendarEntry],
    held: &[Held],
) -> Option<Interval> {
    if foreign.is_empty() {
        return None;
    }
    let taking = entries.iter().filter(|entry| entry.reason.is_some());
    let mut named: Vec<Interval> = taking.map(|entry| entry.time).collect();
    named.extend(held.iter().map(|held| held.time));
    let rest = subtracted(foreign, &merged(named));
    let (first, last) = rest.first().zip(rest.last())?;
    Interval::new(first.start(), last.end()).ok()
}

fn date_of(moment: Moment, zone: Tz) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

/// The hours of the days that the visit touches, and of those beside.
fn open_around(doctor: &Doctor, wanted: Interval, zone: Tz) -> Vec<Interval> {
    let first = date_of(wanted.start(), zone);
    let first = first.pred_opt().unwrap_or(first);
    let last = date_of(wanted.end(), zone);
    let last = last.succ_opt().unwrap_or(last);
    let dates = first.iter_days().take_while(|date| *date <= last);
    merged(dates.flat_map(|date| open(doctor, date, zone)).collect())
}

/// Whether the calendar is known on the day, as slot search asks.
fn known(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    doctor: &Doctor,
    date: NaiveDate,
) -> Result<Known, StoreError> {
    let zone = settings.zone;
    let calendars = std::slice::from_ref(&doctor.google_calendar_id);
    let fresh = now - settings.stale_after;
    let reading = records
        .readings(calendars, day(zone, date), fresh)?
        .into_iter()
        .next()
        .unwrap_or(Reading::Unknown { error: None });
    let ahead = settings.horizon_days.max(1);
    let horizon = days(zone, date_of(now, zone), ahead);
    Ok(match reading {
        Reading::Live { .. } | Reading::Stale { .. } => Known::Read,
        Reading::Unknown { error: None } if day(zone, date).start() >= horizon.end() => {
            Known::Beyond { days: ahead }
        }
        Reading::Unknown { error } => Known::Unread { failed: error },
    })
}
