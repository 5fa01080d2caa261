//! How the inbox looks, and its keys: a line for each notice, and under them the selected one in full.

use super::drafts::first_in_view;
use super::keymap::{Binding, DOWN, END, ENTER, ESC, HOME, UP, bind, key};
use super::pen::{Pen, below};
use super::text::width;
use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::screen::inbox::{self, Act, Inbox};
use crate::app::state::State;
use crate::app::wording;
use crate::port::notices::Notice;

/// Its keys.
pub const KEYS: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "go there",
        "to the visit on the desk, or in repair while it is there; marks it as read",
    ),
    bind(
        &[key('r'), key(' ')],
        Action::Inbox(Act::Read),
        "read",
        "mark it as read, and on to the next",
    ),
    bind(
        &[key('a')],
        Action::Inbox(Act::ReadAll),
        "all read",
        "mark all as read",
    ),
    bind(&[UP, key('k')], Action::MoveUp, "", "the notice above"),
    bind(
        &[DOWN, key('j')],
        Action::MoveDown,
        "choose",
        "the notice below",
    ),
    bind(&[HOME], Action::MoveFirst, "", "the newest notice"),
    bind(&[END], Action::MoveLast, "", "the oldest notice"),
    bind(&[ESC, key('i')], Action::GoBack, "back", "back to the desk"),
    bind(&[key('?')], Action::ShowHelp, "", "all keys"),
];

/// Rows of the selected notice in full, with the line above it.
const FULL: u16 = 6;
/// Where there are so few rows the list takes them all.
const FEW: u16 = 12;

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, inbox: &Inbox) {
    let all = pen.buffer.area;
    let title = match (inbox.unread(), inbox.notices.len()) {
        (_, 0) => "Inbox".to_owned(),
        (0, _) => "Inbox: all read".to_owned(),
        (unread, _) => format!("Inbox: {unread} unread"),
    };
    let inner = pen.dialog(all.width.min(120), all.height.saturating_sub(2), &title);
    if inbox.notices.is_empty() {
        let words = if inbox.loaded {
            "Nothing has come in. What happens without you stands here: a visit that was moved or deleted in \
             Google, two at one time, and how a booking ended that had to wait for Google."
        } else {
            "Reading…"
        };
        let style = pen.theme.dim;
        pen.wrapped(inner, words, style);
        return;
    }
    let foot = if inner.height < FEW { 0 } else { FULL };
    let list = Area {
        height: inner.height - foot,
        ..inner
    };
    let top = first_in_view(inbox.at, list.height);
    let times = inbox.notices.iter();
    let times = times.map(|notice| width(&wording::when(state, notice.at)));
    let times = u16::try_from(times.max().unwrap_or_default()).unwrap_or(u16::MAX);
    let lines = inbox.notices.iter().enumerate().skip(top);
    for (y, (place, notice)) in (list.y..list.bottom()).zip(lines) {
        let row = Area::new(list.x, y, list.width, 1);
        line(pen, state, row, times, (notice, place == inbox.at));
    }
    if top + usize::from(list.height) < inbox.notices.len() {
        let corner = list.right().saturating_sub(2);
        pen.put(corner, inner.bottom(), 1, pen.marks.below, pen.theme.key);
    }
    if let Some(notice) = inbox.selected().filter(|_| foot > 0) {
        full(pen, state, below(inner, list.height), notice);
    }
}

/// One notice: pointer, whether it is unread, when (in so many columns), as much of the sentence as fits.
fn line(pen: &mut Pen, state: &State, row: Area, times: u16, (notice, chosen): (&Notice, bool)) {
    let (pointer, style) = match (chosen, notice.read) {
        (true, _) => (pen.marks.pointer, pen.theme.selected),
        (false, true) => (" ", pen.theme.dim),
        (false, false) => (" ", pen.theme.strong),
    };
    if chosen {
        pen.fill(row, " ", style);
    }
    let unread = if notice.read { " " } else { pen.marks.inbox };
    let when = wording::when(state, notice.at);
    let parts = [
        (0, pointer),
        (2, unread),
        (4, when.as_str()),
        (times.saturating_add(6), notice.sentence.as_str()),
    ];
    for (x, text) in parts {
        let left = row.width.saturating_sub(x);
        pen.put(row.x.saturating_add(x), row.y, left, text, style);
    }
}

/// The selected notice in full.
fn full(pen: &mut Pen, state: &State, area: Area, notice: &Notice) {
    let (dim, strong, base) = (pen.theme.dim, pen.theme.strong, pen.theme.base);
    let rule = pen.marks.frame.horizontal;
    pen.fill(Area { height: 1, ..area }, rule, dim);
    let area = below(area, 1);
    let mut about = inbox::about(notice.kind).to_owned();
    if let Some(doctor) = inbox::doctor_of(state, notice) {
        about = format!("{about} · {}", doctor.doctor_name);
    }
    pen.line(area, &about, strong);
    pen.wrapped(below(area, 1), &notice.sentence, base);
}
