//! `book`.

use super::fake::{CHECK_UP, CHEN, FakeDesk, LI, MARIA, OTHER_MARIA, at, visit};
use super::say;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::time::Interval;
use crate::port::command::{Book, Code, Command, Length, Outcome, Refusal, Who};
use crate::port::report::Progress;

const BOOK: [&str; 5] = [
    "--json",
    "book",
    "--doctor",
    "chen",
    "--start=2026-11-24T10:30",
];

fn line<'a>(more: &[&'a str]) -> Vec<&'a str> {
    BOOK.iter().chain(more).copied().collect()
}

fn given(desk: &FakeDesk) -> Book {
    match desk.command() {
        Command::Book(book) => book,
        other => panic!("{other:?}"),
    }
}

fn pending() -> Appointment {
    Appointment {
        status: Status::Pending,
        sync_state: SyncState::SyncPending,
        ..visit()
    }
}

#[test]
fn a_known_customer_is_booked_by_name_at_the_clinics_time() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &line(&[
            "--customer",
            "李雷",
            "--service",
            "check-up",
            "--reason",
            " a \t cough",
            "--key",
            "k-1",
        ]),
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        given(&desk),
        Book {
            doctor: CHEN.into(),
            customer: Who::Known(LI.into()),
            start: at("2026-11-24T09:30:00Z"),
            length: Length::Service(CHECK_UP.into()),
            reason: "a cough".to_owned(),
            provisional: true,
            key: Some("k-1".to_owned()),
        }
    );
    assert_eq!(said.json()["start"], "2026-11-24T09:30:00Z");
    assert_eq!(said.json()["blocked_end"], "2026-11-24T10:10:00Z");
    assert_eq!(said.err, "");
}

#[test]
fn people_read_that_it_is_booked_and_for_whom() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &[
            "book",
            "--doctor",
            "chen",
            "--start",
            "2026-11-24 10:30",
            "--customer",
            MARIA,
        ],
    );
    insta::assert_snapshot!(said.out, @r"
    Booked: Maria López with Dr. Anna Chen
      Tue 24 Nov 2026, 10:30-10:50 (Europe/Berlin)
      a9900000-1111-4000-8000-000000000001
    ");
    // as long as the doctor's slots, where nothing else is said
    assert_eq!(given(&desk).length, Length::Minutes(20));
}

#[test]
fn a_new_person_is_recorded_with_the_booking_even_if_the_name_is_known() {
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &line(&[
            "--customer",
            "Maria López",
            "--new",
            "--mobile",
            "030 99",
            "--born",
            "3.5.1980",
            "--minutes",
            "45",
        ]),
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let book = given(&desk);
    assert_eq!(book.length, Length::Minutes(45));
    let Who::New(new) = book.customer else {
        panic!("{book:?}")
    };
    assert_eq!(new.name, "Maria López");
    assert_eq!(new.mobile.as_deref(), Some("030 99"));
    assert_eq!(new.born.unwrap().to_string(), "1980-05-03");
}

