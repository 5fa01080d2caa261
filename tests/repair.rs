//! What a person chooses about a visit that is not in step with Google, over the command line and against
//! the practice calendar.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, Ran, day_at, utc};

fn book(clinic: &Clinic, time: &str, customer: &str) -> Value {
    clinic
        .run(&[
            "book",
            "--doctor",
            "Dr Chen",
            "--customer",
            customer,
            "--new",
            "--minutes",
            "30",
            "--start",
            &day_at(1, time),
        ])
        .ok()
        .json()
}

fn id(visit: &Value) -> &str {
    visit["appointment_id"].as_str().unwrap()
}

fn event_of(visit: &Value) -> &str {
    visit["google_event_id"].as_str().unwrap()
}

fn repair(clinic: &Clinic, act: &str, visit: &Value) -> Ran {
    clinic.run(&["repair", act, id(visit)])
}

fn listed(clinic: &Clinic) -> Vec<Value> {
    let list = clinic.run(&["repair", "list"]).ok().json();
    list.as_array().unwrap().clone()
}

fn show(clinic: &Clinic, visit: &Value) -> Value {
    clinic.run(&["show", id(visit)]).ok().json()
}

fn message(ran: &Ran) -> String {
    ran.error()["message"].as_str().unwrap().to_owned()
}

/// When the visit's live event starts.
fn in_google(clinic: &Clinic) -> Vec<String> {
    let events = clinic.events(CHEN, false);
    let start = |event: &Value| {
        let start = event["start"]["dateTime"].as_str().unwrap();
        start
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    };
    events.iter().map(start).collect()
}

/// A visit at 10:30 that somebody moved on the phone to 16:00; a move of the desk's met that.
fn moved_on_the_phone(clinic: &Clinic) -> Value {
    let visit = book(clinic, "10:30", "Maria Silva");
    clinic.patch(
        CHEN,
        event_of(&visit),
        &json!({
            "start": {"dateTime": utc(1, "16:00")}, "end": {"dateTime": utc(1, "16:30")},
        }),
    );
    met(clinic, &visit);
    visit
}

/// A visit at 10:30 whose event somebody deleted; a move of the desk's met that.
fn deleted_on_the_phone(clinic: &Clinic) -> Value {
    let visit = book(clinic, "10:30", "Maria Silva");
    clinic.delete(CHEN, event_of(&visit));
    met(clinic, &visit);
    visit
}

fn met(clinic: &Clinic, visit: &Value) {
    let start = day_at(1, "09:00");
    let refused = clinic.run(&["move", id(visit), "--start", &start]);
    assert_eq!(refused.code, 5, "{refused:?}");
    assert_eq!(listed(clinic).len(), 1);
}

#[test]
fn googles_time_is_taken_over() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    repair(&clinic, "adopt", &visit).ok();
    assert_eq!(show(&clinic, &visit)["start"], utc(1, "16:00"));
    assert_eq!(in_google(&clinic), [utc(1, "16:00")]);
    assert_eq!(listed(&clinic), Vec::<Value>::new());
    // once is enough
    let twice = repair(&clinic, "adopt", &visit);
    assert_eq!(twice.code, 5, "{twice:?}");
    assert!(message(&twice).contains("in step"), "{twice:?}");
}

#[test]
fn our_time_is_kept_by_moving_the_event_back() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    repair(&clinic, "putback", &visit).ok();
    assert_eq!(in_google(&clinic), [utc(1, "10:30")]);
    let shown = show(&clinic, &visit);
    assert_eq!(shown["start"], utc(1, "10:30"));
    assert_eq!(shown["sync_state"], "synced");
    assert_eq!(shown["google_event_id"], visit["google_event_id"]);
    assert_eq!(listed(&clinic), Vec::<Value>::new());
    let told = clinic
        .command()
        .args(["show", id(&visit)])
        .output()
        .unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("putting back recorded, from"), "{told}");
    // and the desk moves it as any other
    clinic
        .run(&["move", id(&visit), "--start", &day_at(1, "09:00")])
        .ok();
    assert_eq!(in_google(&clinic), [utc(1, "09:00")]);
}

