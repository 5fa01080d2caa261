//! What for, or how long: chosen from a list that typing narrows. A number is a length in minutes.

use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Status;
use crate::domain::service::{MOST_VISIT_MINUTES, Service};
use crate::port::command::Length;
use crate::port::query::CustomerCard;

/// Something that can be chosen, with its name and length as they were when it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// A service, or a bare length.
    pub length: Length,
    /// Name of the service; none of a bare length.
    pub name: Option<String>,
    /// How long.
    pub minutes: u32,
}

impl Choice {
    /// A bare length.
    pub fn minutes(minutes: u32) -> Self {
        Self {
            length: Length::Minutes(minutes),
            name: None,
            minutes,
        }
    }

    fn service(service: &Service) -> Self {
        Self {
            length: Length::Service(service.service_id.clone()),
            name: Some(service.service_name.clone()),
            minutes: service.minutes,
        }
    }

    /// `Follow-up, 30 min`, or `30 min`.
    pub fn words(&self) -> String {
        let long = wording::length(i64::from(self.minutes));
        match &self.name {
            Some(name) => format!("{name}, {long}"),
            None => long,
        }
    }
}

/// The choice of a service.
#[derive(Clone, Debug)]
pub struct Services {
    /// What was typed to narrow the list.
    pub typed: Field,
    /// What is chosen; there is always something.
    pub choice: Choice,
    /// The length that a doctor's slot has.
    usual: u32,
    /// Whether a person has chosen: then nothing is preset any more.
    pub(super) touched: bool,
    /// What was chosen before anything was typed: it stands again when nothing fits what was typed.
    before: Option<Choice>,
}

impl Services {
    /// Preset with a length.
    pub(super) fn new(usual: u32) -> Self {
        Self {
            typed: Field::new(60),
            choice: Choice::minutes(usual),
            usual,
            touched: false,
            before: None,
        }
    }

    /// What can be chosen, given what was typed.
    pub fn options(&self, state: &State) -> Vec<Choice> {
        let typed = self.typed.text().trim().to_lowercase();
        let number = typed.parse::<u32>().ok();
        let bare = match number {
            Some(minutes) => (1..=MOST_VISIT_MINUTES)
                .contains(&minutes)
                .then(|| Choice::minutes(minutes)),
            None => typed.is_empty().then(|| Choice::minutes(self.usual)),
        };
        let services = state
            .services()
            .iter()
            .filter(|service| match number {
                Some(minutes) => service.minutes == minutes,
                None => matches(&service.service_name, &typed),
            })
            .map(Choice::service);
        bare.into_iter().chain(services).collect()
    }

    /// Types; the first that fits is chosen.
    pub(super) fn edit(&mut self, state: &State, edit: &Edit) {
        let begins = self.typed.is_blank();
        if !self.typed.apply(edit) || self.typed.is_blank() {
            return;
        }
        if begins {
            self.before = Some(self.choice.clone());
        }
        // a number of a phone begins like a length: what no longer fits leaves nothing behind
        match (self.options(state).into_iter().next(), &self.before) {
            (Some(first), _) => {
                self.choice = first;
                self.touched = true;
            }
            (None, Some(before)) => self.choice = before.clone(),
            (None, None) => {}
        }
    }

    /// The one before or after.
    pub(super) fn step(&mut self, state: &State, down: bool) {
        let options = self.options(state);
        let at = options.iter().position(|option| *option == self.choice);
        let next = match (at, down) {
            (None, _) => Some(0),
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        if let Some(next) = next.and_then(|at| options.into_iter().nth(at)) {
            self.choice = next;
            self.touched = true;
        }
    }

    /// The focus goes elsewhere: the whole list again.
    pub(super) fn leave(&mut self) {
        self.typed.clear();
    }

    /// What the person came for last, as long as it is on offer, fits into `room` minutes and nobody
    /// has chosen otherwise.
    pub(super) fn preset(&mut self, state: &State, card: &CustomerCard, room: Option<i64>) {
        if self.touched {
            return;
        }
        let last = card
            .visits
            .iter()
            .filter(|visit| matches!(visit.status, Status::Confirmed | Status::Pending))
            .find_map(|visit| visit.service_id.as_ref());
        let service = last.and_then(|id| {
            state
                .services()
                .iter()
                .find(|service| service.service_id == *id)
        });
        if let Some(service) =
            service.filter(|service| room.is_none_or(|room| i64::from(service.minutes) <= room))
        {
            self.choice = Choice::service(service);
        }
    }

    /// Back to the usual length: the person whose habit it was is not picked any more.
    pub(super) fn unset(&mut self) {
        if !self.touched {
            self.choice = Choice::minutes(self.usual);
        }
    }
}

/// Whether the name, or a word of it, starts with what was typed.
fn matches(name: &str, typed: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(typed) || name.split_whitespace().any(|word| word.starts_with(typed))
}
