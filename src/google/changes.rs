//! What a calendar holds, and what has changed in it since a sync token: page by page, as Google gives it.

use super::address::segment;
use super::calls::is_page;
use super::convert::{read_event, read_zone, unreadable};
use super::counters::Route;
use super::error::{Heard, server_time, told};
use super::wire::Wire;
use crate::domain::id::CalendarId;
use crate::port::calendar::{CalendarError, Stamped};
use crate::port::sync::{ChangePage, NextRead, ReadFrom, SyncToken};
use google_calendar3::common;

/// The most events that Google puts on a page.
const PAGE: i32 = 2500;

impl<C: common::Connector> Wire<C> {
    /// One page. Recurring events come expanded, so that each instance is judged as the event it is;
    /// these parameters must be the same in every read that a token goes through.
    pub(super) async fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> Result<Stamped<ChangePage>, CalendarError> {
        let path = segment(calendar.as_str())?;
        let mut heard = Heard::default();
        let events = self.hub.events();
        let mut call = events
            .list(&path)
            .single_events(true)
            .max_results(PAGE)
            .delegate(&mut heard);
        call = match from {
            ReadFrom::Start(moment) => call.time_min(*moment),
            ReadFrom::Token(SyncToken(token)) => call.sync_token(token),
        };
        if let Some(page) = page {
            call = call.page_token(page);
        }
        let answered = self.send(Route::Changes, call.doit()).await;
        let (answer, body) = answered.map_err(|failure| told(failure, &heard))?;
        is_page(&body)?;
        let token = |token: Option<String>| token.filter(|t| !t.is_empty());
        let next = match (token(body.next_page_token), token(body.next_sync_token)) {
            (Some(page), _) => NextRead::Page(page),
            (None, Some(token)) => NextRead::Token(SyncToken(token)),
            (None, None) => return Err(unreadable("its last page has no sync token")),
        };
        let events = body.items.unwrap_or_default().into_iter().map(read_event);
        let events = events.collect::<Result<Vec<_>, _>>()?;
        let zone = read_zone(body.time_zone.as_deref(), &events)?;
        Ok(Stamped {
            value: ChangePage { events, zone, next },
            server_time: server_time(answer.headers()),
        })
    }
}
