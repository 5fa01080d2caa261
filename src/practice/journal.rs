//! The recent requests, for tests that count calls.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;

use super::database::lock;

/// Requests that are remembered.
const KEPT: usize = 10_000;

/// One request as it was answered.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    pub method: String,
    /// "events.insert"; "?" where the address means nothing.
    pub route: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    pub path: String,
    /// Nothing if the connection was cut.
    pub status: Option<u16>,
    /// Whether a fault had a hand in it.
    pub fault: bool,
}

#[derive(Default)]
pub(super) struct Journal(Mutex<VecDeque<Entry>>);

impl Journal {
    pub fn add(&self, entry: Entry) {
        let mut kept = lock(&self.0);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(entry);
    }

    pub fn all(&self) -> Vec<Entry> {
        lock(&self.0).iter().cloned().collect()
    }

    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}
