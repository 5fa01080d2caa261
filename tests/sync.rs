//! What people change in Google, seen from the desk: each line of what is done with a change, by the real
//! program through the real adapter against the practice calendar.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use serde_json::{Value, json};
use support::{CHEN, Clinic, utc};

/// Three days from now nobody has begun yet.
const DAY: i64 = 3;

/// A visit of half an hour at this time, booked.
fn book(clinic: &Clinic, time: &str, customer: &str) -> Value {
    let start = utc(DAY, time);
    let booked = clinic.run(&[
        "book",
        "--doctor",
        "Dr Chen",
        "--start",
        &start,
        "--customer",
        customer,
        "--new",
        "--minutes",
        "30",
    ]);
    let booked = booked.ok().json();
    // what is read in the second in which a visit was settled may be older than that
    let settled = support::now().timestamp();
    support::eventually("the next second", || support::now().timestamp() > settled);
    booked
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

fn id(visit: &Value) -> &str {
    text(visit, "appointment_id")
}

fn event(visit: &Value) -> &str {
    text(visit, "google_event_id")
}

fn sync(clinic: &Clinic) -> Value {
    let ran = clinic.run(&["sync"]);
    assert!([0, 5].contains(&ran.code), "{ran:?}");
    ran.json()["calendars"][0].clone()
}

fn show(clinic: &Clinic, visit: &Value) -> Value {
    clinic.run(&["show", id(visit)]).ok().json()
}

fn items(clinic: &Clinic) -> Vec<Value> {
    let list = clinic.run(&["repair", "list"]).ok().json();
    list.as_array().expect("a list").clone()
}

fn times(from: &str, to: &str) -> Value {
    json!({"start": {"dateTime": utc(DAY, from)}, "end": {"dateTime": utc(DAY, to)}})
}

fn entry(title: &str, from: &str, to: &str, more: &Value) -> Value {
    let mut event = times(from, to);
    event["summary"] = json!(title);
    for (key, value) in more.as_object().expect("an object") {
        event[key] = value.clone();
    }
    event
}

#[test]
fn a_visit_moved_in_google_moves_and_says_so_in_its_history() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    sync(&clinic);
    clinic.patch(CHEN, event(&visit), &times("14:00", "14:30"));
    assert_eq!(sync(&clinic)["moved"], 1);
    let now = show(&clinic, &visit);
    assert_eq!(now["start"], utc(DAY, "14:00"));
    assert_eq!(
        (text(&now, "status"), text(&now, "sync_state")),
        ("confirmed", "synced")
    );
    assert!(items(&clinic).is_empty());
    let told = clinic.command().args(["show", id(&visit)]).output();
    let told = String::from_utf8(told.unwrap().stdout).unwrap();
    assert!(told.contains("moved in Google Calendar"), "{told}");
    // and the desk can cancel it there
    clinic.run(&["cancel", id(&visit), "--reason", "ill"]).ok();
    assert!(clinic.events(CHEN, false).is_empty());
}

#[test]
fn one_moved_onto_another_or_out_of_hours_is_moved_and_flagged() {
    let clinic = Clinic::with_chen();
    let (ada, bo) = (book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo"));
    clinic
        .run(&["hours", "set", "Dr Chen", "all", "06:00-20:00"])
        .ok();
    clinic.patch(CHEN, event(&ada), &times("11:00", "11:30"));
    sync(&clinic);
    let [item] = &items(&clinic)[..] else {
        panic!("one item")
    };
    assert_eq!(text(item, "cause"), "moved_in_google");
    assert!(text(item, "message").contains("onto Bo"), "{item}");
    assert_eq!(show(&clinic, &ada)["start"], show(&clinic, &bo)["start"]);
    // away from there, but into the night
    clinic.patch(CHEN, event(&ada), &times("21:30", "22:00"));
    sync(&clinic);
    let [item] = &items(&clinic)[..] else {
        panic!("one item")
    };
    assert!(
        text(item, "message").contains("outside the hours"),
        "{item}"
    );
    clinic.patch(CHEN, event(&ada), &times("12:00", "12:30"));
    sync(&clinic);
    assert!(
        items(&clinic).is_empty(),
        "where it fits nothing is to be decided"
    );
}

#[test]
fn one_deleted_in_google_is_not_deleted_here_and_can_be_put_back() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    sync(&clinic);
    clinic.delete(CHEN, event(&visit));
    assert_eq!(sync(&clinic)["gone"], 1);
    let [item] = &items(&clinic)[..] else {
        panic!("one item")
    };
    assert_eq!(text(item, "cause"), "gone_from_google");
    assert_eq!(show(&clinic, &visit)["status"], "confirmed");
    assert_eq!(sync(&clinic)["gone"], 0, "told once");
}

