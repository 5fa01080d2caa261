//! The one judgement of an event: whether and why it blocks time. The verify step, the sync and the
//! grid all ask here, so that nothing shows free and then refuses.

use super::event::{Event, EventKind, EventStatus};
use super::id::ClinicId;
use super::time::Interval;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Why an event takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A confirmed visit of this clinic.
    Visit,
    /// A claim of this clinic that is not confirmed yet.
    Claim,
    /// An entry of a person, or of another clinic.
    Private,
    /// Out of office.
    OutOfOffice,
    /// Focus time.
    FocusTime,
    /// An all-day entry that is not marked free.
    AllDay,
}

/// Time that an event takes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The event's own times.
    pub visit: Interval,
    /// The visit with the buffers that its mark names; equal to `visit` for a person's event.
    pub blocked: Interval,
    /// Why.
    pub reason: Reason,
}

/// Whether an event of a calendar in `zone` takes its owner's time. None for what is cancelled,
/// marked free, declined, a working location or a birthday.
pub fn blocks(event: &Event, zone: Tz, clinic: &ClinicId) -> Option<Block> {
    if event.status == EventStatus::Cancelled || event.transparent || event.declined {
        return None;
    }
    if matches!(event.kind, EventKind::WorkingLocation | EventKind::Birthday) {
        return None;
    }
    let times = event.times?;
    let visit = times.interval(zone)?;
    if let Some(mark) = event.mark.as_ref().filter(|mark| mark.clinic == *clinic) {
        let claim = event.status == EventStatus::Tentative;
        let reason = if claim { Reason::Claim } else { Reason::Visit };
        return Some(Block {
            visit,
            blocked: mark.buffers.around(visit),
            reason,
        });
    }
    let reason = match (event.kind, times) {
        (EventKind::OutOfOffice, _) => Reason::OutOfOffice,
        (EventKind::FocusTime, _) => Reason::FocusTime,
        (_, super::event::EventTimes::AllDay { .. }) => Reason::AllDay,
        _ => Reason::Private,
    };
    Some(Block {
        visit,
        blocked: visit,
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::super::event::EventTimes;
    use super::*;
    use chrono::{DateTime, NaiveDate};

    fn plain() -> Event {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Event {
            id: "e1".into(),
            etag: None,
            status: EventStatus::Confirmed,
            times: Some(EventTimes::Timed(Interval::lasting(start, 30))),
            transparent: false,
            kind: EventKind::Default,
            declined: false,
            summary: String::new(),
            updated: None,
            mark: None,
        }
    }

    #[test]
    fn what_takes_time_and_what_does_not() {
        let zone = chrono_tz::Europe::Berlin;
        let clinic = ClinicId::new("c");
        let why = |event: &Event| blocks(event, zone, &clinic).map(|b| b.reason);
        assert_eq!(why(&plain()), Some(Reason::Private));
        assert_eq!(
            why(&Event {
                status: EventStatus::Tentative,
                ..plain()
            }),
            Some(Reason::Private)
        );
        assert_eq!(
            why(&Event {
                status: EventStatus::Cancelled,
                ..plain()
            }),
            None
        );
        assert_eq!(
            why(&Event {
                transparent: true,
                ..plain()
            }),
            None
        );
        assert_eq!(
            why(&Event {
                declined: true,
                ..plain()
            }),
            None
        );
        assert_eq!(
            why(&Event {
                kind: EventKind::WorkingLocation,
                ..plain()
            }),
            None
        );
        assert_eq!(
            why(&Event {
                kind: EventKind::OutOfOffice,
                ..plain()
            }),
            Some(Reason::OutOfOffice)
        );
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let all_day = Event {
            times: Some(EventTimes::AllDay {
                from: day(24),
                until: day(25),
            }),
            ..plain()
        };
        assert_eq!(why(&all_day), Some(Reason::AllDay));
        assert_eq!(
            blocks(&all_day, zone, &clinic).unwrap().visit.minutes(),
            1440
        );
    }
}
