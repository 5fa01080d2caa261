//! events.insert

use serde_json::Value;

use crate::practice::answer::Answer;
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::database::Database;
use crate::practice::event::{self, Identity, conference, fields, id};
use crate::practice::refusal::Refusal;
use crate::practice::rows;

/// Inserts an event. An id that exists, or existed and was deleted, is a duplicate. Whether the
/// time is free is never looked at.
pub(in crate::practice) fn insert(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let sent = call.json()?;
    call.check_send_updates()?;
    let spoken = conference::is_spoken(call)?;
    db.write(|tx| {
        let mut calendar = Calendar::find(tx, call.calendar())?;
        let id = match sent.get("id") {
            None | Some(Value::Null) => id::fresh(),
            Some(Value::String(id)) => id.clone(),
            Some(_) => return Err(Refusal::bad_id()),
        };
        id::check(&id)?;
        let mut sent = sent.clone();
        conference::settle(&mut sent, None, spoken)?;
        let mut draft = fields::read(&sent, &calendar, false)?;
        if event::status_of(&draft.fields) == event::CANCELLED {
            draft.fields.insert("status".into(), "confirmed".into());
        }
        if rows::find(tx, calendar.number, &id)?.is_some() {
            return Err(Refusal::duplicate());
        }
        let uid = event::text(&sent, "iCalUID").filter(|uid| !uid.is_empty());
        let identity = Identity {
            ical_uid: uid.map_or_else(|| format!("{id}@google.com"), str::to_owned),
            id,
            created: event::created_text(call.now),
            sequence: sent.get("sequence").and_then(Value::as_i64).unwrap_or(0),
            base: None,
        };
        let change = calendar.next_change(tx, call.now)?;
        let record = event::stamp(draft, identity, &calendar, change, call.now)?;
        rows::put(tx, calendar.number, &record)?;
        let etag = event::text(&record.body, "etag")
            .unwrap_or_default()
            .to_owned();
        Ok(Answer::ok(&Value::Object(record.body))
            .tagged(etag)
            .changing(calendar.number))
    })
}
