//! Carries out what a read of a calendar says about our visits.

use super::{cursors, follow, later, people, remotes};
use crate::domain::event::{Event, EventStatus, EventTimes, Mark, MarkKind};
use crate::domain::id::{AppointmentId, CalendarId, EventId};
use crate::domain::time::Moment;
use crate::flow::operation::Cause;
use crate::flow::reconcile::{Known, Verdict, judge, too_many};
use crate::port::store::{Elsewhere, Found, Stamp, StoreError};
use crate::port::sync::{Changes, SyncRules, Synced};
use crate::store::column::seconds;
use crate::store::{appointments, elsewhere, operations, repair, second_looks};
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// One event and what is to be done about it.
struct Judged<'a> {
    event: &'a Event,
    known: Option<Known>,
    verdict: Verdict,
}

/// Fewer events about visits than this are never too many (see [`too_many`]): nothing has to be counted.
const FEW: usize = 5;

/// Why nothing of what was read is to be applied before an admin looks, if so.
pub(super) fn too_much(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    rules: &SyncRules,
) -> Result<Option<String>, StoreError> {
    let about_visits = |e: &&Event| e.mark.is_some() || e.status == EventStatus::Cancelled;
    if changes.events.iter().filter(about_visits).count() < FEW {
        return Ok(None);
    }
    let calendar = &changes.calendar;
    let judged = judged(conn, changes, rules)?;
    let coming = coming(conn, calendar, stamp.now)?;
    let seen = judged.iter().map(|j| (&j.verdict, j.known.as_ref()));
    let lost = too_many(seen, stamp.now, coming, rules.brake_percent);
    let Some(lost) = lost else {
        return Ok(None);
    };
    if cursors::is_released(conn, calendar)? {
        return Ok(None);
    }
    Ok(Some(format!(
        "{lost} of {coming} coming visits are gone or moved in {calendar} at once; nothing of it was \
         applied here: look into the calendar, then let it pass or put it right there"
    )))
}

/// Takes a part of what was read over.
pub(super) fn part(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    rules: &SyncRules,
    done: &mut Synced,
) -> Result<(), StoreError> {
    cursors::must_hold(conn, stamp, &changes.calendar)?;
    let mut judged = judged(conn, changes, rules)?;
    let asked = later::told(conn, changes)?;
    // first what gives time free, then what takes it
    judged.sort_by_key(|j| match j.verdict {
        Verdict::CalledOffElsewhere => 0,
        Verdict::Adopt => 2,
        _ => 1,
    });
    for one in judged {
        carry_out(conn, stamp, changes, one, done)?;
    }
    people::take_over(conn, stamp, changes, rules, done)?;
    people::on_top_meanwhile(conn, stamp, changes, &asked, done)
}

/// Every part was taken over: what a full read did not show is gone, and the next read goes on from here.
pub(super) fn finish(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    done: &mut Synced,
) -> Result<(), StoreError> {
    cursors::must_hold(conn, stamp, &changes.calendar)?;
    people::forget_others(conn, stamp, changes, done)?;
    cursors::advance(conn, changes)
}

/// What is to be done about each event, where anything is.
fn judged<'a>(
    conn: &Connection,
    changes: &'a Changes,
    rules: &SyncRules,
) -> Result<Vec<Judged<'a>>, StoreError> {
    let mut judged = Vec::new();
    for event in &changes.events {
        let known = known(conn, event, changes, rules)?;
        let verdict = judge(event, known.as_ref(), &changes.calendar, &rules.clinic);
        if verdict != Verdict::Leave {
            judged.push(Judged {
                event,
                known,
                verdict,
            });
        }
    }
    Ok(judged)
}

/// What is known of the visit that an event is about.
fn known(
    conn: &Connection,
    event: &Event,
    changes: &Changes,
    rules: &SyncRules,
) -> Result<Option<Known>, StoreError> {
    let marked = event.mark.as_ref().filter(|m| m.clinic == rules.clinic);
    if marked.is_some_and(|m| m.kind == MarkKind::Placeholder) {
        return Ok(None);
    }
    let id = match marked.map(|mark| mark.appointment.clone()) {
        Some(id) => Some(id),
        None => remotes::one(conn, &changes.calendar, &event.id)?
            .and_then(|row| row.appointment)
            .or_else(|| event.id.appointment()),
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let Some(appointment) = appointments::one(conn, &id)? else {
        return Ok(None);
    };
    Ok(Some(Known {
        open: operations::open_of(conn, &id)?.is_some(),
        settled_since: settled_since(conn, &id, changes.asked_at)?,
        cause: repair::cause(conn, &id)?,
        seen: remotes::one(conn, &changes.calendar, &event.id)?
            .is_some_and(|row| row.etag == event.etag),
        appointment,
    }))
}

fn settled_since(
    conn: &Connection,
    id: &AppointmentId,
    moment: Moment,
) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM operations WHERE appointment_id = ?1 AND done_at >= ?2")?
        .exists(params![id.as_str(), seconds(moment)])?)
}

