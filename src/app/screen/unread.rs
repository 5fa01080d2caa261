//! Stands between a calendar that could not be read and a booking or a move: unknown is not free, so
//! nothing gets there by accident.

use super::booking::Booking;
use super::reschedule::Reschedule;
use super::{Dialog, Fate};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::doctor::Doctor;
use crate::domain::time::Moment;
use crate::port::command::Command;

/// The question.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Whose calendar.
    pub doctor: Doctor,
    /// The time that was chosen.
    pub start: Moment,
    /// Why it is unknown, in words.
    pub why: String,
    /// Whether the visit in hand is to go there, and not a new one.
    pub moving: bool,
}

impl Unread {
    /// A new visit is to be booked there.
    pub fn new(doctor: Doctor, start: Moment, why: String) -> Self {
        Self {
            doctor,
            start,
            why,
            moving: false,
        }
    }

    /// The visit in hand is to be moved there.
    pub fn moving(doctor: Doctor, start: Moment, why: String) -> Self {
        Self {
            moving: true,
            ..Self::new(doctor, start, why)
        }
    }

    /// Reads the calendar, books or moves all the same, or goes back.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::RefreshCalendars => {
                let doctor = self.doctor.doctor_id.clone();
                let (_, effect) = state.perform(Command::Refresh(vec![doctor]));
                out.push(effect);
                Fate::Close
            }
            Action::BookUnread if self.moving => {
                if state.picked_up.is_some() {
                    let asked = Reschedule::new(self.start);
                    state.open(Dialog::Reschedule(Box::new(asked)));
                }
                Fate::Close
            }
            Action::BookUnread => {
                let mut booking = Booking::new(state, self.doctor.clone(), self.start, None);
                booking.opened(state, out);
                state.open(Dialog::Booking(Box::new(booking)));
                Fate::Close
            }
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }
}
