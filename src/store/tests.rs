//! A small clinic for the tests of this module.

use super::Database;
use crate::domain::appointment::{Appointment, Source, Status, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::{Doctor, Kind};
use crate::domain::event::{EventDraft, EventStatus, Mark, MarkKind};
use crate::domain::id::{AppointmentId, EventId};
use crate::domain::policy::Role;
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::Buffers;
use crate::domain::time::{Interval, Moment};
use crate::flow::booking::{Booking, Protocol};
use crate::flow::cancellation::Cancellation;
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::flow::reschedule::Reschedule;
use crate::port::command::Actor;
use crate::port::store::{Begun, BookingIntent, Records, Stamp, Store, StoreError};
use crate::sqlite::Access;
use chrono::DateTime;
use std::path::PathBuf;
use tempfile::TempDir;

/// A database in a directory that goes away with it.
pub(in crate::store) struct Clinic {
    pub(in crate::store) db: Database,
    pub(in crate::store) path: PathBuf,
    _dir: TempDir,
}

impl Clinic {
    /// Nobody and nothing.
    pub(in crate::store) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clinic.db");
        Self {
            db: Database::open(&path, Access::ReadWrite).unwrap(),
            path,
            _dir: dir,
        }
    }

    /// Two doctors (`d1`, `d2`) and two customers (`c1` Ana, `c2` Bo).
    pub(in crate::store) fn new() -> Self {
        let mut clinic = Self::empty();
        let admin = stamp_of(Role::Admin, 0);
        for (id, name) in [("d1", "Chen"), ("d2", "Khan")] {
            clinic.db.add_doctor(&admin, &doctor(id, name)).unwrap();
        }
        for (id, name) in [("c1", "Ana"), ("c2", "Bo")] {
            clinic.db.add_customer(&admin, &customer(id, name)).unwrap();
        }
        clinic
    }

    /// Another program on the same database.
    pub(in crate::store) fn another(&self) -> Database {
        Database::open(&self.path, Access::ReadWrite).unwrap()
    }

    /// Journals a booking of `d1` for `c1`.
    pub(in crate::store) fn begin(
        &mut self,
        id: &str,
        minute: i64,
    ) -> Result<Appointment, StoreError> {
        match self.db.begin_booking(&stamp(0), &intent(id, minute))? {
            Begun::New(appointment) => Ok(*appointment),
            Begun::Replayed(_) => panic!("there was no key"),
        }
    }

    /// Books `d1` for `c1`, to the end.
    pub(in crate::store) fn book(&mut self, id: &str, minute: i64) -> Appointment {
        self.begin(id, minute).unwrap();
        let operation = booking(id, minute, 1);
        self.db
            .settle(&stamp(1), &operation, &confirmed(id, minute, false))
            .unwrap()
    }

    /// Calls a visit off, to the end.
    pub(in crate::store) fn cancel(&mut self, id: &str, minute: i64) -> Appointment {
        let operation = cancellation(id, minute);
        self.db
            .begin_cancellation(&stamp(minute), &operation, "ill", at(minute + 5))
            .unwrap();
        self.db
            .settle(&stamp(minute), &operation, &Settlement::Cancelled)
            .unwrap()
    }

    /// The words of the timeline, oldest first.
    pub(in crate::store) fn words(&self, id: &str) -> Vec<String> {
        let mut entries = self.db.timeline(&id.into()).unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| entry.what).collect()
    }
}

