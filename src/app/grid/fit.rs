//! Whether a visit that is being moved fits at a moment, and why it does not where it does not. The
//! same rules as for a new booking, with one exception: the visit's own present time counts as free.

use crate::domain::appointment::Appointment;
use crate::domain::service::{Buffers, conflict};
use crate::domain::slots::{Wanted, free_slots};
use crate::domain::time::{Interval, Moment, merged};
use crate::port::query::{Reading, Sheet};

/// How a new time suits a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit<'a> {
    /// The day has not been read from the mirror yet.
    Loading,
    /// It stands there already.
    Same,
    /// It can be moved there, as far as is known.
    Fits,
    /// Gone by.
    Past,
    /// Not, or not wholly, in the doctor's hours.
    Outside,
    /// Taken in the calendar.
    Taken(Interval),
    /// Another of our visits stands there.
    Visit(&'a Appointment),
    /// It would come too near to another visit: one of the two keeps that time free.
    Near(&'a Appointment),
    /// The calendar could not be read.
    Unknown,
    /// Another doctor's time.
    OtherDoctor,
}

/// Judges a new start of a visit. `sheets` are the doctor's on the day of the start and on the days
/// beside it, as far as they are known: a visit or its buffers may reach over midnight.
pub fn fit<'a>(
    sheets: &[&'a Sheet],
    day: Option<&'a Sheet>,
    visit: &Appointment,
    start: Moment,
    now: Moment,
) -> Fit<'a> {
    let Some(day) = day else {
        return Fit::Loading;
    };
    let Some(to) = at(visit, start) else {
        return Fit::Loading;
    };
    if to == visit.visit {
        return Fit::Same;
    }
    if start < now {
        return Fit::Past;
    }
    let others = || {
        let all = sheets.iter().flat_map(|sheet| &sheet.visits);
        all.filter(|other| other.appointment_id != visit.appointment_id)
    };
    if let Some(other) = others().find(|other| other.visit.meets(&to)) {
        return Fit::Visit(other);
    }
    let blocked = visit.buffers.around(to);
    let mut busy = sheets.iter().flat_map(|sheet| &sheet.busy);
    if let Some(taken) = busy.find(|taken| taken.meets(&blocked)) {
        return Fit::Taken(*taken);
    }
    let open = merged(sheets.iter().flat_map(|s| s.open.clone()).collect());
    if !open.iter().any(|open| open.covers(&to)) {
        return Fit::Outside;
    }
    let near = |other: &&Appointment| conflict(to, visit.buffers, other.visit, other.buffers);
    if let Some(other) = others().find(near) {
        return Fit::Near(other);
    }
    if matches!(day.reading, Reading::Unknown { .. }) {
        return Fit::Unknown;
    }
    Fit::Fits
}

/// The visit's stretch if it started at that moment.
pub fn at(visit: &Appointment, start: Moment) -> Option<Interval> {
    Interval::new(start, start + visit.visit.length()).ok()
}

/// The first start on the doctor's slots, not before a moment, at which the visit fits on one of these
/// days of its doctor. A day whose calendar could not be read offers nothing.
pub fn first_fitting(
    sheets: &[&Sheet],
    visit: &Appointment,
    slot_minutes: u16,
    not_before: Moment,
) -> Option<Moment> {
    let busy: Vec<Interval> = merged(sheets.iter().flat_map(|s| s.busy.clone()).collect());
    let others = sheets.iter().flat_map(|sheet| &sheet.visits);
    let visits: Vec<(Interval, Buffers)> = others
        .filter(|other| other.appointment_id != visit.appointment_id)
        .map(|other| (other.visit, other.buffers))
        .collect();
    let wanted = Wanted {
        minutes: u32::try_from(visit.visit.minutes()).unwrap_or(u32::MAX),
        buffers: visit.buffers,
        step: slot_minutes,
        not_before,
    };
    sheets
        .iter()
        .filter(|sheet| !matches!(sheet.reading, Reading::Unknown { .. }))
        .flat_map(|sheet| free_slots(&sheet.open, &busy, &visits, wanted))
        .map(|slot| slot.start())
        .filter(|start| *start != visit.visit.start())
        .min()
}

#[cfg(test)]
mod tests;
