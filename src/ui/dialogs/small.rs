//! The dialogs of a few lines.

use crate::app::layout::Area;
use crate::app::screen::Context;
use crate::app::screen::cancel::Cancel;
use crate::app::screen::command_line::CommandLine;
use crate::app::screen::copied::Copied;
use crate::app::screen::goto::GoTo;
use crate::app::screen::quitting::Quitting;
use crate::app::screen::undo::Undo;
use crate::app::screen::unread::Unread;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::dates::say_day;
use crate::port::report::Progress;
use crate::ui::hints;
use crate::ui::pen::{Pen, below};
use crate::ui::text::wrap;

/// Width of the small dialogs, where there is room.
const WIDE: u16 = 64;

/// A dialog high enough for these lines and so many rows more; gives what is left under the lines.
fn with_words(pen: &mut Pen, title: &str, words: &str, more: u16) -> Area {
    let across = WIDE.min(pen.buffer.area.width).saturating_sub(4).max(1);
    let lines = u16::try_from(wrap(words, usize::from(across)).len()).unwrap_or(8);
    let inner = pen.dialog(WIDE, lines.saturating_add(more + 2), title);
    let style = pen.theme.base;
    pen.wrapped(inner, words, style)
}

/// The keys of a dialog on its last line.
pub(super) fn keys_at_the_end(pen: &mut Pen, area: Area, context: Context) {
    if area.height > 0 {
        let last = Area::new(area.x, area.bottom() - 1, area.width, 1);
        hints::keys(pen, last, context);
    }
}

/// Asking for a date.
pub(super) fn goto(pen: &mut Pen, state: &State, goto: &GoTo) {
    let inner = pen.dialog(WIDE, 6, "Go to a date");
    pen.field(inner, &goto.field, true);
    let today = state.today();
    let (words, style) = match goto.day(today) {
        Ok(day) => {
            let said = say_day(day, today);
            let full = day.format("%A %-d %B %Y");
            let words = match said.as_str() {
                "today" | "tomorrow" | "yesterday" => format!("{said}, {full}"),
                _ => full.to_string(),
            };
            (words, pen.theme.strong)
        }
        Err(error) => (error.to_string(), pen.theme.pending),
    };
    pen.wrapped(below(inner, 1), &words, style);
    keys_at_the_end(pen, inner, Context::GoTo);
}

/// Typing an act by its name: at the bottom, with what it could become above it.
pub(super) fn command_line(pen: &mut Pen, state: &State, line: &CommandLine) {
    let all = pen.buffer.area;
    let y = all.height.saturating_sub(1);
    let row = Area::new(0, y, all.width, 1);
    pen.clear(row);
    let x = pen.line(row, ":", pen.theme.key);
    pen.field(
        Area::new(x, y, all.width.saturating_sub(x), 1),
        &line.field,
        true,
    );
    let room = usize::from(y.saturating_sub(1)).min(8);
    let rows: Vec<(String, String)> = match &line.error {
        Some(error) => vec![(error.clone(), String::new())],
        None => line.candidates(state).into_iter().take(room).collect(),
    };
    let height = u16::try_from(rows.len().min(room)).unwrap_or(0);
    let area = Area::new(0, y.saturating_sub(height), all.width, height);
    pen.clear(area);
    for (y, (name, says)) in (area.y..area.bottom()).zip(&rows) {
        let style = if line.error.is_some() {
            pen.theme.pending
        } else {
            pen.theme.strong
        };
        let x = pen.put(1, y, all.width.saturating_sub(1), name, style);
        let x = x.max(14) + 1;
        pen.put(x, y, all.width.saturating_sub(x), says, pen.theme.dim);
    }
}

