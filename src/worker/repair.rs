//! What is not in step: retried by itself when it is due, or when somebody asks for it. What else a person
//! can choose about it stands in [`choices`].

mod choices;
mod look;
mod put_back;

use super::book::Apart;
use super::drive::{Effort, End, PutOff};
use super::engine::{Engine, Tell, silent, system};
use super::refusals::sentence;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::{AppointmentId, OperationId};
use crate::flow::clearance::Clearance;
use crate::flow::operation::{Cause, Flow, Operation, Settlement};
use crate::flow::step::Fact;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal, Retried};
use crate::port::store::{Looks, Store, StoreError, Take};

/// Operations taken up in one round of recovery.
const AT_ONCE: usize = 20;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Takes up what is due and nobody else holds; answers with how many ended. Called at start, and
    /// then whenever something falls due.
    pub async fn recover(&self) -> Result<usize, StoreError> {
        let (stamp, until) = (self.stamp(&system()), self.lease_until());
        // An act whose lease ran out while the machine was suspended goes on in its turn. If its lease were
        // renewed here after another program had a go, it would not notice that it is not where it was.
        let which = Take::Due {
            limit: AT_ONCE,
            besides: self.in_turn(),
        };
        let due = self
            .store(move |store| store.take(&stamp, &which, until))
            .await?;
        let drives = due.into_iter().map(|operation| self.recover_one(operation));
        let ended = futures::future::join_all(drives).await;
        Ok(ended.into_iter().filter(|settled| *settled).count())
    }

    async fn recover_one(&self, operation: Operation) -> bool {
        match self.take_up(&operation.appointment_id).await {
            Ok(Some(End::Settled(..))) => true,
            Ok(Some(End::PutOff(..)) | None) => false,
            Err(error) => {
                tracing::warn!(%error, "an operation could not be taken up");
                false
            }
        }
    }

    /// Drives the open operation of an appointment as it is once its turn has come: whoever had the turn
    /// before (after a suspend, an act of this very program whose lease ran out) may have ended it, and
    /// what was read before then would be carried out once more.
    async fn take_up(&self, id: &AppointmentId) -> Result<Option<End>, StoreError> {
        let _turn = self.turn(id).await;
        let (stamp, until) = (self.stamp(&system()), self.lease_until());
        let which = Take::Of(id.clone());
        let mut open = self
            .store(move |store| store.take(&stamp, &which, until))
            .await?;
        match open.pop() {
            Some(operation) => {
                let (system, tell) = (system(), silent());
                let end = self.drive(&system, operation, Fact::Resumed, Effort::Usual, &tell);
                end.await.map(Some)
            }
            None => Ok(None),
        }
    }

    pub(super) async fn retry(
        &self,
        actor: &Actor,
        id: AppointmentId,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        Ok(Outcome::Retried(vec![
            self.retry_one(actor, id, tell).await?,
        ]))
    }

    pub(super) async fn retry_all(&self, actor: &Actor, tell: Tell) -> Result<Outcome, Refusal> {
        let unsettled = self.store(|store| store.unsettled()).await?;
        let mut out = Vec::new();
        for row in unsettled {
            let appointment = row.appointment;
            // to put back what somebody deleted, or to take away what a desk may still need, is chosen
            // one by one
            if let Some((Cause::GoneFromGoogle | Cause::HoldLeft, sentence)) = row.repair {
                let message = format!("{} Decide about it by itself.", self::sentence(&sentence));
                out.push(Retried {
                    appointment,
                    message,
                });
                continue;
            }
            match self
                .retry_one(actor, appointment.appointment_id.clone(), tell.clone())
                .await
            {
                Ok(retried) => out.push(retried),
                Err(refusal) => out.push(Retried {
                    appointment,
                    message: refusal.message,
                }),
            }
        }
        // and what was settled a moment ago is looked at again
        self.look_again_at(Looks::All).await?;
        Ok(Outcome::Retried(out))
    }

    pub(super) async fn retry_one(
        &self,
        actor: &Actor,
        id: AppointmentId,
        tell: Tell,
    ) -> Result<Retried, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        if appointment.sync_state == SyncState::Synced {
            return Err(Refusal::new(
                Code::Rule,
                "This visit is in step with Google: there is nothing to retry.",
            ));
        }
        let (stamp, until, wanted) = (self.stamp(actor), self.lease_until(), Take::Of(id.clone()));
        let open = self
            .store(move |store| store.take(&stamp, &wanted, until))
            .await?
            .pop();
        let end = match open {
            Some(operation) => {
                self.drive(actor, operation, Fact::Resumed, Effort::Always, &tell)
                    .await?
            }
            // Another program is at it, or has ended it since it was read. To begin again here would book
            // a visit whose slot that program has just given up.
            None if appointment.sync_state == SyncState::SyncPending => {
                return Err(StoreError::OperationOpen.into());
            }
            None => self.begin_again(actor, &appointment, &tell).await?,
        };
        Ok(retried(end))
    }

    /// In repair with nothing under way: a new operation for what was wanted last.
    async fn begin_again(
        &self,
        actor: &Actor,
        appointment: &Appointment,
        tell: &Tell,
    ) -> Result<End, Refusal> {
        // also of a booking that never ended: booked again, its old claim would stay for nobody
        let wants_cancel = appointment.takes_time() && appointment.cancellation_reason.is_some();
        if wants_cancel {
            let operation = self.cancellation_of(appointment);
            let reason = appointment.cancellation_reason.clone().unwrap_or_default();
            let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
            self.store(move |store| store.begin_cancellation(&stamp, &begun, &reason, until))
                .await?;
            return Ok(self
                .drive(actor, operation, Fact::Begun, Effort::Always, tell)
                .await?);
        }
        let cause = self.cause_of(&appointment.appointment_id).await?;
        if cause == Some(Cause::HoldLeft) {
            return self.clear(actor, appointment, tell).await;
        }
        if appointment.status != Status::Pending {
            let words = if cause == Some(Cause::GoneFromGoogle) {
                "Somebody deleted this visit's event on purpose or by mistake, so it is not simply sent again: \
                 re-create it, call the visit off, or leave it as it is."
            } else {
                "Trying again changes nothing here: look at the visit in repair for what can be done."
            };
            return Err(Refusal::new(Code::Rule, words));
        }
        self.rebook(actor, appointment, Effort::Always, tell).await
    }

    async fn cause_of(&self, id: &AppointmentId) -> Result<Option<Cause>, StoreError> {
        let id = id.clone();
        let row = self.store(move |store| store.unsettled_one(&id)).await?;
        Ok(row.and_then(|row| row.repair).map(|(cause, _)| cause))
    }

    /// Takes away the hold that another desk has left.
    async fn clear(
        &self,
        actor: &Actor,
        appointment: &Appointment,
        tell: &Tell,
    ) -> Result<End, Refusal> {
        let id = appointment.appointment_id.clone();
        let hold = self.store(move |store| store.hold_in_the_way(&id)).await?;
        let (Some(hold), Some(event)) = (hold, appointment.google_event_id.clone()) else {
            return Err(Refusal::new(
                Code::Rule,
                "There is no hold to be taken away: choose to leave the visit as it is.",
            ));
        };
        let operation_id = OperationId::new(self.inner.ids.uuid().to_string());
        let flow = Clearance::new(
            hold,
            event,
            appointment.appointment_id.clone(),
            self.settings().clinic.clone(),
            operation_id.clone(),
            appointment.zone,
        );
        let operation =
            self.operation_of(appointment, operation_id, Flow::Clearance(Box::new(flow)));
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        self.store(move |store| store.begin_clearance(&stamp, &begun, until))
            .await?;
        Ok(self
            .drive(actor, operation, Fact::Begun, Effort::Always, tell)
            .await?)
    }

    /// Books an appointment's time again, with a new event.
    pub(super) async fn rebook(
        &self,
        actor: &Actor,
        appointment: &Appointment,
        effort: Effort,
        tell: &Tell,
    ) -> Result<End, Refusal> {
        let mut again = appointment.clone();
        again.attempt += 1;
        let customer = appointment.customer_id.clone();
        let protocol = self.settings().protocol;
        let (phone, apart) = self
            .store(move |store| {
                let phone = store.customer(&customer)?.and_then(|c| c.mobile);
                Ok((phone, Apart::read(store, protocol)?))
            })
            .await?;
        let mut operation = self.booking_of(&again, phone.as_deref(), &apart, true);
        if let Flow::Booking(booking) = &mut operation.flow {
            // Somebody counts on a visit that was recorded: losing it is for a person to settle. One that
            // was called off goes back to that.
            booking.told = appointment.status != Status::Cancelled;
        }
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        self.store(move |store| store.begin_rebooking(&stamp, &begun, until))
            .await?;
        Ok(self
            .drive(actor, operation, Fact::Begun, effort, tell)
            .await?)
    }

    /// When the next operation falls due; none: nothing waits.
    pub async fn next_due(&self) -> Result<Option<crate::domain::time::Moment>, StoreError> {
        self.store(|store| store.next_due()).await
    }
}

