//! Whom and what is meant: doctors, services, customers and appointments by id or name. The wrong
//! person is the worst slip at a desk, so nothing is guessed: several are listed, none is said.

use super::input::Known;
use super::objects::CustomerObject;
use super::say::{self, quoted};
use super::voice::{Failure, Result};
use super::{Front, misfit};
use crate::domain::customer::Customer;
use crate::domain::doctor::Doctor;
use crate::domain::id::{AppointmentId, CustomerId};
use crate::domain::service::Service;
use crate::domain::text::{NAME, clean, phone_digits};
use crate::port::command::Code;
use crate::port::query::{Answer, AppointmentCard, CustomerHit, Overview, Query};
use std::fmt::Write;
use uuid::Uuid;

/// The shortest beginning of a doctor's or service's id.
const PREFIX: usize = 4;
/// The shortest beginning of an appointment's id.
const APPOINTMENT_PREFIX: usize = 8;
/// How many of several are listed.
const LISTED: usize = 10;
/// How many people of similar names are looked through for those of exactly one.
const LOOKED_AT: usize = 1_000;

struct Named<'a, T> {
    item: &'a T,
    id: &'a str,
    name: &'a str,
}

/// Which of them is meant, or all that may be.
fn pick<'a, T>(all: &[Named<'a, T>], typed: &str) -> std::result::Result<&'a T, Vec<&'a str>> {
    let wanted = clean(typed, NAME + 1).to_lowercase();
    let is_prefix =
        wanted.len() >= PREFIX && wanted.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let same =
        |n: &&Named<'a, T>| n.id.eq_ignore_ascii_case(&wanted) || n.name.to_lowercase() == wanted;
    let like = |n: &&Named<'a, T>| {
        !wanted.is_empty()
            && (n.name.to_lowercase().contains(&wanted)
                || is_prefix && n.id.to_lowercase().starts_with(&wanted))
    };
    let mut found: Vec<&Named<'a, T>> = all.iter().filter(same).collect();
    if found.is_empty() {
        found = all.iter().filter(like).collect();
    }
    match found.as_slice() {
        [one] => Ok(one.item),
        several => Err(several.iter().map(|n| n.name).collect()),
    }
}

/// The refusal when `several` (or none) of `all` are meant.
fn not_one(what: &str, typed: &str, several: &[&str], all: &[&str], add: &str) -> Failure {
    let said = quoted(typed);
    if !several.is_empty() {
        let names = some(several);
        return Failure::usage(format!(
            "{said} may mean several: {names}. Give the whole name or the id of the {what}."
        ));
    }
    let hint = if all.is_empty() {
        format!("There is no {what} yet: {add}")
    } else if all.len() <= LISTED {
        format!("There are: {}.", all.join(", "))
    } else {
        let mut near: Vec<(f64, &str)> =
            all.iter().map(|name| (alike(name, typed), *name)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near: Vec<&str> = near.iter().take(3).map(|(_, name)| *name).collect();
        format!("The most alike: {}.", near.join(", "))
    };
    Failure::new(Code::NotFound, format!("There is no {what} {said}. {hint}"))
}

fn alike(name: &str, typed: &str) -> f64 {
    let typed = clean(typed, NAME).to_lowercase();
    let name = name.to_lowercase();
    name.split_whitespace()
        .map(|word| strsim::jaro_winkler(word, &typed))
        .fold(strsim::jaro_winkler(&name, &typed), f64::max)
}

fn some(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().copied().take(LISTED).collect();
    let more = names.len() - shown.len();
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

/// The doctor of that id or name.
pub(super) fn doctor<'a>(overview: &'a Overview, typed: &str) -> Result<&'a Doctor> {
    let all: Vec<Named<'a, Doctor>> = overview
        .doctors
        .iter()
        .map(|line| Named {
            item: &line.doctor,
            id: line.doctor.doctor_id.as_str(),
            name: &line.doctor.doctor_name,
        })
        .collect();
    pick(&all, typed).map_err(|several| {
        let names: Vec<&str> = all.iter().map(|n| n.name).collect();
        let add = "frontdesk doctor add --name NAME --calendar ID";
        not_one("doctor", typed, &several, &names, add)
    })
}

/// The service of that id or name.
pub(super) fn service<'a>(overview: &'a Overview, typed: &str) -> Result<&'a Service> {
    let all: Vec<Named<'a, Service>> = overview
        .services
        .iter()
        .map(|service| Named {
            item: service,
            id: service.service_id.as_str(),
            name: &service.service_name,
        })
        .collect();
    pick(&all, typed).map_err(|several| {
        let names: Vec<&str> = all.iter().map(|n| n.name).collect();
        let add = "frontdesk service add --name NAME --minutes N";
        not_one("service", typed, &several, &names, add)
    })
}

