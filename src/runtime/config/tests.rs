//! What a configuration may say, and what is said about one that is wrong.

use super::*;
use crate::flow::wording::Detail;
use std::fs;

const MINIMUM: &str = "[clinic]\nname = \"Elm Street\"\ntime_zone = \"Europe/Berlin\"\n";

fn places() -> Places {
    Places {
        config_file: "/home/ada/.config/frontdesk/config.toml".into(),
        data_dir: "/home/ada/.local/share/frontdesk".into(),
        log_dir: "/home/ada/.local/state/frontdesk/log".into(),
        home: "/home/ada".into(),
    }
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/desk.toml"), Some(&places()), &|_| {
        None
    })
}

/// The minimum with something added, and what is said about it.
fn refused(added: &str) -> String {
    parse(&format!("{MINIMUM}{added}")).unwrap_err().to_string()
}

#[test]
fn a_clinic_with_a_name_and_a_zone_is_enough() {
    let expected = Config::of_clinic(
        "Elm Street",
        chrono_tz::Europe::Berlin,
        "/home/ada/.local/share/frontdesk/frontdesk.db".into(),
    );
    assert_eq!(parse(MINIMUM).unwrap(), expected);
    assert_eq!(expected.clinic.id.as_str(), "Elm Street");
    assert_eq!(expected.protocol, Protocol::Full);
}

#[test]
fn every_key_can_be_set() {
    let text = r#"
[clinic]
id = "elm"
name = "Elm Street"
time_zone = "america/new_york"
[desk]
name = "Left window"
[database]
path = "elm.db"
[google]
mode = "practice"
base_url = "http://127.0.0.1:8765"
timeout_seconds = 3
[sync]
refresh_seconds = 45
horizon_days = 14
requests_per_minute = 120
[push]
public_url = "http://127.0.0.1:8443/hook"
listen = "127.0.0.1:8443"
[booking]
protocol = "shared_database"
[event]
title = "Visit: {customer} ({service}) {phone}"
detail = "full"
[screen]
theme = "light"
ascii = true
customer_label = "Client"
"#;
    let config = parse(text).unwrap();
    assert_eq!(config.clinic.id.as_str(), "elm");
    assert_eq!(config.clinic.zone, chrono_tz::America::New_York);
    assert_eq!(config.desk, "Left window");
    assert_eq!(config.database, Path::new("/etc/elm.db"));
    assert_eq!(config.google.mode, Mode::Practice);
    assert_eq!(
        config.google.base_url.as_deref(),
        Some("http://127.0.0.1:8765/calendar/v3/")
    );
    assert_eq!(config.google.timeout, Duration::from_secs(3));
    assert_eq!(config.sync.refresh, Duration::from_secs(45));
    assert_eq!(config.sync.horizon_days, 14);
    assert_eq!(config.sync.requests_per_minute, 120);
    assert_eq!(config.sync.stale_after, Duration::from_secs(135));
    let push = config.push.unwrap();
    assert_eq!(push.public_url, "http://127.0.0.1:8443/hook");
    assert_eq!(push.listen.to_string(), "127.0.0.1:8443");
    assert_eq!(config.protocol, Protocol::SharedDatabase);
    assert_eq!(config.event.detail, Detail::Full);
    assert_eq!(config.screen.theme, Palette::Light);
    assert!(config.screen.ascii);
    assert_eq!(config.screen.customer_label, "Client");
}

#[test]
fn what_is_not_known_is_refused_with_its_line_and_the_nearest_key() {
    insta::assert_snapshot!(
        refused("[sync]\nrefresh_second = 5\n"),
        @"/etc/desk.toml, line 5: “refresh_second” is not a known key of [sync] (did you mean “refresh_seconds”?). Known there: refresh_seconds, others_seconds, horizon_days, past_days, stale_after_seconds, show_titles, brake_percent, requests_per_minute"
    );
    insta::assert_snapshot!(
        refused("\n\ntimezone = 1\n"),
        @"/etc/desk.toml, line 6: “timezone” is not a known key of [clinic] (did you mean “time_zone”?). Known there: id, name, time_zone"
    );
    insta::assert_snapshot!(
        refused("ascii = true"),
        @"/etc/desk.toml, line 4: “ascii” is not a known key of [clinic] (it belongs under [screen]). Known there: id, name, time_zone"
    );
    insta::assert_snapshot!(
        refused("[screens]\nascii = true"),
        @"/etc/desk.toml, line 4: “screens” is not a known section (did you mean [screen]?). Known: clinic, desk, database, google, sync, push, booking, event, screen"
    );
    assert!(
        parse("ascii = true")
            .unwrap_err()
            .to_string()
            .contains("line 1: “ascii” belongs under [screen]")
    );
    assert!(
        parse("clinic = 3")
            .unwrap_err()
            .to_string()
            .contains("write [clinic]")
    );
    // the first in the file, not in the alphabet
    assert!(refused("[zoo]\n[ant]\n").contains("line 4: “zoo”"));
}

