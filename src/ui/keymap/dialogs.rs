//! The keys of the small dialogs.

use super::{Binding, DOWN, END, ENTER, ESC, HOME, PAGE_DOWN, PAGE_UP, TAB, UP, alt, bind, key};
use crate::app::action::Action;

pub(super) const GOTO: &[Binding] = &[
    bind(&[ENTER], Action::Open, "go there", "go to the date"),
    bind(&[ESC], Action::GoBack, "stay", "stay where you are"),
];

pub(super) const COMMAND_LINE: &[Binding] = &[
    bind(&[ENTER], Action::Open, "do it", "carry it out"),
    bind(&[TAB], Action::FocusNext, "complete", "complete the name"),
    bind(&[ESC], Action::GoBack, "back", "close the line"),
];

pub(super) const HELP: &[Binding] = &[
    bind(
        &[ESC, ENTER, key('q'), key('?')],
        Action::GoBack,
        "close",
        "close the help",
    ),
    bind(&[UP, key('k')], Action::MoveUp, "", "scroll up"),
    bind(&[DOWN, key('j')], Action::MoveDown, "scroll", "scroll down"),
    bind(&[PAGE_UP], Action::ShowPreviousDay, "", "a page up"),
    bind(
        &[PAGE_DOWN, key(' ')],
        Action::ShowNextDay,
        "page",
        "a page down",
    ),
    bind(&[HOME], Action::MoveFirst, "", "to the top"),
    bind(&[END], Action::MoveLast, "", "to the end"),
];

pub(super) const CANCEL: &[Binding] = &[
    bind(&[ENTER], Action::Open, "call it off", "call the visit off"),
    bind(
        &[ESC],
        Action::GoBack,
        "leave it",
        "leave the visit as it is",
    ),
];

pub(super) const RESCHEDULE: &[Binding] = &[
    bind(&[ENTER], Action::Open, "move it", "move the visit"),
    bind(
        &[alt('1')],
        Action::TakeAlternative(1),
        "",
        "take the first of the free times offered",
    ),
    bind(
        &[alt('2')],
        Action::TakeAlternative(2),
        "",
        "take the second",
    ),
    bind(
        &[alt('3')],
        Action::TakeAlternative(3),
        "",
        "take the third",
    ),
    bind(
        &[ESC],
        Action::GoBack,
        "choose again",
        "back to choosing, with the visit in hand",
    ),
    bind(&[key('?')], Action::ShowHelp, "", "all keys"),
];

pub(super) const RESCHEDULING: &[Binding] = &[
    bind(
        &[ESC],
        Action::GoBack,
        "let it go on",
        "back to the desk; the move goes on, and its end is said",
    ),
    bind(&[key('?')], Action::ShowHelp, "", "all keys"),
];

pub(super) const UNDO: &[Binding] = &[
    bind(&[ENTER, key('y')], Action::Open, "undo it", "undo it"),
    bind(
        &[ESC, key('n')],
        Action::GoBack,
        "leave it",
        "leave it as it is",
    ),
];

pub(super) const COPIED: &[Binding] = &[
    bind(&[ESC, ENTER], Action::GoBack, "close", "close the box"),
    bind(
        &[key('c')],
        Action::CopyConfirmation,
        "copy again",
        "copy again",
    ),
];

pub(super) const UNREAD: &[Binding] = &[
    bind(
        &[key('R'), key('r')],
        Action::RefreshCalendars,
        "read it again",
        "read the calendar again",
    ),
    bind(
        &[key('b')],
        Action::BookUnread,
        "book all the same",
        "open the booking all the same",
    ),
    bind(&[ESC], Action::GoBack, "leave it", "leave it"),
];

pub(super) const UNREAD_MOVE: &[Binding] = &[
    bind(
        &[key('R'), key('r')],
        Action::RefreshCalendars,
        "read it again",
        "read the calendar again",
    ),
    bind(
        &[key('m')],
        Action::BookUnread,
        "move all the same",
        "ask whether to move it there all the same",
    ),
    bind(&[ESC], Action::GoBack, "choose again", "back to choosing"),
];

pub(super) const QUITTING: &[Binding] = &[
    bind(&[key('q')], Action::Quit, "leave now", "leave now"),
    bind(&[ESC], Action::GoBack, "stay", "stay"),
];
