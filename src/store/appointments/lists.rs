//! What is asked of many appointments: a day, a month, a person's visits.
//!
//! The table lies in order of start, so a day is one short walk. A visit lasts a day at most; so that
//! not a whole day more has to be walked for the one that began yesterday, the few that last longer
//! than [`LONG`] have an index of their own.

use super::super::column::{self, end_seconds, interval, moment, seconds, text};
use super::super::services::buffers;
use super::{columns, decode, first_place};
use crate::domain::appointment::Appointment;
use crate::domain::id::{CustomerId, DoctorId};
use crate::domain::service::Buffers;
use crate::domain::time::{Interval, Moment};
use crate::port::store::StoreError;
use chrono::Duration;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashSet;

/// The longest visit, in seconds.
const LONGEST: i64 = 86_400;
/// Longer visits than this are looked for by themselves, in seconds (as in the schema).
const LONG: i64 = 7_200;
/// Up to so many doctors are looked up one by one; more, and the whole stretch is walked.
const ONE_BY_ONE: usize = 4;

/// Appointments that meet the stretch, by start.
pub(in crate::store) fn between(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
    every: bool,
) -> Result<Vec<Appointment>, StoreError> {
    if !doctors.is_empty() && doctors.len() <= ONE_BY_ONE {
        return of_few(conn, doctors, within, every);
    }
    let wanted: HashSet<&str> = doctors.iter().map(DoctorId::as_str).collect();
    let mut out = Vec::new();
    let mut keep = |row: &Row<'_>| -> rusqlite::Result<()> {
        let takes = every || matches!(text(row, 15)?, "confirmed" | "pending");
        if takes && (wanted.is_empty() || wanted.contains(text(row, 3)?)) {
            out.push(decode(row)?);
        }
        Ok(())
    };
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    let long = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_long
         WHERE a.ends_at - a.starts_at > 7200 AND a.starts_at > ?1 AND a.starts_at <= ?2
           AND a.ends_at > ?3 ORDER BY a.starts_at, a.place"
    );
    let mut rows = conn.prepare_cached(long)?;
    let mut rows = rows.query(params![from - LONGEST, from - LONG, from])?;
    while let Some(row) = rows.next()? {
        keep(row)?;
    }
    let others = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a NOT INDEXED
         WHERE a.place >= ?1 AND a.place < ?2 AND a.ends_at > ?3
         ORDER BY a.place"
    );
    let mut rows = conn.prepare_cached(others)?;
    let after = first_place(from - LONG + 1);
    let mut rows = rows.query(params![after, first_place(to), from])?;
    while let Some(row) = rows.next()? {
        keep(row)?;
    }
    Ok(out)
}

fn of_few(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
    every: bool,
) -> Result<Vec<Appointment>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_by_doctor
         WHERE a.doctor_id = ?1 AND a.starts_at > ?2 AND a.starts_at < ?3 AND a.ends_at > ?4
           AND (?5 OR a.status IN ('pending', 'confirmed'))
         ORDER BY a.starts_at, a.place"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    let mut out: Vec<Appointment> = Vec::new();
    for doctor in apart(doctors) {
        let found = rows.query_map(params![doctor, from - LONGEST, to, from, every], decode)?;
        for appointment in found {
            out.push(appointment?);
        }
    }
    out.sort_by_key(|a| a.visit.start());
    Ok(out)
}

/// Start of each visit that takes time in the stretch, by start: from an index alone.
pub(in crate::store) fn starts(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
) -> Result<Vec<Moment>, StoreError> {
    let mut out = Vec::new();
    walk(conn, doctors, within, |_, row| {
        out.push(moment(row, 0)?);
        Ok(())
    })?;
    out.sort_unstable();
    Ok(out)
}

/// Visit and buffers of what takes time in the stretch widened by a day on both sides, by start.
pub(in crate::store) fn taken(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
) -> Result<Vec<(DoctorId, Interval, Buffers)>, StoreError> {
    let day = Duration::seconds(LONGEST);
    let mut out = Vec::new();
    walk(conn, doctors, within.widened(day, day), |doctor, row| {
        out.push((
            DoctorId::new(doctor),
            interval(row, 0, 1)?,
            buffers(row, 2, 3)?,
        ));
        Ok(())
    })?;
    out.extend(held(conn, doctors)?);
    out.sort_by_key(|(_, visit, _)| visit.start());
    Ok(out)
}

/// Times to which visits are being moved: a handful at most.
fn held(
    conn: &Connection,
    doctors: &[DoctorId],
) -> Result<Vec<(DoctorId, Interval, Buffers)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT doctor_id, starts_at, ends_at, buffer_before, buffer_after FROM held_times",
    )?;
    let rows = rows.query_map([], |row| {
        let doctor = DoctorId::new(text(row, 0)?);
        Ok((doctor, interval(row, 1, 2)?, buffers(row, 3, 4)?))
    })?;
    let all: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(all
        .into_iter()
        .filter(|(doctor, ..)| doctors.is_empty() || doctors.contains(doctor))
        .collect())
}

