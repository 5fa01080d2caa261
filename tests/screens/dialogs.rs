//! The dialogs, as somebody at the desk would tell it.

use super::clinic::{self, at};
use super::robot::{Robot, events, setup};
use frontdesk::app::screen::Context;
use frontdesk::app::state::Palette;
use frontdesk::app::{Effect, Msg};
use frontdesk::domain::id::AuditId;
use frontdesk::port::command::{Code, Command, Outcome, Refusal};
use frontdesk::port::report::Progress;
use frontdesk::ui::keymap;

const ALL: [Context; 19] = [
    Context::Rescheduling,
    Context::Grid,
    Context::Placing,
    Context::Reschedule,
    Context::UnreadMove,
    Context::Doctors,
    Context::Month,
    Context::Detail,
    Context::GoTo,
    Context::CommandLine,
    Context::Help,
    Context::Cancel,
    Context::Undo,
    Context::Copied,
    Context::Unread,
    Context::Quitting,
    Context::Booking,
    Context::Repair,
    Context::Find,
];

#[test]
fn every_key_in_the_help_works_and_says_what_it_does() {
    for context in ALL {
        for binding in keymap::tables(context)
            .iter()
            .flat_map(|table| table.iter())
        {
            assert!(!binding.words().is_empty(), "{context:?} {binding:?}");
            for key in binding.keys {
                let meant = keymap::lookup(context, *key);
                assert_eq!(meant, Some(&binding.action), "{context:?} {}", key.label());
            }
        }
    }
}

#[test]
fn no_letter_is_a_command_where_letters_are_text() {
    for context in ALL.into_iter().filter(|context| context.types()) {
        for letter in (' '..='~').chain(['ä', '李']) {
            let meant = keymap::lookup(context, keymap::key(letter));
            assert_eq!(meant, None, "{context:?} {letter}");
        }
    }
}

#[test]
fn the_help_shows_every_key_of_the_desk_when_it_is_scrolled_through() {
    let mut robot = Robot::at(80, 24);
    robot.press("?");
    let mut seen = String::new();
    for _ in 0..12 {
        seen.push_str(&robot.screen());
        robot.press("<PageDown>");
    }
    for words in [
        "Desk: grid",
        "next free slot of any doctor",
        "Leaving",
        "stay",
    ] {
        assert!(seen.contains(words), "{words}");
    }
    robot.press("<Home>");
    assert!(robot.sees("Desk: grid"));
    robot.press("<Esc>");
    assert_eq!(robot.state.context(), Context::Grid);
}

#[test]
fn escape_and_ctrl_c_never_leave() {
    let mut robot = Robot::at(80, 24);
    robot.press("<Esc><C-c><Esc><C-c>");
    robot.press("g<C-c>:<Esc>?<C-c>d<Esc>u<C-c>c<Esc>/<C-c>!<Esc>");
    assert!(!robot.quits());
    assert_eq!(robot.state.context(), Context::Grid);
    robot.press("q");
    assert!(robot.quits());
}

#[test]
fn a_visit_is_called_off_with_a_reason_and_every_step_is_seen() {
    let mut robot = Robot::at(160, 48);
    robot.press("d");
    assert!(robot.sees("Jan de Vries with Dr Chen, today, 10:30"));
    robot.press("<Enter>");
    assert!(robot.sees("Say why") && robot.acts.is_empty());
    robot.press("has a fever<Enter><Enter>");
    let [(ticket, Command::Cancel { reason, .. })] = &robot.acts[..] else {
        panic!("{:?}", robot.acts);
    };
    assert_eq!(reason, "has a fever");
    let ticket = *ticket;
    robot.progress(ticket, Progress::Recorded);
    assert!(robot.sees("Recorded; asking Google."));
    let visit = clinic::appointment(0, 3, at("2026-11-24T10:30"), 45);
    robot.done(ticket, Ok(Outcome::Cancelled(visit)));
    assert!(robot.sees("Called off: Jan de Vries with Dr Chen, today, 10:30."));
    assert_eq!(robot.state.context(), Context::Grid);
}

#[test]
fn a_refused_cancellation_keeps_the_reason_that_was_typed() {
    let mut robot = Robot::at(160, 48);
    robot.press("dhas a fever<Enter>");
    let (ticket, _) = robot.acts[0].clone();
    let refusal = Refusal::new(Code::Rule, "Another change of this visit is under way.");
    robot.done(ticket, Err(refusal));
    assert!(robot.sees("Another change of this visit is under way."));
    assert!(robot.sees("has a fever"));
    robot.press("<Enter>");
    assert_eq!(robot.acts.len(), 2);
}

