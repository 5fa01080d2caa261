//! An event's start or end: a moment with a time zone, or a day in the calendar's own zone.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, SecondsFormat};
use chrono::{SubsecRound as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::refusal::Refusal;

/// When an event starts or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// A whole day. Where it begins depends on the calendar's zone.
    Day(NaiveDate),
    /// A moment, and the zone in which the event repeats.
    At {
        /// The moment, to the second.
        utc: DateTime<Utc>,
        /// The event's own zone.
        zone: Tz,
    },
}

impl When {
    /// Reads `{"date"}` or `{"dateTime", "timeZone"?}`. `name` is "start" or "end" for the
    /// message. A recurring event must say its zone.
    pub fn parse(
        value: Option<&Value>,
        name: &str,
        calendar: Tz,
        recurring: bool,
    ) -> Result<Self, Refusal> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Err(Refusal::required(format!("Missing {name} time.")));
        };
        let wrong = || Refusal::invalid(format!("Invalid {name} time."));
        let text = |field: &str| match value.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(wrong()),
        };
        if !value.is_object() {
            return Err(wrong());
        }
        let zone = match text("timeZone")? {
            Some(zone) => Some(zone.parse::<Tz>().map_err(|_| {
                Refusal::invalid(format!("Invalid time zone definition for {name} time."))
            })?),
            None => None,
        };
        match (text("date")?, text("dateTime")?) {
            (Some(date), None) => {
                let day = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
                let day = day.filter(|_| date.len() == 10);
                day.map(Self::Day).ok_or_else(|| {
                    Refusal::invalid(format!("Invalid value for: Invalid format: \"{date}\""))
                })
            }
            (None, Some(time)) => {
                let no_zone =
                    || Refusal::required(format!("Missing time zone definition for {name} time."));
                if recurring && zone.is_none() {
                    return Err(no_zone());
                }
                let utc = if let Ok(time) = DateTime::parse_from_rfc3339(time) {
                    time.to_utc()
                } else {
                    let local = NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f")
                        .map_err(|_| {
                            Refusal::invalid(format!(
                                "Invalid value for: Invalid format: \"{time}\""
                            ))
                        })?;
                    resolve(local, zone.ok_or_else(no_zone)?)
                };
                Ok(Self::At {
                    utc: utc.trunc_subsecs(0),
                    zone: zone.unwrap_or(calendar),
                })
            }
            (None, None) => Err(Refusal::required(format!("Missing {name} time."))),
            (Some(_), Some(_)) => Err(wrong()),
        }
    }

    /// As Google answers: the moment in the zone of the answer, beside it the event's own zone.
    pub fn to_json(self, answer: Tz) -> Value {
        match self {
            Self::Day(date) => json!({ "date": date.to_string() }),
            Self::At { utc, zone } => json!({
                "dateTime": rfc3339(utc, answer),
                "timeZone": zone.name(),
            }),
        }
    }

    /// Seconds since 1970 at which this begins.
    pub fn seconds(self, calendar: Tz) -> i64 {
        match self {
            Self::Day(date) => midnight(date, calendar).timestamp(),
            Self::At { utc, .. } => utc.timestamp(),
        }
    }

    pub fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The part of an instance's id behind the underscore.
    pub fn suffix(self) -> String {
        match self {
            Self::Day(date) => date.format("%Y%m%d").to_string(),
            Self::At { utc, .. } => utc.format("%Y%m%dT%H%M%SZ").to_string(),
        }
    }
}

/// A moment as Google writes it: whole seconds, `Z` where the offset is zero.
pub(super) fn rfc3339(utc: DateTime<Utc>, zone: Tz) -> String {
    utc.with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Where a day begins. Some zones skip midnight when summer time comes.
pub(super) fn midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    resolve(date.and_time(chrono::NaiveTime::MIN), zone)
}

/// A wall-clock time as a moment: the earlier one where the hour comes twice, moved on by the
/// gap where it does not come at all.
pub(super) fn resolve(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.to_utc(),
        LocalResult::None => {
            let before = local - Duration::hours(3);
            match zone.from_local_datetime(&before).earliest() {
                Some(time) => time.to_utc() + Duration::hours(3),
                None => local.and_utc(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::{New_York, Sao_Paulo};
    use chrono_tz::Europe::{Berlin, London};

    fn parse(value: &Value) -> Result<When, Refusal> {
        When::parse(Some(value), "start", Berlin, false)
    }

    #[test]
    fn moments_are_answered_in_the_calendars_zone() {
        let when = parse(&json!({"dateTime": "2026-11-24T03:00:00.5-05:00"})).unwrap();
        let expected =
            json!({"dateTime": "2026-11-24T09:00:00+01:00", "timeZone": "Europe/Berlin"});
        assert_eq!(when.to_json(Berlin), expected);
        assert_eq!(when.to_json(London)["dateTime"], "2026-11-24T08:00:00Z");
        let local = json!({"dateTime": "2026-11-24T03:00:00", "timeZone": "America/New_York"});
        let when = parse(&local).unwrap();
        assert_eq!(when.to_json(Berlin)["timeZone"], "America/New_York");
        assert_eq!(
            when.to_json(New_York)["dateTime"],
            "2026-11-24T03:00:00-05:00"
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_refused() {
        for value in [
            json!({}),
            json!({"dateTime": "2026-11-24T09:00:00"}),
            json!({"dateTime": "yesterday", "timeZone": "Europe/Berlin"}),
            json!({"date": "2026-11-24", "dateTime": "2026-11-24T09:00:00Z"}),
            json!({"date": "2026-11-31"}),
            json!({"dateTime": "2026-11-24T09:00:00Z", "timeZone": "Mars/Base"}),
            json!("2026-11-24"),
        ] {
            assert_eq!(parse(&value).unwrap_err().status, 400, "{value}");
        }
        assert!(When::parse(None, "end", Berlin, false).is_err());
        let no_zone = json!({"dateTime": "2026-11-24T09:00:00Z"});
        assert!(When::parse(Some(&no_zone), "start", Berlin, true).is_err());
    }

    #[test]
    fn a_skipped_midnight_begins_the_day_after_the_gap() {
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        let begins = midnight(day, Sao_Paulo);
        assert_eq!(rfc3339(begins, Sao_Paulo), "2018-11-04T01:00:00-02:00");
    }
}
