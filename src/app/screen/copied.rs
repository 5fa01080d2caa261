//! A text that was copied, shown so that it can be marked with the mouse: not every terminal takes a
//! copy.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;

/// The text.
#[derive(Clone, Debug)]
pub struct Copied {
    /// What was copied.
    pub text: String,
}

impl Copied {
    /// Copies again, or closes.
    pub fn act(&mut self, _: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::CopyConfirmation => {
                out.push(Effect::Copy(self.text.clone()));
                Fate::Stay
            }
            Action::GoBack | Action::Open => Fate::Close,
            _ => Fate::Stay,
        }
    }
}
