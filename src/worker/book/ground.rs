//! What a booking needs to know before it can be written down, and what the rules say to it.

use super::super::answers::of_hours;
use super::super::clinic::length_refusal;
use super::super::engine::Engine;
use super::Apart;
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::service::{Buffers, MOST_VISIT_MINUTES, Service};
use crate::domain::time::Interval;
use crate::domain::why::Why;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Book, Code, Length, Refusal, Who};
use crate::port::store::Store;

/// Everything that a booking needs from the database before it can be written down.
pub(super) struct Ground {
    pub doctor: Doctor,
    pub service: Option<Service>,
    pub customer: Option<Customer>,
    pub apart: Apart,
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn ground(&self, book: &Book) -> Result<Ground, Refusal> {
        let book = book.clone();
        let protocol = self.settings().protocol;
        let (doctor, services, customer, apart) = self
            .store(move |store| {
                let doctor = store
                    .doctors()?
                    .into_iter()
                    .find(|d| d.doctor_id == book.doctor);
                let customer = match &book.customer {
                    Who::Known(id) => store.customer(id)?,
                    Who::New(_) => None,
                };
                let service = match &book.length {
                    Length::Service(id) => {
                        store.services()?.into_iter().find(|s| s.service_id == *id)
                    }
                    Length::Minutes(_) => None,
                };
                let wanted = matches!(book.length, Length::Service(_));
                Ok((
                    doctor,
                    (service, wanted),
                    customer,
                    Apart::read(store, protocol)?,
                ))
            })
            .await?;
        let doctor =
            doctor.ok_or_else(|| Refusal::new(Code::NotFound, "There is no such doctor."))?;
        if !doctor.active {
            let words = format!("{} takes no bookings any more.", doctor.doctor_name);
            return Err(Refusal::new(Code::Rule, words));
        }
        let service = match services {
            (None, true) => return Err(Refusal::new(Code::NotFound, "There is no such service.")),
            (Some(service), _) if !service.active => {
                let words = format!("{} is not offered any more.", service.service_name);
                return Err(Refusal::new(Code::Rule, words));
            }
            (service, _) => service,
        };
        Ok(Ground {
            doctor,
            service,
            customer,
            apart,
        })
    }

    /// When the visit is, if the rules allow it.
    pub(super) fn visit(
        &self,
        book: &Book,
        ground: &Ground,
    ) -> Result<(Interval, Buffers), Refusal> {
        let (minutes, buffers) = match (&book.length, &ground.service) {
            (_, Some(service)) => (service.minutes, service.buffers),
            (Length::Minutes(minutes), None) => (*minutes, Buffers::NONE),
            (Length::Service(_), None) => {
                return Err(Refusal::new(Code::NotFound, "There is no such service."));
            }
        };
        if !(1..=MOST_VISIT_MINUTES).contains(&minutes) {
            return Err(length_refusal(minutes));
        }
        let visit = Interval::lasting(book.start, minutes);
        self.must_be_open(&ground.doctor, visit)?;
        Ok((visit, buffers))
    }

    /// Refuses what is over, or outside the doctor's hours.
    pub(in crate::worker) fn must_be_open(
        &self,
        doctor: &Doctor,
        visit: Interval,
    ) -> Result<(), Refusal> {
        let zone = self.settings().zone;
        let why = if visit.end() <= self.now() {
            Some(Why::Past)
        } else {
            of_hours(doctor, visit, zone)
        };
        match why {
            Some(why) => Err(Refusal::new(
                Code::Rule,
                self.not_available(doctor, visit, &[why]),
            )),
            None => Ok(()),
        }
    }
}
