//! What is known of Google's calendars, event by event, and how far it was read.

use super::store::{Stamp, StoreError};
use crate::domain::appointment::Appointment;
use crate::domain::blocks::{Reason, blocks};
use crate::domain::dates::say_time;
use crate::domain::event::{Event, EventStatus, EventTimes, MarkKind};
use crate::domain::id::{AppointmentId, CalendarId, ClinicId, DoctorId, Etag, EventId};
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::Operation;
use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

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

impl Changes {
    /// Of an event that was told twice, because it changed while pages were read, only what was told last.
    #[must_use]
    pub fn as_told_last(mut self) -> Self {
        let mut told = HashSet::new();
        self.events.reverse();
        self.events.retain(|event| told.insert(event.id.clone()));
        self.events.reverse();
        self
    }
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

impl Remote {
    /// The row of an event of a calendar in `zone`, in whole seconds as it is kept; none for one that is
    /// deleted or has no times.
    pub fn of(event: &Event, calendar: &CalendarId, zone: Tz, rules: &SyncRules) -> Option<Self> {
        if event.status == EventStatus::Cancelled {
            return None;
        }
        let times = event.times?;
        let time = times.interval(zone)?;
        let mark = event.mark.as_ref().filter(|m| m.clinic == rules.clinic);
        let ours = mark.filter(|m| m.kind == MarkKind::Appointment);
        let title = if mark.is_some() || rules.show_titles {
            event.summary.clone()
        } else {
            String::new()
        };
        let end = time.end();
        let up = i64::from(end.timestamp_subsec_nanos() > 0);
        Some(Self {
            calendar: calendar.clone(),
            event: event.id.clone(),
            etag: event.etag.clone(),
            time: Interval::new(whole(time.start(), 0), whole(end, up)).ok()?,
            all_day: matches!(times, EventTimes::AllDay { .. }),
            reason: blocks(event, zone, &rules.clinic).map(|block| block.reason),
            title,
            updated: event.updated.map(|at| whole(at, 0)),
            appointment: ours.map(|mark| mark.appointment.clone()),
        })
    }

    /// Whether it is a person's entry that takes time.
    pub fn is_persons(&self) -> bool {
        matches!(
            self.reason,
            Some(Reason::Private | Reason::OutOfOffice | Reason::FocusTime | Reason::AllDay)
        )
    }

    /// The entry in words, with its times in the zone unless it is of whole days.
    pub fn say(&self, zone: Tz) -> String {
        let what = match (self.title.is_empty(), self.reason) {
            (false, _) => format!("“{}”", self.title),
            (true, Some(Reason::OutOfOffice)) => "an absence (out of office)".to_owned(),
            (true, Some(Reason::FocusTime)) => "focus time".to_owned(),
            (true, Some(Reason::AllDay)) => "an entry of the whole day".to_owned(),
            (true, _) => "an entry of the calendar's owner".to_owned(),
        };
        if self.all_day {
            return what;
        }
        let (from, to) = (self.time.start(), self.time.end());
        format!("{what}, {} to {}", say_time(from, zone), say_time(to, zone))
    }
}

/// Whole seconds, as a row keeps them.
fn whole(at: Moment, more: i64) -> Moment {
    DateTime::from_timestamp(at.timestamp() + more, 0).unwrap_or(at)
}

/// What may be asked of the sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncAct {
    /// One full pass: changes in, what is pending out.
    Pass,
    /// Compare mirror and calendars, and change nothing.
    Check,
    /// Compare, take Google's side over where that is safe, and file the rest as repair items.
    Fix,
    /// Read everything again, and take over every visit of the clinic that a calendar holds.
    Rebuild,
    /// What was held back in this doctor's calendar is to be applied.
    Release(DoctorId),
    /// Put this doctor's coming visits into the doctor's calendar, where they are not there yet.
    Upcoming(DoctorId),
}

/// What a pass did for one calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarSync {
    /// Which.
    pub calendar: CalendarId,
    /// What came in, or why nothing did, in words.
    pub result: Result<Synced, String>,
}

/// Something that mirror and calendar do not agree about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Whose calendar.
    pub calendar: CalendarId,
    /// What kind.
    pub kind: DifferenceKind,
    /// The visit it is about, if it is about one.
    pub appointment: Option<AppointmentId>,
    /// The event it is about, if there is one.
    pub event: Option<EventId>,
    /// What differs, in a sentence.
    pub sentence: String,
}

/// Kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// A visit that stands here has no event.
    NoEvent,
    /// An event of a visit that is not known here.
    NoVisit,
    /// Both stand, at different times.
    OtherTime,
    /// The event stands, although the visit was called off or lost its slot.
    StillThere,
    /// The event is the visit's, and somebody changed it.
    Changed,
    /// A claim or a hold that nobody works on.
    Leftover,
    /// A person's entry that is not known here as it is.
    Entry,
    /// An intent from before a backup was put back, whose event was changed since.
    OldIntent,
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
    /// Visits that were settled while the calendar was read: they are looked at again by themselves.
    pub unsure: usize,
    /// Set when so much had changed that nothing was applied.
    pub braked: Option<String>,
}

/// What a part of a read came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What was done.
    pub done: Synced,
    /// The event to go on with; none: that was all.
    pub next: Option<usize>,
}

impl Synced {
    /// With what another part of the same read came to.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            moved: self.moved + other.moved,
            gone: self.gone + other.gone,
            adopted: self.adopted + other.adopted,
            conflicts: self.conflicts + other.conflicts,
            unsure: self.unsure + other.unsure,
            braked: self.braked.or(other.braked),
        }
    }
}

/// Reading.
pub trait SyncRecords {
    /// Whether this database was put back from a backup, and mirror and calendars were not compared since:
    /// until then nothing that was open in it is carried out.
    fn restored(&self) -> Result<bool, StoreError>;

    /// The last row of the audit; 0 before the first.
    fn audit_length(&self) -> Result<i64, StoreError>;

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

    /// This database was put back from a backup: what is open in it by now waits.
    fn mark_restored(&mut self, stamp: &Stamp) -> Result<(), StoreError>;

    /// Mirror and calendars were compared: what waited goes on. The operations among it that are about these
    /// visits, whose events were changed since, end in repair and are answered with.
    fn end_restored(
        &mut self,
        stamp: &Stamp,
        overtaken: &[AppointmentId],
    ) -> Result<Vec<(Operation, Appointment)>, StoreError>;

    /// Takes over what was read, each event told once, from the `from`th event on: as much as one
    /// transaction may take without keeping others waiting. The cursor must still be the stamp's; it goes on
    /// with the last part.
    fn apply_changes(
        &mut self,
        stamp: &Stamp,
        changes: &Changes,
        rules: &SyncRules,
        from: usize,
    ) -> Result<Part, StoreError>;
}
