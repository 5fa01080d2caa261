use std::time::{Duration, Instant};

use serde_json::json;

use crate::desk::{CHEN, Desk, ORTIZ, events, timed};

fn visit() -> serde_json::Value {
    timed("abc01", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
}

#[tokio::test]
async fn an_error_comes_as_often_as_asked_and_carries_nothing_out() {
    let desk = Desk::open().await;
    desk.fault(
        &json!({"route": "events.insert", "status": 403, "reason": "userRateLimitExceeded",
        "retry_after": 3, "times": 1}),
    )
    .await;
    let got = desk.api("POST", &events(""), Some(&visit())).await;
    assert_eq!(
        (got.status, got.reason().as_str()),
        (403, "userRateLimitExceeded")
    );
    assert_eq!(got.headers["retry-after"], "3");
    desk.insert(&visit()).await;
    desk.fault(&json!({"route": "*", "calendar": ORTIZ, "status": 404}))
        .await;
    assert_eq!(
        desk.get(&format!("calendars/{ORTIZ}/events"))
            .await
            .reason(),
        "notFound"
    );
    assert_eq!(desk.ids("").await.len(), 1);
    desk.ask("DELETE", "/practice/faults", &[], None)
        .await
        .unwrap();
    desk.fault(&json!({"status": 502, "body": "html"})).await;
    let got = desk.get("colors").await;
    assert_eq!(got.status, 502);
    assert!(got.text.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_lost_answer_is_carried_out_and_a_late_write_lands_later() {
    let desk = Desk::open().await;
    desk.fault(&json!({"route": "events.insert", "lost_answer": true, "times": 1}))
        .await;
    let path = format!("/calendar/v3/{}", events(""));
    let body = visit().to_string();
    assert!(desk.ask("POST", &path, &[], Some(&body)).await.is_err());
    assert_eq!(desk.ids("").await, ["abc01"]);
    desk.fault(&json!({"route": "events.delete", "late_ms": 150, "times": 1}))
        .await;
    let delete = format!("/calendar/v3/{}", events("/abc01"));
    assert!(desk.ask("DELETE", &delete, &[], None).await.is_err());
    assert_eq!(desk.ids("").await, ["abc01"]);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(desk.ids("").await.is_empty());
}

#[tokio::test]
async fn answers_can_break_off_wait_or_be_empty() {
    let desk = Desk::open().await;
    desk.insert(&visit()).await;
    desk.fault(&json!({"route": "events.list", "body": "truncated", "times": 1}))
        .await;
    let path = format!("/calendar/v3/{}", events(""));
    assert!(desk.ask("GET", &path, &[], None).await.is_err());
    desk.fault(&json!({"route": "events.list", "latency_ms": 80, "times": 1}))
        .await;
    let started = Instant::now();
    assert_eq!(desk.ids("").await.len(), 1);
    assert!(started.elapsed() >= Duration::from_millis(80));
    desk.fault(&json!({"route": "events.list", "empty_page": true, "times": 1}))
        .await;
    let list = desk.get(&events("?maxResults=5")).await.ok();
    assert_eq!(list["items"], json!([]));
    let page = list["nextPageToken"].as_str().unwrap();
    assert_eq!(desk.ids(&format!("?pageToken={page}")).await, ["abc01"]);
}

#[tokio::test]
async fn one_calendar_can_be_unreadable_to_free_busy() {
    let desk = Desk::open().await;
    desk.fault(&json!({"route": "freeBusy", "calendar": CHEN, "calendar_error": "internalError"}))
        .await;
    let body = json!({"timeMin": "2026-11-24T00:00:00Z", "timeMax": "2026-11-25T00:00:00Z",
        "items": [{"id": CHEN}, {"id": ORTIZ}]});
    let answer = desk.api("POST", "freeBusy", Some(&body)).await.ok();
    let errors = json!([{"domain": "global", "reason": "internalError"}]);
    assert_eq!(
        answer["calendars"][CHEN],
        json!({"errors": errors, "busy": []})
    );
    assert_eq!(answer["calendars"][ORTIZ], json!({"busy": []}));
}

#[tokio::test]
async fn faults_are_listed_and_unknown_words_refused() {
    let desk = Desk::open().await;
    for wrong in [
        r#"{"stauts": 503}"#,
        r#"{"route": "events.lst", "status": 503}"#,
        "{}",
        "{",
    ] {
        let got = desk
            .ask("POST", "/practice/faults", &[], Some(wrong))
            .await
            .unwrap();
        assert_eq!(got.status, 400);
        assert!(got.json()["error"].is_string());
    }
    desk.fault(&json!({"route": "events.*", "status": 500, "times": 2}))
        .await;
    let listed = desk
        .ask("GET", "/practice/faults", &[], None)
        .await
        .unwrap()
        .ok();
    assert_eq!(listed["faults"][0]["times"], 2);
}

#[tokio::test]
async fn the_log_counts_calls() {
    let desk = Desk::open().await;
    desk.insert(&visit()).await;
    desk.get(&events("/nowhere0")).await;
    let log = desk
        .ask("GET", "/practice/log", &[], None)
        .await
        .unwrap()
        .ok();
    let told = log["requests"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(
        (&told[0]["route"], &told[0]["status"]),
        (&json!("events.insert"), &json!(200))
    );
    assert_eq!(
        (&told[1]["method"], &told[1]["status"]),
        (&json!("GET"), &json!(404))
    );
    assert_eq!(told[1]["calendar"], CHEN);
    desk.ask("DELETE", "/practice/log", &[], None)
        .await
        .unwrap();
    let log = desk
        .ask("GET", "/practice/log", &[], None)
        .await
        .unwrap()
        .ok();
    assert_eq!(log["requests"], json!([]));
}
