//! Undo, through the engine that the screens use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use frontdesk::domain::appointment::{Appointment, Status};
use frontdesk::domain::dates::parse_moment;
use frontdesk::domain::id::AuditId;
use frontdesk::port::command::{Book, Code, Command, Length, Outcome, Refusal, Who};
use frontdesk::port::query::{Answer, Query};
use frontdesk::port::store::Records;
use frontdesk::runtime::config::Config;
use frontdesk::runtime::wire::{self, DeskEngine};
use frontdesk::worker::answers::answer;
use frontdesk::worker::engine::silent;
use support::{CHEN, Clinic, day_at};

/// One running program: what can be undone is what was done at this desk.
struct Desk {
    runtime: tokio::runtime::Runtime,
    engine: DeskEngine,
    records: frontdesk::store::Database,
}

impl Desk {
    fn at(clinic: &Clinic) -> Self {
        let config = Config::load(Some(&clinic.config()), None, &|_| None).unwrap();
        let store = wire::database(&config).unwrap();
        let engine = wire::engine(&config, wire::settings(&config), store).unwrap();
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            engine,
            records: wire::database(&config).unwrap(),
        }
    }

    fn perform(&self, command: Command) -> Result<Outcome, Refusal> {
        self.runtime
            .block_on(self.engine.perform(&wire::actor(), command, silent()))
    }

    fn book(&self) -> Appointment {
        let doctor = self.records.doctors().unwrap()[0].doctor_id.clone();
        let customer = Who::New(frontdesk::domain::customer::NewCustomer {
            name: "Maria Silva".to_owned(),
            ..Default::default()
        });
        let booked = self.perform(Command::Book(Book {
            doctor,
            customer,
            start: parse_moment(&day_at(1, "10:30"), chrono_tz::Europe::Berlin).unwrap(),
            length: Length::Minutes(30),
            reason: String::new(),
            provisional: false,
            key: None,
        }));
        match booked {
            Ok(Outcome::Booked(appointment)) => appointment,
            other => panic!("{other:?}"),
        }
    }

    fn undoable(&self) -> Option<(AuditId, String)> {
        let now = self.engine.now();
        match answer(
            &self.records,
            self.engine.settings(),
            &wire::actor(),
            now,
            &Query::Overview,
        ) {
            Ok(Answer::Overview(overview)) => overview.undoable,
            other => panic!("{other:?}"),
        }
    }

    fn undo(&self) -> Result<Outcome, Refusal> {
        self.perform(Command::Undo(self.undoable().expect("something to undo").0))
    }

    fn status(&self, appointment: &Appointment) -> Status {
        self.records
            .appointment(&appointment.appointment_id)
            .unwrap()
            .unwrap()
            .status
    }
}

#[test]
fn a_booking_is_undone_by_calling_it_off() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = desk.book();
    assert!(
        desk.undoable()
            .unwrap()
            .1
            .contains("booking of Maria Silva with Dr Chen")
    );
    assert!(matches!(desk.undo(), Ok(Outcome::Cancelled(_))));
    assert_eq!(desk.status(&booked), Status::Cancelled);
    assert!(clinic.events(CHEN, false).is_empty());
}

#[test]
fn a_cancellation_is_undone_by_booking_the_time_again_under_a_new_event() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = desk.book();
    let appointment = booked.appointment_id.clone();
    desk.perform(Command::Cancel {
        appointment,
        reason: "slip".to_owned(),
    })
    .unwrap();
    let Ok(Outcome::Booked(again)) = desk.undo() else {
        panic!("not booked again")
    };
    assert_eq!(again.appointment_id, booked.appointment_id);
    assert_ne!(again.google_event_id, booked.google_event_id);
    assert_eq!(clinic.events(CHEN, false).len(), 1);
}

#[test]
fn a_cancellation_whose_time_was_taken_meanwhile_stays_one() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = desk.book();
    let appointment = booked.appointment_id.clone();
    desk.perform(Command::Cancel {
        appointment,
        reason: "slip".to_owned(),
    })
    .unwrap();
    clinic.insert(CHEN, &serde_json::json!({
        "summary": "Dentist",
        "start": {"dateTime": support::utc(1, "10:00")}, "end": {"dateTime": support::utc(1, "11:00")},
    }));
    let refused = desk.undo().unwrap_err();
    assert_eq!(refused.code, Code::NotAvailable, "{refused:?}");
    assert_eq!(desk.status(&booked), Status::Cancelled);
    assert_eq!(
        clinic.run(&["repair", "list"]).ok().json(),
        serde_json::json!([])
    );
}

