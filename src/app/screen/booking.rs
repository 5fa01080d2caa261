//! The booking dialog: who comes, what for, and how far the booking has come. One dialog without
//! pages; everything can be typed ahead, and nothing that was typed is lost.

mod born;
mod people;
mod protocol;
mod services;
mod words;

pub use people::{Newcomer, People, Person};
pub use protocol::Stage;
pub use services::{Choice, Services};
pub(super) use words::{born, ended};
pub use words::{briefly, known, offer, question, steps, title};

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::State;
use crate::domain::doctor::Doctor;
use crate::domain::text;
use crate::domain::time::{Interval, Moment};
use crate::port::query::{Answer, Query};
use crate::port::report::{Report, Topic};
use people::{MOST_HITS, Picked};
use serde::{Deserialize, Serialize};

/// What can be wanted only in the booking dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Book although Google does not answer.
    BookProvisionally,
}

/// What is being typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The search for a person.
    Customer,
    /// Phone of somebody new.
    Phone,
    /// E-mail of somebody new.
    Email,
    /// Birth date of somebody new.
    Born,
    /// What for.
    Service,
    /// Why.
    Reason,
}

/// What the open question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Who fits what was typed.
    Search,
    /// What the person came for last.
    Card,
    /// Whether a booking that was refused has recorded its new person all the same.
    Recorded,
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
    /// What is being typed into.
    pub focus: Focus,
    /// Who comes.
    pub people: People,
    /// What for.
    pub services: Services,
    /// Why; may stay empty.
    pub reason: Field,
    /// How far it is.
    pub stage: Stage,
    /// What is wrong, in words.
    pub problem: Option<String>,
    /// Other slots, under Alt and 1 to 3.
    pub offered: Vec<Interval>,
    asked: Option<(u64, Asked)>,
    /// Enter came while something was still being looked up; whether it meant provisionally.
    held: Option<bool>,
    /// Look once more whether the new person has been recorded, as soon as it is open again.
    look_up: bool,
    parked: bool,
}

impl Booking {
    /// An empty booking of that slot.
    pub fn new(_state: &State, doctor: Doctor, start: Moment, free_until: Option<Moment>) -> Self {
        let room = free_until.and_then(|until| u32::try_from((until - start).num_minutes()).ok());
        let usual = u32::from(doctor.slot_minutes).min(room.unwrap_or(u32::MAX));
        Self {
            services: Services::new(usual.max(1)),
            doctor,
            start,
            free_until,
            focus: Focus::Customer,
            people: People::default(),
            reason: Field::new(text::NOTE),
            stage: Stage::Typing,
            problem: None,
            offered: Vec::new(),
            asked: None,
            held: None,
            look_up: false,
            parked: false,
        }
    }

    /// First questions, when it is opened (also when it is brought back).
    pub fn opened(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        self.parked = false;
        if self.people.person.is_none() {
            self.search(state, out);
        } else if std::mem::take(&mut self.look_up) {
            self.ask_whether_recorded(state, out);
        }
    }

    /// Whether something was typed that would be lost.
    pub fn is_draft(&self) -> bool {
        self.ticket().is_none()
            && !(self.people.is_blank() && self.reason.is_blank() && !self.services.touched)
    }

    /// One line for the list of parked drafts and for the question when leaving.
    pub fn summary(&self, state: &State) -> String {
        words::summary(self, state)
    }

    /// The act under way.
    pub fn ticket(&self) -> Option<u64> {
        match &self.stage {
            Stage::Running { ticket, .. } => Some(*ticket),
            Stage::Typing | Stage::Asking => None,
        }
    }

    /// The stretch that is to be booked.
    pub fn visit(&self) -> Interval {
        Interval::lasting(self.start, self.services.choice.minutes)
    }

