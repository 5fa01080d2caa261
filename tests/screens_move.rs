//! Moving a visit from outside: keys in, reports in, commands and a screen out.
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

use clinic::{World, at, id, today};
use desk::{Desk, repair};
use frontdesk::app::action::Action;
use frontdesk::app::desk::pick_up;
use frontdesk::app::{Effect, Msg};
use frontdesk::domain::appointment::{Appointment, Status, SyncState};
use frontdesk::domain::policy::Role;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::flow::operation::Cause;
use frontdesk::port::command::{Code, Command, Length, Outcome, Refusal};
use frontdesk::port::query::{Answer, AppointmentCard, FreeSlot, Query};
use frontdesk::port::report::{Progress, Report, Topic};
use proptest::prelude::*;

/// Today's visit of Dr Chen at 15:00, an hour long.
fn three_o_clock() -> Appointment {
    World::visits(0, today())[6].clone()
}

/// With that visit selected.
fn at_three(width: u16, height: u16) -> Desk {
    let mut desk = Desk::at(width, height);
    desk.act(Action::SelectSlot(id(0), at("2026-11-24T15:00")));
    desk
}

/// With it in hand, and a place of today selected.
fn moving_to(width: u16, height: u16, place: usize, time: &str) -> Desk {
    let mut desk = at_three(width, height);
    desk.press("m");
    desk.act(Action::SelectSlot(
        id(place),
        at(&format!("2026-11-24T{time}")),
    ));
    desk
}

fn moves(desk: &Desk) -> Vec<(u64, Moment)> {
    let acts = desk.robot.acts.iter();
    acts.filter_map(|(ticket, command)| match command {
        Command::Move { appointment, start } => {
            assert_eq!(*appointment, three_o_clock().appointment_id);
            Some((*ticket, *start))
        }
        _ => None,
    })
    .collect()
}

/// With the move under way.
fn under_way(width: u16, height: u16) -> (Desk, u64) {
    let mut desk = moving_to(width, height, 0, "16:00");
    desk.press("<Enter><Enter>");
    let (ticket, _) = moves(&desk)[0];
    (desk, ticket)
}

fn moved() -> Outcome {
    let before = three_o_clock();
    Outcome::Moved {
        appointment: Appointment {
            visit: Interval::lasting(at("2026-11-24T16:00"), 60),
            ..before.clone()
        },
        from: before.visit,
    }
}

fn taken() -> Refusal {
    Refusal {
        code: Code::NotAvailable,
        message:
            "Dr Chen, today 16:00, is taken: somebody put an event there a moment ago. The visit \
                  stays today at 15:00."
                .to_owned(),
        nearest: ["13:30", "14:00", "15:45"]
            .map(|time| Interval::lasting(at(&format!("2026-11-24T{time}")), 60))
            .to_vec(),
    }
}

#[test]
fn a_visit_is_picked_up_put_down_and_confirmed_before_anything_is_sent() {
    let mut desk = at_three(160, 48);
    desk.press("m");
    desk.sees("Moving Lea Brandt, 1 h, from today, 15:00: choose the new time, Enter moves, Esc leaves it");
    desk.press("jjjj");
    desk.sees("16:00–17:00 fits");
    desk.sees("» Lea Brandt");
    desk.press("<Enter>");
    assert_eq!(moves(&desk), []);
    desk.sees("Lea Brandt, born 14 Mar 1987, +49 151 2345");
    desk.sees("Follow-up, 1 h with Dr Chen");
    desk.sees("from today, Tue 24 Nov 2026, 15:00–16:00");
    desk.sees("to today, Tue 24 Nov 2026, 16:00–17:00");
    desk.press("<Enter>");
    let sent = moves(&desk);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].1, at("2026-11-24T16:00"));
    // another Enter sends nothing twice
    desk.press("<Enter>");
    assert_eq!(moves(&desk).len(), 1);
}

