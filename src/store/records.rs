//! The reading half of the port: each question is answered by its aggregate.

use super::database::Database;
use super::{
    appointments, audit, customers, doctors, elsewhere, holds, keys, operations, readings, repair,
    second_looks, services, undo,
};
use crate::domain::appointment::Appointment;
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{
    AppointmentId, AuditId, CalendarId, CustomerId, DatabaseId, DeskId, DoctorId, EventId,
};
use crate::domain::service::{Buffers, Service};
use crate::domain::time::{Interval, Moment};
use crate::port::query::{Counts, CustomerHit, Entry, Reading};
use crate::port::store::{BusyBlock, Records, StoreError, Undoable, Unsettled};

impl Records for Database {
    fn database_id(&self) -> Result<DatabaseId, StoreError> {
        let mut rows = self.conn.prepare_cached("SELECT database_id FROM meta")?;
        let id: String = rows.query_row([], |row| row.get(0))?;
        Ok(id.into())
    }

    fn full_protocol(&self) -> Result<bool, StoreError> {
        elsewhere::is_met(&self.conn)
    }

    fn booked_elsewhere(
        &self,
        calendar: &CalendarId,
        within: Interval,
    ) -> Result<Vec<Appointment>, StoreError> {
        elsewhere::within(&self.conn, calendar, within)
    }

    fn hold_in_the_way(&self, id: &AppointmentId) -> Result<Option<EventId>, StoreError> {
        holds::of(&self.conn, id)
    }

    fn data_version(&self) -> Result<i64, StoreError> {
        let mut rows = self.conn.prepare_cached("PRAGMA data_version")?;
        Ok(rows.query_row([], |row| row.get(0))?)
    }

    fn doctors(&self) -> Result<Vec<Doctor>, StoreError> {
        doctors::all(&self.conn)
    }

    fn services(&self) -> Result<Vec<Service>, StoreError> {
        services::all(&self.conn)
    }

    fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        customers::one(&self.conn, id)
    }

    fn customers_named(&self, name: &str) -> Result<Vec<Customer>, StoreError> {
        customers::named(&self.conn, name)
    }

    fn find_customers(
        &self,
        text: &str,
        limit: usize,
        now: Moment,
    ) -> Result<Vec<CustomerHit>, StoreError> {
        customers::find(&self.conn, text, limit, now)
    }

    fn visits_of(
        &self,
        customer: &CustomerId,
        limit: usize,
    ) -> Result<Vec<Appointment>, StoreError> {
        appointments::of_customer(&self.conn, customer, limit)
    }

    fn appointment(&self, id: &AppointmentId) -> Result<Option<Appointment>, StoreError> {
        appointments::one(&self.conn, id)
    }

    fn keyed(
        &self,
        key: &str,
        fingerprint: &str,
        now: Moment,
    ) -> Result<Option<Appointment>, StoreError> {
        match keys::find(&self.conn, key, fingerprint, now)? {
            Some(id) => appointments::one(&self.conn, &id),
            None => Ok(None),
        }
    }

    fn appointments_like(
        &self,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<Appointment>, StoreError> {
        appointments::like(&self.conn, prefix, limit)
    }

    fn appointments(
        &self,
        doctors: &[DoctorId],
        within: Interval,
        every: bool,
    ) -> Result<Vec<Appointment>, StoreError> {
        appointments::between(&self.conn, doctors, within, every)
    }

    fn visit_starts(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<Moment>, StoreError> {
        appointments::starts(&self.conn, doctors, within)
    }

    fn taken(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<(DoctorId, Interval, Buffers)>, StoreError> {
        appointments::taken(&self.conn, doctors, within)
    }

    fn timeline(&self, id: &AppointmentId) -> Result<Vec<Entry>, StoreError> {
        match appointments::one(&self.conn, id)? {
            Some(appointment) => audit::timeline(&self.conn, &appointment),
            None => Ok(Vec::new()),
        }
    }

    fn busy(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<BusyBlock>, StoreError> {
        readings::busy(&self.conn, calendars, within)
    }

    fn readings(
        &self,
        calendars: &[CalendarId],
        within: Interval,
        fresh_since: Moment,
    ) -> Result<Vec<Reading>, StoreError> {
        readings::readings(&self.conn, calendars, within, fresh_since)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        repair::counts(&self.conn)
    }

    fn unsettled(&self) -> Result<Vec<Unsettled>, StoreError> {
        repair::unsettled(&self.conn)
    }

    fn unsettled_one(&self, id: &AppointmentId) -> Result<Option<Unsettled>, StoreError> {
        repair::unsettled_one(&self.conn, id)
    }

    fn undoable(&self, desk: &DeskId, since: Moment) -> Result<Vec<Undoable>, StoreError> {
        undo::undoable(&self.conn, desk, since)
    }

    fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        let work = operations::next_due(&self.conn)?;
        let looks = second_looks::next_due(&self.conn)?;
        Ok(work.into_iter().chain(looks).min())
    }

    fn audit_break(&self) -> Result<Option<AuditId>, StoreError> {
        audit::first_break(&self.conn)
    }
}
