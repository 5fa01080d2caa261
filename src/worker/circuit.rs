//! Whom to ask while Google does not answer. After a few calls in a row that nobody answered the line is
//! *open*: nothing is asked for a while, so that a person hears at once what they would otherwise wait for,
//! and what goes on by itself costs no requests. Then one try goes through, and its answer decides.
//!
//! Kept in memory: each program finds out for itself. Pure: the moment and the jitter are passed in.

use super::settings::MOST_PAUSE;
use crate::domain::id::CalendarId;
use crate::domain::time::Moment;
use crate::port::calendar::CalendarError;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// Longest pause between two tries, as Google's guide has it.
const MOST_BACKOFF: Duration = Duration::from_secs(32);
/// So many calls in a row without an answer open a line; a call and its repeats are one. A line that fails
/// for a second does not: whoever asks again must be heard.
const IN_A_ROW: u32 = 3;
/// A try that has not ended by then is not waited for: its program may have been suspended.
const LONGEST_TRY: Duration = Duration::from_secs(30);
/// While a try is under way, the others look again after this.
const LOOK: Duration = Duration::from_secs(2);

/// The pause after so many tries: min(2^n + jitter, 32 s).
pub(super) fn backoff(tries: u32, jitter: Duration) -> Duration {
    (Duration::from_secs(1 << tries.min(5)) + jitter).min(MOST_BACKOFF)
}

/// What a call without an answer says about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nothing came back.
    NoAnswer,
    /// Google asks for a pause, where it says so for how long.
    Pause(Option<Duration>),
}

impl Silence {
    /// None: Google has answered, if only with an error of its own; or the sign-in is what is wrong.
    pub(super) fn of(error: &CalendarError) -> Option<Self> {
        match error {
            CalendarError::NoAnswer(_) => Some(Self::NoAnswer),
            CalendarError::SlowDown { retry_after } => Some(Self::Pause(*retry_after)),
            CalendarError::Quota => Some(Self::Pause(None)),
            _ => None,
        }
    }
}

/// Not to be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// When it may be asked again.
    pub(super) until: Moment,
    /// Since when there has been no answer.
    since: Moment,
    /// Google has asked for a pause.
    asked_for: bool,
}

impl Held {
    /// For a person: why, and for how long.
    pub(super) fn words(&self, now: Moment) -> String {
        let next = span(self.until - now);
        if self.asked_for {
            format!("Google has asked the desk for a pause, and is asked again in {next}")
        } else {
            let past = span(now - self.since);
            format!("Google has not answered for {past}, and is asked again in {next}")
        }
    }

    /// How long to wait.
    pub(super) fn wait(&self, now: Moment) -> Duration {
        (self.until - now).to_std().unwrap_or_default()
    }
}

/// "20 s", "3 min".
fn span(length: chrono::Duration) -> String {
    match length.num_seconds().max(1) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

/// The lines to Google: one for each calendar, and the account's as a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Circuit {
    calendars: HashMap<CalendarId, Line>,
    account: Line,
    /// Who has failed since the account was last answered: one calendar says nothing about the account.
    failing: BTreeSet<CalendarId>,
    /// A question about several calendars at once has failed since.
    several: bool,
}

#[derive(Clone, Debug, Default)]
struct Line {
    /// Calls without an answer in a row, and when the first of them ended.
    failures: u32,
    since: Option<Moment>,
    asked_for: bool,
    /// How often it was opened in a row.
    opened: u32,
    open_until: Option<Moment>,
    /// The one try that goes through, until it ends.
    trying_until: Option<Moment>,
}

impl Circuit {
    /// Whether these calendars may be asked. Where a line was open until now, whoever asks is the one try.
    pub(super) fn may_ask(&mut self, calendars: &[CalendarId], now: Moment) -> Result<(), Held> {
        let mut lines = vec![&mut self.account];
        // a question about several goes through also where one of them is in trouble
        if let [one] = calendars {
            lines.extend(self.calendars.get_mut(one));
        }
        if let Some(held) = lines.iter().find_map(|line| line.held(now)) {
            return Err(held);
        }
        for line in lines {
            if line.open_until.is_some() {
                line.trying_until = Some(now + LONGEST_TRY);
            }
        }
        Ok(())
    }

    /// Google has answered a question about these calendars.
    pub(super) fn answered(&mut self, calendars: &[CalendarId]) {
        for calendar in calendars {
            self.calendars.remove(calendar);
        }
        self.account = Line::default();
        self.failing.clear();
        self.several = false;
    }

    /// It has not.
    pub(super) fn failed(
        &mut self,
        calendars: &[CalendarId],
        silence: Silence,
        now: Moment,
        jitter: Duration,
    ) {
        match calendars {
            [one] => {
                self.failing.insert(one.clone());
                let line = self.calendars.entry(one.clone()).or_default();
                line.fail(silence, now);
                if line.is_due(silence) {
                    line.open(silence, now, jitter);
                }
            }
            _ => self.several = true,
        }
        self.account.fail(silence, now);
        if self.account.is_due(silence) && (self.several || self.failing.len() > 1) {
            self.account.open(silence, now, jitter);
        }
    }
}

impl Line {
    fn held(&self, now: Moment) -> Option<Held> {
        let until = self.open_until?;
        let ahead = |until: Moment, most: Duration| {
            // what lies further ahead was said by a clock that has been set back since
            until > now && until - now <= chrono::Duration::from_std(most).unwrap_or_default()
        };
        let until = if ahead(until, MOST_PAUSE) {
            until
        } else if self.trying_until.is_some_and(|t| ahead(t, LONGEST_TRY)) {
            now + LOOK
        } else {
            return None;
        };
        Some(Held {
            until,
            since: self.since.unwrap_or(now),
            asked_for: self.asked_for,
        })
    }

    fn fail(&mut self, silence: Silence, now: Moment) {
        self.failures = self.failures.saturating_add(1);
        self.since.get_or_insert(now);
        self.asked_for = matches!(silence, Silence::Pause(_));
        self.trying_until = None;
    }

    fn is_due(&self, silence: Silence) -> bool {
        self.failures >= IN_A_ROW || matches!(silence, Silence::Pause(_))
    }

    fn open(&mut self, silence: Silence, now: Moment, jitter: Duration) {
        let asked_for = match silence {
            Silence::Pause(length) => length.map(|length| now + length.min(MOST_PAUSE)),
            Silence::NoAnswer => None,
        };
        // what was under way when it was opened says nothing new, unless Google names a later time
        if self.held(now).is_some() {
            self.open_until = self.open_until.max(asked_for);
            return;
        }
        self.open_until = asked_for.or(Some(now + backoff(self.opened, jitter)));
        self.opened = self.opened.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
