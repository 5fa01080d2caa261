//! Who works at the demo clinic and what it offers.

use super::lists::{self, ServiceLine};
use super::random::Random;
use crate::domain::doctor::{Doctor, Kind};
use crate::domain::id::{CalendarId, DoctorId, ServiceId};
use crate::domain::schedule::{HoursError, WeeklyHours};
use crate::domain::service::{Buffers, Service};
use chrono_tz::Tz;

/// A doctor with what only the demo knows of them.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub doctor: Doctor,
    /// How often each service is booked with them, by its place in [`Offer`]'s list.
    pub work: Vec<(u64, usize)>,
    /// When they eat, in minutes from midnight, and how long.
    pub lunch: Option<(u16, u16)>,
}

/// A service with what people come for.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub service: Service,
    pub reasons: Vec<&'static str>,
}

/// A pattern of hours: its name, days and windows, and when its people eat.
type Pattern = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Option<(u16, u16)>,
);

const PATTERNS: &[Pattern] = &[
    (
        "office",
        &[("mon-fri", "08:00-12:00,13:00-17:00")],
        Some((735, 40)),
    ),
    (
        "early",
        &[
            ("mon-thu", "07:30-12:00,12:45-16:00"),
            ("fri", "07:30-13:00"),
        ],
        Some((720, 45)),
    ),
    (
        "late",
        &[
            ("mon,wed,thu", "10:00-14:00,15:00-19:00"),
            ("tue", "12:00-20:00"),
            ("fri", "09:00-13:00"),
        ],
        Some((850, 45)),
    ),
    ("mornings", &[("mon-fri", "08:30-13:00")], None),
    (
        "four",
        &[("mon,tue,thu,fri", "08:00-12:00,13:30-18:00")],
        Some((745, 45)),
    ),
    (
        "saturday",
        &[
            ("tue-fri", "09:00-13:00,14:00-18:00"),
            ("sat", "09:00-13:00"),
        ],
        Some((790, 45)),
    ),
    // no gap: lunch stands in the calendar alone
    ("straight", &[("mon-fri", "08:00-16:00")], Some((720, 30))),
    (
        "weekend",
        &[
            ("mon,wed,fri", "08:00-14:00"),
            ("tue", "14:00-20:00"),
            ("sat,sun", "10:00-13:00"),
        ],
        Some((690, 30)),
    ),
    (
        "abroad",
        &[("mon-fri", "08:00-12:00,13:00-16:30")],
        Some((725, 30)),
    ),
];

const SERVICE: u64 = 1;
const DOCTOR: u64 = 2;

pub(super) fn offers(seed: u64) -> Vec<Offer> {
    let offer = |(place, line): (usize, ServiceLine)| Offer {
        service: Service {
            service_id: ServiceId::new(id(seed, SERVICE, place)),
            service_name: line.name.to_owned(),
            minutes: line.minutes,
            buffers: Buffers::new(line.before, line.after).unwrap_or_default(),
            active: true,
        },
        reasons: line.reasons,
    };
    lists::services()
        .into_iter()
        .enumerate()
        .map(offer)
        .collect()
}

/// So many doctors of a clinic in `zone`. Those beyond the list have the given name of one on it and
/// the family name of another.
pub(super) fn members(seed: u64, count: usize, zone: Tz) -> Vec<Member> {
    let lines = lists::doctors();
    let services = lists::services();
    let member = |place: usize| {
        let line = lines.get(place % lines.len().max(1))?;
        let round = place / lines.len().max(1);
        let named = lines.get((place + round * 7) % lines.len())?;
        let (given, family) = (line.given, named.family);
        let address = match round {
            0 => named.address.1.to_owned(),
            _ => format!("{}.{}", line.address.0, named.address.1),
        };
        let name = format!("{} {given} {family}", line.title);
        let (hours, lunch) = hours(line.hours);
        let work = services.iter().enumerate().filter_map(|(at, service)| {
            let of = service.work.iter().find(|(work, _)| *work == line.work);
            of.map(|(_, weight)| (*weight, at))
        });
        Some(Member {
            doctor: Doctor {
                doctor_id: DoctorId::new(id(seed, DOCTOR, place)),
                doctor_name: name.trim().to_owned(),
                google_calendar_id: CalendarId::new(format!("{address}@riverside.example")),
                specialty: line.specialty.to_owned(),
                kind: kind(line.kind),
                zone: if line.hours == "abroad" {
                    abroad(zone)
                } else {
                    zone
                },
                hours,
                slot_minutes: line.slot_minutes,
                active: true,
            },
            work: work.collect(),
            lunch,
        })
    };
    (0..count).filter_map(member).collect()
}

