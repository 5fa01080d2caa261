//! Why a moment cannot be booked, in words.

use crate::app::grid::Standing;
use crate::app::state::State;
use crate::app::wording;
use crate::port::query::Reading;

/// What stands at the selected moment, and what can be done: plain sentences.
pub fn why(state: &State) -> String {
    let Some(doctor) = state.selected_doctor() else {
        return "There is no doctor yet.".to_owned();
    };
    let name = &doctor.doctor_name;
    let zone = state.clinic.zone;
    match state.standing() {
        Standing::Loading => "This day is being read from the desk's own records.".to_owned(),
        Standing::Visit(visit) => format!("{} is booked here.", visit.customer_name),
        Standing::Free(free) => format!("Free until {}.", wording::time(state, free.end())),
        Standing::Short(free) => format!(
            "Free for {} only, until {}. A slot of {name} takes {}.",
            wording::length(free.minutes()),
            wording::time(state, free.end()),
            wording::length(i64::from(doctor.slot_minutes)),
        ),
        Standing::Past => "This time has gone by. f finds the next free slot.".to_owned(),
        Standing::Outside => {
            let sheet = state.desk.column().and_then(|c| c.sheet.as_deref());
            let open = sheet.map_or(&[][..], |sheet| &sheet.open);
            if open.is_empty() {
                format!("{name} has no hours on this day. f finds the next free slot.")
            } else {
                let hours: Vec<String> =
                    open.iter().map(|open| wording::span(zone, open)).collect();
                format!(
                    "Outside the hours of {name}: {} on this day.",
                    hours.join(", ")
                )
            }
        }
        Standing::Taken(busy) => format!(
            "Taken in the calendar of {name}, {}. f finds the next free slot.",
            wording::span(zone, &busy)
        ),
        Standing::Buffer(visit) => format!(
            "Kept free around the visit of {} ({}).",
            visit.customer_name,
            wording::span(zone, &visit.visit)
        ),
        Standing::Unknown => unknown(state, name),
    }
}

fn unknown(state: &State, name: &str) -> String {
    let reading = state
        .desk
        .column()
        .and_then(|column| column.sheet.as_ref())
        .map(|sheet| &sheet.reading);
    let tried = match reading {
        Some(Reading::Unknown {
            error: Some((at, why)),
        }) => format!(
            "The calendar of {name} could not be read since {} ({why}).",
            wording::since(state, *at)
        ),
        _ => format!("The calendar of {name} has not been read yet."),
    };
    format!(
        "{tried} Whether this time is free is not known, so it is not offered. R reads it again."
    )
}
