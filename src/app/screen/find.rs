//! The search of visits by name, phone or birth date.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::msg::Edit;
use crate::app::state::State;
use crate::port::report::Report;
use serde::{Deserialize, Serialize};

/// What can be wanted only in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {}

/// The search.
#[derive(Clone, Debug, Default)]
pub struct Find {}

impl Find {
    /// An empty search.
    pub fn new(_state: &State) -> Self {
        Self {}
    }

    /// First questions, when it is opened.
    pub fn opened(&mut self, _state: &mut State, _out: &mut Vec<Effect>) {}

    /// Somebody wants something.
    pub fn act(&mut self, _state: &mut State, action: &Action, _out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }

    /// Somebody types.
    pub fn edit(&mut self, _state: &mut State, _edit: &Edit, _out: &mut Vec<Effect>) -> Fate {
        Fate::Stay
    }

    /// A lane tells something.
    pub fn hear(&mut self, _state: &mut State, _report: &Report, _out: &mut Vec<Effect>) -> Fate {
        Fate::Stay
    }
}
