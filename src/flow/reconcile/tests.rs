//! The table of what is done with a change.

use super::*;
use crate::domain::appointment::SyncState;
use crate::domain::event::EventKind;
use crate::domain::id::{Etag, EventId};
use crate::domain::service::Buffers;
use chrono::DateTime;

const CALENDAR: &str = "d1@example.com";

fn visit(minute: i64) -> Interval {
    Interval::lasting(
        DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap(),
        30,
    )
}

fn ours() -> Known {
    Known {
        appointment: Appointment {
            appointment_id: "a1".into(),
            customer_id: "c1".into(),
            customer_name: "Ada".to_owned(),
            doctor_id: "d1".into(),
            doctor_name: "Dr One".to_owned(),
            google_calendar_id: CALENDAR.into(),
            google_event_id: Some("e1".into()),
            etag: Some("\"1\"".into()),
            service_id: None,
            service_name: String::new(),
            visit: visit(60),
            buffers: Buffers::NONE,
            zone: chrono_tz::UTC,
            status: Status::Confirmed,
            sync_state: SyncState::Synced,
            source: Source::Desk,
            reason: String::new(),
            rev: 0,
            attempt: 1,
            created_at: visit(0).start(),
            created_by: "ana".to_owned(),
            cancelled_at: None,
            cancellation_reason: None,
        },
        open: false,
        settled_since: false,
        cause: None,
        seen: false,
    }
}

fn with(change: impl FnOnce(&mut Known)) -> Known {
    let mut known = ours();
    change(&mut known);
    known
}

/// The event of it, edited since.
fn event(change: impl FnOnce(&mut Event)) -> Event {
    let mut event = Event {
        id: EventId::new("e1"),
        etag: Some(Etag::new("\"2\"")),
        status: EventStatus::Confirmed,
        times: Some(EventTimes::Timed(visit(60))),
        transparent: false,
        kind: EventKind::Default,
        declined: false,
        summary: String::new(),
        updated: None,
        mark: Some(Mark {
            kind: MarkKind::Appointment,
            clinic: "clinic".into(),
            database: "db".into(),
            desk: "front".into(),
            appointment: "a1".into(),
            operation: "o1".into(),
            rev: 0,
            attempt: 1,
            doctor: "d1".into(),
            service: None,
            customer: None,
            name: None,
            buffers: Buffers::NONE,
            lease_seconds: 120,
        }),
    };
    change(&mut event);
    event
}

fn at(event: &mut Event, minute: i64) {
    event.times = Some(EventTimes::Timed(visit(minute)));
}

fn verdict(event: &Event, known: Option<&Known>) -> Verdict {
    judge(event, known, &CALENDAR.into(), &"clinic".into())
}

