//! `why`.

use super::fake::{CHECK_UP, CHEN, FakeDesk, at};
use super::say;
use crate::domain::blocks::Reason;
use crate::domain::time::Interval;
use crate::domain::why::Why;
use crate::port::command::Length;
use crate::port::query::{Obstacle, Query};

fn taken() -> FakeDesk {
    let mut desk = FakeDesk::new();
    desk.whys = vec![
        Obstacle {
            why: Why::Event {
                reason: Reason::Private,
                title: Some("Lunch".to_owned()),
                time: Interval::lasting(at("2026-11-24T11:00:00Z"), 45),
                all_day: false,
            },
            sentence: "Taken in the calendar of Dr. Anna Chen, 12:00–12:45: Lunch.".to_owned(),
        },
        Obstacle {
            why: Why::Past,
            sentence: "This time has gone by.".to_owned(),
        },
    ];
    desk
}

#[test]
fn what_is_in_the_way_is_an_answer_and_not_a_failure() {
    let desk = taken();
    let said = say(
        &desk,
        &[
            "why",
            "--doctor",
            "chen",
            "--start",
            "2026-11-24T12:00",
            "--service",
            "check",
            "--json",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        said.json(),
        serde_json::json!({
            "free": false,
            "reasons": [
                {
                    "kind": "event",
                    "sentence": "Taken in the calendar of Dr. Anna Chen, 12:00–12:45: Lunch.",
                    "start": "2026-11-24T11:00:00Z",
                    "end": "2026-11-24T11:45:00Z",
                },
                { "kind": "past", "sentence": "This time has gone by.", "start": null, "end": null },
            ],
        })
    );
    let asked = desk.asked.borrow();
    let wanted = Query::Why {
        doctor: CHEN.into(),
        start: at("2026-11-24T11:00:00Z"),
        length: Some(Length::Service(CHECK_UP.into())),
    };
    assert!(asked.contains(&wanted), "{asked:?}");
}

#[test]
fn people_read_one_sentence_a_line_or_that_the_time_is_free() {
    let line = [
        "why",
        "--doctor",
        "chen",
        "--start",
        "2026-11-24T12:00",
        "--minutes",
        "10",
    ];
    insta::assert_snapshot!(say(&taken(), &line).out, @r"
    Dr. Anna Chen, Tue 24 Nov 2026 12:00, 10 minutes, times of Europe/Berlin
    Taken in the calendar of Dr. Anna Chen, 12:00–12:45: Lunch.
    This time has gone by.
    ");
    let free = say(&FakeDesk::new(), &line);
    assert_eq!(free.code, 0);
    assert!(free.out.ends_with("This time is free.\n"), "{}", free.out);
    let json = say(&FakeDesk::new(), &[&line[..], &["--json"]].concat());
    assert_eq!(
        json.json(),
        serde_json::json!({ "free": true, "reasons": [] })
    );
}

#[test]
fn a_time_that_cannot_be_read_is_refused() {
    let said = say(
        &FakeDesk::new(),
        &["why", "--doctor", "chen", "--start", "noon"],
    );
    assert_eq!(said.code, 2);
}
