//! The intent of moving an event in Google back to the time that was booked; and the writing half of the
//! port.

use super::{choices, google_side};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::AppointmentId;
use crate::domain::policy::Act;
use crate::domain::time::Moment;
use crate::flow::operation::{Flow, Operation};
use crate::port::repair::RepairStore;
use crate::port::store::{Stamp, StoreError};
use crate::port::sync::Remote;
use crate::store::audit::{self, Action, Line};
use crate::store::database::Database;
use crate::store::{appointments, moves, operations, overlap};
use rusqlite::Connection;

impl RepairStore for Database {
    fn record_sight(
        &mut self,
        now: Moment,
        visit: &Appointment,
        event: Option<&Remote>,
    ) -> Result<bool, StoreError> {
        self.transaction(|tx| google_side::record(tx, now, visit, event))
    }

    fn begin_put_back(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Move, |tx| {
            begin(tx, stamp, operation, lease_until)
        })
    }

    fn reopen(&mut self, stamp: &Stamp, id: &AppointmentId) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Repair, |tx| choices::reopen(tx, stamp, id))
    }
}

fn begin(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    lease_until: Moment,
) -> Result<Appointment, StoreError> {
    let Flow::Reschedule(reschedule) = &operation.flow else {
        return Err(StoreError::Failed(
            "an event was to be put back with an operation that moves nothing".to_owned(),
        ));
    };
    let before = appointments::known(conn, &operation.appointment_id)?;
    if operations::open_of(conn, &before.appointment_id)?.is_some() {
        return Err(StoreError::OperationOpen);
    }
    let stands = before.status == Status::Confirmed && before.cancellation_reason.is_none();
    if !stands || before.sync_state != SyncState::NeedsRepair {
        let words = "only a visit that stands and needs a decision is put back: look at it again";
        return Err(StoreError::Rule(words.to_owned()));
    }
    if before.google_event_id.as_ref() != Some(&reschedule.event) {
        let words = "this visit was booked again meanwhile: look at it again";
        return Err(StoreError::Rule(words.to_owned()));
    }
    let to = reschedule.to();
    let other = overlap::first(
        conn,
        &before.appointment_id,
        &before.doctor_id,
        to,
        before.buffers,
    )?;
    if let Some(other) = other {
        return Err(StoreError::Overlap(Box::new(other)));
    }
    moves::hold(conn, &before, to)?;
    let moving = Appointment {
        sync_state: SyncState::SyncPending,
        ..before
    };
    appointments::save(conn, &moving)?;
    operations::open(conn, stamp, operation, lease_until, None)?;
    let words = format!(
        "putting back recorded, {}",
        moves::there(&moving, reschedule.from, to)
    );
    audit::append(conn, stamp, &Line::of(Action::Move, &moving, &words))?;
    appointments::known(conn, &moving.appointment_id)
}
