//! What may be typed after `frontdesk`.

mod notices;
mod practice;
mod records;
mod sync;
mod usage;
mod visits;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

pub use notices::{NoticesAct, NoticesList, NoticesRead};
pub use practice::{Demo, Practice, Serve};
pub use records::{
    CustomerAct, CustomerAdd, CustomerList, CustomerShow, Details, DoctorAct, DoctorAdd, HoursAct,
    HoursSet, KindArg, ServiceAct, ServiceAdd,
};
pub use sync::{CalendarSet, Sync};
pub use usage::parse;
pub use visits::{
    Agenda, Book, Cancel, CauseArg, Ignore, Move, RepairAct, RepairList, Retry, Show, Slots, Which,
    Why,
};

/// The flags that every command has.
const EVERYWHERE: &str = "Everywhere";

/// A terminal front desk for clinics whose doctors live in Google Calendar. Without a command it opens
/// the screens.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "frontdesk", version)]
pub struct Cli {
    /// The configuration to use, instead of this user's
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    pub config: Option<PathBuf>,
    /// Answer with one JSON object or array; errors are JSON on stderr
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// What to do; nothing: open the screens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// An act of the desk.
    #[command(flatten)]
    Act(Act),
    /// Hear from Google when calendars change, without screens, until interrupted
    Push,
    /// Practise at a sample clinic, with a calendar of its own and nothing to lose
    Demo(Demo),
    /// Serve the practice calendar, which stands in for Google's
    #[command(subcommand)]
    Practice(Practice),
}

/// Acts that need no screen.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Act {
    /// Take doctors on, and list them
    #[command(subcommand)]
    Doctor(DoctorAct),
    /// Set the weekly hours of a doctor
    #[command(subcommand)]
    Hours(HoursAct),
    /// Offer services, and list them
    #[command(subcommand)]
    Service(ServiceAct),
    /// Record customers, find them, show them
    #[command(subcommand)]
    Customer(CustomerAct),
    /// List the free slots of a doctor
    Slots(Slots),
    /// Say why a time cannot be booked, or that it is free
    Why(Why),
    /// Book a visit
    Book(Book),
    /// Show an appointment
    Show(Show),
    /// List the visits of a day
    Agenda(Agenda),
    /// Move a visit to another time
    Move(Move),
    /// Call a visit off
    Cancel(Cancel),
    /// List what is not in step with Google, and put it right
    #[command(subcommand)]
    Repair(RepairAct),
    /// Bring this clinic and its calendars together, or compare the two
    Sync(Sync),
    /// List what has happened without you, and mark it as read
    #[command(subcommand)]
    Notices(NoticesAct),
}
