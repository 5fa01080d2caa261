//! What answers change on the desk. Each tells whether anything that is seen has changed.

use super::{first_of_month, picked_up};
use crate::app::effect::Effect;
use crate::app::state::{State, Tone};
use crate::domain::id::DoctorId;
use crate::domain::time::Moment;
use crate::port::query::{Answer, FreeSlot, Query, Sheet};
use crate::port::report::Topic;
use chrono::{Days, Duration, NaiveDate};
use std::sync::Arc;

/// Takes an answer that is not void.
pub(in crate::app) fn answered(state: &mut State, query: &Query, answer: &Answer) -> bool {
    match (query, answer) {
        (_, Answer::Overview(overview)) => {
            let changed = state.overview.as_ref() != Some(overview);
            if changed {
                state.overview = Some(overview.clone());
            }
            changed
        }
        (Query::Sheets { from, days, .. }, Answer::Sheets(sheets)) => {
            let seen = take_sheets(state, sheets, *from, *days);
            picked_up::follow(state) || seen
        }
        (Query::Month { month, .. }, Answer::Month(days)) => {
            let month = first_of_month(*month);
            let changed = state.desk.month_of != month || state.desk.month != *days;
            state.desk.month_of = month;
            state.desk.month.clone_from(days);
            changed
        }
        (Query::Appointment(_), Answer::Appointment(card)) => {
            let changed = state.detail.as_ref() != Some(card);
            if let Some(moved) = &mut state.picked_up {
                moved.hear(card);
            }
            state.detail = Some((**card).clone());
            changed
        }
        (Query::Slots { .. }, Answer::Slots(slots)) => jump(state, slots),
        _ => false,
    }
}

fn take_sheets(state: &mut State, sheets: &[Sheet], from: NaiveDate, days: u16) -> bool {
    let desk = &mut state.desk;
    let until = from
        .checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(from);
    let outdated = desk.sheets.len();
    desk.sheets
        .retain(|(date, _), _| (from..until).contains(date));
    let mut changed = outdated != desk.sheets.len();
    for sheet in sheets {
        let key: (NaiveDate, DoctorId) = (sheet.date, sheet.doctor_id.clone());
        if desk.sheets.get(&key).is_none_or(|old| **old != *sheet) {
            desk.sheets.insert(key, Arc::new(sheet.clone()));
            changed = true;
        }
    }
    // Only what is in the grid is seen; days kept beside it are not.
    let mut seen = false;
    for column in &mut desk.grid.columns {
        let fresh = desk.sheets.get(&(column.date, column.doctor.clone()));
        let same = match (fresh, &column.sheet) {
            (Some(fresh), Some(shown)) => Arc::ptr_eq(fresh, shown),
            (None, None) => true,
            _ => false,
        };
        if changed && !same {
            let relaid = super::Column::new(
                column.doctor.clone(),
                column.date,
                fresh.cloned(),
                column.times.clone(),
            );
            *column = relaid;
            seen = true;
        }
    }
    seen
}

/// Goes to the slot that was searched for.
fn jump(state: &mut State, slots: &[FreeSlot]) -> bool {
    let Some(jump) = state.desk.jump.take() else {
        return false;
    };
    let place = |id: &DoctorId| {
        state
            .doctors()
            .iter()
            .position(|line| line.doctor.doctor_id == *id)
    };
    let lead = jump
        .fitting
        .map_or(Duration::zero(), |fitting| fitting.lead);
    let mut found: Vec<(Moment, Option<usize>, DoctorId)> = slots
        .iter()
        .map(|free| {
            let start = free.slot.start() + lead;
            (start, place(&free.doctor_id), free.doctor_id.clone())
        })
        .collect();
    let own = jump.fitting.and_then(|fitting| fitting.own);
    if let Some((own, doctor)) = own.zip(jump.doctor.clone()) {
        found.push((own, place(&doctor), doctor));
    }
    found.sort_unstable();
    let next = found
        .into_iter()
        .find(|(start, place, _)| (*start, *place) > jump.after);
    if let Some((start, _, doctor)) = next {
        state.desk.doctor = Some(doctor);
        let zone = state.clinic.zone;
        state.desk.select_moment(zone, start);
    } else {
        let whose = match jump.doctor.as_ref().and_then(|id| state.doctor(id)) {
            Some(doctor) if jump.fitting.is_some() => {
                format!(
                    "{} has no time that this visit fits into",
                    doctor.doctor_name
                )
            }
            Some(doctor) => format!("{} has no free slot", doctor.doctor_name),
            None => "No doctor has a free slot".to_owned(),
        };
        let text = format!(
            "{whose} in the 60 days from there, as far as the calendars are known. \
             A calendar that could not be read (?) is not counted as free."
        );
        state.say(Tone::Plain, text);
    }
    true
}

/// Asks anew for what is shown.
pub(in crate::app) fn mirror_changed(state: &mut State, out: &mut Vec<Effect>) {
    for topic in [Topic::Overview, Topic::Sheets, Topic::Month, Topic::Detail] {
        out.extend(state.questions.renew(topic));
    }
}
