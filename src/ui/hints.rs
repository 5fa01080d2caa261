//! The line of keys at the bottom, made from the live keymap, and the messages above it.

use super::keymap::{self, Binding};
use super::pen::Pen;
use super::picked_up;
use super::text::{width, wrap};
use crate::app::Action;
use crate::app::layout::Area;
use crate::app::screen::{Context, Dialog, repair};
use crate::app::state::{State, Tone};
use crate::domain::policy::Act;
use crate::port::query::RepairAction;
use ratatui::style::Style;

/// Draws the keys that are live now.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    if state.dialogs.is_empty()
        && let Some(moved) = &state.picked_up
    {
        return picked_up::hint(pen, area, state, &moved.visit);
    }
    write(pen, area, state.context(), &|action| {
        is_offered(state, action)
    });
}

/// What the person at the desk may not do, or what does not fit here, is not offered; nor is an inbox
/// without anything new.
fn is_offered(state: &State, action: &Action) -> bool {
    if let Some(Dialog::Repair(repair)) = state.dialogs.last()
        && !repair.fits(action)
    {
        return false;
    }
    if *action == Action::OpenInbox {
        return state.unread() > 0;
    }
    let act = match action {
        Action::MoveVisit
        | Action::Repair(repair::Act::Settle(RepairAction::Move | RepairAction::PutBack)) => {
            Act::Move
        }
        Action::CancelVisit
        | Action::UndoLast
        | Action::Repair(repair::Act::Settle(RepairAction::Cancel)) => Act::Cancel,
        Action::OpenRepair | Action::Repair(repair::Act::Settle(_)) => Act::Repair,
        _ => Act::Read,
    };
    state.may(act).is_ok()
}

/// Writes the keys of a context, as many as fit; the help always does.
pub fn keys(pen: &mut Pen, area: Area, context: Context) {
    write(pen, area, context, &|_| true);
}

fn write(pen: &mut Pen, area: Area, context: Context, offered: &dyn Fn(&Action) -> bool) {
    if area.height == 0 {
        return;
    }
    let edge = help_at_the_end(pen, area, context);
    let mut x = area.x + u16::from(area.width > 40);
    let others = keymap::hints(context)
        .filter(|binding| binding.action != Action::ShowHelp && offered(&binding.action));
    for binding in others {
        if x.saturating_add(width_of(binding)) > edge {
            // the key before ends at least one column before the edge
            let last = edge.min(area.right().saturating_sub(1));
            pen.put(last, area.y, 1, pen.marks.more.1, pen.theme.dim);
            return;
        }
        x = one(pen, x, area.y, binding) + 2;
    }
}

/// The key of the help at the right edge, where it fits; gives where what stands before it must end.
pub(super) fn help_at_the_end(pen: &mut Pen, area: Area, context: Context) -> u16 {
    let help = keymap::hints(context).find(|binding| binding.action == Action::ShowHelp);
    let Some(binding) = help.filter(|binding| width_of(binding) <= area.width) else {
        return area.right();
    };
    let edge = area.right() - width_of(binding);
    one(pen, edge, area.y, binding);
    edge.saturating_sub(2)
}

fn width_of(binding: &Binding) -> u16 {
    let key = binding
        .keys
        .first()
        .map(|key| key.label())
        .unwrap_or_default();
    u16::try_from(width(&key) + 1 + width(binding.hint)).unwrap_or(u16::MAX)
}

fn one(pen: &mut Pen, x: u16, y: u16, binding: &Binding) -> u16 {
    let key = binding
        .keys
        .first()
        .map(|key| key.label())
        .unwrap_or_default();
    let x = pen.put(x, y, u16::MAX, &key, pen.theme.key) + 1;
    pen.put(x, y, u16::MAX, binding.hint, pen.theme.dim)
}

/// Draws the messages over the lowest lines; they stay until a key is pressed.
pub fn notices(pen: &mut Pen, state: &State) {
    let all = pen.buffer.area;
    let room = usize::from(all.height / 2).max(1);
    let across = usize::from(all.width.saturating_sub(5)).max(1);
    let mut lines: Vec<(&str, String, Style)> = Vec::new();
    for notice in &state.notices {
        let (mark, style) = match notice.tone {
            Tone::Good => (pen.marks.confirmed, pen.theme.notice_good),
            Tone::Plain => (pen.marks.dot, pen.theme.notice),
            Tone::Bad => (pen.marks.repair, pen.theme.notice_bad),
        };
        for (at, line) in wrap(&notice.text, across).into_iter().enumerate() {
            lines.push((if at == 0 { mark } else { " " }, line, style));
        }
    }
    if lines.is_empty() {
        return;
    }
    let cut = lines.len() > room;
    lines.truncate(room);
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let top = all.height.saturating_sub(height);
    // what stood here shines through otherwise: a style adds to the cell's, it does not replace it
    pen.clear(Area::new(0, top, all.width, height));
    for (y, (mark, line, style)) in (top..).zip(&lines) {
        pen.fill(Area::new(0, y, all.width, 1), " ", *style);
        pen.put(1, y, 1, mark, *style);
        pen.put(3, y, all.width.saturating_sub(4), line, *style);
    }
    if let Some((_, _, style)) = lines.last().filter(|_| cut) {
        let x = all.width.saturating_sub(1);
        pen.put(x, all.height.saturating_sub(1), 1, pen.marks.cut, *style);
    }
}