#[test]
fn title_description_and_guests_edited_in_google_stay_there() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    let edited = json!({"summary": "Ada, bring the X-ray", "description": "mine", "attendees": [{"email": "ada@example.org"}]});
    clinic.patch(CHEN, event(&visit), &edited);
    sync(&clinic);
    assert_eq!(show(&clinic, &visit)["customer_name"], "Ada");
    assert!(items(&clinic).is_empty());
    // a move of ours keeps what people wrote
    clinic
        .run(&["move", id(&visit), "--start", &utc(DAY, "15:00")])
        .ok();
    let there = &clinic.events(CHEN, false)[0];
    assert_eq!(there["summary"], "Ada, bring the X-ray");
    assert_eq!(there["attendees"][0]["email"], "ada@example.org");
}

#[test]
fn an_entry_on_top_of_a_visit_is_a_conflict_that_cancels_nobody() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    sync(&clinic);
    let lunch = clinic.insert(CHEN, &entry("Squash", "10:15", "11:00", &json!({})));
    assert_eq!(sync(&clinic)["conflicts"], 1);
    let [item] = &items(&clinic)[..] else {
        panic!("one item")
    };
    assert_eq!(text(item, "cause"), "conflict");
    assert!(
        !text(item, "message").contains("Squash"),
        "titles are nobody's business by default"
    );
    assert_eq!(show(&clinic, &visit)["status"], "confirmed");
    clinic.delete(CHEN, text(&lunch, "id"));
    sync(&clinic);
    assert!(items(&clinic).is_empty());
}

#[test]
fn what_takes_no_time_is_no_conflict_and_what_does_is_one() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    sync(&clinic);
    let free = [
        json!({"transparency": "transparent"}),
        json!({"attendees": [{"email": CHEN, "self": true, "responseStatus": "declined"}]}),
        json!({"eventType": "workingLocation", "visibility": "public", "transparency": "transparent",
               "workingLocationProperties": {"type": "homeOffice", "homeOffice": {}}}),
    ];
    for more in free {
        clinic.insert(CHEN, &entry("x", "10:00", "10:30", &more));
        assert_eq!(sync(&clinic)["conflicts"], 0, "{more}");
    }
    let (from, until) = (&utc(DAY, "10:00")[..10], &utc(DAY + 1, "10:00")[..10]);
    let day = |transparency: &str| json!({"summary": "Congress", "transparency": transparency, "start": {"date": from}, "end": {"date": until}});
    clinic.insert(CHEN, &day("transparent"));
    assert_eq!(
        sync(&clinic)["conflicts"],
        0,
        "an all-day entry marked free"
    );
    let taken = [
        day("opaque"),
        entry("x", "09:00", "10:10", &json!({"status": "tentative"})),
        entry("x", "06:00", "23:00", &json!({"eventType": "outOfOffice"})),
        json!({"summary": "Weekly", "start": {"dateTime": utc(DAY - 7, "10:15"), "timeZone": "Europe/Berlin"},
               "end": {"dateTime": utc(DAY - 7, "10:45"), "timeZone": "Europe/Berlin"}, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}),
        json!({"summary": "Journey", "start": {"dateTime": utc(DAY - 1, "10:00")}, "end": {"dateTime": utc(DAY + 1, "10:00")}}),
    ];
    for event in taken {
        let there = clinic.insert(CHEN, &event);
        assert_eq!(sync(&clinic)["conflicts"], 1, "{event}");
        clinic.delete(CHEN, text(&there, "id"));
        sync(&clinic);
        assert!(items(&clinic).is_empty(), "{event}");
    }
    assert_eq!(show(&clinic, &visit)["sync_state"], "synced");
}

