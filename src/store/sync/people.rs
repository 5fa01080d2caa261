//! People's entries: each a row, and a conflict where one stands in the time of a visit.

use super::{later, remotes};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::{DoctorId, EventId};
use crate::domain::time::Interval;
use crate::flow::operation::Cause;
use crate::port::store::{Stamp, StoreError};
use crate::port::sync::{Changes, Remote, SyncRules, Synced};
use crate::store::column::seconds;
use crate::store::settle::needs_repair;
use crate::store::{appointments, doctors, operations, overlap, repair};
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// Takes the rows over, and finds what stands on top of visits now, or no longer.
pub(super) fn take_over(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    rules: &SyncRules,
    done: &mut Synced,
) -> Result<(), StoreError> {
    let mut taken = Vec::new();
    let mut freed = Vec::new();
    for event in &changes.events {
        let before = remotes::one(conn, &changes.calendar, &event.id)?;
        let after = Remote::of(event, &changes.calendar, changes.zone, rules);
        if before == after {
            continue;
        }
        done.events += 1;
        match &after {
            Some(row) => remotes::put(conn, row)?,
            None => remotes::forget(conn, &changes.calendar, &event.id)?,
        }
        freed.extend(before);
        taken.extend(after.filter(Remote::is_persons));
    }
    let doctors = doctors_of(conn, changes)?;
    end_conflicts(conn, stamp, &doctors, &freed)?;
    for entry in &taken {
        for visit in visits(conn, &doctors, entry.time)? {
            done.conflicts += usize::from(conflict(conn, stamp, visit, entry)?);
        }
    }
    Ok(())
}

/// After everything was read: the rows of what was not among it go.
pub(super) fn forget_others(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    done: &mut Synced,
) -> Result<(), StoreError> {
    let mut freed = Vec::new();
    for gone in no_longer(conn, changes)? {
        let before = remotes::one(conn, &changes.calendar, &gone)?;
        remotes::forget(conn, &changes.calendar, &gone)?;
        done.events += 1;
        freed.extend(before);
    }
    end_conflicts(conn, stamp, &doctors_of(conn, changes)?, &freed)
}

/// Entries are gone or elsewhere.
fn end_conflicts(
    conn: &Connection,
    stamp: &Stamp,
    doctors: &[DoctorId],
    freed: &[Remote],
) -> Result<(), StoreError> {
    for entry in freed {
        for visit in visits(conn, doctors, entry.time)? {
            no_conflict(conn, stamp, visit)?;
        }
    }
    Ok(())
}

/// The visits whose events had to be read again because an operation was under way: what came to stand in
/// their time meanwhile was not told then.
pub(super) fn on_top_meanwhile(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    asked: &HashSet<EventId>,
    done: &mut Synced,
) -> Result<(), StoreError> {
    for event in changes.events.iter().filter(|e| asked.contains(&e.id)) {
        let Some(row) = remotes::one(conn, &changes.calendar, &event.id)? else {
            continue;
        };
        let visit = match &row.appointment {
            Some(id) => appointments::one(conn, id)?,
            None => None,
        };
        if let Some(visit) = visit
            && visit.google_event_id.as_ref() == Some(&event.id)
        {
            done.conflicts += usize::from(on_top_of(conn, stamp, visit)?);
        }
    }
    Ok(())
}

/// Whether an entry that is known stands in the time of the visit, and that is news.
pub(super) fn on_top_of(
    conn: &Connection,
    stamp: &Stamp,
    visit: Appointment,
) -> Result<bool, StoreError> {
    let calendars = [visit.google_calendar_id.clone()];
    let entries = remotes::within(conn, &calendars, visit.blocked())?;
    match entries.iter().find(|entry| entry.is_persons()) {
        Some(entry) => conflict(conn, stamp, visit, entry),
        None => Ok(false),
    }
}

