//! Why a place cannot be booked: gathers what the sheets say around it, [`crate::domain::why`] judges and words it.

use crate::app::grid::Standing;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Appointment;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::service::Buffers;
use crate::domain::time::{Interval, merged};
use crate::domain::why::{self, CalendarEntry, Facts, Held, Known, Why, Words};
use crate::port::query::{Reading, Sheet};
use chrono::NaiveDate;

/// What stands at the selected moment, and what can be done: plain sentences.
pub fn why(state: &State) -> String {
    let Some(doctor) = state.selected_doctor() else {
        return "There is no doctor yet.".to_owned();
    };
    let name = &doctor.doctor_name;
    let at = state.selected_moment();
    let in_the_way = |minutes: u16, keep: fn(&Why) -> bool| {
        let wanted = Interval::lasting(at, u32::from(minutes));
        let mut whys = obstacles(state, doctor, (wanted, Buffers::NONE), None);
        whys.retain(keep);
        words(state, doctor).say_all(&whys)
    };
    match state.standing() {
        Standing::Loading => "This day is being read from the desk's own records.".to_owned(),
        Standing::Free(free) => format!("Free until {}.", wording::time(state, free.end())),
        Standing::Short(free) => format!(
            "Free for {} only, until {}. A slot of {name} takes {}. {}",
            wording::length(free.minutes()),
            wording::time(state, free.end()),
            wording::length(i64::from(doctor.slot_minutes)),
            in_the_way(doctor.slot_minutes, |why| !why.is_doubt()),
        ),
        Standing::Visit(_) => in_the_way(1, |why| matches!(why, Why::Visit { .. })),
        Standing::Past | Standing::Outside | Standing::Taken(_) | Standing::Buffer(_) => {
            format!("{} f finds the next free slot.", in_the_way(1, |_| true))
        }
        Standing::Unknown => format!(
            "{} Whether this time is free is not known, so it is not offered. R reads it again.",
            in_the_way(1, |_| true)
        ),
    }
}

/// What stands in the way of a visit of the selected doctor before all else: the room beside a visit in hand is for
/// that one. `besides` is the visit that is to be moved itself.
pub(super) fn first_in_words(
    state: &State,
    wanted: (Interval, Buffers),
    besides: Option<&AppointmentId>,
) -> String {
    let Some(doctor) = state.selected_doctor() else {
        return String::new();
    };
    let whys = obstacles(state, doctor, wanted, besides);
    let first = whys.first().map(|why| words(state, doctor).say(why));
    first.unwrap_or_default()
}

fn words<'a>(state: &State, doctor: &'a Doctor) -> Words<'a> {
    Words {
        doctor,
        zone: state.clinic.zone,
        today: state.today(),
    }
}

fn obstacles(
    state: &State,
    doctor: &Doctor,
    (wanted, buffers): (Interval, Buffers),
    besides: Option<&AppointmentId>,
) -> Vec<Why> {
    let zone = state.clinic.zone;
    let date = wanted.start().with_timezone(&zone).date_naive();
    let sheets = sheets_around(state, &doctor.doctor_id, date);
    let is_other = |id: &AppointmentId| besides != Some(id);
    // what reaches over midnight is in the sheets of both days
    let mut visits: Vec<Appointment> = Vec::new();
    let mut held: Vec<Held> = Vec::new();
    let mut entries: Vec<CalendarEntry> = Vec::new();
    for sheet in &sheets {
        let same = |visits: &[Appointment], id: &AppointmentId| {
            visits.iter().any(|visit| visit.appointment_id == *id)
        };
        for visit in &sheet.visits {
            if is_other(&visit.appointment_id) && !same(&visits, &visit.appointment_id) {
                visits.push(visit.clone());
            }
        }
        for time in &sheet.held {
            if is_other(&time.appointment_id) && !held.contains(time) {
                held.push(time.clone());
            }
        }
        for entry in &sheet.events {
            if !entries.contains(entry) {
                entries.push(entry.clone());
            }
        }
    }
    let all = |of: fn(&Sheet) -> &[Interval]| {
        let spans = sheets.iter().flat_map(|sheet| of(sheet));
        merged(spans.copied().collect())
    };
    let facts = Facts {
        doctor,
        now: state.now,
        zone,
        open: &all(|sheet| &sheet.open),
        busy: &all(|sheet| &sheet.busy),
        visits: &visits,
        held: &held,
        entries: &entries,
        known: known(sheets.iter().find(|sheet| sheet.date == date).copied()),
    };
    why::why(wanted, buffers, &facts)
}

fn known(sheet: Option<&Sheet>) -> Known {
    match sheet.map(|sheet| &sheet.reading) {
        Some(Reading::Live { .. } | Reading::Stale { .. }) => Known::Read,
        Some(Reading::Unknown { error }) => Known::Unread {
            failed: error.clone(),
        },
        None => Known::Unread { failed: None },
    }
}

/// The doctor's sheets of the day and of those beside it, as far as they are at hand: a visit or its buffers may
/// reach over midnight.
pub(super) fn sheets_around<'a>(
    state: &'a State,
    doctor: &DoctorId,
    date: NaiveDate,
) -> Vec<&'a Sheet> {
    [date.pred_opt(), Some(date), date.succ_opt()]
        .into_iter()
        .flatten()
        .filter_map(|date| state.desk.sheets.get(&(date, doctor.clone())))
        .map(AsRef::as_ref)
        .collect()
}
