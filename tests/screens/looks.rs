//! Each screen as it looks, small and wide.

use super::robot::{Robot, setup};
use frontdesk::port::command::{Code, Outcome, Refusal};
use frontdesk::port::report::Progress;

fn look(name: &str, keys: &str) {
    for (width, height) in [(80, 24), (160, 48)] {
        let mut robot = Robot::at(width, height);
        robot.press(keys);
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), robot.screen());
        });
    }
}

fn snapshot(name: &str, robot: &mut Robot) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, robot.screen());
    });
}

#[test]
fn the_desk_looks_like_this() {
    look("desk", "");
    look("desk_free_slot", "jjj");
    look("desk_unknown", "lljjj");
    look("desk_stale", "llll");
    look("week", "w");
    look("day_off", "]]]]");
}

#[test]
fn the_panes_look_like_this() {
    look("doctors", "<Tab>");
    look("month", "<Tab><Tab>");
    look("visit", "<Enter>");
}

#[test]
fn the_dialogs_look_like_this() {
    look("goto", "gtomorrow");
    look("goto_wrong", "gtomorow");
    look("command_line", ":");
    look("command_line_start", ":re");
    look("help", "?");
    look("cancel", "dhas a fever");
    look("undo", "u");
    look("copied", "c");
    look("unread", ":doctor khan<Enter>]<Home><Enter>");
    look("message", "<Home>jjj<Enter>");
}

#[test]
fn leaving_and_cancelling_look_like_this_while_they_go_on() {
    let mut robot = Robot::at(80, 24);
    robot.press("dhas a fever<Enter>");
    let (ticket, _) = robot.acts[0].clone();
    robot.progress(ticket, Progress::Removing);
    snapshot("cancel_running_80x24", &mut robot);
    robot.press("<Esc>q");
    snapshot("leaving_80x24", &mut robot);
    let refusal = Refusal::new(
        Code::NoAnswer,
        "Google did not answer. The visit is called off here and the desk goes on trying to remove it \
         from the calendar; nothing more is to be done.",
    );
    robot.press("<Esc>");
    robot.done(ticket, Err(refusal));
    snapshot("bad_news_80x24", &mut robot);
    robot.press("R");
    let (ticket, _) = robot.acts[1].clone();
    robot.done(
        ticket,
        Ok(Outcome::Refreshed {
            live: 6,
            unknown: vec![],
        }),
    );
    snapshot("good_news_80x24", &mut robot);
}

#[test]
fn ascii_and_tiny_screens_look_like_this() {
    let mut ascii = setup((160, 48));
    ascii.ascii = true;
    let mut robot = Robot::with(ascii, 6);
    snapshot("desk_ascii_160x48", &mut robot);
    for (width, height) in [(38, 10), (20, 5), (3, 2), (60, 14), (250, 60)] {
        let mut robot = Robot::at(width, height);
        snapshot(&format!("desk_{width}x{height}"), &mut robot);
    }
}
