//! What a person chooses about a visit that is not in step. What fits is judged by
//! [`crate::flow::repair`], on what Google has now where that matters.

use super::retried;
use crate::domain::appointment::Appointment;
use crate::domain::event::{Event, EventTimes, Mark};
use crate::domain::id::AppointmentId;
use crate::domain::text::{NOTE, clean};
use crate::flow::operation::Settlement;
use crate::flow::repair::{RepairAction, Trouble, fitting};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal};
use crate::port::store::{Store, StoreError, Unsettled};
use crate::worker::drive::Effort;
use crate::worker::engine::{Engine, Tell};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Puts an event that was deleted back, if its time is still free.
    pub(in crate::worker) async fn recreate(
        &self,
        actor: &Actor,
        id: AppointmentId,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        // taken back from the bin meanwhile, it would otherwise be there twice
        self.see(&appointment).await?;
        self.must_fit(&appointment, RepairAction::Recreate).await?;
        let end = self
            .rebook(actor, &appointment, Effort::Always, &tell)
            .await?;
        Ok(Outcome::Retried(vec![retried(end)]))
    }

    /// Takes the event's time as the visit's.
    pub(in crate::worker) async fn adopt_times(
        &self,
        actor: &Actor,
        id: AppointmentId,
    ) -> Result<Outcome, Refusal> {
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        let found = self.see(&appointment).await?;
        let ours = found
            .as_ref()
            .and_then(|event| Some((event, self.mark_in(event, &appointment)?)));
        let Some((event, mark)) = ours else {
            return Err(Refusal::new(
                Code::Rule,
                "The event in Google is gone, or not ours any more: there is no time to take over. \
                 Leave the visit as it is, or call it off.",
            ));
        };
        let (Some(EventTimes::Timed(visit)), Some(etag)) = (event.times, event.etag.clone()) else {
            return Err(Refusal::new(
                Code::Rule,
                "The event in Google is all day long: no visit is. Give it a time there, leave the visit as \
                 it is, or call it off.",
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

    /// Leaves both sides as they are.
    pub(in crate::worker) async fn ignore(
        &self,
        actor: &Actor,
        id: AppointmentId,
        reason: String,
    ) -> Result<Outcome, Refusal> {
        let reason = clean(&reason, NOTE);
        if reason.is_empty() {
            return Err(Refusal::new(
                Code::Usage,
                "Leaving it as it is needs a reason for the history.",
            ));
        }
        let _turn = self.turn(&id).await;
        let appointment = self.appointment_of(&id).await?;
        self.must_fit(&appointment, RepairAction::Ignore).await?;
        self.resolve(actor, id, RepairAction::Ignore, None, reason)
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

    /// The event's mark, where it is this visit's.
    pub(super) fn mark_in<'a>(
        &self,
        event: &'a Event,
        appointment: &Appointment,
    ) -> Option<&'a Mark> {
        event.mark.as_ref().filter(|mark| {
            mark.appointment == appointment.appointment_id && mark.clinic == self.settings().clinic
        })
    }

    /// The row of the repair pane, where the act fits it. Otherwise a refusal says what does.
    pub(super) async fn must_fit(
        &self,
        appointment: &Appointment,
        action: RepairAction,
    ) -> Result<Unsettled, Refusal> {
        let visit = appointment.clone();
        let (row, google) = self
            .store(move |store| {
                let row = store.unsettled_one(&visit.appointment_id)?;
                Ok((row, store.google_side(&visit)?))
            })
            .await?;
        let row = row.ok_or_else(|| {
            Refusal::new(
                Code::Rule,
                "This visit is in step with Google: there is nothing to settle.",
            )
        })?;
        if row.operation.is_some() {
            return Err(StoreError::OperationOpen.into());
        }
        let fits = fitting(&Trouble {
            cause: row.repair.as_ref().map(|(cause, _)| *cause),
            appointment: &row.appointment,
            google: google.as_ref(),
            former: row.former,
            sign_in: false,
        });
        if fits.contains(&action) {
            return Ok(row);
        }
        let others: Vec<&str> = fits.into_iter().map(RepairAction::words).collect();
        Err(Refusal::new(
            Code::Rule,
            format!(
                "This does not fit here: {}. What can be done: {}.",
                why_not(action),
                others.join(", ")
            ),
        ))
    }
}

/// Why an act does not fit.
fn why_not(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Recreate => {
            "only an event that was deleted is put back, and this one was not, or it is there again"
        }
        RepairAction::PutBack => "Google does not have this visit at another time than was booked",
        RepairAction::Ignore => "what is neither booked nor called off cannot be left as it is",
        _ => "there is nothing that it would change",
    }
}
