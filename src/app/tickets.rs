//! The acts that were handed out and have not ended.

use crate::domain::id::AppointmentId;
use crate::domain::time::Moment;
use crate::port::command::Command;
use crate::port::report::Progress;
use std::collections::BTreeMap;

/// An act under way.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The act.
    pub command: Command,
    /// When it was handed out.
    pub since: Moment,
    /// How far it is.
    pub step: Option<Progress>,
}

impl Ticket {
    /// Whether it changes anything (a refresh and a look only read).
    pub fn writes(&self) -> bool {
        !matches!(self.command, Command::Refresh(_) | Command::LookInto(_))
    }

    /// Whether it only looks at one visit's event, of which nobody is told but who asked.
    pub fn looks(&self) -> bool {
        matches!(self.command, Command::LookInto(_))
    }
}

/// All acts under way, by their number.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    last: u64,
    open: BTreeMap<u64, Ticket>,
}

impl Tickets {
    /// Notes an act and gives it a number.
    pub fn open(&mut self, command: Command, since: Moment) -> u64 {
        self.last += 1;
        let ticket = Ticket {
            command,
            since,
            step: None,
        };
        self.open.insert(self.last, ticket);
        self.last
    }

    /// Notes how far it is; false when there is no such act.
    pub fn progress(&mut self, number: u64, step: Progress) -> bool {
        self.open
            .get_mut(&number)
            .map(|ticket| ticket.step = Some(step))
            .is_some()
    }

    /// It has ended.
    pub fn close(&mut self, number: u64) -> Option<Ticket> {
        self.open.remove(&number)
    }

    /// The act of that number.
    pub fn get(&self, number: u64) -> Option<&Ticket> {
        self.open.get(&number)
    }

    /// Whether an act about that visit is under way.
    pub fn concern(&self, visit: &AppointmentId) -> bool {
        self.open.values().any(|ticket| {
            matches!(&ticket.command,
                Command::Cancel { appointment: id, .. }
                | Command::Move { appointment: id, .. }
                | Command::Retry(id)
                | Command::AdoptTimes(id)
                | Command::Recreate(id)
                | Command::PutBack(id)
                | Command::Ignore(id, _) if id == visit)
        })
    }

    /// How many change something.
    pub fn writes(&self) -> usize {
        self.open.values().filter(|ticket| ticket.writes()).count()
    }

    /// Whether calendars are being read because somebody asked for it.
    pub fn is_refreshing(&self) -> bool {
        let mut open = self.open.values();
        open.any(|ticket| matches!(ticket.command, Command::Refresh(_)))
    }
}