/// After everything was read: what is known and was not among it.
fn no_longer(conn: &Connection, changes: &Changes) -> Result<Vec<EventId>, StoreError> {
    let Some(since) = changes.whole_since else {
        return Ok(Vec::new());
    };
    let shown: HashSet<&str> = changes.events.iter().map(|e| e.id.as_str()).collect();
    let mut rows = conn.prepare_cached(
        "SELECT event_id FROM calendar_events WHERE calendar_id = ?1 AND ends_at > ?2",
    )?;
    let found = rows.query_map(params![changes.calendar.as_str(), seconds(since)], |row| {
        row.get::<_, String>(0)
    })?;
    let mut out = Vec::new();
    for id in found {
        let id = id?;
        if !shown.contains(id.as_str()) {
            out.push(EventId::new(id));
        }
    }
    Ok(out)
}

fn doctors_of(conn: &Connection, changes: &Changes) -> Result<Vec<DoctorId>, StoreError> {
    let doctors = doctors::of_calendar(conn, &changes.calendar)?;
    Ok(doctors.into_iter().map(|d| d.doctor_id).collect())
}

/// The visits that an entry stands in the time of: what is kept free around a visit counts, as it does when
/// one is booked.
fn visits(
    conn: &Connection,
    doctors: &[DoctorId],
    time: Interval,
) -> Result<Vec<Appointment>, StoreError> {
    if doctors.is_empty() {
        return Ok(Vec::new());
    }
    let most = chrono::Duration::minutes(i64::from(crate::domain::service::MOST_BUFFER_MINUTES));
    let near = appointments::between(conn, doctors, time.widened(most, most), false)?;
    let meets = |visit: &Appointment| visit.takes_time() && visit.blocked().meets(&time);
    Ok(near.into_iter().filter(meets).collect())
}

/// Whether all that stands in a visit's time is other visits that are in repair for that already.
pub(in crate::store) fn is_told_of_the_other(
    conn: &Connection,
    visit: &Appointment,
) -> Result<bool, StoreError> {
    let others = overlap::of(conn, visit)?;
    for other in &others {
        let cause = repair::cause(conn, &other.appointment_id)?;
        if !matches!(cause, Some(Cause::Conflict | Cause::MovedInGoogle)) {
            return Ok(false);
        }
    }
    let calendars = [visit.google_calendar_id.clone()];
    let entries = remotes::within(conn, &calendars, visit.blocked())?;
    Ok(!others.is_empty() && !entries.iter().any(Remote::is_persons))
}

/// An entry came to stand in the time of a visit; true if that is news. Nobody is called off by that.
fn conflict(
    conn: &Connection,
    stamp: &Stamp,
    visit: Appointment,
    entry: &Remote,
) -> Result<bool, StoreError> {
    if operations::open_of(conn, &visit.appointment_id)?.is_some() {
        if let Some(event) = &visit.google_event_id {
            later::read(conn, &visit, event, stamp.now)?;
        }
        return Ok(false);
    }
    // what has begun is over soon
    let past = visit.visit.end() <= stamp.now;
    let in_step = visit.status == Status::Confirmed && visit.sync_state == SyncState::Synced;
    if past || !in_step {
        return Ok(false);
    }
    let sentence = format!(
        "In Google Calendar something else stands in its time: {}. Move the visit, or leave both if they go together",
        entry.say(visit.zone)
    );
    let words = "needs a decision: an entry in Google Calendar stands in its time";
    needs_repair(conn, stamp, visit, Cause::Conflict, &sentence, words)?;
    Ok(true)
}

/// An entry is gone or elsewhere: if nothing stands in the visit's time now, that is settled.
fn no_conflict(conn: &Connection, stamp: &Stamp, visit: Appointment) -> Result<(), StoreError> {
    if repair::cause(conn, &visit.appointment_id)? != Some(Cause::Conflict)
        || overlap::with(conn, &visit)?.is_some()
    {
        return Ok(());
    }
    let calendars = [visit.google_calendar_id.clone()];
    let entries = remotes::within(conn, &calendars, visit.blocked())?;
    if entries.iter().any(Remote::is_persons) {
        return Ok(());
    }
    repair::no_conflict(conn, stamp, visit)
}
