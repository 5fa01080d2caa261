//! How an operation ends: the appointment, its repair item, the audit and the operation in one go.

use super::appointments;
use super::audit::{self, Action, Line};
use super::column::Word;
use super::operations::{self, Open};
use super::{moves, notices, overlap, repair, second_looks};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::{say_day, say_time};
use crate::domain::id::{Etag, EventId};
use crate::domain::service::MOST_VISIT_MINUTES;
use crate::domain::time::Interval;
use crate::flow::operation::{Because, Cause, Flow, Operation, Settlement};
use crate::port::store::{Stamp, StoreError};
use rusqlite::Connection;

/// Ends the operation.
pub(super) fn settle(
    conn: &Connection,
    stamp: &Stamp,
    operation: &Operation,
    settlement: &Settlement,
) -> Result<Appointment, StoreError> {
    let open = operations::held(conn, stamp, &operation.operation_id)?;
    let before = appointments::known(conn, &open.operation.appointment_id)?;
    let (id, was) = (before.appointment_id.clone(), before.clone());
    let (waited_for, known) = (
        notices::is_waited_for(stamp, &open),
        repair::cause(conn, &id)?,
    );
    let outcome = match settlement {
        Settlement::Confirmed {
            event,
            etag,
            visit,
            attempt,
            moved,
        } => {
            let google = InGoogle {
                event: Some((event, *attempt)),
                etag,
                visit: *visit,
                rev: before.rev,
            };
            confirm(conn, stamp, before, &google, *moved)?;
            "confirmed"
        }
        Settlement::Refused { why, .. } => {
            refuse(conn, stamp, before, open, why)?;
            "refused"
        }
        Settlement::Cancelled => {
            cancel(conn, stamp, before)?;
            "cancelled"
        }
        Settlement::Moved {
            etag,
            visit,
            rev,
            in_the_way,
        } => {
            let google = InGoogle {
                event: None,
                etag,
                visit: *visit,
                rev: *rev,
            };
            moved(conn, stamp, before, &open, &google, in_the_way.as_deref())?;
            "moved"
        }
        Settlement::NotMoved { why, .. } => {
            not_moved(conn, stamp, before, why)?;
            "not_moved"
        }
        Settlement::Repair { cause, detail } => {
            moves::release(conn, &id)?;
            let words = format!("needs a decision: {}", repair::words(*cause));
            needs_repair(conn, stamp, before, *cause, detail, &words)?;
            "repair"
        }
    };
    operations::close(conn, stamp, &operation.operation_id, outcome)?;
    let after = appointments::known(conn, &id)?;
    let trouble = repair::trouble(conn, &id)?.filter(|(cause, _)| known != Some(*cause));
    if waited_for {
        let ending = notices::Ending {
            operation,
            settlement,
            before: &was,
            after: &after,
            trouble,
        };
        notices::ended(conn, stamp, &ending)?;
    } else if let Some((cause, why)) = trouble {
        notices::trouble(conn, stamp, &after, cause, &why)?;
    }
    if let Some(settled) = to_look_at(&was, operation, settlement) {
        second_looks::begin(conn, &id, settled, stamp.now)?;
    }
    Ok(after)
}

/// The time that has to be looked at again: where an event of ours was written, or may yet land.
fn to_look_at(
    before: &Appointment,
    operation: &Operation,
    settlement: &Settlement,
) -> Option<Interval> {
    let wanted = match &operation.flow {
        Flow::Reschedule(reschedule) => reschedule.to(),
        _ => before.visit,
    };
    match settlement {
        Settlement::Confirmed { visit, .. } | Settlement::Moved { visit, .. } => Some(*visit),
        Settlement::Refused { because, .. } | Settlement::NotMoved { because, .. } => {
            (*because == Because::SlotTaken).then_some(wanted)
        }
        // an insert that was given up may land late
        Settlement::Cancelled => (before.status == Status::Pending).then_some(wanted),
        Settlement::Repair { .. } => Some(wanted),
    }
}

/// The event as Google has it.
pub(super) struct InGoogle<'a> {
    /// Its id and which attempt it is, where it is another than before.
    pub(super) event: Option<(&'a EventId, u32)>,
    /// Its version.
    pub(super) etag: &'a Etag,
    /// Its times.
    pub(super) visit: Interval,
    /// How often we have changed its times.
    pub(super) rev: u32,
}

