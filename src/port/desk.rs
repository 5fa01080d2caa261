//! The door as the command line sees it: asks and acts one after the other and waits for the end. The
//! screens use the same commands and queries through lanes that do not wait.

use super::command::{Command, Outcome, Refusal};
use super::query::{Answer, Query};
use super::report::Progress;
use crate::domain::skew::Skew;
use crate::domain::time::Moment;
use chrono_tz::Tz;

/// What everybody at the desk knows of the clinic, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Its name.
    pub name: String,
    /// Its zone: the one that is shown.
    pub zone: Tz,
}

/// A desk that answers.
pub trait Desk {
    /// The clinic.
    fn clinic(&self) -> &Clinic;

    /// Now, by the desk's clock.
    fn now(&self) -> Moment;

    /// Set when this clock was far from Google's at the last answer of Google's; none where Google was
    /// not asked.
    fn clock_off(&self) -> Option<Skew> {
        None
    }

    /// Answers from the mirror, without a network.
    fn ask(&self, query: &Query) -> Result<Answer, Refusal>;

    /// Carries the command out and waits until it has ended; `progress` hears how far it is.
    fn perform(
        &self,
        command: Command,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Outcome, Refusal>;
}
