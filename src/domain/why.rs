//! Why a time cannot be booked: everything that stands in its way, each thing with its name and its time.
//! Agrees with slot search: what [`super::slots`] offers has nothing in its way, and what it leaves out has
//! something. What can be said of it stands in [`words`].
//!
//! Whose time it is and who may see the names of customers is not judged here: the names are in what is
//! handed in, and everybody who may read the schedule today may see them.

pub mod words;

use super::appointment::Appointment;
use super::blocks::Reason;
use super::doctor::Doctor;
use super::id::AppointmentId;
use super::service::Buffers;
use super::time::{Interval, Moment, merged, subtracted};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use words::Words;

/// What somebody has put into a calendar, as far as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// Its times; whole days in the calendar's own zone.
    pub time: Interval,
    /// Whether it is of whole days.
    pub all_day: bool,
    /// Why it takes its owner's time; none: it is marked free.
    pub reason: Option<Reason>,
    /// Its title; empty where the clinic does not show titles.
    pub title: String,
}

/// A time to which a visit is being moved: taken for everybody else until the move has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The visit.
    pub appointment_id: AppointmentId,
    /// Whose.
    pub customer_name: String,
    /// The new time.
    pub time: Interval,
    /// What is kept free around it.
    pub buffers: Buffers,
}

/// How well the calendar is known where the time is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was read.
    Read,
    /// It was not, or the last answer was that it cannot be.
    Unread {
        /// Since when, and why, in words; none: it was not tried yet.
        failed: Option<(Moment, String)>,
    },
    /// It is further away than calendars are read ahead.
    Beyond {
        /// How many days from today that is.
        days: u16,
    },
}

/// What is known of a doctor's time around the one that is wanted.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Whose time.
    pub doctor: &'a Doctor,
    /// Now.
    pub now: Moment,
    /// The clinic's zone, in which a day is meant.
    pub zone: Tz,
    /// The hours.
    pub open: &'a [Interval],
    /// What the calendar says is taken, by whomever.
    pub busy: &'a [Interval],
    /// Visits that take time; one that is to be moved is not among them.
    pub visits: &'a [Appointment],
    /// Times that are held for visits on the move.
    pub held: &'a [Held],
    /// What is in the calendar besides the visits.
    pub entries: &'a [CalendarEntry],
    /// Whether the calendar was read there.
    pub known: Known,
}

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// A visit.
    Visit {
        /// Whose.
        customer: String,
        /// When.
        time: Interval,
    },
    /// A visit is being moved there.
    InMove {
        /// Whose.
        customer: String,
        /// Its new time.
        time: Interval,
    },
    /// An entry of the calendar.
    Event {
        /// Why it takes time.
        reason: Reason,
        /// Its title, where the clinic shows titles.
        title: Option<String>,
        /// When.
        time: Interval,
        /// Whether it is of whole days.
        all_day: bool,
    },
    /// The calendar says that it is taken, and not by what.
    BusyUnnamed {
        /// When.
        time: Interval,
    },
    /// It has gone by.
    Past,
    /// It does not begin within the hours.
    OutsideHours {
        /// The hours of that day.
        hours: Vec<Interval>,
        /// When the next begin; none: there are none on any day.
        opens: Option<Moment>,
    },
    /// It begins within the hours and ends after them.
    TooLong {
        /// When the hours end.
        closes: Moment,
        /// How long it would take, in minutes.
        minutes: i64,
    },
    /// It lies in what another visit keeps free.
    BufferOf {
        /// Whose visit.
        customer: String,
        /// When that is.
        time: Interval,
        /// How many minutes it keeps free on this side.
        minutes: u16,
        /// Whether on the side after it.
        after: bool,
    },
    /// What it would keep free itself is taken.
    OwnBuffer {
        /// How many minutes it would keep free on that side.
        minutes: u16,
        /// Whether on the side after it.
        after: bool,
        /// What is there.
        of: Box<Why>,
    },
    /// It is further away than calendars are read.
    Beyond {
        /// How many days ahead they are.
        days: u16,
    },
    /// The calendar could not be read.
    Unread {
        /// Since when; none: it was not tried yet.
        since: Option<Moment>,
        /// Why, in words.
        error: Option<String>,
    },
}

