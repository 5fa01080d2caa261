//! What the Google adapter leaves in the log.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "google/server.rs"]
mod server;

use frontdesk::domain::id::{Etag, EventId};
use frontdesk::port::calendar::Calendar;
use server::{Say, Server, calendar, event_json, refusal};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_tells_what_was_called_and_holds_no_token_address_or_id() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // for the whole process: a subscriber of one thread misses what another thread looked up first,
    // so this test stands alone in its file
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let says = vec![
        Say::Json(412, refusal(412, "conditionNotMet")),
        Say::Json(200, event_json("abcde1")),
    ];
    let (_, client) = Server::start(says).await;
    let (id, etag) = (EventId::new("abcde1"), Etag::new("\"31\""));
    client.delete(&calendar(), &id, &etag).await.unwrap_err();
    client.get(&calendar(), &id).await.unwrap();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<&str> = text
        .lines()
        .filter(|l| l.contains("calendar call"))
        .collect();
    assert_eq!(ours.len(), 2, "{text}");
    assert!(
        ours[0].contains(r#"method="DELETE" route="events.delete" status=412 ms="#),
        "{text}"
    );
    assert!(
        ours[1].contains(r#"method="GET" route="events.get" status=200 ms="#),
        "{text}"
    );
    for secret in ["secret-token", "Bearer"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(
        ours.iter()
            .all(|line| !line.contains("holiday") && !line.contains("127.0.0.1"))
    );
}
