//! The dialogs above the desk, lowest first. The small ones are drawn here; booking, repair, search
//! and inbox have files of their own.

mod help;
mod reschedule;
mod small;

use super::pen::Pen;
use crate::app::screen::Dialog;
use crate::app::state::State;

/// Draws every open dialog.
pub fn draw(pen: &mut Pen, state: &State) {
    for dialog in &state.dialogs {
        // only the topmost may put the terminal's cursor somewhere
        pen.cursor = None;
        match dialog {
            Dialog::GoTo(goto) => small::goto(pen, state, goto),
            Dialog::CommandLine(line) => small::command_line(pen, state, line),
            Dialog::Help(help) => help::draw(pen, help),
            Dialog::Cancel(cancel) => small::cancel(pen, state, cancel),
            Dialog::Reschedule(asked) => reschedule::draw(pen, state, asked),
            Dialog::Undo(undo) => small::undo(pen, undo),
            Dialog::Copied(copied) => small::copied(pen, copied),
            Dialog::Unread(unread) => small::unread(pen, state, unread),
            Dialog::Quitting(quitting) => small::quitting(pen, state, quitting),
            Dialog::Booking(booking) => super::booking::draw(pen, state, booking),
            Dialog::Repair(repair) => super::repair::draw(pen, state, repair),
            Dialog::Find(find) => super::find::draw(pen, state, find),
            Dialog::Inbox(inbox) => super::inbox::draw(pen, state, inbox),
            Dialog::Drafts(drafts) => super::drafts::draw(pen, state, drafts),
        }
    }
}
