//! Reads what Google has of one visit, for somebody who is to choose about it.

use crate::domain::appointment::Appointment;
use crate::domain::blocks::blocks;
use crate::domain::event::{Event, EventStatus, EventTimes};
use crate::domain::id::{AppointmentId, EventId};
use crate::flow::repair::GoogleSide;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Code, Outcome, Refusal};
use crate::port::store::Store;
use crate::port::sync::Remote;
use crate::worker::engine::Engine;
use crate::worker::refusals::sentence;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(in crate::worker) async fn look_into(&self, id: AppointmentId) -> Result<Outcome, Refusal> {
        let appointment = self.appointment_of(&id).await?;
        let event = self.read(&appointment).await?;
        let news = self.record(&appointment, event.as_ref()).await?;
        let side = self
            .store(move |store| store.google_side(&appointment))
            .await?;
        let google = side.unwrap_or(GoogleSide {
            as_of: self.now(),
            event: None,
        });
        Ok(Outcome::LookedInto { google, news })
    }

    /// The visit's event as it is in the calendar now, none if it is not there; what was read is recorded.
    pub(super) async fn see(&self, appointment: &Appointment) -> Result<Option<Event>, Refusal> {
        let event = self.read(appointment).await?;
        self.record(appointment, event.as_ref()).await?;
        Ok(event)
    }

    async fn read(&self, appointment: &Appointment) -> Result<Option<Event>, Refusal> {
        let (calendar, id) = (&appointment.google_calendar_id, event_of(appointment));
        match self.inner.calendar.get(calendar, &id).await {
            Ok(read) if read.value.status == EventStatus::Cancelled => Ok(None),
            Ok(read) => Ok(Some(read.value)),
            Err(CalendarError::Gone) => Ok(None),
            Err(CalendarError::NotFound) => {
                // gone counts only if the calendar itself still answers
                let answers = self.inner.calendar.answers(calendar).await;
                answers.map_err(|error| unread(&error))?;
                Ok(None)
            }
            Err(error) => Err(unread(&error)),
        }
    }

    async fn record(
        &self,
        appointment: &Appointment,
        event: Option<&Event>,
    ) -> Result<bool, Refusal> {
        let remote = event.and_then(|event| self.remote_of(appointment, event));
        let (visit, now) = (appointment.clone(), self.now());
        let news = self
            .store(move |store| store.record_sight(now, &visit, remote.as_ref()))
            .await?;
        Ok(news)
    }

    fn remote_of(&self, appointment: &Appointment, event: &Event) -> Option<Remote> {
        let clinic = &self.settings().clinic;
        // a read of one event does not tell the calendar's own zone
        let zone = appointment.zone;
        let times = event.times?;
        let mark = event.mark.as_ref().filter(|mark| mark.clinic == *clinic);
        Some(Remote {
            calendar: appointment.google_calendar_id.clone(),
            event: event.id.clone(),
            etag: event.etag.clone(),
            time: times.interval(zone)?,
            all_day: matches!(times, EventTimes::AllDay { .. }),
            reason: blocks(event, zone, clinic).map(|block| block.reason),
            // what people call their own entries is theirs
            title: mark.map(|_| event.summary.clone()).unwrap_or_default(),
            updated: event.updated,
            appointment: mark.map(|mark| mark.appointment.clone()),
        })
    }
}

/// The event that the visit has, or would have.
fn event_of(appointment: &Appointment) -> EventId {
    appointment
        .google_event_id
        .clone()
        .unwrap_or_else(|| EventId::of_attempt(&appointment.appointment_id, appointment.attempt))
}

fn unread(error: &CalendarError) -> Refusal {
    let code = match error {
        CalendarError::SignIn(_) => Code::SignIn,
        error if error.is_passing() => Code::NoAnswer,
        _ => Code::Rule,
    };
    let words =
        format!("{error}; what Google has of this visit is not known, and nothing was changed");
    Refusal::new(code, sentence(&words))
}
