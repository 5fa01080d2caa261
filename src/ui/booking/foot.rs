//! The foot of the booking dialog: what Enter is about to do, in full, and what has come of it.

use crate::app::layout::Area;
use crate::app::screen::booking::{Booking, Stage, question, steps};
use crate::app::state::State;
use crate::ui::pen::{Pen, below};
use crate::ui::text::wrap;

/// Rows of the foot: a rule, two lines that say what is about to be booked, three for what has come
/// of it.
const MOST: u16 = 6;
/// From this many rows on, a dialog has room for all of them at any time.
const ROOMY: u16 = 16;

/// Rows that it wants in a dialog with so much room: always the same, so that nothing jumps, but no
/// more than it needs where room is short.
pub(super) fn rows(state: &State, booking: &Booking, room: Area) -> u16 {
    if room.height >= ROOMY {
        return MOST;
    }
    let lines = |text: &str| wrap(text, usize::from(room.width)).len();
    let said = question(booking, state).map_or(0, |(who, what)| lines(&who) + lines(&what));
    let problem = booking.problem.clone().or(booking.warning(state));
    let below = match booking.stage {
        Stage::Typing => 1 + problem.map_or(0, |text| lines(&text)),
        Stage::Asking => 4,
        Stage::Running { .. } => 2,
    };
    u16::try_from(1 + said + below).unwrap_or(MOST).max(2)
}

/// Draws it.
pub(super) fn draw(pen: &mut Pen, area: Area, state: &State, booking: &Booking) {
    if area.height == 0 {
        return;
    }
    let rule = Area { height: 1, ..area };
    let (frame, horizontal) = (pen.theme.frame, pen.marks.frame.horizontal);
    pen.fill(rule, horizontal, frame);
    let mut rest = below(area, 1);
    let said = question(booking, state);
    if let Some((person, visit)) = &said {
        // in full, on as many lines as it takes: this is what Enter does
        let strong = pen.theme.strong;
        rest = pen.wrapped(rest, person, strong);
        rest = pen.wrapped(rest, visit, strong);
    }
    match &booking.stage {
        Stage::Running { steps: done, .. } => {
            pen.line(rest, &steps(done), pen.theme.pending);
            let words = "Esc lets it go on behind the desk.";
            pen.line(below(rest, 1), words, pen.theme.dim);
        }
        Stage::Asking => {
            pen.line(
                rest,
                "Google does not answer. Book provisionally?  y yes   n no",
                pen.theme.strong,
            );
            let words = "Then it is recorded here and counted under pending; Google confirms or \
                         refuses it later. Do not promise the time before.";
            let style = pen.theme.pending;
            pen.wrapped(below(rest, 1), words, style);
        }
        Stage::Typing => typing(pen, rest, state, booking, said.is_some()),
    }
}

fn typing(pen: &mut Pen, area: Area, state: &State, booking: &Booking, picked: bool) {
    let bad = pen.theme.repair;
    let rest = match (&booking.problem, booking.warning(state)) {
        (Some(problem), _) => pen.wrapped(area, problem, bad),
        (None, Some(warning)) => {
            let style = pen.theme.pending;
            pen.wrapped(area, &warning, style)
        }
        (None, None) => area,
    };
    let chosen = booking
        .offered
        .iter()
        .any(|slot| slot.start() == booking.start);
    let words = if picked && !booking.offered.is_empty() && !chosen {
        "Alt+1 to Alt+3 take another time; Enter tries this one again."
    } else if picked {
        "Enter books this."
    } else {
        "Enter picks who comes; nothing is booked before that."
    };
    pen.line(rest, words, pen.theme.dim);
}
