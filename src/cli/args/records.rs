//! What the clinic keeps: doctors, hours, services, customers.

use super::sync::CalendarSet;
use super::usage::whole;
use crate::domain::doctor::Kind;
use clap::{Args, Subcommand, ValueEnum};

/// Acts about doctors.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum DoctorAct {
    /// Take a doctor on
    Add(DoctorAdd),
    /// List the doctors
    List,
    /// Keep a doctor's visits in another calendar from now on
    Calendar(CalendarSet),
}

/// A doctor to take on.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct DoctorAdd {
    /// The name as the desk says it
    #[arg(long)]
    pub name: String,
    /// The id of the doctor's Google calendar
    #[arg(long, value_name = "ID")]
    pub calendar: String,
    /// Field of work
    #[arg(long, default_value = "", hide_default_value = true)]
    pub specialty: String,
    /// What kind of provider
    #[arg(long, value_enum, default_value_t = KindArg::Doctor)]
    pub kind: KindArg,
    /// Time zone of the doctor's hours, instead of the clinic's
    #[arg(long)]
    pub zone: Option<String>,
}

/// A kind of provider as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// A doctor.
    Doctor,
    /// A consultant.
    Consultant,
    /// A trainer.
    Trainer,
    /// A therapist.
    Therapist,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Doctor => Self::Doctor,
            KindArg::Consultant => Self::Consultant,
            KindArg::Trainer => Self::Trainer,
            KindArg::Therapist => Self::Therapist,
        }
    }
}

/// Acts about hours.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum HoursAct {
    /// Set the hours of some days; other days stay as they are
    Set(HoursSet),
}

/// Hours to set.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct HoursSet {
    /// Id or name of the doctor
    pub doctor: String,
    /// Days: mon-fri, or sat,sun, or all
    pub days: String,
    /// Hours: 08:00-12:00,13:00-17:00, or closed
    #[arg(allow_hyphen_values = true)]
    pub hours: String,
}

/// Acts about services.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum ServiceAct {
    /// Offer a service
    Add(ServiceAdd),
    /// List the services
    List,
}

/// A service to offer.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ServiceAdd {
    /// What people call it
    #[arg(long)]
    pub name: String,
    /// How long a visit takes
    #[arg(long, value_parser = whole::<u32>(1, 1440))]
    pub minutes: u32,
    /// Minutes kept free before a visit
    #[arg(long, default_value_t = 0, value_name = "MINUTES", value_parser = whole::<u32>(0, 120))]
    pub buffer_before: u32,
    /// Minutes kept free after a visit
    #[arg(long, default_value_t = 0, value_name = "MINUTES", value_parser = whole::<u32>(0, 120))]
    pub buffer_after: u32,
}

/// Acts about customers.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum CustomerAct {
    /// Record a customer
    Add(CustomerAdd),
    /// Find customers by name, phone or birth date; without a query those seen last
    List(CustomerList),
    /// Show a customer and their visits
    Show(CustomerShow),
}

/// A customer to record.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct CustomerAdd {
    /// The name
    #[arg(long)]
    pub name: String,
    /// Phone, e-mail, birth date
    #[command(flatten)]
    pub details: Details,
}

/// What else is known of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Details {
    /// Phone
    #[arg(long, value_name = "PHONE")]
    pub mobile: Option<String>,
    /// E-mail address
    #[arg(long)]
    pub email: Option<String>,
    /// Date of birth, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub born: Option<String>,
}

/// Customers to find.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct CustomerList {
    /// Parts of a name, digits of a phone, or a birth date
    pub query: Vec<String>,
    /// At most so many
    #[arg(long, default_value_t = 200, value_parser = whole::<u16>(1, 10_000))]
    pub limit: u16,
}

/// A customer to show.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct CustomerShow {
    /// Id, or a name that matches exactly one person
    pub id: String,
}
