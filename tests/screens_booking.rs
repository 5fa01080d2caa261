//! The booking dialog from outside: keys in, reports in, commands and a screen out.
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

use chrono::{Duration, NaiveDate};
use clinic::at;
use desk::{Desk, person};
use frontdesk::app::Msg;
use frontdesk::app::screen::Dialog;
use frontdesk::domain::time::Interval;
use frontdesk::port::command::{Code, Length, Outcome, Refusal, Who};
use frontdesk::port::report::{Progress, Report};
use proptest::prelude::*;

fn visit(n: usize) -> frontdesk::domain::appointment::Appointment {
    clinic::appointment(0, n, at("2026-11-24T11:30"), 15)
}

fn taken() -> Refusal {
    Refusal {
        code: Code::NotAvailable,
        message: "Dr Chen, today 11:30, is taken: somebody put an event there a moment ago."
            .to_owned(),
        nearest: ["11:45", "13:20", "13:35"]
            .map(|time| Interval::lasting(at(&format!("2026-11-24T{time}")), 15))
            .to_vec(),
    }
}

fn no_answer() -> Refusal {
    Refusal::new(
        Code::NoAnswer,
        "Dr Chen, today 11:30, could not be checked: Google did not answer (time-out).",
    )
}

#[test]
fn enter_in_the_search_only_picks_and_the_next_enter_books_what_the_line_says() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.sees("Jan de Vries, born 30 Dec 1961, +49 170 99 88 77");
    desk.sees("with Dr Chen, today, Tue 24 Nov 2026, 11:30–12:00");
    desk.press("<Enter>");
    let (_, book) = desk.booked();
    assert_eq!(book.customer, Who::Known("person-4".into()));
    assert_eq!(book.start, at("2026-11-24T11:30"));
    assert!(!book.provisional);
    assert_eq!(book.key, None);
}

#[test]
fn the_service_of_the_last_visit_is_preset_and_a_number_is_a_length() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter>");
    desk.sees("Follow-up, 30 min with Dr Chen");
    desk.press("45<Enter>");
    assert_eq!(desk.booked().1.length, Length::Minutes(45));
}

#[test]
fn enter_before_the_service_is_looked_up_waits_and_never_books_what_was_not_shown() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries");
    desk.slow = true;
    desk.press("<Enter><Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.catch_up();
    // the line has changed under the second Enter
    assert_eq!(desk.bookings(), 0);
    desk.press("<Enter>");
    assert_eq!(desk.booked().1.length, Length::Service("follow-up".into()));

    let mut desk = Desk::booking(80, 24);
    desk.press("mariam");
    desk.slow = true;
    desk.press("<Enter><Enter>");
    desk.catch_up();
    // nothing was preset, the line is what it was
    assert_eq!(desk.booked().1.customer, Who::Known("person-3".into()));
}

#[test]
fn enter_before_the_answer_picks_nobody_who_was_not_seen_among_several() {
    let mut desk = Desk::booking(80, 24);
    desk.slow = true;
    desk.press("maria<Enter>");
    desk.catch_up();
    desk.sees("Several people could be meant");
    desk.press("<Tab>why<Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.press("<Down><Enter><Enter>");
    assert_eq!(desk.booked().1.customer, Who::Known("person-2".into()));
}

#[test]
fn typing_after_a_pick_unpicks() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter><BackTab>x<Tab><Tab><Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.sees("Nobody is picked yet");
}

#[test]
fn an_unknown_name_and_enter_opens_phone_mail_and_birth_date_in_place() {
    let mut desk = Desk::booking(80, 24);
    desk.press("Zoë Novak<Enter>+49 160 1<Tab>zoe@example.com<Tab>14.3.87<Tab><Tab>first visit");
    desk.sees("Zoë Novak, born 14 Mar 1987, +49 160 1 (new)");
    desk.press("<Enter>");
    let (_, book) = desk.booked();
    let Who::New(new) = book.customer else {
        panic!("somebody new");
    };
    assert_eq!(new.name, "Zoë Novak");
    assert_eq!(new.mobile.as_deref(), Some("+49 160 1"));
    assert_eq!(new.email.as_deref(), Some("zoe@example.com"));
    assert_eq!(new.born, NaiveDate::from_ymd_opt(1987, 3, 14));
    assert_eq!(book.reason, "first visit");
}

