//! What an event in Google says: title and description from the clinic's template, as far as the
//! clinic lets patient data out. Pure; who reads the calendar decides how much that may be.

use crate::domain::text::clean;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Title of events where people may be named.
pub const DEFAULT_TITLE: &str = "Appointment: {customer} with {doctor}";
/// Title of events where nobody may be named.
pub const OPAQUE_TITLE: &str = "Appointment";
/// Longest title, in characters.
const MOST: usize = 300;

/// How much of a visit Google may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Names in the title, phone and reason in the description.
    Full,
    /// Names in the title, nothing else.
    #[default]
    Name,
    /// No customer data at all: other databases and a rebuild then know times and ids only.
    Opaque,
}

impl Detail {
    /// The word for it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Name => "name",
            Self::Opaque => "opaque",
        }
    }

    /// The title where the clinic gives no template of its own.
    pub fn default_title(self) -> &'static str {
        match self {
            Self::Full | Self::Name => DEFAULT_TITLE,
            Self::Opaque => OPAQUE_TITLE,
        }
    }
}

/// What stands for something else in a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// Who comes.
    Customer,
    /// Who is booked.
    Doctor,
    /// What for.
    Service,
    /// The customer's phone.
    Phone,
    /// Why they come.
    Reason,
}

impl Placeholder {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Customer,
        Self::Doctor,
        Self::Service,
        Self::Phone,
        Self::Reason,
    ];

    /// Its name between the braces.
    pub fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Doctor => "doctor",
            Self::Service => "service",
            Self::Phone => "phone",
            Self::Reason => "reason",
        }
    }

    /// Whether so much detail lets it out. What somebody comes for says something of them, so an
    /// opaque title may name the calendar's owner and nothing else.
    pub fn allowed(self, detail: Detail) -> bool {
        match detail {
            Detail::Full => true,
            Detail::Name => !matches!(self, Self::Phone | Self::Reason),
            Detail::Opaque => self == Self::Doctor,
        }
    }
}

/// A title that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TitleError {
    /// Not one of the placeholders.
    #[error(
        "“{{{0}}}” is not known in a title: there are {{customer}}, {{doctor}}, {{service}}, {{phone}} and {{reason}}"
    )]
    Unknown(String),
    /// A brace that belongs to no placeholder.
    #[error("a brace without its partner: write placeholders like {{customer}}")]
    Brace,
    /// Known, but it would tell more than the clinic lets out.
    #[error(
        "“{{{}}}” is not possible with detail = \"{}\", which keeps it out of Google: take it out of the title, or choose another detail",
        .0.word(), .1.word()
    )]
    Forbidden(Placeholder, Detail),
    /// Nothing to read.
    #[error("a title must not be empty")]
    Empty,
    /// Too much to read.
    #[error("a title has at most {MOST} characters")]
    Long,
}

/// The names and texts of one visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Who comes.
    pub customer: &'a str,
    /// Who is booked.
    pub doctor: &'a str,
    /// What for; empty without a service.
    pub service: &'a str,
    /// The customer's phone.
    pub phone: Option<&'a str>,
    /// Why they come; may be empty.
    pub reason: &'a str,
}

/// How events are worded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The template of the title.
    pub title: String,
    /// How much Google may know.
    pub detail: Detail,
}

impl Default for Wording {
    fn default() -> Self {
        Self {
            title: DEFAULT_TITLE.to_owned(),
            detail: Detail::Name,
        }
    }
}

enum Part<'a> {
    Plain(&'a str),
    Named(&'a str),
}

/// The template cut at its braces; none when they do not fit.
fn parts(template: &str) -> Option<Vec<Part<'_>>> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('{') {
        let (name, next) = after.split_once('}')?;
        if plain.contains('}') || name.contains('{') {
            return None;
        }
        out.push(Part::Plain(plain));
        out.push(Part::Named(name));
        rest = next;
    }
    out.push(Part::Plain(rest));
    (!rest.contains('}')).then_some(out)
}

fn named(word: &str) -> Option<Placeholder> {
    Placeholder::ALL.into_iter().find(|p| p.word() == word)
}

impl Wording {
    /// A wording whose template can be used with so much detail.
    pub fn new(title: &str, detail: Detail) -> Result<Self, TitleError> {
        let title_clean = clean(title, MOST + 1);
        if title_clean.is_empty() {
            return Err(TitleError::Empty);
        }
        if title_clean.chars().count() > MOST {
            return Err(TitleError::Long);
        }
        for part in parts(&title_clean).ok_or(TitleError::Brace)? {
            if let Part::Named(word) = part {
                let placeholder =
                    named(word).ok_or_else(|| TitleError::Unknown(clean(word, 40)))?;
                if !placeholder.allowed(detail) {
                    return Err(TitleError::Forbidden(placeholder, detail));
                }
            }
        }
        Ok(Self {
            title: title_clean,
            detail,
        })
    }

