//! `repair`.

use super::fake::{FakeDesk, VISIT, at, visit};
use super::say;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::flow::operation::Cause;
use crate::port::command::{Command, Outcome, Retried};
use crate::port::query::{RepairAction, RepairItem};

fn broken() -> FakeDesk {
    let mut desk = FakeDesk::new();
    let item = RepairItem {
        appointment: Appointment {
            sync_state: SyncState::NeedsRepair,
            ..visit()
        },
        operation: None,
        state: SyncState::NeedsRepair,
        cause: Some(Cause::MovedInGoogle),
        sentence: "Somebody moved this visit in Google to 11:00.".to_owned(),
        since: at("2026-11-21T08:00:00Z"),
        last_error: None,
        next_try: None,
        google: None,
        former: None,
        title: "Appointment: 李雷 with Dr. Anna Chen".to_owned(),
        actions: vec![RepairAction::AdoptTimes, RepairAction::Cancel],
    };
    let pending = RepairItem {
        operation: Some("booking".to_owned()),
        state: SyncState::SyncPending,
        cause: None,
        sentence: "Google has not answered yet.".to_owned(),
        last_error: Some("Google did not answer (time-out)".to_owned()),
        next_try: Some(at("2026-11-21T09:50:00Z")),
        actions: vec![RepairAction::Retry],
        ..item.clone()
    };
    desk.repairs = vec![item, pending];
    desk
}

#[test]
fn what_is_not_in_step_is_listed_with_why_and_what_can_be_done() {
    insta::assert_snapshot!(say(&broken(), &["repair", "list"]).out, @r"
    1 pending, 1 to repair, times of Europe/Berlin

    REPAIR  Tue 24 Nov 2026, 10:30-11:00  李雷 with Dr. Anna Chen  a9900000
      Somebody moved this visit in Google to 11:00.
      since Sat 21 Nov 2026, 09:00
      possible: take Google's time, call the visit off

    pending  Tue 24 Nov 2026, 10:30-11:00  李雷 with Dr. Anna Chen  a9900000
      Google has not answered yet.
      since Sat 21 Nov 2026, 09:00
      last error: Google did not answer (time-out)
      next try Sat 21 Nov 2026, 10:50
      possible: try again
    ");
    let list = say(&broken(), &["--json", "repair", "list"]).json();
    assert_eq!(list[0]["appointment_id"], VISIT);
    assert_eq!(list[0]["cause"], "moved_in_google");
    assert_eq!(list[0]["actions"][0], "adopt_times");
    assert_eq!(list[1]["sync_state"], "sync_pending");
    assert_eq!(list[1]["next_try"], "2026-11-21T09:50:00Z");
    let none = say(&FakeDesk::new(), &["repair", "list"]);
    assert_eq!(none.out, "Everything is in step with Google.\n");
}

#[test]
fn one_or_all_are_tried_again() {
    let desk = FakeDesk::new();
    let said = say(&desk, &["--json", "repair", "retry", "a9900000"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(desk.command(), Command::Retry(VISIT.into()));
    assert_eq!(said.json()[0]["message"], "confirmed by Google");
    let desk = FakeDesk::new();
    assert_eq!(say(&desk, &["repair", "retry", "--all"]).code, 0);
    assert_eq!(desk.command(), Command::RetryAll);
    for wrong in [
        vec!["repair", "retry"],
        vec!["repair", "retry", VISIT, "--all"],
    ] {
        assert_eq!(say(&FakeDesk::new(), &wrong).code, 2);
    }
    assert_eq!(
        say(&FakeDesk::new(), &["repair", "retry", "ffffffff"]).code,
        3
    );
}

#[test]
fn a_retry_that_did_not_settle_it_does_not_end_well() {
    for (status, sync_state, code) in [
        (Status::Pending, SyncState::SyncPending, 6),
        (Status::Confirmed, SyncState::NeedsRepair, 5),
        (Status::Refused, SyncState::Synced, 4),
        (Status::Confirmed, SyncState::Synced, 0),
    ] {
        let desk = FakeDesk::ending(Ok(Outcome::Retried(vec![Retried {
            appointment: Appointment {
                status,
                sync_state,
                ..visit()
            },
            message: "as it is".to_owned(),
        }])));
        let said = say(&desk, &["repair", "retry", "--all"]);
        assert_eq!(said.code, code);
        assert!(said.out.contains("as it is"));
    }
}