#[test]
fn esc_goes_back_one_step_at_a_time_and_nothing_is_moved() {
    let mut desk = moving_to(80, 24, 0, "16:00");
    desk.press("<Enter>");
    desk.sees("Move this visit?");
    desk.press("<Esc>");
    desk.misses("Move this visit?");
    assert!(desk.robot.state.picked_up.is_some());
    desk.press("<Esc>");
    assert!(desk.robot.state.picked_up.is_none());
    desk.sees("Nothing was moved. The visit stays: Lea Brandt with Dr Chen, today, 15:00.");
    assert_eq!(moves(&desk), []);
}

#[test]
fn a_place_that_does_not_fit_says_why_and_asks_nothing() {
    for (place, time, why) in [
        (0, "12:30", "Bo Lindqvist is booked 13:00–13:10"),
        (0, "10:00", "This time has gone by"),
        (
            0,
            "17:30",
            "Outside the hours of Dr Chen: 08:00–12:00, 13:00–17:00 on this day",
        ),
        (0, "15:00", "This is where the visit stands now"),
        (
            1,
            "12:00",
            "A visit keeps its doctor: Lea Brandt is with Dr Chen",
        ),
    ] {
        let mut desk = moving_to(160, 48, place, time);
        desk.press("<Enter>");
        desk.sees(why);
        desk.misses("Move this visit?");
        assert!(desk.robot.state.picked_up.is_some(), "{time}");
        assert_eq!(moves(&desk), []);
    }
}

#[test]
fn its_own_present_time_is_free_for_it() {
    let mut desk = moving_to(160, 48, 0, "15:15");
    desk.sees("15:15–16:15 fits");
    desk.press("<Enter><Enter>");
    assert_eq!(moves(&desk)[0].1, at("2026-11-24T15:15"));
}

#[test]
fn nothing_is_moved_onto_an_unread_calendar_by_accident() {
    let mut desk = Desk::at(160, 48);
    // Dr Khan's calendar could not be read
    desk.act(Action::SelectSlot(id(2), at("2026-11-24T11:15")));
    desk.press("m");
    desk.act(Action::SelectSlot(id(2), at("2026-11-24T14:00")));
    desk.sees("14:00–14:45 ? unread");
    desk.press("<Enter>");
    desk.sees("m move all the same");
    desk.press("<Enter>");
    assert!(desk.robot.acts.is_empty());
    desk.press("m");
    desk.sees("Move this visit?");
    assert!(desk.robot.acts.is_empty());
}

#[test]
fn the_steps_are_shown_and_the_end_is_said_and_shown() {
    let (mut desk, ticket) = under_way(160, 48);
    for step in [Progress::Recorded, Progress::Checking, Progress::Claimed] {
        desk.tell(Msg::Report(Report::Progressed { ticket, step }));
    }
    desk.sees("recorded · checked · claimed");
    for step in [Progress::Verified, Progress::Held, Progress::Moved] {
        desk.tell(Msg::Report(Report::Progressed { ticket, step }));
    }
    desk.done(ticket, Ok(moved()));
    desk.sees("Moved: Lea Brandt with Dr Chen, today, 16:00. It was today, 15:00.");
    assert!(desk.robot.state.picked_up.is_none());
    assert!(desk.robot.state.dialogs.is_empty());
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T16:00"));
}

#[test]
fn a_refusal_keeps_the_visit_in_hand_and_offers_what_is_free() {
    let (mut desk, ticket) = under_way(80, 24);
    desk.done(ticket, Err(taken()));
    desk.sees("The visit stays today at 15:00.");
    desk.press("<M-2>");
    desk.sees("to today, Tue 24 Nov 2026, 14:00–15:00");
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T14:00"));
    desk.press("<Enter>");
    assert_eq!(moves(&desk)[1].1, at("2026-11-24T14:00"));
}

