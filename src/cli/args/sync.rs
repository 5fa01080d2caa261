//! What may be typed after `frontdesk sync`.

use clap::Args;

/// One full pass: what changed in Google comes in, what is pending goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[group(multiple = false)]
pub struct Sync {
    /// Compare this clinic and its calendars fully, and change nothing
    #[arg(long)]
    pub check: bool,
    /// Compare, take Google's side over where that is safe, and file the rest for repair
    #[arg(long)]
    pub fix: bool,
    /// Read everything again, and take over every visit of the clinic that its calendars hold
    #[arg(long)]
    pub rebuild: bool,
    /// Apply what was held back in the calendar of this doctor (id or name)
    #[arg(long, value_name = "DOCTOR")]
    pub release: Option<String>,
    /// Put the coming visits of this doctor (id or name) into the doctor's calendar
    #[arg(long, value_name = "DOCTOR")]
    pub upcoming: Option<String>,
}

/// Another calendar for a doctor.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct CalendarSet {
    /// Id or name of the doctor
    pub doctor: String,
    /// Id of the calendar, such as chen@clinic.example
    pub calendar: String,
}
