//! What a moment of a doctor's day is, and why it cannot be booked where it cannot.

use crate::domain::appointment::Appointment;
use crate::domain::time::{Interval, Moment, merged, subtracted};
use crate::port::query::{Reading, Sheet};
use chrono::Duration;

/// What a moment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The day has not been read from the mirror yet.
    Loading,
    /// In one of our visits.
    Visit(&'a Appointment),
    /// Free for that stretch.
    Free(Interval),
    /// Free, but for less than the doctor's slot length.
    Short(Interval),
    /// Gone by.
    Past,
    /// Outside the doctor's hours.
    Outside,
    /// Taken in the calendar.
    Taken(Interval),
    /// Kept free before or after a visit.
    Buffer(&'a Appointment),
    /// The calendar could not be read.
    Unknown,
}

/// Judges a moment of a sheet. `slot_minutes` is the doctor's slot length.
pub fn judge(
    sheet: Option<&Sheet>,
    moment: Moment,
    slot_minutes: u16,
    now: Moment,
) -> Standing<'_> {
    let Some(sheet) = sheet else {
        return Standing::Loading;
    };
    if let Some(visit) = sheet.visits.iter().find(|v| v.visit.contains(moment)) {
        return Standing::Visit(visit);
    }
    if let Some(busy) = sheet.busy.iter().find(|busy| busy.contains(moment)) {
        return Standing::Taken(*busy);
    }
    if moment < now {
        return Standing::Past;
    }
    if !sheet.open.iter().any(|open| open.contains(moment)) {
        return Standing::Outside;
    }
    if let Some(visit) = sheet.visits.iter().find(|v| v.blocked().contains(moment)) {
        return Standing::Buffer(visit);
    }
    if matches!(sheet.reading, Reading::Unknown { .. }) {
        return Standing::Unknown;
    }
    let mut taken = sheet.busy.clone();
    taken.extend(sheet.visits.iter().map(Appointment::blocked));
    let free = subtracted(&merged(sheet.open.clone()), &merged(taken));
    let rest = free
        .iter()
        .find(|free| free.contains(moment))
        .and_then(|free| Interval::new(moment, free.end()).ok());
    match rest {
        Some(rest) if rest.length() >= Duration::minutes(i64::from(slot_minutes.max(1))) => {
            Standing::Free(rest)
        }
        Some(rest) => Standing::Short(rest),
        None => Standing::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDate};

    fn at(minute: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    fn sheet(reading: Reading) -> Sheet {
        Sheet {
            doctor_id: "d".into(),
            date: NaiveDate::from_ymd_opt(2027, 1, 15).unwrap(),
            reading,
            open: vec![span(0, 240)],
            busy: vec![span(60, 90)],
            visits: vec![],
            events: vec![],
            held: vec![],
        }
    }

    #[test]
    fn a_moment_is_free_only_for_as_long_as_nothing_follows() {
        let live = sheet(Reading::Live { at: at(0) });
        let judge = |minute| judge(Some(&live), at(minute), 30, at(10));
        assert_eq!(judge(15), Standing::Free(span(15, 60)));
        assert_eq!(judge(45), Standing::Short(span(45, 60)));
        assert_eq!(judge(75), Standing::Taken(span(60, 90)));
        assert_eq!(judge(5), Standing::Past);
        assert_eq!(judge(240), Standing::Outside);
    }

    #[test]
    fn an_unread_calendar_is_never_free() {
        let unread = sheet(Reading::Unknown { error: None });
        assert_eq!(judge(Some(&unread), at(15), 30, at(0)), Standing::Unknown);
        assert_eq!(judge(None, at(15), 30, at(0)), Standing::Loading);
    }
}
