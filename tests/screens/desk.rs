//! What happens on the desk, as somebody at it would tell it.

use super::clinic::{self, World, at};
use super::robot::{Robot, setup};
use chrono::{Duration, NaiveDate};
use frontdesk::app::desk::{Mode, Pane};
use frontdesk::app::{Effect, Msg};
use frontdesk::domain::policy::Role;
use frontdesk::port::command::{Command, Outcome};
use frontdesk::port::query::{Answer, Query};
use frontdesk::port::report::{Report, Topic};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

#[test]
fn the_first_frame_stands_before_anything_is_known() {
    let mut robot = Robot::at(80, 24);
    robot.state = frontdesk::app::State::new(setup((80, 24)));
    assert!(robot.sees("Reading the desk's own records."));
    assert!(robot.sees("10:42 Europe/Berlin"));
}

#[test]
fn the_desk_asks_for_doctors_and_today_first_and_then_for_what_is_in_view() {
    let mut robot = Robot::at(160, 48);
    robot.answers = false;
    robot.state = frontdesk::app::State::new(setup((160, 48)));
    let first = frontdesk::app::start(&mut robot.state);
    assert!(matches!(
        first.as_slice(),
        [
            Effect::Ask {
                query: Query::Overview,
                ..
            },
            Effect::Ask {
                query: Query::Sheets { days: 1, .. },
                ..
            }
        ]
    ));
    let answer = Answer::Overview(World { doctors: 40 }.overview());
    let then = frontdesk::app::update(
        &mut robot.state,
        Msg::Report(Report::Answered {
            topic: Topic::Overview,
            question: 1,
            answer: Ok(Box::new(answer)),
        }),
    );
    let looks = then.iter().find_map(|effect| match effect {
        Effect::Look {
            doctors,
            from,
            days,
        } => Some((doctors.len(), *from, *days)),
        _ => None,
    });
    assert_eq!(looks, Some((4, clinic::today(), 1)));
    let asked = then.iter().find_map(|effect| match effect {
        Effect::Ask {
            query:
                Query::Sheets {
                    doctors,
                    from,
                    days,
                },
            ..
        } => Some((doctors.len(), *from, *days)),
        _ => None,
    });
    // those in view, as many again to the right, and the days beside
    assert_eq!(asked, Some((12, day(11, 23), 3)));
}

#[test]
fn an_answer_to_an_old_question_changes_nothing() {
    let mut robot = Robot::at(160, 48);
    robot.state.wants_frame();
    let mut other = robot.world.overview();
    other.doctors.clear();
    robot.tell(Msg::Report(Report::Answered {
        topic: Topic::Overview,
        question: 1,
        answer: Ok(Box::new(Answer::Overview(other))),
    }));
    assert!(!robot.state.wants_frame());
    assert_eq!(robot.state.doctors().len(), 6);
}

#[test]
fn a_day_beside_is_there_at_once_and_a_day_far_away_says_that_it_is_read() {
    let mut robot = Robot::at(80, 24);
    robot.answers = false;
    robot.press("]");
    assert!(robot.state.desk.is_loaded());
    assert!(robot.sees("Wed 25 Nov"));
    robot.press("}}");
    assert!(!robot.state.desk.is_loaded());
    assert!(robot.state.awaits_sheets());
    assert!(robot.sees("│…"), "blank would say free");
    robot.press("<Enter>");
    assert!(robot.state.dialogs.is_empty());
    assert!(robot.sees("being read"));
}

#[test]
fn keys_go_from_day_to_day_and_back_to_today() {
    let mut robot = Robot::at(160, 48);
    let date = |robot: &mut Robot, keys: &str| robot.press(keys).state.desk.date;
    assert_eq!(date(&mut robot, "]"), day(11, 25));
    assert_eq!(date(&mut robot, "<PageDown>}"), day(12, 3));
    assert_eq!(date(&mut robot, "[[{<PageUp>"), day(11, 23));
    assert_eq!(date(&mut robot, "t"), day(11, 24));
    assert_eq!(date(&mut robot, "gtomorrow<Enter>"), day(11, 25));
    assert_eq!(date(&mut robot, "g25.10.<Enter>"), day(10, 25));
    assert_eq!(date(&mut robot, "gnonsense<Enter>"), day(10, 25));
    assert!(robot.sees("is not a date"), "the prompt stays and says why");
    assert_eq!(date(&mut robot, "<Esc>:today<Enter>"), day(11, 24));
}

