//! The demo clinic as data: the same plan makes the same clinic. Nothing is kept that can be made
//! again, so a million appointments are made as they are asked for.

use super::people::People;
use super::private::{self, Entry};
use super::random::Random;
use super::staff::{self, Member, Offer};
use super::visits::{self, MOST_A_DAY, Visit};
use super::{DemoError, Plan, diary, lists};
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, EventId};
use crate::domain::service::Service;
use crate::domain::time::{Moment, at_or_after};
use chrono::{Datelike, Days, Duration, NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;

/// Days before and after today that are lived in unless more visits are asked for.
const PAST: i64 = 14;
const COMING: i64 = 27;
/// How far back visits may go to make up the number asked for.
const MOST_PAST: i64 = 20 * 365;
/// Calendars reach back so many days; older visits are history that the database alone knows.
pub const CALENDAR_DAYS: u64 = 60;
/// At least so many people, and of each hundred visits so many more.
const FEWEST_PEOPLE: u64 = 300;
const PEOPLE_IN_HUNDRED: u64 = 6;

const PEOPLE: u64 = 41;
const DESKS: &[&str] = &["Mara Vogt", "Jannis Roth", "Front desk"];

/// A clinic made from a plan.
#[derive(Debug)]
pub struct Clinic {
    plan: Plan,
    members: Vec<Member>,
    offers: Vec<Offer>,
    entries: Vec<Vec<Entry>>,
    cancellations: Vec<&'static str>,
    people: People,
    /// The first day with how many of its first visits are left out, and the last day with how many of
    /// its last ones.
    first: (NaiveDate, usize),
    last: (NaiveDate, usize),
    count: usize,
}

impl Clinic {
    /// Plans the clinic. Fails when there are too many doctors to name, or when the doctors could not
    /// have had so many visits in twenty years.
    pub fn new(plan: &Plan) -> Result<Self, DemoError> {
        if !(1..=staff::most()).contains(&plan.doctors) {
            return Err(DemoError::Doctors {
                asked: plan.doctors,
                most: staff::most(),
            });
        }
        let members = staff::members(plan.seed, plan.doctors, plan.zone);
        let from = plan.today.checked_sub_days(Days::new(CALENDAR_DAYS));
        let days = (from.unwrap_or(plan.today), plan.today);
        let entries = members.iter().enumerate();
        let entries = entries.map(|member| diary::entries(member, (plan.zone, plan.seed), days));
        let mut clinic = Self {
            plan: plan.clone(),
            entries: entries.collect(),
            members,
            offers: staff::offers(plan.seed),
            cancellations: lists::cancellations(),
            people: People::new(plan.seed, plan.today, 0),
            first: (plan.today, usize::MAX),
            last: (plan.today, 0),
            count: 0,
        };
        clinic.choose_days()?;
        let visits = clinic.count as u64;
        // enough that nobody need come twice a day
        let people = FEWEST_PEOPLE
            .max(visits * PEOPLE_IN_HUNDRED / 100)
            .max((MOST_A_DAY * (plan.doctors + 1)) as u64);
        clinic.people = People::new(plan.seed, plan.today, people);
        Ok(clinic)
    }

    /// Takes days in until there are as many visits as asked for: today, then its neighbours, then
    /// ever further back.
    fn choose_days(&mut self) -> Result<(), DemoError> {
        let natural = (0..=COMING).flat_map(|days| [days, -days]);
        let natural = natural
            .filter(|days| (-PAST..=COMING).contains(days))
            .skip(1);
        let past = (PAST + 1..=MOST_PAST).map(|days| -days);
        let wanted = self.plan.appointments;
        for days in natural.chain(past) {
            let natural = (-PAST..=COMING).contains(&days);
            if wanted.map_or(!natural, |wanted| self.count >= wanted) {
                return Ok(());
            }
            let date = self.plan.today + Duration::days(days);
            let visits = self.whole_day(date).len();
            let excess = wanted.map_or(0, |wanted| (self.count + visits).saturating_sub(wanted));
            self.count += visits - excess;
            if days <= 0 {
                self.first = (date, excess);
            } else {
                self.last = (date, excess);
            }
        }
        match wanted {
            Some(asked) if self.count < asked => Err(DemoError::Appointments {
                asked,
                doctors: self.plan.doctors,
                most: self.count,
            }),
            _ => Ok(()),
        }
    }

    fn whole_day(&self, date: NaiveDate) -> Vec<Visit> {
        let mut out = Vec::new();
        for ((place, member), entries) in self.members.iter().enumerate().zip(&self.entries) {
            let taken = private::taken(entries, date, member.doctor.zone);
            let days = (date, self.plan.today);
            let (seed, offers) = (self.plan.seed, &self.offers);
            out.extend(visits::of_day(seed, (place, member), offers, days, &taken));
        }
        out.sort_unstable_by_key(|visit| (visit.time.start(), visit.member, visit.number));
        out
    }

    /// The plan it was made from.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who works here, in the order in which they were taken on.
    pub fn doctors(&self) -> Vec<Doctor> {
        self.members.iter().map(|m| m.doctor.clone()).collect()
    }

    /// What is offered.
    pub fn services(&self) -> Vec<Service> {
        self.offers.iter().map(|o| o.service.clone()).collect()
    }

    /// How many people there are.
    pub fn customer_count(&self) -> u64 {
        self.people.count()
    }

    /// Everybody who comes.
    pub fn customers(&self) -> impl Iterator<Item = Customer> + '_ {
        self.people.all()
    }

    /// How many appointments there are, cancelled ones included.
    pub fn appointment_count(&self) -> usize {
        self.count
    }

    /// All appointments by start, without etags: those are the calendar's to give.
    pub fn appointments(&self) -> impl Iterator<Item = Appointment> + '_ {
        self.visits(self.first.0)
            .filter_map(|visit| self.appointment(&visit))
    }

    /// The appointments that have, or had, an event in the calendars.
    pub fn appointments_in_calendars(&self) -> impl Iterator<Item = Appointment> + '_ {
        let from = self.calendars_from().max(self.first.0);
        self.visits(from)
            .filter_map(|visit| self.appointment(&visit))
    }

    /// The first day of the calendars.
    pub fn calendars_from(&self) -> NaiveDate {
        let from = self.plan.today.checked_sub_days(Days::new(CALENDAR_DAYS));
        from.unwrap_or(self.plan.today)
    }

    /// What else stands in the calendars, by doctor.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Doctor, &Entry)> {
        let members = self.members.iter().zip(&self.entries);
        members.flat_map(|(member, entries)| entries.iter().map(|entry| (&member.doctor, entry)))
    }

    fn visits(&self, from: NaiveDate) -> impl Iterator<Item = Visit> + '_ {
        let days = from.iter_days().take_while(|date| *date <= self.last.0);
        days.flat_map(|date| {
            let left_out = |(day, visits)| if day == date { visits } else { 0 };
            let visits = self.whole_day(date);
            let end = visits.len().saturating_sub(left_out(self.last));
            let visits = visits.into_iter().take(end);
            visits.skip(left_out(self.first))
        })
    }

    fn appointment(&self, visit: &Visit) -> Option<Appointment> {
        let doctor = &self.members.get(visit.member)?.doctor;
        let offer = self.offers.get(visit.offer)?;
        let mut random = Random::of(visit.grain, &[]);
        let appointment_id = AppointmentId::new(random.uuid().to_string());
        let customer = self.who_comes(visit);
        let reason = if random.in_hundred(55) {
            random.pick(&offer.reasons).copied().unwrap_or_default()
        } else {
            ""
        };
        let created_at = self.created(visit, doctor.zone, &mut random);
        let created_by = random.pick(DESKS).copied().unwrap_or("Front desk");
        let cancelled = visit.cancelled.then(|| {
            let at = self.cancelled(visit, created_at, &mut random);
            let reason = random.pick(&self.cancellations).copied().unwrap_or("ill");
            (at, reason.to_owned())
        });
        let (cancelled_at, cancellation_reason) = cancelled.unzip();
        Some(Appointment {
            customer_id: self.people.id(customer),
            customer_name: self.people.name(customer),
            doctor_id: doctor.doctor_id.clone(),
            doctor_name: doctor.doctor_name.clone(),
            google_calendar_id: doctor.google_calendar_id.clone(),
            google_event_id: Some(EventId::of_attempt(&appointment_id, 1)),
            appointment_id,
            etag: None,
            service_id: Some(offer.service.service_id.clone()),
            service_name: offer.service.service_name.clone(),
            visit: visit.time,
            buffers: offer.service.buffers,
            zone: doctor.zone,
            status: if visit.cancelled {
                Status::Cancelled
            } else {
                Status::Confirmed
            },
            sync_state: SyncState::Synced,
            source: Source::Demo,
            reason: reason.to_owned(),
            rev: 0,
            attempt: 1,
            created_at,
            created_by: created_by.to_owned(),
            cancelled_at,
            cancellation_reason,
        })
    }

    /// The place of the person who comes: everybody in turn, from another one each day, so that
    /// nobody is at two doctors at once.
    fn who_comes(&self, visit: &Visit) -> u64 {
        let people = self.people.count().max(1);
        let day = u64::try_from(visit.date.num_days_from_ce()).unwrap_or_default();
        let first = Random::of(self.plan.seed, &[PEOPLE, day]).below(people);
        let turn = (visit.member * MOST_A_DAY + visit.number) as u64;
        (first + turn * stride(people)) % people
    }

    /// Booked at a desk hour of a day before the visit and before today.
    fn created(&self, visit: &Visit, zone: Tz, random: &mut Random) -> Moment {
        let latest = visit.date.min(self.plan.today);
        let date = latest - Duration::days(random.between(1, 21));
        let minutes = Duration::minutes(random.between(8 * 60, 18 * 60));
        at_or_after(zone, date.and_time(NaiveTime::MIN) + minutes)
    }

    /// Called off at some time between the booking and the visit, but not later than yesterday.
    fn cancelled(&self, visit: &Visit, created: Moment, random: &mut Random) -> Moment {
        let midnight = self.plan.today.and_time(NaiveTime::MIN);
        let latest = visit
            .time
            .start()
            .min(at_or_after(self.plan.zone, midnight));
        let minutes = (latest - created).num_minutes().max(2);
        let at = created + Duration::minutes(random.between(1, minutes - 1));
        at.with_second(0).unwrap_or(at)
    }
}

/// A step that visits every one of so many places before it comes to one again.
fn stride(places: u64) -> u64 {
    let shared = |mut a: u64, mut b: u64| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let golden = places * 618 / 1000;
    let prime_to = |step: &u64| shared(*step, places) == 1;
    (golden.max(1)..places).find(prime_to).unwrap_or(1)
}

#[cfg(test)]
#[path = "clinic/tests.rs"]
mod tests;
