//! The booking flow against the table of the protocol, and many desks against one simulated calendar.

mod desks;

use super::*;
use crate::domain::event::{EventKind, Mark, MarkKind};
use crate::domain::id::AppointmentId;
use crate::domain::service::Buffers;
use crate::domain::time::Moment;
use chrono::DateTime;

pub(crate) const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

pub(crate) fn at(minute: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

pub(crate) fn draft_of(
    appointment: &str,
    start: i64,
    minutes: u32,
    buffers: Buffers,
) -> EventDraft {
    let appointment = AppointmentId::new(appointment);
    EventDraft {
        id: EventId::of_attempt(&appointment, 1),
        calendar: "chen@clinic".into(),
        status: EventStatus::Tentative,
        summary: "Appointment".into(),
        description: String::new(),
        visit: Interval::lasting(at(start), minutes),
        zone: ZONE,
        mark: Mark {
            kind: MarkKind::Appointment,
            clinic: "clinic".into(),
            database: "db-1".into(),
            desk: "desk-1".into(),
            appointment,
            operation: "op-1".into(),
            rev: 0,
            attempt: 1,
            doctor: "doctor".into(),
            service: None,
            customer: None,
            name: None,
            buffers,
            lease_seconds: LEASE_SECONDS,
        },
    }
}

pub(crate) fn draft() -> EventDraft {
    draft_of("67e55044-10b1-426f-9247-bb680e5fe0c8", 0, 30, Buffers::NONE)
}

pub(crate) fn event_of(draft: &EventDraft, status: EventStatus, etag: &str) -> Event {
    Event {
        id: draft.id.clone(),
        etag: Some(etag.into()),
        status,
        times: Some(EventTimes::Timed(draft.visit)),
        transparent: false,
        kind: EventKind::Default,
        declined: false,
        summary: draft.summary.clone(),
        updated: Some(at(0)),
        mark: Some(draft.mark.clone()),
    }
}

fn listed(events: Vec<Event>) -> Fact {
    Fact::Listed {
        events,
        zone: ZONE,
        server_time: Some(at(1)),
    }
}

fn fresh() -> Booking {
    Booking::new(draft(), Protocol::Full, false)
}

fn read(event: Event) -> Fact {
    Fact::Event(Box::new(event))
}

/// A booking whose claim stands and which waits for its list.
fn claimed() -> (Booking, Event) {
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Busy(vec![]));
    assert!(matches!(steps.as_slice(), [Step::Call(Call::Insert(_))]));
    let own = event_of(&flow.draft, EventStatus::Tentative, "\"1\"");
    let (flow, steps) = flow.step(read(own.clone()));
    assert!(matches!(
        steps.as_slice(),
        [Step::Tell(Phase::Claimed), Step::Call(Call::List(_))]
    ));
    (flow, own)
}

/// Another desk's claim on the same time; `lower` decides who yields.
fn rival(lower: bool) -> Event {
    let id = if lower {
        "00000000-0000-4000-8000-000000000000"
    } else {
        "ffffffff-ffff-4fff-bfff-ffffffffffff"
    };
    let mut draft = draft_of(id, 10, 30, Buffers::NONE);
    draft.mark.database = "db-2".into();
    event_of(&draft, EventStatus::Tentative, "\"9\"")
}

fn settled(steps: &[Step]) -> &Settlement {
    match steps.last() {
        Some(Step::Settle(settlement)) => settlement,
        other => panic!("not settled: {other:?}"),
    }
}

#[test]
fn without_contention_it_takes_four_calls() {
    let (flow, own) = claimed();
    let (flow, steps) = flow.step(listed(vec![own.clone()]));
    let confirm = Step::Call(Call::Confirm(own.id.clone(), "\"1\"".into()));
    assert_eq!(steps, [Step::Tell(Phase::Verified), confirm]);
    let (_, steps) = flow.step(read(event_of(&draft(), EventStatus::Confirmed, "\"2\"")));
    assert!(matches!(
        settled(&steps),
        Settlement::Confirmed {
            attempt: 1,
            moved: false,
            ..
        }
    ));
}

#[test]
fn a_busy_calendar_is_looked_into_and_only_what_stands_means_taken() {
    let busy = vec![draft().visit];
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Busy(busy));
    assert!(matches!(steps.as_slice(), [Step::Call(Call::List(_))]));
    let (_, steps) = flow.clone().step(listed(vec![rival(true)]));
    assert!(
        matches!(steps.as_slice(), [Step::Call(Call::Insert(_))]),
        "a claim is no reason not to try"
    );
    let stands = Event {
        status: EventStatus::Confirmed,
        ..rival(true)
    };
    let (_, steps) = flow.step(listed(vec![stands]));
    assert!(matches!(
        settled(&steps),
        Settlement::Refused {
            because: Because::SlotTaken,
            ..
        }
    ));
}

