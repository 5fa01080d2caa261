//! What is known of Google's calendars, event by event, and how far it was read.

use super::store::{Stamp, StoreError};
use crate::domain::blocks::Reason;
use crate::domain::event::Event;
use crate::domain::id::{AppointmentId, CalendarId, ClinicId, Etag, EventId};
use crate::domain::time::{Interval, Moment};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Where an incremental read goes on; Google's word, meaningless to us.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SyncToken(pub String);

/// From where a calendar's events are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFrom {
    /// Everything that ends after the moment.
    Start(Moment),
    /// What has changed since.
    Token(SyncToken),
}

/// One page of events, deleted ones included when reading on from a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// The events, recurring ones expanded.
    pub events: Vec<Event>,
    /// The calendar's zone, in which its all-day events are meant.
    pub zone: Tz,
    /// Where it goes on.
    pub next: NextRead,
}

/// Where reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextRead {
    /// There are more pages.
    Page(String),
    /// That was all; what changes from here on.
    Token(SyncToken),
}

/// Everything that one read brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Whose.
    pub calendar: CalendarId,
    /// The events.
    pub events: Vec<Event>,
    /// The calendar's zone.
    pub zone: Tz,
    /// Set when everything that ends after the moment was read: what is not among it is gone.
    pub whole_since: Option<Moment>,
    /// Where the next read goes on.
    pub token: SyncToken,
    /// When it was asked for.
    pub asked_at: Moment,
}

/// How far a calendar was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Whose.
    pub calendar: CalendarId,
    /// When it was last read to the end; none: never.
    pub synced_at: Option<Moment>,
    /// Set when nothing is applied until an admin looks: since when, and why.
    pub brake: Option<(Moment, String)>,
}

/// An event as Google had it when it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// Whose calendar.
    pub calendar: CalendarId,
    /// Which event.
    pub event: EventId,
    /// Its version.
    pub etag: Option<Etag>,
    /// Its times; whole days in the calendar's zone.
    pub time: Interval,
    /// Whether it is of whole days.
    pub all_day: bool,
    /// Why it takes its owner's time; none: it takes none.
    pub reason: Option<Reason>,
    /// Its title; empty where the clinic does not show titles.
    pub title: String,
    /// Last change by Google's clock.
    pub updated: Option<Moment>,
    /// Whose visit it is, if it bears this clinic's mark.
    pub appointment: Option<AppointmentId>,
}

/// By what a read is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRules {
    /// This clinic.
    pub clinic: ClinicId,
    /// Whether titles of people's entries are kept.
    pub show_titles: bool,
    /// At most so many hundredths of a calendar's coming visits may be gone or moved at once.
    pub brake_percent: u32,
}

/// What one read came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synced {
    /// Events that are other than before.
    pub events: usize,
    /// Visits that were moved in Google and are moved here.
    pub moved: usize,
    /// Visits whose event is gone.
    pub gone: usize,
    /// Visits of other desks that were taken over.
    pub adopted: usize,
    /// Visits that something stands on top of now.
    pub conflicts: usize,
    /// Set when so much had changed that nothing was applied.
    pub braked: Option<String>,
}

/// Reading.
pub trait SyncRecords {
    /// How far the calendars were read, by id.
    fn cursors(&self) -> Result<Vec<Cursor>, StoreError>;

    /// What is known of the calendars' events that meet the stretch, by calendar and start.
    fn remotes(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<Remote>, StoreError>;

    /// What Google has of one event; none: nothing that was read.
    fn remote(&self, calendar: &CalendarId, event: &EventId) -> Result<Option<Remote>, StoreError>;

    /// After everything was read: events of our visits that should be among it and are not. Each has to be
    /// read by itself before it counts as gone.
    fn missing(&self, changes: &Changes) -> Result<Vec<EventId>, StoreError>;
}

/// Writing.
pub trait SyncStore: SyncRecords {
    /// Takes the calendar's cursor for the stamp's desk until the moment, and answers where to read on
    /// (none: everything); [`StoreError::LeaseLost`] while another program has it, unless by force: what
    /// that one reads is then not taken over.
    fn take_cursor(
        &mut self,
        stamp: &Stamp,
        calendar: &CalendarId,
        until: Moment,
        by_force: bool,
    ) -> Result<Option<SyncToken>, StoreError>;

    /// Gives the cursor back.
    fn leave_cursor(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<(), StoreError>;

    /// The token is of no use any more.
    fn forget_token(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<(), StoreError>;

    /// An admin has looked: the next read is applied, however much it changes. False: nothing was held
    /// back.
    fn release_brake(&mut self, stamp: &Stamp, calendar: &CalendarId) -> Result<bool, StoreError>;

    /// Takes over what was read. The cursor must still be the stamp's.
    fn apply_changes(
        &mut self,
        stamp: &Stamp,
        changes: &Changes,
        rules: &SyncRules,
    ) -> Result<Synced, StoreError>;
}