/// Asking for the reason of a cancellation, then its progress.
pub(super) fn cancel(pen: &mut Pen, state: &State, cancel: &Cancel) {
    let words = wording::visit(state, &cancel.appointment);
    let rest = with_words(pen, "Call this visit off?", &words, 5);
    pen.line(rest, "Reason", pen.theme.dim);
    let running = cancel.ticket().is_some();
    let field = below(rest, 1);
    pen.field(field, &cancel.reason, !running);
    let line = below(field, 1);
    if let Some(error) = &cancel.error {
        pen.wrapped(line, error, pen.theme.pending);
    } else if running {
        let step = match cancel.step {
            None => "Recording it.",
            Some(Progress::Recorded) => "Recorded; asking Google.",
            Some(Progress::Removing) => "Removing the event from the calendar.",
            Some(_) => "Waiting for Google.",
        };
        let rest = pen.wrapped(line, step, pen.theme.pending);
        let words = "Esc closes this box; the cancellation goes on, and its end is said.";
        pen.wrapped(rest, words, pen.theme.dim);
        return;
    }
    keys_at_the_end(pen, rest, Context::Cancel);
}

/// Asking whether to undo.
pub(super) fn undo(pen: &mut Pen, undo: &Undo) {
    let rest = with_words(
        pen,
        "Undo the last act?",
        &format!("It was: {}", undo.what),
        2,
    );
    keys_at_the_end(pen, rest, Context::Undo);
}

/// A text to be marked with the mouse: nothing stands beside it.
pub(super) fn copied(pen: &mut Pen, copied: &Copied) {
    let all = pen.buffer.area;
    let lines = wrap(&copied.text, usize::from(all.width).max(1));
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let top = (all.height.saturating_sub(height + 4)) / 2;
    let area = Area::new(0, top, all.width, (height + 4).min(all.height));
    pen.clear(area);
    let rule = Area { height: 1, ..area };
    let style = pen.theme.focus;
    pen.fill(rule, pen.marks.frame.horizontal, style);
    pen.put(
        1,
        top,
        all.width.saturating_sub(1),
        " Copied. If not, mark it with the mouse: ",
        style,
    );
    let text = below(area, 1);
    let strong = pen.theme.strong;
    let rest = pen.wrapped(below(text, 1), &copied.text, strong);
    let last = Area {
        height: rest.height.min(1),
        ..rest
    };
    hints::keys(pen, last, Context::Copied);
    let bottom = Area::new(0, area.bottom().saturating_sub(1), all.width, 1);
    pen.fill(bottom, pen.marks.frame.horizontal, style);
    if last.height > 0 && last.y < bottom.y {
        hints::keys(pen, last, Context::Copied);
    }
}

/// An unread calendar is to be booked.
pub(super) fn unread(pen: &mut Pen, state: &State, unread: &Unread) {
    let title = format!(
        "{}, {}",
        unread.doctor.doctor_name,
        wording::when(state, unread.start)
    );
    let rest = with_words(pen, &title, &unread.why, 2);
    let context = if unread.moving {
        Context::UnreadMove
    } else {
        Context::Unread
    };
    keys_at_the_end(pen, rest, context);
}

/// Waiting for writes before leaving.
pub(super) fn quitting(pen: &mut Pen, state: &State, quitting: &Quitting) {
    if !quitting.agreed {
        let (what, them) = match quitting.drafts.len() {
            1 => ("A booking was".to_owned(), "it"),
            many => (format!("{many} bookings were"), "them"),
        };
        let words = format!(
            "{what} put aside and would be lost: {}. Esc stays; p then brings {them} back.",
            quitting.drafts.join("; ")
        );
        let rest = with_words(pen, "Leave?", &words, 2);
        keys_at_the_end(pen, rest, Context::Quitting);
        return;
    }
    let words = "Waiting for what is still being sent. It is recorded: leaving now loses nothing, the \
                 desk goes on with it when it is started again.";
    let rest = with_words(pen, "Leaving", words, 4);
    let done = quitting.done(state);
    let style = pen.theme.good;
    let row = below(rest, 1);
    pen.bar(Area { height: 1, ..row }, done, quitting.writes, style);
    pen.line(
        below(row, 1),
        &format!("{done} of {}", quitting.writes),
        pen.theme.base,
    );
    keys_at_the_end(pen, rest, Context::Quitting);
}
