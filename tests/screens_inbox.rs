//! The inbox from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

// each test program uses its own part of what these can
#[allow(dead_code)]
#[path = "screens/clinic.rs"]
mod clinic;
#[allow(dead_code)]
#[path = "dialogs/desk.rs"]
mod desk;
#[allow(dead_code)]
#[path = "screens/robot.rs"]
mod robot;

use clinic::{World, at, id};
use desk::Desk;
use frontdesk::app::Msg;
use frontdesk::app::screen::Dialog;
use frontdesk::domain::id::NoticeNo;
use frontdesk::domain::policy::Role;
use frontdesk::domain::time::Moment;
use frontdesk::port::command::{Code, Command, Outcome, Refusal};
use frontdesk::port::notices::{Notice, NoticeKind, ReadWhich};
use frontdesk::port::report::Report;
use frontdesk::ui::keymap;
use proptest::prelude::*;

fn notice(number: i64, when: &str, kind: NoticeKind, sentence: &str) -> Notice {
    Notice {
        number: NoticeNo(number),
        at: at(when),
        kind,
        sentence: sentence.to_owned(),
        doctor: None,
        appointment: None,
        calendar: None,
        read: false,
    }
}

/// A visit of Dr Johnson's on another day than the desk shows.
fn far() -> (String, Moment) {
    let visits = World::visits(1, clinic::today() + chrono::Duration::days(2));
    (
        visits[0].appointment_id.to_string(),
        visits[0].visit.start(),
    )
}

fn told() -> Vec<Notice> {
    vec![
        Notice {
            appointment: Some(far().0.as_str().into()),
            doctor: Some(id(1)),
            ..notice(
                9,
                "2026-11-24T10:31",
                NoticeKind::BookingEnded,
                "Jan de Vries's visit with Dr Johnson on Thu 26 Nov at 09:00 is confirmed now.",
            )
        },
        Notice {
            appointment: Some("repair-2".into()),
            doctor: Some(id(1)),
            ..notice(
                8,
                "2026-11-24T08:05",
                NoticeKind::MovedInGoogle,
                "Bo Lindqvist's visit with Dr Johnson on Wed 25 Nov at 09:00: Somebody moved its event in \
                 Google Calendar to Wed 25 Nov 16:00.",
            )
        },
        Notice {
            calendar: Some("doctor-2@example.com".into()),
            read: true,
            ..notice(
                5,
                "2026-11-23T16:02",
                NoticeKind::SyncDelayed,
                "Dr Khan's calendar could not be read since Mon 23 Nov at 15:30: it is not shared with the \
                 desk any more.",
            )
        },
        Notice {
            read: true,
            ..notice(
                2,
                "2025-12-23T11:40",
                NoticeKind::QuotaNearlyUsed,
                "The account has used 540 of its 600 requests of this minute.",
            )
        },
    ]
}

fn desk(width: u16, height: u16) -> Desk {
    let mut desk = Desk::at(width, height);
    desk.notices = told();
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk
}

fn inbox(width: u16, height: u16) -> Desk {
    let mut desk = desk(width, height);
    desk.press("i");
    desk
}

fn commands(desk: &Desk) -> Vec<Command> {
    desk.robot.acts.iter().map(|(_, c)| c.clone()).collect()
}

fn these(number: i64) -> Command {
    Command::ReadNotices(ReadWhich::These(vec![NoticeNo(number)]))
}

/// The selected notice.
fn selected(desk: &Desk) -> NoticeNo {
    match desk.robot.state.dialogs.last() {
        Some(Dialog::Inbox(inbox)) => inbox.selected().unwrap().number,
        other => panic!("the inbox is open, not {other:?}"),
    }
}

#[test]
fn the_inbox_as_it_looks() {
    for (size, (width, height)) in [("small", (80, 24)), ("wide", (160, 48))] {
        let mut desk = desk(width, height);
        insta::assert_snapshot!(format!("unread_{size}"), desk.screen());
        desk.press("i");
        insta::assert_snapshot!(format!("inbox_{size}"), desk.screen());
        desk.press("<Down>");
        desk.robot.state.ascii = true;
        insta::assert_snapshot!(format!("inbox_ascii_{size}"), desk.screen());
    }
}

