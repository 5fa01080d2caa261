//! The demo clinic: made from a plan, the same plan making the same clinic, and kept in a directory of
//! its own between runs. A practice calendar stands in for Google; everything else is as in earnest.
//!
//! The clinic is lived in: a fortnight of visits behind it, weeks that empty out before it, and in the
//! doctors' calendars what people have there besides (lunch, a meeting each week, days off, a
//! congress, invitations declined, entries marked free). More appointments reach further back; older
//! than [`CALENDAR_DAYS`] they are history, which the database knows and the calendars do not.

mod clinic;
mod diary;
mod error;
mod events;
mod files;
mod lists;
mod people;
mod prepare;
mod private;
mod random;
mod staff;
mod stamp;
mod visits;

pub use clinic::{CALENDAR_DAYS, Clinic};
pub use error::DemoError;
pub use files::Hold;
pub use prepare::{BASE_URL, CLINIC, PORT, Prepared, prepare};

use crate::domain::time::Moment;
use chrono::NaiveDate;
use chrono_tz::Tz;

/// What a demo clinic is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many doctors work there, 1 to 200.
    pub doctors: usize,
    /// How many appointments there are, cancelled ones included; none: what a fortnight behind and four
    /// weeks before us hold.
    pub appointments: Option<usize>,
    /// The day about which it is lived in.
    pub today: NaiveDate,
    /// The clinic's zone.
    pub zone: Tz,
    /// Another number makes other people and other visits.
    pub seed: u64,
}

impl Plan {
    /// The usual one, but for so many doctors and appointments, about the day that it is now.
    pub fn of(doctors: Option<u16>, appointments: Option<u32>, now: Moment) -> Self {
        let usual = Self::usual(NaiveDate::default());
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            doctors: doctors.map_or(usual.doctors, usize::from),
            appointments: appointments.map(count),
            today: now.with_timezone(&usual.zone).date_naive(),
            ..usual
        }
    }

    /// The usual one: six doctors in Berlin.
    pub fn usual(today: NaiveDate) -> Self {
        Self {
            doctors: 6,
            appointments: None,
            today,
            zone: chrono_tz::Europe::Berlin,
            seed: 1,
        }
    }
}
