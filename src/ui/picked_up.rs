//! What is said about a visit that is being moved: the line at the bottom, and the panel or strip of
//! details while its new time is being chosen.

use super::detail::{Said, person};
use super::hints;
use super::pen::Pen;
use super::text::{fit, width};
use crate::app::desk::{Pane, PickedUp, why_not};
use crate::app::grid::Fit;
use crate::app::layout::{Area, Shape};
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Appointment;
use ratatui::style::Style;

/// The line at the bottom: what is being moved, and how to put it down or drop it. The name gives way
/// first, the keys never.
pub(super) fn hint(pen: &mut Pen, area: Area, state: &State, visit: &Appointment) {
    if area.height == 0 {
        return;
    }
    let edge = hints::help_at_the_end(pen, area, state.context());
    let x = area.x + u16::from(area.width > 40);
    let room = usize::from(edge.saturating_sub(x));
    let from = wording::when(state, visit.visit.start());
    let minutes = wording::length(visit.visit.minutes());
    let (choose, keys) = match state.desk.pane {
        // nothing can be chosen there
        _ if state.layout().shape == Shape::Tiny => (": ", "Esc leaves it"),
        Pane::Grid => (": choose the new time, ", "Enter moves, Esc leaves it"),
        _ => (": ", "Enter and Esc go to the grid"),
    };
    let before = [
        (format!(", {minutes}, from {from}"), choose),
        (format!(", {minutes}, from {from}"), ": "),
        (format!(", from {from}"), ": "),
        (String::new(), ": "),
    ];
    let name = visit.customer_name.as_str();
    let least = width(name).min(8);
    let spare = |(what, choose): &(String, &str)| {
        let taken = width("Moving ") + width(what) + width(choose) + width(keys);
        room.checked_sub(taken)
    };
    let found = before.iter().find_map(|part| {
        spare(part)
            .filter(|left| *left >= least)
            .map(|left| (part, left))
    });
    let (strong, dim) = (pen.theme.pending, pen.theme.dim);
    let most = u16::try_from(room).unwrap_or(u16::MAX);
    let Some(((what, choose), left)) = found else {
        // how to get out of it, if nothing else
        pen.put(x, area.y, most, keys, dim);
        return;
    };
    let name = fit(name, left, pen.marks.cut);
    let x = pen.put(x, area.y, most, &format!("Moving {name}{what}"), strong);
    pen.put(
        x,
        area.y,
        edge.saturating_sub(x),
        &format!("{choose}{keys}"),
        dim,
    );
}

/// For the panel: how the place suits, then what is being moved.
pub(super) fn in_full(pen: &Pen, state: &State, moved: &PickedUp) -> Vec<Said> {
    let theme = pen.theme;
    let visit = &moved.visit;
    let minutes = wording::length(visit.visit.minutes());
    let what = if visit.service_name.is_empty() {
        minutes
    } else {
        format!("{}, {minutes}", visit.service_name)
    };
    vec![
        judged(pen, state),
        (String::new(), theme.base),
        ("Being moved:".to_owned(), theme.dim),
        (visit.customer_name.clone(), theme.strong),
        (person(pen, moved.card.as_ref()), theme.base),
        (format!("{what} with {}", visit.doctor_name), theme.base),
        (
            format!("from {}", wording::when(state, visit.visit.start())),
            theme.base,
        ),
    ]
}

/// For the strip of three lines.
pub(super) fn in_short(pen: &Pen, state: &State, moved: &PickedUp) -> Vec<Said> {
    let visit = &moved.visit;
    let who = format!(
        "{}, {}, from {}",
        visit.customer_name,
        person(pen, moved.card.as_ref()),
        wording::when(state, visit.visit.start())
    );
    vec![judged(pen, state), (who, pen.theme.dim)]
}

fn judged(pen: &Pen, state: &State) -> Said {
    let style: Style = match state.fit() {
        Some(Fit::Fits) => pen.theme.good,
        Some(Fit::Unknown) => pen.theme.unknown,
        Some(Fit::Same) => pen.theme.base,
        _ => pen.theme.pending,
    };
    (why_not(state), style)
}
