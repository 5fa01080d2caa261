//! The repair pane: what is not in step with Google, since when, and what can be done about it. What
//! an act will do is said before it is done, and nothing is done to more than was marked.

mod acting;
mod list;
mod looking;
mod run;
mod words;

pub use list::{Filter, List, id_of};
pub use looking::Looking;
pub use run::{Run, Subject, Summary};
pub use words::{act_says, age, because, compared, heading, next_try};

use super::{Context, Fate};
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::{State, Tone};
use crate::domain::id::AppointmentId;
use crate::domain::time::Moment;
use crate::port::query::{Answer, AppointmentCard, Query, RepairAction, RepairItem};
use crate::port::report::{Report, Topic};
use run::Ended;
use serde::{Deserialize, Serialize};

/// What can be wanted only in the repair pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Do this about the marked items, or the selected one.
    Settle(RepairAction),
    /// Try everything again that can be.
    RetryAll,
    /// Mark all that are shown, or none of them.
    MarkAll,
    /// Show the next kind of items.
    Filter,
    /// Search the items.
    Search,
}

/// A reason that is asked for before something is done.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What is to be done.
    pub action: RepairAction,
    /// To what.
    pub items: Vec<Subject>,
    /// Why.
    pub reason: Field,
    /// What is wrong, in words.
    pub problem: Option<String>,
}

/// The repair pane.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The items, what is selected and what is marked.
    pub list: List,
    /// Whether the list has been read.
    pub loaded: bool,
    /// The selected one in full.
    pub card: Option<AppointmentCard>,
    /// The reason that is being asked for.
    pub asking: Option<Asking>,
    /// Whether the keys type what is searched for.
    pub searching: bool,
    /// What is being done.
    pub run: Run,
    /// How the last act about many ended, until that was read.
    pub summary: Option<Summary>,
    /// What was read of Google for this pane.
    pub looking: Looking,
    /// When the list was found empty first; whether it had not been empty before.
    pub empty_since: Option<(Moment, bool)>,
}

impl Repair {
    /// An empty pane.
    pub fn new(_state: &State) -> Self {
        Self {
            list: List::default(),
            loaded: false,
            card: None,
            asking: None,
            searching: false,
            run: Run::default(),
            summary: None,
            looking: Looking::default(),
            empty_since: None,
        }
    }

    /// An empty pane that begins at what is wrong with that visit.
    pub fn about(state: &State, visit: AppointmentId) -> Self {
        let mut pane = Self::new(state);
        pane.list.begin_at(visit);
        pane
    }

    /// First questions, when it is opened.
    pub fn opened(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        // what was asked for when it was open before is asked for again
        state.questions.forget(Topic::History);
        out.push(state.ask(Topic::Repairs, Query::Repairs));
    }

    /// Which keys are live in it.
    pub fn context(&self) -> Context {
        if self.summary.is_some() {
            Context::RepairSummary
        } else if self.asking.is_some() {
            Context::RepairReason
        } else if self.searching {
            Context::RepairSearch
        } else {
            Context::Repair
        }
    }

    /// Whether it says itself how that act ends.
    pub fn owns(&self, ticket: u64) -> bool {
        self.run.owns(ticket) || self.looking.owns(ticket)
    }

    /// The selected item.
    pub fn selected(&self) -> Option<&RepairItem> {
        self.list.selected()
    }