impl Why {
    /// One word for programs: what kind of thing it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Visit { .. } => "visit",
            Self::InMove { .. } => "in_move",
            Self::Event { .. } => "event",
            Self::BusyUnnamed { .. } => "busy",
            Self::Past => "past",
            Self::OutsideHours { .. } => "outside_hours",
            Self::TooLong { .. } => "too_long",
            Self::BufferOf { .. } => "buffer",
            Self::OwnBuffer { .. } => "own_buffer",
            Self::Beyond { .. } => "beyond",
            Self::Unread { .. } => "unread",
        }
    }

    /// When the thing is that stands in the way, where it is one that has a time.
    pub fn time(&self) -> Option<Interval> {
        match self {
            Self::Visit { time, .. }
            | Self::InMove { time, .. }
            | Self::Event { time, .. }
            | Self::BusyUnnamed { time }
            | Self::BufferOf { time, .. } => Some(*time),
            Self::OwnBuffer { of, .. } => of.time(),
            Self::Past
            | Self::OutsideHours { .. }
            | Self::TooLong { .. }
            | Self::Beyond { .. }
            | Self::Unread { .. } => None,
        }
    }

    /// Whether it is that the calendar is not known there: it may be free.
    pub fn is_doubt(&self) -> bool {
        matches!(self, Self::Unread { .. } | Self::Beyond { .. })
    }

    /// Whether it is about the visit's hours, and not about what takes the time.
    fn is_of_hours(&self) -> bool {
        matches!(self, Self::OutsideHours { .. } | Self::TooLong { .. })
    }

    /// What tells most comes first.
    fn rank(&self) -> u8 {
        match self {
            Self::Visit { .. } => 0,
            Self::InMove { .. } => 1,
            Self::Event { .. } => 2,
            Self::BusyUnnamed { .. } => 3,
            Self::Past => 4,
            Self::OutsideHours { .. } | Self::TooLong { .. } => 5,
            Self::BufferOf { .. } => 6,
            Self::OwnBuffer { .. } => 7,
            Self::Beyond { .. } | Self::Unread { .. } => 8,
        }
    }
}

/// Everything that keeps a visit with these buffers from being booked at that time, what tells most first;
/// nothing: it is free.
///
/// What would make no difference is left out: of a time that has gone by its hours, buffers and doubts, of one
/// outside the hours the doubts.
pub fn why(wanted: Interval, buffers: Buffers, facts: &Facts<'_>) -> Vec<Why> {
    let mut out = in_the_way(wanted, buffers, facts);
    if wanted.start() < facts.now {
        out.push(Why::Past);
        out.retain(|why| why.rank() <= Why::Past.rank());
    } else {
        out.extend(hours(wanted, facts));
        if !out.iter().any(Why::is_of_hours) {
            out.extend(doubt(&facts.known));
        }
    }
    out.sort_by_key(|why| (why.rank(), why.time()));
    out
}

/// What the hours alone say, whatever the time is now.
pub fn hours(wanted: Interval, facts: &Facts<'_>) -> Option<Why> {
    let windows = merged(facts.open.to_vec());
    if windows.iter().any(|window| window.covers(&wanted)) {
        return None;
    }
    let start = wanted.start();
    if let Some(window) = windows.iter().find(|window| window.contains(start)) {
        return Some(Why::TooLong {
            closes: window.end(),
            minutes: wanted.minutes(),
        });
    }
    let date = start.with_timezone(&facts.zone).date_naive();
    let today = super::time::day(facts.zone, date);
    Some(Why::OutsideHours {
        hours: windows
            .iter()
            .filter_map(|window| window.shared(&today))
            .collect(),
        opens: facts.doctor.hours.opens_from(start, facts.doctor.zone),
    })
}

