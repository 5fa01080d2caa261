use serde_json::json;

use crate::desk::{Desk, events, ids, timed};

fn event(id: &str) -> serde_json::Value {
    timed(id, "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
}

/// Reads all pages of one event each; ids, and the token at the end.
async fn read(desk: &Desk, query: &str) -> (Vec<String>, String) {
    let mut found = Vec::new();
    let mut page = String::new();
    loop {
        let list = desk
            .get(&events(&format!("?maxResults=1{query}{page}")))
            .await
            .ok();
        found.extend(ids(&list));
        if let Some(token) = list["nextSyncToken"].as_str() {
            assert!(list["nextPageToken"].is_null());
            return (found, token.to_owned());
        }
        page = format!("&pageToken={}", list["nextPageToken"].as_str().unwrap());
    }
}

#[tokio::test]
async fn a_token_tells_what_changed_and_what_is_gone() {
    let desk = Desk::open().await;
    for id in ["aaaaa", "bbbbb", "ccccc"] {
        desk.insert(&event(id)).await;
    }
    let (all, token) = read(&desk, "").await;
    assert_eq!(all, ["aaaaa", "bbbbb", "ccccc"]);
    let token = format!("&syncToken={token}");
    let (none, _) = read(&desk, &token).await;
    assert!(none.is_empty());
    desk.api("PATCH", &events("/bbbbb"), Some(&json!({"summary": "x"})))
        .await
        .ok();
    desk.api("DELETE", &events("/aaaaa"), None).await;
    desk.insert(&event("ddddd")).await;
    let (changed, next) = read(&desk, &token).await;
    assert_eq!(changed, ["bbbbb", "aaaaa", "ddddd"]);
    let list = desk.get(&events(&format!("?{token}"))).await.ok();
    let gone = &list["items"][1];
    assert_eq!(
        (&gone["status"], &gone["summary"]),
        (&json!("cancelled"), &json!(null))
    );
    let (none, _) = read(&desk, &format!("&syncToken={next}")).await;
    assert!(none.is_empty());
}

#[tokio::test]
async fn what_changes_between_two_pages_is_told_later() {
    let desk = Desk::open().await;
    desk.insert(&event("aaaaa")).await;
    desk.insert(&event("bbbbb")).await;
    let first = desk.get(&events("?maxResults=1")).await.ok();
    desk.api("PATCH", &events("/aaaaa"), Some(&json!({"summary": "x"})))
        .await
        .ok();
    let page = first["nextPageToken"].as_str().unwrap();
    let last = desk
        .get(&events(&format!("?maxResults=1&pageToken={page}")))
        .await
        .ok();
    let token = last["nextSyncToken"].as_str().unwrap();
    assert_eq!(desk.ids(&format!("?syncToken={token}")).await, ["aaaaa"]);
}

#[tokio::test]
async fn a_sync_token_stands_alone() {
    let desk = Desk::open().await;
    let (_, token) = read(&desk, "&timeMin=2026-01-01T00:00:00Z").await;
    for other in [
        "iCalUID=x",
        "orderBy=updated",
        "privateExtendedProperty=a%3Db",
        "q=x",
        "sharedExtendedProperty=a%3Db",
        "timeMin=2026-01-01T00:00:00Z",
        "timeMax=2026-01-01T00:00:00Z",
        "updatedMin=2026-01-01T00:00:00Z",
        "showDeleted=false",
        "singleEvents=true",
    ] {
        let got = desk
            .get(&events(&format!("?syncToken={token}&{other}")))
            .await;
        assert_eq!(got.status, 400, "{other}");
    }
    let good = format!("?syncToken={token}&showDeleted=true&maxResults=5");
    assert_eq!(desk.get(&events(&good)).await.status, 200);
    let ordered = desk.get(&events("?orderBy=updated")).await.ok();
    assert!(ordered["nextSyncToken"].is_null());
}

#[tokio::test]
async fn a_stale_token_wants_a_full_read_and_a_wrong_one_is_wrong() {
    let desk = Desk::open().await;
    desk.insert(&event("aaaaa")).await;
    let (_, token) = read(&desk, "").await;
    let wrong = desk.get(&events("?syncToken=nonsense")).await;
    let message = &wrong.json()["error"]["message"];
    assert_eq!(
        (wrong.status, message),
        (400, &json!("Invalid sync token value."))
    );
    let expired = desk
        .ask("POST", "/practice/expire", &[], None)
        .await
        .unwrap();
    assert_eq!(expired.status, 200);
    let stale = desk.get(&events(&format!("?syncToken={token}"))).await;
    let expected = json!({"domain": "calendar", "reason": "fullSyncRequired",
        "message": "Sync token is no longer valid, a full sync is required.",
        "locationType": "parameter", "location": "syncToken"});
    assert_eq!(
        (stale.status, &stale.json()["error"]["errors"][0]),
        (410, &expected)
    );
    let (_, token) = read(&desk, "").await;
    assert!(desk.ids(&format!("?syncToken={token}")).await.is_empty());
    let other = Desk::open().await;
    assert_eq!(
        other
            .get(&events(&format!("?syncToken={token}")))
            .await
            .status,
        410
    );
}

#[tokio::test]
async fn single_instances_come_and_go_with_their_rule() {
    let desk = Desk::open().await;
    let daily = json!({"id": "seri0", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
        "start": {"dateTime": "2026-11-24T09:00:00Z", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-24T10:00:00Z", "timeZone": "UTC"}});
    desk.insert(&daily).await;
    let (all, token) = read(&desk, "&singleEvents=true").await;
    assert_eq!(all.len(), 3);
    let query = format!("?singleEvents=true&syncToken={token}");
    let rule = json!({"recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]});
    desk.api("PATCH", &events("/seri0"), Some(&rule)).await.ok();
    let list = desk.get(&events(&query)).await.ok();
    let told: Vec<_> = list["items"].as_array().unwrap().iter().collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[2]["id"], "seri0_20261126T090000Z");
    assert_eq!(told[2]["status"], "cancelled");
    assert_eq!(told[1]["status"], "confirmed");
    desk.api("DELETE", &events("/seri0"), None).await;
    let list = desk.get(&events(&query)).await.ok();
    let items = list["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["status"] == "cancelled"));
    assert!(items.len() >= 3);
}
