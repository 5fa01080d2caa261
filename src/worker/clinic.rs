//! Doctors, hours, services, customers.

use super::engine::Engine;
use crate::domain::customer::{Customer, NewCustomer};
use crate::domain::doctor::Doctor;
use crate::domain::id::{CustomerId, DoctorId, ServiceId};
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::{MOST_VISIT_MINUTES, Service};
use crate::domain::text::{NAME, clean};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, NewDoctor, NewService, Outcome, Refusal};
use crate::port::store::Store;

/// Slots of a new doctor start every so many minutes.
const SLOT_MINUTES: u16 = 30;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn add_doctor(
        &self,
        actor: &Actor,
        new: NewDoctor,
    ) -> Result<Outcome, Refusal> {
        let doctor = Doctor {
            doctor_id: DoctorId::new(self.inner.ids.uuid().to_string()),
            doctor_name: named(&new.name, "doctor")?,
            google_calendar_id: new.calendar,
            specialty: clean(&new.specialty, NAME),
            kind: new.kind,
            zone: new.zone.unwrap_or(self.settings().zone),
            hours: WeeklyHours::office(),
            slot_minutes: SLOT_MINUTES,
            active: true,
        };
        if doctor.google_calendar_id.as_str().trim().is_empty() {
            return Err(Refusal::new(
                Code::Usage,
                "A doctor needs a calendar: give its id, often an e-mail address.",
            ));
        }
        let (stamp, kept) = (self.stamp(actor), doctor.clone());
        self.store(move |store| store.add_doctor(&stamp, &kept))
            .await?;
        Ok(Outcome::Doctor(doctor))
    }

    pub(super) async fn set_hours(
        &self,
        actor: &Actor,
        id: DoctorId,
        hours: WeeklyHours,
    ) -> Result<Outcome, Refusal> {
        let stamp = self.stamp(actor);
        let doctor = self
            .store(move |store| store.set_hours(&stamp, &id, &hours))
            .await?;
        Ok(Outcome::Doctor(doctor))
    }

    pub(super) async fn add_service(
        &self,
        actor: &Actor,
        new: NewService,
    ) -> Result<Outcome, Refusal> {
        if !(1..=MOST_VISIT_MINUTES).contains(&new.minutes) {
            return Err(length_refusal(new.minutes));
        }
        let service = Service {
            service_id: ServiceId::new(self.inner.ids.uuid().to_string()),
            service_name: named(&new.name, "service")?,
            minutes: new.minutes,
            buffers: new.buffers,
            active: true,
        };
        let (stamp, kept) = (self.stamp(actor), service.clone());
        self.store(move |store| store.add_service(&stamp, &kept))
            .await?;
        Ok(Outcome::Service(service))
    }

    pub(super) async fn add_customer(
        &self,
        actor: &Actor,
        new: NewCustomer,
    ) -> Result<Outcome, Refusal> {
        let customer = self.customer_from(&new)?;
        let (stamp, kept) = (self.stamp(actor), customer.clone());
        self.store(move |store| store.add_customer(&stamp, &kept))
            .await?;
        Ok(Outcome::Customer(customer))
    }

    /// The person as they will be recorded: sanitised, with an id.
    pub(super) fn customer_from(&self, new: &NewCustomer) -> Result<Customer, Refusal> {
        if new.born.is_some_and(|born| born > self.now().date_naive()) {
            return Err(Refusal::new(
                Code::Usage,
                "A birth date cannot be in the future.",
            ));
        }
        let text = |value: &Option<String>| {
            value
                .as_deref()
                .map(|v| clean(v, NAME))
                .filter(|v| !v.is_empty())
        };
        Ok(Customer {
            customer_id: CustomerId::new(self.inner.ids.uuid().to_string()),
            customer_name: named(&new.name, "customer")?,
            mobile: text(&new.mobile),
            email: text(&new.email),
            born: new.born,
        })
    }
}

pub(super) fn length_refusal(minutes: u32) -> Refusal {
    Refusal::new(
        Code::Usage,
        format!(
            "A visit of {minutes} minutes is not possible: it lasts 1 to {MOST_VISIT_MINUTES} minutes."
        ),
    )
}

/// A name that can be said: sanitised, not empty, not a novel.
fn named(text: &str, what: &str) -> Result<String, Refusal> {
    if text.chars().count() > NAME * 4 || clean(text, NAME + 1).chars().count() > NAME {
        let words = format!(
            "The name of the {what} is too long: at most {NAME} characters. Nothing was recorded."
        );
        return Err(Refusal::new(Code::Usage, words));
    }
    let name = clean(text, NAME);
    if name.is_empty() {
        return Err(Refusal::new(
            Code::Usage,
            format!("A {what} needs a name. Nothing was recorded."),
        ));
    }
    Ok(name)
}
