//! Calls a visit off: the event goes from the calendar, the record stays.

use super::drive::{Effort, End};
use super::engine::{Engine, Tell};
use super::refusals::{UNFINISHED_CANCELLATION, unfinished};
use super::replay::LOOK;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::event::EventDraft;
use crate::domain::id::{AppointmentId, EventId, OperationId};
use crate::domain::text::{NOTE, clean};
use crate::flow::cancellation::Cancellation;
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::flow::step::Fact;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::report::Progress;
use crate::port::store::{Store, StoreError, Take};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn cancel(
        &self,
        actor: &Actor,
        id: AppointmentId,
        reason: String,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let cleaned = clean(&reason, NOTE + 1);
        if cleaned.is_empty() {
            return Err(Refusal::new(
                Code::Usage,
                "A cancellation needs a reason: it stands in the history. Nothing was changed.",
            ));
        }
        if cleaned.chars().count() > NOTE {
            let words =
                format!("The reason is too long: at most {NOTE} characters. Nothing was changed.");
            return Err(Refusal::new(Code::Usage, words));
        }
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        // Asked for twice (a caller that lost the answer): it is as was wanted.
        if appointment.status == Status::Cancelled {
            return Ok(Outcome::Cancelled(appointment));
        }
        let mut operation = self.cancellation_of(&appointment);
        if let (Some(draft), Flow::Cancellation(cancellation)) =
            (self.unanswered(&id).await?, &mut operation.flow)
        {
            *cancellation = cancellation.clone().of_unanswered(draft);
        }
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        let recorded = self
            .store(move |store| store.begin_cancellation(&stamp, &begun, &cleaned, until))
            .await;
        match recorded {
            // nothing of it had ever been sent: there is nothing to remove
            Ok(cancelled) if cancelled.status == Status::Cancelled => {
                return Ok(Outcome::Cancelled(cancelled));
            }
            Ok(_) => tell(Progress::Recorded),
            Err(error) => {
                let appointment = self.appointment_of(&id).await?;
                return match error {
                    StoreError::OperationOpen | StoreError::Rule(_)
                        if is_cancelled_by_now(&appointment) =>
                    {
                        self.cancelling_already(actor, appointment, tell).await
                    }
                    error => Err(error.into()),
                };
            }
        }
        match self
            .drive(actor, operation, Fact::Begun, Effort::Usual, &tell)
            .await
        {
            Ok(end) => cancelled(end),
            Err(StoreError::LeaseLost) => {
                // This program slept, and another one went on with it: it knows how it ended.
                let appointment = self.appointment_of(&id).await?;
                self.cancelling_already(actor, appointment, tell).await
            }
            Err(error) => Err(unfinished(&error, &appointment, UNFINISHED_CANCELLATION)),
        }
    }

    /// The visit's cancellation was recorded before: its end, which is waited for as long as for an answer
    /// of Google's while another program is at it.
    async fn cancelling_already(
        &self,
        actor: &Actor,
        mut appointment: Appointment,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let patient_until = self.now() + self.settings().patience;
        loop {
            if appointment.status == Status::Cancelled {
                return Ok(Outcome::Cancelled(appointment));
            }
            let take = Take::Of(appointment.appointment_id.clone());
            let (stamp, until) = (self.stamp(actor), self.lease_until());
            let mut taken = self
                .store(move |store| store.take(&stamp, &take, until))
                .await?;
            if let Some(operation) = taken.pop() {
                match self
                    .drive(actor, operation, Fact::Resumed, Effort::Usual, &tell)
                    .await
                {
                    Ok(end) => return cancelled(end),
                    Err(StoreError::LeaseLost) => {}
                    Err(error) => {
                        return Err(unfinished(&error, &appointment, UNFINISHED_CANCELLATION));
                    }
                }
            }
            if !is_cancelled_by_now(&appointment) || self.now() >= patient_until {
                return Ok(Outcome::CancelledProvisionally(appointment));
            }
            tokio::time::sleep(LOOK + self.inner.ids.jitter(LOOK)).await;
            appointment = self.appointment_of(&appointment.appointment_id).await?;
        }
    }

    /// The event of the appointment's booking, if that has not ended: whether it stands is not known.
    async fn unanswered(&self, id: &AppointmentId) -> Result<Option<EventDraft>, Refusal> {
        let wanted = id.clone();
        let row = self
            .store(move |store| store.unsettled_one(&wanted))
            .await?;
        Ok(match row.and_then(|row| row.operation).map(|o| o.flow) {
            Some(Flow::Booking(booking)) => Some(booking.draft),
            _ => None,
        })
    }

    /// The operation that removes the appointment's event.
    pub(super) fn cancellation_of(&self, appointment: &Appointment) -> Operation {
        let event = appointment.google_event_id.clone().unwrap_or_else(|| {
            EventId::of_attempt(&appointment.appointment_id, appointment.attempt)
        });
        let cancellation = Cancellation::new(
            event,
            appointment.etag.clone(),
            appointment.visit,
            appointment.rev,
            appointment.appointment_id.clone(),
            self.settings().clinic.clone(),
            // In repair the desk has been shown what changed; asking once more would be a circle.
            appointment.sync_state == SyncState::NeedsRepair,
        );
        let operation_id = OperationId::new(self.inner.ids.uuid().to_string());
        self.operation_of(appointment, operation_id, Flow::Cancellation(cancellation))
    }

    pub(super) async fn appointment_of(&self, id: &AppointmentId) -> Result<Appointment, Refusal> {
        let wanted = id.clone();
        let found = self.store(move |store| store.appointment(&wanted)).await?;
        found.ok_or_else(|| {
            Refusal::new(
                Code::NotFound,
                format!("There is no appointment {}.", clean(id.as_str(), 60)),
            )
        })
    }
}

/// Whether it is cancelled or about to be: the reason is there from the moment on that a cancellation is
/// recorded.
fn is_cancelled_by_now(appointment: &Appointment) -> bool {
    appointment.status == Status::Cancelled
        || (appointment.sync_state == SyncState::SyncPending
            && appointment.cancellation_reason.is_some())
}

/// What the end of a cancellation means for the person at the desk.
pub(super) fn cancelled(end: End) -> Result<Outcome, Refusal> {
    match end {
        End::Settled(appointment, Settlement::Cancelled) => Ok(Outcome::Cancelled(*appointment)),
        End::Settled(_, Settlement::Repair { detail, .. }) => Err(Refusal::new(
            Code::Rule,
            format!("{detail}. The visit stands in repair."),
        )),
        End::Settled(appointment, _) | End::PutOff(appointment, _) => {
            Ok(Outcome::CancelledProvisionally(*appointment))
        }
    }
}
