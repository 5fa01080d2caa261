//! Free slots, from hours, the mirror of the calendar, and our own records. A day that has not been read
//! is unknown and offers nothing.

use super::super::settings::Settings;
use super::sheets::open;
use crate::domain::doctor::Doctor;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::service::Buffers;
use crate::domain::slots::{self, Wanted, free_slots};
use crate::domain::time::{Interval, Moment, day, days};
use crate::port::command::{Code, Length, Refusal};
use crate::port::query::{FreeSlot, Reading};
use crate::port::store::{Records, StoreError};
use chrono::{Days, Duration, NaiveDate};
use std::collections::HashMap;

/// What is looked for.
pub(super) struct Search<'a> {
    pub doctors: &'a [DoctorId],
    pub not_before: Moment,
    pub date: NaiveDate,
    pub days: u16,
    pub length: Option<&'a Length>,
    pub limit: usize,
}

/// Days around a lost slot that are searched for another.
const NEAR_DAYS: u16 = 15;

pub(super) fn slots(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    search: &Search<'_>,
) -> Result<Vec<FreeSlot>, Refusal> {
    let fixed = visit_of(records, search.length)?;
    let mut doctors = records.doctors()?;
    doctors.retain(|d| {
        d.active && (search.doctors.is_empty() || search.doctors.contains(&d.doctor_id))
    });
    let ground = Ground::read(records, settings, now, &doctors, search.date, search.days)?;
    let mut out = Vec::new();
    for doctor in &doctors {
        let visit = fixed.unwrap_or((u32::from(doctor.slot_minutes), Buffers::NONE));
        let free = ground.free(settings, doctor, visit, search.not_before, search.limit);
        out.extend(free.into_iter().map(|slot| FreeSlot {
            doctor_id: doctor.doctor_id.clone(),
            slot,
        }));
    }
    out.sort_by_key(|free| free.slot);
    out.truncate(search.limit);
    Ok(out)
}

/// Minutes and buffers of what is asked for; none: nothing was said of it.
pub(super) fn visit_of(
    records: &impl Records,
    length: Option<&Length>,
) -> Result<Option<(u32, Buffers)>, Refusal> {
    Ok(match length {
        None => None,
        Some(Length::Minutes(minutes)) => Some((*minutes, Buffers::NONE)),
        Some(Length::Service(id)) => {
            let service = records
                .services()?
                .into_iter()
                .find(|s| s.service_id == *id);
            let service =
                service.ok_or_else(|| Refusal::new(Code::NotFound, "There is no such service."))?;
            Some((service.minutes, service.buffers))
        }
    })
}

/// The next slot of each doctor's own length. Looks a little way first: most have one soon.
pub(super) fn next_free(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    doctors: &[Doctor],
) -> Result<HashMap<DoctorId, Interval>, StoreError> {
    let today = now.with_timezone(&settings.zone).date_naive();
    let mut found = HashMap::new();
    let horizon = settings.horizon_days.max(1);
    let mut from = 0u16;
    for until in [1, 3, 9, horizon] {
        let missing: Vec<Doctor> = doctors
            .iter()
            .filter(|d| !found.contains_key(&d.doctor_id))
            .cloned()
            .collect();
        let Some(date) = today.checked_add_days(Days::new(u64::from(from))) else {
            break;
        };
        if missing.is_empty() || until.min(horizon) <= from {
            continue;
        }
        let ground = Ground::read(
            records,
            settings,
            now,
            &missing,
            date,
            until.min(horizon) - from,
        )?;
        for doctor in &missing {
            let visit = (u32::from(doctor.slot_minutes), Buffers::NONE);
            if let Some(slot) = ground.free(settings, doctor, visit, now, 1).first() {
                found.insert(doctor.doctor_id.clone(), *slot);
            }
        }
        from = until.min(horizon);
    }
    Ok(found)
}

/// The free slots nearest to a time that was lost.
pub fn nearest(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    doctor: &Doctor,
    to: Moment,
    visit: (u32, Buffers),
    count: usize,
) -> Result<Vec<Interval>, StoreError> {
    let date = to.with_timezone(&settings.zone).date_naive();
    let today = now.with_timezone(&settings.zone).date_naive();
    let from = date
        .checked_sub_days(Days::new(2))
        .unwrap_or(date)
        .max(today);
    let ground = Ground::read(
        records,
        settings,
        now,
        std::slice::from_ref(doctor),
        from,
        NEAR_DAYS,
    )?;
    let free = ground.free(settings, doctor, visit, now, usize::MAX);
    Ok(slots::nearest(&free, to, count))
}

