//! What somebody sees who looks for half a second.

use super::clinic::{self, World, at};
use super::robot::{Robot, setup};
use chrono::Duration;
use frontdesk::app::desk::Pane;
use frontdesk::app::{Msg, State};
use frontdesk::domain::schedule::WeeklyHours;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::port::command::{Code, Outcome, Refusal};
use frontdesk::port::query::{Answer, Overview, Query, Requests};
use frontdesk::port::report::{Report, Topic};
use ratatui::style::Style;

/// Styles of the cells of the last line.
fn last_line(robot: &mut Robot) -> Vec<Style> {
    let (width, height) = robot.state.size;
    let cells = robot.cells(width, height);
    let row = (0..width).map(|x| cells[(x, height - 1)].style());
    row.collect()
}

fn refreshed(robot: &mut Robot, live: usize, unknown: &[(&str, &str)]) {
    robot.press("R");
    let (ticket, _) = robot.acts.pop().unwrap();
    let unknown = unknown
        .iter()
        .map(|(calendar, why)| ((*calendar).into(), (*why).to_owned()));
    let unknown = unknown.collect();
    robot.done(ticket, Ok(Outcome::Refreshed { live, unknown }));
}

#[test]
fn a_message_is_written_in_one_style_and_good_news_in_another_than_bad() {
    let mut robot = Robot::at(80, 24);
    refreshed(&mut robot, 6, &[]);
    let good = last_line(&mut robot);
    assert!(good.iter().all(|style| *style == good[0]), "{good:?}");
    robot.press("R");
    let (ticket, _) = robot.acts.pop().unwrap();
    robot.done(
        ticket,
        Err(Refusal::new(Code::Internal, "It did not work.")),
    );
    let bad = last_line(&mut robot);
    assert!(bad.iter().all(|style| *style == bad[0]), "{bad:?}");
    assert_ne!(good[0], bad[0]);
}

#[test]
fn a_refresh_that_failed_says_the_reason_once_and_does_not_deny_what_is_shown() {
    let mut robot = Robot::at(160, 48);
    let down = "Google did not answer (its servers have trouble)";
    refreshed(
        &mut robot,
        0,
        &[("a@example.com", down), ("b@example.com", down)],
    );
    assert!(robot.sees(
        "No calendar could be read: Google did not answer (its servers have trouble). What is shown"
    ));
    assert!(!robot.sees("unknown"));
}

/// A desk that opens at that time, to which nothing has been said of Google.
fn opened(now: Moment, overview: Overview) -> Robot {
    let mut robot = Robot::at(160, 48);
    let mut setup = setup((160, 48));
    setup.now = now;
    robot.state = State::new(setup);
    let _ = frontdesk::app::start(&mut robot.state);
    robot.tell(Msg::Report(Report::Answered {
        topic: Topic::Overview,
        question: 1,
        answer: Ok(Box::new(Answer::Overview(overview))),
    }));
    robot
}

#[test]
fn a_desk_whose_calendars_were_read_a_moment_ago_is_live_from_the_first_frame() {
    let mut robot = opened(clinic::now(), World { doctors: 6 }.overview());
    assert!(robot.sees("● live") && !robot.sees("not synced"));
    robot.tell(Msg::Tick(clinic::now() + Duration::minutes(7)));
    assert!(robot.sees("last synced 10:42"));
}

#[test]
fn where_the_first_doctor_does_not_work_today_the_desk_opens_at_whoever_does() {
    let mut overview = World { doctors: 4 }.overview();
    overview.doctors[0].doctor.hours = WeeklyHours::default();
    overview.doctors[0].next_free = None;
    overview.doctors[1].next_free = Some(Interval::lasting(at("2026-11-24T16:15"), 15));
    let robot = opened(clinic::now(), overview.clone());
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(3)));
    assert_eq!(robot.state.selected_moment(), at("2026-11-24T14:00"));
    // nobody has anything today: it stays where it was, the next free slot is one key away
    for line in &mut overview.doctors {
        line.next_free = None;
    }
    let robot = opened(clinic::now(), overview);
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(0)));
}

#[test]
fn the_panel_says_the_day_in_figures_that_stay_where_they_are() {
    let mut robot = Robot::at(160, 48);
    let foot = |robot: &mut Robot| {
        let screen = robot.screen();
        let lines = screen.lines().skip(42).take(4);
        let panel = |line: &str| line.chars().skip(124).collect::<String>();
        lines.map(panel).collect::<Vec<_>>()
    };
    let before = foot(&mut robot);
    assert!(before[2].contains("7 visits, 3 h 20 min"), "{before:?}");
    assert!(before[3].contains("next free: today, 10:45"), "{before:?}");
    for _ in 0..20 {
        robot.press("j");
        assert_eq!(foot(&mut robot), before);
    }
}

