//! The repair pane and the search of visits from outside.
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

use chrono::Duration;
use desk::{Desk, repair};
use frontdesk::app::Msg;
use frontdesk::app::screen::Dialog;
use frontdesk::domain::id::AppointmentId;
use frontdesk::flow::operation::Cause;
use frontdesk::port::command::{Code, Command, Outcome, Refusal, Retried};
use frontdesk::port::report::Report;
use proptest::prelude::*;

fn pane(width: u16, height: u16) -> Desk {
    let mut desk = Desk::at(width, height);
    desk.press("!");
    desk
}

fn commands(desk: &Desk) -> Vec<Command> {
    desk.robot.acts.iter().map(|(_, c)| c.clone()).collect()
}

fn id(n: usize) -> AppointmentId {
    format!("repair-{n}").into()
}

fn retried(n: usize) -> Outcome {
    Outcome::Retried(vec![Retried {
        appointment: repair(n, None).appointment,
        message: "Booked: Google has confirmed it.".to_owned(),
    }])
}

#[test]
fn what_a_person_must_choose_stands_before_what_is_pending_the_newest_first() {
    let desk = pane(160, 48);
    let Some(Dialog::Repair(repair)) = desk.robot.state.dialogs.last() else {
        panic!("the pane is open");
    };
    let order: Vec<&str> = repair
        .items
        .iter()
        .map(|item| item.appointment.appointment_id.as_str())
        .collect();
    assert_eq!(
        order,
        ["repair-3", "repair-2", "repair-1", "repair-4", "repair-0"]
    );
}

#[test]
fn the_pane_as_it_looks() {
    for (size, (width, height)) in [("small", (80, 24)), ("wide", (160, 48))] {
        let mut desk = pane(width, height);
        insta::assert_snapshot!(format!("pane_{size}"), desk.screen());
        desk.press("<End>");
        insta::assert_snapshot!(format!("pending_{size}"), desk.screen());
        desk.press("<Home>  A");
        insta::assert_snapshot!(format!("running_{size}"), desk.screen());
        desk.press("k");
        insta::assert_snapshot!(format!("reason_{size}"), desk.screen());
        let mut desk = Desk::at(width, height);
        desk.press("/i");
        insta::assert_snapshot!(format!("find_{size}"), desk.screen());
    }
}

#[test]
fn an_act_says_what_it_will_do_before_it_is_done() {
    let mut desk = pane(80, 24);
    desk.sees("visit here to the time that Google has");
    desk.sees("leaves both as they are (here: tomorrow, 09:00); asks why");
    assert!(desk.robot.acts.is_empty());
}

#[test]
fn an_act_takes_the_selected_one_or_else_the_marked_ones() {
    let mut desk = pane(160, 48);
    desk.press("a");
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(3))]);
    let mut desk = pane(160, 48);
    desk.press("<Down>  a");
    // the third is not one whose time could be taken over
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(2))]);
    desk.sees("1 of the 2 marked are left as they are");
}

#[test]
fn what_does_not_fit_is_not_done() {
    let mut desk = pane(160, 48);
    desk.press("r");
    assert!(desk.robot.acts.is_empty());
    desk.sees("This does not fit here");
}

#[test]
fn calling_off_and_keeping_ask_why() {
    let mut desk = pane(80, 24);
    desk.press("k<Enter>");
    desk.sees("Say why");
    desk.press("agreed on the phone<Enter>");
    assert_eq!(
        commands(&desk),
        [Command::Keep(id(3), "agreed on the phone".to_owned())]
    );
    desk.press("<Down>d");
    desk.press("<Esc>");
    assert_eq!(desk.robot.acts.len(), 1);
    desk.press("dill<Enter>");
    assert_eq!(
        desk.robot.acts.last().unwrap().1,
        Command::Cancel {
            appointment: id(2),
            reason: "ill".to_owned()
        }
    );
}

#[test]
fn retrying_all_takes_a_few_at_a_time_with_a_bar_and_can_be_stopped() {
    let mut desk = Desk::at(160, 48);
    desk.repairs = (0..10).map(|n| repair(n, None)).collect();
    desk.press("!A");
    assert_eq!(desk.robot.acts.len(), 4);
    desk.sees("0 of 10 done Esc stops the rest");
    let ticket = desk.robot.acts[0].0;
    desk.done(ticket, Ok(retried(0)));
    assert_eq!(desk.robot.acts.len(), 5);
    desk.sees("1 of 10 done");
    desk.press("<Esc>");
    desk.sees("Stopped: 5 were not begun");
    for at in 1..5 {
        let ticket = desk.robot.acts[at].0;
        desk.done(ticket, Ok(retried(at)));
    }
    assert_eq!(desk.robot.acts.len(), 5);
    desk.sees("All 5 were done");
    desk.press("<Esc>");
    assert!(desk.robot.state.dialogs.is_empty());
}

#[test]
fn refusals_of_many_are_told_once_with_the_first_in_words() {
    let mut desk = pane(160, 48);
    desk.press("A");
    let tickets: Vec<u64> = desk.robot.acts.iter().map(|(ticket, _)| *ticket).collect();
    assert_eq!(tickets.len(), 3);
    for ticket in tickets {
        desk.done(
            ticket,
            Err(Refusal::new(Code::NoAnswer, "Google did not answer.")),
        );
    }
    desk.sees("3 of 3 could not be done. The first: Google did not answer.");
}

