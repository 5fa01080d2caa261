//! Who comes: the search by name, phone and birth date, and the person that was picked. Only an act
//! of choosing makes somebody the person of the booking; what was typed never does.

use super::born;
use crate::app::field::Field;
use crate::domain::customer::NewCustomer;
use crate::domain::text;
use crate::port::query::CustomerHit;
use chrono::NaiveDate;

/// People asked for at once: more than can be looked through.
pub const MOST_HITS: usize = 20;

/// Who was picked.
#[derive(Clone, Debug)]
pub enum Person {
    /// Somebody we know.
    Known(Box<CustomerHit>),
    /// Somebody to record with the booking; the name is what stands in the search.
    New,
}

/// What is asked of somebody new.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Phone.
    pub phone: Field,
    /// E-mail.
    pub email: Field,
    /// Date of birth.
    pub born: Field,
}

impl Default for Newcomer {
    fn default() -> Self {
        Self {
            phone: Field::new(text::NAME),
            email: Field::new(text::NAME),
            born: Field::new(40),
        }
    }
}

/// The search for a person and its result.
#[derive(Clone, Debug)]
pub struct People {
    /// What was typed: a name, a phone, a birth date.
    pub field: Field,
    /// Who was found for it, the best first.
    pub hits: Vec<CustomerHit>,
    /// The selected line: a hit, or behind them the line that makes somebody new.
    pub at: Option<usize>,
    /// Who was picked.
    pub person: Option<Person>,
    /// What is asked of somebody new.
    pub newcomer: Newcomer,
    /// Whether the hits are those of what was typed.
    pub(super) current: bool,
    /// Enter came before the answer.
    pub(super) held: bool,
}

impl Default for People {
    fn default() -> Self {
        Self {
            field: Field::new(text::NAME),
            hits: Vec::new(),
            at: None,
            person: None,
            newcomer: Newcomer::default(),
            current: false,
            held: false,
        }
    }
}

/// What Enter in the search comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picked {
    /// Somebody we know.
    Known,
    /// Somebody new.
    New,
    /// Nobody yet: the answer is on its way.
    Waiting,
    /// Nobody: a line has to be chosen.
    Nobody(&'static str),
}

impl People {
    /// The name that is typed, without blanks at its ends.
    pub fn name(&self) -> &str {
        self.field.text().trim()
    }

    /// Whether the last line makes somebody new of what was typed: it must look like a name.
    pub fn offers_new(&self) -> bool {
        self.current && self.name().chars().any(char::is_alphabetic)
    }

    /// Lines that can be chosen.
    pub fn lines(&self) -> usize {
        self.hits.len() + usize::from(self.offers_new())
    }

    /// Whether what was found is not yet what was typed.
    pub fn is_searching(&self) -> bool {
        !self.current
    }

    /// Whether somebody of exactly this name is known already.
    pub fn has_namesake(&self) -> bool {
        let name = self.name().to_lowercase();
        self.hits
            .iter()
            .any(|hit| hit.customer.customer_name.to_lowercase() == name)
    }

    /// The text has changed: what was found and picked is of another text.
    pub(super) fn typed(&mut self) {
        self.person = None;
        self.current = false;
        self.held = false;
    }

    /// One line up or down; from the first up to the last, which makes somebody new.
    pub(super) fn step(&mut self, down: bool) {
        let lines = self.lines();
        self.at = match (self.at, down) {
            _ if lines == 0 => None,
            (None, true) => Some(0),
            (Some(at), true) => Some((at + 1) % lines),
            (None | Some(0), false) => Some(lines - 1),
            (Some(at), false) => Some(at - 1),
        };
    }

    /// Takes what was found. Enter that came before is carried out only where it cannot mean
    /// somebody whom nobody has looked at.
    pub(super) fn found(&mut self, hits: Vec<CustomerHit>) -> Option<Picked> {
        self.hits = hits;
        self.current = true;
        let blank = self.field.is_blank();
        self.at = (!blank && self.lines() > 0).then_some(0);
        if !std::mem::take(&mut self.held) {
            return None;
        }
        Some(if blank || self.hits.len() > 1 {
            Picked::Nobody("Several people could be meant: choose one with the arrows and Enter.")
        } else {
            self.pick()
        })
    }

    /// Enter in the search.
    pub(super) fn pick(&mut self) -> Picked {
        if !self.current {
            self.held = true;
            return Picked::Waiting;
        }
        match self.at {
            Some(at) => match self.hits.get(at).cloned() {
                Some(hit) => {
                    self.take(hit);
                    Picked::Known
                }
                None if self.offers_new() => {
                    self.person = Some(Person::New);
                    Picked::New
                }
                None => Picked::Nobody("Choose somebody from the list."),
            },
            None if self.field.is_blank() => Picked::Nobody(
                "Type a name, a phone number or a birth date, or choose with the arrows.",
            ),
            None => Picked::Nobody("Nobody was found. Type a name to record somebody new."),
        }
    }

    /// This person it is.
    pub(super) fn take(&mut self, hit: CustomerHit) {
        self.field.set(&hit.customer.customer_name);
        self.person = Some(Person::Known(Box::new(hit)));
    }

    /// What is to be recorded of somebody new.
    pub(super) fn new_customer(&self, today: NaiveDate) -> Result<NewCustomer, String> {
        let filled = |field: &Field| {
            let text = field.text().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(NewCustomer {
            name: self.name().to_owned(),
            mobile: filled(&self.newcomer.phone),
            email: filled(&self.newcomer.email),
            born: born::read(self.newcomer.born.text(), today)?,
        })
    }

    /// Whether something was typed or picked.
    pub(super) fn is_blank(&self) -> bool {
        let new = &self.newcomer;
        self.person.is_none()
            && [&self.field, &new.phone, &new.email, &new.born]
                .iter()
                .all(|field| field.is_blank())
    }
}