#[test]
fn where_google_does_not_answer_it_is_said_that_nothing_was_changed() {
    let (mut desk, ticket) = under_way(80, 24);
    let why = "Dr Chen, today 16:00, could not be checked: Google did not answer (time-out). Nothing was \
               changed. The visit stays today at 15:00.";
    desk.done(ticket, Err(Refusal::new(Code::NoAnswer, why)));
    desk.sees("Nothing was changed. The visit stays today at 15:00.");
    desk.misses("Moved:");
    desk.press("<Enter>");
    assert_eq!(moves(&desk).len(), 2);
}

#[test]
fn a_move_that_google_has_not_confirmed_is_never_called_moved() {
    let (mut desk, ticket) = under_way(80, 24);
    let appointment = Appointment {
        sync_state: SyncState::SyncPending,
        ..three_o_clock()
    };
    let to = Interval::lasting(at("2026-11-24T16:00"), 60);
    desk.done(ticket, Ok(Outcome::MovedProvisionally { appointment, to }));
    desk.sees("Recorded, not moved yet: Lea Brandt with Dr Chen, today, 15:00 to today, 16:00.");
    desk.misses("Moved:");
    assert!(desk.robot.state.picked_up.is_none());
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T15:00"));
}

#[test]
fn a_move_that_goes_on_behind_the_desk_is_told_when_it_ends() {
    for (end, words) in [
        (Ok(moved()), "Moved: Lea Brandt"),
        (Err(taken()), "The visit stays today at 15:00."),
    ] {
        let (mut desk, ticket) = under_way(80, 24);
        desk.press("<Esc>");
        assert!(desk.robot.state.picked_up.is_none());
        // it is not picked up again while it is under way
        desk.act(Action::SelectSlot(id(0), at("2026-11-24T15:00")));
        desk.press("m");
        desk.sees("being changed just now");
        desk.press("q");
        desk.sees("Waiting for what is still being sent");
        desk.press("<Esc>");
        desk.done(ticket, end);
        desk.sees(words);
    }
}

#[test]
fn what_cannot_be_moved_says_why() {
    let mut desk = Desk::at(160, 48);
    desk.act(Action::SelectSlot(id(0), at("2026-11-24T10:30")));
    desk.press("m");
    desk.sees("Google has not confirmed this visit yet");
    desk.act(Action::SelectSlot(id(0), at("2026-11-24T11:30")));
    desk.press("m");
    desk.sees("Select a visit first");
    assert!(desk.robot.state.picked_up.is_none());
    let mut desk = at_three(160, 48);
    desk.robot.state.actor.role = Role::Doctor;
    desk.press("m");
    desk.sees("This visit stays where it is");
    desk.misses("m move");
    assert!(desk.robot.state.picked_up.is_none());
}

#[test]
fn a_visit_that_is_over_can_be_moved_to_a_time_to_come() {
    let mut desk = Desk::at(160, 48);
    desk.act(Action::SelectSlot(id(0), at("2026-11-24T08:00")));
    desk.press("m");
    desk.act(Action::SelectSlot(id(0), at("2026-11-24T14:00")));
    desk.press("<Enter><Enter>");
    assert_eq!(desk.robot.acts.len(), 1);
}

#[test]
fn nothing_else_is_done_to_another_visit_while_one_is_in_hand() {
    let mut desk = moving_to(160, 48, 0, "13:00");
    for key in ["d", "u", "p", "m"] {
        desk.press(key);
        desk.sees("First the visit of Lea Brandt that is being moved");
        assert!(desk.robot.state.dialogs.is_empty(), "{key}");
    }
    assert!(desk.robot.state.picked_up.is_some());
}

