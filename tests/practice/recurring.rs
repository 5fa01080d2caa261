use serde_json::{Value, json};

use crate::desk::{CHEN, Desk, events, ids};

const WEEK: &str = "?singleEvents=true&orderBy=startTime&timeMin=2026-11-23T00:00:00Z&timeMax=2026-11-28T00:00:00Z";

async fn desk(rule: &[&str]) -> Desk {
    let desk = Desk::open().await;
    let lunch = json!({"id": "lunch", "summary": "Lunch", "recurrence": rule,
        "start": {"dateTime": "2026-10-19T12:00:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-10-19T13:00:00", "timeZone": "Europe/Berlin"}});
    desk.insert(&lunch).await;
    desk
}

async fn busy(desk: &Desk) -> Vec<String> {
    let body = json!({"timeMin": "2026-11-23T00:00:00Z", "timeMax": "2026-11-28T00:00:00Z",
        "items": [{"id": CHEN}]});
    let answer = desk.api("POST", "freeBusy", Some(&body)).await.ok();
    let busy = answer["calendars"][CHEN]["busy"].as_array().unwrap().iter();
    busy.map(|one| one["start"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn instances_keep_their_wall_clock_through_a_change_of_offset() {
    let desk = desk(&[
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "EXDATE;TZID=Europe/Berlin:20261125T120000",
    ])
    .await;
    let list = desk.get(&events(WEEK)).await.ok();
    assert_eq!(
        ids(&list),
        ["lunch_20261123T110000Z", "lunch_20261127T110000Z"]
    );
    let one = &list["items"][0];
    assert_eq!(one["start"]["dateTime"], "2026-11-23T12:00:00+01:00");
    assert_eq!(one["originalStartTime"], one["start"]);
    assert_eq!(
        (&one["recurringEventId"], &one["recurrence"]),
        (&json!("lunch"), &Value::Null)
    );
    assert_eq!(
        busy(&desk).await,
        ["2026-11-23T11:00:00Z", "2026-11-27T11:00:00Z"]
    );
    let summer = "?singleEvents=true&timeMax=2026-10-22T00:00:00Z";
    assert_eq!(
        desk.ids(summer).await,
        ["lunch_20261019T100000Z", "lunch_20261021T100000Z"]
    );
    let read = desk.get(&events("/lunch_20261123T110000Z")).await.ok();
    assert_eq!(&read, one);
    assert_eq!(
        desk.get(&events("/lunch_20261125T110000Z")).await.status,
        404
    );
    assert_eq!(
        desk.ids(&WEEK.replace("singleEvents=true&orderBy=startTime&", ""))
            .await,
        ["lunch"]
    );
}

#[tokio::test]
async fn an_instance_can_be_moved_and_cancelled_by_itself() {
    let desk = desk(&["RRULE:FREQ=DAILY"]).await;
    let moved = json!({"start": {"dateTime": "2026-11-24T14:00:00+01:00"},
        "end": {"dateTime": "2026-11-24T15:00:00+01:00"}});
    let path = events("/lunch_20261124T110000Z");
    let moved = desk.api("PATCH", &path, Some(&moved)).await.ok();
    assert_eq!(moved["id"], "lunch_20261124T110000Z");
    assert_eq!(moved["recurringEventId"], "lunch");
    assert_eq!(
        moved["originalStartTime"]["dateTime"],
        "2026-11-24T12:00:00+01:00"
    );
    let cancelled = events("/lunch_20261125T110000Z");
    assert_eq!(desk.api("DELETE", &cancelled, None).await.status, 204);
    assert_eq!(desk.api("DELETE", &cancelled, None).await.status, 410);
    let expected = [
        "2026-11-23T11:00:00Z",
        "2026-11-24T13:00:00Z",
        "2026-11-26T11:00:00Z",
        "2026-11-27T11:00:00Z",
    ];
    assert_eq!(busy(&desk).await, expected);
    assert_eq!(desk.ids(WEEK).await.len(), 4);
    // Whoever works out the instances must know of both departures.
    let list = desk
        .get(&events(
            "?timeMin=2026-11-23T00:00:00Z&timeMax=2026-11-28T00:00:00Z",
        ))
        .await
        .ok();
    assert_eq!(
        ids(&list),
        ["lunch", "lunch_20261124T110000Z", "lunch_20261125T110000Z"]
    );
    assert_eq!(list["items"][2]["status"], "cancelled");
    assert_eq!(
        list["items"][2]["originalStartTime"]["dateTime"],
        "2026-11-25T12:00:00+01:00"
    );
    let instances = events(
        "/lunch/instances?timeMin=2026-11-23T00:00:00Z&timeMax=2026-11-28T00:00:00Z&maxResults=3",
    );
    let page = desk.get(&instances).await.ok();
    assert_eq!(ids(&page)[1], "lunch_20261124T110000Z");
    let token = page["nextPageToken"].as_str().unwrap();
    let page = desk
        .get(&format!("{instances}&pageToken={token}"))
        .await
        .ok();
    assert_eq!(ids(&page), ["lunch_20261127T110000Z"]);
    desk.api("DELETE", &events("/lunch"), None).await;
    assert!(busy(&desk).await.is_empty());
    assert!(desk.ids(WEEK).await.is_empty());
}

#[tokio::test]
async fn rules_end_and_dates_are_added() {
    for (rule, count) in [
        (vec!["RRULE:FREQ=DAILY;UNTIL=20261124"], 2),
        (vec!["RRULE:FREQ=DAILY;UNTIL=20261124T105900Z"], 1),
        (vec!["RRULE:FREQ=DAILY;UNTIL=20261124T120000"], 2),
        (vec!["RRULE:FREQ=DAILY;COUNT=36"], 1),
        (vec!["RRULE:FREQ=DAILY;COUNT=20"], 0),
        (
            vec!["RDATE;TZID=Europe/Berlin:20261124T120000,20261126T120000"],
            2,
        ),
        (
            vec!["RRULE:FREQ=DAILY;COUNT=2", "RDATE:20261124T110000Z"],
            1,
        ),
    ] {
        let desk = desk(&rule).await;
        assert_eq!(busy(&desk).await.len(), count, "{rule:?}");
        assert_eq!(desk.ids(WEEK).await.len(), count, "{rule:?}");
    }
}

#[tokio::test]
async fn whole_days_repeat_in_the_calendars_zone() {
    let desk = Desk::open().await;
    let day = json!({"id": "leave", "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261202", "EXDATE;VALUE=DATE:20261202"],
        "start": {"date": "2026-10-21"}, "end": {"date": "2026-10-22"}});
    desk.insert(&day).await;
    let list = desk.get(&events(WEEK)).await.ok();
    assert_eq!(ids(&list), ["leave_20261125"]);
    assert_eq!(list["items"][0]["end"], json!({"date": "2026-11-26"}));
    assert_eq!(
        list["items"][0]["originalStartTime"],
        json!({"date": "2026-11-25"})
    );
    assert_eq!(busy(&desk).await, ["2026-11-24T23:00:00Z"]);
    let patch = json!({"summary": "Away"});
    desk.api("PATCH", &events("/leave_20261125"), Some(&patch))
        .await
        .ok();
    assert_eq!(busy(&desk).await, ["2026-11-24T23:00:00Z"]);
}
