//! Why a time cannot be booked. The desk reads the calendar of that day first; what it says is an answer either way,
//! and no failure.

use super::args::Why;
use super::objects::WhyObject;
use super::say;
use super::voice::{Done, Result};
use super::{Front, find, input, misfit};
use crate::domain::dates::say_time;
use crate::domain::doctor::Doctor;
use crate::domain::time::Moment;
use crate::port::command::Length;
use crate::port::query::{Answer, Obstacle, Query};

pub(super) fn why(front: &Front<'_>, act: &Why) -> Result<Done> {
    let start = input::start(&act.start, front.zone())?;
    let overview = front.overview()?;
    let doctor = find::doctor(&overview, &act.doctor)?;
    let service = act
        .service
        .as_deref()
        .map(|typed| find::service(&overview, typed))
        .transpose()?;
    let length = match (service, act.minutes) {
        (Some(service), _) => Some(Length::Service(service.service_id.clone())),
        (None, Some(minutes)) => Some(Length::Minutes(minutes)),
        (None, None) => None,
    };
    let minutes = service.map_or(u32::from(doctor.slot_minutes), |service| service.minutes);
    let minutes = act.minutes.unwrap_or(minutes);
    let query = Query::Why {
        doctor: doctor.doctor_id.clone(),
        start,
        length,
    };
    let Answer::Why(obstacles) = front.ask(&query)? else {
        return Err(misfit());
    };
    front.done(&WhyObject::from(obstacles.as_slice()), || {
        told(front, doctor, (start, minutes), &obstacles)
    })
}

fn told(
    front: &Front<'_>,
    doctor: &Doctor,
    (start, minutes): (Moment, u32),
    obstacles: &[Obstacle],
) -> String {
    let zone = front.zone();
    let head = format!(
        "{}, {} {}, {minutes} minutes, times of {zone}",
        doctor.doctor_name,
        say::day(say::date_of(start, zone)),
        say_time(start, zone)
    );
    if obstacles.is_empty() {
        return format!("{head}\nThis time is free.");
    }
    let sentences: Vec<&str> = obstacles.iter().map(|o| o.sentence.as_str()).collect();
    format!("{head}\n{}", sentences.join("\n"))
}