/// Start, end and buffers of what takes time, doctor by doctor: from an index alone.
fn walk(
    conn: &Connection,
    doctors: &[DoctorId],
    within: Interval,
    mut each: impl FnMut(&str, &Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let all: Vec<DoctorId>;
    let doctors = if doctors.is_empty() {
        let mut ids = conn.prepare_cached("SELECT doctor_id FROM doctors")?;
        let ids = ids.query_map([], |row| Ok(text(row, 0)?.into()))?;
        all = ids.collect::<rusqlite::Result<_>>()?;
        &all
    } else {
        doctors
    };
    let mut rows = conn.prepare_cached(
        "SELECT starts_at, ends_at, buffer_before, buffer_after
         FROM appointments INDEXED BY appointments_by_doctor
         WHERE doctor_id = ?1 AND starts_at > ?2 AND starts_at < ?3 AND ends_at > ?4
           AND status IN ('pending', 'confirmed')",
    )?;
    let (from, to) = (seconds(within.start()), end_seconds(within.end()));
    for doctor in apart(doctors) {
        let mut rows = rows.query(params![doctor, from - LONGEST, to, from])?;
        while let Some(row) = rows.next()? {
            each(doctor, row)?;
        }
    }
    Ok(())
}

/// Each doctor once.
fn apart(doctors: &[DoctorId]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let ids = doctors.iter().map(DoctorId::as_str);
    ids.filter(|id| seen.insert(*id)).collect()
}

/// Visits of a person, newest first.
pub(in crate::store) fn of_customer(
    conn: &Connection,
    customer: &CustomerId,
    limit: usize,
) -> Result<Vec<Appointment>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a INDEXED BY appointments_by_customer WHERE a.customer_id = ?1
         ORDER BY a.starts_at DESC, a.place DESC LIMIT ?2"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map(params![customer.as_str(), column::limit(limit)], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Appointments whose id begins like this, at most `limit`.
pub(in crate::store) fn like(
    conn: &Connection,
    prefix: &str,
    limit: usize,
) -> Result<Vec<Appointment>, StoreError> {
    if prefix.chars().count() < 4 {
        return Ok(Vec::new());
    }
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM appointments a WHERE a.appointment_id >= ?1 AND a.appointment_id < ?2
         ORDER BY a.appointment_id LIMIT ?3"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let after = format!("{prefix}{}", char::MAX);
    let rows = rows.query_map(params![prefix, after, column::limit(limit)], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last visit that began before `now`, with the doctor's name.
pub(in crate::store) fn last_visit(
    conn: &Connection,
    customer: &CustomerId,
    now: Moment,
) -> Result<Option<(Moment, String)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT starts_at, doctor_name FROM appointments INDEXED BY appointments_by_customer
         WHERE customer_id = ?1 AND starts_at < ?2 AND status IN ('pending', 'confirmed')
         ORDER BY starts_at DESC LIMIT 1",
    )?;
    Ok(rows
        .query_row(params![customer.as_str(), seconds(now)], visit_line)
        .optional()?)
}

/// The next visit from `now` on, with the doctor's name.
pub(in crate::store) fn next_visit(
    conn: &Connection,
    customer: &CustomerId,
    now: Moment,
) -> Result<Option<(Moment, String)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT starts_at, doctor_name FROM appointments INDEXED BY appointments_by_customer
         WHERE customer_id = ?1 AND starts_at >= ?2 AND status IN ('pending', 'confirmed')
         ORDER BY starts_at LIMIT 1",
    )?;
    Ok(rows
        .query_row(params![customer.as_str(), seconds(now)], visit_line)
        .optional()?)
}

fn visit_line(row: &Row<'_>) -> rusqlite::Result<(Moment, String)> {
    Ok((moment(row, 0)?, row.get(1)?))
}

/// Who had the last visits that began before `now`: so many different people, those seen last first.
/// Looks at a few thousand visits at most.
pub(in crate::store) fn seen_before(
    conn: &Connection,
    now: Moment,
    people: usize,
) -> Result<Vec<CustomerId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT customer_id FROM appointments NOT INDEXED
         WHERE place < ?1 AND status IN ('pending', 'confirmed')
         ORDER BY place DESC LIMIT 3000",
    )?;
    let mut rows = rows.query([first_place(seconds(now))])?;
    let (mut out, mut seen) = (Vec::new(), HashSet::new());
    while out.len() < people {
        let Some(row) = rows.next()? else { break };
        let id = text(row, 0)?;
        if !seen.contains(id) {
            seen.insert(id.to_owned());
            out.push(id.into());
        }
    }
    Ok(out)
}

#[cfg(test)]
#[path = "lists/tests.rs"]
mod tests;
