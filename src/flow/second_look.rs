//! The second look at a time that was settled a moment ago. Google does not promise that a list shows what
//! was written just before, and a request of ours may land after we have given it up: what a second look
//! finds is put right, or goes into repair. Pure: it judges a list and an event that others have read.

use super::booking::{Own, judge, visit_of, window};
use crate::domain::appointment::{Appointment, Status};
use crate::domain::event::{Event, EventStatus};
use crate::domain::id::{ClinicId, DatabaseId, Etag, EventId};
use crate::domain::time::{Interval, Moment};
use chrono_tz::Tz;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The appointment, as the database has it.
    pub appointment: &'a Appointment,
    /// The time that was settled: its own, or one that it did not get.
    pub settled: Interval,
    /// This clinic.
    pub clinic: &'a ClinicId,
    /// This database.
    pub database: &'a DatabaseId,
}

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The visit's own event is not where it should be: it has to be read itself.
    pub own_is_missing: bool,
    /// Something that stands takes the same time: what, in words.
    pub in_the_way: Option<String>,
    /// A claim of this visit that landed late, or one whose desk is gone; to be deleted under its version.
    pub leftover: Option<(EventId, Etag)>,
}

/// The visit's own event, read by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As we know it.
    AsKnown,
    /// Another desk of the clinic has moved it.
    MovedByDesk {
        /// Its version.
        etag: Etag,
        /// Its times.
        visit: Interval,
        /// How often desks have changed it.
        rev: u32,
    },
    /// A person has moved it in Google.
    MovedByPerson {
        /// Its version.
        etag: Etag,
        /// Its times.
        visit: Interval,
    },
    /// It was deleted.
    Gone,
    /// It is not ours any more, or has no times.
    Strange,
}

impl Subject<'_> {
    /// What has to be listed.
    pub fn window(&self) -> Interval {
        window(self.settled, self.appointment.buffers)
    }

    /// Judges the list.
    pub fn judge(&self, events: &[Event], zone: Tz, server_time: Option<Moment>) -> Seen {
        let a = self.appointment;
        let none = EventId::new("");
        let event = a.google_event_id.as_ref().unwrap_or(&none);
        let stands = a.status == Status::Confirmed;
        let own = Own {
            event,
            besides: None,
            visit: self.settled,
            buffers: a.buffers,
            clinic: self.clinic,
            database: self.database,
            appointment: &a.appointment_id,
        };
        let verdict = judge(&own, events, zone, server_time);
        let its_time = stands && self.settled == a.visit;
        let listed = events
            .iter()
            .any(|e| e.id == *event && visit_of(e) == Some(a.visit));
        let abandoned = events.iter().find_map(|e| self.abandoned(e));
        Seen {
            own_is_missing: its_time && !listed,
            in_the_way: verdict.taken.filter(|_| its_time),
            leftover: abandoned.or(verdict.dead_claim),
        }
    }

    /// A claim or a hold of this visit's own that never became anything.
    fn abandoned(&self, event: &Event) -> Option<(EventId, Etag)> {
        let mark = event.mark.as_ref()?;
        let ours = mark.clinic == *self.clinic
            && mark.database == *self.database
            && mark.appointment == self.appointment.appointment_id;
        (ours && event.status == EventStatus::Tentative)
            .then(|| event.etag.clone().map(|etag| (event.id.clone(), etag)))
            .flatten()
    }

    /// Judges the visit's own event; none: it is not there any more.
    pub fn standing(&self, event: Option<&Event>) -> Standing {
        let a = self.appointment;
        let Some(event) = event.filter(|e| e.status != EventStatus::Cancelled) else {
            return Standing::Gone;
        };
        let mark = event
            .mark
            .as_ref()
            .filter(|m| m.clinic == *self.clinic && m.appointment == a.appointment_id);
        let (Some(mark), Some(etag), Some(visit)) = (mark, event.etag.clone(), visit_of(event))
        else {
            return Standing::Strange;
        };
        let rev = mark.rev;
        if rev > a.rev {
            Standing::MovedByDesk { etag, visit, rev }
        } else if visit == a.visit {
            Standing::AsKnown
        } else {
            Standing::MovedByPerson { etag, visit }
        }
    }
}

#[cfg(test)]
#[path = "second_look/tests.rs"]
mod tests;
