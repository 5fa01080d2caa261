//! Doctors, their hours, and services.

use super::args::{CalendarSet, DoctorAct, DoctorAdd, HoursAct, ServiceAct, ServiceAdd};
use super::objects::{DoctorLineObject, DoctorObject, ServiceObject};
use super::say;
use super::voice::{Done, Failure, Result};
use super::{Front, find, input, misfit, zones};
use crate::domain::doctor::Doctor;
use crate::domain::service::{Buffers, Service};
use crate::port::command::{Command, NewDoctor, NewService, Outcome};
use crate::port::query::{DoctorLine, Reading};
use std::fmt::Write;

/// Longest days or hours as typed: seven days of many windows.
const MOST_HOURS: usize = 200;

pub(super) fn doctor(front: &mut Front<'_>, act: &DoctorAct) -> Result<Done> {
    match act {
        DoctorAct::Add(add) => add_doctor(front, add),
        DoctorAct::List => list_doctors(front),
        DoctorAct::Calendar(set) => set_calendar(front, set),
    }
}

fn add_doctor(front: &mut Front<'_>, add: &DoctorAdd) -> Result<Done> {
    let zone = add.zone.as_deref().map(zones::parse).transpose();
    let command = Command::AddDoctor(NewDoctor {
        name: input::name(&add.name, "doctor's name")?,
        calendar: input::calendar(&add.calendar)?,
        specialty: input::label(&add.specialty, "specialty")?,
        kind: add.kind.into(),
        zone: zone.map_err(Failure::usage)?,
    });
    match front.perform(command)? {
        Outcome::Doctor(doctor) => doctor_done(front, "Taken on", &doctor),
        _ => Err(misfit()),
    }
}

fn set_calendar(front: &mut Front<'_>, set: &CalendarSet) -> Result<Done> {
    let overview = front.overview()?;
    let doctor = find::doctor(&overview, &set.doctor)?.doctor_id.clone();
    let calendar = input::calendar(&set.calendar)?;
    match front.perform(Command::SetCalendar(doctor, calendar))? {
        Outcome::Doctor(doctor) => doctor_done(front, "Changed", &doctor),
        _ => Err(misfit()),
    }
}

fn doctor_done(front: &Front<'_>, what: &str, doctor: &Doctor) -> Result<Done> {
    front.done(&DoctorObject::from(doctor), || {
        format!(
            "{what}: {}\n  hours     {} ({})\n  calendar  {}\n  id        {}",
            doctor.doctor_name,
            say::hours(&doctor.hours),
            doctor.zone,
            doctor.google_calendar_id,
            doctor.doctor_id
        )
    })
}

fn list_doctors(front: &Front<'_>) -> Result<Done> {
    let overview = front.overview()?;
    let objects: Vec<DoctorLineObject<'_>> = overview.doctors.iter().map(Into::into).collect();
    front.done(&objects, || {
        if overview.doctors.is_empty() {
            return "There is no doctor yet: frontdesk doctor add --name NAME --calendar ID"
                .to_owned();
        }
        let rows: Vec<Vec<String>> = overview
            .doctors
            .iter()
            .map(|line| doctor_row(front, line))
            .collect();
        format!("Times of {}\n{}", front.zone(), say::table(&rows))
    })
}

fn doctor_row(front: &Front<'_>, line: &DoctorLine) -> Vec<String> {
    let zone = front.zone();
    let reading = match &line.reading {
        Reading::Live { .. } => "live".to_owned(),
        Reading::Stale { at, .. } => format!("stale since {}", say::at(*at, zone)),
        Reading::Unknown { error: None } => "unknown: not read for today".to_owned(),
        Reading::Unknown {
            error: Some((_, why)),
        } => format!("unknown: {why}"),
    };
    let next = match line.next_free {
        Some(slot) => format!("free {}", say::at(slot.start(), zone)),
        None => "-".to_owned(),
    };
    vec![
        line.doctor.doctor_name.clone(),
        line.doctor.specialty.clone(),
        next,
        reading,
        line.doctor.doctor_id.to_string(),
    ]
}

pub(super) fn hours(front: &mut Front<'_>, act: &HoursAct) -> Result<Done> {
    let HoursAct::Set(set) = act;
    if set.days.len() > MOST_HOURS || set.hours.len() > MOST_HOURS {
        return Err(Failure::usage(
            "The days or hours are too long: write mon-fri 08:00-12:00,13:00-17:00. Nothing was changed.",
        ));
    }
    let overview = front.overview()?;
    let doctor = find::doctor(&overview, &set.doctor)?;
    let week = doctor
        .hours
        .clone()
        .with(&set.days, &set.hours)
        .map_err(|error| Failure::usage(format!("{error}. Nothing was changed.")))?;
    match front.perform(Command::SetHours(doctor.doctor_id.clone(), week))? {
        Outcome::Doctor(doctor) => doctor_done(front, "Hours set", &doctor),
        _ => Err(misfit()),
    }
}

pub(super) fn service(front: &mut Front<'_>, act: &ServiceAct) -> Result<Done> {
    match act {
        ServiceAct::Add(add) => add_service(front, add),
        ServiceAct::List => list_services(front),
    }
}

fn add_service(front: &mut Front<'_>, add: &ServiceAdd) -> Result<Done> {
    let command = Command::AddService(NewService {
        name: input::name(&add.name, "service's name")?,
        minutes: add.minutes,
        buffers: Buffers::new(add.buffer_before, add.buffer_after)
            .map_err(|error| Failure::usage(error.to_string()))?,
    });
    match front.perform(command)? {
        Outcome::Service(service) => front.done(&ServiceObject::from(&service), || {
            format!(
                "Offered: {}, {}\n  id  {}",
                service.service_name,
                lasts(&service),
                service.service_id
            )
        }),
        _ => Err(misfit()),
    }
}

fn lasts(service: &Service) -> String {
    let mut text = format!("{} min", service.minutes);
    let buffers = service.buffers;
    if buffers != Buffers::NONE {
        let _ = write!(
            text,
            " (kept free: {} before, {} after)",
            buffers.before(),
            buffers.after()
        );
    }
    text
}

fn list_services(front: &Front<'_>) -> Result<Done> {
    let overview = front.overview()?;
    let objects: Vec<ServiceObject<'_>> = overview.services.iter().map(Into::into).collect();
    front.done(&objects, || {
        let rows: Vec<Vec<String>> = overview
            .services
            .iter()
            .map(|service| {
                vec![
                    service.service_name.clone(),
                    lasts(service),
                    service.service_id.to_string(),
                ]
            })
            .collect();
        if rows.is_empty() {
            "There is no service yet: frontdesk service add --name NAME --minutes N".to_owned()
        } else {
            say::table(&rows)
        }
    })
}
