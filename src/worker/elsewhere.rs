//! Events of other databases of the clinic, met in passing: what they are is taken into the mirror.

use super::engine::{Engine, system};
use crate::domain::appointment::{Appointment, Source};
use crate::domain::event::{Event, EventStatus, EventTimes, MarkKind};
use crate::domain::id::{CalendarId, DatabaseId, EventId};
use crate::domain::time::{Interval, Moment};
use crate::flow::booking::lease_over;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::store::{Elsewhere, HoldLeft, Store, StoreError};

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Takes over what a list shows of other desks, and asks about what it should show and does not. What
    /// fails is met again: a booking does not depend on it.
    pub(super) async fn met(
        &self,
        calendar: &CalendarId,
        window: Interval,
        events: &[Event],
        server_time: Option<Moment>,
        database: &DatabaseId,
    ) {
        let theirs: Vec<Elsewhere> = events
            .iter()
            .filter_map(|event| self.met_elsewhere(calendar, event, database))
            .collect();
        let holds: Vec<&Event> = events
            .iter()
            .filter(|event| self.is_left_hold(event, server_time))
            .collect();
        let listed: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
        let (of, at) = (calendar.clone(), window);
        let renewed = async {
            for visit in &theirs {
                self.take_over(visit).await?;
            }
            let missing = self
                .store(move |store| {
                    let mut known = store.booked_elsewhere(&of, at)?;
                    known.retain(|a| {
                        a.google_event_id
                            .as_ref()
                            .is_none_or(|e| !listed.contains(e))
                    });
                    Ok(known)
                })
                .await?;
            for visit in missing {
                self.ask_elsewhere(&visit).await?;
            }
            for hold in holds {
                self.hold_left(calendar, hold).await?;
            }
            Ok::<(), StoreError>(())
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, "visits of other desks could not be taken over");
        }
    }

    /// Takes one visit over. What is known of another one that stands in its way may be out of date, and is
    /// asked about first; if both stand, the desks that booked them have to see to it.
    async fn take_over(&self, visit: &Elsewhere) -> Result<bool, StoreError> {
        match self.adopt(visit).await {
            Err(StoreError::Overlap(other)) if self.ask_elsewhere(&other).await? => {
                match self.adopt(visit).await {
                    Err(StoreError::Overlap(_)) => Ok(false),
                    done => done,
                }
            }
            Err(StoreError::Overlap(_)) => Ok(false),
            done => done,
        }
    }

    async fn adopt(&self, visit: &Elsewhere) -> Result<bool, StoreError> {
        let (stamp, visit) = (self.stamp(&system()), visit.clone());
        self.store(move |store| store.adopt(&stamp, &visit)).await
    }

    /// A hold that stands, and whose desk no longer answers by Google's clock.
    fn is_left_hold(&self, event: &Event, server_time: Option<Moment>) -> bool {
        let ours = event.mark.as_ref().is_some_and(|mark| {
            mark.clinic == self.settings().clinic && mark.kind == MarkKind::Placeholder
        });
        ours && event.status == EventStatus::Confirmed && lease_over(event, server_time)
    }

    /// The visit that the hold is for goes into repair; one that is not known here is asked about first.
    async fn hold_left(&self, calendar: &CalendarId, hold: &Event) -> Result<(), StoreError> {
        let (Some(mark), Some(EventTimes::Timed(time))) = (&hold.mark, hold.times) else {
            return Ok(());
        };
        let left = HoldLeft {
            hold: hold.id.clone(),
            appointment: mark.appointment.clone(),
            held: time,
        };
        let id = mark.appointment.clone();
        if self
            .store(move |store| store.appointment(&id))
            .await?
            .is_none()
        {
            let event = EventId::of_attempt(&mark.appointment, mark.attempt);
            let nobody = DatabaseId::new("");
            let met = match self.inner.calendar.get(calendar, &event).await {
                Ok(read) => self.met_elsewhere(calendar, &read.value, &nobody),
                Err(_) => None,
            };
            let Some(met) = met else {
                return Ok(());
            };
            self.take_over(&met).await?;
        }
        let stamp = self.stamp(&system());
        self.store(move |store| store.hold_left(&stamp, &left))
            .await?;
        Ok(())
    }

    fn met_elsewhere(
        &self,
        calendar: &CalendarId,
        event: &Event,
        database: &DatabaseId,
    ) -> Option<Elsewhere> {
        let mark = event.mark.as_ref()?;
        let theirs = mark.clinic == self.settings().clinic
            && mark.database != *database
            && mark.kind == MarkKind::Appointment
            && event.status == EventStatus::Confirmed;
        let Some(EventTimes::Timed(visit)) = event.times.filter(|_| theirs) else {
            return None;
        };
        Some(Elsewhere {
            calendar: calendar.clone(),
            event: event.id.clone(),
            etag: event.etag.clone()?,
            visit,
            mark: mark.clone(),
        })
    }

    /// A visit that another desk booked stands in the way, as far as we know: does it still? True if what
    /// we know has changed.
    pub(super) async fn ask_elsewhere(&self, visit: &Appointment) -> Result<bool, StoreError> {
        let (Source::Adopted, Some(event)) = (visit.source, &visit.google_event_id) else {
            return Ok(false);
        };
        let (stamp, id) = (self.stamp(&system()), visit.appointment_id.clone());
        let calendar = &visit.google_calendar_id;
        let gone = match self.inner.calendar.get(calendar, event).await {
            Ok(read) if read.value.status != EventStatus::Cancelled => {
                // of no database: whoever wrote it, we know it as another desk's
                let nobody = DatabaseId::new("");
                let Some(met) = self.met_elsewhere(calendar, &read.value, &nobody) else {
                    return Ok(false);
                };
                return match self.adopt(&met).await {
                    Err(StoreError::Overlap(_)) => Ok(false),
                    done => done,
                };
            }
            Ok(_) | Err(CalendarError::Gone) => true,
            Err(CalendarError::NotFound) => self.inner.calendar.answers(calendar).await.is_ok(),
            Err(_) => false,
        };
        if gone {
            self.store(move |store| store.called_off_elsewhere(&stamp, &id))
                .await?;
        }
        Ok(gone)
    }
}
