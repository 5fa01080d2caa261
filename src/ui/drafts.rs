//! How the list of bookings that were put aside looks, and its keys.

use super::keymap::{Binding, DOWN, ENTER, ESC, UP, bind, key};
use super::pen::Pen;
use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::screen::drafts::Drafts;
use crate::app::state::State;

/// Its keys.
pub const KEYS: &[Binding] = &[
    bind(
        &[ENTER, key('p')],
        Action::Open,
        "bring back",
        "bring this booking back",
    ),
    bind(
        &[UP, key('k')],
        Action::MoveUp,
        "",
        "the one put aside after it",
    ),
    bind(
        &[DOWN, key('j')],
        Action::MoveDown,
        "older",
        "the one put aside before it",
    ),
    bind(&[ESC], Action::GoBack, "leave", "leave them where they are"),
];

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, drafts: &Drafts) {
    let count = u16::try_from(state.parked.len()).unwrap_or(u16::MAX);
    let height = count.saturating_add(2);
    let inner = pen.dialog(70, height, "Bookings put aside, the newest first");
    let at = drafts.at.min(state.parked.len().saturating_sub(1));
    let top = first_in_view(at, inner.height);
    let lines = Drafts::lines(state).enumerate().skip(top);
    for (y, (line, booking)) in (inner.y..inner.bottom()).zip(lines) {
        let row = Area::new(inner.x, y, inner.width, 1);
        let mut text = booking.summary(state);
        if booking.ticket().is_some() {
            text.push_str(" (under way)");
        }
        choice(pen, row, line == at, &text);
    }
}

/// First line in view of a list, so that the selected one is in view: whole pages, nothing creeps.
pub(super) fn first_in_view(at: usize, rows: u16) -> usize {
    let rows = usize::from(rows.max(1));
    (at / rows) * rows
}

/// A line that can be chosen, with a pointer at the one that is.
pub(super) fn choice(pen: &mut Pen, row: Area, chosen: bool, text: &str) {
    let (mark, style) = if chosen {
        (pen.marks.pointer, pen.theme.selected)
    } else {
        (" ", pen.theme.base)
    };
    if chosen {
        pen.fill(row, " ", style);
    }
    pen.put(row.x, row.y, row.width.min(1), mark, style);
    pen.put(
        row.x.saturating_add(2),
        row.y,
        row.width.saturating_sub(2),
        text,
        style,
    );
}