#[test]
fn wrong_values_are_refused_with_their_line_and_what_to_write() {
    let says = |added: &str, wanted: &str| {
        let said = refused(added);
        assert!(said.contains(wanted), "{added}: {said}");
        assert!(said.contains("line 5: "), "{added}: {said}");
    };
    says("[google]\nmode = \"oath\"", "did you mean “oauth”?");
    says("[google]\nmode = 3", "a text in quotation marks");
    says("[google]\nmode = \"practice\"", "needs base_url");
    says("[google]\nbase_url = \"nonsense\"", "not an address");
    says(
        "[google]\nbase_url = \"ftp://127.0.0.1/\"",
        "not an address",
    );
    says(
        "[google]\nbase_url = \"http://example.org/\"",
        "write https",
    );
    says(
        "[google]\nbase_url = \"https://u:p@example.org/\"",
        "leave out everything",
    );
    says(
        "[google]\ntimeout_seconds = 0",
        "a whole number from 1 to 120",
    );
    says("[sync]\nhorizon_days = 99999999999999", "from 1 to 30");
    says("[sync]\nhorizon_days = -1", "from 1 to 30");
    says("[sync]\nrefresh_seconds = \"30\"", "a whole number");
    says("[sync]\nrequests_per_minute = 5", "from 30 to 600");
    says("[sync]\nrequests_per_minute = 6000", "from 30 to 600");
    says(
        "[sync]\nstale_after_seconds = 7",
        "not be shorter than refresh_seconds (10)",
    );
    says(
        "[push]\npublic_url = \"https://desk.example.org/\"",
        "needs listen beside public_url",
    );
    says(
        "[push]\nlisten = \"127.0.0.1:8443\"",
        "needs public_url beside listen",
    );
    says(
        "[push]\npublic_url = \"http://127.0.0.1:8443/\"\nlisten = \"127.0.0.1:8443\"",
        "Google sends to https only",
    );
    says(
        "[push]\nlisten = \"8443\"\npublic_url = \"https://desk.example.org/\"",
        "such as 127.0.0.1:8443",
    );
    says(
        "[push]\npublic_ur = \"https://desk.example.org/\"",
        "did you mean “public_url”?",
    );
    says(
        "[booking]\nprotocol = \"fast\"",
        "Possible: full, shared_database",
    );
    says(
        "[event]\ntitle = \"{patient}\"",
        "“{patient}” is not known in a title",
    );
    says(
        "[event]\ntitle = \"{phone}\"",
        "not possible with detail = \"name\"",
    );
    says(
        "[event]\ntitle = \"{customer}\"\ndetail = \"opaque\"",
        "not possible with detail",
    );
    says("[screen]\ntheme = \"drak\"", "did you mean “dark”?");
    says("[screen]\nascii = \"yes\"", "true or false");
    says("[desk]\nname = \" \"", "not empty");
    says(
        &format!("[desk]\nname = \"{}\"", "x".repeat(500)),
        "at most 120 characters",
    );
}

#[test]
fn a_clinic_without_name_or_zone_is_told_what_is_needed() {
    let says = |text: &str| parse(text).unwrap_err().to_string();
    assert!(says("").contains("line 1: [clinic] needs name"));
    assert!(
        says("[desk]\nname = \"a\"\n[clinic]\nname = \"x\"")
            .contains("line 3: [clinic] needs time_zone")
    );
    assert!(
        says("[clinic]\nname = \"x\"\ntime_zone = \"Europe/Berln\"").contains(
            "line 3: time_zone: “Europe/Berln” is not a time zone; did you mean “Europe/Berlin”?"
        )
    );
}

#[test]
fn text_that_is_not_toml_is_refused_with_its_line_and_never_panics() {
    assert!(refused("[desk\n").contains("line 4: this is not TOML"));
    assert!(refused("x = \"\u{1b}[31m\"").contains("line 4: this is not TOML"));
    assert!(refused("[clinic]\n").contains("line 4: this is not TOML"));
    assert!(refused(&format!("x = {}", "[".repeat(100_000))).contains("line 4"));
}