#[test]
fn a_calendar_that_answers_with_its_own_error_refuses() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (_, steps) = flow.step(Fact::Refused("not shared".into()));
    assert!(matches!(
        settled(&steps),
        Settlement::Refused {
            because: Because::CalendarRefused,
            ..
        }
    ));
}

#[test]
fn silence_at_the_pre_check_refuses_unless_the_desk_agreed() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (_, steps) = flow.step(Fact::NoAnswer("time-out".into()));
    assert!(matches!(
        settled(&steps),
        Settlement::Refused {
            because: Because::NoAnswer,
            ..
        }
    ));
    let (flow, _) = Booking::new(draft(), Protocol::Full, true).step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::NoAnswer("time-out".into()));
    assert_eq!(steps, [Step::PutOff("time-out".into())]);
    assert!(flow.told);
}

#[test]
fn silence_after_the_insert_is_never_an_end() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, _) = flow.step(Fact::Busy(vec![]));
    let (flow, steps) = flow.step(Fact::NoAnswer("time-out".into()));
    assert_eq!(steps, [Step::PutOff("time-out".into())]);
    let (flow, steps) = flow.step(Fact::Resumed);
    assert_eq!(steps, [Step::Call(Call::Get(draft().id))]);
    let (_, steps) = flow.clone().step(Fact::Missing);
    // Not a look whether the time is free: the insert may land yet, and would stay behind.
    assert!(matches!(steps.as_slice(), [Step::Call(Call::Insert(_))]));
    let (_, steps) = flow.step(read(event_of(&draft(), EventStatus::Tentative, "\"3\"")));
    assert!(matches!(steps.as_slice(), [Step::Call(Call::List(_))]));
}

#[test]
fn a_list_without_our_own_claim_proves_nothing() {
    let (flow, own) = claimed();
    let (flow, steps) = flow.step(listed(vec![]));
    assert_eq!(steps, [Step::Call(Call::Get(own.id.clone()))]);
    let (_, steps) = flow.step(read(own));
    assert!(matches!(steps.as_slice(), [Step::Call(Call::List(_))]));
}

#[test]
fn of_two_claims_the_lower_id_wins_and_the_higher_one_is_waited_for() {
    let (flow, own) = claimed();
    let (yielding, steps) = flow.clone().step(listed(vec![own.clone(), rival(true)]));
    assert!(matches!(
        steps.as_slice(),
        [
            Step::Journal(_),
            Step::Tell(Phase::Withdrawing),
            Step::Call(Call::Delete(..))
        ]
    ));
    let (waiting, steps) = flow.step(listed(vec![own.clone(), rival(false)]));
    assert!(matches!(
        steps.as_slice(),
        [Step::Tell(Phase::Waiting), Step::Wait(_)]
    ));
    assert!(matches!(
        waiting.step(Fact::Waited).1.as_slice(),
        [Step::Call(Call::List(_))]
    ));
    // the winner withdraws after all: a new attempt under a new id
    let (yielding, steps) = yielding.step(Fact::Deleted);
    assert!(matches!(steps.last(), Some(Step::Call(Call::List(_)))));
    let (again, steps) = yielding.step(listed(vec![]));
    assert_eq!(
        again.draft.id,
        EventId::of_attempt(&again.draft.mark.appointment, 2)
    );
    assert!(matches!(
        steps.as_slice(),
        [Step::Journal(_), Step::Call(Call::Insert(_))]
    ));
}

#[test]
fn a_dead_desks_claim_is_removed_under_its_etag_by_googles_clock() {
    let (flow, own) = claimed();
    let late = Fact::Listed {
        events: vec![own, rival(true)],
        zone: ZONE,
        server_time: Some(at(3)),
    };
    let (flow, steps) = flow.step(late);
    assert_eq!(
        steps,
        [Step::Call(Call::Delete(rival(true).id, "\"9\"".into()))]
    );
    for fact in [Fact::Deleted, Fact::Missing, Fact::Gone, Fact::Stale] {
        assert!(matches!(
            flow.clone().step(fact).1.as_slice(),
            [Step::Call(Call::List(_))]
        ));
    }
}

