//! The list of the repair pane: groups by cause, each item with its age and its sentence.

use crate::app::layout::Area;
use crate::app::screen::repair::{Filter, Repair, age, heading};
use crate::app::state::State;
use crate::app::wording;
use crate::port::query::RepairItem;
use crate::ui::pen::Pen;

/// A line of the list.
#[derive(Clone, Copy)]
enum Line {
    /// Name of the group that this item begins.
    Heading(usize),
    /// Who and when.
    Item(usize),
    /// What happened.
    Sentence(usize),
}

/// Draws it.
pub(super) fn draw(pen: &mut Pen, area: Area, state: &State, repair: &Repair) {
    let style = pen.theme.focus;
    let title = title(repair);
    let inner = pen.frame(area, &title, style);
    let lines = lines(repair);
    if lines.is_empty() {
        let words = "Nothing of that kind. f shows others, / searches for others, Esc goes back.";
        let dim = pen.theme.dim;
        pen.wrapped(inner, words, dim);
    }
    let height = usize::from(inner.height);
    let end = lines
        .iter()
        .position(|line| matches!(line, Line::Sentence(at) if *at == repair.list.at))
        .map_or(0, |at| at + 1);
    let top = end.saturating_sub(height);
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
        let row = Area::new(inner.x, y, inner.width, 1);
        match line {
            Line::Heading(at) => {
                if let Some(item) = repair.list.items.get(*at) {
                    let words = format!("{} ({})", heading(item), repair.list.in_group(item.cause));
                    pen.line(row, &words, pen.theme.strong);
                }
            }
            Line::Item(at) => item(pen, row, state, repair, *at),
            Line::Sentence(at) => sentence(pen, row, repair, *at),
        }
    }
    let corner = area.right().saturating_sub(3);
    if top > 0 {
        pen.put(corner, area.y, 1, pen.marks.above, pen.theme.key);
    }
    if top + height < lines.len() && area.height > 1 {
        pen.put(corner, area.bottom() - 1, 1, pen.marks.below, pen.theme.key);
    }
}

fn title(repair: &Repair) -> String {
    let (all, choose) = (repair.list.len(), repair.list.to_choose());
    let marked = match repair.list.marked_shown().count() {
        0 => String::new(),
        some => format!(", {some} marked"),
    };
    let filter = match &repair.list.filter {
        Filter::All => String::new(),
        Filter::ToRepair => ", only those to choose".to_owned(),
        Filter::Pending => ", only pending ones".to_owned(),
        Filter::Doctor(_, name) => format!(", only {name}'s"),
    };
    format!(
        "Repair: {choose} to choose, {} pending{filter}{marked}",
        all - choose
    )
}

fn lines(repair: &Repair) -> Vec<Line> {
    let mut out = Vec::with_capacity(repair.list.items.len() * 2 + 6);
    let mut last: Option<&RepairItem> = None;
    for (at, item) in repair.list.items.iter().enumerate() {
        if last.is_none_or(|last| last.cause != item.cause) {
            out.push(Line::Heading(at));
        }
        out.push(Line::Item(at));
        out.push(Line::Sentence(at));
        last = Some(item);
    }
    out
}

fn item(pen: &mut Pen, row: Area, state: &State, repair: &Repair, at: usize) {
    let Some(item) = repair.list.items.get(at) else {
        return;
    };
    let visit = &item.appointment;
    let chosen = at == repair.list.at;
    let style = if chosen {
        pen.theme.selected
    } else {
        pen.theme.base
    };
    if chosen {
        pen.fill(row, " ", style);
        pen.put(row.x, row.y, row.width.min(1), pen.marks.pointer, style);
    }
    let marked = repair.list.marked.contains(&visit.appointment_id);
    let (box_, shape) = (
        if marked { "[x]" } else { "[ ]" },
        if item.cause.is_some() {
            pen.marks.repair
        } else {
            pen.marks.pending
        },
    );
    let age = age(state, item.since);
    let words = format!("{box_} {shape} {}", wording::visit(state, visit));
    let right = u16::try_from(age.chars().count() + 2).unwrap_or(row.width);
    let room = row.width.saturating_sub(right.saturating_add(2));
    pen.put(row.x.saturating_add(2), row.y, room, &words, style);
    pen.right(row, &format!("{age} "), style);
}

fn sentence(pen: &mut Pen, row: Area, repair: &Repair, at: usize) {
    if let Some(item) = repair.list.items.get(at) {
        let most = row.width.saturating_sub(8);
        pen.put(
            row.x.saturating_add(8),
            row.y,
            most,
            &item.sentence,
            pen.theme.dim,
        );
    }
}