#[test]
fn an_opaque_clinic_gets_an_opaque_title() {
    let config = parse(&format!("{MINIMUM}[event]\ndetail = \"opaque\"")).unwrap();
    assert_eq!(config.event.title, "Appointment");
}

#[test]
fn a_path_starts_from_the_file_or_from_home() {
    let path = |text: &str| {
        parse(&format!("{MINIMUM}[database]\npath = \"{text}\""))
            .unwrap()
            .database
    };
    assert_eq!(path("data/elm.db"), Path::new("/etc/data/elm.db"));
    assert_eq!(path("/var/elm.db"), Path::new("/var/elm.db"));
    assert_eq!(path("~/elm.db"), Path::new("/home/ada/elm.db"));
}

#[test]
fn a_file_that_cannot_be_read_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let load = |file: &Path| {
        Config::load(Some(file), None, &|_| None)
            .unwrap_err()
            .to_string()
    };
    let file = dir.path().join("config.toml");
    assert!(load(&file).contains("there is no such file"));
    assert!(load(dir.path()).contains("it is a directory"));
    fs::write(&file, b"[clinic]\nname = \"\xff\"\n").unwrap();
    assert!(load(&file).contains("line 2 is not UTF-8"));
    fs::write(&file, vec![b'#'; 1_100_000]).unwrap();
    assert!(load(&file).contains("larger than 1 MB"));
}

#[test]
fn no_configuration_names_the_place_and_the_demo() {
    let dir = tempfile::tempdir().unwrap();
    let mut places = places();
    places.config_file = dir.path().join("config.toml");
    let none = Config::load(None, Some(&places), &|_| None).unwrap_err();
    assert!(none.to_string().contains("config.toml"));
    assert!(none.to_string().contains("frontdesk demo"));
    assert_eq!(
        Config::load(None, None, &|_| None),
        Err(ConfigError::NoHome)
    );
    fs::write(&places.config_file, format!("\u{feff}{MINIMUM}")).unwrap();
    assert!(Config::load(None, Some(&places), &|_| None).is_ok());
}

#[test]
fn the_oauth_client_comes_from_the_environment_and_is_never_printed() {
    let config = Config::parse(MINIMUM, Path::new("c.toml"), Some(&places()), &|name| {
        Some(format!(" {name}-value "))
    })
    .unwrap();
    let client = config.google.client.clone().unwrap();
    assert_eq!(client.id, "GOOGLE_CLIENT_ID-value");
    assert_eq!(client.secret.reveal(), "GOOGLE_CLIENT_SECRET-value");
    assert!(!format!("{config:?}").contains("GOOGLE_CLIENT_SECRET-value"));
    let half = Config::parse(MINIMUM, Path::new("c.toml"), Some(&places()), &|name| {
        (name == "GOOGLE_CLIENT_ID").then(|| "x".to_owned())
    });
    assert!(
        half.unwrap_err()
            .to_string()
            .contains("GOOGLE_CLIENT_SECRET is not")
    );
}

const EXAMPLE: &str = include_str!("../../../config.example.toml");

#[test]
fn the_example_holds_every_key_and_says_the_defaults() {
    let parsed = parse(EXAMPLE).unwrap();
    let expected = Config::of_clinic(
        "Example clinic",
        chrono_tz::Europe::Berlin,
        "/home/ada/.local/share/frontdesk/frontdesk.db".into(),
    );
    assert_eq!(parsed, expected);
    let mut section = "";
    let mut there = Vec::new();
    for line in EXAMPLE.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ")
            && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        {
            there.push((section, key));
        }
    }
    for (section, keys) in KNOWN_KEYS {
        for key in *keys {
            let count = there
                .iter()
                .filter(|found| **found == (*section, *key))
                .count();
            assert_eq!(count, 1, "[{section}] {key}");
        }
    }
}

#[test]
fn the_keys_that_the_example_leaves_out_can_be_uncommented_as_they_stand() {
    let whole = EXAMPLE
        .replace("# id = ", "id = ")
        .replace("# path = ", "path = ")
        .replace("# base_url = ", "base_url = ")
        .replace("# public_url = ", "public_url = ")
        .replace("# listen = ", "listen = ");
    let config = parse(&whole).unwrap();
    assert_eq!(config.clinic.id.as_str(), "Example clinic");
    assert_eq!(config.database, places().data_dir.join("frontdesk.db"));
    assert!(config.google.base_url.is_some());
    assert!(config.push.is_some());
}
