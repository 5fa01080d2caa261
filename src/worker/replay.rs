//! The same request again under the same key: what became of the booking that it made.

use super::drive::Effort;
use super::engine::{Engine, Tell};
use super::refusals::{UNFINISHED_BOOKING, unfinished};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::flow::step::Fact;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::store::{Store, StoreError, Take};
use std::time::Duration;

/// How often a booking that another program is carrying out is looked at.
pub(super) const LOOK: Duration = Duration::from_millis(100);

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// The same appointment, finished if it was not. While another program is at it, its end is waited
    /// for as long as for an answer of Google's.
    pub(super) async fn replayed(
        &self,
        actor: &Actor,
        mut appointment: Appointment,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let patient_until = self.now() + self.settings().patience;
        loop {
            match appointment.status {
                Status::Confirmed => return Ok(Outcome::Booked(appointment)),
                Status::Cancelled => return Ok(Outcome::Cancelled(appointment)),
                Status::Refused => {
                    return Err(Refusal::new(
                        Code::NotAvailable,
                        "The booking that was first made under this key was refused, and nothing stands. Book again with a new key.",
                    ));
                }
                Status::Pending => {}
            }
            // Its booking, a retry or recovery may be at it in this very program.
            let left = (patient_until - self.now()).to_std().unwrap_or_default();
            let turn = self.turn(&appointment.appointment_id);
            let turn = tokio::time::timeout(left, turn).await.ok();
            let mut taken = Vec::new();
            if turn.is_some() {
                let take = Take::Of(appointment.appointment_id.clone());
                let (stamp, until) = (self.stamp(actor), self.lease_until());
                taken = self
                    .store(move |store| store.take(&stamp, &take, until))
                    .await?;
            }
            if let Some(operation) = taken.pop() {
                match self
                    .drive(actor, operation, Fact::Resumed, Effort::Usual, &tell)
                    .await
                {
                    Ok(end) => {
                        let doctor = self.doctor(&appointment.doctor_id).await?;
                        return self
                            .booked(&doctor, appointment.visit, appointment.buffers, end)
                            .await;
                    }
                    // Another program has it now: its end is waited for.
                    Err(StoreError::LeaseLost) => {}
                    Err(error) => return Err(unfinished(&error, &appointment, UNFINISHED_BOOKING)),
                }
            }
            // what waits for a person is at nobody's
            let at_work = appointment.sync_state == SyncState::SyncPending;
            if !at_work {
                return Ok(Outcome::BookedProvisionally(appointment));
            }
            if self.now() >= patient_until {
                // what is told here, whoever carries it out must know
                let (stamp, id) = (self.stamp(actor), appointment.appointment_id.clone());
                appointment = self.store(move |store| store.promise(&stamp, &id)).await?;
                if appointment.status == Status::Pending {
                    return Ok(Outcome::BookedProvisionally(appointment));
                }
                continue;
            }
            drop(turn);
            tokio::time::sleep(LOOK + self.inner.ids.jitter(LOOK)).await;
            appointment = self.appointment_of(&appointment.appointment_id).await?;
        }
    }
}
