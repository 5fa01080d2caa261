//! `doctor`, `hours`, `service`.

use super::fake::{CHEN, FakeDesk, at};
use super::say;
use crate::domain::doctor::Kind;
use crate::domain::schedule::WeeklyHours;
use crate::domain::service::Buffers;
use crate::port::command::{Command, NewDoctor, NewService};
use crate::port::query::Reading;

#[test]
fn a_doctor_is_taken_on() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &[
            "--json",
            "doctor",
            "add",
            "--name",
            " Dr.  Eva Roth",
            "--calendar",
            "roth#1@elm.example",
            "--specialty",
            "Skin",
            "--zone",
            "utc",
            "--kind",
            "therapist",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        desk.command(),
        Command::AddDoctor(NewDoctor {
            name: "Dr. Eva Roth".to_owned(),
            calendar: "roth#1@elm.example".into(),
            specialty: "Skin".to_owned(),
            kind: Kind::Therapist,
            zone: Some(chrono_tz::UTC),
        })
    );
    let object = said.json();
    assert_eq!(object["doctor_name"], "Dr. Eva Roth");
    assert_eq!(object["hours"], "mon-fri 08:00-12:00,13:00-17:00");
    assert!(object.as_object().unwrap().values().all(|v| !v.is_object()));
}

#[test]
fn a_doctor_with_a_wrong_zone_calendar_or_name_is_refused() {
    let desk = FakeDesk::new();
    for (name, calendar, zone, wanted) in [
        ("Eva", "e@x", "Europe/Berln", "did you mean “Europe/Berlin”"),
        ("Eva", " ", "UTC", "not the id of a calendar"),
        ("Eva", "a b", "UTC", "not the id of a calendar"),
        ("\u{7}", "e@x", "UTC", "must not be empty"),
    ] {
        let said = say(
            &desk,
            &[
                "doctor",
                "add",
                "--name",
                name,
                "--calendar",
                calendar,
                "--zone",
                zone,
            ],
        );
        assert_eq!(said.code, 2);
        assert!(said.err.contains(wanted), "{}", said.err);
    }
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn doctors_are_listed_with_how_well_their_calendar_is_known() {
    let mut desk = FakeDesk::new();
    desk.doctors[0].reading = Reading::Unknown {
        error: Some((at("2026-11-21T09:00:00Z"), "not shared".to_owned())),
    };
    desk.doctors[0].next_free = None;
    insta::assert_snapshot!(say(&desk, &["doctor", "list"]).out, @r"
    Times of Europe/Berlin
    Dr. Anna Chen   General  -                            unknown: not shared  d0c70000-0000-4000-8000-00000000c4e0
    Dr. Ben Okafor  General  free Mon 23 Nov 2026, 08:00  live                 d0c7aaaa-0000-4000-8000-0000000000f0
    ");
    let list = say(&desk, &["--json", "doctor", "list"]).json();
    assert_eq!(list[0]["calendar_state"], "unknown");
    assert_eq!(list[0]["calendar_error"], "not shared");
    assert_eq!(list[1]["calendar_read_at"], "2026-11-21T09:40:00Z");
    assert_eq!(list[1]["next_free"], "2026-11-23T07:00:00Z");
    desk.doctors.clear();
    assert!(
        say(&desk, &["doctor", "list"])
            .out
            .contains("There is no doctor yet")
    );
    assert_eq!(say(&desk, &["doctor", "list", "--json"]).out, "[]\n");
    let said = say(&desk, &["slots", "--doctor", "chen"]);
    assert!(said.err.contains("frontdesk doctor add"), "{}", said.err);
}

#[test]
fn hours_are_set_on_the_named_days_and_stay_on_the_others() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["hours", "set", "anna", "wed,sat", "9-12"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let week = WeeklyHours::office().with("wed,sat", "9-12").unwrap();
    assert_eq!(desk.command(), Command::SetHours(CHEN.into(), week));
    let desk = FakeDesk::new();
    assert_eq!(say(&desk, &["hours", "set", "anna", "all", "-"]).code, 0);
    assert_eq!(
        desk.command(),
        Command::SetHours(CHEN.into(), WeeklyHours::default())
    );
}

#[test]
fn wrong_hours_change_nothing() {
    let desk = FakeDesk::new();
    let long = "x".repeat(100_000);
    for (days, hours, wanted) in [
        ("someday", "9-12", "not a day of the week"),
        ("mon", "12-9", "ends before it starts"),
        ("mon", "08:00-08:00", "08:00-08:00 ends when it starts"),
        ("mon", "9-12,11-13", "overlap"),
        ("mon", "\u{1b}[31mnoon", "not a stretch of hours"),
        (&long, "9-12", "too long"),
    ] {
        let said = say(&desk, &["hours", "set", "anna", days, hours]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains(wanted), "{}", said.err);
        assert!(!said.err.contains('\u{1b}'));
    }
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn a_service_is_offered_with_its_buffers() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &[
            "--json",
            "service",
            "add",
            "--name",
            "Laser",
            "--minutes",
            "45",
            "--buffer-before",
            "10",
            "--buffer-after",
            "120",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        desk.command(),
        Command::AddService(NewService {
            name: "Laser".to_owned(),
            minutes: 45,
            buffers: Buffers::new(10, 120).unwrap(),
        })
    );
    assert_eq!(said.json()["buffer_after"], 120);
    let said = say(
        &desk,
        &[
            "service",
            "add",
            "--name",
            "Laser",
            "--minutes",
            "45",
            "--buffer-after",
            "121",
        ],
    );
    assert_eq!(said.code, 2);
    insta::assert_snapshot!(
        say(&desk, &["service", "list"]).out,
        @"Check-up  30 min (kept free: 5 before, 10 after)  5e700000-0000-4000-8000-000000000001"
    );
}
