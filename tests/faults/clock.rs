//! A desk whose clock is wrong: leases are judged by Google's clock, and the person is told. The practice
//! calendar's clock is set instead of the computer's: what counts is how far they are from each other.

use super::{answers, book, booking, hold, other_desk, ours, repairs, slot, spawn_as};
use crate::support::term::Term;
use crate::support::{CHEN, Clinic, Ran, day_at, eventually, utc};
use serde_json::json;

const DAY: i64 = 86_400;

/// What is said of a clock that is off by a day; Google's is `ahead` of it or behind.
fn sentence(google_ahead: bool) -> String {
    let way = if google_ahead { "behind" } else { "ahead of" };
    format!(
        "This computer's clock is 1 day {way} Google's: “today” and what is over are wrong here. Check the \
         date of every visit with the patient, and have the clock set right. No slot is sold twice because \
         of it."
    )
}

#[test]
fn a_clock_one_day_off_is_told_beside_whatever_else_there_is_to_say() {
    for (ahead, shift) in [(true, DAY), (false, -DAY)] {
        let clinic = Clinic::with_chen();
        clinic.let_pass(shift);
        let ran = book(&clinic, "10:30", "Maria Silva").ok();
        assert_eq!(ran.json()["status"], "confirmed");
        let warning = json!({"warning": {"code": "internal", "message": sentence(ahead)}});
        let said: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!(said, warning);
        // beside a refusal: still one object
        clinic.insert(
            CHEN,
            &json!({"summary": "Dentist",
                "start": {"dateTime": utc(1, "12:00")}, "end": {"dateTime": utc(1, "13:00")}}),
        );
        let ran = book(&clinic, "12:30", "Bo Lindqvist");
        assert_eq!(ran.code, 4, "{ran:?}");
        let said: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!(said["warning"], warning["warning"], "{said}");
        let words = format!(
            "{} is taken: the doctor's calendar has an entry there.",
            slot("12:30")
        );
        assert_eq!(said["error"]["message"], words);
        // and in text a line of its own
        let start = day_at(1, "15:00");
        let output = clinic.command().args(booking(&start, "Ann")).output();
        let ran = Ran::from(output.unwrap()).ok();
        assert_eq!(ran.err, format!("frontdesk: {}\n", sentence(ahead)));
        assert!(ran.out.starts_with("Booked: Ann with Dr Chen"), "{ran:?}");
    }
}

#[test]
fn a_clock_that_is_a_minute_off_is_not_worth_a_word() {
    for shift in [100, -100] {
        let clinic = Clinic::with_chen();
        clinic.let_pass(shift);
        assert_eq!(book(&clinic, "10:30", "Maria Silva").ok().err, "");
    }
}

#[test]
fn a_live_claim_outlives_a_desk_whose_clock_says_it_is_dead_and_a_dead_one_does_not() {
    let cases =
        [DAY, -DAY].map(|shift| std::thread::spawn(move || claims_are_judged_by_google(shift)));
    for case in cases {
        case.join().unwrap();
    }
}

fn claims_are_judged_by_google(shift: i64) {
    let clinic = Clinic::with_chen();
    let other = other_desk(&clinic);
    clinic.let_pass(shift);
    let start = day_at(1, "10:30");
    let config = clinic.config();
    let mut dying = hold(&clinic, &config, "events.list", &booking(&start, "Maria"));
    dying.kill().unwrap();
    dying.wait().unwrap();
    clinic.clear_faults();
    let claim = ours(&clinic)[0]["id"].clone();
    clinic.forget_calls();
    let mut waiting = spawn_as(&clinic, &other, &booking(&start, "Bo Lindqvist"));
    eventually("the other desk has looked three times", || {
        answers(&clinic, "events.list").len() >= 3
    });
    assert!(
        waiting.try_wait().unwrap().is_none(),
        "it waits for the claim"
    );
    let stands = |clinic: &Clinic| ours(clinic).iter().any(|e| e["id"] == claim);
    assert!(stands(&clinic), "{shift}: a live claim was deleted");
    clinic.let_pass(121);
    let ran = Ran::from(waiting.wait_with_output().unwrap()).ok();
    assert_eq!(ran.json()["status"], "confirmed", "{shift}");
    assert!(!stands(&clinic), "{shift}");
    assert_eq!(ours(&clinic).len(), 1, "{shift}");
}

#[test]
fn two_desks_whose_clocks_are_wrong_sell_a_slot_once() {
    for shift in [DAY, -DAY] {
        let clinic = Clinic::with_chen();
        let other = other_desk(&clinic);
        clinic.let_pass(shift);
        let start = day_at(1, "10:30");
        let config = clinic.config();
        let first = hold(&clinic, &config, "events.list", &booking(&start, "Maria"));
        let second = spawn_as(&clinic, &other, &booking(&start, "Bo"));
        // the second has seen the first one's claim before that one goes on
        eventually("the second desk has listed", || {
            !answers(&clinic, "events.list").is_empty()
        });
        clinic.clear_faults();
        let ends = [first, second].map(|desk| Ran::from(desk.wait_with_output().unwrap()).code);
        assert!(ends == [0, 4] || ends == [4, 0], "{shift}: {ends:?}");
        let events = ours(&clinic);
        assert_eq!(events.len(), 1, "{shift}: {events:?}");
        assert_eq!(events[0]["status"], "confirmed");
        assert_eq!(repairs(&clinic), json!([]));
    }
}

#[test]
fn the_screen_says_that_the_clock_is_wrong_until_it_is_set_right() {
    for (shift, short) in [(DAY, "clock 1 day slow"), (-DAY, "clock 1 day fast")] {
        let clinic = Clinic::with_chen();
        clinic.let_pass(shift);
        let mut term = Term::open(&clinic, 160, 40);
        term.wait_for(short);
        let text = term.text();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("“today” and what is over are wrong here"),
            "{text}"
        );
        clinic.let_pass(-shift);
        term.send("R");
        term.wait_gone(short);
        assert!(!term.text().contains("clock"), "{}", term.text());
    }
}