    /// The title of a visit's event. Never empty, and never more than the detail lets out, whatever
    /// the template says.
    pub fn title(&self, facts: &Facts<'_>) -> String {
        let mut out = String::new();
        for part in parts(&self.title).unwrap_or_default() {
            match part {
                Part::Plain(text) => out.push_str(text),
                Part::Named(word) => out.push_str(self.value(word, facts)),
            }
        }
        // what is empty leaves a separator behind
        let title = clean(&out, MOST);
        let title = title.trim_matches([' ', '-', '–', '·', ':', ',', '/', '|']);
        if title.is_empty() {
            OPAQUE_TITLE.to_owned()
        } else {
            title.to_owned()
        }
    }

    /// The longer text of a visit's event: phone and reason with full detail, otherwise empty.
    pub fn description(&self, facts: &Facts<'_>) -> String {
        if self.detail != Detail::Full {
            return String::new();
        }
        let phone = facts.phone.unwrap_or_default();
        [("Phone", phone), ("Reason", facts.reason)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| format!("{label}: {}", clean(text, crate::domain::text::NOTE)))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn value<'a>(&self, word: &str, facts: &Facts<'a>) -> &'a str {
        match named(word).filter(|p| p.allowed(self.detail)) {
            Some(Placeholder::Customer) => facts.customer,
            Some(Placeholder::Doctor) => facts.doctor,
            Some(Placeholder::Service) => facts.service,
            Some(Placeholder::Phone) => facts.phone.unwrap_or_default(),
            Some(Placeholder::Reason) => facts.reason,
            None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts<'_> = Facts {
        customer: "Maria López",
        doctor: "Dr. Chen",
        service: "Check-up",
        phone: Some("+49 30 1234"),
        reason: "a cough",
    };

    #[test]
    fn each_detail_lets_out_what_it_says_and_no_more() {
        let full = Wording::new(DEFAULT_TITLE, Detail::Full).unwrap();
        assert_eq!(full.title(&FACTS), "Appointment: Maria López with Dr. Chen");
        assert_eq!(
            full.description(&FACTS),
            "Phone: +49 30 1234\nReason: a cough"
        );
        let name = Wording::default();
        assert_eq!(name.title(&FACTS), "Appointment: Maria López with Dr. Chen");
        assert_eq!(name.description(&FACTS), "");
        let opaque = Wording::new(OPAQUE_TITLE, Detail::Opaque).unwrap();
        assert_eq!(opaque.title(&FACTS), "Appointment");
        assert_eq!(opaque.description(&FACTS), "");
    }

    #[test]
    fn an_opaque_wording_names_no_customer_even_when_its_template_was_never_checked() {
        let forged = Wording {
            title: "{customer} {phone} {reason} {service}".into(),
            detail: Detail::Opaque,
        };
        assert_eq!(forged.title(&FACTS), "Appointment");
    }

    #[test]
    fn a_title_with_what_is_not_known_or_not_allowed_is_refused() {
        let wrong = |title: &str, detail| Wording::new(title, detail).unwrap_err();
        assert_eq!(
            wrong("{patient}", Detail::Full),
            TitleError::Unknown("patient".into())
        );
        assert_eq!(wrong("{customer", Detail::Full), TitleError::Brace);
        assert_eq!(wrong("a } b", Detail::Full), TitleError::Brace);
        assert_eq!(wrong("{a{b}}", Detail::Full), TitleError::Brace);
        assert_eq!(
            wrong("{phone}", Detail::Name),
            TitleError::Forbidden(Placeholder::Phone, Detail::Name)
        );
        assert_eq!(
            wrong("Visit: {customer}", Detail::Opaque),
            TitleError::Forbidden(Placeholder::Customer, Detail::Opaque)
        );
        assert_eq!(wrong(" \u{200b} ", Detail::Full), TitleError::Empty);
        assert_eq!(wrong(&"x".repeat(301), Detail::Full), TitleError::Long);
        assert!(Wording::new("Busy: {doctor}", Detail::Opaque).is_ok());
    }

    #[test]
    fn what_a_person_is_called_is_never_read_as_a_placeholder() {
        let wording = Wording::new("{customer}: {service}", Detail::Name).unwrap();
        let odd = Facts {
            customer: "{phone}",
            service: "",
            ..FACTS
        };
        assert_eq!(wording.title(&odd), "{phone}");
    }
}
