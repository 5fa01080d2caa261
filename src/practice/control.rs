//! The practice calendar's own door, `/practice/`: faults, the log, stale sync tokens.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::Method;
use serde_json::json;

use super::fault::Fault;
use super::gate::Desk;
use super::reply::{self, Reply};

/// Answers what is behind `/practice/`.
pub(super) async fn handle(desk: &Arc<Desk>, method: &Method, door: &str, body: &Bytes) -> Reply {
    match (method.as_str(), door) {
        ("POST", "faults") => add_fault(desk, body),
        ("GET", "faults") => reply::json(200, &json!({ "faults": desk.faults.all() })),
        ("DELETE", "faults") => {
            desk.faults.clear();
            reply::json(200, &json!({}))
        }
        ("GET", "log") => reply::json(200, &json!({ "requests": desk.journal.all() })),
        ("DELETE", "log") => {
            desk.journal.clear();
            reply::json(200, &json!({}))
        }
        ("POST", "expire") => expire(desk).await,
        _ => sentence(
            404,
            "There is only: POST, GET, DELETE /practice/faults; GET, DELETE /practice/log; POST /practice/expire.",
        ),
    }
}

fn add_fault(desk: &Desk, body: &Bytes) -> Reply {
    let fault: Fault = match serde_json::from_slice(body) {
        Ok(fault) => fault,
        Err(error) => return sentence(400, &format!("This is no fault: {error}.")),
    };
    if let Some(complaint) = fault.complaint() {
        return sentence(400, &complaint);
    }
    let told = json!(fault);
    desk.faults.add(fault);
    reply::json(200, &told)
}

/// Every sync token given out so far is answered with 410 from now on.
async fn expire(desk: &Arc<Desk>) -> Reply {
    let db = Arc::clone(&desk.db);
    let act = move || {
        db.write(|tx| {
            // The next change makes even a token of this moment stale.
            let sql = "UPDATE calendar SET change = change + 1, oldest = change + 1";
            Ok(tx.execute(sql, [])?)
        })
    };
    match tokio::task::spawn_blocking(act).await {
        Ok(Ok(_)) => reply::json(200, &json!({})),
        _ => sentence(500, "The data file could not be written."),
    }
}

fn sentence(status: u16, words: &str) -> Reply {
    reply::json(status, &json!({ "error": words }))
}
