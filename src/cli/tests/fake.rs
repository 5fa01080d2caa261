//! A desk with two doctors, three people and one visit.

use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::{Doctor, Kind};
use crate::domain::id::{EventId, NoticeNo, ServiceId};
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::{Buffers, Service};
use crate::domain::time::{Interval, Moment};
use crate::port::command::{Code, Command, Length, Outcome, Refusal, Retried, Who};
use crate::port::desk::{Clinic, Desk};
use crate::port::notices::{Notice, ReadWhich};
use crate::port::query::{
    Answer, AppointmentCard, Counts, CustomerCard, CustomerHit, DoctorLine, Entry, FreeSlot,
    Obstacle, Overview, Query, Reading, RepairItem, Requests, Sheet,
};
use crate::port::report::Progress;
use chrono::{Days, NaiveDate};
use std::cell::RefCell;

pub const CHEN: &str = "d0c70000-0000-4000-8000-00000000c4e0";
pub const OKAFOR: &str = "d0c7aaaa-0000-4000-8000-0000000000f0";
pub const CHECK_UP: &str = "5e700000-0000-4000-8000-000000000001";
pub const MARIA: &str = "c0570000-0000-4000-8000-000000000001";
pub const OTHER_MARIA: &str = "c0570000-0000-4000-8000-000000000002";
pub const LI: &str = "c0570000-0000-4000-8000-000000000003";
pub const VISIT: &str = "a9900000-1111-4000-8000-000000000001";

pub fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

pub struct FakeDesk {
    clinic: Clinic,
    pub doctors: Vec<DoctorLine>,
    pub services: Vec<Service>,
    pub people: Vec<Customer>,
    pub visits: Vec<Appointment>,
    pub repairs: Vec<RepairItem>,
    pub notices: Vec<Notice>,
    pub whys: Vec<Obstacle>,
    pub slots: Vec<Interval>,
    pub unknown_days: Vec<NaiveDate>,
    /// Why slots cannot be told.
    pub slots_refused: Option<Refusal>,
    /// What the next command comes to, where it is not what was asked for.
    pub result: RefCell<Option<Result<Outcome, Refusal>>>,
    pub progress: Vec<Progress>,
    pub performed: RefCell<Vec<Command>>,
    pub asked: RefCell<Vec<Query>>,
}

fn doctor(id: &str, name: &str, calendar: &str) -> DoctorLine {
    DoctorLine {
        doctor: Doctor {
            doctor_id: id.into(),
            doctor_name: name.to_owned(),
            google_calendar_id: calendar.into(),
            specialty: "General".to_owned(),
            kind: Kind::Doctor,
            zone: chrono_tz::Europe::Berlin,
            hours: WeeklyHours::office(),
            slot_minutes: 20,
            active: true,
        },
        reading: Reading::Live {
            at: at("2026-11-21T09:40:00Z"),
        },
        next_free: Some(Interval::lasting(at("2026-11-23T07:00:00Z"), 20)),
        visits_today: 0,
    }
}

fn person(id: &str, name: &str, born: Option<&str>, mobile: Option<&str>) -> Customer {
    Customer {
        customer_id: id.into(),
        customer_name: name.to_owned(),
        mobile: mobile.map(str::to_owned),
        email: None,
        born: born.map(|b| b.parse().unwrap()),
    }
}

