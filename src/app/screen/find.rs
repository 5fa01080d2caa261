//! The search of visits by name, phone or birth date; and, after it, the way from one to the next.

use super::Fate;
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::appointment::Appointment;
use crate::domain::text;
use crate::port::query::{Answer, Query};
use crate::port::report::{Report, Topic};
use serde::{Deserialize, Serialize};

/// Visits asked for at once.
const MOST: usize = 50;

/// What can be wanted of what was found, on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// To the next visit that was found.
    Next,
    /// To the one before.
    Previous,
}

/// What a search has found, kept for going from one to the next on the desk.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What was searched for.
    pub text: String,
    /// The visits, coming ones first.
    pub visits: Vec<Appointment>,
    /// The one that was gone to last.
    pub at: usize,
}

/// The search.
#[derive(Clone, Debug)]
pub struct Find {
    /// What was typed.
    pub field: Field,
    /// Visits of whom it fits, coming ones first.
    pub visits: Vec<Appointment>,
    /// The selected one.
    pub at: usize,
    /// Whether the visits are those of what was typed.
    pub current: bool,
    held: bool,
}

impl Find {
    /// An empty search.
    pub fn new(_state: &State) -> Self {
        Self {
            field: Field::new(text::NAME),
            visits: Vec::new(),
            at: 0,
            current: true,
            held: false,
        }
    }

    /// Nothing is asked before something is typed.
    pub fn opened(&mut self, _state: &mut State, _out: &mut Vec<Effect>) {}

    /// Somebody wants something.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        let last = self.visits.len().saturating_sub(1);
        match action {
            Action::Open if !self.current => self.held = true,
            Action::Open => return self.go(state, out),
            Action::GoBack => {
                state.questions.forget(Topic::Find);
                return Fate::Close;
            }
            Action::MoveUp => self.at = self.at.saturating_sub(1),
            Action::MoveDown => self.at = (self.at + 1).min(last),
            _ => {}
        }
        Fate::Stay
    }

    /// Somebody types.
    pub fn edit(&mut self, state: &mut State, edit: &Edit, out: &mut Vec<Effect>) -> Fate {
        if self.field.apply(edit) {
            self.held = false;
            self.current = self.field.is_blank();
            if self.current {
                self.visits.clear();
                self.at = 0;
                state.questions.forget(Topic::Find);
            } else {
                let query = Query::FindVisits {
                    text: self.field.text().trim().to_owned(),
                    limit: MOST,
                };
                out.push(state.ask(Topic::Find, query));
            }
        }
        Fate::Stay
    }

    /// A lane tells something.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        if let Report::Answered {
            topic: Topic::Find,
            answer,
            ..
        } = report
        {
            let held = std::mem::take(&mut self.held);
            if let Ok(Answer::Visits(visits)) = answer.as_deref() {
                self.visits.clone_from(visits);
                self.at = 0;
                self.current = true;
                if held {
                    return self.go(state, out);
                }
            }
        }
        Fate::Stay
    }

    fn go(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        if self.visits.is_empty() {
            return Fate::Stay;
        }
        let found = Found {
            text: self.field.text().trim().to_owned(),
            visits: std::mem::take(&mut self.visits),
            at: self.at,
        };
        state.found = found;
        show(state, out);
        Fate::Close
    }
}

/// Goes to the next visit found, or the one before; round at the ends.
pub fn step(state: &mut State, act: Act, out: &mut Vec<Effect>) {
    let found = &mut state.found;
    let all = found.visits.len();
    if all == 0 {
        state.say(
            Tone::Plain,
            "Nothing has been searched for: / searches visits.",
        );
        return;
    }
    found.at = match act {
        Act::Next => (found.at + 1) % all,
        Act::Previous => (found.at + all - 1) % all,
    };
    show(state, out);
}

/// Goes to the visit on the desk. It stands there as it was when it was found.
fn show(state: &mut State, out: &mut Vec<Effect>) {
    let found = &state.found;
    let Some(visit) = found.visits.get(found.at).cloned() else {
        return;
    };
    let place = format!(
        "{} of {} for “{}”: {}.",
        found.at + 1,
        found.visits.len(),
        found.text,
        wording::visit(state, &visit)
    );
    if state.doctor(&visit.doctor_id).is_none() {
        let text = format!(
            "{place} {} is not at this desk any more.",
            visit.doctor_name
        );
        state.say(Tone::Plain, text);
        return;
    }
    let gone = if visit.takes_time() {
        ""
    } else {
        " It was called off."
    };
    state.say(
        Tone::Plain,
        format!("{place}{gone} n and N go to the next and the one before."),
    );
    let there = Action::SelectSlot(visit.doctor_id.clone(), visit.visit.start());
    desk::act(state, &there, out);
}
