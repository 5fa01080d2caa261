//! The bookings that were put aside, when there are several: the newest first, to choose from.

use super::booking::Booking;
use super::{Dialog, Fate};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::{State, Tone};

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// The selected line, counted from the newest.
    pub at: usize,
}

impl Drafts {
    /// Enter brings the selected one back, Esc leaves all where they are.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        let last = state.parked.len().saturating_sub(1);
        self.at = self.at.min(last);
        match action {
            Action::MoveUp => self.at = self.at.saturating_sub(1),
            Action::MoveDown => self.at = (self.at + 1).min(last),
            Action::Open => {
                if let Some(place) = state.parked.len().checked_sub(self.at + 1) {
                    bring_back(state, place, out);
                }
                return Fate::Close;
            }
            Action::GoBack => return Fate::Close,
            _ => {}
        }
        Fate::Stay
    }

    /// The bookings in the order of the list.
    pub fn lines(state: &State) -> impl Iterator<Item = &Booking> {
        state.parked.iter().rev()
    }
}

/// Brings back the booking that was put aside, or asks which.
pub fn resume(state: &mut State, out: &mut Vec<Effect>) {
    match state.parked.len() {
        0 => state.say(Tone::Plain, "No booking has been put aside."),
        1 => bring_back(state, 0, out),
        _ => state.open(Dialog::Drafts(Drafts::default())),
    }
}

fn bring_back(state: &mut State, place: usize, out: &mut Vec<Effect>) {
    if place < state.parked.len() {
        let mut booking = state.parked.remove(place);
        booking.opened(state, out);
        state.open(Dialog::Booking(Box::new(booking)));
    }
}