pub fn visit() -> Appointment {
    Appointment {
        appointment_id: VISIT.into(),
        customer_id: LI.into(),
        customer_name: "李雷".to_owned(),
        doctor_id: CHEN.into(),
        doctor_name: "Dr. Anna Chen".to_owned(),
        google_calendar_id: "chen@elm.example".into(),
        google_event_id: Some(EventId::new("ev1")),
        etag: None,
        service_id: Some(CHECK_UP.into()),
        service_name: "Check-up".to_owned(),
        visit: Interval::lasting(at("2026-11-24T09:30:00.75Z"), 30),
        buffers: Buffers::new(5, 10).unwrap(),
        zone: chrono_tz::Europe::Berlin,
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        source: Source::Desk,
        reason: "a cough".to_owned(),
        rev: 0,
        attempt: 1,
        created_at: at("2026-11-20T08:00:00Z"),
        created_by: "Ada".to_owned(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}

impl FakeDesk {
    pub fn new() -> Self {
        Self {
            clinic: Clinic {
                name: "Elm Street".to_owned(),
                zone: chrono_tz::Europe::Berlin,
            },
            doctors: vec![
                doctor(CHEN, "Dr. Anna Chen", "chen@elm.example"),
                doctor(OKAFOR, "Dr. Ben Okafor", "okafor@elm.example"),
            ],
            services: vec![Service {
                service_id: CHECK_UP.into(),
                service_name: "Check-up".to_owned(),
                minutes: 30,
                buffers: Buffers::new(5, 10).unwrap(),
                active: true,
            }],
            people: vec![
                person(
                    MARIA,
                    "Maria López",
                    Some("1980-05-03"),
                    Some("+49 30 1234"),
                ),
                person(OTHER_MARIA, "María López", None, None),
                person(LI, "李雷", Some("1991-01-30"), None),
            ],
            visits: vec![visit()],
            repairs: Vec::new(),
            notices: Vec::new(),
            whys: Vec::new(),
            slots: Vec::new(),
            unknown_days: Vec::new(),
            slots_refused: None,
            result: RefCell::new(None),
            progress: Vec::new(),
            performed: RefCell::new(Vec::new()),
            asked: RefCell::new(Vec::new()),
        }
    }

    pub fn refusing(code: Code, message: &str, nearest: Vec<Interval>) -> Self {
        let mut refusal = Refusal::new(code, message);
        refusal.nearest = nearest;
        Self::ending(Err(refusal))
    }

    pub fn ending(result: Result<Outcome, Refusal>) -> Self {
        let desk = Self::new();
        *desk.result.borrow_mut() = Some(result);
        desk
    }

    /// The only command that was given.
    pub fn command(&self) -> Command {
        let given = self.performed.borrow();
        assert_eq!(given.len(), 1, "{given:?}");
        given[0].clone()
    }

    fn none(what: &str) -> Refusal {
        Refusal::new(Code::NotFound, format!("there is no such {what}"))
    }

    fn told(&self, unread_only: bool, limit: usize) -> Vec<Notice> {
        let wanted = |notice: &&Notice| !(unread_only && notice.read);
        let told = self.notices.iter().filter(wanted).take(limit);
        told.cloned().collect()
    }

    fn overview(&self) -> Overview {
        Overview {
            doctors: self.doctors.clone(),
            services: self.services.clone(),
            counts: Counts::default(),
            unread: 0,
            undoable: None,
            requests: Requests::default(),
        }
    }

    fn booked(&self, book: &crate::port::command::Book) -> Appointment {
        let (minutes, service, buffers) = match &book.length {
            Length::Service(id) => {
                let service = self.services.iter().find(|s| s.service_id == *id).unwrap();
                (service.minutes, Some(id.clone()), service.buffers)
            }
            Length::Minutes(minutes) => (*minutes, None, Buffers::NONE),
        };
        let customer = match &book.customer {
            Who::Known(id) => self.people.iter().find(|p| p.customer_id == *id).cloned(),
            Who::New(new) => Some(person("c-new", &new.name, None, None)),
        }
        .unwrap();
        Appointment {
            customer_id: customer.customer_id,
            customer_name: customer.customer_name,
            service_name: service.as_ref().map_or("", |_| "Check-up").to_owned(),
            service_id: service.map(|s: ServiceId| s),
            visit: Interval::lasting(book.start, minutes),
            buffers,
            reason: book.reason.clone(),
            ..visit()
        }
    }
}

impl Desk for FakeDesk {
    fn clinic(&self) -> &Clinic {
        &self.clinic
    }

    fn now(&self) -> Moment {
        at("2026-11-21T09:49:00Z")
    }

    fn ask(&self, query: &Query) -> Result<Answer, Refusal> {
        self.asked.borrow_mut().push(query.clone());
        Ok(match query {
            Query::Overview => Answer::Overview(self.overview()),
            Query::Sheets { from, days, .. } => Answer::Sheets(
                (0..*days)
                    .map(|day| {
                        let date = *from + Days::new(u64::from(day));
                        Sheet {
                            doctor_id: CHEN.into(),
                            date,
                            reading: if self.unknown_days.contains(&date) {
                                Reading::Unknown { error: None }
                            } else {
                                Reading::Live { at: self.now() }
                            },
                            open: Vec::new(),
                            busy: Vec::new(),
                            visits: Vec::new(),
                            events: Vec::new(),
                            held: Vec::new(),
                        }
                    })
                    .collect(),
            ),
            // like the real search: parts of the name, accents folded
            Query::Customers { text, limit } => {
                let fold = |t: &str| t.to_lowercase().replace('í', "i").replace('ó', "o");
                Answer::Customers(
                    self.people
                        .iter()
                        .filter(|p| fold(&p.customer_name).contains(&fold(text)))
                        .take(*limit)
                        .map(|p| CustomerHit {
                            customer: p.clone(),
                            last_visit: None,
                            next_visit: (p.customer_id.as_str() == LI)
                                .then(|| (visit().visit.start(), visit().doctor_name)),
                        })
                        .collect(),
                )
            }
            Query::Customer(id) => Answer::Customer(CustomerCard {
                customer: self
                    .people
                    .iter()
                    .find(|p| p.customer_id == *id)
                    .cloned()
                    .ok_or_else(|| Self::none("customer"))?,
                visits: self
                    .visits
                    .iter()
                    .filter(|v| v.customer_id == *id)
                    .cloned()
                    .collect(),
            }),
            Query::Appointment(id) => {
                let appointment = self
                    .visits
                    .iter()
                    .find(|v| v.appointment_id.as_str().starts_with(id.as_str()))
                    .cloned()
                    .ok_or_else(|| Self::none("appointment"))?;
                Answer::Appointment(Box::new(AppointmentCard {
                    unsent: false,
                    customer: self
                        .people
                        .iter()
                        .find(|p| p.customer_id == appointment.customer_id)
                        .cloned(),
                    appointment,
                    timeline: vec![Entry {
                        at: at("2026-11-20T08:00:00Z"),
                        actor: "Ada".to_owned(),
                        what: "booked".to_owned(),
                    }],
                    repair: None,
                }))
            }
            Query::Slots { .. } => match &self.slots_refused {
                Some(refusal) => return Err(refusal.clone()),
                None => Answer::Slots(
                    self.slots
                        .iter()
                        .map(|slot| FreeSlot {
                            doctor_id: CHEN.into(),
                            slot: *slot,
                        })
                        .collect(),
                ),
            },
            Query::Why { .. } => Answer::Why(self.whys.clone()),
            Query::Agenda { .. } => Answer::Visits(self.visits.clone()),
            Query::Repairs => Answer::Repairs(self.repairs.clone()),
            Query::Notices { unread_only, limit } => {
                Answer::Notices(self.told(*unread_only, *limit))
            }
            Query::Month { .. } | Query::FindVisits { .. } => panic!("not asked for here"),
        })
    }

    fn perform(
        &self,
        command: Command,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Outcome, Refusal> {
        self.performed.borrow_mut().push(command.clone());
        for step in &self.progress {
            progress(*step);
        }
        if let Some(result) = self.result.borrow_mut().take() {
            return result;
        }
        Ok(match command {
            Command::AddDoctor(new) => {
                let mut line = doctor("d-new", &new.name, new.calendar.as_str());
                line.doctor.specialty = new.specialty;
                line.doctor.zone = new.zone.unwrap_or(self.clinic.zone);
                Outcome::Doctor(line.doctor)
            }
            Command::SetHours(id, hours) => {
                let line = self.doctors.iter().find(|l| l.doctor.doctor_id == id);
                let mut doctor = line.unwrap().doctor.clone();
                doctor.hours = hours;
                Outcome::Doctor(doctor)
            }
            Command::AddService(new) => Outcome::Service(Service {
                service_id: "s-new".into(),
                service_name: new.name,
                minutes: new.minutes,
                buffers: new.buffers,
                active: true,
            }),
            Command::AddCustomer(new) => Outcome::Customer(Customer {
                customer_id: "c-new".into(),
                customer_name: new.name,
                mobile: new.mobile,
                email: new.email,
                born: new.born,
            }),
            Command::Book(book) => Outcome::Booked(self.booked(&book)),
            Command::Cancel { reason, .. } => Outcome::Cancelled(Appointment {
                status: Status::Cancelled,
                cancelled_at: Some(self.now()),
                cancellation_reason: Some(reason),
                ..visit()
            }),
            Command::Retry(_) | Command::RetryAll => Outcome::Retried(vec![Retried {
                appointment: visit(),
                message: "confirmed by Google".to_owned(),
            }]),
            Command::ReadNotices(ReadWhich::These(these)) => {
                let known = |no: &NoticeNo| self.notices.iter().any(|n| n.number == *no && !n.read);
                let read = these.iter().filter(|no| known(no)).count();
                Outcome::NoticesRead(u32::try_from(read).unwrap())
            }
            Command::ReadNotices(_) => {
                let unread = self.notices.iter().filter(|n| !n.read).count();
                Outcome::NoticesRead(u32::try_from(unread).unwrap())
            }
            other => panic!("not given here: {other:?}"),
        })
    }
}
