//! Visits: slots, why not, booking, showing, calling off, repair.

use super::records::Details;
use super::usage::whole;
use clap::{Args, Subcommand};

/// Slots to find.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Slots {
    /// Id or name of the doctor
    #[arg(long)]
    pub doctor: String,
    /// First day: YYYY-MM-DD, tomorrow, mon, 24.11.
    #[arg(long, default_value = "today", allow_negative_numbers = true)]
    pub date: String,
    /// How many days
    #[arg(long, default_value_t = 1, value_parser = whole::<u16>(1, 60))]
    pub days: u16,
    /// What for: id or name of a service
    #[arg(long)]
    pub service: Option<String>,
}

/// A time to explain.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Why {
    /// Id or name of the doctor
    #[arg(long)]
    pub doctor: String,
    /// When: 2026-11-24T10:30 by the clinic's clock, or with an offset
    #[arg(long, value_name = "TIME")]
    pub start: String,
    /// What for: id or name of a service
    #[arg(long, conflicts_with = "minutes")]
    pub service: Option<String>,
    /// How long, where no service is named; otherwise as long as the doctor's slots
    #[arg(long, value_parser = whole::<u32>(1, 1440))]
    pub minutes: Option<u32>,
}

/// A visit to book.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Book {
    /// Id or name of the doctor
    #[arg(long)]
    pub doctor: String,
    /// When: 2026-11-24T10:30 by the clinic's clock, or with an offset
    #[arg(long, value_name = "TIME")]
    pub start: String,
    /// Who: an id, or a name that matches exactly one person
    #[arg(long, value_name = "NAME-or-ID")]
    pub customer: String,
    /// Record a new person of that name, even if there is one already
    #[arg(long)]
    pub new: bool,
    /// With --new what is recorded; otherwise what tells people of one name apart
    #[command(flatten)]
    pub details: Details,
    /// What for: id or name of a service
    #[arg(long, conflicts_with = "minutes")]
    pub service: Option<String>,
    /// How long, where no service is named; otherwise as long as the doctor's slots
    #[arg(long, value_parser = whole::<u32>(1, 1440))]
    pub minutes: Option<u32>,
    /// Why the person comes
    #[arg(long, default_value = "", hide_default_value = true)]
    pub reason: String,
    /// The same key never books twice: it answers with what it booked before
    #[arg(long, value_name = "IDEMPOTENCY-KEY")]
    pub key: Option<String>,
}

/// An appointment to show.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Show {
    /// Id of the appointment, or at least its first eight characters
    pub id: String,
}

/// A day to show.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Agenda {
    /// Id or name of one doctor, instead of all
    #[arg(long)]
    pub doctor: Option<String>,
    /// The day: YYYY-MM-DD, tomorrow, mon, 24.11.
    #[arg(long, default_value = "today", allow_negative_numbers = true)]
    pub date: String,
}

/// A visit to move to another time of the same doctor.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Move {
    /// Id of the appointment, or at least its first eight characters
    pub id: String,
    /// When it is to start: RFC 3339, or without an offset the clinic's own time
    #[arg(long, value_name = "TIME")]
    pub start: String,
}

/// A visit to call off.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Cancel {
    /// Id of the appointment, or at least its first eight characters
    pub id: String,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// Acts about what is not in step.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum RepairAct {
    /// List what is pending and what needs a person
    List,
    /// Try again now
    Retry(Retry),
}

/// What to try again.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = false)]
pub struct Retry {
    /// Id of the appointment, or at least its first eight characters
    pub id: Option<String>,
    /// Everything that is pending or in repair
    #[arg(long)]
    pub all: bool,
}
