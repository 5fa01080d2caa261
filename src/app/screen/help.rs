//! The keys. What they are is made from the live keymap when it is drawn; here is only how far it is
//! scrolled.

use super::{Context, Fate};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;

/// The open help.
#[derive(Clone, Debug)]
pub struct Help {
    /// First row shown.
    pub top: u16,
    /// Where it was opened.
    pub from: Context,
}

impl Help {
    /// The help as opened from somewhere.
    pub fn new(from: Context) -> Self {
        Self { top: 0, from }
    }

    /// Rows of it that fit on the screen.
    pub fn rows((_, height): (u16, u16)) -> u16 {
        height.saturating_sub(4).max(1)
    }

    /// Scrolls, or closes.
    pub fn act(&mut self, state: &mut State, action: &Action, _: &mut Vec<Effect>) -> Fate {
        let page = Self::rows(state.size);
        let most = state.help_rows.saturating_sub(page);
        self.top = match action {
            Action::MoveUp => self.top.saturating_sub(1),
            Action::MoveDown => self.top + 1,
            Action::ShowPreviousDay => self.top.saturating_sub(page),
            Action::ShowNextDay => self.top.saturating_add(page),
            Action::MoveFirst => 0,
            Action::MoveLast => most,
            Action::GoBack | Action::Open | Action::ShowHelp | Action::Quit => return Fate::Close,
            _ => self.top,
        }
        .min(most);
        Fate::Stay
    }
}