#[test]
fn an_event_is_not_moved_back_onto_what_somebody_put_there_meanwhile() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    clinic.insert(
        CHEN,
        &json!({
            "summary": "Dentist",
            "start": {"dateTime": utc(1, "10:00")}, "end": {"dateTime": utc(1, "11:00")},
        }),
    );
    let refused = repair(&clinic, "putback", &visit);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert_eq!(listed(&clinic).len(), 1, "it still needs a person");
    let mut starts = in_google(&clinic);
    starts.sort();
    assert_eq!(starts, [utc(1, "10:00"), utc(1, "16:00")]);
}

#[test]
fn without_an_answer_nothing_is_chosen_on_what_is_not_known() {
    let mut clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    clinic.stop_google();
    for act in ["putback", "adopt", "recreate"] {
        let refused = repair(&clinic, act, &visit);
        assert_eq!(refused.code, 6, "{refused:?}");
        assert!(message(&refused).contains("nothing was changed"));
    }
    let shown = clinic.run(&["repair", "show", id(&visit)]);
    assert_eq!(shown.code, 6, "{shown:?}");
    assert_eq!(shown.json()["appointment_id"], visit["appointment_id"]);
    clinic.start_google();
    repair(&clinic, "putback", &visit).ok();
    assert_eq!(in_google(&clinic), [utc(1, "10:30")]);
}

#[test]
fn what_somebody_deleted_is_put_back_on_purpose_only() {
    let clinic = Clinic::with_chen();
    let visit = deleted_on_the_phone(&clinic);
    let retried = repair(&clinic, "retry", &visit);
    assert_eq!(retried.code, 5, "{retried:?}");
    assert!(message(&retried).contains("re-create it"), "{retried:?}");
    assert_eq!(in_google(&clinic), Vec::<String>::new());
    let all = clinic.run(&["repair", "retry", "--all"]);
    assert_eq!(all.code, 5, "{all:?}");
    assert_eq!(in_google(&clinic), Vec::<String>::new());
    repair(&clinic, "recreate", &visit).ok();
    assert_eq!(in_google(&clinic), [utc(1, "10:30")]);
    assert_eq!(show(&clinic, &visit)["sync_state"], "synced");
    assert_eq!(listed(&clinic), Vec::<Value>::new());
}

#[test]
fn an_event_that_is_there_again_is_not_put_there_twice() {
    let clinic = Clinic::with_chen();
    let visit = deleted_on_the_phone(&clinic);
    // taken back from the bin
    clinic.patch(CHEN, event_of(&visit), &json!({"status": "confirmed"}));
    let refused = repair(&clinic, "recreate", &visit);
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(message(&refused).contains("there again"), "{refused:?}");
    assert!(message(&refused).contains("take Google's time"));
    repair(&clinic, "adopt", &visit).ok();
    assert_eq!(in_google(&clinic), [utc(1, "10:30")]);
    assert_eq!(listed(&clinic), Vec::<Value>::new());
}

#[test]
fn what_does_not_fit_is_refused_with_what_does() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    let refused = repair(&clinic, "recreate", &visit);
    assert_eq!(refused.code, 5, "{refused:?}");
    for words in ["take Google's time", "keep our time", "call the visit off"] {
        assert!(message(&refused).contains(words), "{words}: {refused:?}");
    }
    assert_eq!(in_google(&clinic), [utc(1, "16:00")]);
    let nobody = clinic.run(&["repair", "adopt", "ffffffff"]);
    assert_eq!(nobody.code, 3, "{nobody:?}");
}

#[test]
fn a_visit_in_repair_is_called_off_with_a_reason() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    assert_eq!(repair(&clinic, "cancel", &visit).code, 2);
    clinic
        .run(&["repair", "cancel", id(&visit), "--reason", "not coming"])
        .ok();
    assert_eq!(in_google(&clinic), Vec::<String>::new());
    assert_eq!(show(&clinic, &visit)["status"], "cancelled");
    assert_eq!(listed(&clinic), Vec::<Value>::new());
}

