//! From Enter to the end of the booking: what is sent, how far it is, what a refusal leaves. "Booked"
//! is said only once the booking has ended so.

use super::{Asked, Booking, Fate, Focus, Person, words};
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::layout::Shape;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::customer::NewCustomer;
use crate::domain::text::{NAME, clean, phone_digits};
use crate::domain::time::Moment;
use crate::port::command::{Book, Code, Command, Outcome, Refusal, Who};
use crate::port::query::CustomerHit;
use crate::port::report::Progress;

/// How far a booking is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being typed.
    Typing,
    /// Google does not answer: is it to be booked provisionally?
    Asking,
    /// It is under way.
    Running {
        /// The act.
        ticket: u64,
        /// Since when.
        since: Moment,
        /// What has been done, in order.
        steps: Vec<Progress>,
    },
}

impl Booking {
    /// Enter once somebody is picked, or the agreement to book provisionally.
    pub(super) fn confirm(&mut self, state: &mut State, provisional: bool, out: &mut Vec<Effect>) {
        if state.layout().shape == Shape::Tiny {
            // the wrong patient is the worst slip: nothing is booked that cannot be read
            let words = "Too small to read what is booked: make the window 40 by 12 or larger.";
            self.problem = Some(words.to_owned());
            self.held = None;
            return;
        }
        if self.asked.is_some_and(|(_, asked)| asked != Asked::Search) {
            self.held = Some(provisional);
            return;
        }
        if !self.services.typed.is_blank() && self.services.options(state).is_empty() {
            self.problem = Some(format!(
                "No service is called “{}”: choose one with the arrows, or type minutes.",
                self.services.typed.text().trim()
            ));
            self.focus_on(Focus::Service);
            return;
        }
        self.submit(state, provisional, out);
    }

    /// Hands the booking out.
    fn submit(&mut self, state: &mut State, provisional: bool, out: &mut Vec<Effect>) {
        let customer = match &self.people.person {
            Some(Person::Known(hit)) => Who::Known(hit.customer.customer_id.clone()),
            Some(Person::New) => match self.people.new_customer(state.today()) {
                Ok(new) => Who::New(new),
                Err(why) => {
                    self.stage = Stage::Typing;
                    self.problem = Some(why);
                    self.focus_on(Focus::Born);
                    return;
                }
            },
            None => return,
        };
        self.problem = None;
        self.offered.clear();
        let (ticket, effect) = state.perform(Command::Book(Book {
            doctor: self.doctor.doctor_id.clone(),
            customer,
            start: self.start,
            length: self.services.choice.length.clone(),
            reason: self.reason.text().trim().to_owned(),
            provisional,
            key: None,
        }));
        self.stage = Stage::Running {
            ticket,
            since: state.now,
            steps: Vec::new(),
        };
        out.push(effect);
    }

    /// Not provisionally: everything stands as it was typed.
    pub(super) fn decline(&mut self) {
        self.stage = Stage::Typing;
        self.problem = Some(
            "Nothing was booked. Enter tries again, Esc puts it aside until Google answers."
                .to_owned(),
        );
    }

    pub(super) fn progressed(&mut self, number: u64, step: Progress) {
        if let Stage::Running { ticket, steps, .. } = &mut self.stage
            && *ticket == number
            && steps.last() != Some(&step)
        {
            steps.push(step);
        }
    }

    /// It has ended well: it is told, and the desk shows the visit.
    pub(super) fn done(
        &mut self,
        state: &mut State,
        outcome: &Outcome,
        out: &mut Vec<Effect>,
    ) -> Fate {
        let (tone, mut text) = wording::outcome(state, outcome);
        if let (Outcome::Booked(_), Stage::Running { since, steps, .. }) = (outcome, &self.stage) {
            let took = (state.now - *since).num_milliseconds();
            text = format!("{text} {}", words::ended(steps, took, state.ascii));
        }
        state.say(tone, text);
        if let (Outcome::Booked(visit) | Outcome::BookedProvisionally(visit), false) =
            (outcome, self.parked)
        {
            let there = Action::SelectSlot(visit.doctor_id.clone(), visit.visit.start());
            desk::act(state, &there, out);
        }
        Fate::Close
    }

    /// It was refused: all that was typed stays, with the reason and what is free instead.
    pub(super) fn refused(&mut self, state: &mut State, refusal: &Refusal, out: &mut Vec<Effect>) {
        let agreed = refusal.code == Code::NoAnswer;
        self.stage = if agreed { Stage::Asking } else { Stage::Typing };
        self.problem = Some(refusal.message.clone());
        self.offered.clone_from(&refusal.nearest);
        let new = matches!(self.people.person, Some(Person::New));
        if self.parked {
            self.look_up = new;
            state.say(
                Tone::Bad,
                format!(
                    "{} What was typed has been put aside: p brings it back.",
                    refusal.message
                ),
            );
        } else if new {
            self.ask_whether_recorded(state, out);
        }
    }

    /// A refused booking may have recorded its new person: that one is meant when it is tried again,
    /// and not a second one of the same name. Only somebody who was not there before can be meant.
    pub(super) fn recorded(&mut self, state: &State, hits: &[CustomerHit]) {
        let Ok(new) = self.people.new_customer(state.today()) else {
            return;
        };
        let before = |hit: &CustomerHit| {
            self.people
                .hits
                .iter()
                .any(|old| old.customer.customer_id == hit.customer.customer_id)
        };
        let found = hits
            .iter()
            .find(|hit| is_the_same(hit, &new) && !before(hit));
        if let Some(hit) = found.cloned() {
            self.people.take(hit);
            let fields = self.fields();
            if !fields.contains(&self.focus) {
                self.focus_on(Focus::Service);
            }
        }
    }
}

fn is_the_same(hit: &CustomerHit, new: &NewCustomer) -> bool {
    let phone = |text: Option<&String>| text.map(|text| phone_digits(text));
    let email = |text: Option<&String>| text.map(|text| clean(text, NAME));
    let known = &hit.customer;
    known.customer_name == clean(&new.name, NAME)
        && known.born == new.born
        && phone(known.mobile.as_ref()) == phone(new.mobile.as_ref())
        && email(known.email.as_ref()) == email(new.email.as_ref())
}
