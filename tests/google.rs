//! The Google adapter on the wire: what it sends, and what it reads from an answer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "google/server.rs"]
mod server;

use axum::Router;
use frontdesk::domain::event::EventStatus;
use frontdesk::domain::id::{CalendarId, Etag, EventId};
use frontdesk::domain::time::Interval;
use frontdesk::google::{Client, Options, Route, Token};
use frontdesk::port::calendar::{BusyAnswer, Calendar, CalendarError};
use serde_json::{Value, json};
use server::{
    CALENDAR_PATH, Say, Server, answer, at, calendar, client, draft, event_json, page_json,
    refusal, span,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::test]
async fn ids_stay_in_their_place_and_the_time_of_the_server_is_kept() {
    let dated = vec![("date", "Tue, 24 Nov 2026 09:00:00 GMT")];
    let says = Say::With(200, dated, event_json("abcde1").to_string());
    let (server, client) = Server::start(vec![says]).await;
    let got = client.get(&calendar(), &"abcde1".into()).await.unwrap();
    assert_eq!(got.value.id, EventId::new("abcde1"));
    assert_eq!(got.server_time, "2026-11-24T09:00:00Z".parse().ok());
    let asked = &server.asked()[0];
    assert_eq!(asked.path, format!("{CALENDAR_PATH}/abcde1"));
    assert_eq!(asked.headers["authorization"], "Bearer secret-token");
    assert!(
        asked.headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("frontdesk/")
    );
}

#[tokio::test]
async fn an_id_that_would_name_another_resource_is_never_sent() {
    let (server, client) = Server::start(vec![]).await;
    for id in ["", ".", ".."] {
        let errors = [
            client.get(&calendar(), &id.into()).await.unwrap_err(),
            client
                .delete(&calendar(), &id.into(), &"\"1\"".into())
                .await
                .unwrap_err(),
            client.list(&id.into(), span(0, 60)).await.unwrap_err(),
        ];
        assert!(
            errors
                .iter()
                .all(|e| matches!(e, CalendarError::Invalid(_)))
        );
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn an_insert_is_private_quiet_and_without_nulls() {
    let (server, client) = Server::start(vec![Say::Json(200, event_json("abcde1"))]).await;
    let inserted = client.insert(&draft()).await.unwrap();
    assert_eq!(inserted.value.etag, Some(Etag::new("\"31\"")));
    let asked = &server.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", CALENDAR_PATH)
    );
    assert!(asked.query.contains("sendUpdates=none"));
    assert_eq!(asked.body["id"], "abcde1");
    assert_eq!(asked.body["status"], "tentative");
    assert_eq!(asked.body["visibility"], "private");
    assert_eq!(
        asked.body["extendedProperties"]["private"]["fdAppointment"],
        "a-1"
    );
    let absent = ["attendees", "source", "description", "conferenceData"];
    assert!(absent.iter().all(|key| asked.body.get(key).is_none()));
}

#[tokio::test]
async fn writes_to_an_event_carry_the_etag_and_nothing_else_is_changed() {
    let mut confirmed = event_json("abcde1");
    confirmed["status"] = "confirmed".into();
    let says = vec![
        Say::Json(200, confirmed),
        Say::With(204, vec![], String::new()),
    ];
    let (server, client) = Server::start(says).await;
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    let event = client.confirm(&calendar(), &id, &etag).await.unwrap();
    assert_eq!(event.value.status, EventStatus::Confirmed);
    client.delete(&calendar(), &id, &etag).await.unwrap();
    let asked = server.asked();
    let methods: Vec<&str> = asked.iter().map(|a| a.method.as_str()).collect();
    assert_eq!(methods, ["PATCH", "DELETE"]);
    for one in &asked {
        assert_eq!(one.path, format!("{CALENDAR_PATH}/abcde1"));
        assert_eq!(one.headers["if-match"], "\"31\"");
        assert_eq!(one.headers["authorization"], "Bearer secret-token");
        assert!(one.query.contains("sendUpdates=none"));
    }
    assert_eq!(asked[0].body, json!({"status": "confirmed"}));
    for none in ["", "*", " "] {
        let error = client
            .delete(&calendar(), &id, &none.into())
            .await
            .unwrap_err();
        assert!(matches!(error, CalendarError::Invalid(_)));
    }
    assert_eq!(
        server.asked().len(),
        2,
        "a write without a condition was sent"
    );
}

#[tokio::test]
async fn every_page_is_read_an_empty_one_too_and_the_first_clock_counts() {
    let dated = |second: &'static str, page: Value| {
        Say::With(200, vec![("date", second)], page.to_string())
    };
    let mut changed = page_json(&["abcde1", "abcde3"], None);
    changed["items"][0]["summary"] = "newer".into();
    let says = vec![
        dated(
            "Tue, 24 Nov 2026 09:00:00 GMT",
            page_json(&["abcde1", "abcde2"], Some("p 2&")),
        ),
        dated(
            "Tue, 24 Nov 2026 09:00:01 GMT",
            json!({"kind": "calendar#events", "nextPageToken": "p3"}),
        ),
        dated("Tue, 24 Nov 2026 09:00:02 GMT", changed),
    ];
    let (server, client) = Server::start(says).await;
    let listing = client.list(&calendar(), span(0, 60)).await.unwrap();
    let events = &listing.value.events;
    let ids: Vec<&str> = events.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["abcde1", "abcde2", "abcde3"]);
    assert_eq!(events[0].summary, "newer");
    assert_eq!(listing.value.zone, chrono_tz::Europe::Berlin);
    assert_eq!(listing.server_time, "2026-11-24T09:00:00Z".parse().ok());
    let asked = server.asked();
    for part in [
        "singleEvents=true",
        "showDeleted=false",
        "maxResults=2500",
        "timeMin=2027-01-15T08%3A00%3A00",
        "timeMax=2027-01-15T09%3A00%3A00",
    ] {
        assert!(
            asked.iter().all(|a| a.query.contains(part)),
            "{part}: {}",
            asked[0].query
        );
    }
    assert!(!asked[0].query.contains("pageToken"));
    assert!(
        asked[1].query.contains("pageToken=p+2%26"),
        "{}",
        asked[1].query
    );
    assert!(asked[2].query.contains("pageToken=p3"));
    assert_eq!(client.counters().of(Route::List), 3);
    assert_eq!(client.counters().total(), 3);
}