fn confirm(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    google: &InGoogle<'_>,
    moved: bool,
) -> Result<(), StoreError> {
    let was = before.visit;
    let (now, other) = take_google(conn, stamp, before, google)?;
    if !moved && other.is_none() {
        audit::append(conn, stamp, &Line::of(Action::Booked, &now, "booked"))?;
        return Ok(());
    }
    let cause = if moved {
        Cause::MovedInGoogle
    } else {
        Cause::Conflict
    };
    let mut sentence = moved_sentence(&now, was, google.visit);
    if let Some(other) = &other {
        sentence = format!("{sentence}, onto {}", other.customer_name);
    }
    let words = format!("booked; needs a decision: {}", repair::words(cause));
    let id = now.appointment_id.clone();
    needs_repair(conn, stamp, now, cause, &sentence, &words)?;
    if moved {
        repair::note_former(conn, &id, was)?;
    }
    Ok(())
}

/// Takes over what Google has: event, version and times, however they lie. Answers with the
/// appointment, confirmed and in step, and with the visit whose time it now stands in, unless that one has
/// lost its time already. An event that is longer than any visit keeps our times.
pub(super) fn take_google(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    google: &InGoogle<'_>,
) -> Result<(Appointment, Option<Appointment>), StoreError> {
    let fits = google.visit.minutes() <= i64::from(MOST_VISIT_MINUTES);
    // one that took no time before may have lost it to another
    let same_time = before.takes_time() && (before.visit == google.visit || !fits);
    let (event, attempt) = match google.event {
        Some((event, attempt)) => (Some(event.clone()), attempt),
        None => (before.google_event_id.clone(), before.attempt),
    };
    let now = Appointment {
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        google_event_id: event,
        etag: Some(google.etag.clone()),
        visit: if fits { google.visit } else { before.visit },
        rev: google.rev,
        attempt,
        cancelled_at: None,
        cancellation_reason: None,
        ..before
    };
    let others = if same_time {
        Vec::new()
    } else {
        overlap::of(conn, &now)?
    };
    if !others.is_empty() {
        // must come first: otherwise the trigger refuses the new times
        overlap::mark(conn, &now.appointment_id, true)?;
    }
    appointments::save(conn, &now)?;
    if !same_time {
        overlap::release(conn, stamp, &now.doctor_id)?;
    }
    for other in others {
        if !repair::has_lost(conn, &other)? {
            return Ok((now, Some(other)));
        }
    }
    Ok((now, None))
}

/// The visit stands at its new time in Google.
fn moved(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    open: &Open,
    google: &InGoogle<'_>,
    in_the_way: Option<&str>,
) -> Result<(), StoreError> {
    moves::release(conn, &before.appointment_id)?;
    repair::close(conn, stamp, &before.appointment_id, "moved")?;
    let (was, wanted) = match &open.operation.flow {
        // one that is put back began where Google had it
        Flow::Reschedule(reschedule) => (reschedule.from, reschedule.to()),
        _ => (before.visit, google.visit),
    };
    let (now, other) = take_google(conn, stamp, before, google)?;
    // one that kept its place for want of room may have it now
    overlap::release(conn, stamp, &now.doctor_id)?;
    let words = format!("moved {}", moves::there(&now, was, google.visit));
    audit::append(conn, stamp, &Line::of(Action::Moved, &now, &words))?;
    let other = other
        .map(|other| other.customer_name)
        .or_else(|| in_the_way.map(str::to_owned));
    if wanted == google.visit && other.is_none() {
        return Ok(());
    }
    let cause = if wanted == google.visit {
        Cause::Conflict
    } else {
        Cause::MovedInGoogle
    };
    let mut sentence = moved_sentence(&now, wanted, google.visit);
    if cause == Cause::Conflict {
        "It was moved".clone_into(&mut sentence);
    }
    if let Some(other) = other {
        sentence = format!("{sentence}, and something else stands there now: {other}");
    }
    let words = format!("moved; needs a decision: {}", repair::words(cause));
    needs_repair(conn, stamp, now, cause, &sentence, &words)
}