fn coming(conn: &Connection, calendar: &CalendarId, now: Moment) -> Result<usize, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT count(*) FROM appointments a INDEXED BY appointments_by_doctor
         WHERE a.doctor_id IN (SELECT doctor_id FROM doctors WHERE google_calendar_id = ?1)
           AND a.starts_at > ?2 AND a.status = 'confirmed'",
    )?;
    let count: i64 = rows.query_row(params![calendar.as_str(), seconds(now)], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn carry_out(
    conn: &Connection,
    stamp: &Stamp,
    changes: &Changes,
    one: Judged<'_>,
    done: &mut Synced,
) -> Result<(), StoreError> {
    let Judged {
        event,
        known,
        verdict,
    } = one;
    if verdict == Verdict::Adopt {
        let Some(met) = met(event, &changes.calendar) else {
            return Ok(());
        };
        if adopt(conn, stamp, &met)? {
            done.adopted += 1;
        } else if !is_known(conn, &met)? {
            later::adopt(conn, &met, stamp.now)?;
        }
        return Ok(());
    }
    let (Some(known), mark) = (known, event.mark.as_ref()) else {
        return Ok(());
    };
    let visit = known.appointment;
    let rev = mark.map_or(visit.rev, |mark: &Mark| mark.rev);
    let etag = event.etag.clone().or_else(|| visit.etag.clone());
    match (verdict, etag) {
        (Verdict::LookAgain, _) => {
            later::read(conn, &visit, &event.id, stamp.now)?;
            done.unsure += 1;
        }
        (Verdict::CalledOffElsewhere, _) => {
            elsewhere::called_off(conn, stamp, &visit.appointment_id)?;
            done.gone += 1;
        }
        (Verdict::Gone, _) => {
            second_looks::put_right(conn, stamp, visit, &Found::Gone)?;
            done.gone += 1;
        }
        (Verdict::Strange, _) => {
            second_looks::put_right(conn, stamp, visit, &Found::Strange)?;
        }
        (Verdict::Renew, Some(etag)) => {
            conn.prepare_cached(
                "UPDATE appointments SET etag = ?2, rev = max(rev, ?3) WHERE appointment_id = ?1",
            )?
            .execute(params![visit.appointment_id.as_str(), etag.as_str(), rev])?;
        }
        (Verdict::Returned, Some(etag)) => {
            follow::returned(conn, stamp, visit, &follow::Now { etag, rev })?;
        }
        (Verdict::Spoilt(how), Some(etag)) => {
            let to = match event.times {
                Some(EventTimes::Timed(to)) => to,
                _ => visit.visit,
            };
            follow::spoilt(conn, stamp, visit, to, &follow::Now { etag, rev }, how)?;
        }
        (Verdict::MovedByPerson(to), Some(etag)) => {
            follow::moved_by_person(conn, stamp, visit, to, &follow::Now { etag, rev })?;
            done.moved += 1;
        }
        (Verdict::MovedByDesk(to), Some(etag)) => {
            follow::moved_by_desk(conn, stamp, visit, to, &follow::Now { etag, rev })?;
            done.moved += 1;
        }
        (Verdict::Back(at), Some(etag)) => {
            follow::back(conn, stamp, visit, event, at, &follow::Now { etag, rev })?;
        }
        _ => {}
    }
    Ok(())
}

/// Takes a visit of another desk over. One that stands in the time of another copy, or of a change of ours
/// that is under way, is asked about again.
fn adopt(conn: &Connection, stamp: &Stamp, met: &Elsewhere) -> Result<bool, StoreError> {
    match elsewhere::adopt(conn, stamp, met) {
        Err(StoreError::Overlap(_)) => Ok(false),
        done => done,
    }
}

/// Whether the copy says what the event says.
fn is_known(conn: &Connection, met: &Elsewhere) -> Result<bool, StoreError> {
    let known = appointments::one(conn, &met.mark.appointment)?;
    Ok(known.is_some_and(|a| a.takes_time() && a.etag.as_ref() == Some(&met.etag)))
}

fn met(event: &Event, calendar: &CalendarId) -> Option<Elsewhere> {
    let Some(EventTimes::Timed(visit)) = event.times else {
        return None;
    };
    Some(Elsewhere {
        calendar: calendar.clone(),
        event: event.id.clone(),
        etag: event.etag.clone()?,
        visit,
        mark: event.mark.clone()?,
    })
}

/// What has to be read by itself: what could not be judged before, and, after everything was read, events of
/// our visits that should be among it and are not.
pub(super) fn missing(conn: &Connection, changes: &Changes) -> Result<Vec<EventId>, StoreError> {
    let mut out = later::due(conn, &changes.calendar, changes.asked_at)?;
    let Some(since) = changes.whole_since else {
        return Ok(out);
    };
    let live = |event: &&Event| event.status != EventStatus::Cancelled;
    let shown: HashSet<&str> = changes
        .events
        .iter()
        .filter(live)
        .map(|event| event.id.as_str())
        .collect();
    let mut rows = conn.prepare_cached(
        "SELECT a.google_event_id FROM appointments a
         WHERE a.doctor_id IN (SELECT doctor_id FROM doctors WHERE google_calendar_id = ?1)
           AND a.google_calendar_id = ?1 AND a.starts_at > ?2 - 86400 AND a.ends_at > ?2
           AND a.status = 'confirmed' AND a.google_event_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM repair_items r
               WHERE r.appointment_id = a.appointment_id AND r.resolved_at IS NULL AND r.cause = ?3)",
    )?;
    let gone = crate::store::column::Word::word(Cause::GoneFromGoogle);
    let found = rows.query_map(
        params![changes.calendar.as_str(), seconds(since), gone],
        |row| row.get::<_, String>(0),
    )?;
    let asked: HashSet<String> = out.iter().map(ToString::to_string).collect();
    for id in found {
        let id = id?;
        if !shown.contains(id.as_str()) && !asked.contains(&id) {
            out.push(EventId::new(id));
        }
    }
    Ok(out)
}