#[test]
fn a_withdrawal_that_meets_our_late_confirm_keeps_the_event() {
    let (flow, own) = claimed();
    let (flow, _) = flow.step(listed(vec![own, rival(true)]));
    let (flow, steps) = flow.step(Fact::Stale);
    assert!(matches!(steps.as_slice(), [Step::Call(Call::Get(_))]));
    let (_, steps) = flow.step(read(event_of(&draft(), EventStatus::Confirmed, "\"5\"")));
    assert!(matches!(settled(&steps), Settlement::Confirmed { .. }));
}

#[test]
fn a_decided_withdrawal_is_carried_out_after_a_crash() {
    let (flow, own) = claimed();
    let (flow, _) = flow.step(listed(vec![own, rival(true)]));
    let stored = serde_json::to_string(&flow).unwrap();
    let flow: Booking = serde_json::from_str(&stored).unwrap();
    assert!(matches!(
        flow.step(Fact::Resumed).1.as_slice(),
        [Step::Call(Call::Delete(..))]
    ));
}

#[test]
fn a_strangers_event_under_our_id_is_left_alone() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, _) = flow.step(Fact::Busy(vec![]));
    let (flow, steps) = flow.step(Fact::Duplicate);
    assert!(matches!(steps.as_slice(), [Step::Call(Call::Get(_))]));
    let stranger = Event {
        mark: None,
        ..event_of(&draft(), EventStatus::Confirmed, "\"1\"")
    };
    let (_, steps) = flow.step(read(stranger));
    assert!(matches!(
        settled(&steps),
        Settlement::Repair {
            cause: Cause::StrangersEvent,
            ..
        }
    ));
}

#[test]
fn a_claim_that_a_person_moved_is_withdrawn_and_a_confirmed_one_is_kept_for_repair() {
    let moved = Some(EventTimes::Timed(Interval::lasting(at(600), 30)));
    let (flow, _) = claimed();
    let (flow, _) = flow.step(listed(vec![]));
    let claim = Event {
        times: moved,
        ..event_of(&draft(), EventStatus::Tentative, "\"4\"")
    };
    let (_, steps) = flow.clone().step(read(claim));
    assert!(matches!(steps.last(), Some(Step::Call(Call::Delete(..)))));
    let stands = Event {
        times: moved,
        ..event_of(&draft(), EventStatus::Confirmed, "\"4\"")
    };
    let (_, steps) = flow.step(read(stands));
    assert!(matches!(
        settled(&steps),
        Settlement::Confirmed { moved: true, .. }
    ));
}

#[test]
fn once_the_desk_was_told_a_lost_slot_goes_to_repair_and_not_to_the_bin() {
    let (flow, _) = Booking::new(draft(), Protocol::Full, true).step(Fact::Begun);
    let (flow, _) = flow.step(Fact::NoAnswer("time-out".into()));
    let (flow, _) = flow.step(Fact::Resumed);
    let (flow, _) = flow.step(Fact::Missing);
    let own = event_of(&draft(), EventStatus::Tentative, "\"1\"");
    let (flow, _) = flow.step(read(own.clone()));
    let person = Event {
        mark: None,
        status: EventStatus::Confirmed,
        ..rival(true)
    };
    let (flow, _) = flow.step(listed(vec![own, person]));
    let (_, steps) = flow.step(Fact::Deleted);
    assert!(matches!(
        settled(&steps),
        Settlement::Repair {
            cause: Cause::Conflict,
            ..
        }
    ));
}

#[test]
fn in_a_shared_database_it_takes_three_calls_and_yields_to_whatever_stands() {
    let (flow, _) = Booking::new(draft(), Protocol::SharedDatabase, false).step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Busy(vec![]));
    let [Step::Call(Call::Insert(sent))] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(sent.status, EventStatus::Confirmed);
    let own = event_of(sent, EventStatus::Confirmed, "\"1\"");
    let (flow, _) = flow.step(read(own.clone()));
    let (_, steps) = flow.clone().step(listed(vec![own.clone()]));
    assert!(matches!(settled(&steps), Settlement::Confirmed { .. }));
    let (_, steps) = flow.step(listed(vec![own, rival(false)]));
    assert!(
        steps.contains(&Step::UseFullProtocol),
        "an event of another database is here"
    );
    assert!(matches!(steps.last(), Some(Step::Call(Call::Delete(..)))));
}

#[test]
fn listings_are_widened_by_the_longest_buffer_anybody_may_have() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (_, steps) = flow.step(Fact::Busy(vec![draft().visit]));
    let [Step::Call(Call::List(window))] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(window.start(), at(-120));
    assert_eq!(window.end(), at(150));
}
