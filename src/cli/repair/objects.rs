//! What the command line answers with `--json` about what is not in step.

use crate::cli::objects::{AppointmentObject, SlotTimes, utc};
use crate::domain::id::Etag;
use crate::flow::operation::Cause;
use crate::port::query::{Entry, GoogleSide, RepairAction, RepairItem};
use serde::Serialize;

/// Something that is not in step: the appointment and what is wrong with it.
#[derive(Debug, Serialize)]
pub(super) struct RepairObject<'a> {
    #[serde(flatten)]
    appointment: AppointmentObject<'a>,
    operation: Option<&'a str>,
    cause: Option<Cause>,
    message: &'a str,
    since: String,
    last_error: Option<&'a str>,
    next_try: Option<String>,
    google: Option<GoogleObject<'a>>,
    booked_for: Option<SlotTimes>,
    actions: &'a [RepairAction],
}

/// What Google has of a visit.
#[derive(Debug, Serialize)]
struct GoogleObject<'a> {
    as_of: String,
    event: Option<GoogleEventObject<'a>>,
}

/// The event under a visit's id.
#[derive(Debug, Serialize)]
struct GoogleEventObject<'a> {
    start: String,
    end: String,
    all_day: bool,
    takes_time: bool,
    ours: bool,
    title: &'a str,
    etag: Option<&'a str>,
    updated: Option<String>,
}

impl<'a> From<&'a GoogleSide> for GoogleObject<'a> {
    fn from(side: &'a GoogleSide) -> Self {
        Self {
            as_of: utc(side.as_of),
            event: side.event.as_ref().map(|event| GoogleEventObject {
                start: utc(event.time.start()),
                end: utc(event.time.end()),
                all_day: event.all_day,
                takes_time: event.reason.is_some(),
                ours: event.ours,
                title: &event.title,
                etag: event.etag.as_ref().map(Etag::as_str),
                updated: event.updated.map(utc),
            }),
        }
    }
}

/// The same with what has happened to the visit, newest first.
#[derive(Debug, Serialize)]
pub(super) struct RepairCardObject<'a> {
    #[serde(flatten)]
    item: RepairObject<'a>,
    timeline: Vec<EntryObject<'a>>,
}

#[derive(Debug, Serialize)]
struct EntryObject<'a> {
    at: String,
    actor: &'a str,
    what: &'a str,
}

impl<'a> RepairCardObject<'a> {
    /// The item and its history.
    pub(super) fn new(item: &'a RepairItem, timeline: &'a [Entry]) -> Self {
        Self {
            item: item.into(),
            timeline: timeline
                .iter()
                .map(|entry| EntryObject {
                    at: utc(entry.at),
                    actor: &entry.actor,
                    what: &entry.what,
                })
                .collect(),
        }
    }
}

impl<'a> From<&'a RepairItem> for RepairObject<'a> {
    fn from(item: &'a RepairItem) -> Self {
        let mut appointment = AppointmentObject::from(&item.appointment);
        appointment.sync_state = item.state;
        Self {
            appointment,
            operation: item.operation.as_deref(),
            cause: item.cause,
            message: &item.sentence,
            since: utc(item.since),
            last_error: item.last_error.as_deref(),
            next_try: item.next_try.map(utc),
            google: item.google.as_ref().map(Into::into),
            booked_for: item.former.as_ref().map(SlotTimes::from),
            actions: &item.actions,
        }
    }
}
