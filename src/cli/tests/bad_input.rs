//! Bad input gets a clear sentence and changes nothing.

use super::fake::{FakeDesk, LI};
use super::say;

/// Books with these arguments (doctor and start as usual, where they say nothing of them) and
/// expects the exit code and the words.
fn refuses(rows: &[(&[&str], u8, &str)]) {
    let desk = FakeDesk::new();
    for (more, code, wanted) in rows {
        let mut typed = vec!["--json", "book"];
        for (flag, usual) in [
            ("--doctor", "chen"),
            ("--start", "2026-11-24T10:30"),
            ("--customer", LI),
        ] {
            if !more.contains(&flag) {
                typed.extend([flag, usual]);
            }
        }
        typed.extend(*more);
        let said = say(&desk, &typed);
        let message = said.error()["message"].as_str().unwrap().to_owned();
        let short: Vec<String> = more.iter().map(|m| m.chars().take(40).collect()).collect();
        assert_eq!(said.code, *code, "{short:?}: {message}");
        assert!(message.contains(wanted), "{short:?}: {message}");
        assert!(message.len() < 1_500, "{short:?}");
        assert!(!message.contains(['\u{1b}', '\u{202e}']), "{short:?}");
        assert_eq!(said.out, "");
    }
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn times_that_do_not_exist_or_are_none() {
    let long = "x".repeat(1_000_000);
    refuses(&[
        (
            &["--start", "2026-03-29T02:30"],
            2,
            "does not exist in Europe/Berlin",
        ),
        (&["--start", "2026-10-25T02:30"], 2, "happens twice"),
        (&["--start", "soon"], 2, "is not a time"),
        (&["--start", ""], 2, "is not a time"),
        (&["--start", "\u{1b}[31m\u{202e}"], 2, "is not a time"),
        (&["--start", &long], 2, "is not a time"),
        (&["--start", "2026-11-24T10:30:15"], 2, "whole minute"),
        (&["--start", "9999-12-31T23:59"], 2, "too far away"),
        (&["--minutes", "0"], 2, "from 1 to 1440"),
        (&["--minutes", "1441"], 2, "from 1 to 1440"),
        (&["--minutes", &long], 2, "invalid value"),
    ]);
}

#[test]
fn doctors_and_services_that_are_none_or_several() {
    let long = "x".repeat(1_000_000);
    refuses(&[
        (
            &["--doctor", "house"],
            3,
            "There are: Dr. Anna Chen, Dr. Ben Okafor",
        ),
        (
            &["--doctor", "dr."],
            2,
            "may mean several: Dr. Anna Chen, Dr. Ben Okafor",
        ),
        (&["--doctor", ""], 3, "There is no doctor"),
        (&["--doctor", &long], 3, "There is no doctor"),
        (&["--service", "surgery"], 3, "There are: Check-up"),
        (
            &["--service", "x", "--minutes", "3"],
            2,
            "cannot be used with",
        ),
    ]);
}

#[test]
fn people_and_texts_that_cannot_be_kept() {
    let long = "x".repeat(1_000_000);
    let name = "n".repeat(121);
    refuses(&[
        (&["--reason", &long], 2, "reason is too long"),
        (&["--key", ""], 2, "key must not be empty"),
        (
            &["--key", "a\u{202e}b"],
            2,
            "characters that cannot be kept",
        ),
        (&["--customer", "\u{202e}\u{200b}"], 2, "must not be empty"),
        (&["--customer", &name, "--new"], 2, "too long: at most 120"),
        (
            &["--customer", "Zoe", "--new", "--mobile", "none"],
            2,
            "not a phone number",
        ),
        (
            &["--customer", "Zoe", "--new", "--email", "zoe"],
            2,
            "not an e-mail address",
        ),
        (
            &["--customer", "Zoe", "--new", "--born", "tomorrow"],
            2,
            "not a birth date",
        ),
        (
            &["--customer", "Zoe", "--new", "--born", "24 nov"],
            2,
            "not a birth date",
        ),
        (
            &["--customer", "Zoe", "--new", "--born", "2027-01-01"],
            2,
            "in the future",
        ),
    ]);
}
