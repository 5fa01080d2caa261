//! The configuration: what a clinic decides once, read once at start. Everything wrong in it is
//! refused with the file, the line and what to write instead.

mod places;
mod push;
mod read;
mod reader;
mod secret;
#[cfg(test)]
mod tests;

use crate::app::state::Palette;
use crate::domain::id::ClinicId;
use crate::flow::booking::Protocol;
use crate::flow::wording::Wording;
use crate::port::command::Code;
use chrono_tz::Tz;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

pub use places::Places;
pub use read::KNOWN_KEYS;
pub use secret::{GoogleClient, Secret};

/// Everything that a clinic configures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Who we are.
    pub clinic: Clinic,
    /// Name of this desk, for the audit and for other desks.
    pub desk: String,
    /// The database file.
    pub database: PathBuf,
    /// How Google is reached.
    pub google: Google,
    /// How calendars are read.
    pub sync: Sync,
    /// Where Google tells of changes; none: it cannot reach the clinic.
    pub push: Option<Push>,
    /// How visits are booked.
    pub protocol: Protocol,
    /// What events say.
    pub event: Wording,
    /// How the screens look.
    pub screen: Screen,
}

/// Who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Equal at all desks of the clinic; another clinic's events count as a person's.
    pub id: ClinicId,
    /// What people call it.
    pub name: String,
    /// The zone that is shown and that times are typed in.
    pub zone: Tz,
}

/// How Google is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Google {
    /// With whose rights.
    pub mode: Mode,
    /// Address of the Calendar API, with its trailing slash; none: Google's own.
    pub base_url: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
    /// The OAuth client, from the environment.
    pub client: Option<GoogleClient>,
}

/// With whose rights Google is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A person's sign-in.
    OAuth,
    /// A service account.
    ServiceAccount,
    /// No Google at all: a practice calendar at `base_url`.
    Practice,
}

/// How calendars are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sync {
    /// How often what is on screen is read.
    pub refresh: Duration,
    /// How often the other calendars are read.
    pub others: Duration,
    /// From how many days ago on events are read.
    pub past_days: u16,
    /// Whether titles of people's entries are kept and shown.
    pub show_titles: bool,
    /// If more than so many hundredths of a calendar's coming visits are gone or moved at once, nothing is
    /// applied until an admin looks.
    pub brake_percent: u32,
    /// How many days from today are kept read.
    pub horizon_days: u16,
    /// How old a reading may be before it is called stale.
    pub stale_after: Duration,
    /// How many requests to Google may be made in a minute.
    pub requests_per_minute: u32,
}

/// Where Google tells of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The address that Google sends to: https; http to this machine for the practice calendar only.
    pub public_url: String,
    /// Where the program listens for what arrives there.
    pub listen: SocketAddr,
}

/// How the screens look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The set of colours; how many of them the terminal shows, the terminal says.
    pub theme: Palette,
    /// Only ASCII signs.
    pub ascii: bool,
    /// What the clinic calls its customers.
    pub customer_label: String,
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            refresh: Duration::from_secs(10),
            others: Duration::from_mins(1),
            past_days: 30,
            show_titles: false,
            brake_percent: 25,
            horizon_days: 28,
            stale_after: Duration::from_secs(90),
            requests_per_minute: 300,
        }
    }
}

impl Default for Google {
    fn default() -> Self {
        Self {
            mode: Mode::OAuth,
            base_url: None,
            timeout: Duration::from_secs(10),
            client: None,
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            theme: Palette::default(),
            ascii: false,
            customer_label: "Patient".to_owned(),
        }
    }
}

/// A configuration that cannot be used. The text is sentences fit for a person.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// There is none yet.
    #[error(
        "There is no configuration yet: it is looked for at {}. Copy config.example.toml there and change it, or name a file with --config FILE. To practise without one: frontdesk demo",
        .0.display()
    )]
    None(PathBuf),
    /// This user has no home directory to look in.
    #[error(
        "This user has no home directory to look for a configuration in: name a file with --config FILE. To practise without one: frontdesk demo"
    )]
    NoHome,
    /// A file that cannot be read.
    #[error("The configuration {} cannot be read: {why}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why not.
        why: String,
    },
    /// Something in it is wrong.
    #[error("{}, line {line}: {sentence}", .file.display())]
    Wrong {
        /// Which file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong, and what to write.
        sentence: String,
    },
    /// The environment is wrong.
    #[error("{0}")]
    Environment(String),
}

impl ConfigError {
    /// What the command line makes of it.
    pub fn code(&self) -> Code {
        Code::Usage
    }
}

/// Reads variables of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Config {
    /// A clinic with everything else at its default.
    pub fn of_clinic(name: &str, zone: Tz, database: PathBuf) -> Self {
        Self {
            clinic: Clinic {
                id: ClinicId::new(name),
                name: name.to_owned(),
                zone,
            },
            desk: "Front desk".to_owned(),
            database,
            google: Google::default(),
            sync: Sync::default(),
            push: None,
            protocol: Protocol::Full,
            event: Wording::default(),
            screen: Screen::default(),
        }
    }

    /// Reads the file that was named, or the one of this user.
    pub fn load(
        named: Option<&Path>,
        places: Option<&Places>,
        environment: Environment<'_>,
    ) -> Result<Self, ConfigError> {
        let file = match (named, places) {
            (Some(file), _) => file,
            (None, Some(places)) => places.config_file.as_path(),
            (None, None) => return Err(ConfigError::NoHome),
        };
        let text = match places::read(file) {
            Err(None) if named.is_none() => return Err(ConfigError::None(file.to_owned())),
            Err(None) => Err(ConfigError::Unreadable {
                file: file.to_owned(),
                why: "there is no such file".to_owned(),
            }),
            Err(Some(error)) => Err(error),
            Ok(text) => Ok(text),
        }?;
        Self::parse(&text, file, places, environment)
    }

    /// Reads a configuration from its text; `file` is what sentences name and what relative paths
    /// start from.
    pub fn parse(
        text: &str,
        file: &Path,
        places: Option<&Places>,
        environment: Environment<'_>,
    ) -> Result<Self, ConfigError> {
        read::config(text, file, places, environment)
    }
}
