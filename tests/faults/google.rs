//! What Google answers when it does not answer well.

use super::{
    answers, book, booking, hold, impatient, let_go, ours, repairs, slot, the_visit, told,
};
use crate::support::{CHEN, Clinic, day_at, now, utc};
use chrono::{DateTime, Duration};
use serde_json::{Value, json};

/// What is said of a booking that Google has not answered.
fn unconfirmed(reason: &str) -> String {
    format!(
        "Google has not confirmed this visit: it is recorded, and the program goes on trying while a desk is \
         open. Do not promise the time yet. The reason: {reason}. To try now: frontdesk repair retry ID"
    )
}

#[test]
fn silence_of_every_kind_is_told_with_its_reason_and_made_good_by_a_retry() {
    let cases = [
        (
            json!({"status": 503, "body": "html"}),
            "Google did not answer (its servers have trouble, code 503)",
        ),
        (
            json!({"body": "truncated"}),
            "Google did not answer (the connection broke off; check the network)",
        ),
        (
            json!({"latency_ms": 4_000}),
            "Google did not answer (nothing came within 2 seconds)",
        ),
        (
            json!({"status": 403, "reason": "rateLimitExceeded"}),
            "Google asks for a pause, since it got too many requests in a short time",
        ),
        (
            json!({"status": 429, "retry_after": 30}),
            "Google asks for a pause, since it got too many requests in a short time",
        ),
        (
            json!({"status": 403, "reason": "quotaExceeded"}),
            "the clinic may ask Google no more for now: its quota is used up, which can last a day",
        ),
        (
            json!({"status": 401}),
            "the Google account needs a sign-in (it no longer accepts the present one)",
        ),
    ];
    let cases: Vec<_> = cases
        .into_iter()
        .flat_map(|(fault, reason)| {
            [
                "freebusy.query",
                "events.insert",
                "events.list",
                "events.patch",
            ]
            .map(|route| {
                let mut fault = fault.clone();
                fault["route"] = json!(route);
                (fault, reason)
            })
        })
        .map(|(fault, reason)| {
            std::thread::spawn(move || {
                let clinic = impatient();
                clinic.fault(&fault);
                let ran = book(&clinic, "10:30", "Maria Silva");
                assert_eq!(ran.code, 6, "{fault} {ran:?}");
                let expected = ("no_answer".to_owned(), unconfirmed(reason));
                assert_eq!(told(&ran), expected, "{fault}");
                assert_eq!(ran.json()["status"], "pending", "{fault}");
                let item = &repairs(&clinic)[0];
                assert_eq!(item["sync_state"], "sync_pending", "{fault} {item}");
                assert_eq!(item["last_error"], reason, "{fault} {item}");
                clinic.clear_faults();
                clinic.run(&["repair", "retry", "--all"]).ok();
                let visit = the_visit(&clinic, &clinic.config());
                assert_eq!(visit["status"], "confirmed", "{fault} {visit}");
                let events = ours(&clinic);
                assert_eq!(events.len(), 1, "{fault} {events:?}");
                assert_eq!(events[0]["status"], "confirmed", "{fault}");
                assert_eq!(events[0]["id"], visit["google_event_id"], "{fault}");
                assert_eq!(repairs(&clinic), json!([]), "{fault}");
            })
        })
        .collect();
    for case in cases {
        case.join().unwrap();
    }
}

