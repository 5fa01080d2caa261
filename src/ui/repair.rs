//! How the repair pane looks: the list at the left (above, where there is little room), at the right all
//! about the selected item, both its sides, and what each act would do.

mod details;
pub mod keys;
mod list;

use super::pen::{Pen, below};
use crate::app::layout::Area;
use crate::app::screen::repair::{Asking, Repair, Summary};
use crate::app::state::{Liveness, State};
use crate::app::wording;
use crate::port::query::RepairAction;

/// From this width on the details stand beside the list.
const WIDE: u16 = 110;

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, repair: &Repair) {
    let all = pen.buffer.area;
    let top = all.height.min(1);
    let body = Area::new(0, top, all.width, all.height.saturating_sub(top + 1));
    pen.clear(body);
    let mut rest = body;
    if repair.run.progress().is_some() {
        rest.height = rest.height.saturating_sub(1);
        let row = Area::new(0, rest.bottom(), body.width, body.height.min(1));
        bar(pen, row, repair);
    }
    if repair.searching || !repair.list.search.text().is_empty() {
        let row = Area::new(0, rest.y, rest.width, rest.height.min(1));
        search(pen, row, repair);
        rest = below(rest, 1);
    }
    if repair.list.is_empty() {
        nothing(pen, rest, state, repair);
    } else if rest.width >= WIDE {
        let width = rest.width * 9 / 20;
        let left = Area { width, ..rest };
        let right = Area::new(width, rest.y, rest.width - width, rest.height);
        list::draw(pen, left, state, repair);
        details::draw(pen, right, state, repair);
    } else {
        let height = (rest.height / 3).max(rest.height.min(4));
        let above = Area { height, ..rest };
        list::draw(pen, above, state, repair);
        details::draw(pen, below(rest, height), state, repair);
    }
    if let Some(asking) = &repair.asking {
        ask(pen, asking);
    }
    if let Some(summary) = &repair.summary {
        summed_up(pen, summary);
    }
}

fn search(pen: &mut Pen, row: Area, repair: &Repair) {
    let x = pen.line(row, " Search: ", pen.theme.strong);
    let width = row.right().saturating_sub(x).min(40);
    let field = Area::new(x, row.y, width, row.height);
    pen.field(field, &repair.list.search, repair.searching);
    let found = format!("  {} of {}", repair.list.items.len(), repair.list.len());
    pen.put(
        field.right(),
        row.y,
        row.right().saturating_sub(field.right()),
        &found,
        pen.theme.dim,
    );
}

/// How an act about many ended.
fn summed_up(pen: &mut Pen, summary: &Summary) {
    let failed = summary.failed.len();
    let lines = u16::try_from(failed.saturating_mul(3)).unwrap_or(u16::MAX);
    let height = lines.saturating_add(6).min(20);
    let title = format!("{} of {} were done", summary.tried - failed, summary.tried);
    let mut rest = pen.dialog(76, height, &title);
    let left = match summary.left {
        0 => String::new(),
        left => format!(" {left} were not begun."),
    };
    let base = pen.theme.base;
    let stay = if failed == 1 {
        "stays as it is"
    } else {
        "stay as they are"
    };
    let words = format!("{failed} could not be done and {stay}.{left}");
    rest = below(pen.wrapped(rest, &words, base), 1);
    for (shown, (who, why)) in summary.failed.iter().enumerate() {
        if rest.height <= 3 && shown + 1 < failed {
            let words = format!("and {} more", failed - shown);
            pen.line(rest, &words, pen.theme.dim);
            break;
        }
        let words = format!("{} {who}", pen.marks.repair);
        pen.line(rest, &words, pen.theme.strong);
        rest = below(rest, 1);
        let indent = 2.min(rest.width);
        let column = Area::new(rest.x + indent, rest.y, rest.width - indent, rest.height);
        let left = pen.wrapped(column, why, base);
        rest = below(rest, rest.height - left.height);
    }
}

fn nothing(pen: &mut Pen, area: Area, state: &State, repair: &Repair) {
    let frame = pen.theme.focus;
    let inner = pen.frame(area, "Repair", frame);
    let words = match repair.empty_since {
        _ if !repair.loaded => "Reading what is not in step…".to_owned(),
        // what was changed in Google meanwhile cannot be known
        Some(_) if let Liveness::Broken(since, _) = state.liveness() => format!(
            "Nothing of ours waits. But Google does not answer since {}: what was changed there \
             meanwhile is seen once it does. Esc goes back to the desk.",
            wording::since(state, since)
        ),
        Some((at, true)) => {
            let since = wording::since(state, at);
            format!("Everything is in step since {since}. Esc goes back to the desk.")
        }
        Some((at, false)) => {
            let seen = wording::since(state, at);
            format!("Everything is in step, as of {seen}. Esc goes back to the desk.")
        }
        None => String::new(),
    };
    let style = pen.theme.good;
    pen.wrapped(inner, &words, style);
}

fn bar(pen: &mut Pen, area: Area, repair: &Repair) {
    let Some((done, of, who)) = repair.run.progress() else {
        return;
    };
    let stops = if repair.run.waits() {
        "   Esc stops the rest"
    } else {
        ""
    };
    let who: String = who.chars().take(usize::from(area.width / 3)).collect();
    let x = pen.line(
        area,
        &format!(" {done} of {of} done, now {who}{stops}  "),
        pen.theme.strong,
    );
    let row = Area::new(x, area.y, area.right().saturating_sub(x + 1), area.height);
    let style = pen.theme.good;
    pen.bar(row, done, of, style);
}

fn ask(pen: &mut Pen, asking: &Asking) {
    let one = match asking.items.as_slice() {
        [one] => Some(one.who.clone()),
        _ => None,
    };
    let whom = one.unwrap_or_else(|| format!("{} visits", asking.items.len()));
    let (title, does) = match asking.action {
        RepairAction::Cancel => ("Call off?", "is called off and taken out of the calendar"),
        _ => ("Ignore it?", "stays here as it is, and so does Google"),
    };
    let inner = pen.dialog(72, 8, title);
    let base = pen.theme.base;
    let does = if asking.items.len() == 1 {
        does.to_owned()
    } else {
        format!("each {does}")
    };
    let rest = pen.wrapped(inner, &format!("{whom}: {does}."), base);
    pen.line(rest, "Why?", pen.theme.dim);
    let field = below(rest, 1);
    pen.field(field, &asking.reason, true);
    if let Some(problem) = &asking.problem {
        let style = pen.theme.repair;
        pen.wrapped(below(field, 1), problem, style);
    } else {
        pen.line(
            below(field, 1),
            "Enter does it, Esc leaves it.",
            pen.theme.dim,
        );
    }
}
