//! All about the selected item: who, what went wrong, both sides, what has happened to it, and what each act
//! would do. Where there is little room what can be done comes before what has happened.

use super::keys;
use crate::app::layout::Area;
use crate::app::screen::repair::{Repair, act_says, age, compared, next_try};
use crate::app::state::State;
use crate::app::wording;
use crate::domain::policy::Act;
use crate::port::query::{AppointmentCard, RepairAction, RepairItem};
use crate::ui::pen::{Pen, below};
use crate::ui::text::wrap;
use ratatui::style::Style;

/// Columns of the labels.
const LABELS: u16 = 12;
/// With fewer rows only the lines that differ are compared.
const ROOMY: u16 = 20;

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
    let rest = both_sides(pen, rest, state, repair, item);
    let acts = acts(state, repair, item, rest.width);
    let needed = u16::try_from(acts.len()).unwrap_or(u16::MAX);
    let timeline = card.map_or(&[][..], |card| card.timeline.as_slice());
    // a single line of a long history says nothing
    let room = match rest.height.saturating_sub(needed + 2) {
        1 if timeline.len() > 1 => 0,
        room => room,
    };
    let past = Area {
        height: room,
        ..below(rest, u16::from(room > 0))
    };
    let used = history(pen, past, state, timeline);
    draw_acts(pen, below(rest, if used > 0 { used + 2 } else { 0 }), &acts);
    if used == 0 && !timeline.is_empty() && area.height > 1 {
        let corner = area.right().saturating_sub(3);
        pen.put(corner, area.bottom() - 1, 1, pen.marks.cut, pen.theme.key);
    }
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
    let rest = labelled(pen, area, &state.customer_label, &who, strong);
    let happened = format!("{} ({})", item.sentence, age(state, item.since));
    let rest = labelled(pen, rest, "Happened", &happened, happens);
    let rest = match &item.last_error {
        Some(error) => labelled(pen, rest, "Last error", error, base),
        None => rest,
    };
    match next_try(state, item) {
        Some(next) => labelled(pen, rest, "Next try", &next, base),
        None => rest,
    }
}

/// What we have and what Google has, side by side.
fn both_sides(
    pen: &mut Pen,
    area: Area,
    state: &State,
    repair: &Repair,
    item: &RepairItem,
) -> Area {
    let lines = compared(state, item);
    let roomy = area.height >= ROOMY;
    let kept = lines
        .iter()
        .filter(|line| roomy || line.differs || matches!(line.label, "Time" | "Status"));
    let mut rest = if roomy { below(area, 1) } else { area };
    let column = rest.width.saturating_sub(LABELS + 2) / 2;
    let (left, right) = (rest.x + LABELS.min(rest.width), rest.x + LABELS + column);
    let room = |x: u16| area.right().saturating_sub(x);
    if rest.height > 0 {
        let strong = pen.theme.strong;
        pen.put(left, rest.y, column.min(room(left)), "Here", strong);
        let words = as_of(state, repair, item);
        pen.put(right + 2, rest.y, room(right + 2), &words, strong);
        rest = below(rest, 1);
    }
    for line in kept {
        if rest.height == 0 {
            break;
        }
        let style = if line.differs {
            pen.theme.repair
        } else {
            pen.theme.base
        };
        pen.put(
            rest.x,
            rest.y,
            LABELS.min(rest.width),
            line.label,
            pen.theme.dim,
        );
        let most = column.saturating_sub(1).min(room(left));
        pen.put(left, rest.y, most, &line.here, style);
        if line.differs {
            pen.put(right, rest.y, room(right).min(1), pen.marks.differs, style);
        }
        pen.put(right + 2, rest.y, room(right + 2), &line.google, style);
        rest = below(rest, 1);
    }
    let unread = repair.unread(&item.appointment.appointment_id);
    match unread {
        Some(why) => {
            let style = pen.theme.unknown;
            pen.wrapped(rest, why, style)
        }
        None => rest,
    }
}

/// How old the side of Google is.
fn as_of(state: &State, repair: &Repair, item: &RepairItem) -> String {
    let asking = repair.looking.is_at(&item.appointment.appointment_id);
    match &item.google {
        Some(google) => {
            let at = wording::since(state, google.as_of);
            let reads = if asking { ", reading…" } else { "" };
            format!("Google, as of {at}{reads}")
        }
        None if asking => "Google, reading…".to_owned(),
        None => "Google".to_owned(),
    }
}

/// A line of what can be done.
struct Told {
    key: &'static str,
    words: String,
}

/// What can be done, wrapped to the width.
fn acts(state: &State, repair: &Repair, item: &RepairItem, width: u16) -> Vec<Told> {
    let mut out = Vec::new();
    let marked = repair.list.marked_shown().count();
    if marked > 0 {
        out.push(Told {
            key: "",
            words: format!("Acts take the {marked} marked. About this one:"),
        });
    }
    let allowed = |action: &RepairAction| {
        let act = match action {
            RepairAction::Move | RepairAction::PutBack => Act::Move,
            RepairAction::Cancel => Act::Cancel,
            _ => Act::Repair,
        };
        state.may(act).is_ok()
    };
    for action in item.actions.iter().copied().filter(allowed) {
        let says = act_says(state, item, action);
        let lines = wrap(&says, usize::from(width.saturating_sub(4)).max(1));
        for (at, words) in lines.into_iter().enumerate() {
            let key = if at == 0 { keys::of(action) } else { "" };
            out.push(Told { key, words });
        }
    }
    out
}

fn draw_acts(pen: &mut Pen, area: Area, acts: &[Told]) {
    let (key, base) = (pen.theme.key, pen.theme.base);
    for (row, told) in (area.y..area.bottom()).zip(acts) {
        let at = area.x + area.width.min(2);
        pen.put(at, row, area.width.saturating_sub(2).min(1), told.key, key);
        let indent = 4.min(area.width);
        let room = area.width - indent;
        pen.put(area.x + indent, row, room, &told.words, base);
    }
}

/// What has happened to it, newest first; gives the rows that were used.
fn history(
    pen: &mut Pen,
    area: Area,
    state: &State,
    timeline: &[crate::port::query::Entry],
) -> u16 {
    let mut rest = area;
    for (line, entry) in timeline.iter().enumerate() {
        if rest.height == 0 {
            break;
        }
        if rest.height == 1 && line + 1 < timeline.len() {
            pen.line(rest, pen.marks.cut, pen.theme.dim);
            rest = below(rest, 1);
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
    area.height - rest.height
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