#[test]
fn a_wait_that_google_asks_for_is_kept_to_whether_in_seconds_or_as_a_date_and_never_a_day() {
    for (wait, form, most) in [
        (60, "seconds", 91),
        (60, "date", 91),
        (86_400, "seconds", 1_800),
    ] {
        let clinic = impatient();
        // Google's clock is not the desk's: a date must be read by the clock that it was written by
        clinic.let_pass(60);
        let fault = json!({"route": "events.insert", "status": 429, "retry_after": wait,
            "retry_after_form": form});
        clinic.fault(&fault);
        let before = now();
        let ran = book(&clinic, "10:30", "Maria Silva");
        assert_eq!(ran.code, 6, "{fault} {ran:?}");
        assert_eq!(clinic.calls().len(), 2, "it was not asked again at once");
        let next = repairs(&clinic)[0]["next_try"].clone();
        let next = DateTime::parse_from_rfc3339(next.as_str().unwrap()).unwrap();
        let least = Duration::seconds(wait.min(most) - 1);
        assert!(next - before.fixed_offset() >= least, "{fault} {next}");
        let most = Duration::seconds(most + 1);
        assert!(next - now().fixed_offset() <= most, "{fault} {next}");
    }
}

#[test]
fn what_google_refuses_for_good_before_anything_stands_is_not_booked_and_says_who_can_help() {
    let sharing = "the calendar chen@clinic.example does not exist or is not shared with the desk's Google account";
    for (fault, why) in [
        (
            json!({"status": 400}),
            "Google refused the request: its words are “badRequest”. Trying again will not help: please \
             report this sentence",
        ),
        (
            json!({"status": 403, "reason": "forbidden"}),
            "Google does not allow this: the calendar is not shared with the right to change events; its \
             owner can grant that in the calendar's sharing settings",
        ),
        (
            json!({"status": 403, "reason": "insufficientPermissions"}),
            "Google does not allow this: the sign-in does not cover everything the desk needs; sign in \
             again and allow all that is asked for",
        ),
        (json!({"status": 404}), sharing),
    ] {
        let clinic = impatient();
        let mut refusing = fault.clone();
        refusing["route"] = json!("events.insert");
        clinic.fault(&refusing);
        let ran = book(&clinic, "10:30", "Maria Silva");
        assert_eq!(ran.code, 4, "{fault} {ran:?}");
        let words = format!("{} was not booked: {why}.", slot("10:30"));
        assert_eq!(told(&ran), ("not_available".to_owned(), words), "{fault}");
        assert!(
            ours(&clinic).is_empty() && repairs(&clinic) == json!([]),
            "{fault}"
        );
        // the time is not kept for what was refused
        clinic.clear_faults();
        book(&clinic, "10:30", "Bo Lindqvist").ok();
    }
}

#[test]
fn what_google_refuses_once_the_claim_stands_is_for_a_person_and_not_said_to_go_on_by_itself() {
    let clinic = impatient();
    clinic.fault(&json!({"route": "events.patch", "status": 400}));
    let ran = book(&clinic, "10:30", "Maria Silva");
    assert_eq!(ran.code, 5, "{ran:?}");
    let words = "This visit is recorded, but not booked: do not promise the time. Google refuses to let the \
                 desk finish this booking: Google refused the request: its words are “badRequest”. Trying \
                 again will not help: please report this sentence. The program does not try again by itself: \
                 frontdesk repair list says what can be done, and when it is mended: frontdesk repair retry ID";
    assert_eq!(told(&ran), ("rule".to_owned(), words.to_owned()));
    assert_eq!(repairs(&clinic)[0]["sync_state"], "needs_repair");
    clinic.clear_faults();
    clinic.run(&["repair", "retry", "--all"]).ok();
    assert_eq!(the_visit(&clinic, &clinic.config())["status"], "confirmed");
    let confirmed = ours(&clinic)
        .iter()
        .filter(|e| e["status"] == "confirmed")
        .count();
    assert_eq!((confirmed, ours(&clinic).len()), (1, 1));
}

