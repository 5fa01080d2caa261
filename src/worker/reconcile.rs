//! Brings mirror and calendars together on request: a pass, a rebuilt schedule, what was held back.

use super::engine::{Engine, Tell};
use super::refusals::sentence;
use super::sync::{SyncError, SyncHow};
use crate::domain::id::{CalendarId, DoctorId};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Outcome, Refusal, Retried};
use crate::port::report::Progress;
use crate::port::store::{Looks, Store};
use crate::port::sync::{CalendarSync, SyncAct};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn sync_act(
        &self,
        actor: &Actor,
        act: SyncAct,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        match act {
            SyncAct::Pass => self.pass(actor, SyncHow::Now, &tell).await,
            SyncAct::Rebuild => self.pass(actor, SyncHow::Whole, &tell).await,
            SyncAct::Check => self.check(actor, &tell).await,
            SyncAct::Fix => {
                let checked = self.check(actor, &tell).await?;
                self.pass(actor, SyncHow::Whole, &tell).await?;
                Ok(checked)
            }
            SyncAct::Release(doctor) => self.release(actor, &doctor).await,
            SyncAct::Upcoming(doctor) => self.upcoming(actor, &doctor, &tell).await,
        }
    }

    /// Every calendar of an active doctor.
    pub(super) async fn synced_calendars(&self) -> Result<Vec<CalendarId>, Refusal> {
        let doctors = self.doctors_of(Vec::new()).await?;
        let mut calendars: Vec<CalendarId> =
            doctors.into_iter().map(|d| d.google_calendar_id).collect();
        calendars.sort_unstable();
        calendars.dedup();
        if calendars.is_empty() {
            return Err(Refusal::new(
                Code::Rule,
                "There is no doctor yet, so there is no calendar to read: frontdesk doctor add --name NAME \
                 --calendar ID",
            ));
        }
        Ok(calendars)
    }

    async fn pass(&self, actor: &Actor, how: SyncHow, tell: &Tell) -> Result<Outcome, Refusal> {
        let calendars = self.synced_calendars().await?;
        let total = calendars.len();
        let mut out = Vec::with_capacity(total);
        for (n, calendar) in calendars.iter().enumerate() {
            tell(Progress::counted(n, total));
            out.push(self.brought_in(calendar, how).await?);
        }
        tell(Progress::counted(total, total));
        // and what was settled while a calendar was read
        self.look_again_at(Looks::Due).await?;
        let window = self.horizon();
        self.read_calendars(&calendars, window).await?;
        let sent = self.send_pending(actor, tell).await?;
        Ok(Outcome::Synced {
            calendars: out,
            sent,
        })
    }

    /// One calendar, and what came of it.
    async fn brought_in(
        &self,
        calendar: &CalendarId,
        how: SyncHow,
    ) -> Result<CalendarSync, Refusal> {
        let result = match self.sync_calendar(calendar, how).await {
            // none: another program took it over meanwhile, and what it reads is the same
            Ok(synced) => Ok(synced.unwrap_or_default()),
            Err(SyncError::Calendar(error)) => Err(sentence(&error.to_string())),
            Err(SyncError::Store(error)) => return Err(error.into()),
        };
        Ok(CalendarSync {
            calendar: calendar.clone(),
            result,
        })
    }

    /// What is pending goes out.
    async fn send_pending(&self, actor: &Actor, tell: &Tell) -> Result<Vec<Retried>, Refusal> {
        let unsettled = self.store(|store| store.unsettled()).await?;
        let mut sent = Vec::new();
        for row in unsettled.into_iter().filter(|row| row.operation.is_some()) {
            let appointment = row.appointment;
            let id = appointment.appointment_id.clone();
            sent.push(match self.retry_one(actor, id, tell.clone()).await {
                Ok(retried) => retried,
                Err(refusal) => Retried {
                    appointment,
                    message: refusal.message,
                },
            });
        }
        Ok(sent)
    }

    async fn release(&self, actor: &Actor, doctor: &DoctorId) -> Result<Outcome, Refusal> {
        let calendar = self.doctor(doctor).await?.google_calendar_id;
        let (stamp, which) = (self.stamp(actor), calendar.clone());
        let held = self
            .store(move |store| store.release_brake(&stamp, &which))
            .await?;
        if !held {
            return Err(Refusal::new(
                Code::Rule,
                format!("Nothing is held back in {calendar}."),
            ));
        }
        Ok(Outcome::Synced {
            calendars: vec![self.brought_in(&calendar, SyncHow::Now).await?],
            sent: Vec::new(),
        })
    }
}
