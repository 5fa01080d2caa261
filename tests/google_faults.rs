//! The Google adapter when things go wrong: refusals, silence, broken and foreign answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "google/server.rs"]
mod server;

use axum::Router;
use frontdesk::domain::id::{Etag, EventId};
use frontdesk::google::{Client, Options, Token};
use frontdesk::port::calendar::{Calendar, CalendarError};
use serde_json::{Value, json};
use server::{Say, Server, answer, calendar, client, draft, event_json, page_json, refusal, span};
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::test]
async fn an_answer_about_another_event_is_no_answer() {
    let says = vec![
        Say::Json(200, event_json("other")),
        Say::Json(200, event_json("other")),
        Say::Json(200, json!({})),
    ];
    let (_, client) = Server::start(says).await;
    let id = EventId::new("abcde1");
    let no_answer = |error| matches!(error, CalendarError::NoAnswer(_));
    assert!(no_answer(client.get(&calendar(), &id).await.unwrap_err()));
    assert!(no_answer(client.insert(&draft()).await.unwrap_err()));
    assert!(no_answer(client.get(&calendar(), &id).await.unwrap_err()));
}

#[tokio::test]
async fn refused_writes_are_told_apart() {
    let says = vec![
        Say::Json(412, refusal(412, "conditionNotMet")),
        Say::Json(410, refusal(410, "deleted")),
        Say::Json(404, refusal(404, "notFound")),
        Say::Json(409, refusal(409, "duplicate")),
    ];
    let (_, client) = Server::start(says).await;
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    let confirm = client.confirm(&calendar(), &id, &etag).await;
    assert_eq!(confirm.unwrap_err(), CalendarError::Stale);
    let delete = client.delete(&calendar(), &id, &etag).await;
    assert_eq!(delete.unwrap_err(), CalendarError::Gone);
    let get = client.get(&calendar(), &id).await;
    assert_eq!(get.unwrap_err(), CalendarError::NotFound);
    assert_eq!(
        client.insert(&draft()).await.unwrap_err(),
        CalendarError::Duplicate
    );
}

#[tokio::test]
async fn a_page_that_is_not_googles_neither_deletes_nor_refuses_anything() {
    let html = || "<html><body>Sign in to the café's network</body></html>".to_owned();
    let says = [200, 302, 403, 404, 410, 412, 502, 503]
        .map(|code| Say::With(code, vec![("content-type", "text/html")], html()));
    let (_, client) = Server::start(says.into()).await;
    for _ in 0..8 {
        let error = client
            .delete(&calendar(), &"abcde1".into(), &"\"1\"".into())
            .await;
        let error = error.unwrap_err();
        assert!(matches!(error, CalendarError::NoAnswer(_)), "{error:?}");
        assert!(!error.to_string().contains("html"), "{error}");
    }
    let says = [200, 404, 500].map(|code| Say::With(code, vec![], html()));
    let (_, client) = Server::start(says.into()).await;
    for _ in 0..3 {
        let error = client.list(&calendar(), span(0, 60)).await.unwrap_err();
        assert!(matches!(error, CalendarError::NoAnswer(_)), "{error:?}");
    }
}

#[tokio::test]
async fn answers_that_break_off_are_no_answer() {
    let truncated = || Say::With(200, vec![], "{\"id\": \"abcde1\", \"sta".to_owned());
    let says = vec![
        truncated(),
        truncated(),
        truncated(),
        Say::CutOff,
        Say::CutOff,
        Say::CutOff,
    ];
    let (_, client) = Server::start(says).await;
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    for _ in 0..2 {
        let errors = [
            client.insert(&draft()).await.unwrap_err(),
            client.confirm(&calendar(), &id, &etag).await.unwrap_err(),
            client.list(&calendar(), span(0, 60)).await.unwrap_err(),
        ];
        let no_answer = |e: &CalendarError| matches!(e, CalendarError::NoAnswer(_));
        assert!(errors.iter().all(no_answer), "{errors:?}");
    }
}

