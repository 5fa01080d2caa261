use serde_json::{Value, json};

use crate::desk::{CHEN, Desk, events, timed};

#[tokio::test]
async fn an_event_comes_back_as_google_writes_it() {
    let desk = Desk::open().await;
    let event = desk
        .insert(&json!({
            "id": "abc01",
            "summary": "Visit",
            "status": "tentative",
            "start": {"dateTime": "2026-11-24T08:00:00Z"},
            "end": {"dateTime": "2026-11-24T03:30:00", "timeZone": "America/New_York"},
            "extendedProperties": {"private": {"clinic": "c1"}},
            "transparency": "opaque",
            "unheardOf": 1,
        }))
        .await;
    let expected = json!({
        "kind": "calendar#event",
        "etag": "\"1795251600000000001\"",
        "id": "abc01",
        "status": "tentative",
        "htmlLink": event["htmlLink"],
        "created": "2026-11-21T09:00:00.000Z",
        "updated": "2026-11-21T09:00:00.000Z",
        "summary": "Visit",
        "creator": {"email": "desk@practice.example"},
        "organizer": {"email": CHEN, "displayName": "Dr. Chen", "self": true},
        "start": {"dateTime": "2026-11-24T09:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2026-11-24T09:30:00+01:00", "timeZone": "America/New_York"},
        "iCalUID": "abc01@google.com",
        "sequence": 0,
        "extendedProperties": {"private": {"clinic": "c1"}},
        "reminders": {"useDefault": true},
        "eventType": "default",
    });
    assert_eq!(event, expected);
    let got = desk.get(&events("/abc01")).await;
    assert_eq!(got.headers["etag"], "\"1795251600000000001\"");
    assert_eq!(got.ok(), expected);
}

#[tokio::test]
async fn an_id_is_used_once_even_after_deletion() {
    let desk = Desk::open().await;
    let event = timed("same0", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
    desk.insert(&event).await;
    let again = desk
        .api("POST", &events("?sendUpdates=none"), Some(&event))
        .await;
    assert_eq!((again.status, again.reason().as_str()), (409, "duplicate"));
    assert_eq!(
        desk.api("DELETE", &events("/same0?"), None).await.status,
        204
    );
    let again = desk.api("POST", &events(""), Some(&event)).await;
    let expected = json!({"error": {
        "errors": [{"domain": "global", "reason": "duplicate",
            "message": "The requested identifier already exists."}],
        "code": 409,
        "message": "The requested identifier already exists.",
    }});
    assert_eq!(again.json(), expected);
}

#[tokio::test]
async fn what_google_refuses_is_refused() {
    let desk = Desk::open().await;
    let good = timed("abc01", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
    let with = |name: &str, value: Value| {
        let mut event = good.clone();
        event[name] = value;
        event
    };
    let reminder = json!({"method": "popup", "minutes": 10});
    let mut senseless_rule = with("recurrence", json!(["RRULE:FREQ=SOMETIMES"]));
    for name in ["start", "end"] {
        senseless_rule[name]["timeZone"] = json!("Europe/Berlin");
    }
    let cases = [
        (with("id", json!("Upper")), "invalid"),
        (with("id", json!("abcw")), "invalid"),
        (with("start", Value::Null), "required"),
        (
            with("end", json!({"dateTime": "2026-11-24T08:00:00Z"})),
            "timeRangeEmpty",
        ),
        (with("end", json!({"date": "2026-11-25"})), "invalid"),
        (
            with("start", json!({"dateTime": "2026-11-24T09:00:00"})),
            "required",
        ),
        (with("status", json!("maybe")), "invalid"),
        (with("summary", json!(7)), "invalid"),
        (with("attendees", json!([{"email": "nobody"}])), "invalid"),
        (with("source", json!({"url": "ftp://x"})), "invalid"),
        (senseless_rule, "invalid"),
        (
            with(
                "reminders",
                json!({"useDefault": false, "overrides": vec![reminder; 6]}),
            ),
            "invalid",
        ),
        (with("recurrence", json!(["RRULE:FREQ=DAILY"])), "required"),
    ];
    for (event, reason) in cases {
        let got = desk.api("POST", &events(""), Some(&event)).await;
        assert_eq!(
            (got.status, got.reason().as_str()),
            (400, reason),
            "{event}"
        );
    }
    let broken = desk
        .ask(
            "POST",
            &format!("/calendar/v3/{}", events("")),
            &[],
            Some("{"),
        )
        .await;
    assert_eq!(broken.unwrap().reason(), "parseError");
    let wrong = desk
        .api("POST", &events("?sendUpdates=some"), Some(&good))
        .await;
    assert_eq!(wrong.reason(), "invalidParameter");
}

#[tokio::test]
async fn whole_days_and_moments_of_no_length_are_taken() {
    let desk = Desk::open().await;
    let day = json!({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}});
    let day = desk.insert(&day).await;
    assert_eq!(day["start"], json!({"date": "2026-11-24"}));
    let point = timed("point", "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z");
    desk.insert(&point).await;
    let empty = json!({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-24"}});
    assert_eq!(
        desk.api("POST", &events(""), Some(&empty)).await.reason(),
        "timeRangeEmpty"
    );
}

#[tokio::test]
async fn a_conference_needs_its_version() {
    let desk = Desk::open().await;
    let ask = |id: &str| {
        let mut event = timed(id, "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
        event["conferenceData"] = json!({"createRequest": {"requestId": "r1",
            "conferenceSolutionKey": {"type": "hangoutsMeet"}}});
        event
    };
    let dropped = desk.insert(&ask("drop0")).await;
    assert_eq!(
        (&dropped["conferenceData"], &dropped["hangoutLink"]),
        (&Value::Null, &Value::Null)
    );
    let path = events("?conferenceDataVersion=1");
    let made = desk.api("POST", &path, Some(&ask("keep0"))).await.ok();
    let status = &made["conferenceData"]["createRequest"]["status"]["statusCode"];
    assert_eq!(status, "success");
    let link = made["hangoutLink"].as_str().unwrap();
    assert!(link.starts_with("https://meet.google.com/"));
    assert_eq!(made["conferenceData"]["entryPoints"][0]["uri"], link);
    // Without the version a patch leaves it alone, and the same request changes nothing.
    let moved = json!({"summary": "x", "conferenceData": null});
    let moved = desk
        .api("PATCH", &events("/keep0"), Some(&moved))
        .await
        .ok();
    assert_eq!(moved["hangoutLink"], link);
    let path = events("/keep0?conferenceDataVersion=1");
    let again = json!({"conferenceData": ask("keep0")["conferenceData"]});
    assert_eq!(
        desk.api("PATCH", &path, Some(&again)).await.ok()["hangoutLink"],
        link
    );
    let gone = desk
        .api("PATCH", &path, Some(&json!({"conferenceData": null})))
        .await
        .ok();
    assert_eq!(gone["hangoutLink"], Value::Null);
}
