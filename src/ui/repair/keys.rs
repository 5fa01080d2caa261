//! Keys of the repair pane.

use crate::app::action::Action;
use crate::app::screen::repair::Act;
use crate::port::query::RepairAction;
use crate::ui::keymap::{Binding, DOWN, END, ENTER, ESC, HOME, Key, UP, bind, key};

/// The keys of the pane.
pub const PANE: &[Binding] = &[
    settle(&[key('r')], RepairAction::Retry, "retry", "try again now"),
    settle(
        &[key('e')],
        RepairAction::Recreate,
        "re-create",
        "put an event that was deleted back into the calendar",
    ),
    settle(
        &[key('g')],
        RepairAction::AdoptTimes,
        "Google's",
        "take the time that Google has",
    ),
    settle(
        &[key('b')],
        RepairAction::PutBack,
        "ours",
        "keep our time: move the event in Google back to it",
    ),
    settle(
        &[key('m')],
        RepairAction::Move,
        "move",
        "pick another slot for it on the desk",
    ),
    settle(
        &[key('d')],
        RepairAction::Cancel,
        "call off",
        "call the visit off; asks why first",
    ),
    settle(
        &[key('i')],
        RepairAction::Ignore,
        "ignore",
        "leave both as they are; asks why first",
    ),
    settle(
        &[key('s')],
        RepairAction::Reconnect,
        "sign in",
        "how the Google account is connected again",
    ),
    bind(
        &[key(' ')],
        Action::ToggleMark,
        "mark",
        "mark or unmark; acts then take the marked ones",
    ),
    bind(
        &[key('a')],
        Action::Repair(Act::MarkAll),
        "all",
        "mark all that are shown, or none of them",
    ),
    bind(
        &[key('/')],
        Action::Repair(Act::Search),
        "search",
        "search names, doctors and sentences",
    ),
    bind(
        &[key('f')],
        Action::Repair(Act::Filter),
        "filter",
        "all, to repair, pending, those of this doctor",
    ),
    bind(
        &[key('A')],
        Action::Repair(Act::RetryAll),
        "",
        "try everything again that can be",
    ),
    bind(&[key('u')], Action::UndoLast, "undo", ""),
    bind(&[UP, key('k')], Action::MoveUp, "", "the item above"),
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
pub const REASON: &[Binding] = &[
    bind(&[ENTER], Action::Open, "do it", "do it, with this reason"),
    bind(&[ESC], Action::GoBack, "leave it", "leave it as it is"),
];

/// Its keys while something is searched for.
pub const SEARCH: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "to the list",
        "back to the list, of what was found",
    ),
    bind(&[UP], Action::MoveUp, "", "the item above"),
    bind(&[DOWN], Action::MoveDown, "", "the item below"),
    bind(&[ESC], Action::GoBack, "all", "show all again"),
];

/// Its keys while it says how many were done.
pub const SUMMARY: &[Binding] = &[
    bind(&[ENTER], Action::Open, "to the list", "back to the list"),
    bind(&[ESC], Action::GoBack, "", "back to the list"),
];

const fn settle(
    keys: &'static [Key],
    action: RepairAction,
    hint: &'static str,
    says: &'static str,
) -> Binding {
    bind(keys, Action::Repair(Act::Settle(action)), hint, says)
}

/// The key of an act.
pub fn of(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Reconnect => "s",
        RepairAction::Retry => "r",
        RepairAction::Recreate => "e",
        RepairAction::AdoptTimes => "g",
        RepairAction::PutBack => "b",
        RepairAction::Move => "m",
        RepairAction::Cancel => "d",
        RepairAction::Ignore => "i",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_is_named_beside_an_act_is_the_one_that_does_it() {
        for action in [
            RepairAction::Reconnect,
            RepairAction::Retry,
            RepairAction::Recreate,
            RepairAction::AdoptTimes,
            RepairAction::PutBack,
            RepairAction::Move,
            RepairAction::Cancel,
            RepairAction::Ignore,
        ] {
            let wanted = Action::Repair(Act::Settle(action));
            let binding = PANE.iter().find(|binding| binding.action == wanted);
            assert_eq!(binding.map(Binding::labels).as_deref(), Some(of(action)));
        }
    }
}
