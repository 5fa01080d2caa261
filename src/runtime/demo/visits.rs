//! A doctor's day of visits. Each day of each doctor can be made alone, so that a million visits need
//! no memory and no order.

use super::random::Random;
use super::staff::{Member, Offer};
use crate::domain::service::{Buffers, conflict};
use crate::domain::time::Interval;
use chrono::{Datelike, Duration, NaiveDate};

/// The most visits of a doctor in a day, called off or not.
pub(super) const MOST_A_DAY: usize = 48;

const DAY: u64 = 31;
const DOCTOR: u64 = 32;

/// A visit before it has names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    /// Place of the doctor.
    pub member: usize,
    /// Which of the doctor's visits of that day it is, from 0.
    pub number: usize,
    pub date: NaiveDate,
    pub time: Interval,
    /// Place of the service.
    pub offer: usize,
    /// It was called off, and its time is free again.
    pub cancelled: bool,
    /// What everything else about it is made from.
    pub grain: u64,
}

/// How full a day is: how often in a hundred a visit starts where one can. Full in the past, ever
/// emptier in the weeks to come.
fn fill(from_today: i64) -> i64 {
    match from_today {
        ..0 => 86,
        0 => 74,
        days => (70 - days * 5 / 2).max(5),
    }
}

/// The visits of one doctor's day, by start.
pub(super) fn of_day(
    seed: u64,
    (place, member): (usize, &Member),
    offers: &[Offer],
    (date, today): (NaiveDate, NaiveDate),
    taken: &[Interval],
) -> Vec<Visit> {
    // some doctors are sought after, others less
    let taste = Random::of(seed, &[DOCTOR, place as u64]).between(-12, 8);
    let fill = (fill((date - today).num_days()) + taste).clamp(2, 97);
    let fill = u64::try_from(fill).unwrap_or_default();
    let day = u64::try_from(date.num_days_from_ce()).unwrap_or_default();
    let mut random = Random::of(seed, &[DAY, place as u64, day]);
    let doctor = &member.doctor;
    let step = Duration::minutes(i64::from(doctor.slot_minutes));
    let minutes = |place: &usize| offers.get(*place).map(|offer| offer.service.minutes);
    let shortest = member
        .work
        .iter()
        .map(|(_, place)| *place)
        .min_by_key(minutes);
    let mut out: Vec<Visit> = Vec::new();
    let mut standing: Vec<(Interval, Buffers)> = Vec::new();
    for window in doctor.hours.open_on(date, doctor.zone) {
        let mut at = window.start();
        while at < window.end() && out.len() < MOST_A_DAY {
            let start = at;
            at += step;
            if !random.in_hundred(fill) {
                continue;
            }
            // what somebody wants, and now and then what still fits instead
            let instead = shortest.filter(|_| random.in_hundred(30));
            let wanted = [random.weighed(&member.work), instead];
            let free = |offer: &usize| {
                let service = &offers.get(*offer)?.service;
                let visit = Interval::lasting(start, service.minutes);
                let blocked = service.buffers.around(visit);
                let free = window.covers(&visit)
                    && !taken.iter().any(|taken| taken.meets(&blocked))
                    // buffers are shorter than two visits
                    && !standing.iter().rev().take(3).any(|(other, buffers)| {
                        conflict(visit, service.buffers, *other, *buffers)
                    });
                free.then_some((*offer, visit, service.buffers))
            };
            let Some((offer, visit, buffers)) = wanted.iter().flatten().find_map(free) else {
                continue;
            };
            let cancelled = random.in_hundred(6);
            out.push(Visit {
                member: place,
                number: out.len(),
                date,
                time: visit,
                offer,
                cancelled,
                grain: random.next(),
            });
            if cancelled && random.in_hundred(60) {
                // somebody else got the time
                at = start;
            }
            if !cancelled {
                standing.push((visit, buffers));
                while at < visit.end() {
                    at += step;
                }
            }
        }
    }
    out
}
