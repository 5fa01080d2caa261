//! Loading a whole clinic at once: the demo's million appointments in seconds.
//!
//! One transaction, all or nothing. Indexes and triggers are set aside while the rows are written and
//! put back afterwards; what they would have refused (an unknown person, two visits in one time) is
//! checked in one sweep instead, so that the database is as consistent as if each had been recorded by
//! itself.

use super::audit::{self, Action, Line};
use super::customers::fold::fold;
use super::{Database, appointments, customers, doctors, services};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{CustomerId, DoctorId, ServiceId};
use crate::domain::policy::{Act, may};
use crate::domain::service::{Buffers, MOST_BUFFER_MINUTES, Service, conflict};
use crate::domain::time::Interval;
use crate::port::store::{Stamp, StoreError};
use crate::sqlite::wait_for_others;
use chrono::Duration;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::{BTreeSet, HashSet, VecDeque};

/// Page cache while loading, in KiB.
const LOADING_CACHE_KIB: i32 = 64 * 1024;

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Doctors.
    pub doctors: usize,
    /// Services.
    pub services: usize,
    /// Customers.
    pub customers: usize,
    /// Appointments.
    pub appointments: usize,
}

/// Loads doctors, services, customers and appointments, with one row in the audit that says so.
///
/// The appointments must be in step with Google (the journal is for what happens here) and refer only
/// to what is loaded with them or stands already; hand them in order of their start, otherwise it takes
/// several times as long.
///
/// # Errors
/// [`StoreError::Overlap`] with one of two visits that conflict, [`StoreError::NotFound`] for a
/// reference to nobody, [`StoreError::Rule`] for an appointment that is not in step; then, as with any
/// other failure, nothing was loaded.
pub fn load(
    db: &mut Database,
    stamp: &Stamp,
    doctors: &[Doctor],
    services: &[Service],
    customers: impl Iterator<Item = Customer>,
    appointments: impl Iterator<Item = Appointment>,
) -> Result<Loaded, StoreError> {
    let conn = &mut db.conn;
    let cache: i64 = conn.query_row("PRAGMA cache_size", [], |row| row.get(0))?;
    // none of this can be changed inside a transaction
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{LOADING_CACHE_KIB};"
    ))?;
    // A rollback journal writes new pages once, the write-ahead log twice. It needs the database for
    // itself alone: with others on it, which is not waited for, the log stays.
    conn.busy_timeout(std::time::Duration::ZERO)?;
    let _ = journal_mode(conn, "TRUNCATE");
    wait_for_others(conn)?;
    let loaded = within(conn, stamp, doctors, services, customers, appointments);
    // whoever has opened it meanwhile has done this already
    let _ = journal_mode(conn, "WAL");
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA cache_size = {cache};"
    ))?;
    let loaded = loaded?;
    // otherwise the log stays as large as the database until the last program has closed it
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(loaded)
}

fn journal_mode(conn: &Connection, mode: &str) -> Result<(), StoreError> {
    let sql = format!("PRAGMA journal_mode = {mode}");
    Ok(conn.query_row(&sql, [], |_| Ok(()))?)
}

fn within(
    conn: &mut Connection,
    stamp: &Stamp,
    doctors: &[Doctor],
    services: &[Service],
    customers: impl Iterator<Item = Customer>,
    appointments: impl Iterator<Item = Appointment>,
) -> Result<Loaded, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    may(stamp.actor.role, Act::KeepClinic)?;
    for doctor in doctors {
        doctors::insert(&tx, doctor)?;
    }
    for service in services {
        services::insert(&tx, service)?;
    }
    let loaded = Loaded {
        doctors: doctors.len(),
        services: services.len(),
        customers: load_customers(&tx, stamp, customers)?,
        appointments: load_appointments(&tx, appointments)?,
    };
    let words = format!(
        "loaded at once: {} doctors, {} services, {} customers, {} appointments",
        loaded.doctors, loaded.services, loaded.customers, loaded.appointments
    );
    audit::append(&tx, stamp, &Line::new(Action::Load, &words))?;
    tx.commit()?;
    Ok(loaded)
}

fn load_customers(
    conn: &Connection,
    stamp: &Stamp,
    customers: impl Iterator<Item = Customer>,
) -> Result<usize, StoreError> {
    // the triggers would write the endings of phones one by one all over their table
    let aside = set_aside(conn, "customers", "trigger")?;
    let first: i64 = conn.query_row(
        "SELECT coalesce(max(customer_no), 0) + 1 FROM customers",
        [],
        |row| row.get(0),
    )?;
    let (mut count, mut words) = (0, BTreeSet::new());
    for customer in customers {
        customers::insert(conn, &customer, stamp.now, &stamp.actor.name)?;
        let folded = fold(&customer.customer_name);
        for word in folded.split(' ') {
            if !words.contains(word) {
                words.insert(word.to_owned());
            }
        }
        count += 1;
    }
    for word in words {
        customers::add_words(conn, &word)?;
    }
    conn.execute(
        "INSERT INTO customer_names (rowid, name_folded)
         SELECT customer_no, name_folded FROM customers WHERE customer_no >= ?1",
        [first],
    )?;
    conn.execute(
        "INSERT INTO phone_endings (ending, customer_no)
         SELECT substr(phone_digits, n) AS ending, customer_no
         FROM customers JOIN ending_starts ON n <= length(phone_digits)
         WHERE customer_no >= ?1 ORDER BY ending, customer_no",
        [first],
    )?;
    conn.execute_batch("INSERT INTO customer_names (customer_names) VALUES ('optimize')")?;
    for sql in aside {
        conn.execute_batch(&sql)?;
    }
    Ok(count)
}