#[test]
fn an_empty_inbox_says_what_will_stand_there() {
    let mut desk = Desk::at(80, 24);
    desk.press("i");
    desk.sees("Nothing has come in.");
    desk.press("<Enter>r a<Down><End>");
    assert!(desk.robot.acts.is_empty());
    desk.press("<Esc>");
    assert!(desk.robot.state.dialogs.is_empty());
}

#[test]
fn the_line_at_the_top_counts_what_is_unread_and_is_silent_about_nothing() {
    let mut desk = desk(160, 48);
    desk.sees("✉ 2 unread");
    desk.sees("i inbox");
    desk.notices.clear();
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.misses("unread");
    desk.misses("i inbox");
}

#[test]
fn unread_has_a_shape_and_read_has_none() {
    let mut desk = inbox(80, 24);
    let screen = desk.screen();
    let marked = |words: &str| {
        let line = screen.lines().find(|line| line.contains(words)).unwrap();
        line.contains('✉')
    };
    assert!(marked("today, 10:31"));
    assert!(marked("today, 08:05"));
    assert!(!marked("yesterday, 16:02"));
    assert!(!marked("Tue 23 Dec 2025, 11:40"));
}

#[test]
fn reading_marks_one_and_goes_on_to_the_next() {
    let mut desk = inbox(80, 24);
    desk.press("r ");
    assert_eq!(commands(&desk), [these(9), these(8)]);
    desk.sees("all read");
    assert_eq!(selected(&desk), NoticeNo(5));
    // what was read before is not written down again
    desk.press("r");
    assert_eq!(desk.robot.acts.len(), 2);
    for place in 0..2 {
        desk.notices[place].read = true;
        let (ticket, _) = desk.robot.acts[place].clone();
        desk.done(ticket, Ok(Outcome::NoticesRead(1)));
    }
    desk.misses("marked as read");
    desk.misses("✉");
}

#[test]
fn all_are_read_up_to_the_newest_that_is_in_view() {
    let mut desk = inbox(80, 24);
    desk.press("a");
    assert_eq!(
        commands(&desk),
        [Command::ReadNotices(ReadWhich::Until(NoticeNo(9)))]
    );
    desk.sees("Inbox: all read");
}

#[test]
fn a_mark_that_could_not_be_written_is_taken_back_and_said() {
    let mut desk = inbox(80, 24);
    desk.press("r");
    desk.sees("Inbox: 1 unread");
    let (ticket, _) = desk.robot.acts[0].clone();
    let refusal = Refusal::new(Code::Internal, "The disk is full: nothing was recorded.");
    desk.done(ticket, Err(refusal));
    desk.sees("The disk is full");
    desk.press("<Down>");
    desk.sees("Inbox: 2 unread");
}

#[test]
fn enter_goes_to_the_visit_on_its_day_and_counts_as_reading() {
    let mut desk = inbox(160, 48);
    desk.press("<Enter>");
    assert!(desk.robot.state.dialogs.is_empty());
    let visit = desk.robot.state.selected_visit().unwrap();
    let (wanted, start) = far();
    assert_eq!(visit.appointment_id.as_str(), wanted);
    assert_eq!(visit.visit.start(), start);
    assert_eq!(commands(&desk), [these(9)]);
    let (ticket, _) = desk.robot.acts[0].clone();
    desk.done(ticket, Ok(Outcome::NoticesRead(1)));
    assert!(
        desk.robot.state.notices.is_empty(),
        "nobody asked for a word"
    );
}

#[test]
fn enter_opens_repair_at_what_a_person_must_choose_about() {
    let mut desk = inbox(160, 48);
    desk.press("<Down><Enter>");
    let Some(Dialog::Repair(pane)) = desk.robot.state.dialogs.last() else {
        panic!("the repair pane is open");
    };
    let at = &pane.selected().unwrap().appointment.appointment_id;
    assert_eq!(at.as_str(), "repair-2");
    assert!(pane.card.is_some(), "with its history");
    desk.press("<Esc>");
    assert!(desk.robot.state.dialogs.is_empty());
}