#[test]
fn a_strangers_event_under_our_id_is_left_alone_and_a_retry_books_under_another() {
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let held = hold(
        &clinic,
        &clinic.config(),
        "freebusy.query",
        &booking(&start, "Maria Silva"),
    );
    let id = the_visit(&clinic, &clinic.config())["google_event_id"].clone();
    let stranger = clinic.insert(
        CHEN,
        &json!({"id": id, "summary": "Choir",
            "start": {"dateTime": utc(1, "19:00")}, "end": {"dateTime": utc(1, "20:00")}}),
    );
    let ran = let_go(&clinic, held);
    assert_eq!(ran.code, 5, "{ran:?}");
    let words = "This visit is recorded, but not booked: do not promise the time. An event that is not ours \
                 stands in the calendar under this visit's id. Retry books it under a new one. The program \
                 does not try again by itself: frontdesk repair list says what can be done, and when it is \
                 mended: frontdesk repair retry ID";
    assert_eq!(told(&ran), ("rule".to_owned(), words.to_owned()));
    clinic.run(&["repair", "retry", "--all"]).ok();
    let visit = the_visit(&clinic, &clinic.config());
    assert_eq!(visit["status"], "confirmed", "{visit}");
    assert_ne!(visit["google_event_id"], id);
    let events = clinic.events(CHEN, false);
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(
        events.contains(&stranger),
        "the stranger's event is as it was"
    );
}

#[test]
fn a_claim_that_a_person_edits_or_deletes_meanwhile_is_booked_all_the_same() {
    // 412: the title was edited
    let clinic = Clinic::with_chen();
    let start = day_at(1, "10:30");
    let config = clinic.config();
    let held = hold(
        &clinic,
        &config,
        "events.patch",
        &booking(&start, "Maria Silva"),
    );
    let claim = ours(&clinic)[0]["id"].as_str().unwrap().to_owned();
    clinic.patch(CHEN, &claim, &json!({"summary": "Bring the file"}));
    let ran = let_go(&clinic, held).ok();
    assert_eq!(
        (ran.json()["status"].as_str(), ran.err.as_str()),
        (Some("confirmed"), "")
    );
    let events = ours(&clinic);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["id"], Value::String(claim));
    assert_eq!(events[0]["summary"], "Bring the file");
    // the first is the person's
    assert_eq!(answers(&clinic, "events.patch"), [200, 412, 200]);
    assert_eq!(events[0]["status"], "confirmed");
    // 410: it was deleted
    let clinic = Clinic::with_chen();
    let config = clinic.config();
    let held = hold(
        &clinic,
        &config,
        "events.patch",
        &booking(&start, "Maria Silva"),
    );
    let claim = ours(&clinic)[0]["id"].as_str().unwrap().to_owned();
    delete(&clinic, &claim);
    let ran = let_go(&clinic, held).ok();
    let events = ours(&clinic);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["id"], ran.json()["google_event_id"]);
    assert_ne!(
        events[0]["id"],
        Value::String(claim),
        "an id is never used twice"
    );
    assert_eq!(events[0]["status"], "confirmed");
    let patches = answers(&clinic, "events.patch");
    assert_eq!(
        (patches.len(), &patches[1]),
        (2, &json!(200)),
        "{patches:?}"
    );
    assert!(
        [json!(404), json!(410), json!(412)].contains(&patches[0]),
        "{patches:?}"
    );
}

#[test]
fn a_visit_whose_event_a_person_deleted_is_called_off_without_a_word() {
    let clinic = Clinic::with_chen();
    let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
    delete(&clinic, booked["google_event_id"].as_str().unwrap());
    let id = booked["appointment_id"].as_str().unwrap();
    let ran = clinic.run(&["cancel", id, "--reason", "has a cold"]).ok();
    assert_eq!(
        (ran.json()["status"].as_str(), ran.err.as_str()),
        (Some("cancelled"), "")
    );
    assert_eq!(repairs(&clinic), json!([]));
}

