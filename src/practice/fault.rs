//! Faults on purpose: what a test or a demo wants to go wrong, and how often.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::database::lock;
use super::route::Route;

/// One fault, as posted to `/practice/faults`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// "events.insert", "events.*", "freeBusy", "*"; everything if left out.
    #[serde(default = "everything")]
    pub route: String,
    /// Only requests about this calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Answer with this error; the request is not carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The error's reason, if not the usual one of its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the error looks like, or that the answer breaks off half-way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Shape>,
    /// Seconds, as a `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// How the header says it: HTTP allows both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_form: Option<WaitForm>,
    /// Wait before anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Hold the request back until the faults are cleared, and carry it out then.
    #[serde(default)]
    pub hold: bool,
    /// Carry the request out, and cut the connection instead of answering.
    #[serde(default)]
    pub lost_answer: bool,
    /// Cut the connection at once; carry the request out this much later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<u64>,
    /// How many requests it hits; all if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Hit only this share of the requests, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// freeBusy answers, but says this about the calendar (or about each).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_error: Option<String>,
    /// events.list: one empty page that leads on.
    #[serde(default)]
    pub empty_page: bool,
}

fn everything() -> String {
    "*".to_owned()
}

/// How a `Retry-After` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum WaitForm {
    Seconds,
    Date,
}

/// The shape of a faulty answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Shape {
    Json,
    Html,
    Truncated,
}

impl Fault {
    /// Why this fault makes no sense.
    pub fn complaint(&self) -> Option<String> {
        if !Route::is_known(&self.route) {
            let known = Route::NAMES.join(", ");
            let given = &self.route;
            return Some(format!(
                "There is no route \"{given}\". Known are: *, freeBusy, {known}."
            ));
        }
        if self
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            return Some("A status must lie between 400 and 599.".to_owned());
        }
        let share = self.probability;
        if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Some("A probability must lie between 0 and 1.".to_owned());
        }
        let acts = self.status.is_some()
            || self.body.is_some()
            || self.latency_ms.is_some()
            || self.hold
            || self.lost_answer
            || self.late_ms.is_some()
            || self.calendar_error.is_some()
            || self.empty_page;
        let words = "Say what goes wrong: status, body, latency_ms, hold, lost_answer, late_ms, calendar_error or empty_page.";
        (!acts).then(|| words.to_owned())
    }

    fn is_about(&self, calendars: &[String]) -> bool {
        let named = self.calendar.as_ref();
        named.is_none_or(|named| calendars.contains(named))
    }

    pub fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms.unwrap_or(0))
    }
}

/// The faults that are set.
#[derive(Default)]
pub(super) struct Faults {
    state: Mutex<State>,
    /// Tells those that are held back when the faults are cleared.
    cleared: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    faults: Vec<Fault>,
    /// Where the sequence of chances stands; the same in every run.
    chance: u64,
}

/// Which calendars freeBusy must call unreadable.
#[derive(Debug, Default)]
pub(super) struct CalendarErrors {
    named: HashMap<String, String>,
    all: Option<String>,
}

impl CalendarErrors {
    pub fn reason(&self, calendar: &str) -> Option<String> {
        self.named.get(calendar).or(self.all.as_ref()).cloned()
    }
}

impl Faults {
    pub fn add(&self, fault: Fault) {
        lock(&self.state).faults.push(fault);
    }

    pub fn all(&self) -> Vec<Fault> {
        lock(&self.state).faults.clone()
    }

    pub fn clear(&self) {
        lock(&self.state).faults.clear();
        self.cleared.send_replace(());
    }

    /// Hears of the next time that the faults are cleared.
    pub fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    /// The first fault that hits this request; counts it.
    pub fn hit(&self, route: &Route, calendars: &[String]) -> Option<Fault> {
        let mut state = lock(&self.state);
        let State { faults, chance } = &mut *state;
        let mut hits = faults.iter_mut().filter(|fault| {
            fault.calendar_error.is_none()
                && route.is_named(&fault.route)
                && fault.is_about(calendars)
        });
        hits.find_map(|fault| take(fault, chance))
    }

    /// What freeBusy must say about single calendars; counts each fault once.
    pub fn calendar_errors(&self, calendars: &[String]) -> CalendarErrors {
        let mut state = lock(&self.state);
        let State { faults, chance } = &mut *state;
        let mut errors = CalendarErrors::default();
        for fault in faults {
            let Some(reason) = fault.calendar_error.clone() else {
                continue;
            };
            if !fault.is_about(calendars) || take(fault, chance).is_none() {
                continue;
            }
            match fault.calendar.clone() {
                Some(calendar) => {
                    errors.named.insert(calendar, reason);
                }
                None => errors.all = Some(reason),
            }
        }
        errors
    }
}

/// Takes one time from a fault; `None` if it is used up or chance spares the request.
fn take(fault: &mut Fault, chance: &mut u64) -> Option<Fault> {
    if fault.times == Some(0) {
        return None;
    }
    if let Some(probability) = fault.probability
        && roll(chance) >= probability
    {
        return None;
    }
    fault.times = fault.times.map(|times| times - 1);
    Some(fault.clone())
}

/// The next chance, 0 to 1 (splitmix64).
fn roll(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let top = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default();
    f64::from(top) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Method;

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_fault_hits_as_often_as_it_says() {
        let route = Route::parse(&Method::GET, "/calendar/v3/calendars/a/events").unwrap();
        let faults = Faults::default();
        faults.add(fault(
            r#"{"route":"events.list","calendar":"a","status":503,"times":2}"#,
        ));
        assert!(faults.hit(&route, &["b".into()]).is_none());
        let hits = (0..5).filter(|_| faults.hit(&route, &["a".into()]).is_some());
        assert_eq!(hits.count(), 2);
        faults.clear();
        faults.add(fault(r#"{"latency_ms":1,"probability":0.25}"#));
        let hits = (0..1000).filter(|_| faults.hit(&route, &[]).is_some());
        assert!((200..300).contains(&hits.count()));
    }

    #[test]
    fn senseless_faults_are_refused_with_a_sentence() {
        assert!(serde_json::from_str::<Fault>(r#"{"stats":503}"#).is_err());
        assert!(
            fault(r#"{"route":"events.lst","status":503}"#)
                .complaint()
                .is_some()
        );
        assert!(fault(r#"{"status":200}"#).complaint().is_some());
        assert!(fault("{}").complaint().is_some());
        assert!(fault(r#"{"status":503}"#).complaint().is_none());
    }
}
