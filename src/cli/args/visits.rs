//! Visits: slots, why not, booking, showing, calling off, repair.

use super::records::Details;
use super::usage::whole;
use crate::flow::operation::Cause;
use clap::{Args, Subcommand, ValueEnum};

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
    List(RepairList),
    /// Show both sides of a visit, what happened, and what can be done
    Show(Which),
    /// Try again now
    Retry(Retry),
    /// Take Google's time
    Adopt(Which),
    /// Put an event that was deleted back into the calendar
    Recreate(Which),
    /// Keep our time: move the event in Google back to it
    Putback(Which),
    /// Call the visit off
    Cancel(Cancel),
    /// Leave both as they are
    Ignore(Ignore),
}

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct RepairList {
    /// Id or name of one doctor, instead of all
    #[arg(long)]
    pub doctor: Option<String>,
    /// Only what is there for this cause
    #[arg(long, value_enum)]
    pub cause: Option<CauseArg>,
}

/// Why something is not in step, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CauseArg {
    /// Google has not answered yet.
    Pending,
    /// Something else stands at the same time.
    Conflict,
    /// Deleted in Google.
    Gone,
    /// Moved in Google.
    Moved,
    /// Changed in Google meanwhile.
    Changed,
    /// A move was left half done.
    Hold,
    /// Refused by Google.
    Refused,
    /// The event is not ours.
    Strange,
    /// Called off, and back in Google.
    Back,
}

impl From<CauseArg> for Option<Cause> {
    fn from(cause: CauseArg) -> Self {
        Some(match cause {
            CauseArg::Pending => return None,
            CauseArg::Conflict => Cause::Conflict,
            CauseArg::Gone => Cause::GoneFromGoogle,
            CauseArg::Moved => Cause::MovedInGoogle,
            CauseArg::Changed => Cause::ChangedInGoogle,
            CauseArg::Hold => Cause::HoldLeft,
            CauseArg::Refused => Cause::RefusedByGoogle,
            CauseArg::Strange => Cause::StrangersEvent,
            CauseArg::Back => Cause::BackInGoogle,
        })
    }
}

/// A visit that is not in step.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Which {
    /// Id of the appointment, or at least its first eight characters
    pub id: String,
}

/// A trouble to be left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Ignore {
    /// Id of the appointment, or at least its first eight characters
    pub id: String,
    /// Why
    #[arg(long)]
    pub reason: String,
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