    /// Fields in the order that Tab goes through them.
    pub fn fields(&self) -> &'static [Focus] {
        match self.people.person {
            Some(Person::New) => &[
                Focus::Customer,
                Focus::Phone,
                Focus::Email,
                Focus::Born,
                Focus::Service,
                Focus::Reason,
            ],
            _ => &[Focus::Customer, Focus::Service, Focus::Reason],
        }
    }

    /// Somebody wants something.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match (&self.stage, action) {
            (Stage::Asking, Action::Booking(Act::BookProvisionally)) => {
                self.confirm(state, true, out);
            }
            (Stage::Asking, Action::GoBack) => self.decline(),
            // what is under way goes on; how it ends is told
            (Stage::Running { .. }, Action::GoBack) => return self.park(),
            (Stage::Typing, Action::GoBack) if self.is_draft() => return self.park(),
            (Stage::Typing, Action::GoBack) => return Fate::Close,
            (Stage::Typing, _) => self.act_typing(state, action, out),
            _ => {}
        }
        Fate::Stay
    }

    fn act_typing(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) {
        match action {
            Action::Open => self.enter(state, out),
            Action::FocusNext => self.focus_by(1),
            Action::FocusPrevious => self.focus_by(self.fields().len() - 1),
            Action::MoveUp => self.vertical(state, false),
            Action::MoveDown => self.vertical(state, true),
            Action::TakeAlternative(number) => self.take_alternative(*number),
            _ => {}
        }
    }

    fn vertical(&mut self, state: &State, down: bool) {
        match self.focus {
            Focus::Customer if self.people.person.is_none() => self.people.step(down),
            Focus::Service => self.services.step(state, down),
            _ if down => self.focus_by(1),
            _ => self.focus_by(self.fields().len() - 1),
        }
    }

    fn focus_by(&mut self, places: usize) {
        let fields = self.fields();
        let at = fields
            .iter()
            .position(|field| *field == self.focus)
            .unwrap_or_default();
        let next = fields.get((at + places) % fields.len()).copied();
        self.focus_on(next.unwrap_or(Focus::Customer));
    }

    fn focus_on(&mut self, field: Focus) {
        if self.focus == Focus::Service && field != Focus::Service {
            self.services.leave();
        }
        self.focus = field;
    }

    /// Enter: picks in the search as long as nobody is picked, and confirms from then on.
    fn enter(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        self.problem = None;
        if self.people.person.is_some() {
            self.confirm(state, false, out);
        } else if self.focus == Focus::Customer {
            let picked = self.people.pick();
            self.picked(picked, state, out);
        } else {
            self.focus_on(Focus::Customer);
            self.problem = Some("Nobody is picked yet: say who comes.".to_owned());
        }
    }

    fn picked(&mut self, picked: Picked, state: &mut State, out: &mut Vec<Effect>) {
        match (picked, &self.people.person) {
            (Picked::Known, Some(Person::Known(hit))) => {
                let query = Query::Customer(hit.customer.customer_id.clone());
                self.ask(state, Asked::Card, query, out);
                self.focus_on(Focus::Service);
            }
            (Picked::New, _) => self.focus_on(Focus::Phone),
            (Picked::Nobody(why), _) => self.problem = Some(why.to_owned()),
            (Picked::Known | Picked::Waiting, _) => {}
        }
    }

    fn take_alternative(&mut self, number: u8) {
        let at = usize::from(number).checked_sub(1);
        if let Some(slot) = at.and_then(|at| self.offered.get(at)).copied() {
            self.start = slot.start();
            self.free_until = None;
            self.problem = None;
        }
    }

    /// Somebody types.
    pub fn edit(&mut self, state: &mut State, edit: &Edit, out: &mut Vec<Effect>) -> Fate {
        match self.stage {
            Stage::Typing => self.edit_field(state, edit, out),
            Stage::Asking => match edit {
                Edit::Insert('y' | 'Y') => self.confirm(state, true, out),
                Edit::Insert('n' | 'N') => self.decline(),
                _ => {}
            },
            Stage::Running { .. } => {}
        }
        Fate::Stay
    }

    fn edit_field(&mut self, state: &mut State, edit: &Edit, out: &mut Vec<Effect>) {
        let newcomer = &mut self.people.newcomer;
        match self.focus {
            Focus::Customer => {
                if self.people.field.apply(edit) {
                    self.problem = None;
                    self.people.typed();
                    self.services.unset();
                    self.search(state, out);
                }
            }
            Focus::Phone => {
                newcomer.phone.apply(edit);
            }
            Focus::Email => {
                newcomer.email.apply(edit);
            }
            Focus::Born => {
                newcomer.born.apply(edit);
            }
            Focus::Service => self.services.edit(state, edit),
            Focus::Reason => {
                self.reason.apply(edit);
            }
        }
    }

    /// A lane tells something.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        match report {
            Report::Answered {
                topic: Topic::Customers,
                question,
                answer,
            } => {
                if let Some((_, asked)) = self.asked.take_if(|(number, _)| number == question) {
                    self.answered(state, asked, answer.as_deref().ok(), out);
                }
                Fate::Stay
            }
            Report::Progressed { ticket, step } => {
                self.progressed(*ticket, *step);
                Fate::Stay
            }
            Report::Done { ticket, result } if self.ticket() == Some(*ticket) => match result {
                Ok(outcome) => self.done(state, outcome, out),
                Err(refusal) => {
                    self.refused(state, refusal, out);
                    Fate::Stay
                }
            },
            _ => Fate::Stay,
        }
    }

    fn answered(
        &mut self,
        state: &mut State,
        asked: Asked,
        answer: Option<&Answer>,
        out: &mut Vec<Effect>,
    ) {
        match (asked, answer) {
            (Asked::Search, Some(Answer::Customers(hits))) => {
                if let Some(picked) = self.people.found(hits.clone()) {
                    self.picked(picked, state, out);
                }
            }
            // the update has said why not; a letter more asks again
            (Asked::Search, _) => self.people.held = false,
            (Asked::Card, Some(Answer::Customer(card))) => {
                let before = self.services.choice.clone();
                self.services.preset(state, card, self.room());
                // what was confirmed is what the line said, never something newer
                if self.services.choice != before {
                    self.held = None;
                }
            }
            (Asked::Recorded, Some(Answer::Customers(hits))) => self.recorded(state, hits),
            _ => {}
        }
        if let Some(provisional) = self.held.take() {
            self.confirm(state, provisional, out);
        }
    }

    /// Minutes from the start to where the free time ends.
    fn room(&self) -> Option<i64> {
        self.free_until
            .map(|until| (until - self.start).num_minutes())
    }

    fn search(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let query = Query::Customers {
            text: self.people.name().to_owned(),
            limit: MOST_HITS,
        };
        self.ask(state, Asked::Search, query, out);
    }

    fn ask_whether_recorded(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let query = Query::Customers {
            text: self.people.name().to_owned(),
            limit: MOST_HITS,
        };
        self.ask(state, Asked::Recorded, query, out);
    }

    fn ask(&mut self, state: &mut State, what: Asked, query: Query, out: &mut Vec<Effect>) {
        let effect = state.ask(Topic::Customers, query);
        if let Effect::Ask { question, .. } = &effect {
            self.asked = Some((*question, what));
        }
        out.push(effect);
    }

    /// Put aside, as it is.
    fn park(&mut self) -> Fate {
        self.parked = true;
        self.held = None;
        // an answer may come to the next dialog's question meanwhile
        if let Some((_, Asked::Recorded)) = self.asked.take() {
            self.look_up = true;
        }
        Fate::Park(Box::new(self.clone()))
    }
}
