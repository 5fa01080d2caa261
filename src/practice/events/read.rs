//! events.get

use serde_json::Value;

use super::Target;
use crate::practice::answer::Answer;
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::database::Database;
use crate::practice::event;
use crate::practice::refusal::Refusal;

/// Reads one event; a deleted one too, with `status: cancelled`.
pub(in crate::practice) fn get(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    let zone = call.query.zone("timeZone")?;
    db.read(|conn| {
        let calendar = Calendar::find(conn, call.calendar())?;
        let target = Target::find(db, conn, &calendar, call.item())?;
        let etag = target.etag().to_owned();
        if call.has_already(&etag) {
            return Ok(Answer {
                status: 304,
                ..Answer::empty().tagged(etag)
            });
        }
        let mut body = target.body().clone();
        if let Some(zone) = zone {
            event::in_zone(&mut body, calendar.zone, zone);
        }
        Ok(Answer::ok(&Value::Object(body)).tagged(etag))
    })
}