#[test]
fn one_instance_of_a_series_that_is_moved_onto_a_visit_is_a_conflict_and_the_others_are_not() {
    let clinic = Clinic::with_chen();
    book(&clinic, "10:00", "Ada");
    let series = clinic.insert(CHEN, &json!({"summary": "Weekly",
        "start": {"dateTime": utc(DAY - 7, "12:00"), "timeZone": "Europe/Berlin"},
        "end": {"dateTime": utc(DAY - 7, "12:30"), "timeZone": "Europe/Berlin"}, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}));
    assert_eq!(sync(&clinic)["conflicts"], 0);
    let path = format!(
        "/calendar/v3/calendars/{CHEN}/events/{}/instances",
        text(&series, "id")
    );
    let (code, body) = clinic.http("GET", &path, "");
    assert_eq!(code, 200, "{body}");
    let list: Value = serde_json::from_str(&body).unwrap();
    let there = list["items"].as_array().unwrap().iter();
    let wanted = utc(DAY, "12:00")[..10].to_owned();
    let instance = there
        .filter(|one| text(&one["start"], "dateTime").starts_with(&wanted))
        .map(|one| text(one, "id").to_owned())
        .next()
        .expect("the instance of that day");
    clinic.patch(CHEN, &instance, &times("10:00", "10:20"));
    assert_eq!(sync(&clinic)["conflicts"], 1);
}

