//! The foot of the booking dialog: what Enter is about to do, in full, and what has come of it.

use crate::app::layout::Area;
use crate::app::screen::booking::{Booking, Stage, question, steps};
use crate::app::state::State;
use crate::ui::pen::{Pen, below};

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
        pen.line(rest, person, pen.theme.strong);
        rest = below(rest, 1);
        pen.line(rest, visit, pen.theme.strong);
        rest = below(rest, 1);
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