#[test]
fn who_may_not_repair_goes_to_the_visit_instead() {
    let mut desk = inbox(160, 48);
    desk.robot.state.actor.role = Role::Doctor;
    desk.press("<Down><Enter>");
    assert!(desk.robot.state.dialogs.is_empty());
    assert_eq!(
        desk.robot.state.desk.date,
        at("2026-11-25T09:00").date_naive()
    );
}

#[test]
fn a_notice_about_a_calendar_goes_to_its_doctor_and_one_about_none_nowhere() {
    let mut desk = inbox(160, 48);
    desk.press("<End><Enter>");
    desk.sees("there is nowhere to go");
    assert_eq!(desk.robot.state.dialogs.len(), 1);
    desk.press("<Up><Enter>");
    assert!(desk.robot.state.dialogs.is_empty());
    assert_eq!(desk.robot.state.desk.doctor, Some(id(2)));
}

#[test]
fn who_goes_on_before_the_visit_is_known_is_not_taken_there() {
    let mut desk = inbox(160, 48);
    desk.slow = true;
    desk.press("<Enter><Down>");
    desk.catch_up();
    assert_eq!(selected(&desk), NoticeNo(8));
    desk.slow = true;
    desk.press("<Up><Enter><Esc>");
    let date = desk.robot.state.desk.date;
    desk.catch_up();
    assert_eq!(desk.robot.state.desk.date, date);
}

#[test]
fn a_visit_that_is_not_known_any_more_is_said_and_the_inbox_stays() {
    let mut desk = inbox(80, 24);
    desk.notices[0].appointment = Some("nobody-knows".into());
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("<Enter>");
    desk.sees("There is no such thing.");
    assert_eq!(desk.robot.state.dialogs.len(), 1);
}

#[test]
fn the_selection_stays_on_its_notice_when_another_comes_in() {
    let mut desk = inbox(80, 24);
    desk.press("<Down>");
    let new = notice(
        10,
        "2026-11-24T10:42",
        NoticeKind::Conflict,
        "Two at one time.",
    );
    desk.notices.insert(0, new);
    desk.tell(Msg::Report(Report::MirrorChanged));
    assert_eq!(selected(&desk), NoticeNo(8));
    desk.sees("Inbox: 3 unread");
}

#[test]
fn the_command_line_opens_it_and_the_help_knows_its_keys() {
    let mut desk = desk(160, 48);
    desk.press(":inbox<Enter>");
    assert_eq!(selected(&desk), NoticeNo(9));
    desk.press("?");
    assert!(matches!(
        desk.robot.state.dialogs.last(),
        Some(Dialog::Help(_))
    ));
    let rows = keymap::help();
    let title = rows
        .iter()
        .any(|row| matches!(row, keymap::HelpRow::Title("Inbox")));
    assert!(title);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_and_no_reports_at_no_size_break_it(
        steps in prop::collection::vec(prop::sample::select(vec![
            "<Enter>", "<Esc>", "<Up>", "<Down>", "<Home>", "<End>", " ", "r", "a", "i", "j", "k", "?", "!",
            "#less", "#more", "#ok", "#bad", "#slow", "#late",
        ]), 0..40),
        width in 1u16..200, height in 1u16..60,
    ) {
        let mut desk = inbox(80, 24);
        desk.tell(Msg::Resize { width, height });
        for step in steps {
            let ticket = desk.robot.acts.last().map_or(1, |(ticket, _)| *ticket);
            match step {
                "#less" => { desk.notices.pop(); desk.tell(Msg::Report(Report::MirrorChanged)); }
                "#more" => {
                    let n = i64::try_from(desk.notices.len()).unwrap() + 20;
                    let new = notice(n, "2026-11-24T10:42", NoticeKind::Conflict, "Two at one time.");
                    desk.notices.insert(0, new);
                    desk.tell(Msg::Report(Report::MirrorChanged));
                }
                "#ok" => desk.done(ticket, Ok(Outcome::NoticesRead(1))),
                "#bad" => desk.done(ticket, Err(Refusal::new(Code::Rule, "No."))),
                "#slow" => desk.slow = true,
                "#late" => desk.catch_up(),
                keys => { desk.press(keys); }
            }
            desk.screen();
        }
    }
}
