//! What stands beside a demo: what it was made from, and a configuration for other programs.

use super::files::{CALENDARS, CONFIG, DATABASE, STAMP};
use super::{BASE_URL, CLINIC, DemoError, Plan};
use crate::practice::CalendarSpec;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// By which a stamp is known to be one.
const MADE_BY: &str = "frontdesk demo";

/// What a demo was made from. Doctors and calendars that somebody added later are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    made_by: String,
    pub made_on: NaiveDate,
    pub doctors: usize,
    /// As asked for; none: what fits naturally.
    pub appointments: Option<usize>,
    pub zone: Tz,
    pub seed: u64,
    /// How many appointments that were.
    pub visits: usize,
    calendars: Vec<Calendar>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Calendar {
    id: String,
    summary: String,
    time_zone: String,
}

impl Stamp {
    pub fn new(plan: &Plan, visits: usize, calendars: &[CalendarSpec]) -> Self {
        let calendar = |spec: &CalendarSpec| Calendar {
            id: spec.id.clone(),
            summary: spec.summary.clone(),
            time_zone: spec.time_zone.clone(),
        };
        Self {
            made_by: MADE_BY.to_owned(),
            made_on: plan.today,
            doctors: plan.doctors,
            appointments: plan.appointments,
            zone: plan.zone,
            seed: plan.seed,
            visits,
            calendars: calendars.iter().map(calendar).collect(),
        }
    }

    pub fn calendars(&self) -> Vec<CalendarSpec> {
        let spec = |calendar: &Calendar| CalendarSpec {
            id: calendar.id.clone(),
            summary: calendar.summary.clone(),
            time_zone: calendar.time_zone.clone(),
        };
        self.calendars.iter().map(spec).collect()
    }

    /// Whether the plan would make the same clinic, but for the day.
    pub fn is_of(&self, plan: &Plan) -> bool {
        (self.doctors, self.appointments, self.zone, self.seed)
            == (plan.doctors, plan.appointments, plan.zone, plan.seed)
    }

    /// The stamp of the demo in the directory; none where there is no demo. A file of another
    /// making in its place is refused.
    pub fn read(dir: &Path) -> Result<Option<Self>, DemoError> {
        let file = dir.join(STAMP);
        let text = match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DemoError::of_file(&file, &error)),
            Ok(text) => text,
        };
        match serde_json::from_slice::<Self>(&text) {
            Ok(stamp) if stamp.made_by == MADE_BY => Ok(Some(stamp)),
            _ => Err(DemoError::Foreign(file)),
        }
    }

    pub fn write(&self, dir: &Path) -> Result<(), DemoError> {
        let file = dir.join(STAMP);
        let wrong = |error| DemoError::of_file(&file, &error);
        let text = serde_json::to_vec_pretty(self).map_err(|error| wrong(error.into()))?;
        fs::write(&file, text).map_err(wrong)
    }
}

/// Writes the configuration with which other programs work on the same clinic.
pub(super) fn write_config(dir: &Path, zone: Tz) -> Result<(), DemoError> {
    let file = dir.join(CONFIG);
    let written = fs::write(&file, config(zone));
    written.map_err(|error| DemoError::of_file(&file, &error))
}

fn config(zone: Tz) -> String {
    format!(
        r#"# The demo clinic, for the command line and for further desks:
#   frontdesk --config FILE agenda
# They find its calendars while “frontdesk demo” is open, or “frontdesk practice serve” with
# --listen 127.0.0.1:8790 and --data {CALENDARS}. “frontdesk demo --fresh” writes this file anew.

[clinic]
name = "{CLINIC}"
time_zone = "{zone}"

[database]
path = "{DATABASE}"

[google]
mode = "practice"
base_url = "{BASE_URL}"
"#
    )
}
