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
use frontdesk::app::screen::repair::Repair;
use frontdesk::domain::appointment::{Status, SyncState};
use frontdesk::domain::id::{AppointmentId, AuditId};
use frontdesk::flow::operation::Cause;
use frontdesk::port::command::{Code, Command, Outcome, Refusal, Retried};
use frontdesk::port::query::RepairAction;
use frontdesk::port::report::Report;
use proptest::prelude::*;

fn pane(width: u16, height: u16) -> Desk {
    let mut desk = Desk::at(width, height);
    desk.press("!");
    desk
}

/// What was asked for to be done, with its ticket; looks at Google's side are no acts.
fn acts(desk: &Desk) -> Vec<(u64, Command)> {
    let acts = desk.robot.acts.iter();
    acts.filter(|(_, command)| !matches!(command, Command::LookInto(_)))
        .cloned()
        .collect()
}

fn commands(desk: &Desk) -> Vec<Command> {
    acts(desk).into_iter().map(|(_, command)| command).collect()
}

/// What was looked into, with its ticket.
fn looks(desk: &Desk) -> Vec<(u64, AppointmentId)> {
    let acts = desk.robot.acts.iter();
    acts.filter_map(|(ticket, command)| match command {
        Command::LookInto(id) => Some((*ticket, id.clone())),
        _ => None,
    })
    .collect()
}

fn the(desk: &Desk) -> &Repair {
    match desk.robot.state.dialogs.last() {
        Some(Dialog::Repair(pane)) => pane,
        other => panic!("the pane is open, but there is {other:?}"),
    }
}

fn shown(desk: &Desk) -> Vec<&str> {
    let items = the(desk).list.items.iter();
    items
        .map(|item| item.appointment.appointment_id.as_str())
        .collect()
}

fn id(n: usize) -> AppointmentId {
    format!("repair-{n}").into()
}

fn retried(n: usize) -> Outcome {
    let mut visit = repair(n, None).appointment;
    visit.status = Status::Confirmed;
    visit.sync_state = SyncState::Synced;
    Outcome::Retried(vec![Retried {
        appointment: visit,
        message: "Booked: Google has confirmed it.".to_owned(),
    }])
}

#[test]
fn what_a_person_must_choose_stands_before_what_is_pending_the_newest_first() {
    let desk = pane(160, 48);
    assert_eq!(
        shown(&desk),
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
        desk.press("i");
        insta::assert_snapshot!(format!("reason_{size}"), desk.screen());
        let mut desk = pane(width, height);
        desk.repairs = vec![
            repair(1, Some(Cause::GoneFromGoogle)),
            repair(2, Some(Cause::Conflict)),
        ];
        desk.tell(Msg::Report(Report::MirrorChanged));
        desk.press("<End>");
        insta::assert_snapshot!(format!("gone_{size}"), desk.screen());
        desk.press("/bo");
        insta::assert_snapshot!(format!("search_{size}"), desk.screen());
        let mut desk = pane(width, height);
        summed_up(&mut desk);
        insta::assert_snapshot!(format!("summary_{size}"), desk.screen());
        let mut desk = Desk::at(width, height);
        desk.press("/i");
        insta::assert_snapshot!(format!("find_{size}"), desk.screen());
    }
}

/// All that can be is tried again; the second is refused.
fn summed_up(desk: &mut Desk) {
    desk.repairs = (0..3).map(|n| repair(n, None)).collect();
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("ar");
    for n in 0..3 {
        let (ticket, _) = acts(desk).pop().unwrap();
        let result = if n == 1 {
            Err(Refusal::new(Code::NoAnswer, "Google did not answer."))
        } else {
            Ok(retried(n))
        };
        desk.done(ticket, result);
    }
}

#[test]
fn an_act_says_what_it_will_do_before_it_is_done() {
    let mut desk = pane(80, 24);
    desk.sees("g take Google's time: moves the visit here to tomorrow, 16:00");
    desk.sees(
        "b keep our time: moves the event in Google back to tomorrow, 09:00, if that is free",
    );
    desk.sees("i ignore: leaves both as they are (here: tomorrow, 09:00); asks why");
    assert_eq!(commands(&desk), []);
}

#[test]
fn both_sides_stand_beside_each_other_and_what_differs_has_a_shape() {
    let mut desk = pane(160, 48);
    desk.sees("Google, as of 10:41");
    desk.sees("Time 09:00–09:30 ≠ 16:00–16:30");
    desk.sees("Status confirmed confirmed");
    desk.repairs = vec![repair(1, Some(Cause::GoneFromGoogle))];
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.sees("≠ not in Google's calendar");
    desk.sees("e re-create: puts the event back into Dr Johnson's calendar, tomorrow, 09:00");
}

#[test]
fn an_act_takes_the_selected_one_or_else_the_marked_ones() {
    let mut desk = pane(160, 48);
    desk.press("g");
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(3))]);
    let mut desk = pane(160, 48);
    desk.press("<Down>  g");
    // the third is not one whose time could be taken over
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(2))]);
    desk.sees("1 of the 2 marked are left as they are");
}

