//! Calls a visit off: asks for the reason, then shows how far it is. A refusal keeps what was typed.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::appointment::Appointment;
use crate::domain::text;
use crate::port::command::Command;
use crate::port::report::{Progress, Report};

/// A cancellation being made.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// What is called off.
    pub appointment: Appointment,
    /// Why.
    pub reason: Field,
    /// What is wrong, in words.
    pub error: Option<String>,
    /// How far it is.
    pub step: Option<Progress>,
    ticket: Option<u64>,
}

impl Cancel {
    /// Asks for the reason.
    pub fn new(appointment: Appointment) -> Self {
        Self {
            appointment,
            reason: Field::new(text::NOTE),
            error: None,
            step: None,
            ticket: None,
        }
    }

    /// The act under way.
    pub fn ticket(&self) -> Option<u64> {
        self.ticket
    }

    /// Enter calls off, Esc does not (and lets go of one that is under way).
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::Open if self.ticket.is_none() => {
                if self.reason.is_blank() {
                    self.error = Some("Say why, so that others at the desk know.".to_owned());
                    return Fate::Stay;
                }
                self.error = None;
                let (ticket, effect) = state.perform(Command::Cancel {
                    appointment: self.appointment.appointment_id.clone(),
                    reason: self.reason.text().trim().to_owned(),
                });
                self.ticket = Some(ticket);
                out.push(effect);
                Fate::Stay
            }
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }

    /// Types, unless it is under way.
    pub fn edit(&mut self, _: &mut State, edit: &Edit, _: &mut Vec<Effect>) -> Fate {
        if self.ticket.is_none() {
            self.reason.apply(edit);
        }
        Fate::Stay
    }

    /// Progress and end.
    pub fn hear(&mut self, state: &mut State, report: &Report, _: &mut Vec<Effect>) -> Fate {
        match report {
            Report::Progressed { ticket, step } if self.ticket == Some(*ticket) => {
                self.step = Some(*step);
                Fate::Stay
            }
            Report::Done { ticket, result } if self.ticket == Some(*ticket) => match result {
                Ok(outcome) => {
                    let (tone, text) = wording::outcome(state, outcome);
                    state.say(tone, text);
                    Fate::Close
                }
                Err(refusal) => {
                    self.ticket = None;
                    self.step = None;
                    self.error = Some(refusal.message.clone());
                    Fate::Stay
                }
            },
            _ => Fate::Stay,
        }
    }
}

/// Asks for the reason if the visit can be called off by this person; otherwise says why not.
pub fn begin(state: &mut State, appointment: &Appointment) {
    if let Err(denied) = state.may(crate::domain::policy::Act::Cancel) {
        state.say(Tone::Bad, format!("This visit stays: {denied}."));
    } else if appointment.takes_time() {
        state.open(super::Dialog::Cancel(Box::new(Cancel::new(
            appointment.clone(),
        ))));
    } else {
        state.say(Tone::Plain, "This visit has been called off already.");
    }
}
