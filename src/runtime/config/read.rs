//! From the document to the configuration: each key, its rule and its default.

use super::push;
use super::reader::{Document, Found, Schema, Section};
use super::{
    Clinic, Config, ConfigError, Environment, Google, GoogleClient, Mode, Places, Screen, Sync,
};
use crate::app::state::Palette;
use crate::cli::zones;
use crate::domain::id::ClinicId;
use crate::domain::text::NAME;
use crate::flow::booking::Protocol;
use crate::flow::wording::{Detail, Wording};
use hyper::Uri;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every section with its keys.
pub const KNOWN_KEYS: &Schema = &[
    ("clinic", &["id", "name", "time_zone"]),
    ("desk", &["name"]),
    ("database", &["path"]),
    ("google", &["mode", "base_url", "timeout_seconds"]),
    (
        "sync",
        &[
            "refresh_seconds",
            "others_seconds",
            "horizon_days",
            "past_days",
            "stale_after_seconds",
            "show_titles",
            "brake_percent",
            "requests_per_minute",
        ],
    ),
    ("push", &["public_url", "listen"]),
    ("booking", &["protocol"]),
    ("event", &["title", "detail"]),
    ("screen", &["theme", "ascii", "customer_label"]),
];

pub(super) fn config(
    text: &str,
    file: &Path,
    places: Option<&Places>,
    environment: Environment<'_>,
) -> Result<Config, ConfigError> {
    let document = Document::parse(text, file, KNOWN_KEYS)?;
    let clinic = clinic(&document)?;
    let database = database(&document, file, places)?;
    let default = Config::of_clinic(&clinic.name, clinic.zone, database);
    let desk = document.section("desk").text("name", NAME)?;
    let protocol = document.section("booking").choice(
        "protocol",
        &[
            ("full", Protocol::Full),
            ("shared_database", Protocol::SharedDatabase),
        ],
    )?;
    let google = google(&document, environment)?;
    Ok(Config {
        clinic,
        desk: or(desk, default.desk),
        database: default.database,
        push: push::push(&document, google.mode)?,
        google,
        sync: sync(&document)?,
        protocol: or(protocol, default.protocol),
        event: event(&document)?,
        screen: screen(&document.section("screen"))?,
    })
}

fn or<T>(found: Option<Found<T>>, default: T) -> T {
    found.map_or(default, |found| found.value)
}

fn clinic(document: &Document<'_>) -> Result<Clinic, ConfigError> {
    let section = document.section("clinic");
    let name = section
        .needed("name", NAME, "what people call the clinic")?
        .value;
    let zone = section.needed(
        "time_zone",
        60,
        "the zone its clocks show, such as Europe/Berlin",
    )?;
    let id = section.text("id", NAME)?;
    Ok(Clinic {
        id: ClinicId::new(or(id, name.clone())),
        name,
        zone: zones::parse(&zone.value)
            .map_err(|sentence| document.wrong(zone.line, format!("time_zone: {sentence}")))?,
    })
}

fn database(
    document: &Document<'_>,
    file: &Path,
    places: Option<&Places>,
) -> Result<PathBuf, ConfigError> {
    let Some(path) = document.section("database").text("path", 4096)? else {
        let places = places.ok_or_else(|| {
            document.wrong(
                1,
                "[database] needs path: this user has no home directory for a default",
            )
        })?;
        return Ok(places.data_dir.join("frontdesk.db"));
    };
    if let (Some(rest), Some(places)) = (path.value.strip_prefix("~/"), places) {
        return Ok(places.home.join(rest));
    }
    // beside the configuration, wherever the program is started from
    Ok(file
        .parent()
        .unwrap_or_else(|| Path::new(""))
        .join(path.value))
}

fn google(document: &Document<'_>, environment: Environment<'_>) -> Result<Google, ConfigError> {
    let section = document.section("google");
    let default = Google::default();
    let mode = section.choice(
        "mode",
        &[
            ("oauth", Mode::OAuth),
            ("service_account", Mode::ServiceAccount),
            ("practice", Mode::Practice),
        ],
    )?;
    let base_url = section
        .text("base_url", 500)?
        .map(|found| {
            base_url(&found.value).map_err(|sentence| {
                document.wrong(
                    found.line,
                    format!("base_url = “{}”: {sentence}", found.value),
                )
            })
        })
        .transpose()?;
    if let (Some(mode), None) = (&mode, &base_url)
        && mode.value == Mode::Practice
    {
        return Err(document.wrong(
            mode.line,
            "mode = \"practice\" needs base_url: the address that “frontdesk practice serve” names, such as http://127.0.0.1:8765/",
        ));
    }
    let timeout = section.number("timeout_seconds", 1..=120)?;
    Ok(Google {
        mode: or(mode, default.mode),
        base_url,
        timeout: timeout.as_ref().map_or(default.timeout, seconds),
        client: GoogleClient::from_environment(environment)?,
    })
}

