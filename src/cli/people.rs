//! Customers.

use super::args::{CustomerAct, CustomerAdd, CustomerList, CustomerShow};
use super::input::Known;
use super::objects::{AppointmentObject, CustomerCardObject, CustomerHitObject, CustomerObject};
use super::say::{self, quoted};
use super::voice::{Done, Failure, Result};
use super::{Front, find, input, misfit};
use crate::port::command::{Code, Command, Outcome};
use crate::port::query::{Answer, CustomerHit, Query};
use std::fmt::Write;

pub(super) fn customer(front: &mut Front<'_>, act: &CustomerAct) -> Result<Done> {
    match act {
        CustomerAct::Add(add) => add_customer(front, add),
        CustomerAct::List(list) => list_customers(front, list),
        CustomerAct::Show(show) => show_customer(front, show),
    }
}

fn add_customer(front: &mut Front<'_>, add: &CustomerAdd) -> Result<Done> {
    let known = input::details(&add.details, front.today())?;
    let new = input::new_customer(&add.name, known)?;
    match front.perform(Command::AddCustomer(new))? {
        Outcome::Customer(customer) => front.done(&CustomerObject::from(&customer), || {
            format!(
                "Recorded: {}\n  id  {}",
                say::person(&customer),
                customer.customer_id
            )
        }),
        _ => Err(misfit()),
    }
}

fn list_customers(front: &Front<'_>, list: &CustomerList) -> Result<Done> {
    let text = input::label(&list.query.join(" "), "query")?;
    let most = usize::from(list.limit);
    let query = Query::Customers {
        text: text.clone(),
        // one more than is shown tells whether there are more
        limit: most + 1,
    };
    let Answer::Customers(mut hits) = front.ask(&query)? else {
        return Err(misfit());
    };
    let more = hits.len() > most;
    hits.truncate(most);
    let warning = more.then(|| {
        let message =
            format!("There are more than these {most}: ask for less, or for more with --limit.");
        Failure::new(Code::Usage, message)
    });
    let objects: Vec<CustomerHitObject> = hits.iter().map(Into::into).collect();
    let done = front.done(&objects, || {
        let rows: Vec<Vec<String>> = hits.iter().map(|hit| row(front, hit)).collect();
        match (rows.is_empty(), text.is_empty()) {
            (false, _) => say::table(&rows),
            (true, true) => {
                "No customer is recorded yet: frontdesk customer add --name NAME".to_owned()
            }
            (true, false) => format!("Nobody found for {}.", quoted(&text)),
        }
    })?;
    Ok(done.warned(warning))
}

fn row(front: &Front<'_>, hit: &CustomerHit) -> Vec<String> {
    let c = &hit.customer;
    let dash = || "-".to_owned();
    vec![
        c.customer_name.clone(),
        c.born.map_or_else(dash, |born| born.to_string()),
        c.mobile.clone().unwrap_or_else(dash),
        hit.next_visit.as_ref().map_or_else(dash, |(at, doctor)| {
            format!("next {} {doctor}", say::at(*at, front.zone()))
        }),
        c.customer_id.to_string(),
    ]
}

fn show_customer(front: &Front<'_>, show: &CustomerShow) -> Result<Done> {
    let customer = find::customer(
        front,
        &show.id,
        &Known::default(),
        "“frontdesk customer list” shows who is recorded.",
    )?;
    let Answer::Customer(card) = front.ask(&Query::Customer(customer.customer_id))? else {
        return Err(misfit());
    };
    let object = CustomerCardObject {
        customer: (&card.customer).into(),
        visits: card.visits.iter().map(AppointmentObject::from).collect(),
    };
    front.done(&object, || {
        let c = &card.customer;
        let mut rows = vec![vec![c.customer_name.clone()]];
        let mut line = |label: &str, value: Option<String>| {
            rows.extend(value.map(|value| vec![format!("  {label:<7} {value}")]));
        };
        line("born", c.born.map(|born| born.to_string()));
        line("phone", c.mobile.clone());
        line("e-mail", c.email.clone());
        line("id", Some(c.customer_id.to_string()));
        let mut text = say::table(&rows);
        let visits: Vec<Vec<String>> = card
            .visits
            .iter()
            .map(|visit| {
                vec![
                    format!("  {}", say::when(&visit.visit, front.zone())),
                    visit.doctor_name.clone(),
                    visit.service_name.clone(),
                    say::standing(visit).to_owned(),
                    say::short(visit.appointment_id.as_str()),
                ]
            })
            .collect();
        if visits.is_empty() {
            text.push_str("\nNo visits.");
        } else {
            let _ = write!(
                text,
                "\n{} (times of {})\n{}",
                say::count(visits.len(), "visit", "visits"),
                front.zone(),
                say::table(&visits)
            );
        }
        text
    })
}
