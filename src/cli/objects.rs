//! What `--json` shows: flat objects whose shape is a promise to scripts. Times are RFC 3339 in UTC, in
//! whole seconds.

use super::say;
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::{Doctor, Kind};
use crate::domain::id::{
    AppointmentId, CalendarId, CustomerId, DoctorId, EventId, NoticeNo, ServiceId,
};
use crate::domain::service::Service;
use crate::domain::time::{Interval, Moment};
use crate::port::notices::{Notice, NoticeKind};
use crate::port::query::{CustomerHit, DoctorLine, Obstacle, Reading};
use crate::port::sync::{CalendarSync, Difference, DifferenceKind, Synced};
use chrono::{NaiveDate, SecondsFormat};
use serde::Serialize;

pub(super) fn utc(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An appointment: everywhere the same object.
#[derive(Debug, Serialize)]
pub(super) struct AppointmentObject<'a> {
    appointment_id: &'a AppointmentId,
    status: Status,
    pub(super) sync_state: SyncState,
    google_calendar_id: &'a CalendarId,
    google_event_id: Option<&'a EventId>,
    doctor_id: &'a DoctorId,
    doctor_name: &'a str,
    customer_id: &'a CustomerId,
    customer_name: &'a str,
    service_id: Option<&'a ServiceId>,
    start: String,
    end: String,
    blocked_start: String,
    blocked_end: String,
    source: Source,
    cancelled_at: Option<String>,
    cancellation_reason: Option<&'a str>,
}

impl<'a> From<&'a Appointment> for AppointmentObject<'a> {
    fn from(a: &'a Appointment) -> Self {
        let blocked = a.blocked();
        Self {
            appointment_id: &a.appointment_id,
            status: a.status,
            sync_state: a.sync_state,
            google_calendar_id: &a.google_calendar_id,
            google_event_id: a.google_event_id.as_ref(),
            doctor_id: &a.doctor_id,
            doctor_name: &a.doctor_name,
            customer_id: &a.customer_id,
            customer_name: &a.customer_name,
            service_id: a.service_id.as_ref(),
            start: utc(a.visit.start()),
            end: utc(a.visit.end()),
            blocked_start: utc(blocked.start()),
            blocked_end: utc(blocked.end()),
            source: a.source,
            cancelled_at: a.cancelled_at.map(utc),
            cancellation_reason: a.cancellation_reason.as_deref(),
        }
    }
}

/// What a pass did.
#[derive(Debug, Serialize)]
pub(super) struct PassObject<'a> {
    pub calendars: Vec<CalendarSyncObject<'a>>,
    pub sent: Vec<RetriedObject<'a>>,
}

/// What came in from a calendar.
#[derive(Debug, Serialize)]
pub(super) struct CalendarSyncObject<'a> {
    google_calendar_id: &'a CalendarId,
    events: usize,
    moved: usize,
    gone: usize,
    adopted: usize,
    conflicts: usize,
    held_back: Option<&'a str>,
    error: Option<&'a str>,
}

impl<'a> From<&'a CalendarSync> for CalendarSyncObject<'a> {
    fn from(one: &'a CalendarSync) -> Self {
        let synced = one.result.as_ref().ok();
        let number = |of: fn(&Synced) -> usize| synced.map_or(0, of);
        Self {
            google_calendar_id: &one.calendar,
            events: number(|s| s.events),
            moved: number(|s| s.moved),
            gone: number(|s| s.gone),
            adopted: number(|s| s.adopted),
            conflicts: number(|s| s.conflicts),
            held_back: synced.and_then(|s| s.braked.as_deref()),
            error: one.result.as_ref().err().map(String::as_str),
        }
    }
}

/// What a comparison found.
#[derive(Debug, Serialize)]
pub(super) struct CheckObject<'a> {
    pub differences: Vec<DifferenceObject<'a>>,
    pub unread: Vec<&'a CalendarId>,
}

