//! Books a visit: checks the request, journals the intent, drives the operation, says how it ended.

mod ground;

use super::drive::{Effort, End};
use super::engine::{Engine, Tell};
use super::refusals::{UNFINISHED_BOOKING, unfinished};
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::dates::{say_day, say_time};
use crate::domain::doctor::Doctor;
use crate::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use crate::domain::id::{AppointmentId, DatabaseId, EventId, OperationId};
use crate::domain::service::Buffers;
use crate::domain::text::{NOTE, clean};
use crate::domain::time::Interval;
use crate::flow::booking::{Booking, LEASE_SECONDS, Protocol};
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::flow::step::Fact;
use crate::flow::wording::{Detail, Facts};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Book, Code, Outcome, Refusal, Who};
use crate::port::report::Progress;
use crate::port::store::{Begun, BookingIntent, Records, Store, StoreError};
use ground::Ground;

/// How this database is kept apart from others, by what is known of them now.
pub(super) struct Apart {
    pub database: DatabaseId,
    pub protocol: Protocol,
}

impl Apart {
    pub(super) fn read(records: &impl Records, configured: Protocol) -> Result<Self, StoreError> {
        let protocol = if records.full_protocol()? {
            Protocol::Full
        } else {
            configured
        };
        Ok(Self {
            database: records.database_id()?,
            protocol,
        })
    }
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn book(
        &self,
        actor: &Actor,
        book: Book,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let key = book.key.clone().map(|key| (key, fingerprint(&book)));
        // Before any rule: what was booked under this key may be over by now, or the rules others.
        if let Some((key, fingerprint)) = key.clone() {
            let now = self.now();
            let known = self
                .store(move |store| store.keyed(&key, &fingerprint, now))
                .await?;
            if let Some(appointment) = known {
                let _turn = self.turn(&appointment.appointment_id).await;
                return self.replayed(actor, appointment, tell).await;
            }
        }
        let ground = self.ground(&book).await?;
        let (visit, buffers) = self.visit(&book, &ground)?;
        let new_customer = match &book.customer {
            Who::New(new) => Some(self.customer_from(new)?),
            Who::Known(_) => None,
        };
        let reason = clean(&book.reason, NOTE + 1);
        if reason.chars().count() > NOTE {
            return Err(Refusal::new(
                Code::Usage,
                format!("The reason is too long: at most {NOTE} characters. Nothing was booked."),
            ));
        }
        let customer = new_customer
            .clone()
            .or(ground.customer.clone())
            .ok_or_else(no_customer)?;
        let appointment = self.appointment(actor, &ground, &customer, visit, buffers, reason);
        let operation = self.booking_of(
            &appointment,
            customer.mobile.as_deref(),
            &ground.apart,
            book.provisional,
        );
        let intent = BookingIntent {
            appointment: appointment.clone(),
            new_customer,
            operation: operation.clone(),
            key,
            lease_until: self.lease_until(),
        };
        let _turn = self.turn(&appointment.appointment_id).await;
        let stamp = self.stamp(actor);
        let begun = self
            .begin(move |store| store.begin_booking(&stamp, &intent))
            .await;
        match begun {
            Ok(Begun::New(_)) => tell(Progress::Recorded),
            Ok(Begun::Replayed(appointment)) => {
                return self.replayed(actor, *appointment, tell).await;
            }
            Err(error) => {
                return Err(self
                    .not_begun(error, &ground.doctor, visit, buffers, None)
                    .await);
            }
        }
        match self
            .drive(actor, operation, Fact::Begun, Effort::Usual, &tell)
            .await
        {
            Ok(end) => self.booked(&ground.doctor, visit, buffers, end).await,
            Err(StoreError::LeaseLost) => {
                // This program slept, and another one went on with the booking: it knows how it ended.
                let appointment = self.appointment_of(&appointment.appointment_id).await?;
                self.replayed(actor, appointment, tell).await
            }
            Err(error) => Err(unfinished(&error, &appointment, UNFINISHED_BOOKING)),
        }
    }

    /// What the end of a drive means for the person at the desk.
    pub(super) async fn booked(
        &self,
        doctor: &Doctor,
        visit: Interval,
        buffers: Buffers,
        end: End,
    ) -> Result<Outcome, Refusal> {
        match end {
            End::Settled(appointment, Settlement::Confirmed { .. }) => {
                Ok(Outcome::Booked(*appointment))
            }
            End::Settled(_, Settlement::Refused { because, why }) => {
                let lost = (visit, buffers);
                Err(self.refused(doctor, lost, because, &why, None).await)
            }
            End::Settled(appointment, _) | End::PutOff(appointment, _) => {
                Ok(Outcome::BookedProvisionally(*appointment))
            }
        }
    }

