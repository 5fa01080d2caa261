//! What may be typed, seen from outside the crate.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use frontdesk::cli::args::{Act, Cli, Command, CustomerAct, Practice, parse};
use std::ffi::OsString;
use std::path::Path;

fn read(line: &[&str]) -> Result<Cli, (u8, String, String)> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let typed = std::iter::once("frontdesk").chain(line.iter().copied());
    parse(typed.map(OsString::from), &mut out, &mut err).map_err(|code| {
        (
            code,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    })
}

#[test]
fn no_command_opens_the_screens() {
    let cli = read(&[]).unwrap();
    assert_eq!(cli.command, None);
    assert_eq!(
        read(&["--config", "x.toml"]).unwrap().config.as_deref(),
        Some(Path::new("x.toml"))
    );
}

#[test]
fn global_flags_stand_before_the_command_or_after() {
    for line in [
        &["--config", "c.toml", "--json", "show", "12345678"][..],
        &["show", "12345678", "--json", "--config=c.toml"],
        &["--json", "show", "--config", "c.toml", "12345678"],
    ] {
        let cli = read(line).unwrap();
        assert!(cli.json);
        assert_eq!(cli.config.as_deref(), Some(Path::new("c.toml")));
    }
}

#[test]
fn every_command_of_the_manual_can_be_typed() {
    for line in [
        "doctor add --name N --calendar C",
        "doctor add --name N --calendar C --specialty S --zone UTC",
        "doctor list",
        "hours set D mon-fri 08:00-12:00,13:00-17:00",
        "service add --name N --minutes 30 --buffer-before 5 --buffer-after 5",
        "service list",
        "customer add --name N --mobile 1234 --email e@x --born 1980-05-03",
        "customer list",
        "customer list maria",
        "customer show ID",
        "slots --doctor D --date 2026-11-24 --days 7 --service S",
        "book --doctor D --start 2026-11-24T10:30 --customer C --new --mobile 1 --born 1980-05-03 --minutes 30 --reason R --key K",
        "show ID",
        "agenda",
        "agenda --doctor D --date 2026-11-24",
        "cancel ID --reason T",
        "repair list",
        "repair list --doctor D --cause moved",
        "repair show ID",
        "repair adopt ID",
        "repair recreate ID",
        "repair putback ID",
        "repair cancel ID --reason T",
        "repair ignore ID --reason T",
        "repair retry ID",
        "repair retry --all",
        "push",
        "notices list",
        "notices list --all --limit 20",
        "notices read 7",
        "notices read --all",
        "demo",
        "demo --doctors 40 --appointments 1000000 --data-dir d --prepare --fresh",
        "practice serve --listen 127.0.0.1:8765 --data f.db --calendar a@x b@x",
        "practice serve --listen localhost:0 --data f.db --calendar a@x --calendar b@x",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        if let Err((_, _, err)) = read(&words) {
            panic!("{line}: {err}");
        }
    }
}

#[test]
fn several_calendars_are_served() {
    let cli = read(&[
        "practice",
        "serve",
        "--data=f",
        "--calendar",
        "a",
        "b",
        "--calendar",
        "c",
    ]);
    let Some(Command::Practice(Practice::Serve(serve))) = cli.unwrap().command else {
        panic!("not serve")
    };
    assert_eq!(serve.calendar, ["a", "b", "c"]);
    assert!(serve.listen.ip().is_loopback());
}

#[test]
fn the_practice_calendar_is_not_served_to_others() {
    for listen in ["0.0.0.0:80", "192.168.0.1:80", "nowhere"] {
        let (code, _, err) =
            read(&["practice", "serve", "--data=f", "--listen", listen]).unwrap_err();
        assert_eq!(code, 2);
        assert!(err.contains("127.0.0.1:8765"), "{err}");
    }
}

#[test]
fn words_of_a_query_need_no_quotes() {
    let cli = read(&["customer", "list", "maria", "lopez"]).unwrap();
    let Some(Command::Act(Act::Customer(CustomerAct::List(list)))) = cli.command else {
        panic!("not a list")
    };
    assert_eq!(list.query, ["maria", "lopez"]);
}

#[test]
fn what_cannot_be_read_is_a_usage_error_in_the_form_that_was_asked_for() {
    for line in [
        &["--json", "boook"][..],
        &["book", "--json"],
        &["--json", "doctor"],
        &["--json"],
        &["--json", "agenda", "--dait", "x"],
        &[
            "--json",
            "service",
            "add",
            "--name",
            "x",
            "--minutes",
            "many",
        ],
    ] {
        let (code, out, err) = read(line).unwrap_err();
        assert_eq!((code, out.as_str()), (2, ""), "{line:?}");
        let json: serde_json::Value = serde_json::from_str(&err).unwrap();
        assert_eq!(json["error"]["code"], "usage");
        let message = json["error"]["message"].as_str().unwrap();
        assert!(
            message.len() > 20 && !message.contains("error:"),
            "{message}"
        );
    }
    let (code, _, err) = read(&["boook"]).unwrap_err();
    assert_eq!(code, 2);
    assert!(err.contains("'book'"), "{err}");
    // after -- it is nobody's flag
    let (_, _, err) = read(&["show", "--", "--json", "x"]).unwrap_err();
    assert!(!err.starts_with('{'), "{err}");
}

#[test]
fn help_and_version_end_well_on_stdout() {
    for line in [
        &["--help"][..],
        &["book", "--help"],
        &["--version"],
        &["help", "slots"],
    ] {
        let (code, out, err) = read(line).unwrap_err();
        assert_eq!((code, err.as_str()), (0, ""), "{line:?}");
        assert!(out.contains("frontdesk"), "{out}");
    }
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_text_are_refused() {
    use std::os::unix::ffi::OsStringExt;
    let typed = ["frontdesk", "--json", "show"].map(OsString::from);
    let typed = typed
        .into_iter()
        .chain([OsString::from_vec(vec![0xff, 0xfe])]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(parse(typed, &mut out, &mut err), Err(2));
    assert!(String::from_utf8(err).unwrap().contains("\"usage\""));
}

#[test]
fn a_calendar_without_a_name_is_not_served() {
    for id in ["", " ", "a b", "a\u{7}b"] {
        let refused = read(&["practice", "serve", "--data", "f.db", "--calendar", id]);
        let (code, _, err) = refused.unwrap_err();
        assert_eq!(code, 2);
        assert!(err.contains("chen@clinic.example"), "{err}");
    }
}