#[test]
fn all_that_are_shown_are_marked_with_one_key_and_let_go_with_it() {
    let mut desk = pane(160, 48);
    desk.press("/johnson moved<Enter>a");
    desk.sees("2 marked");
    desk.press("b");
    let (ticket, first) = acts(&desk).pop().unwrap();
    assert_eq!(first, Command::PutBack(id(3)));
    desk.done(ticket, Err(Refusal::new(Code::Rule, "No.")));
    assert_eq!(commands(&desk).pop(), Some(Command::PutBack(id(2))));
    let mut desk = pane(160, 48);
    desk.press("a");
    assert_eq!(the(&desk).list.marked.len(), 5);
    desk.press("a");
    assert_eq!(the(&desk).list.marked.len(), 0);
}

#[test]
fn nothing_is_done_to_a_marked_one_that_is_not_shown() {
    let mut desk = pane(160, 48);
    // both that were moved are marked, then only pending ones are shown
    desk.press("  ff");
    assert_eq!(shown(&desk), ["repair-4", "repair-0"]);
    desk.press("g");
    assert_eq!(commands(&desk), []);
    desk.press("r");
    assert_eq!(commands(&desk), [Command::Retry(id(4))]);
    desk.press("ff");
    assert_eq!(the(&desk).list.marked.len(), 2);
}

#[test]
fn what_does_not_fit_is_not_done() {
    let mut desk = pane(160, 48);
    for key in ["r", "e", "m", "s"] {
        desk.press(key);
        assert_eq!(commands(&desk), [], "{key}");
        desk.sees("This does not fit here");
    }
}

#[test]
fn calling_off_and_ignoring_ask_why() {
    let mut desk = pane(80, 24);
    desk.press("i<Enter>");
    desk.sees("Say why");
    desk.press("agreed on the phone<Enter>");
    let (ticket, command) = acts(&desk).pop().unwrap();
    assert_eq!(
        command,
        Command::Ignore(id(3), "agreed on the phone".to_owned())
    );
    desk.done(ticket, Err(Refusal::new(Code::Rule, "No.")));
    desk.press("<Down>d");
    desk.press("<Esc>");
    assert_eq!(commands(&desk).len(), 1);
    desk.press("dill<Enter>");
    assert_eq!(
        commands(&desk).pop().unwrap(),
        Command::Cancel {
            appointment: id(2),
            reason: "ill".to_owned()
        }
    );
}

#[test]
fn one_is_done_after_the_other_with_a_bar_and_the_rest_can_be_stopped() {
    let mut desk = Desk::at(160, 48);
    desk.repairs = (0..10).map(|n| repair(n, None)).collect();
    desk.press("!A");
    assert_eq!(commands(&desk).len(), 1);
    desk.sees("0 of 10 done, now Bo Lindqvist");
    desk.sees("Esc stops the rest");
    let (ticket, _) = acts(&desk).pop().unwrap();
    desk.done(ticket, Ok(retried(0)));
    assert_eq!(commands(&desk).len(), 2);
    desk.sees("1 of 10 done");
    desk.press("<Esc>");
    desk.sees("Stopped: 8 were not begun");
    let (ticket, _) = acts(&desk).pop().unwrap();
    desk.done(ticket, Ok(retried(1)));
    assert_eq!(commands(&desk).len(), 2);
    desk.sees("All 2 were done");
    desk.press("<Esc>");
    assert!(desk.robot.state.dialogs.is_empty());
}

#[test]
fn at_the_end_it_says_who_could_not_be_done_and_why_and_they_stay_marked() {
    let mut desk = pane(160, 48);
    summed_up(&mut desk);
    desk.sees("2 of 3 were done");
    desk.sees("1 could not be done and stays as it is");
    desk.sees("Google did not answer.");
    let marked: Vec<&AppointmentId> = the(&desk).list.marked.iter().collect();
    assert_eq!(marked, [&id(1)]);
    desk.press("<Enter>");
    desk.misses("2 of 3 were done");
    desk.press("r");
    assert_eq!(commands(&desk).pop(), Some(Command::Retry(id(1))));
}

#[test]
fn what_google_has_not_answered_yet_does_not_count_as_done() {
    let mut desk = pane(160, 48);
    desk.repairs = (0..2).map(|n| repair(n, None)).collect();
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("ar");
    for n in 0..2 {
        let (ticket, _) = acts(&desk).pop().unwrap();
        let mut still = retried(n);
        if let Outcome::Retried(list) = &mut still {
            list[0].appointment.sync_state = SyncState::SyncPending;
            list[0].message = "Google did not answer; the program goes on trying.".to_owned();
        }
        desk.done(ticket, Ok(still));
    }
    desk.sees("0 of 2 were done");
    assert_eq!(the(&desk).list.marked.len(), 2);
}