#[test]
fn a_free_slot_has_no_details_that_would_cover_the_small_grid() {
    let mut robot = Robot::at(80, 24);
    robot.press("jjj<Tab><Tab><Tab>");
    assert_eq!(robot.state.desk.pane, Pane::Grid);
    robot.press("<Home><Tab><Tab><Tab>");
    assert_eq!(robot.state.desk.pane, Pane::Detail);
}

#[test]
fn the_smallest_screens_still_count_what_is_pending_and_to_repair() {
    let mut robot = Robot::at(20, 6);
    assert!(robot.sees("◐1") && robot.sees("▲2"), "{}", robot.screen());
}

#[test]
fn an_outage_is_said_in_words_on_a_small_screen() {
    let mut robot = Robot::at(80, 24);
    robot.tell(Msg::Report(Report::Link {
        at: clinic::now(),
        error: Some("time-out".to_owned()),
    }));
    assert!(robot.sees("no answer since 10:42"), "{}", robot.screen());
}

#[test]
fn the_running_row_keeps_its_minutes_at_the_edge_of_the_view() {
    let mut robot = Robot::at(80, 24);
    robot.press("<End>jjjjjjjjjjjjjjjjjjjjjjjj");
    while robot.state.desk.row_at(clinic::ZONE) > robot.state.desk.row_of(clinic_row()) {
        robot.press("k");
    }
    assert!(robot.state.desk.top > 0);
    assert!(robot.sees("▶10:42"), "{}", robot.screen());
}

fn clinic_row() -> frontdesk::app::grid::Row {
    frontdesk::app::grid::Row::of(clinic::ZONE, clinic::now())
}

#[test]
fn an_empty_repair_pane_offers_only_the_way_back() {
    let mut robot = Robot::at(80, 24);
    robot.press("!");
    let query = robot.world.answer(&Query::Repairs);
    assert!(matches!(query, Some(Answer::Repairs(items)) if items.is_empty()));
    assert!(robot.sees("Esc back"));
    for hint in ["retry", "call off", "adopt", "keep", "mark"] {
        assert!(!robot.sees(hint), "{hint}");
    }
}

#[test]
fn an_empty_repair_pane_does_not_say_that_all_is_well_while_google_is_silent() {
    let mut robot = Robot::at(80, 24);
    robot.press("!");
    assert!(robot.sees("Everything is in step"));
    robot.tell(Msg::Report(Report::Link {
        at: clinic::now(),
        error: Some("time-out".to_owned()),
    }));
    assert!(!robot.sees("Everything is in step"));
    assert!(robot.sees("Google does not answer since 10:42"));
}

#[test]
fn a_day_of_another_year_says_its_year_on_every_screen() {
    for (width, height) in [(80, 24), (41, 13), (30, 8), (160, 48)] {
        let mut robot = Robot::at(width, height);
        robot.press("g1.3.2027<Enter>");
        assert!(robot.sees("1 Mar 2027"), "{width}: {}", robot.screen());
    }
}

#[test]
fn a_visit_called_off_here_is_not_said_to_be_confirmed() {
    let mut robot = Robot::at(160, 48);
    let mut sheet = World::sheet(0, clinic::today());
    for visit in &mut sheet.visits {
        visit.sync_state = frontdesk::domain::appointment::SyncState::SyncPending;
        visit.status = frontdesk::domain::appointment::Status::Confirmed;
        visit.cancellation_reason = Some("has a fever".to_owned());
    }
    robot.answers = false;
    robot.tell(Msg::Report(Report::MirrorChanged));
    let asked = robot.effects.iter().rev().find_map(|effect| match effect {
        frontdesk::app::Effect::Ask {
            topic: Topic::Sheets,
            question,
            ..
        } => Some(*question),
        _ => None,
    });
    robot.tell(Msg::Report(Report::Answered {
        topic: Topic::Sheets,
        question: asked.unwrap(),
        answer: Ok(Box::new(Answer::Sheets(vec![sheet]))),
    }));
    assert!(robot.sees("called off here, not"), "{}", robot.screen());
    assert!(robot.sees("called off, not s"));
    assert!(!robot.sees("◐ confirmed"));
}

#[test]
fn a_budget_that_is_nearly_used_up_is_told_in_the_line_at_the_top() {
    for (used, told) in [(240, false), (241, true), (300, true)] {
        let mut robot = Robot::at(160, 48);
        let overview = robot.state.overview.as_mut().unwrap();
        overview.requests = Requests { used, most: 300 };
        let words = format!("Google {used}/300");
        assert_eq!(robot.sees(&words), told, "{used}");
    }
}
