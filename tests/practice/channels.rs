use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::desk::{Desk, NOW_MS, events, timed};

/// Takes one notification; its head in lower case.
async fn heard(listener: &TcpListener) -> String {
    let take = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = vec![0; 4096];
        let size = stream.read(&mut head).await.unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        String::from_utf8_lossy(&head[..size]).to_lowercase()
    };
    tokio::time::timeout(Duration::from_secs(5), take)
        .await
        .unwrap()
}

fn channel(id: &str, address: &str) -> Value {
    json!({"id": id, "type": "web_hook", "address": address, "token": "t1"})
}

#[tokio::test]
async fn a_listener_hears_of_the_opening_and_of_each_change() {
    let desk = Desk::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let path = events("/watch");
    let opened = desk
        .api("POST", &path, Some(&channel("c-1", &address)))
        .await
        .ok();
    let week = (NOW_MS + 604_800_000).to_string();
    assert_eq!(
        (&opened["kind"], &opened["expiration"]),
        (&json!("api#channel"), &json!(week))
    );
    let first = heard(&listener).await;
    for line in [
        "post /hook ",
        "x-goog-channel-id: c-1",
        "x-goog-channel-token: t1",
        "x-goog-resource-state: sync",
        "x-goog-message-number: 1",
        "x-goog-channel-expiration: sat, 28 nov 2026 09:00:00 gmt",
    ] {
        assert!(first.contains(line), "{line} in {first}");
    }
    desk.insert(&timed(
        "abc01",
        "2026-11-24T09:00:00Z",
        "2026-11-24T09:30:00Z",
    ))
    .await;
    let second = heard(&listener).await;
    assert!(second.contains("x-goog-resource-state: exists"));
    assert!(second.contains("x-goog-message-number: 2"));
    let again = desk
        .api("POST", &path, Some(&channel("c-1", &address)))
        .await;
    assert_eq!(
        (again.status, again.reason().as_str()),
        (400, "channelIdNotUnique")
    );
    let stop = json!({"id": "c-1", "resourceId": opened["resourceId"]});
    assert_eq!(
        desk.api("POST", "channels/stop?", Some(&stop)).await.status,
        204
    );
    assert_eq!(
        desk.api("POST", "channels/stop?", Some(&stop)).await.status,
        404
    );
    desk.api("DELETE", &events("/abc01"), None).await;
    let silence = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
    assert!(silence.is_err());
}

#[tokio::test]
async fn channels_need_an_id_a_type_and_https() {
    let desk = Desk::open().await;
    let path = events("/watch");
    let mut wrong_type = channel("c-1", "https://x.example/hook");
    wrong_type["type"] = json!("carrier_pigeon");
    for wrong in [
        channel("c-1", "http://x.example/hook"),
        channel(&"c".repeat(65), "https://x.example/hook"),
        channel("", "https://x.example/hook"),
        wrong_type,
    ] {
        assert_eq!(
            desk.api("POST", &path, Some(&wrong)).await.status,
            400,
            "{wrong}"
        );
    }
    let mut timed = channel("c-2", "https://127.0.0.1:1/hook");
    timed["expiration"] = json!((NOW_MS + 60_000).to_string());
    let opened = desk.api("POST", &path, Some(&timed)).await.ok();
    assert_eq!(opened["expiration"], timed["expiration"]);
}
