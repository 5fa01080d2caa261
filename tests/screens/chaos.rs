//! Anything at all, in any order, at any size: never a panic, never a cell outside.

use super::clinic;
use super::robot::{Robot, events, setup};
use chrono::Duration;
use frontdesk::app::Msg;
use frontdesk::port::command::{Code, Outcome, Refusal};
use frontdesk::port::report::{Progress, Report};
use frontdesk::ui::keymap;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Resize(u16, u16),
    Click(u16, u16),
    Tick(i64),
    MirrorChanged,
    Link(bool),
    Progress,
    Done(bool),
    Answers(bool),
    Paste(String),
}

fn key() -> impl Strategy<Value = String> {
    let named = [
        "<Enter>",
        "<Esc>",
        "<Tab>",
        "<BackTab>",
        "<Up>",
        "<Down>",
        "<Left>",
        "<Right>",
        "<Home>",
        "<End>",
        "<PageUp>",
        "<PageDown>",
        "<F5>",
        "<Backspace>",
        "<C-c>",
        "<C-w>",
        "<M-1>",
        "<M-3>",
    ];
    let letters = "hjkilfFgdcumRwar[]{}t+-!/:?qpbyn123. äx";
    prop_oneof![
        prop::sample::select(named.to_vec()).prop_map(str::to_owned),
        prop::sample::select(letters.chars().collect::<Vec<_>>()).prop_map(|c| c.to_string()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => key().prop_map(Step::Key),
        2 => (1u16..250, 1u16..60).prop_map(|(w, h)| Step::Resize(w, h)),
        2 => (0u16..260, 0u16..64).prop_map(|(x, y)| Step::Click(x, y)),
        1 => (0i64..200_000).prop_map(Step::Tick),
        1 => Just(Step::MirrorChanged),
        1 => any::<bool>().prop_map(Step::Link),
        2 => Just(Step::Progress),
        2 => any::<bool>().prop_map(Step::Done),
        1 => any::<bool>().prop_map(Step::Answers),
        1 => ".{0,40}".prop_map(Step::Paste),
    ]
}

fn take(robot: &mut Robot, step: Step) {
    match step {
        Step::Key(keys) => {
            for event in events(&keys) {
                if let Some(msg) = keymap::translate(&robot.state, &event) {
                    robot.tell(msg);
                }
            }
        }
        Step::Resize(width, height) => robot.tell(Msg::Resize { width, height }),
        Step::Click(column, row) => robot.tell(Msg::Click { column, row }),
        Step::Tick(seconds) => robot.tell(Msg::Tick(clinic::now() + Duration::seconds(seconds))),
        Step::MirrorChanged => robot.tell(Msg::Report(Report::MirrorChanged)),
        Step::Link(live) => robot.tell(Msg::Report(Report::Link {
            at: clinic::now(),
            error: (!live).then(|| "time-out".to_owned()),
        })),
        Step::Progress => {
            if let Some((ticket, _)) = robot.acts.last() {
                robot.progress(*ticket, Progress::Claimed);
            }
        }
        Step::Done(well) => {
            if let Some((ticket, _)) = robot.acts.pop() {
                let visit = clinic::appointment(0, 0, clinic::now(), 30);
                let refusal = Refusal::new(Code::NoAnswer, "Google did not answer.");
                let result = if well {
                    Ok(Outcome::Booked(visit))
                } else {
                    Err(refusal)
                };
                robot.done(ticket, result);
            }
        }
        Step::Answers(answers) => robot.answers = answers,
        Step::Paste(text) => robot.tell(Msg::Paste(text)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_can_happen_makes_it_panic(
        steps in prop::collection::vec(step(), 1..60),
        doctors in 0usize..9,
        ascii in any::<bool>(),
    ) {
        let mut setup = setup((100, 30));
        setup.ascii = ascii;
        let mut robot = Robot::with(setup, doctors);
        for step in steps {
            take(&mut robot, step);
            robot.screen();
        }
    }
}

#[test]
fn every_size_from_1x1_to_250x60_can_be_drawn_with_every_dialog() {
    let opened = [
        "",
        "g",
        ":",
        "?",
        "d",
        "u",
        "c",
        "/",
        "!",
        "<Tab>",
        "<Tab><Tab>",
        "<Enter>",
        "w",
        "dx<Enter><Esc>q",
    ];
    for keys in opened {
        let mut robot = Robot::at(160, 48);
        robot.press(keys);
        for width in (1..45).chain((45..=250).step_by(41)) {
            for height in (1..14).chain((14..=60).step_by(23)) {
                robot.tell(Msg::Resize { width, height });
                robot.screen();
            }
        }
        // a frame of another size than the state has heard of
        robot.tell(Msg::Resize {
            width: 160,
            height: 48,
        });
        robot.screen_of(20, 5);
        robot.screen_of(200, 60);
    }
}
