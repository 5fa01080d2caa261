//! Which times are to be looked at again, when, and what became of it.

use super::appointments;
use super::audit::{self, Action, Line};
use super::column::{end_seconds, interval, seconds, text};
use super::settle::{InGoogle, needs_repair, take_google};
use super::{operations, sync};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::id::AppointmentId;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::Cause;
use crate::port::store::{Found, Looks, SecondLook, Stamp, StoreError};
use rusqlite::{Connection, OptionalExtension, params};

/// When a time is looked at again: seconds after it was settled. A late request is carried out within
/// its time-out, or a little after; the last look comes when a claim's lease is long over.
const LOOKS: [i64; 4] = [15, 60, 180, 300];
/// A look that came to nothing is made again after so many seconds.
const AGAIN: i64 = 30;
/// After so many seconds nothing lands late any more: what nobody looked at by then is let be.
const TOO_OLD: i64 = 3_600;

/// From now on the time is looked at again.
pub(super) fn begin(
    conn: &Connection,
    id: &AppointmentId,
    settled: Interval,
    now: Moment,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO second_looks (appointment_id, starts_at, ends_at, settled_at, looks, due_at)
         VALUES (?1, ?2, ?3, ?4, 0, ?5)",
    )?
    .execute(params![
        id.as_str(),
        seconds(settled.start()),
        end_seconds(settled.end()),
        seconds(now),
        seconds(now) + LOOKS.first().copied().unwrap_or(AGAIN)
    ])?;
    Ok(())
}

/// Hands out looks, and none of them twice: each is due again a little later unless it is recorded. What
/// is under way is left for later.
pub(super) fn take(
    conn: &Connection,
    now: Moment,
    which: Looks,
    limit: usize,
) -> Result<Vec<SecondLook>, StoreError> {
    let until = match which {
        Looks::Due => seconds(now),
        Looks::All => i64::MAX,
    };
    conn.prepare_cached("DELETE FROM second_looks WHERE settled_at < ?1")?
        .execute([seconds(now) - TOO_OLD])?;
    let mut rows = conn.prepare_cached(
        "SELECT l.appointment_id, l.starts_at, l.ends_at FROM second_looks l
         WHERE l.due_at <= ?1 AND NOT EXISTS (
             SELECT 1 FROM operations o
             WHERE o.appointment_id = l.appointment_id AND o.done_at IS NULL)
         ORDER BY l.due_at LIMIT ?2",
    )?;
    let found = rows.query_map(params![until, super::column::limit(limit)], |row| {
        Ok((AppointmentId::new(text(row, 0)?), interval(row, 1, 2)?))
    })?;
    let found: Vec<_> = found.collect::<rusqlite::Result<_>>()?;
    let mut out = Vec::with_capacity(found.len());
    for (id, settled) in found {
        conn.prepare_cached("UPDATE second_looks SET due_at = ?2 WHERE appointment_id = ?1")?
            .execute(params![id.as_str(), seconds(now) + AGAIN])?;
        let appointment = appointments::known(conn, &id)?;
        out.push(SecondLook {
            appointment,
            settled,
        });
    }
    Ok(out)
}

/// When the next look is due.
pub(super) fn next_due(conn: &Connection) -> Result<Option<Moment>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT min(due_at) FROM second_looks")?;
    Ok(rows.query_row([], |row| super::column::moment_or_none(row, 0))?)
}

/// Records a look: the next one is due, or it was the last; and what was found is put right or goes into
/// repair, unless something has happened to the visit since. True if anything about the visit changed.
pub(super) fn record(
    conn: &Connection,
    stamp: &Stamp,
    look: &SecondLook,
    found: Option<&Found>,
) -> Result<bool, StoreError> {
    let id = &look.appointment.appointment_id;
    let now = appointments::known(conn, id)?;
    let untouched = now == look.appointment && operations::open_of(conn, id)?.is_none();
    if !untouched {
        return Ok(false);
    }
    if !advance(conn, id, stamp.now)? {
        return Ok(false);
    }
    match found {
        Some(found) if now.sync_state == SyncState::Synced => {
            put_right(conn, stamp, now, found)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// False: another program was faster with the last look, and there is none left to record.
fn advance(conn: &Connection, id: &AppointmentId, now: Moment) -> Result<bool, StoreError> {
    let mut rows = conn.prepare_cached(
        "UPDATE second_looks SET looks = looks + 1 WHERE appointment_id = ?1
         RETURNING looks, settled_at",
    )?;
    let made: Option<(u32, i64)> = rows
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((looks, settled)) = made else {
        return Ok(false);
    };
    match usize::try_from(looks).ok().and_then(|made| LOOKS.get(made)) {
        Some(after) => conn
            .prepare_cached("UPDATE second_looks SET due_at = ?2 WHERE appointment_id = ?1")?
            .execute(params![
                id.as_str(),
                (settled + after).max(seconds(now) + 1)
            ])?,
        None => conn
            .prepare_cached("DELETE FROM second_looks WHERE appointment_id = ?1")?
            .execute([id.as_str()])?,
    };
    Ok(true)
}

pub(super) fn put_right(
    conn: &Connection,
    stamp: &Stamp,
    now: Appointment,
    found: &Found,
) -> Result<(), StoreError> {
    let (cause, sentence) = match found {
        Found::MovedByDesk { etag, visit, rev } => {
            let google = InGoogle {
                event: None,
                etag,
                visit: *visit,
                rev: *rev,
            };
            return follow(conn, stamp, now, &google);
        }
        Found::MovedByPerson { etag, visit } => {
            let rev = now.rev;
            let google = sync::Now {
                etag: etag.clone(),
                rev,
            };
            return sync::moved_by_person(conn, stamp, now, *visit, &google);
        }
        Found::Gone => (
            Cause::GoneFromGoogle,
            "Somebody deleted its event in Google Calendar; here the visit still stands".to_owned(),
        ),
        Found::Strange => (
            Cause::StrangersEvent,
            "The event under this visit's id is not ours any more; it was left alone".to_owned(),
        ),
        // one trouble is for a person once
        Found::InTheWay(_) if sync::is_told_of_the_other(conn, &now)? => return Ok(()),
        Found::InTheWay(what) => (
            Cause::Conflict,
            format!("Google Calendar has something else at the same time: {what}"),
        ),
    };
    let words = format!("needs a decision: {}", super::repair::words(cause));
    needs_repair(conn, stamp, now, cause, &sentence, &words)
}

/// Another desk of the clinic has moved the visit: so it is.
pub(super) fn follow(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    google: &InGoogle<'_>,
) -> Result<(), StoreError> {
    let was = before.visit;
    let (now, other) = take_google(conn, stamp, before, google)?;
    let words = format!(
        "moved at another desk {}",
        super::moves::there(&now, was, now.visit)
    );
    audit::append(conn, stamp, &Line::of(Action::Moved, &now, &words))?;
    match other {
        None => Ok(()),
        Some(other) => {
            let sentence = format!(
                "Another desk moved it into the time of {}",
                other.customer_name
            );
            let words = "needs a decision: another visit stands in its time";
            needs_repair(conn, stamp, now, Cause::Conflict, &sentence, words)
        }
    }
}

#[cfg(test)]
#[path = "second_looks/tests.rs"]
mod tests;
