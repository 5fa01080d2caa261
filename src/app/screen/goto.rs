//! Asks for a date: `tomorrow`, `mon`, `25.10.`, `+7`.

use super::Fate;
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::State;
use crate::domain::dates::{DateError, parse_day};
use chrono::NaiveDate;

/// A date being typed.
#[derive(Clone, Debug)]
pub struct GoTo {
    /// What was typed.
    pub field: Field,
}

impl Default for GoTo {
    fn default() -> Self {
        Self {
            field: Field::new(40),
        }
    }
}

impl GoTo {
    /// The day that is meant so far.
    pub fn day(&self, today: NaiveDate) -> Result<NaiveDate, DateError> {
        parse_day(self.field.text(), today)
    }

    /// Enter goes there, Esc does not.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::Open => match self.day(state.today()) {
                Ok(day) => {
                    desk::act(state, &Action::ShowDay(day), out);
                    Fate::Close
                }
                // the line under the field says why
                Err(_) => Fate::Stay,
            },
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }

    /// Types.
    pub fn edit(&mut self, _: &mut State, edit: &Edit, _: &mut Vec<Effect>) -> Fate {
        self.field.apply(edit);
        Fate::Stay
    }
}