#[test]
fn a_birth_date_that_cannot_be_read_is_asked_again_before_anything_is_booked() {
    let mut desk = Desk::booking(80, 24);
    desk.press("Zoë<Enter><Tab><Tab>31.2.90<Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.sees("“31.2.90” is not a birth date");
}

#[test]
fn a_namesake_stands_first_and_somebody_new_takes_an_explicit_choice() {
    let mut desk = Desk::booking(80, 24);
    desk.press("Maria Silva");
    desk.sees("+ New patient “Maria Silva”");
    desk.press("<Enter>");
    desk.sees("Maria Silva, born 14 Mar 1987");
    let mut desk = Desk::booking(80, 24);
    desk.press("Maria Silva<Up><Enter>");
    desk.sees("Maria Silva, no birth date, no phone (new)");
    desk.sees("make sure that this is another person");
}

#[test]
fn an_empty_search_picks_nobody() {
    let mut desk = Desk::booking(80, 24);
    desk.press("<Enter><Enter>");
    desk.sees("Type a name, a phone number or a birth date");
    assert_eq!(desk.bookings(), 0);
}

#[test]
fn the_steps_appear_as_they_happen_and_booked_is_said_only_at_the_end() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter><Enter>");
    let (ticket, _) = desk.booked();
    for (step, words) in [
        (Progress::Recorded, "recorded"),
        (Progress::Checking, "recorded · checking…"),
        (Progress::Claimed, "recorded · checked · claimed"),
        (Progress::Verified, "claimed · verified"),
        (Progress::Confirmed, "verified · confirmed"),
    ] {
        desk.robot.progress(ticket, step);
        desk.sees(words);
        desk.misses("Booked:");
    }
    desk.tell(Msg::Tick(clinic::now() + Duration::milliseconds(412)));
    desk.done(ticket, Ok(Outcome::Booked(visit(0))));
    assert!(desk.robot.state.dialogs.is_empty());
    desk.sees("Booked: Maria Silva Souza with Dr Chen, today, 11:30.");
    desk.sees("recorded · checked · claimed · verified · confirmed ✓ 412 ms");
}

#[test]
fn a_second_enter_does_not_book_twice() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter><Enter><Enter>abc<Enter>");
    assert_eq!(desk.bookings(), 1);
}

#[test]
fn a_refusal_keeps_all_that_was_typed_and_offers_other_times() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter><Tab>sore throat<Enter>");
    let (ticket, _) = desk.booked();
    desk.done(ticket, Err(taken()));
    desk.sees("is taken: somebody put an event there");
    desk.sees("sore throat");
    desk.sees("Alt+2");
    desk.press("<M-2>");
    assert_eq!(desk.bookings(), 1);
    desk.sees("13:20–13:50");
    desk.press("<Enter>");
    let (_, book) = desk.booked();
    assert_eq!(book.start, at("2026-11-24T13:20"));
    assert_eq!(book.reason, "sore throat");
    assert_eq!(book.customer, Who::Known("person-4".into()));
}

#[test]
fn without_an_answer_it_asks_and_never_says_booked() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter><Enter>");
    let (ticket, _) = desk.booked();
    desk.done(ticket, Err(no_answer()));
    desk.sees("Google does not answer. Book provisionally?");
    desk.press("<Enter>");
    assert_eq!(desk.bookings(), 1);
    desk.press("n");
    desk.sees("Nothing was booked");
    desk.press("<Enter>");
    let (ticket, _) = desk.booked();
    desk.done(ticket, Err(no_answer()));
    desk.press("y");
    let (ticket, book) = desk.booked();
    assert!(book.provisional);
    let mut pending = visit(3);
    pending.customer_name = "Jan de Vries".to_owned();
    desk.done(ticket, Ok(Outcome::BookedProvisionally(pending)));
    desk.misses("Booked");
    desk.sees("Google has not confirmed it");
    desk.sees("pending");
}

