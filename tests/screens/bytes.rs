//! What the screens cost: bytes to the terminal and time on the processor.

use super::clinic;
use super::robot::{Robot, setup};
use chrono::Duration;
use frontdesk::app::{Action, Msg};
use frontdesk::port::report::Report;
use frontdesk::ui;
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

#[derive(Clone, Default)]
struct Line(Rc<RefCell<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Screen {
    line: Line,
    terminal: Terminal<CrosstermBackend<Line>>,
}

impl Screen {
    fn of(width: u16, height: u16) -> Self {
        let line = Line::default();
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let backend = CrosstermBackend::new(line.clone());
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        Self { line, terminal }
    }

    /// Draws if there is something to draw; gives the bytes it took.
    fn draw(&mut self, robot: &mut Robot) -> usize {
        self.line.0.borrow_mut().clear();
        if robot.state.wants_frame() {
            self.terminal
                .draw(|frame| ui::draw(frame, &robot.state, &mut robot.view))
                .unwrap();
        }
        self.line.0.borrow().len()
    }
}

/// Bytes that each of the keys takes, one frame a key.
fn cost(robot: &mut Robot, screen: &mut Screen, keys: &[&str]) -> Vec<usize> {
    let one = |key: &&str| {
        robot.press(key);
        screen.draw(robot)
    };
    keys.iter().map(one).collect()
}

fn median(mut bytes: Vec<usize>) -> usize {
    bytes.sort_unstable();
    bytes[bytes.len() / 2]
}

#[test]
fn a_cursor_key_and_a_change_of_day_keep_within_their_bytes() {
    let mut robot = Robot::at(160, 48);
    let mut screen = Screen::of(160, 48);
    assert!(screen.draw(&mut robot) < 40_000);
    robot.press("14f");
    screen.draw(&mut robot);
    // up and down the free afternoon
    robot.press("jjjjjjjjjjjj");
    screen.draw(&mut robot);
    let keys = ["j", "j", "k", "k", "j", "j", "k", "k"];
    let cursor = cost(&mut robot, &mut screen, &keys);
    let average = cursor.iter().sum::<usize>() / cursor.len();
    assert!(average <= 150, "{cursor:?}");
    let days = cost(
        &mut robot,
        &mut screen,
        &["]", "]", "]", "[", "[", "}", "{"],
    );
    assert!(median(days.clone()) <= 6_000, "{days:?}");
    assert!(days.iter().all(|bytes| *bytes <= 6_000), "{days:?}");
}

#[test]
fn a_cursor_key_costs_no_more_while_a_visit_is_being_moved() {
    let mut robot = Robot::at(160, 48);
    let mut screen = Screen::of(160, 48);
    screen.draw(&mut robot);
    // the visit of an hour at 15:00; then up and down the free afternoon
    let there = Action::SelectSlot(clinic::id(0), clinic::at("2026-11-24T15:00"));
    robot.tell(Msg::Action(there));
    assert!(robot.state.selected_visit().is_some());
    robot.press("m").press(&"k".repeat(4));
    assert!(robot.sees("14:00–15:00 fits"), "{}", robot.screen());
    screen.draw(&mut robot);
    let keys = ["k", "k", "j", "j"];
    let cursor = cost(&mut robot, &mut screen, &keys);
    assert!(robot.sees("14:00–15:00 fits"), "{}", robot.screen());
    println!("bytes of a cursor key while moving: {cursor:?}");
    let average = cursor.iter().sum::<usize>() / cursor.len();
    assert!(average <= 150, "{cursor:?}");
}

#[test]
fn an_idle_screen_writes_nothing_between_minutes() {
    let mut robot = Robot::at(160, 48);
    let mut screen = Screen::of(160, 48);
    screen.draw(&mut robot);
    for second in 1..18 {
        let now = clinic::now() + Duration::seconds(second * 3);
        robot.tell(Msg::Tick(now));
        robot.tell(Msg::Report(Report::Link {
            at: now,
            error: None,
        }));
        // what was read anew and is the same
        robot.tell(Msg::Report(Report::MirrorChanged));
        assert_eq!(screen.draw(&mut robot), 0, "after {second} s");
    }
    robot.tell(Msg::Tick(clinic::now() + Duration::seconds(60)));
    let minute = screen.draw(&mut robot);
    assert!((1..400).contains(&minute), "{minute}");
}

#[test]
fn twenty_keys_in_one_write_are_one_frame() {
    let mut robot = Robot::at(160, 48);
    let mut screen = Screen::of(160, 48);
    screen.draw(&mut robot);
    robot.press(&"]".repeat(20));
    assert!(screen.draw(&mut robot) > 0);
    assert_eq!(screen.draw(&mut robot), 0);
}

#[test]
fn drawing_looks_at_what_is_visible_only() {
    let mut few = Robot::with(setup((160, 48)), 6);
    let mut many = Robot::with(setup((160, 48)), 400);
    let time = |robot: &mut Robot| {
        let mut terminal = Terminal::new(TestBackend::new(160, 48)).unwrap();
        let mut best = std::time::Duration::MAX;
        for _ in 0..20 {
            let start = std::time::Instant::now();
            terminal
                .draw(|frame| ui::draw(frame, &robot.state, &mut robot.view))
                .unwrap();
            best = best.min(start.elapsed());
        }
        best
    };
    let (few, many) = (time(&mut few), time(&mut many));
    println!("drawing 160x48: {few:?}, with 400 doctors {many:?}");
    assert!(many < few * 3, "{few:?} {many:?}");
}
