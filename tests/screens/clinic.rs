//! A clinic that is always the same: Tuesday 24 November 2026, 10:42 in Berlin.

use chrono::{DateTime, Duration, NaiveDate};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::dates::parse_moment;
use frontdesk::domain::doctor::{Doctor, Kind};
use frontdesk::domain::id::{AuditId, DoctorId};
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::service::{Buffers, Service};
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::port::query::{
    Answer, AppointmentCard, Counts, DoctorLine, Entry, FreeSlot, Overview, Query, Reading,
    Requests, Sheet,
};

pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

pub fn at(text: &str) -> Moment {
    parse_moment(text, ZONE).unwrap()
}

pub fn now() -> Moment {
    at("2026-11-24T10:42")
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

const NAMES: [&str; 6] = [
    "Dr Chen",
    "Dr Johnson",
    "Dr Khan",
    "Dr Osei",
    "Dr Przybyszewska-Lindqvist",
    "李 医生",
];

const PEOPLE: [&str; 8] = [
    "Maria Silva Souza",
    "Abel Nwosu",
    "Ines Duarte",
    "Jan de Vries",
    "Bo Lindqvist",
    "Tom Frei",
    "Lea Brandt",
    "Wolfeschlegelsteinhausenbergerdorff-Anastasopoulou",
];

/// Readings of the doctors: three live, one stale, one unknown.
fn reading(place: usize) -> Reading {
    match place {
        2 => Reading::Unknown {
            error: Some((
                at("2026-11-24T10:39"),
                "the calendar is not shared with the desk".to_owned(),
            )),
        },
        4 => Reading::Stale {
            at: at("2026-11-24T10:31"),
            error: Some("Google did not answer (time-out)".to_owned()),
        },
        _ => Reading::Live { at: now() },
    }
}

pub fn id(place: usize) -> DoctorId {
    DoctorId::new(format!("doctor-{place}"))
}

pub fn doctor(place: usize) -> Doctor {
    let hours = WeeklyHours::office();
    Doctor {
        doctor_id: id(place),
        doctor_name: NAMES[place % NAMES.len()].to_owned(),
        google_calendar_id: format!("doctor-{place}@example.com").into(),
        specialty: "General practice".to_owned(),
        kind: Kind::Doctor,
        zone: ZONE,
        hours: if place == 3 {
            hours.with("mon-fri", "14:00-19:00").unwrap()
        } else {
            hours
        },
        slot_minutes: 15,
        active: true,
    }
}

/// Everything the desk could ask about.
pub struct World {
    pub doctors: usize,
}

impl World {
    pub fn overview(&self) -> Overview {
        let line = |place: usize| DoctorLine {
            doctor: doctor(place),
            reading: reading(place),
            next_free: match place {
                2 => None,
                3 => Some(Interval::lasting(at("2026-11-24T14:00"), 15)),
                4 => Some(Interval::lasting(at("2026-11-26T09:00"), 15)),
                _ => Some(Interval::lasting(at("2026-11-24T10:45"), 15)),
            },
            visits_today: 6,
        };
        Overview {
            doctors: (0..self.doctors).map(line).collect(),
            services: vec![Service {
                service_id: "follow-up".into(),
                service_name: "Follow-up".to_owned(),
                minutes: 30,
                buffers: Buffers::NONE,
                active: true,
            }],
            counts: Counts {
                pending: 1,
                repair: 2,
            },
            unread: 0,
            requests: Requests::default(),
            undoable: Some((
                AuditId(7),
                "booked Maria Silva Souza with Dr Chen, today, 11:00".to_owned(),
            )),
        }
    }

    pub fn visits(place: usize, date: NaiveDate) -> Vec<Appointment> {
        let starts: &[(&str, u32)] = match place {
            0 => &[
                ("08:00", 30),
                ("08:45", 15),
                ("09:30", 30),
                ("10:30", 45),
                ("13:00", 10),
                ("13:10", 10),
                ("15:00", 60),
            ],
            1 => &[("09:00", 30), ("10:15", 30), ("11:00", 30)],
            3 => &[("14:30", 30), ("16:05", 25)],
            _ => &[("08:30", 30), ("11:15", 45)],
        };
        starts
            .iter()
            .enumerate()
            .map(|(n, (time, minutes))| {
                let start = at(&format!("{date}T{time}"));
                appointment(place, n, start, *minutes)
            })
            .collect()
    }

    pub fn sheet(place: usize, date: NaiveDate) -> Sheet {
        let span = |from: &str, to: &str| {
            Interval::new(at(&format!("{date}T{from}")), at(&format!("{date}T{to}"))).unwrap()
        };
        let busy = match place {
            1 => vec![span("08:00", "09:00"), span("13:30", "15:10")],
            3 => vec![span("17:00", "18:00")],
            _ => vec![],
        };
        let free_day = place == 0 && date == today() + Duration::days(2);
        Sheet {
            doctor_id: id(place),
            date,
            reading: reading(place),
            open: doctor(place).hours.open_on(date, ZONE),
            busy,
            visits: if free_day {
                vec![]
            } else {
                Self::visits(place, date)
            },
            events: vec![],
            held: vec![],
        }
    }

    #[allow(clippy::unused_self, reason = "reads beside its siblings")]
    pub fn card(&self, appointment: &Appointment) -> AppointmentCard {
        AppointmentCard {
            unsent: false,
            appointment: appointment.clone(),
            customer: Some(Customer {
                customer_id: appointment.customer_id.clone(),
                customer_name: appointment.customer_name.clone(),
                mobile: Some("+49 151 2345".to_owned()),
                email: None,
                born: NaiveDate::from_ymd_opt(1987, 3, 14),
            }),
            timeline: vec![
                Entry {
                    at: at("2026-11-24T10:31"),
                    actor: "ana".to_owned(),
                    what: "confirmed".to_owned(),
                },
                Entry {
                    at: at("2026-11-23T16:02"),
                    actor: "ana".to_owned(),
                    what: "recorded".to_owned(),
                },
            ],
            repair: None,
        }
    }

    /// Answers as the desk's own records would.
    pub fn answer(&self, query: &Query) -> Option<Answer> {
        Some(match query {
            Query::Overview => Answer::Overview(self.overview()),
            Query::Sheets {
                doctors,
                from,
                days,
            } => {
                let wanted: Vec<usize> = (0..self.doctors)
                    .filter(|place| doctors.is_empty() || doctors.contains(&id(*place)))
                    .collect();
                let sheets = wanted.iter().flat_map(|place| {
                    (0..*days).map(|day| Self::sheet(*place, *from + Duration::days(day.into())))
                });
                Answer::Sheets(sheets.collect())
            }
            Query::Month { month, .. } => {
                let days = month.iter_days().take(28);
                Answer::Month(days.zip((0..9).cycle()).collect())
            }
            Query::Appointment(id) => {
                let all = (0..self.doctors).flat_map(|place| {
                    (-9..=9).flat_map(move |day| Self::visits(place, today() + Duration::days(day)))
                });
                let mut all = all;
                let found = all.find(|visit| visit.appointment_id == *id)?;
                Answer::Appointment(Box::new(self.card(&found)))
            }
            Query::Slots { doctors, from, .. } => {
                let free = (0..self.doctors)
                    .filter(|place| doctors.is_empty() || doctors.contains(&id(*place)))
                    .filter(|place| *place != 2);
                let minutes = 15 - from.timestamp() / 60 % 15;
                let start = DateTime::from_timestamp(from.timestamp() / 60 * 60, 0).unwrap()
                    + Duration::minutes(minutes % 15);
                let slots = free.map(|place| FreeSlot {
                    doctor_id: id(place),
                    slot: Interval::lasting(start, 15),
                });
                Answer::Slots(slots.collect())
            }
            Query::Repairs => Answer::Repairs(vec![]),
            Query::Notices { .. } => Answer::Notices(vec![]),
            Query::Customers { .. } => Answer::Customers(vec![]),
            Query::FindVisits { .. } | Query::Agenda { .. } => Answer::Visits(vec![]),
            Query::Customer(_) | Query::Why { .. } => return None,
        })
    }
}

pub fn appointment(place: usize, n: usize, start: Moment, minutes: u32) -> Appointment {
    let person = (place * 3 + n) % PEOPLE.len();
    let (status, sync_state) = match (place, n) {
        (0, 3) => (Status::Pending, SyncState::SyncPending),
        (1, 2) => (Status::Confirmed, SyncState::NeedsRepair),
        _ => (Status::Confirmed, SyncState::Synced),
    };
    Appointment {
        appointment_id: format!("visit-{place}-{n}-{}", start.date_naive()).into(),
        customer_id: format!("person-{person}").into(),
        customer_name: PEOPLE[person].to_owned(),
        doctor_id: id(place),
        doctor_name: doctor(place).doctor_name,
        google_calendar_id: format!("doctor-{place}@example.com").into(),
        google_event_id: None,
        etag: None,
        service_id: Some("follow-up".into()),
        service_name: "Follow-up".to_owned(),
        visit: Interval::lasting(start, minutes),
        buffers: Buffers::NONE,
        zone: ZONE,
        status,
        sync_state,
        source: Source::Desk,
        reason: if n == 0 {
            "Blood pressure".to_owned()
        } else {
            String::new()
        },
        rev: 0,
        attempt: 1,
        created_at: at("2026-11-23T16:02"),
        created_by: "ana".to_owned(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}
