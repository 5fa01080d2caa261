//! All about the selected item: who, when, how it stands, what went wrong, what each act would do, and
//! what has happened to it.

use super::key_of;
use crate::app::layout::Area;
use crate::app::screen::repair::{self, Repair, act_says, age, last_try, next_try, status};
use crate::app::state::State;
use crate::app::wording;
use crate::domain::policy::Act;
use crate::port::query::{AppointmentCard, RepairItem};
use crate::ui::pen::{Pen, below};
use ratatui::style::Style;

/// Columns of the labels.
const LABELS: u16 = 12;

/// Draws it.
pub(super) fn draw(pen: &mut Pen, area: Area, state: &State, repair: &Repair) {
    let Some(item) = repair.selected() else {
        return;
    };
    let visit = &item.appointment;
    let style = pen.theme.frame;
    let inner = pen.frame(area, &visit.customer_name, style);
    let card = repair
        .card
        .as_ref()
        .filter(|card| card.appointment.appointment_id == visit.appointment_id);
    let rest = facts(pen, inner, state, item, card);
    let rest = acts(pen, rest, state, repair, item);
    let more = card.is_some_and(|card| !card.timeline.is_empty());
    if rest.height <= u16::from(more) && area.height > 1 {
        let corner = area.right().saturating_sub(3);
        pen.put(corner, area.bottom() - 1, 1, pen.marks.cut, pen.theme.key);
    }
    history(pen, below(rest, 1), state, card);
}

fn facts(
    pen: &mut Pen,
    area: Area,
    state: &State,
    item: &RepairItem,
    card: Option<&AppointmentCard>,
) -> Area {
    let visit = &item.appointment;
    let (base, strong) = (pen.theme.base, pen.theme.strong);
    // what the program will do by itself is no alarm
    let happens = match item.cause {
        Some(_) => pen.theme.repair,
        None => pen.theme.pending,
    };
    let who = card.and_then(|card| card.customer.as_ref()).map_or_else(
        || visit.customer_name.clone(),
        |customer| {
            let mut parts = vec![customer.customer_name.clone()];
            let born = customer
                .born
                .map(|date| format!("born {}", date.format("%-d %b %Y")));
            parts.extend(born);
            parts.extend(customer.mobile.clone());
            parts.join(", ")
        },
    );
    let service = match visit.service_name.as_str() {
        "" => String::new(),
        name => format!(", {name}"),
    };
    let what = format!(
        "{} with {}, {}{service}",
        wording::day(state, visit.visit.start()),
        visit.doctor_name,
        wording::span(state.clinic.zone, &visit.visit),
    );
    let rest = labelled(pen, area, &state.customer_label, &who, strong);
    let rest = labelled(pen, rest, "Visit", &what, base);
    let rest = labelled(pen, rest, "Stands", status(item), base);
    let happened = format!("{} ({})", item.sentence, age(state, item.since));
    let rest = labelled(pen, rest, "Happened", &happened, happens);
    let rest = if item.last_error.is_some() {
        labelled(pen, rest, "Last error", &last_try(item), base)
    } else {
        rest
    };
    labelled(pen, rest, "Next try", &next_try(state, item), base)
}

fn acts(pen: &mut Pen, area: Area, state: &State, repair: &Repair, item: &RepairItem) -> Area {
    let mut rest = area;
    let key = pen.theme.key;
    let marked = repair.marked.len();
    if marked > 0 {
        let words = format!("Acts take the {marked} marked. About this one:");
        pen.line(rest, &words, pen.theme.strong);
        rest = below(rest, 1);
    }
    let can_move = repair::can_move(item) && state.may(Act::Move).is_ok();
    let moves = can_move.then(|| {
        (
            "m",
            "move: choose another time for it on the desk".to_owned(),
        )
    });
    let settles = item
        .actions
        .iter()
        .map(|action| (key_of(*action), act_says(state, item, *action)));
    for (letter, says) in moves.into_iter().chain(settles) {
        if rest.height == 0 {
            break;
        }
        pen.put(
            rest.x + rest.width.min(2),
            rest.y,
            rest.width.min(1),
            letter,
            key,
        );
        let indent = 4.min(rest.width);
        let column = Area::new(rest.x + indent, rest.y, rest.width - indent, rest.height);
        let base = pen.theme.base;
        let left = pen.wrapped(column, &says, base);
        rest = below(rest, rest.height - left.height);
    }
    rest
}

fn history(pen: &mut Pen, area: Area, state: &State, card: Option<&AppointmentCard>) {
    let Some(card) = card else {
        return;
    };
    let mut rest = area;
    for (line, entry) in card.timeline.iter().enumerate() {
        if rest.height == 0 {
            break;
        }
        if rest.height == 1 && line + 1 < card.timeline.len() {
            pen.line(rest, pen.marks.cut, pen.theme.dim);
            break;
        }
        let words = format!(
            "{} {}: {}",
            wording::since(state, entry.at),
            entry.actor,
            entry.what
        );
        let style = pen.theme.dim;
        rest = pen.wrapped(rest, &words, style);
    }
}

/// A label and its text, wrapped beside it; gives what is left.
fn labelled(pen: &mut Pen, area: Area, label: &str, what: &str, style: Style) -> Area {
    let indent = LABELS.min(area.width);
    pen.put(
        area.x,
        area.y,
        if area.height > 0 { indent } else { 0 },
        label,
        pen.theme.dim,
    );
    let column = Area::new(area.x + indent, area.y, area.width - indent, area.height);
    if column.width == 0 {
        return below(area, area.height);
    }
    let left = pen.wrapped(column, what, style);
    below(area, area.height - left.height)
}
