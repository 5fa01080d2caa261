//! The repair pane: what is not in step with Google, since when, and what can be done about it. What
//! an act will do is said before it is done, and nothing is done to more than was marked.

mod run;
mod words;

pub use run::Run;
pub use words::{act_says, age, because, heading, last_try, next_try, status};

use super::Fate;
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::{State, Tone};
use crate::domain::appointment::Status;
use crate::domain::id::AppointmentId;
use crate::domain::policy;
use crate::domain::text;
use crate::domain::time::Moment;
use crate::flow::operation::Cause;
use crate::port::query::{Answer, AppointmentCard, Query, RepairAction, RepairItem};
use crate::port::report::{Report, Topic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What can be wanted only in the repair pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Do this about the marked items, or the selected one.
    Settle(RepairAction),
    /// Try everything again that can be.
    RetryAll,
    /// Go to the visit and pick it up, to move it.
    Move,
}

/// A reason that is asked for before something is done.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What is to be done.
    pub action: RepairAction,
    /// To what.
    pub items: Vec<AppointmentId>,
    /// Why.
    pub reason: Field,
    /// What is wrong, in words.
    pub problem: Option<String>,
}

/// The repair pane.
#[derive(Clone, Debug)]
pub struct Repair {
    /// By cause, the newest problem first; what is only pending at the end.
    pub items: Vec<RepairItem>,
    /// Whether the list has been read.
    pub loaded: bool,
    /// The selected item.
    pub at: usize,
    /// Marked ones.
    pub marked: BTreeSet<AppointmentId>,
    /// The one to begin at, until the list has come.
    wanted: Option<AppointmentId>,
    /// The selected one in full.
    pub card: Option<AppointmentCard>,
    /// The reason that is being asked for.
    pub asking: Option<Asking>,
    /// What is being done.
    pub run: Run,
    /// When the list was found empty first; whether it had not been empty before.
    pub empty_since: Option<(Moment, bool)>,
}

impl Repair {
    /// An empty pane.
    pub fn new(_state: &State) -> Self {
        Self {
            items: Vec::new(),
            loaded: false,
            at: 0,
            marked: BTreeSet::new(),
            wanted: None,
            card: None,
            asking: None,
            run: Run::default(),
            empty_since: None,
        }
    }

    /// An empty pane that begins at what is wrong with that visit.
    pub fn about(state: &State, visit: AppointmentId) -> Self {
        Self {
            wanted: Some(visit),
            ..Self::new(state)
        }
    }

    /// First questions, when it is opened.
    pub fn opened(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        // what was asked for when it was open before is asked for again
        state.questions.forget(Topic::History);
        out.push(state.ask(Topic::Repairs, Query::Repairs));
    }

    /// Whether it says itself how that act ends.
    pub fn owns(&self, ticket: u64) -> bool {
        self.run.owns(ticket)
    }

    /// The selected item.
    pub fn selected(&self) -> Option<&RepairItem> {
        self.items.get(self.at)
    }

