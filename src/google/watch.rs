//! Watch channels over the generated calls. The token goes out in the body of the request and is never
//! logged; the life of a channel is asked for in seconds, since a desk's clock may be wrong.

use super::address::segment;
use super::convert::unreadable;
use super::counters::Route;
use super::error::{Heard, server_time, told};
use super::wire::Wire;
use crate::domain::id::{CalendarId, ChannelId};
use crate::port::calendar::{CalendarError, Stamped};
use crate::port::channels::{Channel, Watched};
use chrono::DateTime;
use google_calendar3::{api, common};
use std::collections::HashMap;

/// The longest id that Google takes for a channel.
const LONGEST_ID: usize = 64;

impl<C: common::Connector> Wire<C> {
    /// events.watch
    pub(super) async fn watch(
        &self,
        calendar: &CalendarId,
        channel: &Channel,
    ) -> Result<Stamped<Watched>, CalendarError> {
        let path = segment(calendar.as_str())?;
        check_id(&channel.id)?;
        let ttl = channel.ttl.as_secs().to_string();
        let request = api::Channel {
            id: Some(channel.id.to_string()),
            type_: Some("web_hook".to_owned()),
            address: Some(channel.address.clone()),
            token: Some(channel.token.reveal().to_owned()),
            params: Some(HashMap::from([("ttl".to_owned(), ttl)])),
            ..api::Channel::default()
        };
        let mut heard = Heard::default();
        let events = self.hub.events();
        let call = events.watch(request, &path).delegate(&mut heard);
        let answered = self.send(Route::Watch, call.doit()).await;
        let (answer, body) = answered.map_err(|failure| told(failure, &heard))?;
        if body.id.as_deref() != Some(channel.id.as_str()) {
            return Err(unreadable("it is about another channel"));
        }
        let resource_id = body.resource_id.filter(|id| !id.is_empty());
        Ok(Stamped {
            value: Watched {
                resource_id: resource_id.ok_or_else(|| unreadable("it names no resource"))?,
                expires_at: body.expiration.and_then(DateTime::from_timestamp_millis),
            },
            server_time: server_time(answer.headers()),
        })
    }

    /// channels.stop
    pub(super) async fn unwatch(
        &self,
        channel: &ChannelId,
        resource_id: &str,
    ) -> Result<(), CalendarError> {
        check_id(channel)?;
        let request = api::Channel {
            id: Some(channel.to_string()),
            resource_id: Some(resource_id.to_owned()),
            ..api::Channel::default()
        };
        let mut heard = Heard::default();
        let channels = self.hub.channels();
        let call = channels.stop(request).delegate(&mut heard);
        let call = async { call.doit().await.map(|answer| (answer, ())) };
        let answered = self.send(Route::Unwatch, call).await;
        answered.map_err(|failure| told(failure, &heard))?;
        Ok(())
    }
}

fn check_id(id: &ChannelId) -> Result<(), CalendarError> {
    let id = id.as_str();
    let spelled = |b: u8| b.is_ascii_alphanumeric() || b"-_+/=".contains(&b);
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(spelled) {
        return Err(CalendarError::Invalid(
            "a watch channel has no usable id".to_owned(),
        ));
    }
    Ok(())
}
