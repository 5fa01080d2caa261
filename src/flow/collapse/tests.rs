//! When nothing was sent yet, and what that allows.

use super::super::booking::tests::{at, draft, event_of};
use super::super::booking::{Booking, Protocol};
use super::super::cancellation::Cancellation;
use super::super::reschedule::Reschedule;
use super::super::step::{Call, Fact, Step};
use super::*;
use crate::domain::event::{EventStatus, MarkKind};
use crate::domain::id::EventId;

fn later() -> Interval {
    Interval::lasting(at(300), 30)
}

fn stored(flow: &Flow) -> Flow {
    serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap()
}

fn of(booking: Booking) -> Flow {
    stored(&Flow::Booking(Box::new(booking)))
}

/// Recorded because nobody answered the pre-check.
fn provisional(protocol: Protocol) -> Booking {
    let (flow, _) = Booking::new(draft(), protocol, true).step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::NoAnswer("time-out".into()));
    assert_eq!(steps, [Step::PutOff("time-out".into())]);
    flow
}

fn moving(protocol: Protocol) -> Reschedule {
    let mut hold = draft();
    hold.visit = later();
    hold.mark.kind = MarkKind::Placeholder;
    hold.mark.operation = "0b1c0000-0000-4000-8000-000000000000".into();
    hold.id = EventId::of_placeholder(&hold.mark.operation, 1);
    let visit = draft();
    Reschedule::new(hold, protocol, visit.id, Some("\"1\"".into()), visit.visit)
}

fn of_move(moving: Reschedule) -> Flow {
    stored(&Flow::Reschedule(Box::new(moving)))
}

#[test]
fn a_booking_that_nobody_answered_takes_another_time_and_is_sent_once_with_that() {
    for protocol in [Protocol::Full, Protocol::SharedDatabase] {
        let open = of(provisional(protocol));
        assert_eq!(when_called_off(&open), Room::GivesWay);
        let Room::GoesOn(moved) = when_moved(&open, later()) else {
            panic!("nothing was sent");
        };
        // further tries without an answer change nothing about that, nor does a second move
        let Flow::Booking(booking) = *moved else {
            panic!("it stays a booking");
        };
        let (booking, _) = booking.step(Fact::Resumed);
        let (booking, _) = booking.step(Fact::NoAnswer("time-out".into()));
        let last = Interval::lasting(at(600), 30);
        let Room::GoesOn(moved) = when_moved(&of(booking), last) else {
            panic!("nothing was sent");
        };
        let Flow::Booking(booking) = *moved else {
            panic!("it stays a booking");
        };
        let (booking, _) = booking.step(Fact::Resumed);
        let (booking, steps) = booking.step(Fact::Missing);
        let [Step::Journal(_), Step::Call(Call::Insert(sent))] = steps.as_slice() else {
            panic!("announced, then sent: {steps:?}");
        };
        assert_eq!(sent.visit, last);
        assert_eq!(
            when_moved(&of(booking), later()),
            Room::None,
            "from here on it may be in the calendar"
        );
    }
}

#[test]
fn a_booking_that_may_have_been_sent_has_to_end_first() {
    let (begun, _) = Booking::new(draft(), Protocol::Full, true).step(Fact::Begun);
    let fresh = Booking::new(draft(), Protocol::Full, true);
    let (claiming, _) = begun.clone().step(Fact::Busy(vec![]));
    let (silent, _) = claiming.clone().step(Fact::NoAnswer("time-out".into()));
    let own = event_of(&draft(), EventStatus::Tentative, "\"1\"");
    let (claimed, _) = claiming.clone().step(Fact::Event(Box::new(own)));
    // a fresh one too: its program may have died right after the insert
    for flow in [fresh, begun, claiming, silent, claimed] {
        let open = of(flow);
        assert_eq!(when_moved(&open, later()), Room::None);
        assert_eq!(when_called_off(&open), Room::None);
    }
}

#[test]
fn a_journal_of_an_older_version_says_nothing_of_it() {
    let mut old =
        serde_json::to_value(Flow::Booking(Box::new(provisional(Protocol::Full)))).unwrap();
    let removed = old["booking"].as_object_mut().unwrap().remove("unsent");
    assert_eq!(removed, Some(true.into()));
    let open: Flow = serde_json::from_value(old).unwrap();
    assert_eq!(when_moved(&open, later()), Room::None);
}

#[test]
fn a_move_gives_way_until_its_hold_is_announced() {
    let fresh = moving(Protocol::Full);
    let (checking, _) = fresh.clone().step(Fact::Begun);
    for flow in [fresh, checking.clone()] {
        let open = of_move(flow);
        assert_eq!(when_moved(&open, later()), Room::GivesWay);
        assert_eq!(when_called_off(&open), Room::GivesWay);
    }
    let (holding, steps) = checking.step(Fact::Busy(vec![]));
    assert!(
        matches!(
            steps.as_slice(),
            [Step::Journal(_), Step::Call(Call::Insert(_))]
        ),
        "{steps:?}"
    );
    let (silent, _) = holding.clone().step(Fact::NoAnswer("time-out".into()));
    for flow in [holding, silent] {
        assert_eq!(when_moved(&of_move(flow), later()), Room::None);
    }
}

#[test]
fn in_one_database_a_move_gives_way_until_its_change_is_announced() {
    let (looking, _) = moving(Protocol::SharedDatabase).step(Fact::Begun);
    assert_eq!(when_called_off(&of_move(looking.clone())), Room::GivesWay);
    let (changing, steps) = looking.step(Fact::Listed {
        events: Vec::new(),
        zone: super::super::booking::tests::ZONE,
        server_time: Some(at(1)),
    });
    assert!(matches!(steps.first(), Some(Step::Journal(_))), "{steps:?}");
    assert_eq!(when_called_off(&of_move(changing)), Room::None);
}

#[test]
fn a_cancellation_is_never_taken_back() {
    let draft = draft();
    let off = Flow::Cancellation(Cancellation::new(
        draft.id.clone(),
        None,
        draft.visit,
        0,
        draft.mark.appointment.clone(),
        draft.mark.clinic.clone(),
        false,
    ));
    assert_eq!(when_moved(&off, later()), Room::None);
    assert_eq!(when_called_off(&off), Room::None);
}
