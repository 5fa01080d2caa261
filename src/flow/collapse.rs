//! Edits that follow each other before Google has heard of the first: only the last state is sent.
//!
//! That nothing was sent is a fact of the journal, never of the clock: a flow announces its first write
//! there before it makes it. Whether somebody is at the operation just now (its lease) is not known here.

use super::operation::Flow;
use crate::domain::time::Interval;

/// What becomes of an open operation when somebody wants something else of its visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// Something may have been sent: it must come to its end first.
    None,
    /// It goes on like this, with what is wanted now.
    GoesOn(Box<Flow>),
    /// It ends here, as if it had never been asked for.
    GivesWay,
}

/// The visit is to be moved to another time.
#[must_use]
pub fn when_moved(open: &Flow, to: Interval) -> Room {
    match open {
        Flow::Booking(booking) => match booking.as_ref().clone().at_another_time(to) {
            Some(booking) => Room::GoesOn(Box::new(Flow::Booking(Box::new(booking)))),
            None => Room::None,
        },
        Flow::Reschedule(moving) if moving.is_unsent() => Room::GivesWay,
        _ => Room::None,
    }
}

/// The visit is called off.
#[must_use]
pub fn when_called_off(open: &Flow) -> Room {
    if is_unsent(open) {
        Room::GivesWay
    } else {
        Room::None
    }
}

/// Whether nothing of the operation can be in the calendar.
#[must_use]
pub fn is_unsent(open: &Flow) -> bool {
    match open {
        Flow::Booking(booking) => booking.is_unsent(),
        Flow::Reschedule(moving) => moving.is_unsent(),
        // what removes or clears away has nothing that could be taken back
        Flow::Cancellation(_) | Flow::Clearance(_) => false,
    }
}

#[cfg(test)]
mod tests;
