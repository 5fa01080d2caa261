//! The grid: for each doctor and day the hours, what the calendar says is taken, and our visits.

use super::super::settings::Settings;
use super::why::unnamed;
use crate::domain::appointment::Appointment;
use crate::domain::doctor::Doctor;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::time::{Interval, Moment, day, days, merged, subtracted};
use crate::domain::why::{CalendarEntry, Held};
use crate::port::query::{Reading, Sheet};
use crate::port::store::{Records, StoreError};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Sheets of these doctors (all active ones: empty), doctors outer, days inner.
pub(super) fn sheets(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    wanted: &[DoctorId],
    from: NaiveDate,
    count: u16,
) -> Result<Vec<Sheet>, StoreError> {
    let zone = settings.zone;
    let span = days(zone, from, count);
    let mut doctors = records.doctors()?;
    doctors.retain(|d| d.active && (wanted.is_empty() || wanted.contains(&d.doctor_id)));
    let ids: Vec<DoctorId> = doctors.iter().map(|d| d.doctor_id.clone()).collect();
    let calendars: Vec<CalendarId> = doctors
        .iter()
        .map(|d| d.google_calendar_id.clone())
        .collect();

    let mut visits: HashMap<DoctorId, Vec<Appointment>> = HashMap::new();
    // For all doctors an unfiltered read is the cheaper one.
    let filter: &[DoctorId] = if wanted.is_empty() { &[] } else { &ids };
    for visit in records.appointments(filter, span, false)? {
        visits
            .entry(visit.doctor_id.clone())
            .or_default()
            .push(visit);
    }
    let mut busy: HashMap<CalendarId, Vec<Interval>> = HashMap::new();
    for block in records.busy(&calendars, span)? {
        busy.entry(block.calendar).or_default().push(block.interval);
    }
    let mut entries = records.entries(&calendars, span)?.into_iter();
    let mut held: HashMap<DoctorId, Vec<Held>> = HashMap::new();
    for (doctor, time) in records.held(filter, span)? {
        held.entry(doctor).or_default().push(time);
    }
    let dates: Vec<NaiveDate> = (0..u64::from(count))
        .filter_map(|n| from.checked_add_days(Days::new(n)))
        .collect();
    let mut readings: Vec<Vec<Reading>> = Vec::with_capacity(dates.len());
    for date in &dates {
        readings.push(records.readings(
            &calendars,
            day(zone, *date),
            now - settings.stale_after,
        )?);
    }

    let mut out = Vec::with_capacity(doctors.len() * dates.len());
    for (place, doctor) in doctors.iter().enumerate() {
        let mut own = visits.remove(&doctor.doctor_id).unwrap_or_default();
        let taken = merged(
            busy.get(&doctor.google_calendar_id)
                .cloned()
                .unwrap_or_default(),
        );
        let held = held.remove(&doctor.doctor_id).unwrap_or_default();
        let mut foreign = subtracted(&taken, &merged(own.iter().map(|a| a.visit).collect()));
        let mut events: Vec<CalendarEntry> = entries
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(|entry| titled(entry, settings))
            .collect();
        if let Some(around) = unnamed(&foreign, &events, &held) {
            events.extend(records.strays(&doctor.google_calendar_id, around)?);
            events.sort_by_key(|entry| entry.time);
        }
        if !held.is_empty() {
            foreign.extend(held.iter().map(|held| held.time));
            foreign = merged(foreign);
        }
        for (date, readings) in dates.iter().zip(&readings) {
            let today = day(zone, *date);
            let clip = |list: &[Interval]| {
                list.iter()
                    .filter_map(|i| i.shared(&today))
                    .collect::<Vec<_>>()
            };
            out.push(Sheet {
                doctor_id: doctor.doctor_id.clone(),
                date: *date,
                reading: readings
                    .get(place)
                    .cloned()
                    .unwrap_or(Reading::Unknown { error: None }),
                open: clip(&open(doctor, *date, zone)),
                busy: clip(&foreign),
                visits: of_day(&mut own, &today, |visit| visit.visit),
                events: of_day(&mut events, &today, |entry| entry.time),
                held: held
                    .iter()
                    .filter(|held| held.buffers.around(held.time).meets(&today))
                    .cloned()
                    .collect(),
            });
        }
    }
    Ok(out)
}

/// Takes what meets the day; what reaches into the next stays for that one as well. The days come in order, so
/// hardly anything is copied.
fn of_day<T: Clone>(items: &mut Vec<T>, day: &Interval, time: impl Fn(&T) -> Interval) -> Vec<T> {
    let (here, mut later): (Vec<T>, Vec<T>) = std::mem::take(items)
        .into_iter()
        .partition(|item| time(item).meets(day));
    let reach = here.iter().filter(|item| time(item).end() > day.end());
    let reach: Vec<T> = reach.cloned().collect();
    if !reach.is_empty() {
        later.splice(..0, reach);
    }
    *items = later;
    here
}

/// The entry as it may be shown: titles that are still there from before the clinic left them out are not.
pub(super) fn titled(entry: CalendarEntry, settings: &Settings) -> CalendarEntry {
    if settings.show_titles {
        entry
    } else {
        CalendarEntry {
            title: String::new(),
            ..entry
        }
    }
}

/// The doctor's open stretches that fall on or near the clinic's date. The doctor's zone may be another
/// one, so the days around it count too.
pub(super) fn open(doctor: &Doctor, date: NaiveDate, clinic: Tz) -> Vec<Interval> {
    if doctor.zone == clinic {
        return doctor.hours.open_on(date, doctor.zone);
    }
    let around = [date.pred_opt(), Some(date), date.succ_opt()];
    let all = around
        .into_iter()
        .flatten()
        .flat_map(|d| doctor.hours.open_on(d, doctor.zone))
        .collect();
    let today = day(clinic, date);
    merged(all)
        .iter()
        .filter_map(|i| i.shared(&today))
        .collect()
}