/// What is known of some doctors over some days.
struct Ground {
    dates: Vec<NaiveDate>,
    busy: HashMap<CalendarId, Vec<Interval>>,
    taken: HashMap<DoctorId, Vec<(Interval, Buffers)>>,
    /// Per day: which calendars have been read.
    known: Vec<HashMap<CalendarId, bool>>,
}

impl Ground {
    fn read(
        records: &impl Records,
        settings: &Settings,
        now: Moment,
        doctors: &[Doctor],
        from: NaiveDate,
        count: u16,
    ) -> Result<Self, StoreError> {
        let zone = settings.zone;
        let span = days(zone, from, count).widened(Duration::hours(2), Duration::hours(2));
        let ids: Vec<DoctorId> = doctors.iter().map(|d| d.doctor_id.clone()).collect();
        let calendars: Vec<CalendarId> = doctors
            .iter()
            .map(|d| d.google_calendar_id.clone())
            .collect();
        let mut busy: HashMap<CalendarId, Vec<Interval>> = HashMap::new();
        for block in records.busy(&calendars, span)? {
            busy.entry(block.calendar).or_default().push(block.interval);
        }
        let mut taken: HashMap<DoctorId, Vec<(Interval, Buffers)>> = HashMap::new();
        for (doctor, visit, buffers) in records.taken(&ids, span)? {
            taken.entry(doctor).or_default().push((visit, buffers));
        }
        let dates: Vec<NaiveDate> = (0..u64::from(count))
            .filter_map(|n| from.checked_add_days(Days::new(n)))
            .collect();
        let known = known(
            records,
            settings,
            now,
            &calendars,
            &dates,
            days(zone, from, count),
        )?;
        Ok(Self {
            dates,
            busy,
            taken,
            known,
        })
    }

    fn free(
        &self,
        settings: &Settings,
        doctor: &Doctor,
        (minutes, buffers): (u32, Buffers),
        not_before: Moment,
        limit: usize,
    ) -> Vec<Interval> {
        let none_busy = Vec::new();
        let none_taken = Vec::new();
        let busy = self
            .busy
            .get(&doctor.google_calendar_id)
            .unwrap_or(&none_busy);
        let taken = self.taken.get(&doctor.doctor_id).unwrap_or(&none_taken);
        let wanted = Wanted {
            minutes,
            buffers,
            step: doctor.slot_minutes,
            not_before,
        };
        let mut out = Vec::new();
        for (date, known) in self.dates.iter().zip(&self.known) {
            if out.len() >= limit {
                break;
            }
            if known.get(&doctor.google_calendar_id) != Some(&true) {
                continue;
            }
            let windows = open(doctor, *date, settings.zone);
            let Some((first, last)) = windows.first().zip(windows.last()) else {
                continue;
            };
            // Only what can matter for this day, so that a long search stays linear.
            let near = Interval::new(first.start(), last.end())
                .map(|i| i.widened(Duration::hours(26), Duration::hours(2)));
            let Ok(near) = near else { continue };
            let busy = within(busy, near, |i| *i);
            let taken = within(taken, near, |(visit, _)| *visit);
            out.extend(free_slots(&windows, busy, taken, wanted));
        }
        out.truncate(limit);
        out
    }
}

/// The run of a list in order of start that can meet the stretch, nothing being longer than a day before
/// it.
fn within<T>(list: &[T], near: Interval, of: impl Fn(&T) -> Interval) -> &[T] {
    let from = list.partition_point(|item| of(item).end() <= near.start());
    let until = list.partition_point(|item| of(item).start() < near.end());
    list.get(from..until).unwrap_or(&[])
}

fn known(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
    calendars: &[CalendarId],
    dates: &[NaiveDate],
    span: Interval,
) -> Result<Vec<HashMap<CalendarId, bool>>, StoreError> {
    let fresh = now - settings.stale_after;
    let is_known = |reading: &Reading| !matches!(reading, Reading::Unknown { .. });
    let map = |readings: &[Reading]| {
        calendars
            .iter()
            .cloned()
            .zip(readings.iter().map(is_known))
            .collect::<HashMap<_, _>>()
    };
    // One read that covers all of it is the usual case.
    let whole = records.readings(calendars, span, fresh)?;
    if whole.iter().all(is_known) {
        let all = map(&whole);
        return Ok(dates.iter().map(|_| all.clone()).collect());
    }
    let mut out = Vec::with_capacity(dates.len());
    for date in dates {
        out.push(map(&records.readings(
            calendars,
            day(settings.zone, *date),
            fresh,
        )?));
    }
    Ok(out)
}
