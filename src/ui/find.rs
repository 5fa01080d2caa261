//! How the search of visits looks, and its keys.

use super::drafts::{choice, first_in_view};
use super::keymap::{Binding, DOWN, ENTER, ESC, UP, bind};
use super::pen::{Pen, below};
use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::screen::find::Find;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Appointment;
use chrono::Datelike;

/// Its keys.
pub const KEYS: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "go there",
        "go to the visit on the desk",
    ),
    bind(&[UP], Action::MoveUp, "", "the visit above"),
    bind(&[DOWN], Action::MoveDown, "choose", "the visit below"),
    bind(&[ESC], Action::GoBack, "back", "back to the desk"),
];

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, find: &Find) {
    let all = pen.buffer.area;
    let inner = pen.dialog(
        all.width.min(90),
        all.height.saturating_sub(2),
        "Find a visit",
    );
    let row = Area {
        height: inner.height.min(1),
        ..inner
    };
    let x = pen.line(row, "Name, phone or birth date ", pen.theme.dim);
    let field = Area::new(x, row.y, inner.right().saturating_sub(x), row.height);
    pen.field(field, &find.field, true);
    let list = below(inner, 2);
    if find.visits.is_empty() {
        let words = if find.field.is_blank() {
            "The visits of whoever fits are listed here, the coming ones first."
        } else if find.current {
            "Nobody of that name, phone or birth date has a visit. Fewer letters find more."
        } else {
            "Searching…"
        };
        let style = pen.theme.dim;
        pen.wrapped(list, words, style);
        return;
    }
    let top = first_in_view(find.at, list.height);
    let visits = find.visits.iter().enumerate().skip(top);
    for (y, (line, visit)) in (list.y..list.bottom()).zip(visits) {
        let text = said(pen, state, visit);
        choice(
            pen,
            Area::new(list.x, y, list.width, 1),
            line == find.at,
            &text,
        );
    }
    if top + usize::from(list.height) < find.visits.len() {
        let corner = list.right().saturating_sub(2);
        pen.put(corner, list.bottom(), 1, pen.marks.below, pen.theme.key);
    }
}

fn said(pen: &Pen, state: &State, visit: &Appointment) -> String {
    let start = visit.visit.start();
    let there = start.with_timezone(&state.clinic.zone);
    let day = if there.year() == state.today().year() {
        there.format("%a %e %b")
    } else {
        there.format("%-d %b %Y")
    };
    let past = if visit.visit.end() <= state.now {
        " (past)"
    } else {
        ""
    };
    format!(
        "{:<11} {}  {} {}  {}  {}{past}",
        day.to_string(),
        wording::time(state, start),
        pen.marks.visit(visit),
        visit.customer_name,
        visit.doctor_name,
        visit.service_name,
    )
}
