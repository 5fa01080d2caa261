//! A person's choice about what is not in step, and how one of them is taken back.

use super::{close, note_former, words};
use crate::domain::appointment::{Appointment, SyncState};
use crate::domain::id::AppointmentId;
use crate::flow::operation::{Cause, Settlement};
use crate::port::query::RepairAction;
use crate::port::store::{Stamp, StoreError};
use crate::store::audit::{self, Action, Line};
use crate::store::column::seconds;
use crate::store::settle::{InGoogle, needs_repair, take_google};
use crate::store::{appointments, operations, overlap};
use rusqlite::{Connection, OptionalExtension, params};

/// How an item was settled that somebody left as it is.
const IGNORED: &str = "left as it is";

/// Settles a repair item by a person's choice.
pub(in crate::store) fn resolve(
    conn: &Connection,
    stamp: &Stamp,
    id: &AppointmentId,
    action: RepairAction,
    google: Option<&Settlement>,
    reason: &str,
) -> Result<Appointment, StoreError> {
    let before = appointments::known(conn, id)?;
    if operations::open_of(conn, id)?.is_some() {
        return Err(StoreError::OperationOpen);
    }
    if before.sync_state != SyncState::NeedsRepair {
        return Err(StoreError::Rule(
            "this visit is in step with Google: there is nothing to settle".to_owned(),
        ));
    }
    match (action, google) {
        (
            RepairAction::AdoptTimes,
            Some(Settlement::Moved {
                etag, visit, rev, ..
            }),
        ) => {
            let google = InGoogle {
                event: None,
                etag,
                visit: *visit,
                rev: *rev,
            };
            adopt(conn, stamp, before, &google)?;
        }
        (RepairAction::AdoptTimes, _) => {
            return Err(StoreError::Rule(
                "there is no event in Google whose time could be taken over: try again or call \
                 the visit off"
                    .to_owned(),
            ));
        }
        (RepairAction::Ignore, _) => ignore(conn, stamp, before, reason)?,
        _ => {
            return Err(StoreError::Rule(
                "only Google's time can be taken so, or all be left as it is: everything else is an act of \
                 its own"
                    .to_owned(),
            ));
        }
    }
    appointments::known(conn, id)
}

fn adopt(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    google: &InGoogle<'_>,
) -> Result<(), StoreError> {
    let former = before.visit;
    if former != google.visit {
        note_former(conn, &before.appointment_id, former)?;
    }
    close(
        conn,
        stamp,
        &before.appointment_id,
        "Google's time taken over",
    )?;
    let (now, _) = take_google(conn, stamp, before, google)?;
    let line = Line::of(Action::TookTime, &now, "Google's time taken over");
    audit::append(conn, stamp, &line)?;
    if now.visit != google.visit {
        let sentence = "The event in Google lasts longer than 24 hours: no visit does. Shorten it \
                        there, or call the visit off";
        let words = "needs a decision: longer than a visit in Google";
        return needs_repair(conn, stamp, now, Cause::ChangedInGoogle, sentence, words);
    }
    match overlap::with(conn, &now)? {
        None => overlap::mark(conn, &now.appointment_id, false),
        Some(other) => {
            let sentence = format!("It stands in the time of {}", other.customer_name);
            let words = format!("needs a decision: {}", words(Cause::Conflict));
            let id = now.appointment_id.clone();
            needs_repair(conn, stamp, now, Cause::Conflict, &sentence, &words)?;
            note_former(conn, &id, former)
        }
    }
}

fn ignore(
    conn: &Connection,
    stamp: &Stamp,
    before: Appointment,
    reason: &str,
) -> Result<(), StoreError> {
    if reason.trim().is_empty() {
        return Err(StoreError::Rule(
            "leaving it as it is needs a reason: say why".to_owned(),
        ));
    }
    conn.prepare_cached(
        "UPDATE repair_items SET dropped_reason = ?2 WHERE appointment_id = ?1 AND resolved_at IS NULL",
    )?
    .execute(params![
        before.appointment_id.as_str(),
        before.cancellation_reason
    ])?;
    let ignored = Appointment {
        sync_state: SyncState::Synced,
        cancellation_reason: None,
        ..before
    };
    appointments::save(conn, &ignored)?;
    close(conn, stamp, &ignored.appointment_id, IGNORED)?;
    let words = format!("{IGNORED}: {reason}");
    audit::append(conn, stamp, &Line::of(Action::Ignored, &ignored, &words))?;
    Ok(())
}

/// Opens the item again that was left as it is last.
pub(super) fn reopen(
    conn: &Connection,
    stamp: &Stamp,
    id: &AppointmentId,
) -> Result<Appointment, StoreError> {
    let before = appointments::known(conn, id)?;
    if operations::open_of(conn, id)?.is_some() {
        return Err(StoreError::OperationOpen);
    }
    let last: Option<(i64, String, Option<String>)> = conn
        .prepare_cached(
            "SELECT item_no, how, dropped_reason FROM repair_items
             WHERE appointment_id = ?1 ORDER BY item_no DESC LIMIT 1",
        )?
        .query_row([id.as_str()], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                row.get(2)?,
            ))
        })
        .optional()?;
    let ignored = last.filter(|(_, how, _)| how == IGNORED);
    let (Some((item, _, dropped)), SyncState::Synced) = (ignored, before.sync_state) else {
        return Err(StoreError::Rule(
            "nothing about this visit was left as it is: there is nothing to open again".to_owned(),
        ));
    };
    conn.prepare_cached(
        "INSERT INTO repair_items (appointment_id, cause, sentence, since, event_id, former_start, former_end)
         SELECT appointment_id, cause, sentence, ?2, event_id, former_start, former_end
         FROM repair_items WHERE item_no = ?1",
    )?
    .execute(params![item, seconds(stamp.now)])?;
    let reopened = Appointment {
        sync_state: SyncState::NeedsRepair,
        cancellation_reason: dropped,
        ..before
    };
    appointments::save(conn, &reopened)?;
    let words = "needs a decision again: it is no longer left as it is";
    audit::append(conn, stamp, &Line::of(Action::Repair, &reopened, words))?;
    appointments::known(conn, id)
}
