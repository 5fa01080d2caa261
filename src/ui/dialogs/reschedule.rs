//! How the question before a move looks, and what has come of it.

use super::small::keys_at_the_end;
use crate::app::layout::Area;
use crate::app::screen::Context;
use crate::app::screen::booking::{offer, steps};
use crate::app::screen::reschedule::{Reschedule, question};
use crate::app::state::State;
use crate::ui::pen::{Pen, below};
use crate::ui::text::wrap;

/// Width, where there is room.
const WIDE: u16 = 72;
/// Columns of `from` and `to`.
const LABELS: u16 = 5;

/// Draws it.
pub(super) fn draw(pen: &mut Pen, state: &State, asked: &Reschedule) {
    let Some(lines) = question(asked, state) else {
        return;
    };
    let across = WIDE.min(pen.buffer.area.width).saturating_sub(4).max(1);
    let rows = |text: &str, wide: u16| {
        let lines = wrap(text, usize::from(wide.max(1))).len();
        u16::try_from(lines).unwrap_or(u16::MAX)
    };
    let [person, what, from, to] = &lines;
    let said = rows(person, across)
        + rows(what, across)
        + rows(from, across.saturating_sub(LABELS))
        + rows(to, across.saturating_sub(LABELS));
    let problem = asked
        .problem
        .as_deref()
        .map_or(0, |text| rows(text, across) + 1);
    let offered = match asked.offered.len() {
        0 => 0,
        many => u16::try_from(many.min(3)).unwrap_or(3) + 1,
    };
    let height = said
        .saturating_add(problem)
        .saturating_add(offered)
        .saturating_add(2 + 4);
    let inner = pen.dialog(WIDE, height, "Move this visit?");
    let (strong, base, dim) = (pen.theme.strong, pen.theme.base, pen.theme.dim);
    let rest = pen.wrapped(inner, person, strong);
    let rest = pen.wrapped(rest, what, base);
    let rest = labelled(pen, rest, "from", from, base);
    let mut rest = labelled(pen, rest, "to", to, strong);
    if let Some(done) = asked.steps() {
        let style = pen.theme.pending;
        rest = pen.wrapped(below(rest, 1), &steps(done), style);
        pen.wrapped(rest, "Esc lets it go on behind the desk.", dim);
        return;
    }
    if let Some(problem) = &asked.problem {
        let style = pen.theme.repair;
        rest = pen.wrapped(below(rest, 1), problem, style);
    }
    if !asked.offered.is_empty() {
        rest = offers(pen, rest, state, asked);
    }
    let words = if asked.offered.is_empty() {
        "Enter moves this visit; nothing has been changed yet."
    } else if asked.took_offer() {
        "Enter moves the visit to the time above."
    } else {
        "Alt+1 to Alt+3 take another time; Enter tries this one again."
    };
    let line = below(rest, u16::from(rest.height > 2));
    if line.height > 1 {
        pen.line(line, words, dim);
    }
    keys_at_the_end(pen, rest, Context::Reschedule);
}

/// A label and its text, wrapped beside it; gives what is left.
fn labelled(
    pen: &mut Pen,
    area: Area,
    label: &str,
    what: &str,
    style: ratatui::style::Style,
) -> Area {
    let indent = LABELS.min(area.width);
    if area.height > 0 {
        let dim = pen.theme.dim;
        pen.put(area.x, area.y, indent, label, dim);
    }
    let column = Area::new(area.x + indent, area.y, area.width - indent, area.height);
    let left = pen.wrapped(column, what, style);
    below(area, area.height - left.height)
}

fn offers(pen: &mut Pen, area: Area, state: &State, asked: &Reschedule) -> Area {
    let mut rest = area;
    let dim = pen.theme.dim;
    pen.line(rest, "Free instead:", dim);
    rest = below(rest, 1);
    for (number, slot) in (1..=3).zip(&asked.offered) {
        let key = pen.theme.key;
        let x = pen.line(rest, &format!("  Alt+{number} "), key);
        let behind = Area::new(x, rest.y, rest.right().saturating_sub(x), rest.height);
        let chosen = slot.start() == asked.start;
        let (mark, style) = if chosen {
            (pen.marks.pointer, pen.theme.strong)
        } else {
            (" ", pen.theme.base)
        };
        pen.line(behind, &format!("{mark} {}", offer(state, slot)), style);
        rest = below(rest, 1);
    }
    rest
}