#[test]
fn another_desk_does_not_undo_what_this_one_did() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    desk.book();
    let (audit, _) = desk.undoable().unwrap();
    let other = Desk::at(&clinic);
    assert_eq!(other.undoable(), None);
    assert_eq!(
        other.perform(Command::Undo(audit)).unwrap_err().code,
        Code::Rule
    );
}

/// A booked visit that somebody moved to 16:00, met by a move of the desk's and so in repair.
fn moved_on_the_phone(clinic: &Clinic, desk: &Desk) -> Appointment {
    let booked = desk.book();
    let event = booked.google_event_id.clone().unwrap();
    clinic.patch(
        CHEN,
        event.as_str(),
        &serde_json::json!({
            "start": {"dateTime": support::utc(1, "16:00")}, "end": {"dateTime": support::utc(1, "16:45")},
        }),
    );
    let start = parse_moment(&day_at(1, "09:00"), chrono_tz::Europe::Berlin).unwrap();
    let appointment = booked.appointment_id.clone();
    let refused = desk.perform(Command::Move { appointment, start });
    assert_eq!(refused.unwrap_err().code, Code::Rule);
    assert_eq!(desk.records.counts().unwrap().repair, 1);
    booked
}

#[test]
fn a_trouble_that_was_ignored_is_opened_again_as_it_was() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = moved_on_the_phone(&clinic, &desk);
    let before = desk.records.unsettled_one(&booked.appointment_id).unwrap();
    let ignored = Command::Ignore(booked.appointment_id.clone(), "agreed".to_owned());
    assert!(matches!(desk.perform(ignored), Ok(Outcome::Repaired(_))));
    assert_eq!(desk.records.counts().unwrap().repair, 0);
    assert!(desk.undoable().unwrap().1.contains("ignoring"));
    assert!(matches!(desk.undo(), Ok(Outcome::Reopened(_))));
    let after = desk.records.unsettled_one(&booked.appointment_id).unwrap();
    assert_eq!(after.unwrap().repair, before.unwrap().repair);
    assert_eq!(desk.undoable(), None);
    assert_eq!(desk.records.audit_break(), Ok(None));
}

#[test]
fn a_cancellation_that_was_let_be_waits_again_with_its_reason() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = desk.book();
    let id = booked.appointment_id.clone();
    clinic.patch(
        CHEN,
        booked.google_event_id.as_ref().unwrap().as_str(),
        &serde_json::json!({
            "start": {"dateTime": support::utc(1, "16:00")}, "end": {"dateTime": support::utc(1, "16:30")},
        }),
    );
    let cancel = desk.perform(Command::Cancel {
        appointment: id.clone(),
        reason: "ill".to_owned(),
    });
    assert_eq!(cancel.unwrap_err().code, Code::Rule);
    let ignored = desk.perform(Command::Ignore(id.clone(), "comes after all".to_owned()));
    let Ok(Outcome::Repaired(ignored)) = ignored else {
        panic!("{ignored:?}")
    };
    assert_eq!(ignored.cancellation_reason, None);
    let Ok(Outcome::Reopened(reopened)) = desk.undo() else {
        panic!("it is not open again")
    };
    assert_eq!(reopened.cancellation_reason.as_deref(), Some("ill"));
}

#[test]
fn a_time_that_was_taken_from_google_is_given_back_whole() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = moved_on_the_phone(&clinic, &desk);
    let adopted = desk.perform(Command::AdoptTimes(booked.appointment_id.clone()));
    let Ok(Outcome::Repaired(adopted)) = adopted else {
        panic!("{adopted:?}")
    };
    assert_eq!(adopted.visit.minutes(), 45);
    let Ok(Outcome::Moved { appointment, .. }) = desk.undo() else {
        panic!("it was not moved back")
    };
    assert_eq!(appointment.visit, booked.visit);
    let start = clinic.events(CHEN, false)[0]["start"]["dateTime"].clone();
    let start: frontdesk::domain::time::Moment = start.as_str().unwrap().parse().unwrap();
    assert_eq!(start, booked.visit.start());
}

#[test]
fn an_event_that_was_put_back_goes_again_to_where_it_was_moved() {
    let clinic = Clinic::with_chen();
    let desk = Desk::at(&clinic);
    let booked = moved_on_the_phone(&clinic, &desk);
    let back = desk.perform(Command::PutBack(booked.appointment_id.clone()));
    assert!(matches!(back, Ok(Outcome::Moved { .. })), "{back:?}");
    let Ok(Outcome::Moved { appointment, .. }) = desk.undo() else {
        panic!("it was not moved there again")
    };
    let there = parse_moment(&day_at(1, "16:00"), chrono_tz::Europe::Berlin).unwrap();
    assert_eq!(appointment.visit.start(), there);
    assert_eq!(desk.records.counts().unwrap().repair, 0);
}
