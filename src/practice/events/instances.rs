//! events.instances: one recurring event, instance by instance.

use std::sync::Arc;

use super::listing::{Listing, Order};
use super::page;
use super::search::{Base, Item, Search, What};
use crate::practice::answer::Answer;
use crate::practice::calendars::Calendar;
use crate::practice::call::Call;
use crate::practice::database::Database;
use crate::practice::refusal::Refusal;
use crate::practice::rows;

/// Lists the instances in the order of their starts, changed ones in their new place.
pub(in crate::practice) fn list(db: &Database, call: &Call) -> Result<Answer, Refusal> {
    db.read(|conn| {
        let calendar = Calendar::find(conn, call.calendar())?;
        let mut listing = Listing::read(call, &calendar, &db.epoch)?;
        listing.order = Order::Start;
        let stored = rows::find(conn, calendar.number, call.item())?;
        let stored = stored.ok_or_else(Refusal::not_found)?;
        let body = stored.map()?;
        let search = Search {
            db,
            conn,
            calendar: &calendar,
            listing: &listing,
            now: call.now,
        };
        let base = Arc::new(Base { stored, body });
        let mut items = Vec::new();
        if !base.stored.is_cancelled() {
            for times in search.instances(&base, listing.window)? {
                let id = format!("{}_{}", base.stored.id, times.0.suffix());
                let key = (times.0.seconds(calendar.zone), id);
                let what = What::Instance(Arc::clone(&base), times);
                items.push(Item { key, what });
            }
        }
        for row in rows::departures(conn, calendar.number, &base.stored.id)? {
            let shown = !row.is_cancelled() || listing.show_deleted;
            if shown && listing.window.takes(row.start_at, row.end_at) {
                let key = (row.start_at, row.id.clone());
                let what = What::Row(row);
                items.push(Item { key, what });
            }
        }
        items.sort_by(|a, b| a.key.cmp(&b.key));
        if let Some(page) = &listing.page {
            items.retain(|item| item.key > page.key);
        }
        let more = items.len() > listing.size;
        items.truncate(listing.size);
        let last = items.last().filter(|_| more).map(|item| item.key.clone());
        let token = last.map(|key| ("nextPageToken", listing.next_page(calendar.change, key)));
        let items = page::items(items, &calendar, listing.zone)?;
        let body = page::envelope(&calendar, listing.zone, token, &items);
        Ok(Answer::text(body).tagged(calendar.list_etag()))
    })
}
