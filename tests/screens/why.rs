//! What the panel says of a place that cannot be booked, at once and without another question; and what the cells
//! of the grid say of it.

use super::clinic::{self, World, at, id};
use super::robot::Robot;
use frontdesk::app::action::Action;
use frontdesk::app::{Effect, Msg};
use frontdesk::domain::blocks::Reason;
use frontdesk::domain::service::Buffers;
use frontdesk::domain::time::{Interval, Moment, day};
use frontdesk::domain::why::{CalendarEntry, Held};
use frontdesk::port::query::{Answer, Reading, Sheet};
use frontdesk::port::report::{Report, Topic};

fn today(time: &str) -> Moment {
    at(&format!("2026-11-24T{time}"))
}

fn span(from: &str, to: &str) -> Interval {
    Interval::new(today(from), today(to)).unwrap()
}

fn entry(reason: Option<Reason>, title: &str, time: Interval) -> CalendarEntry {
    CalendarEntry {
        time,
        all_day: time.minutes() >= 1440,
        reason,
        title: title.to_owned(),
    }
}

/// Dr Johnson's day with everything in it that can be in the way.
fn full(sheet: &mut Sheet) {
    let all = [
        (Some(Reason::Private), "Lunch", span("13:00", "13:45")),
        (Some(Reason::Private), "", span("13:45", "14:15")),
        (Some(Reason::OutOfOffice), "", span("14:15", "15:00")),
        (Some(Reason::FocusTime), "Letters", span("15:00", "15:30")),
        (None, "Congress", day(clinic::ZONE, clinic::today())),
    ];
    sheet.busy = vec![
        span("08:00", "09:00"),
        span("13:00", "15:30"),
        span("16:00", "16:30"),
    ];
    sheet.events = all
        .map(|(reason, title, time)| entry(reason, title, time))
        .to_vec();
    sheet.events.sort_by_key(|entry| entry.time);
    sheet.visits[2].buffers = Buffers::new(0, 15).unwrap();
    sheet.held = vec![Held {
        appointment_id: "moved".into(),
        customer_name: "Abel Nwosu".to_owned(),
        time: span("16:00", "16:30"),
        buffers: Buffers::NONE,
    }];
}

/// Away all day, at a congress of three days.
fn away(sheet: &mut Sheet) {
    let whole = day(clinic::ZONE, clinic::today());
    let days = Interval::new(whole.start(), whole.end() + chrono::Duration::days(2)).unwrap();
    sheet.busy = vec![whole];
    sheet.visits.clear();
    sheet.events = vec![entry(Some(Reason::AllDay), "Congress", days)];
}

/// A desk that has heard another day of Dr Johnson.
fn desk(size: (u16, u16), change: fn(&mut Sheet)) -> Robot {
    let mut robot = Robot::at(size.0, size.1);
    robot.answers = false;
    robot.tell(Msg::Report(Report::MirrorChanged));
    let asked = robot.effects.iter().rev().find_map(|effect| match effect {
        Effect::Ask {
            topic: Topic::Sheets,
            question,
            query,
        } => Some((*question, query.clone())),
        _ => None,
    });
    let (question, query) = asked.unwrap();
    let Some(Answer::Sheets(mut sheets)) = robot.world.answer(&query) else {
        panic!("sheets")
    };
    for sheet in &mut sheets {
        if sheet.doctor_id == id(1) && sheet.date == clinic::today() {
            change(sheet);
        }
    }
    robot.tell(Msg::Report(Report::Answered {
        topic: Topic::Sheets,
        question,
        answer: Ok(Box::new(Answer::Sheets(sheets))),
    }));
    robot
}

fn select(robot: &mut Robot, doctor: usize, time: &str) {
    robot.tell(Msg::Action(Action::SelectSlot(id(doctor), today(time))));
}

