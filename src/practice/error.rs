//! Why the practice calendar could not start, in sentences for a person.

use std::net::SocketAddr;

use crate::sqlite::OpenError;

/// Why the practice calendar could not start or could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// The data file.
    #[error(transparent)]
    Data(#[from] OpenError),
    /// Another program listens there.
    #[error(
        "The practice calendar cannot listen on {address}, because another program already does. Stop that program, or choose another port."
    )]
    PortInUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address may not be listened on, or does not exist here.
    #[error("The practice calendar cannot listen on {address}: {why}. Choose another address.")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The operating system's words.
        why: String,
    },
    /// A calendar's time zone is none.
    #[error(
        "The calendar {calendar} has the time zone \"{time_zone}\", which does not exist. Use a name like Europe/Berlin."
    )]
    TimeZone {
        /// The calendar's id.
        calendar: String,
        /// What was given.
        time_zone: String,
    },
    /// An event to be seeded names a calendar that is not there.
    #[error("An event was given for the calendar {calendar}, which is not among the calendars.")]
    UnknownCalendar {
        /// The id that was given.
        calendar: String,
    },
    /// An event to be seeded would be refused through the API as well.
    #[error("Event number {number} for the calendar {calendar} cannot be taken: {why}")]
    Event {
        /// Its place among the events, from 1.
        number: usize,
        /// The calendar's id.
        calendar: String,
        /// What is wrong with it.
        why: String,
    },
}
