//! `slots`.

use super::fake::{CHEN, FakeDesk, at};
use super::say;
use crate::domain::time::Interval;
use crate::port::command::{Command, Length};
use crate::port::query::Query;

fn with_slots() -> FakeDesk {
    let mut desk = FakeDesk::new();
    desk.slots = [
        "2026-11-23T07:00:00Z",
        "2026-11-23T07:20:00Z",
        "2026-11-24T12:00:00Z",
    ]
    .map(|start| Interval::lasting(at(start), 20))
    .to_vec();
    desk
}

#[test]
fn slots_are_an_array_of_start_and_end_with_the_doctor() {
    let desk = with_slots();
    let said = say(
        &desk,
        &[
            "--json",
            "slots",
            "--doctor",
            "chen",
            "--date",
            "2026-11-23",
            "--days",
            "2",
            "--service",
            "check",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        said.json()[0],
        serde_json::json!({
            "start": "2026-11-23T07:00:00Z",
            "end": "2026-11-23T07:20:00Z",
            "doctor_id": CHEN,
            "doctor_name": "Dr. Anna Chen",
        })
    );
    assert_eq!(said.json().as_array().unwrap().len(), 3);
    let asked = desk.asked.borrow();
    let Some(Query::Slots {
        from,
        days,
        length,
        date,
        ..
    }) = asked.last()
    else {
        panic!("{asked:?}")
    };
    assert_eq!(*from, at("2026-11-21T09:49:00Z"));
    assert_eq!((*days, date.to_string().as_str()), (2, "2026-11-23"));
    assert_eq!(*length, Some(Length::Service(super::fake::CHECK_UP.into())));
}

#[test]
fn people_read_the_times_of_each_day_under_the_clinics_zone() {
    let said = say(
        &with_slots(),
        &["slots", "--doctor", "chen", "--date", "mon", "--days", "2"],
    );
    insta::assert_snapshot!(said.out, @r"
    Dr. Anna Chen, 20 minutes, times of Europe/Berlin
    Mon 23 Nov 2026  08:00  08:20
    Tue 24 Nov 2026  13:00
    ");
    let none = say(&FakeDesk::new(), &["slots", "--doctor", "chen"]);
    assert_eq!(none.code, 0);
    assert!(none.out.ends_with("Nothing is free.\n"));
}

#[test]
fn the_calendar_is_read_first_unless_told_not_to() {
    let desk = with_slots();
    say(&desk, &["slots", "--doctor", "chen"]);
    assert_eq!(
        *desk.performed.borrow(),
        [Command::Refresh(vec![CHEN.into()])]
    );
    let desk = with_slots();
    assert_eq!(
        say(&desk, &["slots", "--doctor", "chen", "--offline"]).code,
        0
    );
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn a_calendar_that_could_not_be_read_offers_nothing() {
    let mut desk = with_slots();
    desk.unread = vec![("chen@elm.example".into(), "notFound".to_owned())];
    let said = say(
        &desk,
        &["--json", "slots", "--doctor", "chen", "--date", "mon"],
    );
    assert_eq!((said.code, said.out.as_str()), (4, ""));
    let message = said.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("chen@elm.example") && message.contains("notFound"),
        "{message}"
    );
    // another doctor's calendar is none of this one's business
    let mut desk = with_slots();
    desk.unread = vec![("okafor@elm.example".into(), "notFound".to_owned())];
    assert_eq!(say(&desk, &["slots", "--doctor", "chen"]).code, 0);
}

#[test]
fn days_that_are_not_known_offer_nothing_and_are_named() {
    let mut desk = with_slots();
    desk.unknown_days = vec!["2026-11-24".parse().unwrap()];
    let said = say(
        &desk,
        &[
            "--json", "slots", "--doctor", "chen", "--date", "mon", "--days", "60",
        ],
    );
    assert_eq!(said.code, 0);
    assert_eq!(said.json().as_array().unwrap().len(), 2);
    assert!(said.err.contains("\"warning\"") && said.err.contains("Tue 24 Nov 2026"));
    let said = say(
        &desk,
        &[
            "--json",
            "slots",
            "--doctor",
            "chen",
            "--date",
            "tue",
            "--offline",
        ],
    );
    assert_eq!(said.code, 4);
    let sheets = desk
        .asked
        .borrow()
        .iter()
        .filter(|q| matches!(q, Query::Sheets { .. }))
        .count();
    assert_eq!(sheets, 2 + 2, "sixty days are two questions");
}

#[test]
fn days_are_one_to_sixty() {
    let desk = with_slots();
    for days in ["0", "61", "-1", "x"] {
        let days = format!("--days={days}");
        let said = say(&desk, &["--json", "slots", "--doctor", "chen", &days]);
        assert_eq!(said.code, 2, "{days}");
        assert_eq!(said.error()["code"], "usage");
    }
}