#[test]
fn a_trouble_is_ignored_with_a_reason_and_both_sides_stay_as_they_are() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    assert_eq!(repair(&clinic, "ignore", &visit).code, 2);
    let empty = clinic.run(&["repair", "ignore", id(&visit), "--reason", " "]);
    assert_eq!(empty.code, 2, "{empty:?}");
    clinic
        .run(&[
            "repair",
            "ignore",
            id(&visit),
            "--reason",
            "agreed by phone",
        ])
        .ok();
    assert_eq!(in_google(&clinic), [utc(1, "16:00")]);
    let shown = show(&clinic, &visit);
    assert_eq!(shown["start"], utc(1, "10:30"));
    assert_eq!(shown["sync_state"], "synced");
}

#[test]
fn one_is_shown_with_both_sides_as_google_has_it_now_and_with_what_can_be_done() {
    let clinic = Clinic::with_chen();
    let visit = moved_on_the_phone(&clinic);
    let shown = repair(&clinic, "show", &visit).ok().json();
    assert_eq!(shown["google"]["event"]["start"], utc(1, "16:00"));
    assert_eq!(shown["google"]["event"]["ours"], true);
    assert_eq!(
        shown["actions"],
        json!(["adopt_times", "put_back", "cancel", "ignore"])
    );
    assert!(shown["timeline"].as_array().unwrap().len() > 1, "{shown}");
    // it is read anew each time
    clinic.patch(
        CHEN,
        event_of(&visit),
        &json!({
            "start": {"dateTime": utc(1, "17:00")}, "end": {"dateTime": utc(1, "17:30")},
        }),
    );
    let told = clinic
        .command()
        .args(["repair", "show", &id(&visit)[..8]])
        .output()
        .unwrap();
    let told = Ran::from(told).ok().out;
    let mut lines = told.lines();
    let time = lines.find(|line| line.contains("17:00–17:30")).unwrap();
    assert!(time.contains('≠') && time.contains("10:30–11:00"), "{told}");
    assert!(told.contains("frontdesk repair putback"), "{told}");
    clinic.delete(CHEN, event_of(&visit));
    let gone = repair(&clinic, "show", &visit).ok().json();
    assert_eq!(gone["google"]["event"], Value::Null);
    assert_eq!(gone["actions"], json!(["recreate", "cancel", "ignore"]));
}

#[test]
fn the_list_is_narrowed_by_doctor_and_by_cause() {
    let clinic = Clinic::with_chen();
    moved_on_the_phone(&clinic);
    let count = |more: &[&str]| {
        let line = [&["repair", "list"], more].concat();
        let list = clinic.run(&line).ok().json();
        list.as_array().unwrap().len()
    };
    assert_eq!(count(&["--doctor", "Dr Chen"]), 1);
    assert_eq!(count(&["--cause", "changed"]), 1);
    assert_eq!(count(&["--cause", "gone"]), 0);
    assert_eq!(count(&["--cause", "pending", "--doctor", "Dr Chen"]), 0);
    assert_eq!(clinic.run(&["repair", "list", "--cause", "odd"]).code, 2);
    assert_eq!(clinic.run(&["repair", "list", "--doctor", "Who"]).code, 3);
}

#[test]
fn a_visit_that_was_moved_outside_the_hours_goes_back_to_the_time_it_was_booked_for() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:30", "Maria Silva");
    clinic
        .run(&["hours", "set", "Dr Chen", "all", "08:00-18:00"])
        .ok();
    clinic.patch(
        CHEN,
        event_of(&visit),
        &json!({
            "start": {"dateTime": utc(1, "20:00")}, "end": {"dateTime": utc(1, "20:30")},
        }),
    );
    // what was booked a moment ago is looked at again
    clinic.run(&["repair", "retry", "--all"]);
    let items = listed(&clinic);
    assert_eq!(items.len(), 1, "{items:?}");
    assert_eq!(items[0]["cause"], "moved_in_google");
    assert_eq!(items[0]["start"], utc(1, "20:00"), "Google is the truth");
    assert_eq!(items[0]["booked_for"]["start"], utc(1, "10:30"));
    repair(&clinic, "putback", &visit).ok();
    assert_eq!(in_google(&clinic), [utc(1, "10:30")]);
    assert_eq!(show(&clinic, &visit)["start"], utc(1, "10:30"));
    assert_eq!(listed(&clinic), Vec::<Value>::new());
}