/// The address with its path and trailing slash. Only this machine may be asked without encryption:
/// the requests carry the clinic's token.
fn base_url(text: &str) -> Result<String, String> {
    let wrong = || "this is not an address: write it like http://127.0.0.1:8765/".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong());
    };
    if uri.query().is_some() || text.contains('#') || authority.as_str().contains('@') {
        return Err("leave out everything but the server and the path".to_owned());
    }
    let local = push::is_this_machine(authority.host());
    match scheme {
        "https" => {}
        "http" if local => {}
        "http" => {
            return Err(
                "http is only possible on this machine (127.0.0.1): write https".to_owned(),
            );
        }
        _ => return Err(wrong()),
    }
    let path = uri.path().trim_end_matches('/');
    // a server named alone is a Calendar API where Google has it
    let path = if path.is_empty() {
        "/calendar/v3"
    } else {
        path
    };
    Ok(format!("{scheme}://{authority}{path}/"))
}

fn sync(document: &Document<'_>) -> Result<Sync, ConfigError> {
    let section = document.section("sync");
    let default = Sync::default();
    let refresh = section
        .number("refresh_seconds", 5..=3600)?
        .as_ref()
        .map_or(default.refresh, seconds);
    let others = section.number("others_seconds", 5..=3600)?;
    let past = section.number("past_days", 0..=3650)?;
    let brake = section.number("brake_percent", 1..=100)?;
    let horizon = section.number("horizon_days", 1..=30)?;
    let stale = section.number("stale_after_seconds", 5..=86_400)?;
    let requests = section.number("requests_per_minute", 30..=600)?;
    if let Some(found) = stale.as_ref()
        && u64::from(found.value) < refresh.as_secs()
    {
        return Err(document.wrong(
            found.line,
            format!(
                "stale_after_seconds must not be shorter than refresh_seconds ({}), or every calendar would always be called stale",
                refresh.as_secs()
            ),
        ));
    }
    Ok(Sync {
        refresh,
        horizon_days: horizon
            .and_then(|found| u16::try_from(found.value).ok())
            .unwrap_or(default.horizon_days),
        others: others.as_ref().map_or(default.others, seconds),
        past_days: past
            .and_then(|found| u16::try_from(found.value).ok())
            .unwrap_or(default.past_days),
        show_titles: section.flag("show_titles")?.unwrap_or(default.show_titles),
        brake_percent: brake.map_or(default.brake_percent, |found| found.value),
        // two readings may be missed
        stale_after: stale
            .as_ref()
            .map_or((refresh * 3).max(default.stale_after), seconds),
        requests_per_minute: or(requests, default.requests_per_minute),
    })
}

fn event(document: &Document<'_>) -> Result<Wording, ConfigError> {
    let section = document.section("event");
    let detail = section.choice(
        "detail",
        &[
            ("full", Detail::Full),
            ("name", Detail::Name),
            ("opaque", Detail::Opaque),
        ],
    )?;
    let detail = or(detail, Detail::default());
    let Some(title) = section.text("title", 300)? else {
        return Ok(Wording {
            title: detail.default_title().to_owned(),
            detail,
        });
    };
    Wording::new(&title.value, detail)
        .map_err(|error| document.wrong(title.line, format!("title: {error}")))
}

fn screen(section: &Section<'_, '_>) -> Result<Screen, ConfigError> {
    let default = Screen::default();
    Ok(Screen {
        theme: or(section.choice("theme", &Palette::ALL)?, default.theme),
        ascii: section.flag("ascii")?.unwrap_or(default.ascii),
        customer_label: or(section.text("customer_label", 30)?, default.customer_label),
    })
}

fn seconds(found: &Found<u32>) -> Duration {
    Duration::from_secs(u64::from(found.value))
}
