//! What the question says: who, what for and with whom, from when to when.

use super::Reschedule;
use crate::app::grid::stretch_at;
use crate::app::screen::booking::{born, offer};
use crate::app::state::State;

/// What Enter is about to do, in four lines that name everything that could be the wrong one: the person
/// with birth date and phone; what for and with whom; the old time; the new one. None when no visit is in
/// hand any more.
pub fn question(asked: &Reschedule, state: &State) -> Option<[String; 4]> {
    let moved = state.picked_up.as_ref()?;
    let visit = &moved.visit;
    let customer = moved.card.as_ref().map(|card| card.customer.as_ref());
    let person = match customer {
        Some(Some(customer)) => format!(
            "{}, {}, {}",
            visit.customer_name,
            born(customer.born),
            customer.mobile.as_deref().unwrap_or("no phone")
        ),
        Some(None) => format!("{}, no birth date, no phone", visit.customer_name),
        None => format!("{}, birth date and phone not read yet", visit.customer_name),
    };
    let minutes = crate::app::wording::length(visit.visit.minutes());
    let what = match visit.service_name.as_str() {
        "" => minutes,
        service => format!("{service}, {minutes}"),
    };
    let zone = state.clinic.zone;
    let elsewhere = match state.doctor(&visit.doctor_id) {
        Some(doctor) if doctor.zone != zone => format!(" ({zone})"),
        _ => String::new(),
    };
    let to = stretch_at(visit, asked.start)?;
    Some([
        person,
        format!("{what} with {}", visit.doctor_name),
        format!("{}{elsewhere}", offer(state, &visit.visit)),
        format!("{}{elsewhere}", offer(state, &to)),
    ])
}