#[test]
fn several_of_a_name_are_listed_and_nobody_is_booked() {
    let mut desk = FakeDesk::new();
    desk.people[1].customer_name = "MARIA LÓPEZ".to_owned();
    let said = say(&desk, &line(&["--customer", "maria lópez"]));
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(said.error()["code"], "usage");
    assert_eq!(said.error()["candidates"][0]["customer_id"], MARIA);
    assert_eq!(said.error()["candidates"][1]["customer_id"], OTHER_MARIA);
    insta::assert_snapshot!(said.error()["message"].as_str().unwrap(), @r"
    2 customers are called “maria lópez”. Give the id of the right one:
      Maria López  born 1980-05-03  +49 30 1234  c0570000-0000-4000-8000-000000000001
      MARIA LÓPEZ  born ?           no phone     c0570000-0000-4000-8000-000000000002
    ");
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn what_else_is_known_tells_people_of_one_name_apart() {
    let mut desk = FakeDesk::new();
    desk.people[1].customer_name = "Maria López".to_owned();
    let said = say(
        &desk,
        &line(&["--customer", "Maria López", "--mobile", "+49301234"]),
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(given(&desk).customer, Who::Known(MARIA.into()));
    let desk = FakeDesk::new();
    let said = say(
        &desk,
        &line(&["--customer", "Maria López", "--born", "1970-01-01"]),
    );
    assert_eq!(said.code, 3);
    assert!(
        said.error()["message"]
            .as_str()
            .unwrap()
            .contains("born 1980-05-03")
    );
    let said = say(&desk, &line(&["--customer", MARIA, "--born", "1970-01-01"]));
    assert_eq!(said.code, 2);
    assert!(desk.performed.borrow().is_empty());
}

#[test]
fn nobody_of_a_name_is_not_found_and_near_names_are_shown() {
    let desk = FakeDesk::new();
    let said = say(&desk, &line(&["--customer", "Maria"]));
    assert_eq!(said.code, 3);
    assert_eq!(said.error()["code"], "not_found");
    let message = said.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("--new") && message.contains("Maria López"),
        "{message}"
    );
    let unknown = "c0570000-0000-4000-8000-00000000ffff";
    assert_eq!(say(&desk, &line(&["--customer", unknown])).code, 3);
}

#[test]
fn what_google_did_not_confirm_is_never_called_booked() {
    let desk = FakeDesk::ending(Ok(Outcome::BookedProvisionally(pending())));
    let said = say(&desk, &line(&["--customer", LI]));
    assert_eq!(said.code, 6);
    assert_eq!(said.json()["status"], "pending");
    assert_eq!(said.error()["code"], "no_answer");
    let desk = FakeDesk::ending(Ok(Outcome::BookedProvisionally(pending())));
    let said = say(&desk, &[&BOOK[1..], &["--customer", LI]].concat());
    assert_eq!(said.code, 6);
    assert!(!said.out.contains("Booked"), "{}", said.out);
    assert!(
        said.err.contains("Google has not confirmed"),
        "{}",
        said.err
    );
}

#[test]
fn a_key_that_answers_with_what_does_not_stand_is_not_called_booked() {
    for (status, code) in [
        (Status::Cancelled, 0),
        (Status::Refused, 4),
        (Status::Pending, 6),
    ] {
        let old = Appointment { status, ..visit() };
        let desk = FakeDesk::ending(Ok(Outcome::Booked(old)));
        let said = say(
            &desk,
            &[&BOOK[1..], &["--customer", LI, "--key", "k"]].concat(),
        );
        assert_eq!(said.code, code);
        assert!(!said.out.starts_with("Booked:"), "{}", said.out);
    }
}

#[test]
fn a_taken_slot_brings_the_nearest_free_ones() {
    let nearest = vec![Interval::lasting(at("2026-11-24T10:00:00Z"), 20)];
    let desk = FakeDesk::refusing(Code::NotAvailable, "This time is taken.", nearest.clone());
    let said = say(&desk, &line(&["--customer", LI]));
    assert_eq!((said.code, said.out.as_str()), (4, ""));
    assert_eq!(said.error()["code"], "not_available");
    assert_eq!(said.error()["nearest"][0]["end"], "2026-11-24T10:20:00Z");
    let desk = FakeDesk::refusing(Code::NotAvailable, "This time is taken.", nearest);
    let said = say(&desk, &[&BOOK[1..], &["--customer", LI]].concat());
    insta::assert_snapshot!(said.err, @r"
    frontdesk: This time is taken.
    Nearest free (Europe/Berlin): Tue 24 Nov 2026, 11:00-11:20
    ");
}

#[test]
fn every_kind_of_refusal_has_its_exit_code() {
    for code in [
        Code::Internal,
        Code::Usage,
        Code::NotFound,
        Code::NotAvailable,
        Code::Rule,
        Code::NoAnswer,
        Code::SignIn,
        Code::NotPermitted,
    ] {
        let desk = FakeDesk::ending(Err(Refusal::new(code, "No.")));
        let said = say(&desk, &line(&["--customer", LI]));
        assert_eq!(said.code, code.exit());
        assert_eq!(said.error()["code"], serde_json::to_value(code).unwrap());
    }
}

#[test]
fn a_doctor_is_known_by_id_by_the_beginning_of_it_and_by_part_of_the_name() {
    for typed in [CHEN, "d0c70000", "DR. ANNA CHEN", "anna"] {
        let desk = FakeDesk::new();
        let typed = format!("--doctor={typed}");
        let said = say(
            &desk,
            &["book", &typed, "--start=2026-11-24T10:30", "--customer", LI],
        );
        assert_eq!(said.code, 0, "{typed}: {}", said.err);
        assert_eq!(given(&desk).doctor.as_str(), CHEN);
    }
    // both ids begin so
    let said = say(
        &FakeDesk::new(),
        &[
            "book",
            "--doctor=d0c7",
            "--start=2026-11-24T10:30",
            "--customer",
            LI,
        ],
    );
    assert_eq!(said.code, 2);
}

#[test]
fn a_whole_name_wins_over_names_that_contain_it() {
    let mut desk = FakeDesk::new();
    desk.doctors[1].doctor.doctor_name = "Dr. Anna Chen-Weber".to_owned();
    let said = say(&desk, &line(&["--customer", LI, "--doctor=dr. anna chen"]));
    // --doctor stands twice in this line
    assert_eq!(said.code, 2);
    let said = say(
        &desk,
        &[
            "book",
            "--doctor=dr. anna chen",
            "--start=2026-11-24T10:30",
            "--customer",
            LI,
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(given(&desk).doctor.as_str(), CHEN);
}

#[test]
fn a_wait_for_another_desk_is_said_to_people_once() {
    let mut desk = FakeDesk::new();
    desk.progress = vec![Progress::Claimed, Progress::Waiting, Progress::Waiting];
    let said = say(&desk, &[&BOOK[1..], &["--customer", LI]].concat());
    assert_eq!(said.err.matches("waiting").count(), 1);
    let said = say(&desk, &line(&["--customer", LI]));
    assert_eq!(said.err, "");
}
