//! Undo, which is an act like any other: it does what takes the last one back.

use super::drive::Effort;
use super::engine::{Engine, Tell};
use super::settings::undo_window;
use crate::domain::id::AuditId;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::store::{Store, UndoableAct};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
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
            UndoableAct::Moved { from } | UndoableAct::TookTime { from } => {
                self.move_to(actor, act.appointment, from, tell).await?
            }
            UndoableAct::Ignored => {
                let _turn = self.turn(&act.appointment).await;
                let (stamp, id) = (self.stamp(actor), act.appointment);
                let reopened = self.store(move |store| store.reopen(&stamp, &id)).await?;
                Outcome::Reopened(reopened)
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
}