/// What the panel or the strip says, without the figures of the day under it.
fn panel(robot: &mut Robot) -> String {
    let screen = robot.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let text: Vec<String> = if robot.state.size.0 == 160 {
        let inside = lines.iter().skip(2).map(|line| {
            let cells: String = line.chars().rev().take(35).collect();
            let cells: String = cells.chars().rev().collect();
            cells.trim_matches(['│', ' ']).to_owned()
        });
        inside.take_while(|line| !line.is_empty()).collect()
    } else {
        let last = lines.len() - 1;
        lines[last - 3..last]
            .iter()
            .map(|line| line.trim().to_owned())
            .collect()
    };
    text.join("\n").trim_end().to_owned()
}

const PLACES: [(&str, usize, &str); 11] = [
    ("outside hours", 1, "12:15"),
    ("a day without hours left", 1, "18:00"),
    ("a buffer", 1, "11:30"),
    ("a private entry with its title", 1, "13:15"),
    ("a private entry without title", 1, "13:45"),
    ("out of office", 1, "14:15"),
    ("focus time", 1, "15:00"),
    ("being moved there", 1, "16:00"),
    ("gone by", 1, "09:30"),
    ("free", 1, "15:30"),
    ("unknown calendar", 2, "14:00"),
];

#[test]
fn the_panel_says_at_once_why_a_place_cannot_be_booked() {
    for size in [(160, 48), (80, 24)] {
        let mut said = Vec::new();
        for (what, doctor, time) in PLACES {
            let mut robot = desk(size, full);
            select(&mut robot, doctor, time);
            said.push(format!("== {what}, {time}\n{}", panel(&mut robot)));
        }
        let mut robot = desk(size, away);
        select(&mut robot, 1, "10:45");
        said.push(format!("== away all day, 10:45\n{}", panel(&mut robot)));
        let mut robot = desk(size, full);
        select(&mut robot, 1, "11:00");
        said.push(format!("== a visit, 11:00\n{}", panel(&mut robot)));
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("why_panel_{}x{}", size.0, size.1), said.join("\n\n"));
        });
    }
}

#[test]
fn cells_say_what_takes_the_time_where_there_is_room() {
    for (width, height) in [(160, 48), (80, 24)] {
        let mut robot = desk((width, height), full);
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("why_cells_{width}x{height}"), robot.screen());
        });
    }
}

#[test]
fn enter_on_such_a_place_says_the_same_words() {
    for (what, doctor, time) in PLACES {
        if ["free", "unknown calendar", "gone by"].contains(&what) {
            continue;
        }
        let mut robot = desk((160, 48), full);
        select(&mut robot, doctor, time);
        let said = frontdesk::app::desk::why(&robot.state);
        assert!(said.len() > 40, "{what}: {said}");
        robot.press("<Enter>");
        let notice = robot.state.notices.last().map(|notice| notice.text.clone());
        assert_eq!(notice, Some(said), "{what}");
        assert!(robot.state.dialogs.is_empty());
    }
}

#[test]
fn a_place_that_is_too_short_says_what_follows() {
    let mut robot = desk((160, 48), full);
    select(&mut robot, 1, "12:55");
    robot.press("---");
    select(&mut robot, 1, "15:55");
    let said = frontdesk::app::desk::why(&robot.state);
    assert_eq!(
        said,
        "Free for 5 min only, until 16:00. A slot of Dr Johnson takes 15 min. The visit of Abel Nwosu is just \
         being moved to 16:00–16:30."
    );
}

#[test]
fn what_is_not_free_in_the_grid_has_its_reason_and_what_is_free_has_none() {
    for time in 0..96 {
        let mut robot = desk((160, 48), full);
        let moment =
            day(clinic::ZONE, clinic::today()).start() + chrono::Duration::minutes(15 * time);
        robot.tell(Msg::Action(Action::SelectSlot(id(1), moment)));
        let free = matches!(
            robot.state.standing(),
            frontdesk::app::grid::Standing::Free(_) | frontdesk::app::grid::Standing::Short(_)
        );
        let said = frontdesk::app::desk::why(&robot.state);
        assert_eq!(free, said.starts_with("Free "), "{moment}: {said}");
        assert!(said.len() > 10, "{moment}: {said}");
    }
    let unread = World::sheet(2, clinic::today());
    assert!(matches!(unread.reading, Reading::Unknown { .. }));
}