    /// Somebody wants something.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        if self.above(state, action, out) {
            return Fate::Stay;
        }
        match action {
            Action::GoBack if self.run.waits() => {
                let text = self.run.stop();
                state.say(Tone::Plain, text);
            }
            Action::GoBack if !self.list.search.text().is_empty() => {
                self.list.search.clear();
                self.list.show();
            }
            Action::GoBack => return Fate::Close,
            Action::MoveUp => self.list.select(self.list.at.saturating_sub(1)),
            Action::MoveDown => self.list.select(self.list.at + 1),
            Action::MoveFirst => self.list.select(0),
            Action::MoveLast => self.list.select(usize::MAX),
            Action::ToggleMark => self.list.toggle_mark(),
            Action::Open => return self.show(state, out),
            Action::UndoLast => desk::act(state, action, out),
            Action::Repair(Act::Settle(what)) => return self.settle(state, *what, out),
            Action::Repair(Act::RetryAll) => self.retry_all(state, out),
            Action::Repair(Act::MarkAll) => self.list.mark_all(),
            Action::Repair(Act::Filter) => self.list.next_filter(),
            Action::Repair(Act::Search) => self.searching = true,
            _ => {}
        }
        self.ask_about_selected(state, out);
        Fate::Stay
    }

    /// What lies above the list gets the keys first; true if something does.
    fn above(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> bool {
        if self.summary.is_some() {
            if matches!(action, Action::Open | Action::GoBack) {
                self.summary = None;
            }
            return true;
        }
        if self.asking.is_some() {
            match action {
                Action::Open => self.give_reason(state, out),
                Action::GoBack => self.asking = None,
                _ => {}
            }
            return true;
        }
        if self.searching {
            match action {
                Action::Open => self.searching = false,
                Action::GoBack => {
                    self.searching = false;
                    self.list.search.clear();
                    self.list.show();
                }
                Action::MoveUp => self.list.select(self.list.at.saturating_sub(1)),
                Action::MoveDown => self.list.select(self.list.at + 1),
                _ => {}
            }
            self.ask_about_selected(state, out);
            return true;
        }
        false
    }

    /// Somebody types the reason, or what is searched for.
    pub fn edit(&mut self, state: &mut State, edit: &Edit, out: &mut Vec<Effect>) -> Fate {
        if let Some(asking) = &mut self.asking {
            if asking.reason.apply(edit) {
                asking.problem = None;
            }
        } else if self.searching && self.list.search.apply(edit) {
            self.list.show();
            self.ask_about_selected(state, out);
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
                    self.ask_about_selected(state, out);
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
                if !self.looking.ended(*ticket, result) {
                    let ended = self.run.ended(state, *ticket, result, out);
                    self.done(state, ended);
                }
                self.renew(state, out);
                self.ask_about_selected(state, out);
            }
            Report::MirrorChanged => self.renew(state, out),
            _ => {}
        }
        Fate::Stay
    }

    /// What went well loses its mark; what did not keeps it.
    fn done(&mut self, state: &mut State, ended: Ended) {
        let (id, well) = match ended {
            Ended::Others => return,
            Ended::One(id, well) => (id, well),
            Ended::Only(id, well, tone, text) => {
                state.say(tone, text);
                (id, well)
            }
            Ended::Last(id, well, summary) => {
                if summary.failed.is_empty() {
                    let text = format!("All {} were done.", summary.tried);
                    state.say(Tone::Good, text);
                } else {
                    self.summary = Some(summary);
                }
                (id, well)
            }
        };
        if well {
            self.list.marked.remove(&id);
        }
        self.looking.forget(&id);
    }

    fn renew(&self, state: &mut State, out: &mut Vec<Effect>) {
        out.extend(state.questions.renew(Topic::Repairs));
        if self.selected().is_some() {
            out.extend(state.questions.renew(Topic::History));
        }
    }

    fn take(&mut self, state: &State, items: Vec<RepairItem>) {
        let had = !self.list.is_empty();
        self.list.take(items);
        self.empty_since = match (self.list.is_empty(), self.empty_since) {
            (false, _) => None,
            (true, None) => Some((state.now, self.loaded && had)),
            (true, since) => since,
        };
        self.loaded = true;
    }

    /// Its history, and what Google has of it.
    fn ask_about_selected(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(id) = self.selected().map(id_of).cloned() else {
            self.card = None;
            return;
        };
        let other = |card: &AppointmentCard| card.appointment.appointment_id != id;
        if self.card.as_ref().is_some_and(other) {
            self.card = None;
        }
        // while much is being done Google is not asked for more
        if self.run.progress().is_none() {
            self.looking.want(state, &id, out);
        }
        out.extend(state.questions.want(Topic::History, Query::Appointment(id)));
    }

    /// Why Google could not be read for an item, if it could not.
    pub fn unread(&self, id: &AppointmentId) -> Option<&str> {
        self.looking.problem(id)
    }
}
