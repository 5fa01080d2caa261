use serde_json::{Value, json};

use crate::desk::{CHEN, Desk, ORTIZ, timed};

async fn ask(desk: &Desk, ids: &[&str], from: &str, to: &str) -> crate::desk::Got {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({"timeMin": from, "timeMax": to, "items": items});
    desk.api("POST", "freeBusy", Some(&body)).await
}

const DAY: (&str, &str) = ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");

#[tokio::test]
async fn busy_is_what_blocks() {
    let desk = Desk::open().await;
    let mut add = Vec::new();
    for (id, hour) in [
        ("conf0", 8),
        ("tent0", 9),
        ("tran0", 10),
        ("decl0", 11),
        ("gone0", 12),
    ] {
        let (start, end) = (
            format!("2026-11-24T{hour:02}:00:00Z"),
            format!("2026-11-24T{hour:02}:30:00Z"),
        );
        add.push(timed(id, &start, &end));
    }
    add[1]["status"] = json!("tentative");
    add[2]["transparency"] = json!("transparent");
    add[3]["attendees"] = json!([{"email": CHEN, "responseStatus": "declined"}]);
    for event in &add {
        desk.insert(event).await;
    }
    desk.api("DELETE", &crate::desk::events("/gone0"), None)
        .await;
    let answer = ask(&desk, &[CHEN, ORTIZ, "nobody@x.example"], DAY.0, DAY.1)
        .await
        .ok();
    let expected = json!([
        {"start": "2026-11-24T08:00:00Z", "end": "2026-11-24T08:30:00Z"},
        {"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T09:30:00Z"},
    ]);
    assert_eq!(answer["calendars"][CHEN], json!({ "busy": expected }));
    assert_eq!(answer["calendars"][ORTIZ]["busy"], json!([]));
    let unknown = json!({"errors": [{"domain": "global", "reason": "notFound"}], "busy": []});
    assert_eq!(answer["calendars"]["nobody@x.example"], unknown);
    assert_eq!(answer["kind"], "calendar#freeBusy");
}

#[tokio::test]
async fn whole_days_and_long_events_reach_into_the_window() {
    let desk = Desk::open().await;
    let day = json!({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}});
    desk.insert(&day).await;
    desk.insert(&timed(
        "long0",
        "2026-11-01T00:00:00Z",
        "2026-12-01T00:00:00Z",
    ))
    .await;
    desk.insert(&timed(
        "neat0",
        "2026-11-25T00:00:00Z",
        "2026-11-25T01:00:00Z",
    ))
    .await;
    let answer = ask(&desk, &[CHEN], DAY.0, DAY.1).await.ok();
    let expected = json!([
        {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"},
        {"start": "2026-11-23T23:00:00Z", "end": "2026-11-24T23:00:00Z"},
    ]);
    assert_eq!(answer["calendars"][CHEN]["busy"], expected);
}

#[tokio::test]
async fn windows_are_neither_empty_nor_too_long() {
    let desk = Desk::open().await;
    let empty = ask(&desk, &[CHEN], DAY.0, DAY.0).await;
    let expected = json!({"domain": "calendar", "reason": "timeRangeEmpty",
        "message": "The specified time range is empty.",
        "locationType": "parameter", "location": "timeMax"});
    assert_eq!(
        (empty.status, &empty.json()["error"]["errors"][0]),
        (400, &expected)
    );
    let long = ask(&desk, &[CHEN], DAY.0, "2027-02-25T00:00:00Z").await;
    assert_eq!(
        (long.status, long.reason().as_str()),
        (400, "timeRangeTooLong")
    );
    let missing = desk
        .api("POST", "freeBusy", Some(&json!({"items": []})))
        .await;
    assert_eq!(missing.status, 400);
}

#[tokio::test]
async fn more_than_fifty_calendars_are_all_unknown() {
    let desk = Desk::open().await;
    let names: Vec<String> = (0..50).map(|n| format!("c{n}@x.example")).collect();
    let mut ids: Vec<&str> = names.iter().map(String::as_str).collect();
    ids.push(CHEN);
    let answer = ask(&desk, &ids, DAY.0, DAY.1).await.ok();
    let reason = &answer["calendars"][CHEN]["errors"][0]["reason"];
    assert_eq!(reason, "tooManyCalendarsRequested");
    let answer = ask(&desk, &ids[1..], DAY.0, DAY.1).await.ok();
    assert_eq!(answer["calendars"][CHEN], json!({"busy": []}));
}
