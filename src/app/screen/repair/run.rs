//! Carries out one act for many items: a few at a time, so that an outage's worth of retries does not
//! fall upon Google at once, with a count for the bar, and so that it can be stopped.

use crate::app::effect::Effect;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::id::AppointmentId;
use crate::port::command::{Command, Outcome, Refusal};
use crate::port::query::RepairAction;
use std::collections::{BTreeSet, VecDeque};

/// Under way at once.
const AT_ONCE: usize = 4;

/// What is being done, and how much of it has been.
#[derive(Clone, Debug, Default)]
pub struct Run {
    tickets: BTreeSet<u64>,
    waiting: VecDeque<Command>,
    done: usize,
    all: usize,
    /// How each ended that did not go as it was meant.
    wrong: Vec<String>,
    /// How the last one ended.
    last: Option<(Tone, String)>,
}

impl Run {
    /// Whether it says itself how that act ends.
    pub fn owns(&self, ticket: u64) -> bool {
        self.tickets.contains(&ticket)
    }

    /// How many have ended, of how many; none when nothing is under way.
    pub fn progress(&self) -> Option<(usize, usize)> {
        (!self.tickets.is_empty()).then_some((self.done, self.all))
    }

    /// Whether some have not been begun.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Begins no more of them; those under way go on.
    pub fn stop(&mut self) -> String {
        let left = self.waiting.len();
        self.waiting.clear();
        self.all = self.all.saturating_sub(left);
        format!("Stopped: {left} were not begun and stay as they are.")
    }

    /// Does this to all of them.
    pub(super) fn begin(
        &mut self,
        state: &mut State,
        action: RepairAction,
        items: Vec<AppointmentId>,
        reason: &str,
        out: &mut Vec<Effect>,
    ) {
        if self.tickets.is_empty() {
            *self = Self::default();
        }
        self.all += items.len();
        self.waiting
            .extend(items.into_iter().map(|id| match action {
                RepairAction::Retry => Command::Retry(id),
                RepairAction::AdoptTimes => Command::AdoptTimes(id),
                RepairAction::Keep => Command::Keep(id, reason.to_owned()),
                RepairAction::Cancel => Command::Cancel {
                    appointment: id,
                    reason: reason.to_owned(),
                },
            }));
        self.go_on(state, out);
    }

    fn go_on(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        while self.tickets.len() < AT_ONCE {
            let Some(command) = self.waiting.pop_front() else {
                return;
            };
            let (ticket, effect) = state.perform(command);
            self.tickets.insert(ticket);
            out.push(effect);
        }
    }

    /// One has ended; gives what is to be said once all have.
    pub(super) fn ended(
        &mut self,
        state: &mut State,
        ticket: u64,
        result: &Result<Box<Outcome>, Refusal>,
        out: &mut Vec<Effect>,
    ) -> Option<(Tone, String)> {
        if !self.tickets.remove(&ticket) {
            return None;
        }
        self.done += 1;
        self.last = Some(match result {
            Ok(outcome) => wording::outcome(state, outcome),
            Err(refusal) => {
                self.wrong.push(refusal.message.clone());
                (Tone::Bad, refusal.message.clone())
            }
        });
        self.go_on(state, out);
        if !self.tickets.is_empty() {
            return None;
        }
        let (done, refused) = (self.done, self.wrong.len());
        match (done, self.wrong.first()) {
            (1, _) => self.last.take(),
            (_, None) => Some((
                Tone::Plain,
                format!("All {done} were done. What is still not in step stands in the list."),
            )),
            (_, Some(first)) => Some((
                Tone::Bad,
                format!("{refused} of {done} could not be done. The first: {first}"),
            )),
        }
    }
}