/// Something that mirror and calendar do not agree about.
#[derive(Debug, Serialize)]
pub(super) struct DifferenceObject<'a> {
    kind: DifferenceKind,
    google_calendar_id: &'a CalendarId,
    appointment_id: Option<&'a AppointmentId>,
    google_event_id: Option<&'a EventId>,
    message: &'a str,
}

impl<'a> From<&'a Difference> for DifferenceObject<'a> {
    fn from(one: &'a Difference) -> Self {
        Self {
            kind: one.kind,
            google_calendar_id: &one.calendar,
            appointment_id: one.appointment.as_ref(),
            google_event_id: one.event.as_ref(),
            message: &one.sentence,
        }
    }
}

/// A stretch of time.
#[derive(Debug, Serialize)]
pub(super) struct SlotTimes {
    start: String,
    end: String,
}

impl From<&Interval> for SlotTimes {
    fn from(slot: &Interval) -> Self {
        Self {
            start: utc(slot.start()),
            end: utc(slot.end()),
        }
    }
}

/// A free slot.
#[derive(Debug, Serialize)]
pub(super) struct SlotObject<'a> {
    #[serde(flatten)]
    times: SlotTimes,
    doctor_id: &'a DoctorId,
    doctor_name: &'a str,
}

impl<'a> SlotObject<'a> {
    pub fn new(slot: &Interval, doctor: &'a Doctor) -> Self {
        Self {
            times: slot.into(),
            doctor_id: &doctor.doctor_id,
            doctor_name: &doctor.doctor_name,
        }
    }
}

/// Whether a time is free, and what is in its way.
#[derive(Debug, Serialize)]
pub(super) struct WhyObject<'a> {
    free: bool,
    reasons: Vec<ReasonObject<'a>>,
}

/// One thing in the way; its times where it has any.
#[derive(Debug, Serialize)]
struct ReasonObject<'a> {
    kind: &'static str,
    sentence: &'a str,
    start: Option<String>,
    end: Option<String>,
}

impl<'a> From<&'a [Obstacle]> for WhyObject<'a> {
    fn from(obstacles: &'a [Obstacle]) -> Self {
        let reason = |obstacle: &'a Obstacle| {
            let time = obstacle.why.time();
            ReasonObject {
                kind: obstacle.why.kind(),
                sentence: &obstacle.sentence,
                start: time.map(|time| utc(time.start())),
                end: time.map(|time| utc(time.end())),
            }
        };
        Self {
            free: obstacles.is_empty(),
            reasons: obstacles.iter().map(reason).collect(),
        }
    }
}

/// A doctor.
#[derive(Debug, Serialize)]
pub(super) struct DoctorObject<'a> {
    doctor_id: &'a DoctorId,
    doctor_name: &'a str,
    google_calendar_id: &'a CalendarId,
    specialty: &'a str,
    kind: Kind,
    time_zone: &'static str,
    hours: String,
    slot_minutes: u16,
    active: bool,
}

impl<'a> From<&'a Doctor> for DoctorObject<'a> {
    fn from(d: &'a Doctor) -> Self {
        Self {
            doctor_id: &d.doctor_id,
            doctor_name: &d.doctor_name,
            google_calendar_id: &d.google_calendar_id,
            specialty: &d.specialty,
            kind: d.kind,
            time_zone: d.zone.name(),
            hours: say::hours(&d.hours),
            slot_minutes: d.slot_minutes,
            active: d.active,
        }
    }
}

/// A doctor in the list, with how well the calendar is known.
#[derive(Debug, Serialize)]
pub(super) struct DoctorLineObject<'a> {
    #[serde(flatten)]
    doctor: DoctorObject<'a>,
    calendar_state: &'static str,
    calendar_read_at: Option<String>,
    calendar_error: Option<&'a str>,
    next_free: Option<String>,
    visits_today: u32,
}

