//! What a free/busy answer says of each calendar that was asked for.
//!
//! Only a calendar that is in the answer, without errors and with its list of busy time, is known.
//! All else is unknown, never free.

use crate::domain::id::CalendarId;
use crate::domain::text;
use crate::domain::time::{Interval, merged};
use crate::port::calendar::BusyAnswer;
use google_calendar3::api::{FreeBusyCalendar, FreeBusyResponse};

/// The reason for a calendar that the answer leaves out.
const MISSING: &str = "missing";
/// The reason for busy time that cannot be read.
const UNREADABLE: &str = "unreadable";

/// The answer for each calendar, in the order asked for.
pub(super) fn answers(
    asked: &[CalendarId],
    window: Interval,
    answer: &FreeBusyResponse,
) -> Vec<(CalendarId, BusyAnswer)> {
    let of = |id: &CalendarId| answer.calendars.as_ref()?.get(id.as_str());
    asked
        .iter()
        .map(|id| {
            let said = of(id).map_or_else(
                || BusyAnswer::Unknown(MISSING.to_owned()),
                |calendar| read(calendar, window),
            );
            (id.clone(), said)
        })
        .collect()
}

fn read(calendar: &FreeBusyCalendar, window: Interval) -> BusyAnswer {
    if let Some(error) = calendar.errors.as_ref().and_then(|list| list.first()) {
        let reason = text::clean(error.reason.as_deref().unwrap_or_default(), 60);
        return BusyAnswer::Unknown(if reason.is_empty() {
            UNREADABLE.to_owned()
        } else {
            reason
        });
    }
    let Some(periods) = &calendar.busy else {
        return BusyAnswer::Unknown(MISSING.to_owned());
    };
    let mut busy = Vec::with_capacity(periods.len());
    for period in periods {
        match (period.start, period.end) {
            // Google's stretches can overlap, touch and stick out of the window; one without length
            // takes no time
            (Some(start), Some(end)) if start <= end => {
                busy.extend(
                    Interval::new(start, end)
                        .ok()
                        .and_then(|i| i.shared(&window)),
                );
            }
            _ => return BusyAnswer::Unknown(UNREADABLE.to_owned()),
        }
    }
    BusyAnswer::Busy(merged(busy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use serde_json::json;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn span(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    #[test]
    fn only_a_calendar_that_answers_without_errors_is_known() {
        let answer: FreeBusyResponse = serde_json::from_value(json!({
            "calendars": {
                "busy": {"busy": [
                    {"start": at(50), "end": at(70)},
                    {"start": at(-10), "end": at(10)},
                    {"start": at(10), "end": at(20)},
                    {"start": at(55), "end": at(60)},
                    {"start": at(30), "end": at(30)},
                    {"start": at(80), "end": at(90)},
                ]},
                "free": {"busy": [], "errors": null},
                "locked": {"busy": [], "errors": [{"domain": "global", "reason": "notFound"}]},
                "wordless": {"busy": [], "errors": [{}]},
                "bare": {},
                "turned": {"busy": [{"start": at(9), "end": at(3)}]},
                "open": {"busy": [{"start": at(9)}]},
            }
        }))
        .unwrap();
        let ids = [
            "free", "busy", "locked", "wordless", "bare", "turned", "open", "gone",
        ];
        let asked: Vec<CalendarId> = ids.into_iter().map(Into::into).collect();
        let unknown = |why: &str| BusyAnswer::Unknown(why.to_owned());
        let expected = vec![
            BusyAnswer::Busy(vec![]),
            BusyAnswer::Busy(vec![span(0, 20), span(50, 60)]),
            unknown("notFound"),
            unknown("unreadable"),
            unknown("missing"),
            unknown("unreadable"),
            unknown("unreadable"),
            unknown("missing"),
        ];
        let expected: Vec<_> = asked.iter().cloned().zip(expected).collect();
        assert_eq!(answers(&asked, span(0, 60), &answer), expected);
    }
}
