//! The shapes: every state has one, so that nothing is told by colour alone. One set for terminals
//! that can show them, one of ASCII only.

use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::port::query::Reading;

/// A set of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Whether nothing but ASCII may be drawn of our own words, too.
    pub ascii: bool,
    /// Confirmed, and live.
    pub confirmed: &'static str,
    /// On its way to Google.
    pub pending: &'static str,
    /// A person must choose.
    pub repair: &'static str,
    /// Called off, refused.
    pub gone: &'static str,
    /// Being moved: it stands here still.
    pub moving: &'static str,
    /// Read some time ago.
    pub stale: &'static str,
    /// Not known.
    pub unknown: &'static str,
    /// Taken in the calendar.
    pub taken: &'static str,
    /// Outside hours.
    pub outside: &'static str,
    /// A visit goes on.
    pub goes_on: &'static str,
    /// Two sides are not the same.
    pub differs: &'static str,
    /// The running row.
    pub now: &'static str,
    /// The selected line.
    pub pointer: &'static str,
    /// Left edge of the selected cell, in its own colours.
    pub edge: &'static str,
    /// Something unread in the inbox.
    pub inbox: &'static str,
    /// Parked bookings.
    pub draft: &'static str,
    /// Something was cut off.
    pub cut: &'static str,
    /// More to the left, to the right.
    pub more: (&'static str, &'static str),
    /// More above, below.
    pub above: &'static str,
    /// More below.
    pub below: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// A dash for nothing.
    pub none: &'static str,
    /// How full a day is, from empty to full.
    pub fullness: [&'static str; 5],
    /// A bar: done, to do.
    pub bar: (&'static str, &'static str),
    /// Lines of frames: horizontal, vertical, corners from the upper left clockwise.
    pub frame: Frame,
}

/// Lines of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Horizontal.
    pub horizontal: &'static str,
    /// Vertical.
    pub vertical: &'static str,
    /// Corners: upper left, upper right, lower right, lower left.
    pub corners: [&'static str; 4],
}

/// For terminals that show box drawing and geometric shapes.
pub const SHAPES: Marks = Marks {
    ascii: false,
    now: "▶",
    differs: "≠",
    confirmed: "●",
    pending: "◐",
    repair: "▲",
    gone: "✗",
    moving: "»",
    stale: "○",
    unknown: "?",
    taken: "░",
    outside: "·",
    goes_on: "┃",
    pointer: "▸",
    edge: "▌",
    inbox: "✉",
    draft: "✎",
    cut: "…",
    more: ("‹", "›"),
    above: "↑",
    below: "↓",
    dot: "·",
    none: "–",
    fullness: [" ", "▁", "▃", "▅", "▇"],
    bar: ("█", "░"),
    frame: Frame {
        horizontal: "─",
        vertical: "│",
        corners: ["┌", "┐", "┘", "└"],
    },
};

/// ASCII only.
pub const ASCII: Marks = Marks {
    ascii: true,
    now: ">",
    differs: "!",
    confirmed: "*",
    pending: "~",
    repair: "!",
    gone: "x",
    moving: "=",
    stale: "o",
    unknown: "?",
    taken: "#",
    outside: ".",
    goes_on: ":",
    pointer: ">",
    edge: "[",
    inbox: "@",
    draft: "&",
    cut: "~",
    more: ("<", ">"),
    above: "^",
    below: "v",
    dot: "-",
    none: "-",
    fullness: [" ", ".", ":", "+", "#"],
    bar: ("#", "."),
    frame: Frame {
        horizontal: "-",
        vertical: "|",
        corners: ["+", "+", "+", "+"],
    },
};

impl Marks {
    /// The set to draw with.
    pub fn of(ascii: bool) -> &'static Self {
        if ascii { &ASCII } else { &SHAPES }
    }

    /// How a visit stands.
    pub fn visit(&self, appointment: &Appointment) -> &'static str {
        match (appointment.status, appointment.sync_state) {
            (Status::Cancelled | Status::Refused, _) => self.gone,
            (_, SyncState::NeedsRepair) => self.repair,
            (Status::Pending, _) | (_, SyncState::SyncPending) => self.pending,
            (Status::Confirmed, SyncState::Synced) => self.confirmed,
        }
    }

    /// How well a calendar is known.
    pub fn reading(&self, reading: &Reading) -> &'static str {
        match reading {
            Reading::Live { .. } => self.confirmed,
            Reading::Stale { .. } => self.stale,
            Reading::Unknown { .. } => self.unknown,
        }
    }
}