    /// Somebody wants something.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        if self.asking.is_some() {
            match action {
                Action::Open => self.give_reason(state, out),
                Action::GoBack => self.asking = None,
                _ => {}
            }
            return Fate::Stay;
        }
        match action {
            Action::GoBack if self.run.waits() => {
                let text = self.run.stop();
                state.say(Tone::Plain, text);
            }
            Action::GoBack => return Fate::Close,
            Action::MoveUp => self.select(self.at.saturating_sub(1)),
            Action::MoveDown => self.select(self.at + 1),
            Action::MoveFirst => self.select(0),
            Action::MoveLast => self.select(usize::MAX),
            Action::ToggleMark => self.toggle_mark(),
            Action::Open => return self.show(state, out),
            Action::Repair(Act::Move) => return self.pick_up(state, out),
            Action::Repair(Act::Settle(what)) => self.settle(state, *what, out),
            Action::Repair(Act::RetryAll) => self.retry_all(state, out),
            _ => {}
        }
        self.ask_history(state, out);
        Fate::Stay
    }

    /// Somebody types the reason.
    pub fn edit(&mut self, _: &mut State, edit: &Edit, _: &mut Vec<Effect>) -> Fate {
        if let Some(asking) = &mut self.asking
            && asking.reason.apply(edit)
        {
            asking.problem = None;
        }
        Fate::Stay
    }

    /// A lane tells something.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        match report {
            Report::Answered {
                topic: Topic::Repairs,
                answer,
                ..
            } => {
                if let Ok(Answer::Repairs(items)) = answer.as_deref() {
                    self.take(state, items.clone());
                    self.ask_history(state, out);
                }
            }
            Report::Answered {
                topic: Topic::History,
                answer,
                ..
            } => {
                if let Ok(Answer::Appointment(card)) = answer.as_deref() {
                    self.card = Some((**card).clone());
                }
            }
            Report::Done { ticket, result } => {
                if let Some((tone, text)) = self.run.ended(state, *ticket, result, out) {
                    state.say(tone, text);
                }
                self.renew(state, out);
            }
            Report::MirrorChanged => self.renew(state, out),
            _ => {}
        }
        Fate::Stay
    }

    fn renew(&self, state: &mut State, out: &mut Vec<Effect>) {
        out.extend(state.questions.renew(Topic::Repairs));
        if self.selected().is_some() {
            out.extend(state.questions.renew(Topic::History));
        }
    }

    /// Takes the list. The selection stays on what it was on, or else where it was.
    fn take(&mut self, state: &State, mut items: Vec<RepairItem>) {
        items.sort_by_key(|item| {
            let place = item.cause.map_or(u8::MAX, place);
            (place, std::cmp::Reverse(item.since))
        });
        let selected = self
            .selected()
            .map(|item| item.appointment.appointment_id.clone())
            .or(self.wanted.take());
        let had = !self.items.is_empty();
        self.items = items;
        let still = |id: &AppointmentId| self.position(id).is_some();
        let marked = self.marked.iter().filter(|id| still(id)).cloned().collect();
        let at = selected.and_then(|id| self.position(&id));
        self.marked = marked;
        self.select(at.unwrap_or(self.at));
        self.empty_since = match (self.items.is_empty(), self.empty_since) {
            (false, _) => None,
            (true, None) => Some((state.now, self.loaded && had)),
            (true, since) => since,
        };
        self.loaded = true;
    }

    fn position(&self, id: &AppointmentId) -> Option<usize> {
        self.items
            .iter()
            .position(|item| item.appointment.appointment_id == *id)
    }

    fn select(&mut self, at: usize) {
        self.at = at.min(self.items.len().saturating_sub(1));
    }

    fn toggle_mark(&mut self) {
        let Some(id) = self
            .selected()
            .map(|item| item.appointment.appointment_id.clone())
        else {
            return;
        };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
        self.select(self.at + 1);
    }

    fn ask_history(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(item) = self.selected() else {
            self.card = None;
            return;
        };
        let id = item.appointment.appointment_id.clone();
        let other = |card: &AppointmentCard| card.appointment.appointment_id != id;
        if self.card.as_ref().is_some_and(other) {
            self.card = None;
        }
        out.extend(state.questions.want(Topic::History, Query::Appointment(id)));
    }

    /// Goes to the visit on the desk.
    fn show(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        let Some(item) = self.selected() else {
            return Fate::Stay;
        };
        let visit = &item.appointment;
        if state.doctor(&visit.doctor_id).is_none() {
            let text = format!("{} is not at this desk any more.", visit.doctor_name);
            state.say(Tone::Plain, text);
            return Fate::Stay;
        }
        let there = Action::SelectSlot(visit.doctor_id.clone(), visit.visit.start());
        desk::act(state, &there, out);
        Fate::Close
    }

    /// Goes to the selected visit and picks it up: of two at the same time one can have another. Never
    /// the marked ones, since each needs a time of its own.
    fn pick_up(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        let Some(item) = self.selected().cloned() else {
            return Fate::Stay;
        };
        if !can_move(&item) {
            state.say(
                Tone::Plain,
                "This does not fit here: see at the details what can be done.",
            );
            return Fate::Stay;
        }
        // a doctor who has left has no column to move it in; showing it says so
        let here = state.doctor(&item.appointment.doctor_id).is_some();
        if here && !desk::pick_up(state, &item.appointment) {
            return Fate::Stay;
        }
        self.show(state, out)
    }

    /// What an act is about: the marked ones, or the selected one.
    pub fn meant(&self) -> Vec<&RepairItem> {
        if self.marked.is_empty() {
            return self.selected().into_iter().collect();
        }
        self.items
            .iter()
            .filter(|item| self.marked.contains(&item.appointment.appointment_id))
            .collect()
    }

    /// Whether an act would do something here. Others are answered in words, but not offered.
    pub fn fits(&self, action: &Action) -> bool {
        match action {
            Action::Repair(Act::Settle(what)) => {
                self.meant().iter().any(|item| item.actions.contains(what))
            }
            Action::Repair(Act::RetryAll) => self
                .items
                .iter()
                .any(|item| item.actions.contains(&RepairAction::Retry)),
            Action::Repair(Act::Move) => self.selected().is_some_and(can_move),
            Action::ToggleMark | Action::Open => !self.items.is_empty() || self.asking.is_some(),
            _ => true,
        }
    }

    fn settle(&mut self, state: &mut State, what: RepairAction, out: &mut Vec<Effect>) {
        let meant = self.meant();
        let fitting: Vec<AppointmentId> = meant
            .iter()
            .filter(|item| item.actions.contains(&what))
            .map(|item| item.appointment.appointment_id.clone())
            .collect();
        let (all, left_out) = (meant.len(), meant.len() - fitting.len());
        if all == 0 {
            return;
        }
        let act = match what {
            RepairAction::Cancel => policy::Act::Cancel,
            _ => policy::Act::Repair,
        };
        if let Err(denied) = state.may(act) {
            state.say(Tone::Bad, format!("Nothing was done: {denied}."));
        } else if fitting.is_empty() {
            state.say(
                Tone::Plain,
                "This does not fit here: see at the details what can be done.",
            );
        } else {
            if left_out > 0 {
                state.say(
                    Tone::Plain,
                    format!("{left_out} of the {all} marked are left as they are: this does not fit them."),
                );
            }
            if matches!(what, RepairAction::Cancel | RepairAction::Keep) {
                self.asking = Some(Asking {
                    action: what,
                    items: fitting,
                    reason: Field::new(text::NOTE),
                    problem: None,
                });
            } else {
                self.begin(state, what, fitting, "", out);
            }
        }
    }

    fn retry_all(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let fitting: Vec<AppointmentId> = self
            .items
            .iter()
            .filter(|item| item.actions.contains(&RepairAction::Retry))
            .map(|item| item.appointment.appointment_id.clone())
            .collect();
        if let Err(denied) = state.may(policy::Act::Repair) {
            state.say(Tone::Bad, format!("Nothing was done: {denied}."));
        } else if fitting.is_empty() {
            state.say(
                Tone::Plain,
                "There is nothing that trying again would help.",
            );
        } else {
            self.begin(state, RepairAction::Retry, fitting, "", out);
        }
    }

    fn give_reason(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(asking) = &mut self.asking else {
            return;
        };
        let reason = asking.reason.text().trim().to_owned();
        if reason.is_empty() {
            asking.problem = Some("Say why, so that others at the desk know.".to_owned());
            return;
        }
        let (action, items) = (asking.action, std::mem::take(&mut asking.items));
        self.asking = None;
        self.begin(state, action, items, &reason, out);
    }

    fn begin(
        &mut self,
        state: &mut State,
        action: RepairAction,
        items: Vec<AppointmentId>,
        reason: &str,
        out: &mut Vec<Effect>,
    ) {
        for id in &items {
            self.marked.remove(id);
        }
        self.run.begin(state, action, items, reason, out);
    }
}

/// Whether moving the visit is a mend: two stand at the same time, and this one may have another.
pub fn can_move(item: &RepairItem) -> bool {
    item.cause == Some(Cause::Conflict)
        && item.operation.is_none()
        && item.appointment.status == Status::Confirmed
        && item.appointment.cancellation_reason.is_none()
}

/// Order of the groups.
fn place(cause: Cause) -> u8 {
    match cause {
        Cause::Conflict => 0,
        Cause::GoneFromGoogle => 1,
        Cause::MovedInGoogle => 2,
        Cause::ChangedInGoogle => 3,
        Cause::HoldLeft => 4,
        Cause::RefusedByGoogle => 5,
        Cause::StrangersEvent => 6,
        Cause::BackInGoogle => 7,
    }
}