/// The visit stands where it was, in step as before.
fn not_moved(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    why: &str,
) -> Result<(), StoreError> {
    moves::release(conn, &before.appointment_id)?;
    let sync_state = if repair::is_open(conn, &before.appointment_id)? {
        SyncState::NeedsRepair
    } else {
        SyncState::Synced
    };
    let stands = Appointment {
        sync_state,
        ..before
    };
    appointments::save(conn, &stands)?;
    let words = format!("not moved: {why}");
    audit::append(conn, stamp, &Line::of(Action::NotMoved, &stands, &words))?;
    Ok(())
}

fn moved_sentence(now: &Appointment, was: Interval, visit: Interval) -> String {
    let zone = now.zone;
    let there = |i: Interval| i.start().with_timezone(&zone).date_naive();
    let day = if there(visit) == there(was) {
        String::new()
    } else {
        format!("{} ", say_day(there(visit), there(was)))
    };
    format!(
        "In Google it is now {day}{} to {}; it was booked for {}",
        say_time(visit.start(), zone),
        say_time(visit.end(), zone),
        say_time(was.start(), zone)
    )
}

fn refuse(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    open: Open,
    why: &str,
) -> Result<(), StoreError> {
    if open
        .prior
        .as_ref()
        .is_some_and(operations::Prior::was_promised)
    {
        // somebody was told that this is booked: only a person may take that back
        let kept = Appointment {
            status: Status::Confirmed,
            ..before
        };
        let sentence = format!("It is no longer in the calendar and could not be put back: {why}");
        let words = format!("not booked again: {why}");
        return needs_repair(conn, stamp, kept, Cause::Conflict, &sentence, &words);
    }
    if open.promised && open.prior.is_none() {
        let sentence = format!("The time was lost before Google confirmed the visit: {why}");
        let words = format!("not booked: {why}");
        return needs_repair(conn, stamp, before, Cause::Conflict, &sentence, &words);
    }
    let refused = match open.prior {
        Some(prior) => prior.restore(before),
        None => before,
    };
    let status = match refused.status {
        Status::Cancelled => Status::Cancelled,
        _ => Status::Refused,
    };
    let refused = Appointment {
        status,
        sync_state: SyncState::Synced,
        etag: None,
        ..refused
    };
    appointments::save(conn, &refused)?;
    overlap::release(conn, stamp, &refused.doctor_id)?;
    let words = format!("not booked: {why}");
    audit::append(conn, stamp, &Line::of(Action::Refused, &refused, &words))?;
    Ok(())
}

/// The visit is called off, and nothing of it is in the calendar.
pub(super) fn cancel(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
) -> Result<(), StoreError> {
    let cancelled = Appointment {
        status: Status::Cancelled,
        sync_state: SyncState::Synced,
        etag: None,
        cancelled_at: Some(stamp.now),
        ..before
    };
    appointments::save(conn, &cancelled)?;
    overlap::release(conn, stamp, &cancelled.doctor_id)?;
    audit::append(
        conn,
        stamp,
        &Line::of(Action::Cancelled, &cancelled, "cancelled"),
    )?;
    Ok(())
}

/// Puts the appointment into the repair pane, and tells people of it. While an operation about it is under
/// way nothing is told: how that ends is told as a whole.
pub(super) fn needs_repair(
    conn: &Connection,
    stamp: &Stamp,
    appointment: Appointment,
    cause: Cause,
    sentence: &str,
    words: &str,
) -> Result<(), StoreError> {
    let broken = Appointment {
        sync_state: SyncState::NeedsRepair,
        ..appointment
    };
    appointments::save(conn, &broken)?;
    let known = repair::cause(conn, &broken.appointment_id)? == Some(cause);
    if !known && operations::open_of(conn, &broken.appointment_id)?.is_none() {
        notices::trouble(conn, stamp, &broken, cause, sentence)?;
    }
    repair::open(conn, stamp, &broken.appointment_id, cause.word(), sentence)?;
    audit::append(conn, stamp, &Line::of(Action::Repair, &broken, words))?;
    Ok(())
}

#[cfg(test)]
#[path = "settle/tests.rs"]
mod tests;
