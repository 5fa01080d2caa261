//! Moves a visit to another time of the same doctor: checks the request, journals the intent, drives the
//! operation, says how it ended.

use super::book::Apart;
use super::drive::{Effort, End};
use super::engine::{Engine, Tell};
use super::refusals::{UNFINISHED_BOOKING, UNFINISHED_MOVE, sentence, unfinished};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::{say_day, say_time};
use crate::domain::doctor::Doctor;
use crate::domain::event::{EventDraft, MarkKind};
use crate::domain::id::{AppointmentId, EventId};
use crate::domain::service::MOST_VISIT_MINUTES;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::flow::reschedule::Reschedule;
use crate::flow::step::Fact;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::report::Progress;
use crate::port::store::{Store, StoreError, Take};

/// What the calendar's owner reads while a time is held: nothing about anybody.
const HOLD_TITLE: &str = "Held: a visit is being moved here";

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn reschedule(
        &self,
        actor: &Actor,
        id: AppointmentId,
        start: Moment,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let visit = self.appointment_of(&id).await?.visit;
        let minutes = u32::try_from(visit.minutes()).unwrap_or(MOST_VISIT_MINUTES);
        self.move_to(actor, id, Interval::lasting(start, minutes), tell)
            .await
    }

    /// The same to a time of any length: an undo gives back what was taken away.
    pub(super) async fn move_to(
        &self,
        actor: &Actor,
        id: AppointmentId,
        to: Interval,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        let doctor = self.doctor(&appointment.doctor_id).await?;
        self.must_be_open(&doctor, to)?;
        let apart = self.apart().await?;
        let operation = self.reschedule_of(&appointment, to, &apart);
        let dropped = self.moving_to(&appointment).await?;
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        let begun = self
            .begin(move |store| store.begin_move(&stamp, &begun, until))
            .await;
        let begun = match begun {
            Ok(begun) => begun,
            Err(error) => {
                let buffers = appointment.buffers;
                let id = &appointment.appointment_id;
                return Err(self.not_begun(error, &doctor, to, buffers, Some(id)).await);
            }
        };
        let from = appointment.visit;
        if begun.status == Status::Pending {
            tell(Progress::Recorded);
            return self.send_moved(actor, &begun, &doctor, from, tell).await;
        }
        if to == begun.visit {
            tell(Progress::Recorded);
            // a move that Google had not heard of was taken back
            let from = dropped.unwrap_or(from);
            return Ok(Outcome::Moved {
                appointment: begun,
                from,
            });
        }
        self.carry_out_move(actor, &doctor, &appointment, operation, to, &tell)
            .await
    }

    /// Drives a move whose intent is recorded, and says how it ended. The visit is as Google has it.
    pub(super) async fn carry_out_move(
        &self,
        actor: &Actor,
        doctor: &Doctor,
        appointment: &Appointment,
        operation: Operation,
        to: Interval,
        tell: &Tell,
    ) -> Result<Outcome, Refusal> {
        tell(Progress::Recorded);
        let from = appointment.visit;
        // a move cannot be recorded for later: where nobody answers, trying is all that its desk can do
        match self
            .drive(actor, operation, Fact::Begun, Effort::Always, tell)
            .await
        {
            Ok(end) => self.moved(doctor, from, to, end).await,
            // another program has it now, and says itself what is to be known
            Err(StoreError::LeaseLost) => Err(StoreError::LeaseLost.into()),
            Err(error) => Err(unfinished(&error, appointment, UNFINISHED_MOVE)),
        }
    }

    /// Where the visit is being moved to already.
    async fn moving_to(&self, visit: &Appointment) -> Result<Option<Interval>, StoreError> {
        if visit.sync_state == SyncState::Synced {
            return Ok(None);
        }
        let id = visit.appointment_id.clone();
        let row = self.store(move |store| store.unsettled_one(&id)).await?;
        Ok(match row.and_then(|row| row.operation).map(|o| o.flow) {
            Some(Flow::Reschedule(moving)) => Some(moving.to()),
            _ => None,
        })
    }

    /// The pending booking has its new time; now it is sent, if it can be.
    async fn send_moved(
        &self,
        actor: &Actor,
        visit: &Appointment,
        doctor: &Doctor,
        from: Interval,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let take = Take::Of(visit.appointment_id.clone());
        let (stamp, until) = (self.stamp(actor), self.lease_until());
        let mut taken = self
            .store(move |store| store.take(&stamp, &take, until))
            .await?;
        let Some(operation) = taken.pop() else {
            return Err(StoreError::LeaseLost.into());
        };
        match self
            .drive(actor, operation, Fact::Resumed, Effort::Usual, &tell)
            .await
        {
            Ok(End::Settled(appointment, Settlement::Confirmed { .. })) => Ok(Outcome::Moved {
                appointment: *appointment,
                from,
            }),
            Ok(end) => self.booked(doctor, visit.visit, visit.buffers, end).await,
            Err(StoreError::LeaseLost) => Err(StoreError::LeaseLost.into()),
            Err(error) => Err(unfinished(&error, visit, UNFINISHED_BOOKING)),
        }
    }

    /// What the end of a drive means for the person at the desk.
    async fn moved(
        &self,
        doctor: &Doctor,
        from: Interval,
        to: Interval,
        end: End,
    ) -> Result<Outcome, Refusal> {
        match end {
            End::Settled(appointment, Settlement::Moved { .. }) => Ok(Outcome::Moved {
                appointment: *appointment,
                from,
            }),
            End::Settled(appointment, Settlement::NotMoved { because, why }) => {
                let stays = format!("The visit stays {}.", self.say_at(from));
                let lost = (to, appointment.buffers);
                Err(self
                    .refused(doctor, lost, because, &why, Some(&stays))
                    .await)
            }
            End::Settled(_, Settlement::Repair { detail, .. }) => Err(Refusal::new(
                Code::Rule,
                format!("{} The visit stands in repair.", sentence(&detail)),
            )),
            End::Settled(appointment, _) | End::PutOff(appointment, _) => {
                Ok(Outcome::MovedProvisionally {
                    appointment: *appointment,
                    to,
                })
            }
        }
    }

    /// The operation that moves the appointment.
    pub(super) fn reschedule_of(
        &self,
        appointment: &Appointment,
        to: Interval,
        apart: &Apart,
    ) -> Operation {
        let mark = self.mark_of(appointment, MarkKind::Placeholder, &apart.database);
        let operation_id = mark.operation.clone();
        let hold = EventDraft {
            id: EventId::of_placeholder(&operation_id, 1),
            calendar: appointment.google_calendar_id.clone(),
            status: crate::domain::event::EventStatus::Tentative,
            summary: HOLD_TITLE.to_owned(),
            description: String::new(),
            visit: to,
            zone: appointment.zone,
            mark,
        };
        let event = appointment.google_event_id.clone().unwrap_or_else(|| {
            EventId::of_attempt(&appointment.appointment_id, appointment.attempt)
        });
        let flow = Reschedule::new(
            hold,
            apart.protocol,
            event,
            appointment.etag.clone(),
            appointment.visit,
        );
        self.operation_of(appointment, operation_id, Flow::Reschedule(Box::new(flow)))
    }

    /// "tomorrow at 10:30".
    fn say_at(&self, visit: Interval) -> String {
        let zone = self.settings().zone;
        let there = |moment: Moment| moment.with_timezone(&zone).date_naive();
        format!(
            "{} at {}",
            say_day(there(visit.start()), there(self.now())),
            say_time(visit.start(), zone)
        )
    }
}