#[test]
fn the_selection_stays_on_its_item_when_the_list_changes() {
    let mut desk = pane(160, 48);
    desk.press("<Down><Down>");
    desk.repairs.push(repair(9, Some(Cause::Conflict)));
    desk.tell(Msg::Report(Report::MirrorChanged));
    let Some(Dialog::Repair(pane)) = desk.robot.state.dialogs.last() else {
        panic!("the pane is open");
    };
    assert_eq!(pane.items.len(), 6);
    assert_eq!(pane.selected().unwrap().appointment.appointment_id, id(1));
}

#[test]
fn a_mark_goes_with_its_item() {
    let mut desk = pane(160, 48);
    desk.press(" ");
    desk.repairs
        .retain(|item| item.appointment.appointment_id != id(3));
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("a");
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(2))]);
}

#[test]
fn with_nothing_left_it_says_since_when_all_is_in_step() {
    let mut desk = pane(80, 24);
    desk.repairs.clear();
    desk.tell(Msg::Tick(clinic::now() + Duration::minutes(3)));
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.sees("Everything is in step since 10:45.");
    let mut desk = Desk::at(80, 24);
    desk.repairs.clear();
    desk.press("!");
    // when it came to be so is not known
    desk.sees("Everything is in step, as of 10:42.");
    desk.press("r d a k A<Enter>");
    assert!(desk.robot.acts.is_empty());
}

#[test]
fn the_repair_pane_shows_the_history_again_when_it_is_opened_again() {
    let mut desk = Desk::at(160, 48);
    desk.repairs = vec![repair(1, Some(Cause::RefusedByGoogle))];
    for _ in 0..2 {
        desk.press("!");
        let Some(Dialog::Repair(pane)) = desk.robot.state.dialogs.last() else {
            panic!("the repair pane is open");
        };
        assert!(pane.card.is_some());
        desk.press("<Esc>");
    }
}

#[test]
fn the_desk_keeps_its_own_details_while_the_pane_shows_others() {
    let mut desk = Desk::at(160, 48);
    let mine = desk.robot.state.detail.clone();
    desk.press("!<Down><Down>");
    assert_eq!(desk.robot.state.detail, mine);
}

#[test]
fn a_search_goes_to_the_visit_and_n_to_the_next() {
    let mut desk = Desk::at(160, 48);
    desk.press("/bo<Enter>");
    assert!(desk.robot.state.dialogs.is_empty());
    let first = desk.robot.state.selected_visit().unwrap().clone();
    assert_eq!(first.customer_name, "Bo Lindqvist");
    desk.press("n");
    let second = desk.robot.state.selected_visit().unwrap().clone();
    assert_eq!(second.customer_name, "Bo Lindqvist");
    assert_ne!(first.appointment_id, second.appointment_id);
    desk.press("N");
    assert_eq!(desk.robot.state.selected_visit(), Some(&first));
    desk.press("/<Esc>n");
    assert_eq!(desk.robot.state.selected_visit(), Some(&second));
}

#[test]
fn enter_before_the_search_is_answered_waits_for_it() {
    let mut desk = Desk::at(160, 48);
    desk.slow = true;
    desk.press("/ines<Enter>");
    assert_eq!(desk.robot.state.dialogs.len(), 1);
    desk.catch_up();
    assert!(desk.robot.state.dialogs.is_empty());
    desk.sees("Ines Duarte");
}

#[test]
fn without_a_search_n_says_how_to_search() {
    let mut desk = Desk::at(80, 24);
    desk.press("n");
    desk.sees("/ searches visits");
    desk.press("/zzz");
    desk.sees("Nobody of that name");
    desk.press("<Enter>");
    assert_eq!(desk.robot.state.dialogs.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_and_no_reports_at_no_size_break_it(
        steps in prop::collection::vec(prop::sample::select(vec![
            "<Enter>", "<Esc>", "<Up>", "<Down>", "<Home>", "<End>", " ", "r", "d", "a", "k", "A",
            "!", "/", "bo", "n", "N", "#less", "#more", "#ok", "#bad", "#slow", "#late",
        ]), 0..40),
        width in 1u16..200, height in 1u16..60,
    ) {
        let mut desk = pane(80, 24);
        desk.tell(Msg::Resize { width, height });
        for step in steps {
            let ticket = desk.robot.acts.last().map_or(1, |(ticket, _)| *ticket);
            match step {
                "#less" => { desk.repairs.pop(); desk.tell(Msg::Report(Report::MirrorChanged)); }
                "#more" => {
                    let n = desk.repairs.len() + 5;
                    desk.repairs.push(repair(n, Some(Cause::Conflict)));
                    desk.tell(Msg::Report(Report::MirrorChanged));
                }
                "#ok" => desk.done(ticket, Ok(retried(0))),
                "#bad" => desk.done(ticket, Err(Refusal::new(Code::Rule, "No."))),
                "#slow" => desk.slow = true,
                "#late" => desk.catch_up(),
                keys => { desk.press(keys); }
            }
            desk.screen();
        }
    }
}