/// The customer of that id, or the only one of exactly that name (upper and lower case are one) whom
/// the rest that is known fits.
/// `hint` is what can be done when there is nobody.
pub(super) fn customer(
    front: &Front<'_>,
    typed: &str,
    known: &Known,
    hint: &str,
) -> Result<Customer> {
    let said = quoted(typed);
    if let Ok(id) = Uuid::parse_str(typed.trim()) {
        let id = CustomerId::new(id.hyphenated().to_string());
        let found = match front.ask(&Query::Customer(id)) {
            Ok(Answer::Customer(card)) => card.customer,
            Ok(_) => return Err(misfit()),
            Err(failure) if failure.code == Code::NotFound => {
                let message = format!("There is no customer with the id {said}.");
                return Err(Failure::new(Code::NotFound, message));
            }
            Err(failure) => return Err(failure),
        };
        return if fits(&found, known) {
            Ok(found)
        } else {
            let message = format!(
                "The customer of this id is {}: that does not fit what else was given. Nothing was changed.",
                say::person(&found)
            );
            Err(Failure::usage(message))
        };
    }
    let name = super::input::name(typed, "customer's name")?;
    let hits = hits(front, &name)?;
    let wanted = name.to_lowercase();
    let (same, others): (Vec<Customer>, Vec<Customer>) = hits
        .into_iter()
        .map(|hit| hit.customer)
        .partition(|c| c.customer_name.to_lowercase() == wanted);
    let (mut fitting, rest): (Vec<Customer>, Vec<Customer>) =
        same.into_iter().partition(|c| fits(c, known));
    if fitting.len() == 1 {
        return fitting.pop().ok_or_else(misfit);
    }
    if fitting.len() > 1 {
        let message = format!(
            "{} customers are called {said}. Give the id of the right one:\n{}",
            fitting.len(),
            listed(&fitting)
        );
        let candidates = fitting.iter().map(CustomerObject::from).collect();
        return Err(Failure::usage(message).among(candidates));
    }
    let (head, near) = if rest.is_empty() {
        ("Names that come near:", others)
    } else {
        ("Of that name, but not fitting what else was given:", rest)
    };
    let mut message = format!("There is no customer {said}. {hint}");
    let near: Vec<Customer> = near.into_iter().take(5).collect();
    if !near.is_empty() {
        let _ = write!(message, "\n{head}\n{}", listed(&near));
    }
    Err(Failure::new(Code::NotFound, message))
}

fn hits(front: &Front<'_>, name: &str) -> Result<Vec<CustomerHit>> {
    let query = Query::Customers {
        text: name.to_owned(),
        limit: LOOKED_AT,
    };
    match front.ask(&query)? {
        Answer::Customers(hits) => Ok(hits),
        _ => Err(misfit()),
    }
}

fn fits(customer: &Customer, known: &Known) -> bool {
    let digits = |text: &Option<String>| text.as_deref().map(phone_digits);
    let lower = |text: &Option<String>| text.as_ref().map(|t| t.to_lowercase());
    (known.born.is_none() || known.born == customer.born)
        && (known.mobile.is_none() || digits(&known.mobile) == digits(&customer.mobile))
        && (known.email.is_none() || lower(&known.email) == lower(&customer.email))
}

fn listed(people: &[Customer]) -> String {
    let rows: Vec<Vec<String>> = people
        .iter()
        .take(LISTED)
        .map(|c| {
            vec![
                format!("  {}", c.customer_name),
                c.born
                    .map_or_else(|| "born ?".to_owned(), |born| format!("born {born}")),
                c.mobile.clone().unwrap_or_else(|| "no phone".to_owned()),
                c.customer_id.to_string(),
            ]
        })
        .collect();
    let mut text = say::table(&rows);
    if people.len() > LISTED {
        let _ = write!(text, "\n  and {} more", people.len() - LISTED);
    }
    text
}

/// The appointment of that id, or of the only id that begins so. The desk knows which.
pub(super) fn appointment(front: &Front<'_>, typed: &str) -> Result<AppointmentCard> {
    let id = clean(typed, NAME).to_lowercase();
    // a whole id may be written without its hyphens
    let id = Uuid::parse_str(&id).map_or(id, |uuid| uuid.hyphenated().to_string());
    let said = quoted(typed);
    if id.chars().count() < APPOINTMENT_PREFIX {
        let message = format!(
            "There is no appointment {said}. Give its id, or at least the first {APPOINTMENT_PREFIX} characters of it."
        );
        return Err(Failure::new(Code::NotFound, message));
    }
    match front.ask(&Query::Appointment(AppointmentId::new(id))) {
        Ok(Answer::Appointment(card)) => Ok(*card),
        Ok(_) => Err(misfit()),
        Err(failure) if failure.code == Code::NotFound => {
            let message =
                format!("There is no appointment {said}. “frontdesk agenda” shows those of a day.");
            Err(Failure::new(Code::NotFound, message))
        }
        Err(failure) => Err(failure),
    }
}
