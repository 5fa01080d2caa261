//! The booking dialog: who comes, what for, and how far the booking has come.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::msg::Edit;
use crate::app::state::State;
use crate::domain::doctor::Doctor;
use crate::domain::time::Moment;
use crate::port::report::Report;
use serde::{Deserialize, Serialize};

/// What can be wanted only in the booking dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Book although Google does not answer.
    BookProvisionally,
}

/// A booking being made.
#[derive(Clone, Debug)]
pub struct Booking {
    /// Who is booked.
    pub doctor: Doctor,
    /// When it would start.
    pub start: Moment,
    /// Until when the doctor is free, as far as the desk knows.
    pub free_until: Option<Moment>,
}

impl Booking {
    /// An empty booking of that slot.
    pub fn new(_state: &State, doctor: Doctor, start: Moment, free_until: Option<Moment>) -> Self {
        Self {
            doctor,
            start,
            free_until,
        }
    }

    /// First questions, when it is opened (also when it is brought back).
    pub fn opened(&mut self, _state: &mut State, _out: &mut Vec<Effect>) {}

    /// Whether something was typed that would be lost.
    pub fn is_draft(&self) -> bool {
        false
    }

    /// One line for the list of parked drafts and for the question when leaving.
    pub fn summary(&self, _state: &State) -> String {
        format!("booking with {}", self.doctor.doctor_name)
    }

    /// The act under way.
    pub fn ticket(&self) -> Option<u64> {
        None
    }

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