/// How it ended, with the appointment as it stands now.
fn retried(end: End) -> Retried {
    match end {
        End::Settled(appointment, settlement) => Retried {
            message: words(&settlement),
            appointment: *appointment,
        },
        End::PutOff(appointment, PutOff { why }) => Retried {
            message: sentence(&format!("{why}; the program goes on trying")),
            appointment: *appointment,
        },
    }
}

/// How a retry ended, in a sentence.
fn words(settlement: &Settlement) -> String {
    match settlement {
        Settlement::Confirmed { moved: false, .. } => "Booked: Google has confirmed it.".to_owned(),
        Settlement::Confirmed { .. } => {
            "Booked, but somebody moved it in Google Calendar: look at its new time.".to_owned()
        }
        Settlement::Refused { why, .. } => sentence(&format!("not booked: {why}")),
        Settlement::Moved {
            in_the_way: None, ..
        } => "Moved: it stands at its new time in Google.".to_owned(),
        Settlement::Moved {
            in_the_way: Some(by),
            ..
        } => sentence(&format!("moved, but something else stands there now: {by}")),
        Settlement::NotMoved { why, .. } => {
            sentence(&format!("not moved, it stands where it was: {why}"))
        }
        Settlement::Cancelled => "Cancelled: the event is out of the calendar.".to_owned(),
        Settlement::Repair { detail, .. } => sentence(detail),
    }
}
