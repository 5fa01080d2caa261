//! `notices`.

use super::fake::{CHEN, FakeDesk, VISIT, at};
use super::say;
use crate::domain::id::NoticeNo;
use crate::port::command::Command;
use crate::port::notices::{Notice, NoticeKind, ReadWhich};

fn told() -> FakeDesk {
    let mut desk = FakeDesk::new();
    let ended = Notice {
        number: NoticeNo(7),
        at: at("2026-11-21T09:31:00Z"),
        kind: NoticeKind::BookingEnded,
        sentence: "李雷's visit with Dr. Anna Chen on Tue 24 Nov at 10:30 is confirmed now."
            .to_owned(),
        doctor: Some(CHEN.into()),
        appointment: Some(VISIT.into()),
        calendar: Some("chen@elm.example".into()),
        read: false,
    };
    let delayed = Notice {
        number: NoticeNo(3),
        at: at("2026-11-20T15:02:00Z"),
        kind: NoticeKind::SyncDelayed,
        sentence: "Dr. Anna Chen's calendar could not be read since 15:30.".to_owned(),
        appointment: None,
        read: true,
        ..ended.clone()
    };
    desk.notices = vec![ended, delayed];
    desk
}

#[test]
fn what_is_unread_is_listed_and_with_all_what_was_read_as_well() {
    insta::assert_snapshot!(say(&told(), &["notices", "list"]).out, @r"
    1 unread, times of Europe/Berlin

    NEW   Sat 21 Nov 2026, 10:31  no. 7
      李雷's visit with Dr. Anna Chen on Tue 24 Nov at 10:30 is confirmed now.
    ");
    insta::assert_snapshot!(say(&told(), &["notices", "list", "--all"]).out, @r"
    1 unread, times of Europe/Berlin

    NEW   Sat 21 Nov 2026, 10:31  no. 7
      李雷's visit with Dr. Anna Chen on Tue 24 Nov at 10:30 is confirmed now.

    read  Fri 20 Nov 2026, 16:02  no. 3
      Dr. Anna Chen's calendar could not be read since 15:30.
    ");
    let none = say(&FakeDesk::new(), &["notices", "list"]);
    assert!(none.out.starts_with("Nothing is unread."), "{}", none.out);
    let none = say(&FakeDesk::new(), &["notices", "list", "--all"]);
    assert_eq!(none.out, "There are no notices.\n");
}

#[test]
fn a_notice_is_one_flat_object() {
    let list = say(&told(), &["--json", "notices", "list", "--all"]).json();
    assert_eq!(
        list[1],
        serde_json::json!({
            "number": 3,
            "at": "2026-11-20T15:02:00Z",
            "kind": "sync_delayed",
            "sentence": "Dr. Anna Chen's calendar could not be read since 15:30.",
            "appointment_id": null,
            "doctor_id": CHEN,
            "calendar": "chen@elm.example",
            "read": true,
        })
    );
    assert_eq!(list[0]["appointment_id"], VISIT);
    let few = say(
        &told(),
        &["--json", "notices", "list", "--all", "--limit", "1"],
    )
    .json();
    assert_eq!(few.as_array().unwrap().len(), 1);
}

#[test]
fn one_or_all_are_marked_as_read() {
    let desk = told();
    let said = say(&desk, &["notices", "read", "7"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "1 notice is marked as read.\n")
    );
    let these = ReadWhich::These(vec![NoticeNo(7)]);
    assert_eq!(desk.command(), Command::ReadNotices(these));
    let desk = told();
    let said = say(&desk, &["--json", "notices", "read", "--all"]).json();
    assert_eq!(said, serde_json::json!({"read": 1}));
    assert_eq!(desk.command(), Command::ReadNotices(ReadWhich::All));
    let none = say(&FakeDesk::new(), &["notices", "read", "--all"]);
    assert_eq!(none.out, "There was nothing unread.\n");
    for wrong in [
        vec!["notices", "read"],
        vec!["notices", "read", "7", "--all"],
        vec!["notices", "read", "0"],
        vec!["notices", "read", "seven"],
    ] {
        let desk = told();
        assert_eq!(say(&desk, &wrong).code, 2, "{wrong:?}");
        assert!(desk.performed.borrow().is_empty());
    }
}
