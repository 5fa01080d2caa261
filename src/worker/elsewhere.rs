//! Events of other databases of the clinic, met in passing: what they are is taken into the mirror.

use super::engine::{Engine, system};
use crate::domain::appointment::{Appointment, Source};
use crate::domain::event::{Event, EventStatus, EventTimes, MarkKind};
use crate::domain::id::{CalendarId, DatabaseId, EventId};
use crate::domain::time::Interval;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::store::{Elsewhere, Store, StoreError};

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
        database: &DatabaseId,
    ) {
        let theirs: Vec<Elsewhere> = events
            .iter()
            .filter_map(|event| self.met_elsewhere(calendar, event, database))
            .collect();
        let listed: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
        let (stamp, of, at) = (self.stamp(&system()), calendar.clone(), window);
        let missing = self
            .store(move |store| {
                for visit in &theirs {
                    if store.adopt(&stamp, visit)? {
                        tracing::info!(appointment = %visit.mark.appointment, "met a visit of another desk");
                    }
                }
                let mut known = store.booked_elsewhere(&of, at)?;
                known.retain(|a| a.google_event_id.as_ref().is_none_or(|e| !listed.contains(e)));
                Ok(known)
            })
            .await;
        let renewed = async {
            for visit in missing? {
                self.ask_elsewhere(&visit).await?;
            }
            Ok::<(), StoreError>(())
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, "visits of other desks could not be taken over");
        }
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
                return self.store(move |store| store.adopt(&stamp, &met)).await;
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