#[tokio::test]
async fn silence_ends_in_plain_words_and_without_a_secret() {
    let (server, _) = Server::start(vec![]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(server);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(Options {
        base_url: Some(format!("http://{address}")),
        token: Token::Fixed("secret-token".to_owned()),
        timeout: Duration::from_millis(150),
    })
    .unwrap();
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    let errors = [
        client.get(&calendar(), &id).await.unwrap_err(),
        client.confirm(&calendar(), &id, &etag).await.unwrap_err(),
        client.answers(&calendar()).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(
            error.to_string(),
            "Google did not answer (nothing came within 150 milliseconds)"
        );
    }
}

#[tokio::test]
async fn nobody_listening_and_a_dropped_connection_are_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let breaking = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        stream.readable().await.unwrap();
        drop(stream);
        drop(listener);
    });
    let client = client(&format!("http://{address}/calendar/v3/"));
    let id = EventId::new("abcde1");
    let dropped = client.get(&calendar(), &id).await.unwrap_err();
    breaking.await.unwrap();
    let refused = client.get(&calendar(), &id).await.unwrap_err();
    for (error, words) in [
        (&dropped, "the connection broke off"),
        (&refused, "no connection could be made"),
    ] {
        let text = error.to_string();
        assert!(matches!(error, CalendarError::NoAnswer(_)), "{error:?}");
        assert!(text.contains(words), "{text}");
        assert!(
            !text.contains("127.0.0.1") && !text.contains("secret"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn being_asked_to_slow_down_says_for_how_long() {
    let wait = || vec![("retry-after", "17")];
    let says = vec![
        Say::With(429, wait(), refusal(429, "rateLimitExceeded").to_string()),
        Say::With(
            403,
            wait(),
            refusal(403, "userRateLimitExceeded").to_string(),
        ),
        Say::With(429, wait(), "<html>".to_owned()),
        Say::Json(403, refusal(403, "rateLimitExceeded")),
        Say::Json(403, refusal(403, "quotaExceeded")),
    ];
    let (_, client) = Server::start(says).await;
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    let slow = |seconds: Option<u64>| CalendarError::SlowDown {
        retry_after: seconds.map(Duration::from_secs),
    };
    assert_eq!(
        client.get(&calendar(), &id).await.unwrap_err(),
        slow(Some(17))
    );
    let confirm = client.confirm(&calendar(), &id, &etag).await;
    assert_eq!(confirm.unwrap_err(), slow(Some(17)));
    assert_eq!(
        client.get(&calendar(), &id).await.unwrap_err(),
        slow(Some(17))
    );
    assert_eq!(client.get(&calendar(), &id).await.unwrap_err(), slow(None));
    assert_eq!(
        client.get(&calendar(), &id).await.unwrap_err(),
        CalendarError::Quota
    );
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error_and_never_cut_short() {
    let says = (0..60).map(|_| Say::Json(200, page_json(&["abcde1"], Some("again"))));
    let (server, client) = Server::start(says.collect()).await;
    let error = client.list(&calendar(), span(0, 60)).await.unwrap_err();
    assert!(matches!(error, CalendarError::Invalid(_)), "{error:?}");
    assert_eq!(server.asked().len(), 40);
}

#[tokio::test]
async fn a_list_that_cannot_be_understood_is_never_a_free_day() {
    let mut timeless = page_json(&["abcde1"], None);
    timeless["items"][0]["start"] = Value::Null;
    let mut cancelled = page_json(&["abcde1", "abcde2"], None);
    cancelled["items"][0] = json!({"id": "abcde1", "status": "cancelled"});
    let says = vec![
        Say::Json(200, json!({})),
        Say::Json(200, timeless),
        Say::Json(200, cancelled),
        Say::Json(200, page_json(&[], None)),
    ];
    let (_, client) = Server::start(says).await;
    for _ in 0..2 {
        let error = client.list(&calendar(), span(0, 60)).await.unwrap_err();
        assert!(matches!(error, CalendarError::NoAnswer(_)), "{error:?}");
    }
    let one = client.list(&calendar(), span(0, 60)).await.unwrap();
    assert_eq!(one.value.events.len(), 1);
    let none = client.list(&calendar(), span(0, 60)).await.unwrap();
    assert!(none.value.events.is_empty());
}

#[tokio::test]
async fn without_an_account_nothing_is_sent_and_a_sign_in_is_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    for token in [Token::OAuth, Token::ServiceAccount] {
        let client = Client::new(Options {
            base_url: Some(format!("http://{address}")),
            token,
            timeout: Duration::from_secs(5),
        })
        .unwrap();
        let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
        let errors = [
            client.get(&calendar(), &id).await.unwrap_err(),
            client.delete(&calendar(), &id, &etag).await.unwrap_err(),
        ];
        let sign_in = |e: &CalendarError| matches!(e, CalendarError::SignIn(_));
        assert!(errors.iter().all(sign_in), "{errors:?}");
    }
    let connected = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
    assert!(connected.is_err(), "something was sent without a token");
}
