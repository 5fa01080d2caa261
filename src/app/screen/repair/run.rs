//! Carries out one act for many items, one after the other, with a count for the bar, and so that it can be
//! stopped. At the end it says how each one ended that did not go as it was meant.

use crate::app::effect::Effect;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::id::AppointmentId;
use crate::port::command::{Command, Outcome, Refusal};
use crate::port::query::RepairAction;
use std::collections::VecDeque;

/// One of the items that something is done about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Which.
    pub id: AppointmentId,
    /// Who, with whom, when.
    pub who: String,
}

/// How an act about many ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many were tried.
    pub tried: usize,
    /// Who did not go as it was meant, and why.
    pub failed: Vec<(String, String)>,
    /// How many were not begun, since somebody stopped it.
    pub left: usize,
}

/// What is being done, and how much of it has been.
#[derive(Clone, Debug, Default)]
pub struct Run {
    now: Option<(u64, Subject)>,
    waiting: VecDeque<(Subject, Command)>,
    all: usize,
    summary: Summary,
    /// How the last one ended.
    last: Option<(Tone, String)>,
}

/// What the end of one means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was none of ours.
    Others,
    /// It ended so; others wait.
    One(AppointmentId, bool),
    /// It was the only one: what is to be said.
    Only(AppointmentId, bool, Tone, String),
    /// It was the last of many.
    Last(AppointmentId, bool, Summary),
}

impl Run {
    /// Whether it says itself how that act ends.
    pub fn owns(&self, ticket: u64) -> bool {
        matches!(&self.now, Some((own, _)) if *own == ticket)
    }

    /// How many have ended, of how many, and who is next; none when nothing is under way.
    pub fn progress(&self) -> Option<(usize, usize, &str)> {
        let (_, subject) = self.now.as_ref()?;
        Some((self.summary.tried, self.all, subject.who.as_str()))
    }

    /// Whether some have not been begun.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Begins no more of them; the one under way goes on.
    pub fn stop(&mut self) -> String {
        let left = self.waiting.len();
        self.waiting.clear();
        self.summary.left += left;
        self.all = self.all.saturating_sub(left);
        format!("Stopped: {left} were not begun and stay as they are.")
    }

    /// Does this to all of them.
    pub(super) fn begin(
        &mut self,
        state: &mut State,
        action: RepairAction,
        subjects: Vec<Subject>,
        reason: &str,
        out: &mut Vec<Effect>,
    ) {
        if self.now.is_none() {
            *self = Self::default();
        }
        for subject in subjects {
            if let Some(command) = command(action, subject.id.clone(), reason) {
                self.all += 1;
                self.waiting.push_back((subject, command));
            }
        }
        self.go_on(state, out);
    }

    fn go_on(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        if self.now.is_some() {
            return;
        }
        if let Some((subject, command)) = self.waiting.pop_front() {
            let (ticket, effect) = state.perform(command);
            self.now = Some((ticket, subject));
            out.push(effect);
        }
    }

    /// One has ended.
    pub(super) fn ended(
        &mut self,
        state: &mut State,
        ticket: u64,
        result: &Result<Box<Outcome>, Refusal>,
        out: &mut Vec<Effect>,
    ) -> Ended {
        if !self.owns(ticket) {
            return Ended::Others;
        }
        let Some((_, subject)) = self.now.take() else {
            return Ended::Others;
        };
        self.summary.tried += 1;
        let (tone, text) = match result {
            Ok(outcome) => wording::outcome(state, outcome),
            Err(refusal) => (Tone::Bad, refusal.message.clone()),
        };
        let well = result.as_ref().is_ok_and(|outcome| went_well(outcome));
        if !well {
            self.summary.failed.push((subject.who, text.clone()));
        }
        self.last = Some((tone, text));
        self.go_on(state, out);
        let id = subject.id;
        if self.now.is_some() {
            return Ended::One(id, well);
        }
        let summary = std::mem::take(&mut self.summary);
        match self.last.take() {
            Some((tone, text)) if summary.tried == 1 => Ended::Only(id, well, tone, text),
            _ => Ended::Last(id, well, summary),
        }
    }
}

/// What is handed out for one item. What a person must do on another screen is none.
fn command(action: RepairAction, id: AppointmentId, reason: &str) -> Option<Command> {
    Some(match action {
        RepairAction::Retry => Command::Retry(id),
        RepairAction::Recreate => Command::Recreate(id),
        RepairAction::AdoptTimes => Command::AdoptTimes(id),
        RepairAction::PutBack => Command::PutBack(id),
        RepairAction::Ignore => Command::Ignore(id, reason.to_owned()),
        RepairAction::Cancel => Command::Cancel {
            appointment: id,
            reason: reason.to_owned(),
        },
        RepairAction::Move | RepairAction::Reconnect => return None,
    })
}

/// Whether the visit is in step now: what Google has not answered yet is not done.
fn went_well(outcome: &Outcome) -> bool {
    let in_step = |visit: &Appointment| visit.sync_state == SyncState::Synced;
    match outcome {
        Outcome::Retried(retried) => retried
            .iter()
            .all(|one| in_step(&one.appointment) && one.appointment.status != Status::Refused),
        Outcome::Repaired(visit)
        | Outcome::Moved {
            appointment: visit, ..
        } => in_step(visit),
        Outcome::CancelledProvisionally(_) | Outcome::MovedProvisionally { .. } => false,
        _ => true,
    }
}
