//! The dialogs, lowest first.

use super::pen::Pen;
use crate::app::screen::Dialog;
use crate::app::state::State;

/// Draws every open dialog.
pub fn draw(pen: &mut Pen, state: &State) {
    for dialog in &state.dialogs {
        // only the topmost may put the terminal's cursor somewhere
        pen.cursor = None;
        match dialog {
            Dialog::Booking(booking) => super::booking::draw(pen, state, booking),
            Dialog::Repair(repair) => super::repair::draw(pen, state, repair),
            Dialog::Find(find) => super::find::draw(pen, state, find),
            Dialog::Drafts(drafts) => super::drafts::draw(pen, state, drafts),
            _ => {}
        }
    }
}
