//! Makes a demo in a directory, or takes the one that is there.

use super::clinic::Clinic;
use super::files::{self, CALENDARS, CONFIG, DATABASE, Found, Hold};
use super::stamp::{self, Stamp};
use super::{DemoError, Plan, events};
use crate::domain::appointment::{Appointment, Status};
use crate::domain::dates::say_day;
use crate::domain::id::{ClinicId, DeskId, Etag};
use crate::domain::policy::Role;
use crate::domain::time::Moment;
use crate::port::command::Actor;
use crate::port::store::{self as port, Records};
use crate::practice::{self, CalendarSpec, Seeded};
use crate::runtime::config::{Config, Mode};
use crate::sqlite::Access;
use crate::store::{Database, bulk};
use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use std::path::{Path, PathBuf};

/// What the demo clinic is called; its id as well.
pub const CLINIC: &str = "Riverside Clinic";
/// Where the practice calendar should listen, so that its configuration file leads there.
pub const PORT: u16 = 8790;
/// Where its configuration file looks for the practice calendar.
pub const BASE_URL: &str = "http://127.0.0.1:8790/calendar/v3/";

/// The program that made the demo, for the audit.
const ACTOR: &str = "frontdesk demo";
/// Progress is told after every so many appointments.
const TOLD_EVERY: usize = 100_000;
/// A demo older than this has little left of its coming weeks.
const OLD: Duration = Duration::days(10);

/// A demo to be opened.
#[derive(Debug)]
pub struct Prepared {
    /// The clinic's configuration, with [`BASE_URL`] for its calendars' address.
    pub config: Config,
    /// The practice calendar's file.
    pub practice_data: PathBuf,
    /// The doctors' calendars.
    pub calendars: Vec<CalendarSpec>,
    /// It was there before.
    pub kept: bool,
    /// The day about which it is lived in.
    pub made_on: NaiveDate,
    /// What somebody who opens it should be told: it is not the one asked for, or it is old.
    pub notice: Option<String>,
    /// Keeps others from making it anew: keep this while the demo is open.
    pub hold: Hold,
}

/// Takes the demo in `dir`, or makes one from the plan where there is none, or when it is to be
/// `fresh`. A demo of another plan is kept; a notice says so, unless the plan is the usual one. Blocks, for half a minute or so when there
/// are a million appointments; `progress` hears a sentence now and then.
///
/// # Errors
/// [`DemoError`]. Whatever goes wrong, and whenever the program dies, there is afterwards either the
/// demo that was there before, or the whole new one; files of others are never touched.
pub fn prepare(
    dir: &Path,
    plan: &Plan,
    fresh: bool,
    now: Moment,
    progress: &mut dyn FnMut(String),
) -> Result<Prepared, DemoError> {
    let alone = loop {
        match files::enter(dir, fresh, progress)? {
            Found::Alone(alone) => break alone,
            Found::Shared(hold) => {
                if let Some(stamp) = Stamp::read(dir)? {
                    return keep(dir, plan, &stamp, hold, progress);
                }
                // whoever made it has failed: now it is our turn
            }
        }
    };
    files::put_right(dir)?;
    let stamp = match Stamp::read(dir)? {
        Some(stamp) if !fresh => return keep(dir, plan, &stamp, alone.share(dir)?, progress),
        Some(_) => make(dir, plan, now, progress),
        None => no_foreign_files(dir).and_then(|()| make(dir, plan, now, progress)),
    };
    let stamp = match stamp {
        Ok(stamp) => stamp,
        Err(error) => {
            // the first error is the one to tell; what is left is removed at the next start
            let _ = files::forget(dir);
            files::leave_empty(dir);
            return Err(error.about(dir));
        }
    };
    Ok(opened(dir, &stamp, alone.share(dir)?))
}

fn no_foreign_files(dir: &Path) -> Result<(), DemoError> {
    let ours = [DATABASE, CALENDARS, CONFIG].map(|name| dir.join(name));
    match ours
        .into_iter()
        .find(|path| path.symlink_metadata().is_ok())
    {
        Some(foreign) => Err(DemoError::Foreign(foreign)),
        None => Ok(()),
    }
}

/// The demo that is there.
fn keep(
    dir: &Path,
    plan: &Plan,
    stamp: &Stamp,
    hold: Hold,
    progress: &mut dyn FnMut(String),
) -> Result<Prepared, DemoError> {
    let missing = [DATABASE, CALENDARS]
        .into_iter()
        .find(|name| !dir.join(name).exists());
    if let Some(missing) = missing {
        return Err(DemoError::Incomplete {
            dir: dir.to_owned(),
            missing,
        });
    }
    let notice = notice(plan, stamp);
    if let Some(notice) = &notice {
        progress(notice.clone());
    }
    Ok(Prepared {
        kept: true,
        notice,
        ..opened(dir, stamp, hold)
    })
}

