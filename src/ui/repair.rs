//! How the repair pane looks, and its keys: the list at the left (above, where there is little room),
//! at the right all about the selected item and what each act would do.

mod details;
mod list;

use super::keymap::{Binding, DOWN, END, ENTER, ESC, HOME, UP, bind, key};
use super::pen::{Pen, below};
use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::screen::repair::{Act, Asking, Repair};
use crate::app::state::{Liveness, State};
use crate::app::wording;
use crate::port::query::RepairAction;

/// Its keys.
pub const KEYS: &[Binding] = &[
    settle(&[key('r')], RepairAction::Retry, "retry", "try again now"),
    settle(
        &[key('d')],
        RepairAction::Cancel,
        "call off",
        "call the visit off; asks why first",
    ),
    bind(
        &[key('m')],
        Action::Repair(Act::Move),
        "move",
        "choose another time for it on the desk",
    ),
    settle(
        &[key('a')],
        RepairAction::AdoptTimes,
        "adopt",
        "take the time that Google has",
    ),
    settle(
        &[key('k')],
        RepairAction::Keep,
        "keep",
        "leave both as they are; asks why first",
    ),
    bind(
        &[key('A')],
        Action::Repair(Act::RetryAll),
        "all",
        "try everything again that can be",
    ),
    bind(
        &[key(' ')],
        Action::ToggleMark,
        "mark",
        "mark or unmark; acts then take the marked ones",
    ),
    bind(&[UP], Action::MoveUp, "", "the item above"),
    bind(&[DOWN, key('j')], Action::MoveDown, "", "the item below"),
    bind(&[HOME], Action::MoveFirst, "", "the first item"),
    bind(&[END], Action::MoveLast, "", "the last item"),
    bind(&[ENTER], Action::Open, "visit", "to the visit on the desk"),
    bind(
        &[ESC],
        Action::GoBack,
        "back",
        "back to the desk; stops what has not been begun",
    ),
    bind(&[key('?')], Action::ShowHelp, "", "all keys"),
];

/// Its keys while it asks for a reason.
pub const REASON_KEYS: &[Binding] = &[
    bind(&[ENTER], Action::Open, "do it", "do it, with this reason"),
    bind(&[ESC], Action::GoBack, "leave it", "leave it as it is"),
];

const fn settle(
    keys: &'static [super::keymap::Key],
    action: RepairAction,
    hint: &'static str,
    says: &'static str,
) -> Binding {
    bind(keys, Action::Repair(Act::Settle(action)), hint, says)
}

/// The key of an act.
fn key_of(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Retry => "r",
        RepairAction::Cancel => "d",
        RepairAction::AdoptTimes => "a",
        RepairAction::Keep => "k",
    }
}

/// From this width on the details stand beside the list.
const WIDE: u16 = 110;

/// Draws it over the desk.
pub fn draw(pen: &mut Pen, state: &State, repair: &Repair) {
    let all = pen.buffer.area;
    let top = all.height.min(1);
    let body = Area::new(0, top, all.width, all.height.saturating_sub(top + 1));
    pen.clear(body);
    let mut rest = body;
    if let Some((done, of)) = repair.run.progress() {
        rest.height = rest.height.saturating_sub(1);
        bar(
            pen,
            Area::new(0, rest.bottom(), body.width, body.height.min(1)),
            done,
            of,
            repair,
        );
    }
    if repair.items.is_empty() {
        nothing(pen, rest, state, repair);
    } else if rest.width >= WIDE {
        let width = rest.width * 9 / 20;
        let left = Area { width, ..rest };
        let right = Area::new(width, rest.y, rest.width - width, rest.height);
        list::draw(pen, left, state, repair);
        details::draw(pen, right, state, repair);
    } else {
        let height = (rest.height * 2 / 5).max(rest.height.min(4));
        let above = Area { height, ..rest };
        list::draw(pen, above, state, repair);
        details::draw(pen, below(rest, height), state, repair);
    }
    if let Some(asking) = &repair.asking {
        ask(pen, state, repair, asking);
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

fn bar(pen: &mut Pen, area: Area, done: usize, of: usize, repair: &Repair) {
    let stops = if repair.run.waits() {
        "   Esc stops the rest"
    } else {
        ""
    };
    let x = pen.line(
        area,
        &format!(" {done} of {of} done{stops}  "),
        pen.theme.strong,
    );
    let row = Area::new(x, area.y, area.right().saturating_sub(x + 1), area.height);
    let style = pen.theme.good;
    pen.bar(row, done, of, style);
}

fn ask(pen: &mut Pen, state: &State, repair: &Repair, asking: &Asking) {
    let one = match asking.items.as_slice() {
        [one] => repair
            .items
            .iter()
            .find(|item| item.appointment.appointment_id == *one)
            .map(|item| wording::visit(state, &item.appointment)),
        _ => None,
    };
    let whom = one.unwrap_or_else(|| format!("{} visits", asking.items.len()));
    let (title, does) = match asking.action {
        RepairAction::Cancel => ("Call off?", "is called off and taken out of the calendar"),
        _ => ("Keep as it is?", "stays here as it is, and so does Google"),
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