#[test]
fn finer_and_coarser_rows_keep_the_selection_where_it_is() {
    let mut robot = Robot::at(160, 48);
    robot.press("jjjjjj");
    let before = robot.state.selected_moment();
    let line = |robot: &Robot| robot.state.desk.row_at(clinic::ZONE) - robot.state.desk.top;
    let row = line(&robot);
    for (key, minutes) in [("-", 10), ("-", 5), ("-", 5), ("+", 10), ("+", 15)] {
        robot.press(key);
        assert_eq!(robot.state.desk.row_minutes, minutes);
        assert_eq!((robot.state.selected_moment(), line(&robot)), (before, row));
    }
    // a day of hours fits as a whole: there is nothing left to scroll, the time stays
    robot.press("+++++");
    assert_eq!(robot.state.desk.row_minutes, 60);
    assert_eq!(robot.state.selected_moment(), before);
}

#[test]
fn in_a_row_that_holds_two_visits_both_can_be_selected() {
    let mut robot = Robot::at(80, 24);
    robot.press(":goto today<Enter><Home>");
    let mut seen = vec![];
    for _ in 0..14 {
        seen.extend(robot.state.selected_visit().map(|v| v.visit.start()));
        robot.press("j");
    }
    assert!(seen.contains(&at("2026-11-24T13:00")));
    assert!(seen.contains(&at("2026-11-24T13:10")));
}

#[test]
fn columns_scroll_sideways_while_the_times_stay() {
    let mut robot = Robot::at(80, 24);
    assert!(!robot.sees("Dr Osei"));
    robot.press("lll");
    assert!(robot.sees("Dr Osei") && !robot.sees("Dr Chen ●"));
    assert!(robot.sees("08:00"));
    assert!(robot.sees("‹") && robot.sees("›"));
}

#[test]
fn the_week_of_a_doctor_has_seven_days_and_the_day_comes_back() {
    let mut robot = Robot::at(160, 48);
    robot.press("lw");
    assert_eq!(robot.state.desk.mode, Mode::Week);
    assert!(robot.sees("Mon 23 ●") && robot.sees("Sun 29 ●"));
    robot.press("l");
    assert_eq!(robot.state.desk.date, day(11, 25));
    robot.press("w");
    assert!(robot.sees("Dr Chen") && robot.sees("Wed 25"));
}

#[test]
fn f_goes_to_the_next_free_slot_of_the_doctor_and_capital_f_to_anybodys() {
    let mut robot = Robot::at(160, 48);
    robot.press("f");
    assert_eq!(robot.state.selected_moment(), at("2026-11-24T10:45"));
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(0)));
    robot.press("F");
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(1)));
    assert_eq!(robot.state.selected_moment(), at("2026-11-24T10:45"));
    robot.press("F");
    // the unread calendar in between is not free
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(3)));
}

#[test]
fn an_unread_calendar_is_not_booked_by_accident() {
    let mut robot = Robot::at(160, 48);
    robot.press(":doctor khan<Enter>jjjjjjjjjjj<Enter>");
    assert!(robot.sees("read since 10:39: the calendar is not shared"));
    assert!(robot.sees("read it again"));
    robot.press("<Enter>");
    assert!(robot.sees("read it again"), "Enter does nothing there");
    robot.press("R");
    assert!(matches!(&robot.acts[..], [(_, Command::Refresh(who))] if who == &[clinic::id(2)]));
    robot.press("<Enter>b");
    assert!(matches!(
        robot.state.dialogs.as_slice(),
        [frontdesk::app::screen::Dialog::Booking(_)]
    ));
}

#[test]
fn what_cannot_be_booked_says_why() {
    let mut robot = Robot::at(160, 48);
    let mut says = |keys: &str, words: &str| {
        robot.press(keys);
        let said = frontdesk::app::desk::why(&robot.state);
        assert!(said.contains(words), "{keys}: {said}");
    };
    says("jjjjjj<Enter>", "Outside the hours of Dr Chen");
    says("<Home>jj<Enter>", "This time has gone by");
    says("<Home>l<Home>", "Taken in the calendar of Dr Johnson");
    says(
        ":doctor chen<Enter>:goto sun<Enter>jj",
        "has no hours on this day",
    );
    assert!(robot.state.dialogs.is_empty());
}