#[test]
fn the_next_free_time_is_searched_for_its_doctor_and_length() {
    let mut desk = moving_to(160, 48, 1, "11:30");
    desk.slow = true;
    desk.press("F");
    let asked = desk
        .open
        .iter()
        .rev()
        .find_map(|(effect, query)| match (effect, query) {
            (
                Effect::Ask { question, .. },
                Query::Slots {
                    doctors, length, ..
                },
            ) => Some((*question, doctors.clone(), length.clone())),
            _ => None,
        });
    let (question, doctors, length) = asked.expect("slots were asked for");
    assert_eq!(doctors, [id(0)]);
    // an hour is not what the service takes by now
    assert_eq!(length, Some(Length::Minutes(60)));
    let late = FreeSlot {
        doctor_id: id(0),
        slot: Interval::lasting(at("2026-11-24T16:00"), 60),
    };
    desk.tell(Msg::Report(Report::Answered {
        topic: Topic::Slots,
        question,
        answer: Ok(Box::new(Answer::Slots(vec![late]))),
    }));
    // from 11:31 on the first hour that is free within the hours and between the visits
    assert_eq!(desk.robot.state.desk.doctor, Some(id(0)));
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T13:30"));
}

#[test]
fn the_search_finds_a_time_that_overlaps_the_visit_itself() {
    let mut desk = moving_to(160, 48, 0, "14:00");
    desk.slow = true;
    desk.press("f");
    let question = desk
        .open
        .iter()
        .rev()
        .find_map(|(effect, query)| match (effect, query) {
            (Effect::Ask { question, .. }, Query::Slots { .. }) => Some(*question),
            _ => None,
        });
    desk.tell(Msg::Report(Report::Answered {
        topic: Topic::Slots,
        question: question.expect("slots were asked for"),
        answer: Ok(Box::new(Answer::Slots(vec![FreeSlot {
            doctor_id: id(0),
            slot: Interval::lasting(at("2026-11-24T16:00"), 60),
        }]))),
    }));
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T14:15"));
    desk.sees("14:15–15:15 fits");
}

#[test]
fn the_command_line_takes_a_clock_time_with_or_without_a_day() {
    for (typed, there) in [
        (":move 16:00<Enter>", "2026-11-24T16:00"),
        (":move fri 9:00<Enter>", "2026-11-27T09:00"),
        (":move tomorrow 14:15<Enter>", "2026-11-25T14:15"),
    ] {
        let mut desk = at_three(160, 48);
        desk.press(typed);
        assert!(desk.robot.state.picked_up.is_some(), "{typed}");
        assert_eq!(desk.robot.state.selected_moment(), at(there), "{typed}");
        assert_eq!(moves(&desk), []);
    }
    for (typed, why) in [
        (":move fri<Enter>", "Type the new time with its minutes"),
        (":move blah 9:00<Enter>", "blah"),
    ] {
        let mut desk = at_three(160, 48);
        desk.press(typed);
        desk.sees(why);
        assert!(desk.robot.state.picked_up.is_none(), "{typed}");
    }
}

#[test]
fn a_visit_that_others_change_meanwhile_is_followed_or_let_go() {
    let told = |change: &dyn Fn(&mut Vec<Appointment>)| {
        let mut desk = moving_to(160, 48, 0, "16:00");
        desk.slow = true;
        desk.tell(Msg::Report(Report::MirrorChanged));
        let asked = desk
            .open
            .iter()
            .rev()
            .find_map(|(effect, query)| match (effect, query) {
                (Effect::Ask { question, .. }, Query::Sheets { .. }) => {
                    Some((*question, query.clone()))
                }
                _ => None,
            });
        let (question, query) = asked.expect("the days are asked for anew");
        let Some(Answer::Sheets(mut sheets)) = desk.robot.world.answer(&query) else {
            panic!("no sheets");
        };
        for sheet in &mut sheets {
            if sheet.doctor_id == id(0) && sheet.date == today() {
                change(&mut sheet.visits);
            }
        }
        desk.tell(Msg::Report(Report::Answered {
            topic: Topic::Sheets,
            question,
            answer: Ok(Box::new(Answer::Sheets(sheets))),
        }));
        desk
    };
    let mut gone = told(&|visits| {
        visits.pop();
    });
    gone.sees("The visit of Lea Brandt is not there any more");
    assert!(gone.robot.state.picked_up.is_none());
    let mut later = told(&|visits| {
        visits[6].visit = Interval::lasting(at("2026-11-24T14:00"), 60);
    });
    later.sees("It stands now: Lea Brandt with Dr Chen, today, 14:00.");
    later.press("<Enter>");
    later.sees("from today, Tue 24 Nov 2026, 14:00–15:00");
    let mut pending = told(&|visits| visits[6].sync_state = SyncState::SyncPending);
    pending.sees("A change of this visit is on its way to Google");
    assert!(pending.robot.state.picked_up.is_none());
    let same = told(&|_| {});
    assert!(same.robot.state.notices.is_empty());
    assert!(same.robot.state.picked_up.is_some());
}