#[test]
fn what_google_has_of_the_selected_one_is_read_once_and_one_at_a_time() {
    let mut desk = pane(160, 48);
    assert_eq!(looks(&desk).len(), 1);
    let (ticket, first) = looks(&desk).pop().unwrap();
    assert_eq!(first, id(3));
    desk.sees("Google, as of 10:41, reading…");
    desk.press("<Down><Down>");
    assert_eq!(looks(&desk).len(), 1, "the first is not answered yet");
    let google = desk.repairs[3].google.clone().unwrap();
    desk.done(
        ticket,
        Ok(Outcome::LookedInto {
            google,
            news: false,
        }),
    );
    // where the cursor is by now, not where it went through
    let (ticket, second) = looks(&desk).pop().unwrap();
    assert_eq!((looks(&desk).len(), second), (2, id(1)));
    desk.done(
        ticket,
        Err(Refusal::new(Code::NoAnswer, "Google did not answer.")),
    );
    desk.sees("Google did not answer.");
    assert!(desk.robot.state.notices.is_empty());
    desk.press("<Home><End><Up><Up><Up>");
    let again = looks(&desk).iter().filter(|(_, at)| *at == id(3)).count();
    assert_eq!(again, 1);
    assert_eq!(commands(&desk), []);
}

#[test]
fn a_look_keeps_nobody_from_leaving() {
    let mut desk = pane(160, 48);
    assert_eq!(looks(&desk).len(), 1);
    assert_eq!(desk.robot.state.busy_writes(), 0);
    let (ticket, _) = looks(&desk).pop().unwrap();
    desk.press("<Esc>");
    desk.done(
        ticket,
        Err(Refusal::new(Code::NoAnswer, "Google did not answer.")),
    );
    assert!(desk.robot.state.notices.is_empty());
}

#[test]
fn the_filter_goes_round_and_the_selection_stays_on_its_item() {
    let mut desk = pane(160, 48);
    desk.repairs[0].appointment.doctor_id = "another".into();
    desk.repairs[0].appointment.doctor_name = "Dr Osei".to_owned();
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("<Down>f");
    assert_eq!(shown(&desk), ["repair-3", "repair-2", "repair-1"]);
    assert_eq!(the(&desk).list.at, 1);
    desk.press("f");
    assert_eq!(shown(&desk), ["repair-4", "repair-0"]);
    desk.press("<End>f");
    desk.sees("only Dr Osei's");
    assert_eq!(shown(&desk), ["repair-0"]);
    desk.press("f");
    assert_eq!(shown(&desk).len(), 5);
}

#[test]
fn a_search_narrows_as_it_is_typed_and_esc_shows_all_again() {
    let mut desk = pane(160, 48);
    desk.press("/MOVED lea");
    assert_eq!(shown(&desk), ["repair-3"]);
    desk.sees("1 of 5");
    desk.press("<Enter>");
    // the letters are acts again
    desk.press("g");
    assert_eq!(commands(&desk), [Command::AdoptTimes(id(3))]);
    desk.press("<Esc>");
    assert_eq!(shown(&desk).len(), 5);
    desk.press("/zzz");
    desk.sees("Nothing of that kind");
    desk.press("<Esc>");
    assert_eq!(shown(&desk).len(), 5);
    assert_eq!(desk.robot.state.dialogs.len(), 1);
}

#[test]
fn an_account_that_needs_a_sign_in_is_told_how() {
    let mut desk = Desk::at(160, 48);
    let mut item = repair(0, None);
    item.actions.insert(0, RepairAction::Reconnect);
    desk.repairs = vec![item];
    desk.press("!");
    desk.sees("s sign in again");
    desk.press("s");
    desk.sees("“frontdesk connect”");
    assert_eq!(commands(&desk), []);
}

#[test]
fn undo_asks_over_the_pane() {
    let mut desk = pane(160, 48);
    if let Some(overview) = &mut desk.robot.state.overview {
        overview.undoable = Some((AuditId(7), "ignoring what is wrong".to_owned()));
    }
    desk.press("u<Enter>");
    assert_eq!(commands(&desk), [Command::Undo(AuditId(7))]);
    assert_eq!(the(&desk).list.items.len(), 5);
}

#[test]
fn the_selection_stays_on_its_item_when_the_list_changes() {
    let mut desk = pane(160, 48);
    desk.press("<Down><Down>");
    desk.repairs.push(repair(9, Some(Cause::Conflict)));
    desk.tell(Msg::Report(Report::MirrorChanged));
    assert_eq!(shown(&desk).len(), 6);
    let selected = the(&desk).selected().unwrap();
    assert_eq!(selected.appointment.appointment_id, id(1));
}

#[test]
fn a_mark_goes_with_its_item() {
    let mut desk = pane(160, 48);
    desk.press(" ");
    desk.repairs
        .retain(|item| item.appointment.appointment_id != id(3));
    desk.tell(Msg::Report(Report::MirrorChanged));
    desk.press("g");
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
    desk.press("r d a i g b e m s A f<Enter>");
    assert_eq!(commands(&desk), []);
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
            "<Enter>", "<Esc>", "<Up>", "<Down>", "<Home>", "<End>", " ", "r", "d", "a", "i", "A",
            "g", "b", "e", "m", "s", "f", "u",
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