fn notice(plan: &Plan, stamp: &Stamp) -> Option<String> {
    let made = say_day(stamp.made_on, plan.today);
    // who asks for nothing in particular takes what is there
    let asked = *plan != Plan::usual(plan.today);
    if asked && !stamp.is_of(plan) {
        return Some(format!(
            "This is the demo that was made here before ({made}: {}, {} appointments), not the one asked for. To start over with that one: --fresh",
            counted(stamp.doctors, "doctor"),
            thousands(stamp.visits),
        ));
    }
    (plan.today - stamp.made_on > OLD).then(|| {
        format!(
            "This demo was made for {made}: little is left of its coming weeks. To make it anew for today: --fresh"
        )
    })
}

fn opened(dir: &Path, stamp: &Stamp, hold: Hold) -> Prepared {
    Prepared {
        config: config(dir, stamp.zone),
        practice_data: dir.join(CALENDARS),
        calendars: stamp.calendars(),
        kept: false,
        made_on: stamp.made_on,
        notice: None,
        hold,
    }
}

fn config(dir: &Path, zone: Tz) -> Config {
    let mut config = Config::of_clinic(CLINIC, zone, dir.join(DATABASE));
    config.google.mode = Mode::Practice;
    config.google.base_url = Some(BASE_URL.to_owned());
    config
}

/// Makes the demo beside the old one, then puts it in its place.
fn make(
    dir: &Path,
    plan: &Plan,
    now: Moment,
    progress: &mut dyn FnMut(String),
) -> Result<Stamp, DemoError> {
    let clinic = Clinic::new(plan)?;
    progress(format!(
        "Making a clinic of {} with {} patients and {} appointments.",
        counted(plan.doctors, "doctor"),
        thousands(usize::try_from(clinic.customer_count()).unwrap_or(usize::MAX)),
        thousands(clinic.appointment_count()),
    ));
    let making = files::begin(dir)?;
    let doctors = clinic.doctors();
    let calendars = events::calendars(&doctors);
    let mut database = Database::open(&making.join(DATABASE), Access::ReadWrite)?;
    let seeded = {
        let (id, database) = (ClinicId::new(CLINIC), database.database_id()?);
        let events = events::events(&clinic, &id, &database);
        practice::seed(&making.join(CALENDARS), &calendars, events, now)?
    };
    progress(format!(
        "{} calendar entries are written.",
        thousands(seeded.len())
    ));
    let stamp = port::Stamp {
        actor: Actor {
            name: ACTOR.to_owned(),
            role: Role::Admin,
        },
        desk: DeskId::new("demo"),
        now,
    };
    let appointments = told(
        with_etags(&clinic, &seeded),
        clinic.appointment_count(),
        progress,
    );
    let (services, customers) = (clinic.services(), clinic.customers());
    bulk::load(
        &mut database,
        &stamp,
        &doctors,
        &services,
        customers,
        appointments,
    )?;
    drop(database);
    stamp::write_config(&making, plan.zone)?;
    let stamp = Stamp::new(plan, clinic.appointment_count(), &calendars);
    stamp.write(&making)?;
    files::publish(dir)?;
    Ok(stamp)
}

/// The appointments with the etags that the calendars gave to their events: those are the last ones
/// seeded, in the same order.
fn with_etags<'a>(
    clinic: &'a Clinic,
    seeded: &'a [Seeded],
) -> impl Iterator<Item = Appointment> + 'a {
    let events = seeded
        .get(events::entry_count(clinic)..)
        .unwrap_or_default();
    let history = clinic.appointment_count().saturating_sub(events.len());
    clinic
        .appointments()
        .enumerate()
        .map(move |(place, mut appointment)| {
            let event = place
                .checked_sub(history)
                .and_then(|place| events.get(place));
            let own = |event: &&Seeded| {
                let id = appointment.google_event_id.as_ref();
                id.is_some_and(|id| id.as_str() == event.id)
                    && appointment.status == Status::Confirmed
            };
            appointment.etag = event
                .filter(own)
                .map(|event| Etag::new(event.etag.as_str()));
            appointment
        })
}

/// Tells now and then how far it is.
fn told<'a, T>(
    items: impl Iterator<Item = T> + 'a,
    all: usize,
    progress: &'a mut dyn FnMut(String),
) -> impl Iterator<Item = T> + 'a {
    items.enumerate().map(move |(place, item)| {
        let done = place + 1;
        if done == all {
            progress("All appointments are written; now what finds them.".to_owned());
        } else if done % TOLD_EVERY == 0 {
            let (done, all) = (thousands(done), thousands(all));
            progress(format!("{done} of {all} appointments are written."));
        }
        item
    })
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{} {what}s", thousands(count))
    }
}

/// A number with a comma between thousands.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let written = [0, 999, 1_000, 60_000, 1_000_000].map(thousands);
        assert_eq!(written, ["0", "999", "1,000", "60,000", "1,000,000"]);
        assert_eq!(
            (counted(1, "doctor"), counted(40, "doctor")),
            ("1 doctor".into(), "40 doctors".into())
        );
    }
}
