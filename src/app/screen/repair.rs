//! The repair pane: what is not in step with Google, since when, and what can be done about it.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::port::query::RepairAction;
use crate::port::report::Report;
use serde::{Deserialize, Serialize};

/// What can be wanted only in the repair pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Do this about the marked items, or the selected one.
    Settle(RepairAction),
}

/// The repair pane.
#[derive(Clone, Debug, Default)]
pub struct Repair {}

impl Repair {
    /// An empty pane.
    pub fn new(_state: &State) -> Self {
        Self {}
    }

    /// First questions, when it is opened.
    pub fn opened(&mut self, _state: &mut State, _out: &mut Vec<Effect>) {}

    /// Whether it says itself how that act ends.
    pub fn owns(&self, _ticket: u64) -> bool {
        false
    }

    /// Somebody wants something.
    pub fn act(&mut self, _state: &mut State, action: &Action, _out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }

    /// A lane tells something.
    pub fn hear(&mut self, _state: &mut State, _report: &Report, _out: &mut Vec<Effect>) -> Fate {
        Fate::Stay
    }
}