#[test]
fn of_two_at_the_same_time_one_is_moved_from_the_repair_pane() {
    let mut desk = Desk::at(160, 48);
    let mut item = repair(1, Some(Cause::Conflict));
    item.appointment = Appointment {
        sync_state: SyncState::NeedsRepair,
        ..three_o_clock()
    };
    desk.repairs = vec![item, repair(2, Some(Cause::MovedInGoogle))];
    desk.press("!");
    desk.sees("m pick another slot: goes to the grid with the visit in hand");
    desk.press("j");
    desk.misses("m pick another slot");
    desk.press("m");
    assert!(desk.robot.state.picked_up.is_none());
    desk.press("<Up>m");
    assert!(desk.robot.state.dialogs.is_empty());
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T15:00"));
    desk.sees("Moving Lea Brandt, 1 h, from today, 15:00");
}

#[test]
fn where_it_cannot_be_read_nothing_is_picked_up_or_moved() {
    let mut desk = at_three(30, 8);
    desk.press("m");
    assert!(desk.robot.state.picked_up.is_none());
    desk.sees("Too small to choose a new time");
    let mut desk = moving_to(80, 24, 0, "16:00");
    desk.press("<Enter>");
    desk.tell(Msg::Resize {
        width: 30,
        height: 8,
    });
    desk.press("<Enter>");
    assert_eq!(moves(&desk), []);
}

#[test]
fn moving_as_it_looks() {
    for (size, (width, height)) in [("small", (80, 24)), ("wide", (160, 48))] {
        let mut desk = at_three(width, height);
        desk.press("m");
        insta::assert_snapshot!(format!("picked_up_{size}"), desk.screen());
        desk.press("<Down><Down><Down><Down>");
        insta::assert_snapshot!(format!("fits_{size}"), desk.screen());
        desk.act(Action::SelectSlot(id(0), at("2026-11-24T12:30")));
        insta::assert_snapshot!(format!("in_the_way_{size}"), desk.screen());
        desk.press("l");
        insta::assert_snapshot!(format!("other_doctor_{size}"), desk.screen());
        desk.press("hw");
        desk.act(Action::SelectSlot(id(0), at("2026-11-24T16:00")));
        insta::assert_snapshot!(format!("week_{size}"), desk.screen());
        desk.press("<Enter>");
        insta::assert_snapshot!(format!("question_{size}"), desk.screen());
        desk.press("<Enter>");
        let (ticket, _) = moves(&desk)[0];
        for step in [Progress::Recorded, Progress::Checking, Progress::Claimed] {
            desk.tell(Msg::Report(Report::Progressed { ticket, step }));
        }
        insta::assert_snapshot!(format!("running_{size}"), desk.screen());
        desk.done(ticket, Err(taken()));
        desk.press("<M-1>");
        insta::assert_snapshot!(format!("refused_{size}"), desk.screen());
    }
    let mut desk = moving_to(80, 24, 0, "16:00");
    desk.robot.state.ascii = true;
    insta::assert_snapshot!("ascii", desk.screen());
    desk.tell(Msg::Resize {
        width: 44,
        height: 13,
    });
    insta::assert_snapshot!("narrow", desk.screen());
    desk.tell(Msg::Resize {
        width: 30,
        height: 8,
    });
    insta::assert_snapshot!("tiny", desk.screen());
}