#[test]
fn somebody_new_is_recorded_once_although_the_first_slot_was_refused() {
    let mut desk = Desk::booking(80, 24);
    desk.press("Maria Silva<Up><Enter>+49 151 2345<Enter>");
    let (ticket, book) = desk.booked();
    assert!(matches!(book.customer, Who::New(_)));
    // the intent recorded her before the slot turned out to be taken
    desk.people
        .push(person(9, "Maria Silva", Some("+49 1512345"), None));
    desk.done(ticket, Err(taken()));
    desk.press("<M-1><Enter>");
    assert_eq!(desk.booked().1.customer, Who::Known("person-9".into()));
}

#[test]
fn somebody_new_stays_new_when_only_others_of_that_name_are_known() {
    let mut desk = Desk::booking(80, 24);
    desk.people.push(person(9, "Zoë Novak", None, None));
    desk.press("Zoë Novak<Up><Enter><Enter>");
    let (ticket, _) = desk.booked();
    desk.done(ticket, Err(taken()));
    desk.press("<M-1><Enter>");
    assert!(matches!(desk.booked().1.customer, Who::New(_)));
}

#[test]
fn esc_puts_a_half_filled_booking_aside_and_p_brings_it_back() {
    let mut desk = Desk::booking(160, 48);
    desk.press("<Esc>");
    assert!(desk.robot.state.parked.is_empty(), "nothing was typed");
    desk.press("<Enter>vries<Enter><Tab>sore throat<Esc>");
    assert!(desk.robot.state.dialogs.is_empty());
    desk.sees("1 put aside");
    desk.press("p");
    desk.sees("sore throat");
    desk.press("<Enter>");
    assert_eq!(desk.booked().1.customer, Who::Known("person-4".into()));
}

#[test]
fn of_several_put_aside_the_newest_is_offered_first() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Esc><Enter>maria<Esc><Enter>zoë<Esc>");
    desk.press("p");
    insta::assert_snapshot!("drafts", desk.screen());
    desk.press("<Down><Enter>");
    desk.sees("Maria Silva");
    assert_eq!(desk.robot.state.parked.len(), 2);
}

#[test]
fn esc_while_it_runs_lets_it_go_on_and_its_end_is_told() {
    let mut desk = Desk::booking(160, 48);
    desk.press("vries<Enter><Enter><Esc>");
    let (ticket, _) = desk.booked();
    assert!(desk.robot.state.dialogs.is_empty());
    desk.misses("put aside");
    desk.done(ticket, Ok(Outcome::Booked(visit(0))));
    desk.sees("Booked: Maria Silva Souza");
    assert!(desk.robot.state.parked.is_empty());

    let mut desk = Desk::booking(160, 48);
    desk.press("vries<Enter><Tab>sore throat<Enter><Esc>");
    let (ticket, _) = desk.booked();
    desk.done(ticket, Err(taken()));
    desk.sees("is taken");
    desk.sees("p brings it back");
    desk.press("p");
    desk.sees("sore throat");
    desk.sees("Alt+1");
}

#[test]
fn an_open_search_is_not_answered_by_what_a_parked_booking_asked() {
    let mut desk = Desk::booking(80, 24);
    desk.slow = true;
    desk.press("vries<Esc><Enter>maria");
    desk.catch_up();
    desk.sees("Mariam Odunsi");
    desk.misses("Jan de Vries");
}

#[test]
fn ten_megabytes_pasted_do_not_get_in() {
    let mut desk = Desk::booking(80, 24);
    desk.tell(Msg::Paste("Ma\u{1b}]0;x\u{7}\u{202e}ria ".repeat(800_000)));
    let Some(Dialog::Booking(booking)) = desk.robot.state.dialogs.last() else {
        panic!("the dialog is open");
    };
    let text = booking.people.field.text();
    assert!(text.chars().count() <= 120);
    assert!(frontdesk::domain::text::is_clean(text));
    desk.screen();
}

#[test]
fn a_booking_longer_than_the_free_time_says_so_before_it_is_sent() {
    let mut desk = Desk::booking(80, 24);
    desk.press("mariam<Enter>120");
    desk.sees("Free only until");
}

