//! Calendars as Google has them: how far they were read, every event that is known, and what a read
//! changes about our visits.
//!
//! What is to be done about an event is judged by [`crate::flow::reconcile`]; here it is carried out, all of one
//! read in one transaction with the cursor that says how far it went.

mod apply;
mod cursors;
mod follow;
mod people;
pub(super) mod remotes;

use super::database::Database;
use crate::domain::id::{CalendarId, EventId};
use crate::domain::policy::Act;
use crate::domain::time::{Interval, Moment};
use crate::port::store::{Stamp, StoreError};
use crate::port::sync::{
    Changes, Cursor, Remote, SyncRecords, SyncRules, SyncStore, SyncToken, Synced,
};

pub(super) use cursors::restored as is_restored;
pub(super) use follow::{Now, moved_by_person};

impl SyncRecords for Database {
    fn restored(&self) -> Result<bool, StoreError> {
        cursors::restored(&self.conn)
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

    fn set_restored(&mut self, stamp: &Stamp, restored: bool) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            cursors::set_restored(tx, stamp, restored)
        })
    }

    fn apply_changes(
        &mut self,
        stamp: &Stamp,
        changes: &Changes,
        rules: &SyncRules,
    ) -> Result<Synced, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            apply::apply(tx, stamp, changes, rules)
        })
    }
}

#[cfg(test)]
mod tests;