fn doubt(known: &Known) -> Option<Why> {
    match known {
        Known::Read => None,
        Known::Unread { failed } => Some(Why::Unread {
            since: failed.as_ref().map(|(at, _)| *at),
            error: failed.as_ref().map(|(_, why)| why.clone()),
        }),
        Known::Beyond { days } => Some(Why::Beyond { days: *days }),
    }
}

/// Visits, held times, entries and what is busy besides.
fn in_the_way(wanted: Interval, buffers: Buffers, facts: &Facts<'_>) -> Vec<Why> {
    let asked = Asked { wanted, buffers };
    let visits = facts.visits.iter().filter_map(|visit| {
        let customer = visit.customer_name.clone();
        let time = visit.visit;
        asked.beside(&visit.customer_name, time, visit.buffers, || Why::Visit {
            customer,
            time,
        })
    });
    let held = facts.held.iter().filter_map(|held| {
        let customer = held.customer_name.clone();
        let time = held.time;
        asked.beside(&held.customer_name, time, held.buffers, || Why::InMove {
            customer,
            time,
        })
    });
    let mut out: Vec<Why> = visits.chain(held).collect();
    let blocked = buffers.around(wanted);
    let busy: Vec<Interval> = merged(facts.busy.to_vec())
        .into_iter()
        .filter(|busy| busy.meets(&blocked))
        .collect();
    if busy.is_empty() {
        return out;
    }
    let mut named: Vec<Interval> = facts.visits.iter().map(|visit| visit.visit).collect();
    named.extend(facts.held.iter().map(|held| held.time));
    for entry in facts.entries {
        let Some(reason) = entry.reason else { continue };
        named.push(entry.time);
        // free/busy decides what is taken; an entry only says by what
        let shared = busy.iter().filter_map(|busy| busy.shared(&entry.time));
        let Some(place) = shared.map(|part| asked.place(part)).max() else {
            continue;
        };
        out.extend(asked.placed(place, entry.time, || Why::Event {
            reason,
            title: Some(entry.title.clone()).filter(|title| !title.is_empty()),
            time: entry.time,
            all_day: entry.all_day,
        }));
    }
    for time in subtracted(&busy, &merged(named)) {
        out.extend(asked.placed(asked.place(time), time, || Why::BusyUnnamed { time }));
    }
    out
}

/// Where something lies, seen from the visit that is wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Away,
    Buffer,
    Visit,
}

/// What is wanted.
#[derive(Clone, Copy)]
struct Asked {
    wanted: Interval,
    buffers: Buffers,
}

impl Asked {
    fn place(self, other: Interval) -> Place {
        if other.meets(&self.wanted) {
            Place::Visit
        } else if other.meets(&self.buffers.around(self.wanted)) {
            Place::Buffer
        } else {
            Place::Away
        }
    }

    /// A visit of ours, which keeps its own time free.
    fn beside(
        self,
        customer: &str,
        time: Interval,
        keeps: Buffers,
        what: impl FnOnce() -> Why,
    ) -> Option<Why> {
        let place = self.place(time);
        if place != Place::Visit && keeps.around(time).meets(&self.wanted) {
            let after = time.end() <= self.wanted.start();
            return Some(Why::BufferOf {
                customer: customer.to_owned(),
                time,
                minutes: if after { keeps.after() } else { keeps.before() },
                after,
            });
        }
        self.placed(place, time, what)
    }

    fn placed(self, place: Place, time: Interval, what: impl FnOnce() -> Why) -> Option<Why> {
        match place {
            Place::Away => None,
            Place::Visit => Some(what()),
            Place::Buffer => {
                let after = time.end() > self.wanted.start();
                Some(Why::OwnBuffer {
                    minutes: if after {
                        self.buffers.after()
                    } else {
                        self.buffers.before()
                    },
                    after,
                    of: Box::new(what()),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
