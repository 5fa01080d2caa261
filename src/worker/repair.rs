//! What is not in step: retried by itself when it is due, or settled by a person's choice. And undo,
//! which is an act like any other.

use super::book::Apart;
use super::drive::{Effort, End, PutOff};
use super::engine::{Engine, Tell, silent, system};
use super::refusals::sentence;
use super::settings::undo_window;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::event::{EventStatus, EventTimes};
use crate::domain::id::{AppointmentId, AuditId, OperationId};
use crate::domain::text::{NOTE, clean};
use crate::flow::clearance::Clearance;
use crate::flow::operation::{Cause, Flow, Operation, Settlement};
use crate::flow::step::Fact;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal, Retried};
use crate::port::query::RepairAction;
use crate::port::store::{Looks, Store, StoreError, Take, UndoableAct};

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
        Ok(match end {
            End::Settled(appointment, settlement) => Retried {
                message: words(&settlement),
                appointment: *appointment,
            },
            End::PutOff(appointment, PutOff { why }) => Retried {
                message: sentence(&format!("{why}; the program goes on trying")),
                appointment: *appointment,
            },
        })
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
        let gone = cause == Some(Cause::GoneFromGoogle);
        if appointment.status != Status::Pending && !gone {
            return Err(Refusal::new(
                Code::Rule,
                "Trying again changes nothing here: choose to keep it as it is, or to cancel the visit.",
            ));
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
                "There is no hold to be taken away: choose to keep the visit as it is.",
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
    async fn rebook(
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

    pub(super) async fn adopt_times(
        &self,
        actor: &Actor,
        id: AppointmentId,
    ) -> Result<Outcome, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        let event = appointment.google_event_id.clone().ok_or_else(|| {
            Refusal::new(
                Code::Rule,
                "This visit has no event in Google, so there is no time to take over.",
            )
        })?;
        let read = self
            .inner
            .calendar
            .get(&appointment.google_calendar_id, &event)
            .await;
        let found = read
            .map_err(|error| Refusal::new(Code::NoAnswer, sentence(&error.to_string())))?
            .value;
        let mark = found.mark.as_ref().filter(|mark| {
            mark.appointment == appointment.appointment_id
                && mark.clinic == self.settings().clinic
                && found.status != EventStatus::Cancelled
        });
        let (Some(EventTimes::Timed(visit)), Some(etag), Some(mark)) =
            (found.times, found.etag.clone(), mark)
        else {
            return Err(Refusal::new(
                Code::Rule,
                "The event in Google is gone, all day long, or not ours any more: its time cannot be taken over. \
                 Keep the visit as it is, or cancel it.",
            ));
        };
        let google = Settlement::Moved {
            etag,
            visit,
            rev: mark.rev,
            in_the_way: None,
        };
        self.resolve(
            actor,
            id,
            RepairAction::AdoptTimes,
            Some(google),
            String::new(),
        )
        .await
    }

    pub(super) async fn keep(
        &self,
        actor: &Actor,
        id: AppointmentId,
        reason: String,
    ) -> Result<Outcome, Refusal> {
        let reason = clean(&reason, NOTE);
        if reason.is_empty() {
            return Err(Refusal::new(
                Code::Usage,
                "Keeping it as it is needs a reason for the history.",
            ));
        }
        let _turn = self.turn(&id).await;
        self.resolve(actor, id, RepairAction::Keep, None, reason)
            .await
    }

    async fn resolve(
        &self,
        actor: &Actor,
        id: AppointmentId,
        action: RepairAction,
        google: Option<Settlement>,
        reason: String,
    ) -> Result<Outcome, Refusal> {
        let stamp = self.stamp(actor);
        let resolved = self
            .store(move |store| store.resolve_repair(&stamp, &id, action, google.as_ref(), &reason))
            .await?;
        Ok(Outcome::Repaired(resolved))
    }

    pub(super) async fn undo(
        &self,
        actor: &Actor,
        audit: AuditId,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let (desk, since) = (self.settings().desk.clone(), self.now() - undo_window());
        let undoable = self
            .store(move |store| store.undoable(&desk, since))
            .await?;
        let Some(act) = undoable.into_iter().find(|act| act.audit == audit) else {
            return Err(Refusal::new(
                Code::Rule,
                "This can no longer be undone: it is more than ten minutes ago, or something happened since.",
            ));
        };
        let outcome = match act.act {
            UndoableAct::Booked => {
                self.cancel(actor, act.appointment, "booking undone".to_owned(), tell)
                    .await?
            }
            UndoableAct::Moved { from } => {
                self.reschedule(actor, act.appointment, from.start(), tell)
                    .await?
            }
            UndoableAct::Cancelled => {
                let _turn = self.turn(&act.appointment).await;
                let appointment = self.appointment_of(&act.appointment).await?;
                let doctor = self.doctor(&appointment.doctor_id).await?;
                let end = self
                    .rebook(actor, &appointment, Effort::Usual, &tell)
                    .await?;
                self.booked(&doctor, appointment.visit, appointment.buffers, end)
                    .await?
            }
        };
        let stamp = self.stamp(actor);
        self.store(move |store| store.mark_undone(&stamp, audit))
            .await?;
        Ok(outcome)
    }

    /// When the next operation falls due; none: nothing waits.
    pub async fn next_due(&self) -> Result<Option<crate::domain::time::Moment>, StoreError> {
        self.store(|store| store.next_due()).await
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
