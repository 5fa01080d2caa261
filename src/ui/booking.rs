//! How the booking dialog looks, and its keys. Everything stands where it stood: the fields above, the
//! list that belongs to the focused one below them, at the foot what Enter is about to do and how far
//! it is.

mod foot;
mod lists;

use super::keymap::{BACK_TAB, Binding, DOWN, ENTER, ESC, Key, TAB, UP, alt, bind, code};
use super::pen::{Pen, below};
use super::text;
use crate::app::action::Action;
use crate::app::field::Field;
use crate::app::layout::Area;
use crate::app::screen::booking::{Booking, Focus, Person, Stage, known, title};
use crate::app::state::State;
use crossterm::event::KeyCode;

/// Its keys.
pub const KEYS: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "pick/book",
        "pick the person; once somebody is picked, book",
    ),
    bind(&[TAB], Action::FocusNext, "next field", "to the next field"),
    bind(
        &[BACK_TAB],
        Action::FocusPrevious,
        "",
        "to the field before",
    ),
    bind(&[UP], Action::MoveUp, "", "the line above"),
    bind(&[DOWN], Action::MoveDown, "choose", "the line below"),
    bind(
        &[alt('1')],
        Action::TakeAlternative(1),
        "",
        "take the first of the free times offered",
    ),
    bind(
        &[alt('2')],
        Action::TakeAlternative(2),
        "",
        "take the second",
    ),
    bind(
        &[alt('3')],
        Action::TakeAlternative(3),
        "",
        "take the third",
    ),
    bind(
        &[ESC],
        Action::GoBack,
        "put aside",
        "put it aside; p brings it back. What is under way goes on",
    ),
    bind(&[F1], Action::ShowHelp, "", "all keys"),
];

const F1: Key = code(KeyCode::F(1));

/// Columns of the labels.
const LABELS: u16 = 12;

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, booking: &Booking) {
    let all = pen.buffer.area;
    // a column of the desk at either side would only be noise
    let width = if all.width < 90 {
        all.width
    } else {
        104.min(all.width - 4)
    };
    let height = all.height.saturating_sub(2).clamp(14, 26).min(all.height);
    let inner = pen.dialog(width, height, &title(booking, state));
    // the focused field at least stays in view
    let foot_rows = foot::rows(state, booking, inner).min(inner.height.saturating_sub(1));
    let body = Area {
        height: inner.height - foot_rows,
        ..inner
    };
    let rest = fields(pen, body, state, booking);
    lists::draw(pen, below(rest, 1), state, booking);
    let foot = Area::new(inner.x, body.bottom(), inner.width, foot_rows);
    foot::draw(pen, foot, state, booking);
}

/// Draws the fields; gives what is left under them.
fn fields(pen: &mut Pen, area: Area, state: &State, booking: &Booking) -> Area {
    let mut rest = area;
    // where not all of them fit, those down to the focused one
    let focused_at = booking
        .fields()
        .iter()
        .position(|focus| *focus == booking.focus)
        .unwrap_or_default();
    let skipped = (focused_at + 1).saturating_sub(usize::from(area.height));
    for focus in booking.fields().iter().skip(skipped) {
        let (label, field) = match focus {
            Focus::Customer => (state.customer_label.as_str(), &booking.people.field),
            Focus::Phone => ("Phone", &booking.people.newcomer.phone),
            Focus::Email => ("E-mail", &booking.people.newcomer.email),
            Focus::Born => ("Birth date", &booking.people.newcomer.born),
            Focus::Service => ("Service", &booking.services.typed),
            Focus::Reason => ("Reason", &booking.reason),
        };
        let row = Area {
            height: rest.height.min(1),
            ..rest
        };
        let focused = booking.focus == *focus && booking.stage == Stage::Typing;
        let area = labelled(pen, row, label, focused);
        pen.field(area, field, focused);
        match focus {
            Focus::Service => service(pen, area, booking, focused),
            Focus::Customer if booking.people.field.is_blank() => {
                placeholder(pen, area, "name, phone or birth date");
            }
            Focus::Born if field.is_blank() => placeholder(pen, area, "14.3.1987"),
            _ => {}
        }
        rest = below(rest, 1);
        let roomy = usize::from(area.height) > booking.fields().len();
        if let (Focus::Customer, Some(Person::Known(hit)), true) =
            (focus, &booking.people.person, roomy)
        {
            let line = Area::new(area.x, rest.y, area.width, rest.height.min(1));
            pen.line(line, &known(state, hit), pen.theme.dim);
            rest = below(rest, 1);
        }
    }
    rest
}

/// A label with a mark at the focused one; gives the place of its field.
fn labelled(pen: &mut Pen, row: Area, label: &str, focused: bool) -> Area {
    let (mark, style) = if focused {
        (pen.marks.pointer, pen.theme.strong)
    } else {
        (" ", pen.theme.dim)
    };
    if row.height > 0 {
        pen.put(row.x, row.y, row.width.min(1), mark, style);
        let most = LABELS.saturating_sub(2).min(row.width.saturating_sub(2));
        pen.put(row.x.saturating_add(2), row.y, most, label, style);
    }
    let indent = (LABELS + 1).min(row.width);
    Area::new(row.x + indent, row.y, row.width - indent, row.height)
}

/// What is chosen, behind what was typed to choose it.
fn service(pen: &mut Pen, area: Area, booking: &Booking, focused: bool) {
    let words = booking.services.choice.words();
    let style = if focused {
        pen.theme.field_focused
    } else {
        pen.theme.field
    };
    let typed: &Field = &booking.services.typed;
    let used = u16::try_from(text::width(typed.text())).unwrap_or(u16::MAX);
    let lead = if used == 0 { 0 } else { used.saturating_add(2) };
    if area.height > 0 && lead < area.width {
        let words = if used == 0 {
            words
        } else {
            format!("= {words}")
        };
        pen.put(area.x + lead, area.y, area.width - lead, &words, style);
    }
}

fn placeholder(pen: &mut Pen, area: Area, words: &str) {
    if area.height > 0 && area.width > 2 {
        let style = pen.theme.field.patch(pen.theme.dim);
        pen.put(area.x + 1, area.y, area.width - 1, words, style);
    }
}
