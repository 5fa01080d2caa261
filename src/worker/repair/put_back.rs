//! Keeps our time where somebody moved the event in Google: the event is moved back, as any move is made.

use crate::domain::appointment::Appointment;
use crate::domain::event::EventTimes;
use crate::domain::id::AppointmentId;
use crate::flow::repair::RepairAction;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::store::Store;
use crate::worker::engine::{Engine, Tell};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Moves the event back to the time that was booked, if that is still free.
    pub(in crate::worker) async fn put_back(
        &self,
        actor: &Actor,
        id: AppointmentId,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        let found = self.see(&appointment).await?;
        let row = self.must_fit(&appointment, RepairAction::PutBack).await?;
        let there = found.and_then(|event| {
            let rev = self.mark_in(&event, &appointment)?.rev;
            match event.times? {
                EventTimes::Timed(visit) => Some(Appointment {
                    visit,
                    rev,
                    etag: event.etag,
                    ..appointment.clone()
                }),
                EventTimes::AllDay { .. } => None,
            }
        });
        let Some(there) = there else {
            return Err(Refusal::new(
                Code::Rule,
                "The event in Google is gone, all day long, or not ours any more: there is nothing to move back.",
            ));
        };
        let to = row.former.unwrap_or(appointment.visit);
        if to.end() <= self.now() {
            return Err(Refusal::new(
                Code::Rule,
                "The time that was booked is over: take Google's time, or leave it as it is.",
            ));
        }
        let doctor = self.doctor(&appointment.doctor_id).await?;
        let apart = self.apart().await?;
        let operation = self.reschedule_of(&there, to, &apart);
        let (stamp, begun, until) = (self.stamp(actor), operation.clone(), self.lease_until());
        let begun = self
            .store(move |store| store.begin_put_back(&stamp, &begun, until))
            .await;
        if let Err(error) = begun {
            let buffers = appointment.buffers;
            let id = &appointment.appointment_id;
            return Err(self.not_begun(error, &doctor, to, buffers, Some(id)).await);
        }
        self.carry_out_move(actor, &doctor, &there, operation, to, &tell)
            .await
    }
}
