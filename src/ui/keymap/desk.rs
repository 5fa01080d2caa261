//! The keys of the desk.

use super::{
    BACK_TAB, Binding, DOWN, END, ENTER, ESC, HOME, Key, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, TAB, UP,
    bind, code, key,
};
use crate::app::action::Action;
use crate::app::screen::find;
use crossterm::event::KeyCode;

const F1: Key = code(KeyCode::F(1));
const F5: Key = code(KeyCode::F(5));
const UPWARDS: &[Key] = &[UP, key('k')];
const DOWNWARDS: &[Key] = &[DOWN, key('j')];
const LEFTWARDS: &[Key] = &[LEFT, key('h')];
const RIGHTWARDS: &[Key] = &[RIGHT, key('l')];

/// With the grid in focus.
pub(super) const GRID: &[Binding] = &[
    bind(&[ENTER], Action::Open, "book/open", ""),
    bind(UPWARDS, Action::MoveUp, "", ""),
    bind(DOWNWARDS, Action::MoveDown, "", ""),
    bind(LEFTWARDS, Action::MoveLeft, "", ""),
    bind(RIGHTWARDS, Action::MoveRight, "", ""),
    bind(
        &[HOME],
        Action::MoveFirst,
        "",
        "to the first row of the doctor's day",
    ),
    bind(
        &[END],
        Action::MoveLast,
        "",
        "to the last row of the doctor's day",
    ),
];

/// With the grid in focus while a visit is being moved; before [`GRID`].
pub(super) const PLACING: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "move here",
        "move it to the selected time; asks first",
    ),
    bind(&[ESC], Action::GoBack, "leave it", "leave it where it is"),
    bind(
        &[key('f')],
        Action::FindNextFree,
        "next that fits",
        "the next time that it fits into",
    ),
];

/// With the list of doctors in focus.
pub(super) const DOCTORS: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "to the grid",
        "to the grid, with this doctor",
    ),
    bind(UPWARDS, Action::MoveUp, "", "the doctor before"),
    bind(DOWNWARDS, Action::MoveDown, "", "the doctor after"),
];

/// With the mini month in focus.
pub(super) const MONTH: &[Binding] = &[
    bind(
        &[ENTER],
        Action::Open,
        "to the grid",
        "to the grid, on this day",
    ),
    bind(UPWARDS, Action::MoveUp, "", "a week back"),
    bind(DOWNWARDS, Action::MoveDown, "", "a week on"),
    bind(LEFTWARDS, Action::MoveLeft, "", "a day back"),
    bind(RIGHTWARDS, Action::MoveRight, "", "a day on"),
];

/// With the details in focus.
pub(super) const DETAIL: &[Binding] = &[
    bind(&[ENTER], Action::Open, "to the grid", "back to the grid"),
    bind(UPWARDS, Action::MoveUp, "", "scroll up"),
    bind(DOWNWARDS, Action::MoveDown, "scroll", "scroll down"),
];

/// With any of them in focus.
pub(super) const DESK: &[Binding] = &[
    bind(&[key('f')], Action::FindNextFree, "next free", ""),
    bind(&[key('F')], Action::FindNextFreeOfAll, "", ""),
    bind(&[key('/')], Action::OpenFind, "find", ""),
    bind(
        &[key('n')],
        Action::Find(find::Act::Next),
        "",
        "the next visit that was found",
    ),
    bind(
        &[key('N')],
        Action::Find(find::Act::Previous),
        "",
        "the visit found before it",
    ),
    bind(&[key('g')], Action::AskForDate, "date", ""),
    bind(&[key('['), PAGE_UP], Action::ShowPreviousDay, "", ""),
    bind(&[key(']'), PAGE_DOWN], Action::ShowNextDay, "day", ""),
    bind(&[key('{')], Action::ShowPreviousWeek, "", ""),
    bind(&[key('}')], Action::ShowNextWeek, "", ""),
    bind(&[key('t')], Action::ShowToday, "today", ""),
    bind(&[key('w')], Action::ToggleWeek, "week", ""),
    bind(&[key('m')], Action::MoveVisit, "move", ""),
    bind(&[key('d')], Action::CancelVisit, "cancel", ""),
    bind(&[key('u')], Action::UndoLast, "undo", ""),
    bind(&[key('c')], Action::CopyConfirmation, "copy", ""),
    bind(&[key('R'), F5], Action::RefreshCalendars, "refresh", ""),
    bind(&[key('!')], Action::OpenRepair, "repair", ""),
    bind(&[key('i')], Action::OpenInbox, "inbox", ""),
    bind(&[key('p')], Action::ResumeDraft, "", ""),
    bind(&[key('-')], Action::ShowFinerRows, "", ""),
    bind(&[key('+'), key('=')], Action::ShowCoarserRows, "", ""),
    bind(&[TAB], Action::FocusNext, "", ""),
    bind(&[BACK_TAB], Action::FocusPrevious, "", ""),
    bind(&[key(':')], Action::OpenCommandLine, "command", ""),
    bind(&[key('?'), F1], Action::ShowHelp, "help", ""),
    bind(&[ESC], Action::GoBack, "", ""),
    bind(&[key('q')], Action::Quit, "leave", ""),
];