/// A moment so many minutes into the tests: they begin on 2027-01-15 at 08:00 UTC.
pub(in crate::store) fn at(minute: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

/// Half an hour.
pub(in crate::store) fn visit(minute: i64) -> Interval {
    Interval::lasting(at(minute), 30)
}

/// A receptionist at desk `front`.
pub(in crate::store) fn stamp(minute: i64) -> Stamp {
    stamp_of(Role::Receptionist, minute)
}

/// Somebody at desk `front`.
pub(in crate::store) fn stamp_of(role: Role, minute: i64) -> Stamp {
    Stamp {
        actor: Actor {
            name: "ana".to_owned(),
            role,
        },
        desk: "front".into(),
        now: at(minute),
    }
}

/// Somebody at another desk.
pub(in crate::store) fn stamp_at(desk: &str, minute: i64) -> Stamp {
    Stamp {
        desk: desk.into(),
        ..stamp(minute)
    }
}

pub(in crate::store) fn doctor(id: &str, name: &str) -> Doctor {
    Doctor {
        doctor_id: id.into(),
        doctor_name: name.to_owned(),
        google_calendar_id: format!("{id}@example.com").into(),
        specialty: "General".to_owned(),
        kind: Kind::Therapist,
        zone: chrono_tz::Europe::Berlin,
        hours: WeeklyHours::office(),
        slot_minutes: 15,
        active: true,
    }
}

pub(in crate::store) fn customer(id: &str, name: &str) -> Customer {
    Customer {
        customer_id: id.into(),
        customer_name: name.to_owned(),
        mobile: None,
        email: Some("family@example.com".to_owned()),
        born: None,
    }
}

/// A pending appointment of `d1` with `c1`.
pub(in crate::store) fn appointment(id: &str, minute: i64) -> Appointment {
    Appointment {
        appointment_id: id.into(),
        customer_id: "c1".into(),
        customer_name: "Ana".to_owned(),
        doctor_id: "d1".into(),
        doctor_name: "Chen".to_owned(),
        google_calendar_id: "d1@example.com".into(),
        google_event_id: None,
        etag: None,
        service_id: None,
        service_name: String::new(),
        visit: visit(minute),
        buffers: Buffers::NONE,
        zone: chrono_tz::Europe::Berlin,
        status: Status::Pending,
        sync_state: SyncState::SyncPending,
        source: Source::Desk,
        reason: "a secret complaint".to_owned(),
        rev: 0,
        attempt: 1,
        created_at: at(0),
        created_by: "ana".to_owned(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}

/// The operation that books it.
pub(in crate::store) fn booking(id: &str, minute: i64, attempt: u32) -> Operation {
    let appointment: AppointmentId = id.into();
    let mark = Mark {
        kind: MarkKind::Appointment,
        clinic: "clinic".into(),
        database: "db".into(),
        desk: "front".into(),
        appointment: appointment.clone(),
        operation: format!("book-{id}-{attempt}").into(),
        rev: 0,
        attempt,
        doctor: "d1".into(),
        service: None,
        customer: None,
        name: None,
        buffers: Buffers::NONE,
        lease_seconds: 120,
    };
    operation(
        id,
        mark.operation.clone().as_str(),
        Flow::Booking(Box::new(Booking::new(
            EventDraft {
                id: EventId::of_attempt(&appointment, attempt),
                calendar: "d1@example.com".into(),
                status: EventStatus::Tentative,
                summary: "Appointment".to_owned(),
                description: String::new(),
                visit: visit(minute),
                zone: chrono_tz::Europe::Berlin,
                mark,
            },
            Protocol::Full,
            true,
        ))),
        0,
    )
}

/// The operation that calls it off.
pub(in crate::store) fn cancellation(id: &str, minute: i64) -> Operation {
    let event = EventId::of_attempt(&id.into(), 1);
    let name = format!("cancel-{id}-{minute}");
    operation(
        id,
        &name,
        Flow::Cancellation(Cancellation::new(
            event,
            None,
            visit(minute),
            0,
            id.into(),
            "clinic".into(),
            false,
        )),
        minute,
    )
}

fn operation(id: &str, name: &str, flow: Flow, minute: i64) -> Operation {
    Operation {
        operation_id: name.into(),
        appointment_id: id.into(),
        calendar: "d1@example.com".into(),
        flow,
        tries: 0,
        next_try_at: None,
        last_error: None,
        created_at: at(minute),
    }
}

/// The intent of booking `d1` for `c1`, leased for two minutes.
pub(in crate::store) fn intent(id: &str, minute: i64) -> BookingIntent {
    BookingIntent {
        appointment: appointment(id, minute),
        new_customer: None,
        operation: booking(id, minute, 1),
        key: None,
        lease_until: at(2),
    }
}

/// Google has it.
pub(in crate::store) fn confirmed(id: &str, minute: i64, moved: bool) -> Settlement {
    Settlement::Confirmed {
        event: EventId::of_attempt(&id.into(), 1),
        etag: "\"1\"".into(),
        visit: visit(minute),
        attempt: 1,
        moved,
    }
}

/// The event as Google has it after a change of its times.
pub(in crate::store) fn moved(minute: i64) -> Settlement {
    Settlement::Moved {
        etag: "\"9\"".into(),
        visit: visit(minute),
        rev: 1,
        in_the_way: None,
    }
}

/// The move of a visit from one minute to another.
pub(in crate::store) fn moving(id: &str, from: i64, to: i64) -> Operation {
    let Flow::Booking(booking) = booking(id, to, 1).flow else {
        panic!("a booking")
    };
    let name = format!("move-{id}-{to}");
    let mut hold = booking.draft;
    hold.mark.kind = MarkKind::Placeholder;
    hold.mark.operation = name.as_str().into();
    hold.id = EventId::of_placeholder(&hold.mark.operation, 1);
    let event = EventId::of_attempt(&id.into(), 1);
    let flow = Reschedule::new(hold, Protocol::Full, event, None, visit(from));
    operation(id, &name, Flow::Reschedule(Box::new(flow)), to)
}