fn anything() -> impl Strategy<Value = Vec<String>> {
    let keys = [
        "m", "m", "<Enter>", "<Enter>", "<Esc>", "<Tab>", "j", "k", "h", "l", "[", "]", "{", "t",
        "f", "F", "w", "-", "+", "d", "u", "p", "!", ":", "?", "<Home>", "<End>", "<M-1>", "<M-3>",
        "#taken", "#moved", "#later", "#step", "#changed", "#slow", "#late", "#tiny", "#wide",
        "#click",
    ];
    prop::collection::vec(
        prop::sample::select(keys.to_vec()).prop_map(str::to_owned),
        0..50,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_and_no_reports_at_no_size_break_it(
        steps in anything(), width in 1u16..200, height in 1u16..60, x in 0u16..200, y in 0u16..60,
    ) {
        let mut desk = at_three(80, 24);
        desk.tell(Msg::Resize { width, height });
        for step in steps {
            let ticket = desk.robot.acts.last().map_or(1, |(ticket, _)| *ticket);
            match step.as_str() {
                "#taken" => desk.done(ticket, Err(taken())),
                "#moved" => desk.done(ticket, Ok(moved())),
                "#later" => {
                    let Outcome::Moved { appointment, .. } = moved() else { panic!() };
                    let to = appointment.visit;
                    desk.done(ticket, Ok(Outcome::MovedProvisionally { appointment, to }));
                }
                "#step" => desk.tell(Msg::Report(Report::Progressed { ticket, step: Progress::Held })),
                "#changed" => desk.tell(Msg::Report(Report::MirrorChanged)),
                "#slow" => desk.slow = true,
                "#late" => desk.catch_up(),
                "#tiny" => desk.tell(Msg::Resize { width: 20, height: 5 }),
                "#wide" => desk.tell(Msg::Resize { width: 160, height: 48 }),
                "#click" => desk.tell(Msg::Click { column: x, row: y }),
                keys => { desk.press(keys); }
            }
            desk.screen();
            // what is asked about is always in hand
            let asked = desk.robot.state.dialogs.iter()
                .any(|dialog| matches!(dialog, frontdesk::app::screen::Dialog::Reschedule(_)));
            prop_assert!(!asked || desk.robot.state.picked_up.is_some());
        }
    }
}

/// That visit as one that Google has not confirmed, and what is known of it.
fn pending(status: Status, unsent: bool) -> (Desk, Appointment) {
    let mut desk = at_three(160, 48);
    let visit = Appointment {
        status,
        sync_state: SyncState::SyncPending,
        ..three_o_clock()
    };
    let card = AppointmentCard {
        unsent,
        ..desk.robot.world.card(&visit)
    };
    desk.robot.state.detail = Some(card);
    (desk, visit)
}

#[test]
fn what_google_has_not_heard_of_is_moved_like_any_other_visit() {
    for status in [Status::Pending, Status::Confirmed] {
        let (mut desk, visit) = pending(status, true);
        assert!(pick_up(&mut desk.robot.state, &visit), "{status:?}");
        desk.sees("Moving Lea Brandt, 1 h, from today, 15:00");
        let (mut desk, visit) = pending(status, false);
        assert!(!pick_up(&mut desk.robot.state, &visit), "{status:?}");
        desk.sees("it can be moved once");
    }
}

#[test]
fn a_visit_that_is_recorded_at_its_new_time_is_shown_there() {
    let mut desk = moving_to(160, 48, 0, "16:00");
    desk.press("<Enter><Enter>");
    let (ticket, _) = moves(&desk)[0];
    let visit = Appointment {
        status: Status::Pending,
        sync_state: SyncState::SyncPending,
        visit: Interval::lasting(at("2026-11-24T16:00"), 60),
        ..three_o_clock()
    };
    desk.done(ticket, Ok(Outcome::BookedProvisionally(visit)));
    desk.sees("Recorded, not booked yet: Lea Brandt with Dr Chen, today, 16:00.");
    assert!(desk.robot.state.picked_up.is_none());
    assert_eq!(desk.robot.state.selected_moment(), at("2026-11-24T16:00"));
}