/// What was changed about the event, what is known, and what is to be done.
type Line = (&'static str, fn(&mut Event), fn(&mut Known), Verdict);

fn check(table: &[Line]) {
    for (name, change, state, wanted) in table {
        assert_eq!(
            verdict(&event(change), Some(&with(state))),
            *wanted,
            "{name}"
        );
    }
}

fn tombstone(e: &mut Event) {
    e.status = EventStatus::Cancelled;
    (e.etag, e.times, e.mark) = (None, None, None);
}

fn by_desk(e: &mut Event) {
    at(e, 90);
    e.mark.as_mut().unwrap().rev = 1;
}

fn whole_day(e: &mut Event) {
    let day = visit(0).start().date_naive();
    let until = day.succ_opt().unwrap();
    e.times = Some(EventTimes::AllDay { from: day, until });
}

fn gone(k: &mut Known) {
    k.cause = Some(Cause::GoneFromGoogle);
}

#[test]
fn what_people_do_to_a_visit_that_stands() {
    use Verdict::{Gone, Leave, MovedByPerson, Renew, Returned, Strange};
    let known: fn(&mut Known) = |_| {};
    let away = MovedByPerson(visit(90));
    check(&[
        (
            "nothing",
            |e| e.etag = ours().appointment.etag,
            known,
            Leave,
        ),
        ("title or guests edited", |_| {}, known, Renew),
        ("moved", |e| at(e, 90), known, away),
        ("deleted", tombstone, known, Gone),
        ("deleted, and known to be", tombstone, gone, Leave),
        ("put back", |_| {}, gone, Returned),
        ("put back elsewhere", |e| at(e, 90), gone, away),
        ("our mark taken off", |e| e.mark = None, known, Strange),
    ]);
    check(&[
        (
            "whole days",
            whole_day,
            known,
            Verdict::Spoilt(Spoilt::WholeDays),
        ),
        (
            "marked free",
            |e| e.transparent = true,
            known,
            Verdict::Spoilt(Spoilt::MarkedFree),
        ),
        (
            "marked free while it was a claim",
            |e| (e.transparent, e.etag) = (true, ours().appointment.etag),
            known,
            Verdict::Spoilt(Spoilt::MarkedFree),
        ),
        (
            "marked free, and left as it is by a person",
            |e| (e.transparent, e.etag) = (true, ours().appointment.etag),
            |k| k.seen = true,
            Leave,
        ),
        (
            "perhaps",
            |e| e.status = EventStatus::Tentative,
            known,
            Verdict::Spoilt(Spoilt::Perhaps),
        ),
    ]);
}

#[test]
fn what_desks_do_and_what_stands_without_a_visit() {
    use Verdict::{Adopt, Back, CalledOffElsewhere, Leave, LookAgain, MovedByDesk};
    let theirs: fn(&mut Known) = |k| k.appointment.source = Source::Adopted;
    let called_off: fn(&mut Known) = |k| k.appointment.status = Status::Cancelled;
    let lost: fn(&mut Known) = |k| k.appointment.status = Status::Refused;
    let back = Back(visit(60));
    check(&[
        ("moved by a desk", by_desk, |_| {}, MovedByDesk(visit(90))),
        (
            "a change of ours under way",
            |e| at(e, 90),
            |k| k.open = true,
            LookAgain,
        ),
        (
            "a change of ours under way, and nothing new",
            |e| e.etag = ours().appointment.etag,
            |k| (k.open, k.seen) = (true, true),
            Leave,
        ),
        (
            "the change that just ended",
            |e| e.etag = ours().appointment.etag,
            |k| k.settled_since = true,
            Leave,
        ),
        (
            "one just ended",
            |e| at(e, 90),
            |k| k.settled_since = true,
            LookAgain,
        ),
        ("called off here, standing there", |_| {}, called_off, back),
        ("lost here, standing there", |_| {}, lost, back),
        (
            "a claim of a lost visit",
            |e| e.status = EventStatus::Tentative,
            lost,
            Leave,
        ),
        ("called off on both sides", tombstone, called_off, Leave),
        (
            "another attempt's event",
            |e| e.id = "e0".into(),
            |_| {},
            Leave,
        ),
        (
            "booked again by the desk that had called it off",
            |e| {
                e.id = "e2".into();
                e.mark.as_mut().unwrap().attempt = 2;
            },
            theirs,
            Adopt,
        ),
        (
            "in another calendar",
            |_| {},
            |k| k.appointment.google_calendar_id = "d2".into(),
            Leave,
        ),
        (
            "another desk's, called off",
            tombstone,
            theirs,
            CalledOffElsewhere,
        ),
        ("another desk's, moved", by_desk, theirs, Adopt),
    ]);
}

type Other = (&'static str, fn(&mut Event));

#[test]
fn what_is_not_known_is_taken_over_only_if_it_is_a_visit_of_this_clinic() {
    assert_eq!(verdict(&event(|_| {}), None), Verdict::Adopt);
    let none: [Other; 5] = [
        ("a person's", |e| e.mark = None),
        ("another clinic's", |e| {
            e.mark.as_mut().unwrap().clinic = "other".into();
        }),
        ("a claim", |e| e.status = EventStatus::Tentative),
        ("a hold", |e| {
            e.mark.as_mut().unwrap().kind = MarkKind::Placeholder;
        }),
        ("a tombstone", |e| e.status = EventStatus::Cancelled),
    ];
    for (name, change) in none {
        assert_eq!(verdict(&event(change), None), Verdict::Leave, "{name}");
    }
}

#[test]
fn many_at_once_are_too_many_only_in_proportion() {
    let known = ours();
    let now = visit(0).start();
    let lost = |count: usize| vec![(&Verdict::Gone, Some(&known)); count];
    assert_eq!(
        too_many(lost(4), now, 4, 25),
        None,
        "a few are people's everyday work"
    );
    assert_eq!(too_many(lost(5), now, 20, 25), None);
    assert_eq!(too_many(lost(6), now, 20, 25), Some(6));
    assert_eq!(
        too_many(lost(6), visit(61).start(), 20, 25),
        None,
        "what is past counts no more"
    );
    let kept = vec![(&Verdict::Renew, Some(&known)); 9];
    assert_eq!(too_many(kept, now, 9, 25), None);
}
