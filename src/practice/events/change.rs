//! events.patch, events.update and events.delete.

use rusqlite::Transaction;
use serde_json::{Map, Value, json};

use super::Target;
use crate::practice::answer::Answer;
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::database::Database;
use crate::practice::event::{self, Identity, Record, conference, fields, merge};
use crate::practice::refusal::Refusal;
use crate::practice::rows;
use crate::practice::when::When;

/// events.patch: what is not named stays.
pub(in crate::practice) fn patch(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let sent = call.json()?;
    change(db, call, |old| {
        let mut merged = old.clone();
        merge::merge(&mut merged, sent);
        // Who only moves the time keeps the rest; sequence and identity are not the client's.
        restore(&mut merged, old);
        Ok(merged)
    })
}

/// events.update: what is not named goes.
pub(in crate::practice) fn update(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let sent = call.json()?;
    change(db, call, |old| {
        let now = old.get("sequence").and_then(Value::as_i64);
        let theirs = sent.get("sequence").and_then(Value::as_i64);
        if let (Some(now), Some(theirs)) = (now, theirs)
            && theirs < now
        {
            return Err(Refusal::invalid(
                "Invalid sequence value. The specified sequence number is below the current sequence number of the resource. Re-fetch the resource and use its sequence number on the following request.",
            ));
        }
        let mut fresh = sent.clone();
        restore(&mut fresh, old);
        Ok(fresh)
    })
}

/// Fields that a client cannot change, whatever it sends.
fn restore(fields: &mut Map<String, Value>, old: &Map<String, Value>) {
    for name in [
        "id",
        "created",
        "iCalUID",
        "eventType",
        "sequence",
        "recurringEventId",
    ] {
        match old.get(name) {
            Some(value) => fields.insert(name.to_owned(), value.clone()),
            None => fields.remove(name),
        };
    }
}

fn change(
    db: &Database,
    call: &Call,
    lay: impl FnOnce(&Map<String, Value>) -> Result<Map<String, Value>, Refusal>,
) -> Result<Answer, Refusal> {
    call.check_send_updates()?;
    let spoken = conference::is_spoken(call)?;
    db.write(|tx| {
        let mut calendar = Calendar::find(tx, call.calendar())?;
        let target = Target::find(db, tx, &calendar, call.item())?;
        call.require_match(target.etag())?;
        let old = target.body();
        let mut laid = lay(old)?;
        let cancels = event::status_of(&laid) == event::CANCELLED;
        if cancels {
            if target.is_cancelled() {
                return Err(Refusal::deleted());
            }
            let body = cancel(tx, &mut calendar, &target, call)?;
            return Ok(answer(body).changing(calendar.number));
        }
        conference::settle(&mut laid, Some(old), spoken)?;
        let instance = original(&target, &calendar);
        let draft = fields::read(&laid, &calendar, instance.is_some())?;
        let mut identity = identity(old, instance);
        let times = |fields: &Map<String, Value>| fields.get("recurrence").cloned();
        let (start, end) = event::times(old, calendar.zone)?;
        let moved = start != draft.start || end != draft.end || times(old) != times(&draft.fields);
        identity.sequence += i64::from(moved);
        let change = calendar.next_change(tx, call.now)?;
        let record = event::stamp(draft, identity, &calendar, change, call.now)?;
        if let Target::Stored(stored, _) = &target
            && stored.is_recurring()
            && moved
        {
            rows::keep_former(tx, calendar.number, stored, change)?;
        }
        rows::put(tx, calendar.number, &record)?;
        Ok(answer(record.body).changing(calendar.number))
    })
}

fn answer(body: Map<String, Value>) -> Answer {
    let etag = event::text(&body, "etag").unwrap_or_default().to_owned();
    Answer::ok(&Value::Object(body)).tagged(etag)
}

/// events.delete: 204, and 410 ever after. A recurring event takes its changed instances along.
pub(in crate::practice) fn delete(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    call.check_send_updates()?;
    db.write(|tx| {
        let mut calendar = Calendar::find(tx, call.calendar())?;
        let target = Target::find(db, tx, &calendar, call.item())?;
        if target.is_cancelled() {
            return Err(Refusal::deleted());
        }
        call.require_match(target.etag())?;
        cancel(tx, &mut calendar, &target, call)?;
        Ok(Answer::empty().changing(calendar.number))
    })
}

fn cancel(
    tx: &Transaction<'_>,
    calendar: &mut Calendar,
    target: &Target,
    call: &Call,
) -> Result<Map<String, Value>, Refusal> {
    if let Target::Stored(stored, _) = target
        && stored.is_recurring()
    {
        for departure in rows::departures(tx, calendar.number, &stored.id)? {
            if !departure.is_cancelled() {
                let body = departure.map()?;
                let departure = Target::Stored(departure, body);
                write_cancelled(tx, calendar, &departure, call)?;
            }
        }
    }
    Ok(write_cancelled(tx, calendar, target, call)?.body)
}

fn write_cancelled(
    tx: &Transaction<'_>,
    calendar: &mut Calendar,
    target: &Target,
    call: &Call,
) -> Result<Record, Refusal> {
    let mut body = target.body().clone();
    body.insert("status".into(), json!("cancelled"));
    let instance = original(target, calendar);
    let identity = identity(&body, instance);
    let (start, end) = event::times(&body, calendar.zone)?;
    let draft = fields::Draft {
        fields: body,
        start,
        end,
    };
    let change = calendar.next_change(tx, call.now)?;
    let record = event::stamp(draft, identity, calendar, change, call.now)?;
    rows::put(tx, calendar.number, &record)?;
    Ok(record)
}

/// Of an instance: the recurring event, and when the instance would begin.
fn original(target: &Target, calendar: &Calendar) -> Option<(String, When)> {
    match target {
        Target::Instance { base, start, .. } => Some((base.id.clone(), *start)),
        Target::Stored(stored, body) => {
            let base = stored.base.clone()?;
            let start = body.get("originalStartTime");
            let start = When::parse(start, "original", calendar.zone, false).ok()?;
            Some((base, start))
        }
    }
}

fn identity(old: &Map<String, Value>, base: Option<(String, When)>) -> Identity {
    let text = |name: &str| event::text(old, name).unwrap_or_default().to_owned();
    Identity {
        id: text("id"),
        ical_uid: text("iCalUID"),
        created: text("created"),
        sequence: old.get("sequence").and_then(Value::as_i64).unwrap_or(0),
        base,
    }
}