#[test]
fn a_cancellation_that_google_does_not_answer_is_told_and_asked_for_twice_it_is_one() {
    let clinic = impatient();
    let booked = book(&clinic, "10:30", "Maria Silva").ok().json();
    let id = booked["appointment_id"].as_str().unwrap();
    clinic.fault(&json!({"route": "events.delete", "status": 503, "body": "html"}));
    let words = "Google has not confirmed the cancellation: the event still stands in the calendar, and the \
                 program goes on trying while a desk is open. The reason: Google did not answer (its servers \
                 have trouble, code 503). To try now: frontdesk repair retry ID";
    for reason in ["has a cold", "again"] {
        let ran = clinic.run(&["cancel", id, "--reason", reason]);
        assert_eq!(ran.code, 6, "{ran:?}");
        assert_eq!(told(&ran), ("no_answer".to_owned(), words.to_owned()));
    }
    assert_eq!(repairs(&clinic).as_array().unwrap().len(), 1);
    clinic.clear_faults();
    let ended = clinic
        .run(&["cancel", id, "--reason", "once more"])
        .ok()
        .json();
    assert_eq!(ended["status"], "cancelled");
    assert_eq!(ended["cancellation_reason"], "has a cold");
    assert!(ours(&clinic).is_empty());
}

#[test]
fn errors_of_single_calendars_are_never_free_time_and_say_what_to_do() {
    let date = day_at(1, "");
    let date = date.trim_end_matches('T');
    let sharing = "the calendar chen@clinic.example does not exist or is not shared with the desk's Google account";
    let id = "Google does not say when the calendar chen@clinic.example is free (its word for it: groupTooBig): \
              have its id checked by whoever set up this desk";
    let passing =
        "Google could not read the calendar chen@clinic.example just now: try again in a minute";
    for (reason, slots, booked) in [
        ("notFound", sharing, Ok(sharing)),
        ("groupTooBig", id, Ok(id)),
        (
            "internalError",
            passing,
            Err("Google did not answer (it could not read this calendar just now)"),
        ),
    ] {
        let clinic = impatient();
        clinic.fault(&json!({"calendar_error": reason}));
        let ran = clinic.run(&["slots", "--doctor", "Dr Chen", "--date", date]);
        assert_eq!(ran.code, 4, "{reason} {ran:?}");
        let words = format!("Free time is not known: {slots}.");
        assert_eq!(told(&ran), ("not_available".to_owned(), words), "{reason}");
        let ran = book(&clinic, "10:30", "Maria Silva");
        match booked {
            Ok(why) => {
                assert_eq!(ran.code, 4, "{reason} {ran:?}");
                let words = format!("{} was not booked: {why}.", slot("10:30"));
                assert_eq!(told(&ran), ("not_available".to_owned(), words), "{reason}");
            }
            Err(why) => {
                assert_eq!(ran.code, 6, "{reason} {ran:?}");
                assert_eq!(
                    told(&ran),
                    ("no_answer".to_owned(), unconfirmed(why)),
                    "{reason}"
                );
            }
        }
        assert!(ours(&clinic).is_empty(), "{reason}");
    }
}

#[test]
fn an_answer_that_does_not_fit_its_question_is_not_asked_for_hundreds_of_times() {
    for (route, fault) in [
        ("freebusy.query", json!({"status": 410})),
        ("events.list", json!({"status": 412})),
        ("events.patch", json!({"status": 404})),
    ] {
        let clinic = impatient();
        let mut odd = fault.clone();
        odd["route"] = json!(route);
        clinic.fault(&odd);
        clinic.forget_calls();
        let ran = book(&clinic, "10:30", "Maria Silva");
        assert_eq!(ran.code, 6, "{route} {ran:?}");
        let calls = clinic.calls().len();
        assert!(calls <= 130, "{route}: {calls} calls");
        clinic.clear_faults();
        clinic.run(&["repair", "retry", "--all"]).ok();
        assert_eq!(the_visit(&clinic, &clinic.config())["status"], "confirmed");
        assert_eq!(ours(&clinic).len(), 1, "{route}");
    }
}

fn delete(clinic: &Clinic, event: &str) {
    let calendar = CHEN.replace('@', "%40");
    let path = format!("/calendar/v3/calendars/{calendar}/events/{event}");
    assert_eq!(clinic.http("DELETE", &path, "").0, 204);
}
