use std::sync::Arc;

use chrono::DateTime;
use frontdesk::practice::{Options, PracticeError, Server};
use serde_json::json;

use crate::desk::{CHEN, Desk, events, specs, timed};

fn options(desk: &Desk) -> Options {
    Options {
        data: desk.dir.path().join("other.db"),
        listen: desk.server.address(),
        calendars: specs(),
        now: Arc::new(|| DateTime::UNIX_EPOCH),
    }
}

#[tokio::test]
async fn a_port_in_use_is_said_in_a_sentence() {
    let desk = Desk::open().await;
    let error = Server::start(options(&desk)).await.err().unwrap();
    assert!(
        matches!(error, PracticeError::PortInUse { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("Stop that program"), "{error}");
}

#[tokio::test]
async fn an_unreadable_data_file_or_a_wrong_zone_is_said_in_a_sentence() {
    let desk = Desk::open().await;
    let mut wrong = options(&desk);
    wrong.listen.set_port(0);
    wrong.data = desk.dir.path().to_path_buf();
    let error = Server::start(wrong.clone()).await.err().unwrap();
    assert!(matches!(error, PracticeError::Data(_)), "{error:?}");
    wrong.calendars[0].time_zone = "Mars/Base".into();
    let error = Server::start(wrong).await.err().unwrap();
    assert!(matches!(error, PracticeError::TimeZone { .. }), "{error:?}");
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let desk = Desk::open().await;
    let event = timed("first0", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");
    desk.insert(&event).await;
    let list = desk.get(&events("")).await.ok();
    let token = list["nextSyncToken"].as_str().unwrap().to_owned();
    let Desk { server, dir, .. } = desk;
    server.stop().await;
    let desk = Desk::open_in(dir).await;
    assert_eq!(desk.ids("").await, ["first0"]);
    let changed = desk.get(&events(&format!("?syncToken={token}"))).await.ok();
    assert_eq!(changed["items"], json!([]));
}

#[tokio::test]
async fn calendars_are_listed_and_found_by_any_spelling_of_their_id() {
    let desk = Desk::open().await;
    let list = desk
        .get("users/me/calendarList?alt=json&maxResults=1")
        .await
        .ok();
    assert_eq!(list["kind"], "calendar#calendarList");
    assert_eq!(list["items"][0]["id"], CHEN);
    assert_eq!(list["items"][0]["accessRole"], "owner");
    let next = list["nextPageToken"].as_str().unwrap();
    let list = desk
        .get(&format!("users/me/calendarList?pageToken={next}"))
        .await
        .ok();
    assert_eq!(list["items"][0]["summary"], "Dr. Ortiz");
    let token = list["nextSyncToken"].as_str().unwrap();
    let list = desk
        .get(&format!("users/me/calendarList?syncToken={token}"))
        .await
        .ok();
    assert_eq!(list["items"], json!([]));
    for id in [CHEN, "chen%40clinic.example", "primary"] {
        let calendar = desk.get(&format!("calendars/{id}")).await.ok();
        assert_eq!(calendar["id"], CHEN);
        assert_eq!(calendar["timeZone"], "Europe/Berlin");
        let entry = desk.get(&format!("users/me/calendarList/{id}")).await.ok();
        assert_eq!(entry["id"], CHEN);
    }
    let none = desk.get("calendars/de%23holiday%40group/events").await;
    assert_eq!((none.status, none.reason().as_str()), (404, "notFound"));
    assert_eq!(desk.get("nothing").await.status, 404);
}

#[tokio::test]
async fn answers_carry_the_date_of_the_clock() {
    let desk = Desk::open().await;
    let got = desk.get("colors").await;
    assert_eq!(got.headers["date"], "Sat, 21 Nov 2026 09:00:00 GMT");
    desk.later(61_000);
    let got = desk.get("users/me/settings/timezone").await;
    assert_eq!(got.headers["date"], "Sat, 21 Nov 2026 09:01:01 GMT");
}

#[tokio::test]
async fn a_calendar_can_be_made_and_its_zone_moves_whole_days() {
    let desk = Desk::open().await;
    let made = desk
        .api("POST", "calendars", Some(&json!({"summary": "Room 1"})))
        .await
        .ok();
    assert_eq!(made["timeZone"], "UTC");
    let day = json!({"start": {"date": "2026-11-24"}, "end": {"date": "2026-11-25"}});
    desk.insert(&day).await;
    let inside = "?timeMin=2026-11-23T23:00:00Z&timeMax=2026-11-24T00:00:00Z";
    assert_eq!(desk.ids(inside).await.len(), 1);
    let zone = json!({"timeZone": "America/New_York"});
    desk.api("PATCH", &format!("calendars/{CHEN}"), Some(&zone))
        .await
        .ok();
    assert_eq!(desk.ids(inside).await.len(), 0);
}
