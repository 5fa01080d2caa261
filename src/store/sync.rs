//! Calendars as Google has them: how far they were read, every event that is known, and what a read
//! changes about our visits.
//!
//! What is to be done about an event is judged by [`crate::flow::reconcile`]; here it is carried out. A long read
//! is taken over in several transactions, so that nobody who books waits for it; the cursor goes on with the last of
//! them, and what is told again is not done again.

mod apply;
mod cursors;
mod follow;
mod later;
mod people;
pub(super) mod remotes;
mod restored;

use super::database::Database;
use crate::domain::appointment::Appointment;
use crate::domain::event::Event;
use crate::domain::id::{AppointmentId, CalendarId, EventId};
use crate::domain::policy::Act;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::Operation;
use crate::port::store::{Stamp, StoreError};
use crate::port::sync::{
    Changes, Cursor, Part, Remote, SyncRecords, SyncRules, SyncStore, SyncToken, Synced,
};

pub(super) use follow::{Now, moved_by_person};
pub(super) use people::is_told_of_the_other;
pub(super) use restored::since as restored_since;

/// So many events are taken over in one transaction: each transaction is flushed to the disk, and others wait for
/// it. Few in the tests, so that they take several.
const AT_ONCE: usize = if cfg!(test) { 3 } else { 1_000 };

/// Some of the events that were read.
fn part(changes: &Changes, events: &[Event]) -> Changes {
    Changes {
        calendar: changes.calendar.clone(),
        events: events.to_vec(),
        token: changes.token.clone(),
        ..*changes
    }
}

impl SyncRecords for Database {
    fn restored(&self) -> Result<bool, StoreError> {
        Ok(restored::since(&self.conn)?.is_some())
    }

    fn audit_length(&self) -> Result<i64, StoreError> {
        super::audit::length(&self.conn)
    }

    fn cursors(&self) -> Result<Vec<Cursor>, StoreError> {
        cursors::all(&self.conn)
    }

    fn remotes(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<Remote>, StoreError> {
        remotes::within(&self.conn, calendars, within)
    }

    fn remote(&self, calendar: &CalendarId, event: &EventId) -> Result<Option<Remote>, StoreError> {
        remotes::one(&self.conn, calendar, event)
    }

    fn missing(&self, changes: &Changes) -> Result<Vec<EventId>, StoreError> {
        apply::missing(&self.conn, changes)
    }
}

impl SyncStore for Database {
    fn take_cursor(
        &mut self,
        stamp: &Stamp,
        calendar: &CalendarId,
        until: Moment,
        by_force: bool,
    ) -> Result<Option<SyncToken>, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            cursors::take(tx, stamp, calendar, until, by_force)
        })
    }

    fn leave_cursor(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| cursors::leave(tx, stamp, calendar))
    }

    fn forget_token(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| cursors::forget(tx, calendar))
    }

    fn release_brake(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<bool, StoreError> {
        self.write(stamp, Act::KeepClinic, |tx| {
            cursors::release(tx, stamp, calendar)
        })
    }

    fn mark_restored(&mut self, stamp: &Stamp) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| restored::mark(tx, stamp))
    }

    fn end_restored(
        &mut self,
        stamp: &Stamp,
        overtaken: &[AppointmentId],
    ) -> Result<Vec<(Operation, Appointment)>, StoreError> {
        self.write(stamp, Act::Repair, |tx| restored::end(tx, stamp, overtaken))
    }

    fn apply_changes(
        &mut self,
        stamp: &Stamp,
        changes: &Changes,
        rules: &SyncRules,
        from: usize,
    ) -> Result<Part, StoreError> {
        if from == 0
            && let Some(sentence) = apply::too_much(&self.conn, stamp, changes, rules)?
        {
            return self.write(stamp, Act::Repair, |tx| {
                cursors::must_hold(tx, stamp, &changes.calendar)?;
                cursors::brake(tx, stamp, &changes.calendar, &sentence)?;
                let done = Synced {
                    braked: Some(sentence),
                    ..Synced::default()
                };
                Ok(Part { done, next: None })
            });
        }
        let left = changes.events.get(from..).unwrap_or_default();
        let (events, rest) = left.split_at(left.len().min(AT_ONCE));
        let part = part(changes, events);
        self.write(stamp, Act::Repair, |tx| {
            let mut done = Synced::default();
            apply::part(tx, stamp, &part, rules, &mut done)?;
            if !rest.is_empty() {
                let next = Some(from + events.len());
                return Ok(Part { done, next });
            }
            apply::finish(tx, stamp, changes, &mut done)?;
            Ok(Part { done, next: None })
        })
    }
}

#[cfg(test)]
mod tests;