impl<'a> From<&'a DoctorLine> for DoctorLineObject<'a> {
    fn from(line: &'a DoctorLine) -> Self {
        let (calendar_state, read_at, error) = match &line.reading {
            Reading::Live { at } => ("live", Some(*at), None),
            Reading::Stale { at, error } => ("stale", Some(*at), error.as_deref()),
            Reading::Unknown { error } => {
                ("unknown", None, error.as_ref().map(|(_, why)| why.as_str()))
            }
        };
        Self {
            doctor: (&line.doctor).into(),
            calendar_state,
            calendar_read_at: read_at.map(utc),
            calendar_error: error,
            next_free: line.next_free.map(|slot| utc(slot.start())),
            visits_today: line.visits_today,
        }
    }
}

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceObject<'a> {
    service_id: &'a ServiceId,
    service_name: &'a str,
    minutes: u32,
    buffer_before: u16,
    buffer_after: u16,
    active: bool,
}

impl<'a> From<&'a Service> for ServiceObject<'a> {
    fn from(s: &'a Service) -> Self {
        Self {
            service_id: &s.service_id,
            service_name: &s.service_name,
            minutes: s.minutes,
            buffer_before: s.buffers.before(),
            buffer_after: s.buffers.after(),
            active: s.active,
        }
    }
}

/// A customer. Owned, since a refusal carries the candidates.
#[derive(Debug, Serialize)]
pub(super) struct CustomerObject {
    customer_id: CustomerId,
    customer_name: String,
    mobile: Option<String>,
    email: Option<String>,
    born: Option<NaiveDate>,
}

impl From<&Customer> for CustomerObject {
    fn from(c: &Customer) -> Self {
        Self {
            customer_id: c.customer_id.clone(),
            customer_name: c.customer_name.clone(),
            mobile: c.mobile.clone(),
            email: c.email.clone(),
            born: c.born,
        }
    }
}

/// A customer in a list.
#[derive(Debug, Serialize)]
pub(super) struct CustomerHitObject {
    #[serde(flatten)]
    customer: CustomerObject,
    last_visit: Option<String>,
    next_visit: Option<String>,
}

impl From<&CustomerHit> for CustomerHitObject {
    fn from(hit: &CustomerHit) -> Self {
        let at = |visit: &Option<(Moment, String)>| visit.as_ref().map(|(at, _)| utc(*at));
        Self {
            customer: (&hit.customer).into(),
            last_visit: at(&hit.last_visit),
            next_visit: at(&hit.next_visit),
        }
    }
}

/// A customer with their visits, newest first.
#[derive(Debug, Serialize)]
pub(super) struct CustomerCardObject<'a> {
    #[serde(flatten)]
    pub customer: CustomerObject,
    pub visits: Vec<AppointmentObject<'a>>,
}

/// How one retry ended.
#[derive(Debug, Serialize)]
pub(super) struct RetriedObject<'a> {
    #[serde(flatten)]
    pub appointment: AppointmentObject<'a>,
    pub message: &'a str,
}

/// A notice of the inbox.
#[derive(Debug, Serialize)]
pub(super) struct NoticeObject<'a> {
    number: NoticeNo,
    at: String,
    kind: NoticeKind,
    sentence: &'a str,
    appointment_id: Option<&'a AppointmentId>,
    doctor_id: Option<&'a DoctorId>,
    calendar: Option<&'a CalendarId>,
    read: bool,
}

impl<'a> From<&'a Notice> for NoticeObject<'a> {
    fn from(notice: &'a Notice) -> Self {
        Self {
            number: notice.number,
            at: utc(notice.at),
            kind: notice.kind,
            sentence: &notice.sentence,
            appointment_id: notice.appointment.as_ref(),
            doctor_id: notice.doctor.as_ref(),
            calendar: notice.calendar.as_ref(),
            read: notice.read,
        }
    }
}

/// How many notices were unread and are read now.
#[derive(Debug, Serialize)]
pub(super) struct NoticesReadObject {
    pub read: u32,
}
