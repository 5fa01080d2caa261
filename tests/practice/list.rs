use serde_json::json;

use crate::desk::{Desk, events, ids, timed};

async fn desk() -> Desk {
    let desk = Desk::open().await;
    for (id, hour) in [("bbbbb", 8), ("aaaaa", 10), ("ccccc", 9)] {
        let mut event = timed(
            id,
            &format!("2026-11-24T{hour:02}:00:00Z"),
            &format!("2026-11-24T{hour:02}:30:00Z"),
        );
        event["extendedProperties"] = json!({"private": {"key": id}, "shared": {"all": "1"}});
        desk.insert(&event).await;
        desk.later(1000);
    }
    desk
}

#[tokio::test]
async fn time_bounds_are_exclusive() {
    let desk = desk().await;
    let list = |min: &str, max: &str| {
        let query = format!("?timeMin=2026-11-24T{min}:00Z&timeMax=2026-11-24T{max}:00Z");
        let desk = &desk;
        async move { desk.ids(&query).await }
    };
    assert_eq!(list("08:30", "10:00").await, ["ccccc"]);
    assert_eq!(list("08:29", "10:01").await, ["aaaaa", "bbbbb", "ccccc"]);
    let query = "?timeMin=2026-11-24T10:00:00Z&timeMax=2026-11-24T10:00:00Z";
    let empty = desk.get(&events(query)).await;
    assert_eq!(empty.reason(), "timeRangeEmpty");
    assert_eq!(desk.get(&events("?timeMin=2026-11-24")).await.status, 400);
}

#[tokio::test]
async fn orders_are_by_start_only_for_single_events() {
    let desk = desk().await;
    let start = "?orderBy=startTime&singleEvents=true";
    assert_eq!(desk.ids(start).await, ["bbbbb", "ccccc", "aaaaa"]);
    assert_eq!(
        desk.ids("?orderBy=updated").await,
        ["bbbbb", "aaaaa", "ccccc"]
    );
    assert_eq!(desk.get(&events("?orderBy=startTime")).await.status, 400);
    let since = "?updatedMin=2026-11-21T09:00:01Z&orderBy=updated";
    assert_eq!(desk.ids(since).await, ["aaaaa", "ccccc"]);
}

#[tokio::test]
async fn pages_follow_each_other_and_belong_to_their_question() {
    let desk = desk().await;
    for question in [
        "?",
        "?singleEvents=true&orderBy=startTime&",
        "?timeMin=2026-01-01T00:00:00Z&",
    ] {
        let mut found = Vec::new();
        let mut page = String::new();
        loop {
            let query = format!("{question}maxResults=1{page}");
            let list = desk.get(&events(&query)).await.ok();
            found.extend(ids(&list));
            match list["nextPageToken"].as_str() {
                Some(token) => page = format!("&pageToken={token}"),
                None => break,
            }
        }
        found.sort();
        assert_eq!(found, ["aaaaa", "bbbbb", "ccccc"], "{question}");
        let other = format!("?q=x{page}");
        assert_eq!(desk.get(&events(&other)).await.status, 400);
    }
    assert_eq!(desk.get(&events("?pageToken=nonsense")).await.status, 400);
}

#[tokio::test]
async fn filters_find_by_property_uid_and_words() {
    let desk = desk().await;
    assert_eq!(
        desk.ids("?privateExtendedProperty=key%3Daaaaa").await,
        ["aaaaa"]
    );
    let twice = "?privateExtendedProperty=key=aaaaa&privateExtendedProperty=key=bbbbb";
    assert_eq!(desk.ids(twice).await, ["aaaaa", "bbbbb"]);
    assert_eq!(desk.ids("?sharedExtendedProperty=all%3D1").await.len(), 3);
    assert_eq!(desk.ids("?iCalUID=ccccc%40google.com").await, ["ccccc"]);
    assert_eq!(desk.ids("?q=BBB").await, ["bbbbb"]);
    assert!(desk.ids("?q=nothing").await.is_empty());
    assert!(desk.ids("?eventTypes=outOfOffice").await.is_empty());
    assert_eq!(
        desk.ids("?eventTypes=outOfOffice&eventTypes=default")
            .await
            .len(),
        3
    );
}

#[tokio::test]
async fn the_answer_may_be_asked_for_in_another_zone() {
    let desk = desk().await;
    let list = desk
        .get(&events("?timeZone=America/New_York&q=bbbbb&fields=items"))
        .await
        .ok();
    assert_eq!(
        list["items"][0]["start"]["dateTime"],
        "2026-11-24T03:00:00-05:00"
    );
    assert_eq!(list["timeZone"], "America/New_York");
}

#[tokio::test]
async fn deleted_events_may_leave_an_empty_page_that_leads_on() {
    let desk = desk().await;
    desk.api("DELETE", &events("/aaaaa"), None).await;
    desk.api("DELETE", &events("/bbbbb"), None).await;
    let first = desk.get(&events("?maxResults=1")).await.ok();
    assert_eq!(first["items"], json!([]));
    let token = first["nextPageToken"].as_str().unwrap();
    let query = format!("?maxResults=1&pageToken={token}");
    assert_eq!(desk.ids(&query).await, ["ccccc"]);
}
