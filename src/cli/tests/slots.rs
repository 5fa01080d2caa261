//! `slots`.

use super::fake::{CHEN, FakeDesk, at};
use super::say;
use crate::domain::time::Interval;
use crate::port::command::{Code, Length, Refusal};
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
    }) = asked.iter().find(|q| matches!(q, Query::Slots { .. }))
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
fn a_calendar_that_could_not_be_read_is_an_error_and_not_an_empty_list() {
    for code in [Code::NoAnswer, Code::SignIn, Code::NotAvailable] {
        let mut desk = with_slots();
        desk.slots_refused = Some(Refusal::new(code, "Free time is not known."));
        let said = say(
            &desk,
            &["--json", "slots", "--doctor", "chen", "--date", "mon"],
        );
        assert_eq!((said.code, said.out.as_str()), (code.exit(), ""));
        assert_eq!(said.error()["message"], "Free time is not known.");
    }
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
        &["--json", "slots", "--doctor", "chen", "--date", "tue"],
    );
    assert_eq!(said.code, 4);
    let sheets = desk
        .asked
        .borrow()
        .iter()
        .filter(|q| matches!(q, Query::Sheets { .. }))
        .count();
    assert_eq!(sheets, 2 + 1, "sixty days are two questions");
}

#[test]
fn a_day_that_is_past_has_no_slots_and_is_no_error() {
    let mut desk = FakeDesk::new();
    desk.unknown_days = vec!["2026-11-20".parse().unwrap()];
    let said = say(&desk, &["--json", "slots", "--doctor=chen", "--date=-1"]);
    assert_eq!((said.code, said.out.as_str()), (0, "[]\n"), "{}", said.err);
    assert_eq!(said.err, "");
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