#[tokio::test]
async fn parts_of_a_second_at_the_edges_are_not_missed() {
    let (server, client) = Server::start(vec![Say::Json(200, page_json(&[], None))]).await;
    let half = chrono::TimeDelta::milliseconds(500);
    let window = Interval::new(at(0) + half, at(60) + half).unwrap();
    client.list(&calendar(), window).await.unwrap();
    let query = &server.asked()[0].query;
    assert!(
        query.contains("timeMin=2027-01-15T08%3A00%3A00.000Z"),
        "{query}"
    );
    assert!(
        query.contains("timeMax=2027-01-15T09%3A00%3A01.000Z"),
        "{query}"
    );
}

#[tokio::test]
async fn free_busy_is_one_request_and_knows_what_it_does_not_know() {
    let body = json!({"kind": "calendar#freeBusy", "calendars": {
        "a@example.org": {"busy": [{"start": at(-5), "end": at(10)}, {"start": at(5), "end": at(20)}]},
        "b@example.org": {"busy": [], "errors": [{"domain": "global", "reason": "notFound"}]},
    }});
    let (server, client) = Server::start(vec![Say::Json(200, body)]).await;
    let ids: Vec<CalendarId> = ["b@example.org", "a@example.org", "c@example.org"]
        .map(Into::into)
        .into();
    let answer = client.free_busy(&ids, span(0, 60)).await.unwrap();
    assert_eq!(
        answer.value,
        [
            (ids[0].clone(), BusyAnswer::Unknown("notFound".to_owned())),
            (ids[1].clone(), BusyAnswer::Busy(vec![span(0, 20)])),
            (ids[2].clone(), BusyAnswer::Unknown("missing".to_owned())),
        ]
    );
    assert!(
        answer.server_time.is_some(),
        "the server's own Date is kept"
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/calendar/v3/freeBusy");
    assert_eq!(asked[0].body["items"][0], json!({"id": "b@example.org"}));
    assert_eq!(asked[0].body["timeMin"], "2027-01-15T08:00:00Z");
    // nothing is sent for nothing, nor for more than Google takes
    assert!(
        client
            .free_busy(&[], span(0, 60))
            .await
            .unwrap()
            .value
            .is_empty()
    );
    let many = vec![calendar(); 51];
    let error = client.free_busy(&many, span(0, 60)).await.unwrap_err();
    assert!(matches!(error, CalendarError::Invalid(_)));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn whether_a_calendar_answers_is_one_small_request() {
    let says = vec![
        Say::Json(200, page_json(&[], None)),
        Say::Json(404, refusal(404, "notFound")),
        Say::Json(200, json!({})),
    ];
    let (server, client) = Server::start(says).await;
    assert_eq!(client.answers(&calendar()).await, Ok(()));
    let gone = client.answers(&calendar()).await;
    assert_eq!(gone.unwrap_err(), CalendarError::NotFound);
    assert!(client.answers(&calendar()).await.is_err());
    assert!(server.asked()[0].query.contains("maxResults=1&"));
    assert_eq!(client.counters().of(Route::Answers), 3);
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let opened = Arc::new(Mutex::new(0));
    let says = (0..20).map(|_| Say::Json(200, event_json("abcde1")));
    let server = Server {
        says: Arc::new(Mutex::new(says.collect())),
        ..Server::default()
    };
    let router = Router::new().fallback(answer).with_state(server);
    let count = Arc::clone(&opened);
    let listener = axum::serve::ListenerExt::tap_io(listener, move |_| *count.lock().unwrap() += 1);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = client(&format!("http://{address}"));
    for turn in 0..10 {
        client.get(&calendar(), &"abcde1".into()).await.unwrap();
        let etag = Etag::new(format!("\"{turn}\""));
        client
            .confirm(&calendar(), &"abcde1".into(), &etag)
            .await
            .unwrap();
    }
    assert_eq!(*opened.lock().unwrap(), 1);
}

#[test]
fn addresses_and_tokens_that_cannot_be_used_are_refused_at_the_start() {
    let options = |base_url: &str, token| Options {
        base_url: Some(base_url.to_owned()),
        token,
        timeout: Duration::from_secs(5),
    };
    let open = Client::new(options("http://calendar.example.org", Token::Practice));
    assert!(open.unwrap_err().to_string().contains("write https"));
    let token = Token::Fixed("two words".to_owned());
    let error = Client::new(options("https://calendar.example.org", token)).unwrap_err();
    assert!(!error.to_string().contains("two words"), "{error}");
}
