//! The writing half of the port: one transaction each, permission decided inside it.

use super::database::Database;
use super::{
    appointments, bookings, cancellations, customers, doctors, elsewhere, holds, moves, operations,
    readings, repair, second_looks, services, settle, undo,
};
use crate::domain::appointment::Appointment;
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, AuditId, CalendarId, DoctorId, OperationId};
use crate::domain::policy::Act;
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::Service;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::{Flow, Operation, Settlement};
use crate::port::query::RepairAction;
use crate::port::store::{
    Begun, BookingIntent, CalendarRead, Elsewhere, Found, HoldLeft, Looks, SecondLook, Stamp,
    Store, StoreError, Take,
};

/// What whoever carries the operation out must be allowed to do.
fn act_of(operation: &Operation) -> Act {
    match operation.flow {
        Flow::Booking(_) => Act::Book,
        Flow::Cancellation(_) => Act::Cancel,
        Flow::Reschedule(_) => Act::Move,
        Flow::Clearance(_) => Act::Repair,
    }
}

impl Store for Database {
    fn add_doctor(&mut self, stamp: &Stamp, doctor: &Doctor) -> Result<(), StoreError> {
        self.write(stamp, Act::KeepClinic, |tx| doctors::add(tx, stamp, doctor))
    }

    fn set_hours(
        &mut self,
        stamp: &Stamp,
        id: &DoctorId,
        hours: &WeeklyHours,
    ) -> Result<Doctor, StoreError> {
        self.write(stamp, Act::KeepClinic, |tx| {
            doctors::set_hours(tx, stamp, id, hours)
        })
    }

    fn set_calendar(
        &mut self,
        stamp: &Stamp,
        id: &DoctorId,
        calendar: &CalendarId,
    ) -> Result<Doctor, StoreError> {
        self.write(stamp, Act::KeepClinic, |tx| {
            doctors::set_calendar(tx, stamp, id, calendar)
        })
    }

    fn add_service(&mut self, stamp: &Stamp, service: &Service) -> Result<(), StoreError> {
        self.write(stamp, Act::KeepClinic, |tx| {
            services::add(tx, stamp, service)
        })
    }

    fn add_customer(&mut self, stamp: &Stamp, customer: &Customer) -> Result<(), StoreError> {
        self.write(stamp, Act::KeepCustomers, |tx| {
            customers::add(tx, stamp, customer)
        })
    }

    fn begin_booking(
        &mut self,
        stamp: &Stamp,
        intent: &BookingIntent,
    ) -> Result<Begun, StoreError> {
        self.write(stamp, Act::Book, |tx| bookings::begin(tx, stamp, intent))
    }

    fn begin_rebooking(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Book, |tx| {
            bookings::begin_again(tx, stamp, operation, lease_until)
        })
    }

    fn begin_cancellation(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        reason: &str,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Cancel, |tx| {
            cancellations::begin(tx, stamp, operation, reason, lease_until)
        })
    }

    fn begin_move(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Move, |tx| {
            moves::begin(tx, stamp, operation, lease_until)
        })
    }

    fn take(
        &mut self,
        stamp: &Stamp,
        which: &Take,
        until: Moment,
    ) -> Result<Vec<Operation>, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            operations::take(tx, stamp, which, until)
        })
    }

    fn promise(&mut self, stamp: &Stamp, id: &AppointmentId) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Book, |tx| {
            operations::promise(tx, id)?;
            appointments::known(tx, id)
        })
    }

    fn prolong(
        &mut self,
        stamp: &Stamp,
        id: &OperationId,
        until: Moment,
    ) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            operations::prolong(tx, stamp, id, until)
        })
    }

    fn journal(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(stamp, act_of(operation), |tx| {
            operations::journal(tx, stamp, operation, note)
        })
    }

    fn put_off(&mut self, stamp: &Stamp, operation: &Operation) -> Result<Appointment, StoreError> {
        self.write(stamp, act_of(operation), |tx| {
            operations::put_off(tx, stamp, operation)
        })
    }

    fn settle(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        settlement: &Settlement,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, act_of(operation), |tx| {
            settle::settle(tx, stamp, operation, settlement)
        })
    }

    fn resolve_repair(
        &mut self,
        stamp: &Stamp,
        id: &AppointmentId,
        action: RepairAction,
        google: Option<&Settlement>,
        reason: &str,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            repair::resolve(tx, stamp, id, action, google, reason)
        })
    }

    fn use_full_protocol(&mut self) -> Result<(), StoreError> {
        self.transaction(|tx| elsewhere::met(tx))
    }

    fn take_looks(
        &mut self,
        now: Moment,
        which: Looks,
        limit: usize,
    ) -> Result<Vec<SecondLook>, StoreError> {
        self.transaction(|tx| second_looks::take(tx, now, which, limit))
    }

    fn record_look(
        &mut self,
        stamp: &Stamp,
        look: &SecondLook,
        found: Option<&Found>,
    ) -> Result<bool, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            second_looks::record(tx, stamp, look, found)
        })
    }

    fn adopt(&mut self, stamp: &Stamp, met: &Elsewhere) -> Result<bool, StoreError> {
        self.write(stamp, Act::Repair, |tx| elsewhere::adopt(tx, stamp, met))
    }

    fn called_off_elsewhere(
        &mut self,
        stamp: &Stamp,
        id: &AppointmentId,
    ) -> Result<(), StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            elsewhere::called_off(tx, stamp, id)
        })
    }

    fn hold_left(&mut self, stamp: &Stamp, left: &HoldLeft) -> Result<bool, StoreError> {
        self.write(stamp, Act::Repair, |tx| holds::left(tx, stamp, left))
    }

    fn begin_clearance(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError> {
        self.write(stamp, Act::Repair, |tx| {
            holds::begin(tx, stamp, operation, lease_until)
        })
    }

    fn mark_undone(&mut self, stamp: &Stamp, audit: AuditId) -> Result<(), StoreError> {
        self.write(stamp, Act::Cancel, |tx| undo::mark(tx, stamp, audit))
    }

    fn record_reads(
        &mut self,
        now: Moment,
        window: Interval,
        reads: &[CalendarRead],
    ) -> Result<bool, StoreError> {
        self.transaction(|tx| readings::record(tx, now, window, reads))
    }
}
