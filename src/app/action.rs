//! What a person at the desk can want. Keys, clicks and the command line all come down to these;
//! the table [`ACTS`] says each in words, once, for the help and the command line alike.

use super::screen::{booking, find, inbox, repair};
use super::state::Palette;
use crate::domain::id::DoctorId;
use crate::domain::time::Moment;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// One row up.
    MoveUp,
    /// One row down.
    MoveDown,
    /// One column to the left.
    MoveLeft,
    /// One column to the right.
    MoveRight,
    /// To the first row.
    MoveFirst,
    /// To the last row.
    MoveLast,
    /// The day before.
    ShowPreviousDay,
    /// The day after.
    ShowNextDay,
    /// A week back.
    ShowPreviousWeek,
    /// A week on.
    ShowNextWeek,
    /// Today.
    ShowToday,
    /// That day.
    ShowDay(NaiveDate),
    /// Ask for a date.
    AskForDate,
    /// The next free slot of the selected doctor.
    FindNextFree,
    /// The next free slot of anybody.
    FindNextFreeOfAll,
    /// What is selected: book, open, pick; in a dialog: confirm.
    Open,
    /// One step back; never leaves and never loses what was typed.
    GoBack,
    /// Pick the selected visit up, to move it to another time.
    MoveVisit,
    /// Pick the selected visit up and go to that moment with it.
    MoveVisitTo(Moment),
    /// Call the selected visit off.
    CancelVisit,
    /// Undo the last act.
    UndoLast,
    /// Read the calendars now.
    RefreshCalendars,
    /// Take over what changed in Google, and send what is pending.
    SyncNow,
    /// Open the repair pane.
    OpenRepair,
    /// Open the inbox.
    OpenInbox,
    /// Search visits.
    OpenFind,
    /// Open the command line.
    OpenCommandLine,
    /// Show the keys.
    ShowHelp,
    /// To the next pane, field, or completion.
    FocusNext,
    /// To the pane or field before.
    FocusPrevious,
    /// Day of all doctors, or week of one.
    ToggleWeek,
    /// Fewer minutes a row.
    ShowFinerRows,
    /// More minutes a row.
    ShowCoarserRows,
    /// Copy the text that confirms the visit.
    CopyConfirmation,
    /// Bring back the booking that was put aside last.
    ResumeDraft,
    /// Mark or unmark the line.
    ToggleMark,
    /// Take one of the slots offered: 1, 2, 3.
    TakeAlternative(u8),
    /// Colours.
    UsePalette(Palette),
    /// Select a doctor.
    SelectDoctor(DoctorId),
    /// Select a place in the grid.
    SelectSlot(DoctorId, Moment),
    /// Book, or move a visit there, although the calendar could not be read.
    BookUnread,
    /// Leave.
    Quit,
    /// Only of the booking dialog.
    Booking(booking::Act),
    /// Only of the repair pane.
    Repair(repair::Act),
    /// Only of the search.
    Find(find::Act),
    /// Only of the inbox.
    Inbox(inbox::Act),
}

/// An act by its name and in words.
#[derive(Clone, Debug)]
pub struct Named {
    /// What the command line calls it.
    pub name: &'static str,
    /// The act.
    pub action: Action,
    /// What it does, for the help.
    pub says: &'static str,
}

const fn named(name: &'static str, action: Action, says: &'static str) -> Named {
    Named { name, action, says }
}

/// The acts of the desk by name.
pub const ACTS: &[Named] = &[
    named(
        "open",
        Action::Open,
        "book the free slot, or open the visit",
    ),
    named(
        "free",
        Action::FindNextFree,
        "next free slot of this doctor",
    ),
    named(
        "anyone",
        Action::FindNextFreeOfAll,
        "next free slot of any doctor",
    ),
    named(
        "find",
        Action::OpenFind,
        "search visits by name, phone or birth date",
    ),
    named(
        "goto",
        Action::AskForDate,
        "go to a date: tomorrow, mon, 25.10., +7",
    ),
    named("previous", Action::ShowPreviousDay, "the day before"),
    named("next", Action::ShowNextDay, "the day after"),
    named("week-back", Action::ShowPreviousWeek, "a week back"),
    named("week-on", Action::ShowNextWeek, "a week on"),
    named("today", Action::ShowToday, "today"),
    named(
        "week",
        Action::ToggleWeek,
        "week of this doctor, or day of all",
    ),
    named("finer", Action::ShowFinerRows, "fewer minutes a row"),
    named("coarser", Action::ShowCoarserRows, "more minutes a row"),
    named(
        "move",
        Action::MoveVisit,
        "move the selected visit to another time",
    ),
    named("cancel", Action::CancelVisit, "call the selected visit off"),
    named(
        "undo",
        Action::UndoLast,
        "undo the last act (for ten minutes)",
    ),
    named(
        "copy",
        Action::CopyConfirmation,
        "copy the text that confirms the visit",
    ),
    named(
        "refresh",
        Action::RefreshCalendars,
        "read the calendars now",
    ),
    named(
        "sync",
        Action::SyncNow,
        "take over what changed in Google, and send what is pending",
    ),
    named(
        "repair",
        Action::OpenRepair,
        "what is not in step with Google",
    ),
    named("inbox", Action::OpenInbox, "what has happened without you"),
    named(
        "resume",
        Action::ResumeDraft,
        "bring back the booking put aside",
    ),
    named("pane", Action::FocusNext, "to the next pane"),
    named("help", Action::ShowHelp, "all keys"),
    named(
        "command",
        Action::OpenCommandLine,
        "type an act by its name",
    ),
    named(
        "quit",
        Action::Quit,
        "leave; asks if something would be lost",
    ),
    named("up", Action::MoveUp, "one row up"),
    named("down", Action::MoveDown, "one row down"),
    named("left", Action::MoveLeft, "one column to the left"),
    named("right", Action::MoveRight, "one column to the right"),
    named("first", Action::MoveFirst, "to the first row"),
    named("last", Action::MoveLast, "to the last row"),
    named(
        "back",
        Action::GoBack,
        "one step back; never leaves or loses what was typed",
    ),
    named("pane-back", Action::FocusPrevious, "to the pane before"),
];

/// The act in words, where it is one of the desk's.
pub fn says(action: &Action) -> Option<&'static str> {
    ACTS.iter()
        .find(|named| named.action == *action)
        .map(|named| named.says)
}