/// The most doctors whose names all differ.
pub(super) fn most() -> usize {
    lists::doctors().len() * 5
}

fn id(seed: u64, what: u64, place: usize) -> String {
    Random::of(seed, &[what, place as u64]).uuid().to_string()
}

fn kind(word: &str) -> Kind {
    match word {
        "consultant" => Kind::Consultant,
        "trainer" => Kind::Trainer,
        "therapist" => Kind::Therapist,
        _ => Kind::Doctor,
    }
}

/// A zone that is not the clinic's, an hour or two away from most of Europe.
fn abroad(zone: Tz) -> Tz {
    if zone == chrono_tz::Europe::London {
        chrono_tz::Europe::Helsinki
    } else {
        chrono_tz::Europe::London
    }
}

fn hours(pattern: &str) -> (WeeklyHours, Option<(u16, u16)>) {
    let found = PATTERNS.iter().find(|(name, ..)| *name == pattern);
    let read = |(_, days, lunch): &Pattern| {
        let hours = days
            .iter()
            .try_fold(WeeklyHours::default(), |hours, (days, windows)| {
                hours.with(days, windows)
            })?;
        Ok::<_, HoursError>((hours, *lunch))
    };
    found
        .and_then(|found| read(found).ok())
        .unwrap_or_else(|| (WeeklyHours::office(), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_pattern_that_a_doctor_has_can_be_read() {
        for line in lists::doctors() {
            let found = PATTERNS.iter().find(|(name, ..)| *name == line.hours);
            let (_, days, _) = found.unwrap();
            for (days, windows) in *days {
                WeeklyHours::default().with(days, windows).unwrap();
            }
        }
    }

    #[test]
    fn doctors_differ_however_many_there_are() {
        let berlin = chrono_tz::Europe::Berlin;
        let members = members(1, most(), berlin);
        assert_eq!(members.len(), most());
        let all = |of: &dyn Fn(&Doctor) -> String| {
            let found: HashSet<String> = members.iter().map(|m| of(&m.doctor)).collect();
            found.len()
        };
        assert_eq!(all(&|d| d.doctor_id.to_string()), most());
        assert_eq!(all(&|d| d.doctor_name.clone()), most());
        assert_eq!(all(&|d| d.google_calendar_id.to_string()), most());
        assert!(members.iter().all(|m| !m.work.is_empty()));
    }

    #[test]
    fn six_doctors_share_the_zone_and_among_many_is_one_abroad() {
        let berlin = chrono_tz::Europe::Berlin;
        let zones = |count| -> HashSet<Tz> {
            let members = members(1, count, berlin);
            members.iter().map(|m| m.doctor.zone).collect()
        };
        assert_eq!(zones(6).len(), 1);
        assert_eq!(zones(40).len(), 2);
        let six = members(1, 6, berlin);
        let hours: HashSet<String> = six
            .iter()
            .map(|m| format!("{:?}", m.doctor.hours))
            .collect();
        assert_eq!(hours.len(), 6);
        let slots: HashSet<u16> = six.iter().map(|m| m.doctor.slot_minutes).collect();
        assert_eq!(slots, HashSet::from([15, 20, 30]));
        assert_eq!(
            six[0].doctor.google_calendar_id.as_str(),
            "chen@riverside.example"
        );
    }
}