#[test]
fn the_end_of_an_act_is_said_even_if_its_dialog_was_closed() {
    let mut robot = Robot::at(160, 48);
    robot.press("dfever<Enter><Esc>");
    let (ticket, _) = robot.acts[0].clone();
    let visit = clinic::appointment(0, 3, at("2026-11-24T10:30"), 45);
    robot.done(ticket, Ok(Outcome::CancelledProvisionally(visit)));
    assert!(robot.sees("Google has not removed it yet"));
}

#[test]
fn undo_says_what_it_undoes_before_it_does() {
    let mut robot = Robot::at(160, 48);
    robot.press("u");
    assert!(robot.sees("booked Maria Silva Souza with Dr Chen, today, 11:00"));
    assert!(robot.acts.is_empty());
    robot.press("<Enter>");
    assert!(matches!(&robot.acts[..], [(_, Command::Undo(AuditId(7)))]));
}

#[test]
fn the_confirmation_is_copied_and_shown_with_nothing_beside_it() {
    let mut robot = Robot::at(80, 24);
    robot.press("c");
    let text = "Tue 24 Nov 2026, 10:30, Dr Chen, Follow-up, Jan de Vries, Riverside Clinic";
    assert!(robot.effects.contains(&Effect::Copy(text.to_owned())));
    let screen = robot.screen();
    assert!(screen.lines().any(|line| line == text), "{screen}");
}

#[test]
fn the_command_line_knows_the_acts_by_name_and_completes_them() {
    let mut robot = Robot::at(80, 24);
    robot.press(":the<Tab>");
    assert!(robot.sees(":theme"));
    robot.press("lig<Enter>");
    assert_eq!(robot.state.palette, Palette::Light);
    robot.press(":gto<Enter>");
    assert!(robot.sees("Did you mean goto?"));
    robot.press("<Esc>:doctor jo<Tab><Enter>");
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(1)));
    robot.press(":doctor dr<Enter>");
    assert!(robot.sees("Several could be meant"));
    robot.press("<Esc>:refresh<Enter>");
    assert!(matches!(&robot.acts[..], [(_, Command::Refresh(_))]));
    robot.press(":help<Enter>");
    assert_eq!(robot.state.context(), Context::Help);
    robot.press("q:quit<Enter>");
    assert!(robot.quits());
}

#[test]
fn leaving_waits_for_what_is_still_being_sent_and_can_be_taken_back() {
    let mut robot = Robot::at(80, 24);
    robot.press("dfever<Enter><Esc>q");
    assert!(!robot.quits());
    assert!(robot.sees("0 of 1"));
    robot.press("<Esc>q");
    let (ticket, _) = robot.acts[0].clone();
    let visit = clinic::appointment(0, 3, at("2026-11-24T10:30"), 45);
    robot.done(ticket, Ok(Outcome::Cancelled(visit)));
    assert!(robot.quits());
}

#[test]
fn a_second_q_leaves_without_waiting() {
    let mut robot = Robot::at(80, 24);
    robot.press("dfever<Enter><Esc>qq");
    assert!(robot.quits());
}

#[test]
fn a_paste_of_megabytes_is_cut_to_what_a_field_holds() {
    let mut robot = Robot::at(80, 24);
    robot.press("d");
    robot.tell(Msg::Paste("\u{1b}[31mx\n".repeat(1_000_000)));
    robot.press("<Enter>");
    let [(_, Command::Cancel { reason, .. })] = &robot.acts[..] else {
        panic!("{:?}", robot.acts.len());
    };
    assert!(reason.chars().count() <= 2_000 && !reason.contains('\u{1b}'));
}

#[test]
fn letters_made_with_altgr_are_letters() {
    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
    let robot = Robot::at(80, 24);
    let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
    let altgr = Event::Key(KeyEvent::new(KeyCode::Char(']'), held));
    let plain = events("]").remove(0);
    assert_eq!(
        keymap::translate(&robot.state, &altgr),
        keymap::translate(&robot.state, &plain)
    );
}

#[test]
fn messages_can_be_recorded_and_played_back() {
    let messages = vec![
        Msg::Action(frontdesk::app::Action::SelectSlot(
            clinic::id(1),
            clinic::now(),
        )),
        Msg::Resize {
            width: 80,
            height: 24,
        },
        Msg::Tick(clinic::now()),
        Msg::Paste("x".to_owned()),
    ];
    let text = serde_json::to_string(&messages).unwrap();
    let again: Vec<Msg> = serde_json::from_str(&text).unwrap();
    assert_eq!(again, messages);
    let mut robot = Robot::with(setup((160, 48)), 6);
    for msg in again {
        robot.tell(msg);
    }
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(1)));
}
