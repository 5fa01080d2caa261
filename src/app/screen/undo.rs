//! Asks whether the last act is to be undone, and says what that was.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::id::AuditId;
use crate::port::command::Command;

/// The question.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Which act.
    pub audit: AuditId,
    /// What it was, in words.
    pub what: String,
}

impl Undo {
    /// Enter undoes, Esc does not.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::Open => {
                let (_, effect) = state.perform(Command::Undo(self.audit));
                out.push(effect);
                Fate::Close
            }
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }
}
