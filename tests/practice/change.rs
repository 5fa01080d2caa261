use serde_json::{Value, json};

use crate::desk::{Desk, events, timed};

async fn desk() -> (Desk, Value) {
    let desk = Desk::open().await;
    let mut event = timed("abc01", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
    event["location"] = json!("Room 1");
    event["extendedProperties"] = json!({"private": {"rev": "1", "op": "a"}});
    let event = desk.insert(&event).await;
    desk.later(1_500);
    (desk, event)
}

#[tokio::test]
async fn a_patch_keeps_what_it_does_not_name() {
    let (desk, old) = desk().await;
    let patch = json!({"location": null, "extendedProperties": {"private": {"rev": "2"}},
        "start": {"dateTime": "2026-11-24T10:00:00Z"}, "end": {"dateTime": "2026-11-24T10:30:00Z"}});
    let new = desk
        .api("PATCH", &events("/abc01"), Some(&patch))
        .await
        .ok();
    assert_eq!(
        new["extendedProperties"]["private"],
        json!({"rev": "2", "op": "a"})
    );
    assert_eq!(
        (&new["location"], &new["summary"]),
        (&Value::Null, &json!("abc01"))
    );
    assert_eq!(new["start"]["dateTime"], "2026-11-24T11:00:00+01:00");
    assert_eq!(
        (&new["sequence"], &new["created"]),
        (&json!(1), &old["created"])
    );
    assert_eq!(new["updated"], "2026-11-21T09:00:01.500Z");
    assert_ne!(new["etag"], old["etag"]);
    assert_eq!(desk.get(&events("/abc01")).await.ok(), new);
}

#[tokio::test]
async fn an_update_replaces_everything() {
    let (desk, old) = desk().await;
    let body = timed("abc01", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
    let new = desk.api("PUT", &events("/abc01"), Some(&body)).await.ok();
    assert_eq!(
        (&new["location"], &new["extendedProperties"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&new["sequence"], &new["iCalUID"]),
        (&json!(0), &old["iCalUID"])
    );
    let partial = json!({"summary": "only"});
    assert_eq!(
        desk.api("PUT", &events("/abc01"), Some(&partial))
            .await
            .reason(),
        "required"
    );
}

#[tokio::test]
async fn a_stale_etag_changes_nothing() {
    let (desk, old) = desk().await;
    let etag = old["etag"].as_str().unwrap();
    let path = events("/abc01");
    let patch = json!({"summary": "new"});
    let new = desk.api_if("PATCH", &path, etag, Some(&patch)).await.ok();
    for (method, body) in [
        ("PATCH", Some(&patch)),
        ("PUT", Some(&old)),
        ("DELETE", None),
    ] {
        let got = desk.api_if(method, &path, etag, body).await;
        let expected = json!({"error": {
            "errors": [{"domain": "global", "reason": "conditionNotMet",
                "message": "Precondition Failed", "locationType": "header", "location": "If-Match"}],
            "code": 412,
            "message": "Precondition Failed",
        }});
        assert_eq!((got.status, got.json()), (412, expected), "{method}");
    }
    assert_eq!(desk.get(&path).await.ok(), new);
    let etag = new["etag"].as_str().unwrap();
    let full = format!("/calendar/v3/{path}");
    let seen = desk
        .ask("GET", &full, &[("if-none-match", etag)], None)
        .await;
    assert_eq!(seen.unwrap().status, 304);
    let got = desk.api_if("DELETE", &path, etag, None).await;
    assert_eq!((got.status, got.text.as_str()), (204, ""));
}

#[tokio::test]
async fn a_deleted_event_is_gone_but_can_be_read() {
    let (desk, old) = desk().await;
    let path = events("/abc01?sendUpdates=all");
    assert_eq!(desk.api("DELETE", &path, None).await.status, 204);
    let again = desk.api("DELETE", &path, None).await;
    assert_eq!((again.status, again.reason().as_str()), (410, "deleted"));
    let read = desk.get(&path).await.ok();
    assert_eq!(
        (&read["status"], &read["id"]),
        (&json!("cancelled"), &old["id"])
    );
    assert_ne!(read["etag"], old["etag"]);
    let etag = old["etag"].as_str().unwrap();
    let confirm = json!({"status": "confirmed"});
    assert_eq!(
        desk.api_if("PATCH", &path, etag, Some(&confirm))
            .await
            .status,
        412
    );
    assert!(desk.ids("").await.is_empty());
    let list = desk.get(&events("?showDeleted=true")).await.ok();
    assert_eq!(list["items"][0]["status"], "cancelled");
    assert_eq!(list["items"][0]["summary"], Value::Null);
    let missing = desk.api("DELETE", &events("/nowhere0"), None).await;
    assert_eq!(
        (missing.status, missing.reason().as_str()),
        (404, "notFound")
    );
}

#[tokio::test]
async fn a_patch_to_cancelled_deletes_and_one_to_confirmed_revives() {
    let (desk, _) = desk().await;
    let patch = |status: &str| json!({ "status": status });
    let path = events("/abc01");
    desk.api("PATCH", &path, Some(&patch("cancelled")))
        .await
        .ok();
    assert_eq!(desk.api("DELETE", &path, None).await.status, 410);
    desk.api("PATCH", &path, Some(&patch("confirmed")))
        .await
        .ok();
    assert_eq!(desk.ids("").await, ["abc01"]);
}
