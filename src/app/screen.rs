//! The dialogs above the desk, and who hears what. The topmost dialog gets actions and edits;
//! reports go to all of them, since a booking may be confirmed under an open help.
//!
//! A dialog is a plain value. While one of its functions runs it is taken out of the state, so it may
//! change the rest of the state freely; its [`Fate`] says what becomes of it.

pub mod booking;
pub mod cancel;
pub mod command_line;
pub mod copied;
pub mod drafts;
pub mod find;
pub mod goto;
pub mod help;
pub mod inbox;
pub mod quitting;
pub mod repair;
pub mod reschedule;
pub mod undo;
pub mod unread;

use super::action::Action;
use super::effect::Effect;
use super::msg::Edit;
use super::state::State;
use crate::port::report::Report;

/// Which set of keys is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The grid.
    Grid,
    /// The list of doctors.
    Doctors,
    /// The mini month.
    Month,
    /// The details of a visit.
    Detail,
    /// The grid, while a new time is being chosen for a visit.
    Placing,
    /// Asking for a date.
    GoTo,
    /// Typing an act by name.
    CommandLine,
    /// The keys.
    Help,
    /// Asking for the reason of a cancellation.
    Cancel,
    /// Asking whether to undo.
    Undo,
    /// A text to be marked with the mouse.
    Copied,
    /// An unread calendar is to be booked.
    Unread,
    /// A visit is to be moved onto an unread calendar.
    UnreadMove,
    /// Asking whether to move a visit.
    Reschedule,
    /// A visit is being moved.
    Rescheduling,
    /// Waiting for writes before leaving.
    Quitting,
    /// The booking dialog.
    Booking,
    /// The repair pane.
    Repair,
    /// Asking for a reason in the repair pane.
    RepairReason,
    /// Typing what is searched for in the repair pane.
    RepairSearch,
    /// How an act about many ended.
    RepairSummary,
    /// The search of visits.
    Find,
    /// The inbox.
    Inbox,
    /// The bookings that were put aside.
    Drafts,
}

impl Context {
    /// Whether letters are text here.
    pub fn types(self) -> bool {
        matches!(
            self,
            Self::GoTo
                | Self::CommandLine
                | Self::Cancel
                | Self::Booking
                | Self::RepairReason
                | Self::RepairSearch
                | Self::Find
        )
    }
}

/// What becomes of a dialog after it has been told something.
#[derive(Debug)]
pub enum Fate {
    /// It stays.
    Stay,
    /// It is done.
    Close,
    /// It is put aside among the parked bookings.
    Park(Box<booking::Booking>),
}

/// An open dialog.
#[derive(Debug)]
pub enum Dialog {
    /// Asking for a date.
    GoTo(goto::GoTo),
    /// Typing an act by name.
    CommandLine(command_line::CommandLine),
    /// The keys.
    Help(help::Help),
    /// Asking for the reason of a cancellation, then its progress.
    Cancel(Box<cancel::Cancel>),
    /// Asking whether to move a visit, then the progress of it.
    Reschedule(Box<reschedule::Reschedule>),
    /// Asking whether to undo.
    Undo(undo::Undo),
    /// A text to be marked with the mouse.
    Copied(copied::Copied),
    /// An unread calendar is to be booked.
    Unread(unread::Unread),
    /// Waiting for writes before leaving.
    Quitting(quitting::Quitting),
    /// The booking dialog.
    Booking(Box<booking::Booking>),
    /// The repair pane.
    Repair(Box<repair::Repair>),
    /// The search of visits.
    Find(Box<find::Find>),
    /// The inbox.
    Inbox(Box<inbox::Inbox>),
    /// The bookings that were put aside.
    Drafts(drafts::Drafts),
}

macro_rules! each {
    ($dialog:expr, $one:ident => $what:expr) => {
        match $dialog {
            Dialog::GoTo($one) => $what,
            Dialog::CommandLine($one) => $what,
            Dialog::Help($one) => $what,
            Dialog::Cancel($one) => $what,
            Dialog::Reschedule($one) => $what,
            Dialog::Undo($one) => $what,
            Dialog::Copied($one) => $what,
            Dialog::Unread($one) => $what,
            Dialog::Quitting($one) => $what,
            Dialog::Booking($one) => $what,
            Dialog::Repair($one) => $what,
            Dialog::Find($one) => $what,
            Dialog::Inbox($one) => $what,
            Dialog::Drafts($one) => $what,
        }
    };
}