    fn appointment(
        &self,
        actor: &Actor,
        ground: &Ground,
        customer: &Customer,
        visit: Interval,
        buffers: Buffers,
        reason: String,
    ) -> Appointment {
        let appointment_id = AppointmentId::new(self.inner.ids.uuid().to_string());
        Appointment {
            google_event_id: Some(EventId::of_attempt(&appointment_id, 1)),
            appointment_id,
            customer_id: customer.customer_id.clone(),
            customer_name: customer.customer_name.clone(),
            doctor_id: ground.doctor.doctor_id.clone(),
            doctor_name: ground.doctor.doctor_name.clone(),
            google_calendar_id: ground.doctor.google_calendar_id.clone(),
            etag: None,
            service_id: ground.service.as_ref().map(|s| s.service_id.clone()),
            service_name: ground
                .service
                .as_ref()
                .map(|s| s.service_name.clone())
                .unwrap_or_default(),
            visit,
            buffers,
            zone: ground.doctor.zone,
            status: Status::Pending,
            sync_state: SyncState::SyncPending,
            source: Source::Desk,
            reason,
            rev: 0,
            attempt: 1,
            created_at: self.now(),
            created_by: actor.name.clone(),
            cancelled_at: None,
            cancellation_reason: None,
        }
    }

    /// The operation that books the appointment with its current attempt.
    pub(super) fn booking_of(
        &self,
        appointment: &Appointment,
        phone: Option<&str>,
        apart: &Apart,
        provisional: bool,
    ) -> Operation {
        let settings = self.settings();
        let facts = Facts {
            customer: &appointment.customer_name,
            doctor: &appointment.doctor_name,
            service: &appointment.service_name,
            phone,
            reason: &appointment.reason,
        };
        let summary = settings.wording.title(&facts);
        let name = Some(appointment.customer_name.clone());
        let mark = Mark {
            name: name.filter(|name| summary.contains(name)),
            ..self.mark_of(appointment, MarkKind::Appointment, &apart.database)
        };
        let operation_id = mark.operation.clone();
        let draft = EventDraft {
            id: EventId::of_attempt(&appointment.appointment_id, appointment.attempt),
            calendar: appointment.google_calendar_id.clone(),
            status: EventStatus::Tentative,
            summary,
            description: settings.wording.description(&facts),
            visit: appointment.visit,
            zone: appointment.zone,
            mark,
        };
        let flow = Booking::new(draft, apart.protocol, provisional);
        self.operation_of(appointment, operation_id, Flow::Booking(Box::new(flow)))
    }

    /// How this database is kept apart from others.
    pub(super) async fn apart(&self) -> Result<Apart, StoreError> {
        let configured = self.settings().protocol;
        self.store(move |store| Apart::read(store, configured))
            .await
    }

    /// The mark of a new operation's event.
    pub(super) fn mark_of(
        &self,
        appointment: &Appointment,
        kind: MarkKind,
        database: &DatabaseId,
    ) -> Mark {
        let settings = self.settings();
        let opaque = settings.wording.detail == Detail::Opaque;
        Mark {
            kind,
            clinic: settings.clinic.clone(),
            database: database.clone(),
            desk: settings.desk.clone(),
            appointment: appointment.appointment_id.clone(),
            operation: OperationId::new(self.inner.ids.uuid().to_string()),
            rev: appointment.rev,
            attempt: appointment.attempt,
            doctor: appointment.doctor_id.clone(),
            service: appointment.service_id.clone(),
            customer: (!opaque).then(|| appointment.customer_id.clone()),
            name: None,
            buffers: appointment.buffers,
            lease_seconds: LEASE_SECONDS,
        }
    }

    /// An operation about the appointment that has not begun.
    pub(super) fn operation_of(
        &self,
        appointment: &Appointment,
        operation_id: OperationId,
        flow: Flow,
    ) -> Operation {
        Operation {
            operation_id,
            appointment_id: appointment.appointment_id.clone(),
            calendar: appointment.google_calendar_id.clone(),
            flow,
            tries: 0,
            next_try_at: None,
            last_error: None,
            created_at: self.now(),
        }
    }

    /// "Dr Chen, Tue 24 Nov 10:30".
    pub(super) fn say(&self, doctor: &Doctor, visit: Interval) -> String {
        let zone = self.settings().zone;
        let today = self.now().with_timezone(&zone).date_naive();
        let date = say_day(visit.start().with_timezone(&zone).date_naive(), today);
        format!(
            "{}, {date} {}",
            doctor.doctor_name,
            say_time(visit.start(), zone)
        )
    }

    pub(super) async fn doctor(&self, id: &crate::domain::id::DoctorId) -> Result<Doctor, Refusal> {
        let id = id.clone();
        let doctors = self.store(|store| store.doctors()).await?;
        doctors
            .into_iter()
            .find(|d| d.doctor_id == id)
            .ok_or_else(|| Refusal::new(Code::NotFound, "There is no such doctor."))
    }
}

fn no_customer() -> Refusal {
    Refusal::new(Code::NotFound, "There is no such customer.")
}

/// What makes two requests the same, whoever sends them and however patient they are.
fn fingerprint(book: &Book) -> String {
    let plain = Book {
        key: None,
        provisional: false,
        ..book.clone()
    };
    serde_json::to_string(&plain).unwrap_or_default()
}