fn load_appointments(
    conn: &Connection,
    appointments: impl Iterator<Item = Appointment>,
) -> Result<usize, StoreError> {
    let known = Known::read(conn)?;
    let mut aside = set_aside(conn, "appointments", "index")?;
    aside.extend(set_aside(conn, "appointments", "trigger")?);
    let mut count = 0;
    {
        let mut insert = conn.prepare(appointments::INSERT)?;
        let (mut last, mut place) = (None, 0);
        for appointment in appointments {
            known.check(&appointment)?;
            let start = super::column::seconds(appointment.visit.start());
            place = if last == Some(start) {
                place + 1
            } else {
                appointments::free_place(conn, start)?
            };
            last = Some(start);
            appointments::insert_at(&mut insert, &appointment, place)?;
            count += 1;
        }
    }
    for sql in aside {
        conn.execute_batch(&sql)?;
    }
    sweep(conn)?;
    Ok(count)
}

/// Drops indexes or triggers of a table and answers with what makes them again.
fn set_aside(conn: &Connection, table: &str, kind: &str) -> Result<Vec<String>, StoreError> {
    let mut rows = conn.prepare(
        "SELECT name, sql FROM sqlite_schema
         WHERE tbl_name = ?1 AND type = ?2 AND sql IS NOT NULL ORDER BY rowid",
    )?;
    let rows = rows.query_map([table, kind], |row| {
        let name: String = row.get(0)?;
        Ok((format!("DROP {kind} {name}"), row.get::<_, String>(1)?))
    })?;
    let found: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut aside = Vec::new();
    for (drop, make) in found {
        conn.execute_batch(&drop)?;
        aside.push(make);
    }
    Ok(aside)
}

/// Whom and what an appointment may refer to.
struct Known {
    doctors: HashSet<DoctorId>,
    services: HashSet<ServiceId>,
    customers: HashSet<CustomerId>,
}

impl Known {
    fn read(conn: &Connection) -> Result<Self, StoreError> {
        Ok(Self {
            doctors: ids(conn, "SELECT doctor_id FROM doctors")?,
            services: ids(conn, "SELECT service_id FROM services")?,
            customers: ids(conn, "SELECT customer_id FROM customers")?,
        })
    }

    fn check(&self, appointment: &Appointment) -> Result<(), StoreError> {
        if !self.doctors.contains(&appointment.doctor_id) {
            return Err(StoreError::NotFound("doctor"));
        }
        if !self.customers.contains(&appointment.customer_id) {
            return Err(StoreError::NotFound("customer"));
        }
        let service = appointment.service_id.as_ref();
        if service.is_some_and(|id| !self.services.contains(id)) {
            return Err(StoreError::NotFound("service"));
        }
        if appointment.sync_state != SyncState::Synced {
            return Err(StoreError::Rule(
                "only appointments that are in step with Google can be loaded at once".to_owned(),
            ));
        }
        Ok(())
    }
}

fn ids<T: From<String> + Eq + std::hash::Hash>(
    conn: &Connection,
    sql: &str,
) -> Result<HashSet<T>, StoreError> {
    let mut rows = conn.prepare(sql)?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
    Ok(rows
        .map(|id| id.map(T::from))
        .collect::<rusqlite::Result<_>>()?)
}

/// Looks for two visits of a doctor that conflict although neither is marked as standing in another's
/// time: one walk along the index by doctor and start.
fn sweep(conn: &Connection) -> Result<(), StoreError> {
    let mut rows = conn.prepare("SELECT place FROM appointments WHERE in_conflict = 1")?;
    let rows = rows.query_map([], |row| row.get(0))?;
    let marked: HashSet<i64> = rows.collect::<rusqlite::Result<_>>()?;
    let mut rows = conn.prepare(
        "SELECT doctor_id, starts_at, ends_at, buffer_before, buffer_after, place
         FROM appointments INDEXED BY appointments_by_doctor
         WHERE status IN ('pending', 'confirmed') ORDER BY doctor_id, starts_at",
    )?;
    let mut rows = rows.query([])?;
    let buffer = Duration::minutes(i64::from(MOST_BUFFER_MINUTES));
    let mut doctor = String::new();
    // those before it that a visit may still conflict with
    let mut open: VecDeque<(Interval, Buffers)> = VecDeque::new();
    while let Some(row) = rows.next()? {
        let visit = super::column::interval(row, 1, 2)?;
        let buffers = services::buffers(row, 3, 4)?;
        let whose = super::column::text(row, 0)?;
        if whose != doctor {
            whose.clone_into(&mut doctor);
            open.clear();
        }
        open.retain(|(other, _)| other.end() + buffer > visit.start());
        let place: i64 = row.get(5)?;
        if marked.contains(&place) {
            continue;
        }
        let clash =
            |(other, theirs): &(Interval, Buffers)| conflict(visit, buffers, *other, *theirs);
        if open.iter().any(clash) {
            let found = appointments::at_place(conn, place)?;
            return Err(StoreError::Overlap(Box::new(found)));
        }
        open.push_back((visit, buffers));
    }
    Ok(())
}

#[cfg(test)]
#[path = "bulk/tests.rs"]
mod tests;
