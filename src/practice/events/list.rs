//! events.list: full reads and incremental ones, page by page.

use super::listing::Listing;
use super::page;
use super::search::{Found, Search};
use crate::practice::answer::Answer;
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::database::Database;
use crate::practice::refusal::Refusal;

/// Lists events. `empty`: a fault wants this page to be empty and to lead on all the same.
pub(in crate::practice) fn list(
    db: &Database,
    call: &Call,
    empty: bool,
) -> Result<Answer, Refusal> {
    db.read(|conn| {
        let calendar = Calendar::find(conn, call.calendar())?;
        let listing = Listing::read(call, &calendar, &db.epoch)?;
        // What changes between two pages is told by the token of the last one.
        let until = listing
            .page
            .as_ref()
            .map_or(calendar.change, |page| page.change);
        let search = Search {
            db,
            conn,
            calendar: &calendar,
            listing: &listing,
            now: call.now,
        };
        let Found { mut items, next } = search.page(until)?;
        let next = if empty {
            items.clear();
            let here = listing.page.as_ref().map(|page| page.key.clone());
            Some(here.unwrap_or((i64::MIN, String::new())))
        } else {
            next
        };
        let token = match next {
            Some(key) => Some(("nextPageToken", listing.next_page(until, key))),
            None => listing
                .next_sync(&call.query, &db.epoch, calendar.number, until)
                .map(|token| ("nextSyncToken", token)),
        };
        let items = page::items(items, &calendar, listing.zone)?;
        let body = page::envelope(&calendar, listing.zone, token, &items);
        Ok(Answer::text(body).tagged(calendar.list_etag()))
    })
}
