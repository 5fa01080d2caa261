//! What a second look finds, event by event.

use super::super::booking::tests::{at, draft, draft_of, event_of};
use super::*;
use crate::domain::appointment::{Source, SyncState};
use crate::domain::event::{EventDraft, EventTimes};
use crate::domain::service::Buffers;

fn appointment(draft: &EventDraft, status: Status) -> Appointment {
    Appointment {
        appointment_id: draft.mark.appointment.clone(),
        customer_id: "c".into(),
        customer_name: "Ana".into(),
        doctor_id: "doctor".into(),
        doctor_name: "Chen".into(),
        google_calendar_id: draft.calendar.clone(),
        google_event_id: Some(draft.id.clone()),
        etag: Some("\"1\"".into()),
        service_id: None,
        service_name: String::new(),
        visit: draft.visit,
        buffers: draft.mark.buffers,
        zone: draft.zone,
        status,
        sync_state: SyncState::Synced,
        source: Source::Desk,
        reason: String::new(),
        rev: 0,
        attempt: 1,
        created_at: at(0),
        created_by: "ana".into(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}

fn look(status: Status, events: &[Event]) -> Seen {
    let draft = draft();
    let appointment = appointment(&draft, status);
    let subject = Subject {
        settled: appointment.visit,
        appointment: &appointment,
        clinic: &draft.mark.clinic,
        database: &draft.mark.database,
    };
    subject.judge(events, chrono_tz::Europe::Berlin, Some(at(1)))
}

fn own() -> Event {
    event_of(&draft(), EventStatus::Confirmed, "\"1\"")
}

#[test]
fn a_visit_that_stands_alone_is_in_order() {
    assert_eq!(look(Status::Confirmed, &[own()]), Seen::default());
}

#[test]
fn another_visit_in_its_time_is_seen_whoever_wrote_it() {
    let other = draft_of(
        "0b1c0000-0000-4000-8000-000000000000",
        15,
        30,
        Buffers::NONE,
    );
    let theirs = event_of(&other, EventStatus::Confirmed, "\"7\"");
    let seen = look(Status::Confirmed, &[own(), theirs.clone()]);
    assert!(seen.in_the_way.is_some());
    let mut private = theirs;
    private.mark = None;
    assert!(
        look(Status::Confirmed, &[own(), private.clone()])
            .in_the_way
            .is_some()
    );
    // what lost its slot has no time that somebody could be in
    assert_eq!(look(Status::Refused, &[private]), Seen::default());
}

#[test]
fn a_claim_that_landed_late_is_to_go_and_a_living_one_of_others_is_not() {
    let late = event_of(&draft(), EventStatus::Tentative, "\"9\"");
    let seen = look(Status::Refused, std::slice::from_ref(&late));
    assert_eq!(seen.leftover, Some((late.id, "\"9\"".into())));
    let mut other = draft_of(
        "0b1c0000-0000-4000-8000-000000000000",
        15,
        30,
        Buffers::NONE,
    );
    other.mark.database = "db-2".into();
    let claim = event_of(&other, EventStatus::Tentative, "\"7\"");
    assert_eq!(
        look(Status::Confirmed, &[own(), claim.clone()]).leftover,
        None
    );
    let dead = Event {
        updated: Some(at(-5)),
        ..claim
    };
    assert!(look(Status::Confirmed, &[own(), dead]).leftover.is_some());
}

#[test]
fn who_moved_it_is_told_apart() {
    let draft = draft();
    let appointment = appointment(&draft, Status::Confirmed);
    let subject = Subject {
        settled: appointment.visit,
        appointment: &appointment,
        clinic: &draft.mark.clinic,
        database: &draft.mark.database,
    };
    assert!(look(Status::Confirmed, &[]).own_is_missing);
    assert_eq!(subject.standing(None), Standing::Gone);
    assert_eq!(subject.standing(Some(&own())), Standing::AsKnown);
    let there = Interval::lasting(at(90), 30);
    let mut dragged = own();
    dragged.times = Some(EventTimes::Timed(there));
    assert!(look(Status::Confirmed, &[dragged.clone()]).own_is_missing);
    assert_eq!(
        subject.standing(Some(&dragged)),
        Standing::MovedByPerson {
            etag: "\"1\"".into(),
            visit: there
        }
    );
    dragged.mark.as_mut().unwrap().rev = 1;
    let etag = "\"1\"".into();
    let by_desk = Standing::MovedByDesk {
        etag,
        visit: there,
        rev: 1,
    };
    assert_eq!(subject.standing(Some(&dragged)), by_desk);
    dragged.mark = None;
    assert_eq!(subject.standing(Some(&dragged)), Standing::Strange);
    dragged.status = EventStatus::Cancelled;
    assert_eq!(subject.standing(Some(&dragged)), Standing::Gone);
}