impl Dialog {
    /// Which keys are live in it.
    pub fn context(&self) -> Context {
        match self {
            Self::GoTo(_) => Context::GoTo,
            Self::CommandLine(_) => Context::CommandLine,
            Self::Help(_) => Context::Help,
            Self::Cancel(_) => Context::Cancel,
            Self::Reschedule(asked) if asked.ticket().is_some() => Context::Rescheduling,
            Self::Reschedule(_) => Context::Reschedule,
            Self::Undo(_) => Context::Undo,
            Self::Copied(_) => Context::Copied,
            Self::Unread(unread) if unread.moving => Context::UnreadMove,
            Self::Unread(_) => Context::Unread,
            Self::Quitting(_) => Context::Quitting,
            Self::Booking(_) => Context::Booking,
            Self::Repair(repair) => repair.context(),
            Self::Find(_) => Context::Find,
            Self::Inbox(_) => Context::Inbox,
            Self::Drafts(_) => Context::Drafts,
        }
    }

    /// Whether this dialog itself says how the act of that ticket ends.
    pub fn owns(&self, ticket: u64) -> bool {
        match self {
            Self::Cancel(cancel) => cancel.ticket() == Some(ticket),
            Self::Booking(booking) => booking.ticket() == Some(ticket),
            Self::Reschedule(asked) => asked.ticket() == Some(ticket),
            Self::Repair(repair) => repair.owns(ticket),
            Self::Inbox(inbox) => inbox.owns(ticket),
            _ => false,
        }
    }

    fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        each!(self, dialog => dialog.act(state, action, out))
    }

    fn edit(&mut self, state: &mut State, edit: &Edit, out: &mut Vec<Effect>) -> Fate {
        match self {
            Self::GoTo(dialog) => dialog.edit(state, edit, out),
            Self::CommandLine(dialog) => dialog.edit(state, edit, out),
            Self::Cancel(dialog) => dialog.edit(state, edit, out),
            Self::Booking(dialog) => dialog.edit(state, edit, out),
            Self::Repair(dialog) => dialog.edit(state, edit, out),
            Self::Find(dialog) => dialog.edit(state, edit, out),
            _ => Fate::Stay,
        }
    }

    fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        match self {
            Self::Cancel(dialog) => dialog.hear(state, report, out),
            Self::Quitting(dialog) => dialog.hear(state, report, out),
            Self::Booking(dialog) => dialog.hear(state, report, out),
            Self::Reschedule(dialog) => dialog.hear(state, report, out),
            Self::Repair(dialog) => dialog.hear(state, report, out),
            Self::Find(dialog) => dialog.hear(state, report, out),
            Self::Inbox(dialog) => dialog.hear(state, report, out),
            _ => Fate::Stay,
        }
    }
}

/// What is told to a dialog.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told<'a> {
    Action(&'a Action),
    Edit(&'a Edit),
    Report(&'a Report),
}

/// Tells the dialog at that place of the stack, and settles its fate.
pub(super) fn tell(state: &mut State, at: usize, told: Told<'_>, out: &mut Vec<Effect>) {
    if at >= state.dialogs.len() {
        return;
    }
    let mut dialog = state.dialogs.remove(at);
    let fate = match told {
        Told::Action(action) => dialog.act(state, action, out),
        Told::Edit(edit) => dialog.edit(state, edit, out),
        Told::Report(report) => dialog.hear(state, report, out),
    };
    match fate {
        Fate::Stay => {
            // what it opened meanwhile stays above it
            let at = at.min(state.dialogs.len());
            state.dialogs.insert(at, dialog);
        }
        Fate::Close => {}
        Fate::Park(booking) => state.parked.push(*booking),
    }
}

/// Tells every dialog of a report, and every parked booking.
pub(super) fn tell_all(state: &mut State, report: &Report, out: &mut Vec<Effect>) {
    for at in (0..state.dialogs.len()).rev() {
        tell(state, at, Told::Report(report), out);
    }
    let parked = std::mem::take(&mut state.parked);
    for mut booking in parked {
        match booking.hear(state, report, out) {
            Fate::Close => {}
            Fate::Stay => state.parked.push(booking),
            Fate::Park(booking) => state.parked.push(*booking),
        }
    }
}
