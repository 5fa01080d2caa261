//! Watch channels over the wire: what is sent, what is read from an answer, and the practice calendar's
//! own answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "google/server.rs"]
mod server;

use frontdesk::google::{Client, Options, Route, Token};
use frontdesk::port::calendar::CalendarError;
use frontdesk::port::channels::{Channel, ChannelToken, Watch};
use frontdesk::practice::{self, CalendarSpec};
use serde_json::{Value, json};
use server::{CALENDAR_PATH, Say, Server, at, calendar, refusal};
use std::sync::Arc;
use std::time::Duration;

fn channel(id: &str) -> Channel {
    Channel {
        id: id.into(),
        address: "https://desk.example.org/calendar".to_owned(),
        token: ChannelToken::new("open sesame"),
        ttl: Duration::from_hours(24),
    }
}

fn opened(id: &str) -> Value {
    json!({"kind": "api#channel", "id": id, "resourceId": "r-1",
        "resourceUri": "https://www.googleapis.com/calendar/v3/x", "expiration": "1800000060000"})
}

#[tokio::test]
async fn a_channel_is_asked_for_with_its_token_and_for_seconds_to_live() {
    let says = vec![
        Say::With(
            200,
            vec![("date", "Tue, 24 Nov 2026 09:00:00 GMT")],
            opened("c-1").to_string(),
        ),
        Say::Json(
            200,
            json!({"kind": "api#channel", "id": "c-2", "resourceId": "r-1"}),
        ),
    ];
    let (server, client) = Server::start(says).await;
    let answer = client.watch(&calendar(), &channel("c-1")).await.unwrap();
    assert_eq!(answer.value.resource_id, "r-1");
    assert_eq!(answer.value.expires_at, Some(at(1)));
    assert_eq!(answer.server_time, "2026-11-24T09:00:00Z".parse().ok());
    let endless = client.watch(&calendar(), &channel("c-2")).await.unwrap();
    assert_eq!(endless.value.expires_at, None);
    let asked = &server.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", format!("{CALENDAR_PATH}/watch").as_str())
    );
    assert_eq!(
        asked.body,
        json!({"id": "c-1", "type": "web_hook", "address": "https://desk.example.org/calendar",
            "token": "open sesame", "params": {"ttl": "86400"}})
    );
    assert_eq!(client.counters().of(Route::Watch), 2);
}

#[tokio::test]
async fn a_channel_is_stopped_by_its_id_and_what_it_watches() {
    let says = vec![
        Say::With(204, vec![], String::new()),
        Say::Json(404, refusal(404, "notFound")),
    ];
    let (server, client) = Server::start(says).await;
    client.unwatch(&"c-1".into(), "r-1").await.unwrap();
    let again = client.unwatch(&"c-1".into(), "r-1").await;
    assert_eq!(again, Err(CalendarError::NotFound));
    let asked = &server.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", "/calendar/v3/channels/stop")
    );
    assert_eq!(asked.body, json!({"id": "c-1", "resourceId": "r-1"}));
    assert_eq!(asked.headers["authorization"], "Bearer secret-token");
    assert_eq!(client.counters().of(Route::Unwatch), 2);
}

#[tokio::test]
async fn an_answer_about_another_channel_or_without_a_resource_is_no_answer() {
    let mut nameless = opened("c-1");
    nameless["resourceId"] = "".into();
    let says = vec![
        Say::Json(200, opened("c-2")),
        Say::Json(200, nameless),
        Say::Json(200, json!({})),
        Say::CutOff,
    ];
    let (_server, client) = Server::start(says).await;
    for _ in 0..4 {
        let error = client.watch(&calendar(), &channel("c-1")).await;
        assert!(
            matches!(error, Err(CalendarError::NoAnswer(_))),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_id_that_google_does_not_take_is_never_sent() {
    let (server, client) = Server::start(vec![]).await;
    for id in ["", "a b", "ä", &"c".repeat(65)] {
        let errors = [
            client.watch(&calendar(), &channel(id)).await.err(),
            client.unwatch(&id.into(), "r-1").await.err(),
        ];
        let refused = |e: &Option<CalendarError>| matches!(e, Some(CalendarError::Invalid(_)));
        assert!(errors.iter().all(refused), "{id}: {errors:?}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_used_id_and_an_address_that_google_does_not_trust_are_told_apart_from_a_dead_sign_in() {
    let says = vec![
        Say::Json(400, refusal(400, "channelIdNotUnique")),
        Say::Json(401, refusal(401, "push.webhookUrlUnauthorized")),
        Say::Json(401, refusal(401, "authError")),
    ];
    let (_server, client) = Server::start(says).await;
    let mut errors = Vec::new();
    for _ in 0..3 {
        let said = client.watch(&calendar(), &channel("c-1")).await;
        errors.push(said.unwrap_err());
    }
    assert_eq!(errors[0], CalendarError::Duplicate);
    assert!(
        matches!(&errors[1], CalendarError::Forbidden(why) if why.contains("[push]")),
        "{errors:?}"
    );
    assert!(matches!(errors[2], CalendarError::SignIn(_)));
}

#[tokio::test]
async fn the_practice_calendar_opens_a_channel_once_and_stops_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let now = || at(0);
    let server = practice::Server::start(practice::Options {
        data: dir.path().join("practice.db"),
        listen: ([127, 0, 0, 1], 0).into(),
        calendars: vec![CalendarSpec {
            id: calendar().to_string(),
            summary: "A doctor".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
        }],
        now: Arc::new(now),
    })
    .await
    .unwrap();
    let client = Client::new(Options {
        base_url: Some(server.base_url()),
        token: Token::Practice,
        timeout: Duration::from_secs(10),
    })
    .unwrap();
    let opened = client.watch(&calendar(), &channel("c-1")).await.unwrap();
    let day = at(0) + chrono::TimeDelta::days(1);
    assert_eq!(opened.value.expires_at, Some(day));
    assert_eq!(opened.server_time, Some(at(0)));
    let twice = client.watch(&calendar(), &channel("c-1")).await;
    assert_eq!(twice, Err(CalendarError::Duplicate));
    let nobodys = client.watch(&"nobody@x".into(), &channel("c-2")).await;
    assert_eq!(nobodys, Err(CalendarError::NotFound));
    let mut open = channel("c-3");
    open.address = "http://desk.example.org/".to_owned();
    let refused = client.watch(&calendar(), &open).await;
    assert!(matches!(refused, Err(CalendarError::Invalid(_))));
    let resource = opened.value.resource_id;
    client.unwatch(&"c-1".into(), &resource).await.unwrap();
    let again = client.unwatch(&"c-1".into(), &resource).await;
    assert_eq!(again, Err(CalendarError::NotFound));
}