#[test]
fn a_service_that_is_not_on_offer_is_not_passed_over() {
    let mut desk = Desk::booking(80, 24);
    desk.press("mariam<Enter>physio<Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.sees("No service is called “physio”");
}

#[test]
fn the_dialog_as_it_looks() {
    for (size, (width, height)) in [("small", (80, 24)), ("wide", (160, 48))] {
        let mut desk = Desk::booking(width, height);
        insta::assert_snapshot!(format!("empty_{size}"), desk.screen());
        desk.press("maria");
        insta::assert_snapshot!(format!("searching_{size}"), desk.screen());
        desk.press("<Down><Enter>");
        insta::assert_snapshot!(format!("picked_{size}"), desk.screen());
        desk.press("<Tab>sore throat<Enter>");
        let (ticket, _) = desk.booked();
        desk.robot.progress(ticket, Progress::Recorded);
        desk.robot.progress(ticket, Progress::Checking);
        insta::assert_snapshot!(format!("running_{size}"), desk.screen());
        desk.done(ticket, Err(taken()));
        desk.press("<M-2>");
        insta::assert_snapshot!(format!("refused_{size}"), desk.screen());
        desk.press("<Enter>");
        let (ticket, _) = desk.booked();
        desk.done(ticket, Err(no_answer()));
        insta::assert_snapshot!(format!("asking_{size}"), desk.screen());
        let mut desk = Desk::booking(width, height);
        desk.press("Zoë Novak<Enter>+49 160 1<Tab><Tab>14.3.87");
        insta::assert_snapshot!(format!("new_{size}"), desk.screen());
    }
}

fn anything() -> impl Strategy<Value = Vec<String>> {
    let keys = prop_oneof![
        prop::sample::select(vec![
            "<Enter>",
            "<Esc>",
            "<Tab>",
            "<BackTab>",
            "<Up>",
            "<Down>",
            "<Left>",
            "<Backspace>",
            "<M-1>",
            "<M-3>",
            "p",
            "y",
            "n",
            "ma",
            "4",
            "李",
            "!",
            "/",
            "#taken",
            "#none",
            "#step",
            "#booked",
            "#slow",
            "#late",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(keys, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_and_no_reports_at_no_size_break_it(
        steps in anything(), width in 1u16..200, height in 1u16..60,
    ) {
        let mut desk = Desk::booking(80, 24);
        desk.tell(Msg::Resize { width, height });
        for step in steps {
            let ticket = desk.robot.acts.last().map_or(1, |(ticket, _)| *ticket);
            match step.as_str() {
                "#taken" => desk.done(ticket, Err(taken())),
                "#none" => desk.done(ticket, Err(no_answer())),
                "#booked" => desk.done(ticket, Ok(Outcome::Booked(visit(0)))),
                "#step" => desk.tell(Msg::Report(Report::Progressed { ticket, step: Progress::Checking })),
                "#slow" => desk.slow = true,
                "#late" => desk.catch_up(),
                keys => { desk.press(keys); }
            }
            desk.screen();
        }
    }
}

#[test]
fn a_small_window_shows_who_can_be_picked_and_what_is_booked_in_full() {
    let mut desk = Desk::booking(41, 13);
    desk.press("vries");
    desk.sees("▸ Jan de Vries");
    desk.press("<Enter>");
    for words in ["born 30 Dec 1961", "+49 170 99 88 77", "11:30–12:00"] {
        desk.sees(words);
    }
    desk.press("<Enter>");
    assert_eq!(desk.bookings(), 1);
}

#[test]
fn nothing_is_booked_where_it_could_not_be_read() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter>");
    desk.robot.tell(Msg::Resize {
        width: 30,
        height: 8,
    });
    desk.press("<Enter>");
    assert_eq!(desk.bookings(), 0);
    desk.robot.tell(Msg::Resize {
        width: 80,
        height: 24,
    });
    desk.sees("make the window 40 by 12 or larger");
    desk.press("<Enter>");
    assert_eq!(desk.bookings(), 1);
}

#[test]
fn a_phone_typed_into_the_service_leaves_no_length_behind() {
    let mut desk = Desk::booking(80, 24);
    desk.press("vries<Enter>");
    desk.sees("11:30–12:00");
    desk.press("0151 222333<Tab>");
    desk.sees("with Dr Chen, today, Tue 24 Nov 2026, 11:30–12:00");
}
