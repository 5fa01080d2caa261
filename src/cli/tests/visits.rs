//! `show`, `agenda`, `cancel`.

use super::fake::{FakeDesk, VISIT, visit};
use super::say;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::port::command::{Command, Outcome};
use crate::port::query::Query;

#[test]
fn an_appointment_is_one_object_with_exactly_these_keys_everywhere() {
    let expected = serde_json::json!({
        "appointment_id": VISIT,
        "status": "confirmed",
        "sync_state": "synced",
        "google_calendar_id": "chen@elm.example",
        "google_event_id": "ev1",
        "doctor_id": super::fake::CHEN,
        "doctor_name": "Dr. Anna Chen",
        "customer_id": super::fake::LI,
        "customer_name": "李雷",
        "service_id": super::fake::CHECK_UP,
        "start": "2026-11-24T09:30:00Z",
        "end": "2026-11-24T10:00:00Z",
        "blocked_start": "2026-11-24T09:25:00Z",
        "blocked_end": "2026-11-24T10:10:00Z",
        "source": "desk",
        "cancelled_at": null,
        "cancellation_reason": null,
    });
    let desk = FakeDesk::new();
    let shown = say(&desk, &["show", VISIT, "--json"]);
    assert_eq!(shown.json(), expected);
    assert_eq!(shown.out.lines().count(), 1);
    let agenda = say(&desk, &["--json", "agenda"]);
    assert_eq!(agenda.json(), serde_json::json!([expected]));
    let cancelled = say(&desk, &["--json", "cancel", VISIT, "--reason", "ill"]).json();
    let mut expected = expected;
    expected["status"] = "cancelled".into();
    expected["cancelled_at"] = "2026-11-21T09:49:00Z".into();
    expected["cancellation_reason"] = "ill".into();
    assert_eq!(cancelled, expected);
}

#[test]
fn an_appointment_is_shown_in_full() {
    let said = say(&FakeDesk::new(), &["show", "A9900000"]);
    assert_eq!(said.code, 0, "{}", said.err);
    insta::assert_snapshot!(said.out, @r"
    Tue 24 Nov 2026, 10:30-11:00 (Europe/Berlin)
    confirmed
      customer  李雷, born 1991-01-30
      doctor    Dr. Anna Chen
      service   Check-up
      reason    a cough
      blocked   10:25-11:10
      calendar  chen@elm.example
      event     ev1
      id        a9900000-1111-4000-8000-000000000001
    Fri 20 Nov 2026, 09:00  Ada: booked
    ");
}

#[test]
fn an_id_that_is_not_there_or_too_short_is_not_found() {
    let desk = FakeDesk::new();
    for id in [
        "nope",
        "a990",
        "ffffffff-0000",
        "",
        "\u{1b}[31m\u{202e}xxxxxxxx",
    ] {
        for line in [
            vec!["--json", "show", id],
            vec!["--json", "cancel", id, "--reason", "x"],
        ] {
            let said = say(&desk, &line);
            assert_eq!(said.code, 3, "{id}: {}", said.err);
            assert_eq!(said.error()["code"], "not_found");
            assert!(!said.err.contains('\u{202e}') && !said.err.contains('\u{1b}'));
        }
    }
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn the_agenda_is_of_today_and_of_every_doctor_unless_said_otherwise() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["agenda"]);
    insta::assert_snapshot!(said.out, @r"
    Sat 21 Nov 2026, Europe/Berlin
    10:30-11:00  李雷  Dr. Anna Chen  Check-up  confirmed  a9900000
    ");
    // one question: no doctor was named, so nobody is looked up
    assert_eq!(
        *desk.asked.borrow(),
        [Query::Agenda {
            doctor: None,
            date: "2026-11-21".parse().unwrap()
        }]
    );
    let desk = FakeDesk::new();
    say(&desk, &["agenda", "--doctor", "okafor", "--date", "mon"]);
    assert_eq!(
        desk.asked.borrow().last(),
        Some(&Query::Agenda {
            doctor: Some(super::fake::OKAFOR.into()),
            date: "2026-11-23".parse().unwrap()
        })
    );
    assert_eq!(say(&desk, &["agenda", "--date", "-1"]).code, 0);
    let said = say(&desk, &["--json", "agenda", "--date", "2026-02-30"]);
    assert_eq!(said.code, 2);
    assert!(
        said.error()["message"]
            .as_str()
            .unwrap()
            .contains("is not a date")
    );
}

#[test]
fn an_empty_day_says_so_and_is_an_empty_array() {
    let mut desk = FakeDesk::new();
    desk.visits.clear();
    assert!(say(&desk, &["agenda"]).out.ends_with("No visits.\n"));
    assert_eq!(say(&desk, &["--json", "agenda"]).out, "[]\n");
}

#[test]
fn what_is_not_as_it_should_be_is_told_apart_in_the_agenda() {
    let mut desk = FakeDesk::new();
    let stand = |status, sync_state| Appointment {
        status,
        sync_state,
        ..visit()
    };
    desk.visits = vec![
        stand(Status::Pending, SyncState::SyncPending),
        stand(Status::Confirmed, SyncState::NeedsRepair),
        stand(Status::Cancelled, SyncState::SyncPending),
    ];
    let out = say(&desk, &["agenda"]).out;
    for words in [
        "not confirmed",
        "needs repair",
        "cancelled, still in Google",
    ] {
        assert!(out.contains(words), "{out}");
    }
}

#[test]
fn a_visit_is_called_off_by_the_beginning_of_its_id_with_a_reason() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["cancel", "a9900000", "--reason", " is  ill "]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("Cancelled: 李雷 with Dr. Anna Chen\n"));
    assert_eq!(
        desk.command(),
        Command::Cancel {
            appointment: VISIT.into(),
            reason: "is ill".to_owned()
        }
    );
    let desk = FakeDesk::new();
    assert_eq!(say(&desk, &["cancel", VISIT, "--reason", " \t"]).code, 2);
    assert_eq!(say(&desk, &["cancel", VISIT]).code, 2);
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn a_cancellation_that_google_has_not_heard_of_is_said_so() {
    let open = Appointment {
        status: Status::Cancelled,
        sync_state: SyncState::SyncPending,
        ..visit()
    };
    let desk = FakeDesk::ending(Ok(Outcome::CancelledProvisionally(open)));
    let said = say(&desk, &["cancel", VISIT, "--reason", "ill"]);
    assert_eq!(said.code, 6);
    assert!(said.out.contains("NOT yet in Google"));
    assert!(said.err.contains("still stands in the calendar"));
}
