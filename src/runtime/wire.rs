//! Puts the adapters together as the configuration says.

use super::clock::{RandomIds, SystemClock};
use super::config::{Config, Mode};
use super::restored;
use crate::domain::id::DeskId;
use crate::domain::policy::Role;
use crate::domain::text::{NAME, clean};
use crate::google;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Refusal};
use crate::port::desk::Clinic;
use crate::sqlite::Access;
use crate::store::Database;
use crate::worker::engine::Engine;
use crate::worker::settings::Settings;
use chrono::Duration;

/// How long a signal waits for a transaction to end.
const LAST_WRITE: std::time::Duration = std::time::Duration::from_millis(700);

/// The engine of this program.
pub type DeskEngine = Engine<google::Client, Database, SystemClock, RandomIds>;

/// Opens the clinic's database, migrated.
pub fn database(config: &Config) -> Result<Database, Refusal> {
    Database::open(&config.database, Access::ReadWrite)
        .map_err(|error| Refusal::new(Code::Internal, error.to_string()))
}

/// An engine over the database and the calendars that the configuration names.
pub fn engine(
    config: &Config,
    settings: Settings,
    mut store: Database,
) -> Result<DeskEngine, Refusal> {
    restored::look(&mut store, &config.database, SystemClock.now())?;
    let token = match config.google.mode {
        Mode::Practice => google::Token::Practice,
        Mode::OAuth => google::Token::OAuth,
        Mode::ServiceAccount => google::Token::ServiceAccount,
    };
    let options = google::Options {
        base_url: config.google.base_url.clone(),
        token,
        timeout: config.google.timeout,
    };
    let client = google::Client::new(options)
        .map_err(|error| Refusal::new(Code::Usage, error.to_string()))?;
    Ok(Engine::new(client, store, SystemClock, RandomIds, settings))
}

/// Waits until no transaction is under way, and lets none begin: for the end by a signal. What Google has
/// not answered is in the journal.
pub fn finish_writing(engine: DeskEngine) {
    let (done, still) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let held = engine.hold_still();
        let _ = done.send(());
        std::mem::forget(held);
    });
    let _ = still.recv_timeout(LAST_WRITE);
}

/// What the lanes must know.
pub fn settings(config: &Config) -> Settings {
    let length = |d: std::time::Duration| Duration::from_std(d).unwrap_or(Duration::seconds(30));
    Settings {
        clinic: config.clinic.id.clone(),
        clinic_name: config.clinic.name.clone(),
        zone: config.clinic.zone,
        // Two programs at one desk must not take each other's leases for their own.
        desk: DeskId::new(format!("{}/{}", config.desk, RandomIds.uuid().simple())),
        protocol: config.protocol,
        wording: config.event.clone(),
        stale_after: length(config.sync.stale_after),
        refresh_every: length(config.sync.refresh),
        sync_every: length(config.sync.others),
        past_days: config.sync.past_days,
        show_titles: config.sync.show_titles,
        brake_percent: config.sync.brake_percent,
        horizon_days: config.sync.horizon_days,
        requests_per_minute: config.sync.requests_per_minute,
        patience: length(config.google.timeout),
    }
}

/// The clinic as everybody at the desk knows it.
pub fn clinic(config: &Config) -> Clinic {
    Clinic {
        name: config.clinic.name.clone(),
        zone: config.clinic.zone,
    }
}

/// Who sits here. There are no users of our own yet: whoever can open the database keeps the clinic.
pub fn actor() -> Actor {
    let user = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let name = user.map(|u| clean(&u, NAME)).filter(|u| !u.is_empty());
    Actor {
        name: name.unwrap_or_else(|| "desk".to_owned()),
        role: Role::Admin,
    }
}