#[test]
fn a_visit_of_another_desk_is_taken_over_and_one_of_another_clinic_is_an_entry() {
    let clinic = Clinic::with_chen();
    let other = clinic.configure("other.toml", "other.db", "");
    for args in [
        &["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN][..],
        &["hours", "set", "Dr Chen", "all", "00:00-24:00"],
    ] {
        clinic.run_as(&other, args).ok();
    }
    let start = utc(DAY, "10:00");
    let booked = clinic.run_as(
        &other,
        &[
            "book",
            "--doctor",
            "Dr Chen",
            "--start",
            &start,
            "--customer",
            "Bo",
            "--new",
            "--minutes",
            "30",
        ],
    );
    let theirs = booked.ok().json();
    assert_eq!(sync(&clinic)["adopted"], 1);
    assert_eq!(show(&clinic, &theirs)["source"], "adopted");
    // called off there
    clinic
        .run_as(&other, &["cancel", id(&theirs), "--reason", "ill"])
        .ok();
    sync(&clinic);
    assert_eq!(show(&clinic, &theirs)["status"], "cancelled");
    assert!(items(&clinic).is_empty());
    // another clinic's, and one whose mark is broken
    let mut foreign = entry("Visit", "12:00", "12:30", &json!({}));
    foreign["extendedProperties"] =
        json!({"private": {"fdV": "1", "fdClinic": "Elsewhere", "fdAppointment": "x"}});
    clinic.insert(CHEN, &foreign);
    let synced = sync(&clinic);
    assert_eq!(
        (synced["adopted"].as_u64(), synced["events"].as_u64()),
        (Some(0), Some(1))
    );
}

#[test]
fn our_change_and_googles_at_once_are_decided_by_the_etag_and_what_lost_is_shown() {
    let clinic = Clinic::with_chen();
    let visit = book(&clinic, "10:00", "Ada");
    // the person was faster
    clinic.patch(CHEN, event(&visit), &times("16:00", "16:30"));
    let moved = clinic.run(&["move", id(&visit), "--start", &utc(DAY, "12:00")]);
    assert_ne!(moved.code, 0, "{moved:?}");
    sync(&clinic);
    let now = show(&clinic, &visit);
    let there = clinic.events(CHEN, false);
    let ours: Vec<&Value> = there
        .iter()
        .filter(|e| text(e, "id") == event(&visit))
        .collect();
    let start = chrono::DateTime::parse_from_rfc3339(text(&ours[0]["start"], "dateTime")).unwrap();
    assert_eq!(
        start
            .to_utc()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        utc(DAY, "16:00")
    );
    assert!(
        now["start"] == utc(DAY, "16:00") || !items(&clinic).is_empty(),
        "{now}"
    );
}

#[test]
fn too_many_changes_at_once_wait_until_somebody_has_looked() {
    let clinic = Clinic::with_chen();
    let visits: Vec<Value> = (0..6)
        .map(|n| book(&clinic, &format!("{:02}:00", 8 + n), &format!("Guest {n}")))
        .collect();
    sync(&clinic);
    for visit in &visits {
        clinic.delete(CHEN, event(visit));
    }
    let held = clinic.run(&["sync"]);
    assert_eq!(held.code, 5, "{held:?}");
    assert!(text(&held.json()["calendars"][0], "held_back").contains("6 of 6 coming visits"));
    assert!(items(&clinic).is_empty(), "nothing was applied");
    let released = clinic.run(&["sync", "--release", "Dr Chen"]).ok().json();
    assert_eq!(released["calendars"][0]["gone"], 6);
    assert_eq!(items(&clinic).len(), 6);
    let again = clinic.run(&["sync", "--release", "Dr Chen"]);
    assert_eq!(again.code, 5, "{again:?}");
}

#[test]
fn a_dead_sync_token_leads_to_a_full_read_that_files_what_is_missing() {
    for (status, reason) in [(410, "fullSyncRequired"), (400, "invalid")] {
        let clinic = Clinic::with_chen();
        let (ada, bo) = (book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo"));
        let soon = entry("Gone soon", "15:00", "16:00", &json!({}));
        let soon = clinic.insert(CHEN, &soon);
        sync(&clinic);
        clinic.delete(CHEN, event(&ada));
        clinic.delete(CHEN, text(&soon, "id"));
        clinic.fault(
            &json!({"route": "events.list", "status": status, "reason": reason, "times": 1}),
        );
        let synced = sync(&clinic);
        clinic.wait_for_faults();
        assert_eq!(
            (&synced["gone"], &synced["error"]),
            (&json!(1), &Value::Null)
        );
        let [item] = &items(&clinic)[..] else {
            panic!("one item after {reason}")
        };
        assert_eq!(id(item), id(&ada));
        assert_eq!(text(item, "cause"), "gone_from_google");
        assert_eq!(show(&clinic, &bo)["sync_state"], "synced");
        clinic.run(&["cancel", id(&ada), "--reason", "ill"]).ok();
        let agreed = clinic.run(&["sync", "--check"]).ok().json();
        assert_eq!(agreed["differences"], json!([]), "also the entry is gone");
    }
}

#[test]
fn check_reports_every_difference_and_changes_nothing_and_fix_files_them() {
    let clinic = Clinic::with_chen();
    let (ada, bo) = (book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo"));
    sync(&clinic);
    let agreed = clinic.run(&["sync", "--check"]).ok().json();
    assert_eq!(agreed["differences"], json!([]));
    clinic.delete(CHEN, event(&ada));
    clinic.patch(CHEN, event(&bo), &times("17:00", "17:30"));
    clinic.insert(CHEN, &entry("Dentist", "13:00", "14:00", &json!({})));
    for _ in 0..2 {
        let checked = clinic.run(&["sync", "--check"]);
        assert_eq!(checked.code, 5, "{checked:?}");
        let found = checked.json();
        let mut kinds: Vec<&str> = found["differences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| text(d, "kind"))
            .collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["entry", "no_event", "other_time"], "{found}");
    }
    assert!(items(&clinic).is_empty());
    assert_eq!(show(&clinic, &bo)["start"], utc(DAY, "11:00"));
    clinic.run(&["sync", "--fix"]).ok();
    assert_eq!(items(&clinic).len(), 1);
    assert_eq!(show(&clinic, &bo)["start"], utc(DAY, "17:00"));
    clinic.run(&["sync", "--check"]).ok();
}

#[test]
fn a_lost_database_gets_its_schedule_back_from_the_calendars() {
    let clinic = Clinic::with_chen();
    let visits = [book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo")];
    let fresh = clinic.configure("fresh.toml", "fresh.db", "");
    clinic
        .run_as(
            &fresh,
            &["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN],
        )
        .ok();
    let rebuilt = clinic.run_as(&fresh, &["sync", "--rebuild"]).ok().json();
    assert_eq!(rebuilt["calendars"][0]["adopted"], 2);
    for visit in &visits {
        let there = clinic.run_as(&fresh, &["show", id(visit)]).ok().json();
        for key in ["start", "end", "customer_name", "google_event_id", "status"] {
            assert_eq!(there[key], visit[key], "{key}");
        }
    }
}

/// The database as it is now, kept aside; given back, it takes the place of the live one.
struct Backup<'a>(&'a Clinic);

impl<'a> Backup<'a> {
    fn make(clinic: &'a Clinic) -> Self {
        let live = rusqlite::Connection::open(clinic.dir.path().join("clinic.db")).unwrap();
        let aside = clinic.dir.path().join("backup.db");
        live.execute("VACUUM INTO ?1", [aside.to_str().unwrap()])
            .unwrap();
        Self(clinic)
    }

    fn put_back(self) {
        let path = |name: &str| self.0.dir.path().join(name);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(path(&format!("clinic.db{end}")));
        }
        std::fs::copy(path("backup.db"), path("clinic.db")).unwrap();
    }
}

#[test]
fn after_a_backup_was_put_back_nothing_that_was_open_is_carried_out_before_a_check() {
    let clinic = Clinic::with_chen();
    let (ada, bo) = (book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo"));
    // two were to be called off, and Google did not answer
    clinic.fault(&json!({"route": "events.delete", "status": 503}));
    for visit in [&ada, &bo] {
        let cancelled = clinic.run(&["cancel", id(visit), "--reason", "ill"]);
        assert_eq!(cancelled.code, 6, "{cancelled:?}");
    }
    let backup = Backup::make(&clinic);
    clinic.clear_faults();
    // one of them was, and the other one's event was changed since
    clinic.run(&["repair", "retry", id(&ada)]).ok();
    clinic.patch(CHEN, event(&bo), &json!({"summary": "Bo comes after all"}));
    backup.put_back();
    let waits = clinic.run(&["repair", "retry", id(&bo)]);
    assert_eq!(waits.code, 5, "{waits:?}");
    assert!(
        waits.err.contains("put back from a backup"),
        "it says why: {waits:?}"
    );
    assert_eq!(clinic.events(CHEN, false).len(), 1);
    let checked = clinic.run(&["sync", "--check"]);
    assert_eq!(checked.code, 5, "{checked:?}");
    let checked = checked.json();
    let old = checked["differences"].as_array().unwrap().iter();
    let old: Vec<&Value> = old.filter(|d| text(d, "kind") == "old_intent").collect();
    assert_eq!(old.len(), 1, "{checked}");
    assert_eq!(id(old[0]), id(&bo));
    // from here on the journal goes on, but for what a person has to decide
    let pass = clinic.run(&["sync"]);
    assert!([0, 5].contains(&pass.code), "{pass:?}");
    assert_eq!(show(&clinic, &ada)["status"], "cancelled");
    assert_eq!(show(&clinic, &bo)["status"], "confirmed");
    assert_eq!(clinic.events(CHEN, false).len(), 1, "Bo stands");
}

#[test]
fn a_doctors_coming_visits_follow_into_another_calendar() {
    let clinic = Clinic::bare(&[CHEN, "new@clinic.example"]);
    clinic
        .run(&["doctor", "add", "--name", "Dr Chen", "--calendar", CHEN])
        .ok();
    clinic
        .run(&["hours", "set", "Dr Chen", "all", "00:00-24:00"])
        .ok();
    let visits = [book(&clinic, "10:00", "Ada"), book(&clinic, "11:00", "Bo")];
    let wrong = clinic.run(&["doctor", "calendar", "Dr Chen", "nobody@clinic.example"]);
    assert_eq!(wrong.code, 4, "{wrong:?}");
    clinic
        .run(&["doctor", "calendar", "Dr Chen", "new@clinic.example"])
        .ok();
    let put = clinic.run(&["sync", "--upcoming", "Dr Chen"]).ok().json();
    assert_eq!(put["sent"].as_array().unwrap().len(), 2, "{put}");
    assert!(clinic.events(CHEN, false).is_empty());
    assert_eq!(clinic.events("new@clinic.example", false).len(), 2);
    for visit in &visits {
        let now = show(&clinic, visit);
        assert_eq!(now["google_calendar_id"], "new@clinic.example");
        assert_eq!(
            (text(&now, "status"), &now["start"]),
            ("confirmed", &visit["start"])
        );
    }
    let again = clinic.run(&["sync", "--upcoming", "Dr Chen"]).ok().json();
    assert_eq!(again["sent"].as_array().unwrap().len(), 0, "done once");
}
