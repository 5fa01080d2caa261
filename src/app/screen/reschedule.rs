//! Asks once more before a visit is moved, naming everything that could be the wrong one, then shows how
//! far the move is. A refusal changes nothing: another of the free times that are offered can be taken.

mod words;

pub use words::question;

use super::Fate;
use super::booking::ended;
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::layout::Shape;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::time::{Interval, Moment};
use crate::port::command::{Command, Outcome, Refusal};
use crate::port::report::{Progress, Report, Topic};

/// A move being confirmed. Which visit it is about is the one in hand ([`State::picked_up`]).
#[derive(Clone, Debug)]
pub struct Reschedule {
    /// The new start.
    pub start: Moment,
    /// What is wrong, in words.
    pub problem: Option<String>,
    /// Other slots, under Alt and 1 to 3.
    pub offered: Vec<Interval>,
    /// The act under way.
    run: Option<Run>,
}

#[derive(Clone, Debug)]
struct Run {
    ticket: u64,
    since: Moment,
    steps: Vec<Progress>,
}

impl Reschedule {
    /// Asks whether to move the visit in hand to that moment.
    pub fn new(start: Moment) -> Self {
        Self {
            start,
            problem: None,
            offered: Vec::new(),
            run: None,
        }
    }

    /// The act under way.
    pub fn ticket(&self) -> Option<u64> {
        self.run.as_ref().map(|run| run.ticket)
    }

    /// What has been done, in order; none while nothing is under way.
    pub fn steps(&self) -> Option<&[Progress]> {
        self.run.as_ref().map(|run| run.steps.as_slice())
    }

    /// Enter moves; Esc goes back to choosing, or lets go of what is under way.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match (action, self.run.is_some()) {
            (Action::GoBack, running) => {
                if running {
                    // it goes on; how it ends is told
                    state.picked_up = None;
                }
                return Fate::Close;
            }
            (Action::Open, false) => self.confirm(state, out),
            (Action::TakeAlternative(number), false) => self.take_alternative(state, *number, out),
            _ => {}
        }
        Fate::Stay
    }

    fn confirm(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(moved) = &state.picked_up else {
            return;
        };
        if state.layout().shape == Shape::Tiny {
            // the wrong patient is the worst slip: nothing is moved that cannot be read
            let words = "Too small to read what is moved: make the window 40 by 12 or larger.";
            self.problem = Some(words.to_owned());
            return;
        }
        if moved.card.is_none() && state.questions.is_open(Topic::Detail) {
            let words = "Phone and birth date are still being looked up: Enter once more.";
            self.problem = Some(words.to_owned());
            return;
        }
        self.problem = None;
        self.offered.clear();
        let appointment = moved.visit.appointment_id.clone();
        let (ticket, effect) = state.perform(Command::Move {
            appointment,
            start: self.start,
        });
        self.run = Some(Run {
            ticket,
            since: state.now,
            steps: Vec::new(),
        });
        out.push(effect);
    }

    /// Takes one of the times offered; the desk behind goes there too.
    fn take_alternative(&mut self, state: &mut State, number: u8, out: &mut Vec<Effect>) {
        let at = usize::from(number).checked_sub(1);
        let slot = at.and_then(|at| self.offered.get(at)).copied();
        let doctor = state.picked_up.as_ref().map(|m| m.visit.doctor_id.clone());
        if let Some((slot, doctor)) = slot.zip(doctor) {
            self.start = slot.start();
            self.problem = None;
            desk::act(state, &Action::SelectSlot(doctor, slot.start()), out);
        }
    }

    /// Progress and end.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        match report {
            Report::Progressed { ticket, step } => {
                if let Some(run) = self.run.as_mut().filter(|run| run.ticket == *ticket)
                    && run.steps.last() != Some(step)
                {
                    run.steps.push(*step);
                }
                Fate::Stay
            }
            Report::Done { ticket, result } if self.ticket() == Some(*ticket) => match result {
                Ok(outcome) => self.done(state, outcome, out),
                Err(refusal) => {
                    self.refused(refusal);
                    Fate::Stay
                }
            },
            _ => Fate::Stay,
        }
    }

    /// It has ended well, or is recorded: it is told, and the desk shows where the visit stands.
    fn done(&mut self, state: &mut State, outcome: &Outcome, out: &mut Vec<Effect>) -> Fate {
        let (tone, mut text) = wording::outcome(state, outcome);
        if let (Outcome::Moved { .. }, Some(run)) = (outcome, &self.run) {
            let took = (state.now - run.since).num_milliseconds();
            text = format!("{text} {}", ended(&run.steps, took, state.ascii));
        }
        state.picked_up = None;
        state.say(tone, text);
        if let Outcome::Moved { appointment, .. }
        | Outcome::MovedProvisionally { appointment, .. }
        | Outcome::Booked(appointment)
        | Outcome::BookedProvisionally(appointment) = outcome
        {
            let doctor = appointment.doctor_id.clone();
            let there = Action::SelectSlot(doctor, appointment.visit.start());
            desk::act(state, &there, out);
        }
        Fate::Close
    }

    /// It was refused: the visit stays in hand, with the reason and what is free instead.
    fn refused(&mut self, refusal: &Refusal) {
        self.run = None;
        self.problem = Some(refusal.message.clone());
        self.offered.clone_from(&refusal.nearest);
    }

    /// Whether the chosen time is one of those offered.
    pub fn took_offer(&self) -> bool {
        self.offered.iter().any(|slot| slot.start() == self.start)
    }
}