#[test]
fn enter_books_a_free_slot_and_opens_a_visit() {
    let mut robot = Robot::at(160, 48);
    robot.press("<Enter>");
    assert_eq!(robot.state.desk.pane, Pane::Detail);
    robot.press("<Esc>jjj<Enter>");
    assert!(matches!(
        robot.state.dialogs.as_slice(),
        [frontdesk::app::screen::Dialog::Booking(_)]
    ));
}

#[test]
fn a_click_selects_and_does_nothing_else() {
    let mut robot = Robot::at(160, 48);
    let layout = robot.state.layout();
    let (x, y) = (
        layout.cells.x + layout.column_width + 3,
        layout.cells.y + 13,
    );
    robot.click(x, y);
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(1)));
    assert_eq!(robot.state.selected_moment(), at("2026-11-24T11:15"));
    robot.click(layout.doctors.x + 4, layout.doctors.y + 4);
    assert_eq!(robot.state.desk.doctor, Some(clinic::id(3)));
    robot.click(layout.month.x + 1 + 3 * 4, layout.month.y + 2 + 3);
    assert_eq!(robot.state.desk.date, day(11, 20));
    for y in 0..60 {
        for x in 0..170 {
            robot.click(x, y);
        }
    }
    assert!(robot.acts.is_empty() && robot.state.dialogs.is_empty());
}

#[test]
fn refresh_reads_all_calendars_once_at_a_time_and_says_what_came_of_it() {
    let mut robot = Robot::at(160, 48);
    robot.press("RR<F5>");
    assert_eq!(robot.acts.len(), 1);
    assert!(robot.sees("reading"));
    let (ticket, _) = robot.acts[0].clone();
    let unknown = vec![("khan@example.com".into(), "not shared".to_owned())];
    robot.done(ticket, Ok(Outcome::Refreshed { live: 5, unknown }));
    assert!(robot.sees("5 calendars were read. khan@example.com could not be: not shared."));
    robot.press("j");
    assert!(!robot.sees("5 calendars were read"));
}

#[test]
fn a_broken_link_is_said_with_its_time_and_turns_live_again_without_moving_anything() {
    let mut robot = Robot::at(160, 48);
    let before = robot.screen();
    let error = Some("time-out".to_owned());
    robot.tell(Msg::Report(Report::Link {
        at: clinic::now(),
        error,
    }));
    assert!(robot.sees("Google does not answer since 10:42"));
    robot.tell(Msg::Report(Report::Link {
        at: clinic::now(),
        error: None,
    }));
    assert_eq!(robot.screen(), before);
    robot.tell(Msg::Tick(clinic::now() + Duration::minutes(7)));
    assert!(robot.sees("last synced 10:42"));
}

#[test]
fn a_doctor_at_the_desk_sees_everything_and_is_told_what_they_may_not_do() {
    let mut setup = setup((160, 48));
    setup.actor.role = Role::Doctor;
    let mut robot = Robot::with(setup, 6);
    assert!(!robot.sees("d cancel") && !robot.sees("! repair"));
    robot.press("d");
    assert!(robot.sees("This visit stays"));
    robot.press("jjj<Enter>");
    assert!(robot.sees("Nothing was booked"));
    assert!(robot.acts.is_empty() && robot.state.dialogs.is_empty());
}

#[test]
fn where_no_grid_fits_the_visits_of_the_day_are_listed_and_walked_through() {
    let mut robot = Robot::at(38, 10);
    assert!(robot.sees("Jan de Vries"));
    let first = robot.state.selected_visit().map(|v| v.visit.start());
    robot.press("j");
    let second = robot.state.selected_visit().map(|v| v.visit.start());
    assert!(second > first);
    robot.press("<Tab>");
    assert!(
        robot.sees("Follow-up"),
        "the details are the only other pane"
    );
    robot.press("<Tab>");
    assert!(robot.sees("Jan de Vries"));
}

#[test]
fn a_clinic_without_doctors_says_how_to_record_one() {
    let mut robot = Robot::with(setup((80, 24)), 0);
    assert!(robot.sees("frontdesk doctor add"));
    robot.press("<Enter>jklhfFdcw]g<Esc>");
    assert!(robot.sees("frontdesk doctor add"));
}

#[test]
fn the_hour_that_happens_twice_can_be_told_apart() {
    let mut robot = Robot::at(160, 48);
    robot.press("g25.10.<Enter>");
    let twice = robot.state.desk.grid.rows.iter().filter(|row| row.second);
    assert_eq!(twice.count(), 4);
}
