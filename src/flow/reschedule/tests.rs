//! The flow of a move against its table: each answer of Google in each place.

use super::super::booking::tests::{at, draft, event_of};
use super::*;
use crate::domain::event::{EventTimes, MarkKind};
use crate::flow::operation::Cause;

const ZONE: Tz = chrono_tz::Europe::Berlin;

fn original() -> Event {
    event_of(&draft(), EventStatus::Confirmed, "\"1\"")
}

/// From minute 0 to minute 300.
fn fresh(protocol: Protocol) -> Reschedule {
    let mut hold = draft();
    hold.visit = Interval::lasting(at(300), 30);
    hold.mark.kind = MarkKind::Placeholder;
    hold.mark.operation = "0b1c0000-0000-4000-8000-000000000000".into();
    hold.id = EventId::of_placeholder(&hold.mark.operation, 1);
    let visit = draft();
    Reschedule::new(hold, protocol, visit.id, Some("\"1\"".into()), visit.visit)
}

fn listed(events: Vec<Event>) -> Fact {
    Fact::Listed {
        events,
        zone: ZONE,
        server_time: Some(at(1)),
    }
}

fn hold_of(flow: &Reschedule, status: EventStatus, etag: &str) -> Event {
    event_of(&flow.hold.draft, status, etag)
}

fn read(event: Event) -> Fact {
    Fact::Event(Box::new(event))
}

/// The visit's event after our change.
fn moved(flow: &Reschedule) -> Event {
    let mut event = original();
    event.times = Some(EventTimes::Timed(flow.to()));
    event.etag = Some("\"2\"".into());
    let mark = event.mark.as_mut().unwrap();
    mark.rev = 1;
    mark.operation = flow.hold.draft.mark.operation.clone();
    event
}

fn call(steps: &[Step]) -> &Call {
    match steps.last() {
        Some(Step::Call(call)) => call,
        other => panic!("{other:?}"),
    }
}

/// The hold stands; the change is sent.
fn changing() -> Reschedule {
    let (flow, _) = fresh(Protocol::Full).step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Busy(vec![]));
    assert!(matches!(call(&steps), Call::Insert(_)));
    let claim = hold_of(&flow, EventStatus::Tentative, "\"h1\"");
    let (flow, _) = flow.step(read(claim.clone()));
    // the visit's own event does not count, wherever it is
    let mut near = original();
    near.times = Some(EventTimes::Timed(Interval::lasting(at(310), 30)));
    let (flow, steps) = flow.step(listed(vec![claim, near]));
    assert!(matches!(call(&steps), Call::Confirm(..)));
    let stands = hold_of(&flow, EventStatus::Confirmed, "\"h2\"");
    let (flow, steps) = flow.step(read(stands));
    assert!(
        matches!(call(&steps), Call::Reschedule(id, etag, times)
            if *id == flow.event && etag.as_str() == "\"1\"" && times.rev == 1 && times.visit == flow.to()),
        "{steps:?}"
    );
    assert!(
        steps.iter().any(|s| matches!(s, Step::Journal(_))),
        "before the change is sent"
    );
    assert!(
        !steps.contains(&Step::Tell(Phase::Confirmed)),
        "a hold is no visit"
    );
    flow
}

fn end(steps: &[Step]) -> &Settlement {
    match steps.last() {
        Some(Step::Settle(settlement)) => settlement,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_move_takes_a_hold_changes_the_event_and_lets_the_hold_go() {
    let flow = changing();
    let (flow, steps) = flow.clone().step(read(moved(&flow)));
    assert!(
        matches!(steps.first(), Some(Step::Journal(_))),
        "decided before it is carried out"
    );
    assert!(matches!(call(&steps), Call::List(_)));
    let (flow, steps) = flow.clone().step(listed(vec![moved(&flow)]));
    let hold = flow.hold.draft.id.clone();
    assert_eq!(call(&steps), &Call::Delete(hold, "\"h2\"".into()));
    let (_, steps) = flow.clone().step(Fact::Deleted);
    let expected = Settlement::Moved {
        etag: "\"2\"".into(),
        visit: flow.to(),
        rev: 1,
        in_the_way: None,
    };
    assert_eq!(end(&steps), &expected);
}

#[test]
fn what_is_read_back_after_a_refused_change_decides() {
    for fact in [Fact::Stale, Fact::Missing, Fact::Gone] {
        let (flow, steps) = changing().step(fact);
        assert!(matches!(call(&steps), Call::Get(_)));
        // a title was edited: again, under the new etag
        let mut edited = original();
        edited.etag = Some("\"5\"".into());
        let (_, steps) = flow.clone().step(read(edited.clone()));
        assert!(matches!(call(&steps), Call::Reschedule(_, etag, _) if etag.as_str() == "\"5\""));
        // our own change had landed
        let (_, steps) = flow.clone().step(read(moved(&flow)));
        assert!(steps.contains(&Step::Tell(Phase::Moved)));
        // there and back again: the times are the same, the count is not
        edited.mark.as_mut().unwrap().rev = 2;
        let (after, steps) = flow.clone().step(read(edited));
        assert!(matches!(call(&steps), Call::Delete(..)), "the hold goes");
        let (_, steps) = after.step(Fact::Deleted);
        assert!(matches!(
            end(&steps),
            Settlement::Repair {
                cause: Cause::ChangedInGoogle,
                ..
            }
        ));
        // gone
        let (after, _) = flow.step(Fact::Gone);
        let (_, steps) = after.step(Fact::Deleted);
        assert!(matches!(
            end(&steps),
            Settlement::Repair {
                cause: Cause::GoneFromGoogle,
                ..
            }
        ));
    }
}

#[test]
fn a_slot_that_is_lost_leaves_the_visit_alone() {
    let (flow, _) = fresh(Protocol::Full).step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Busy(vec![Interval::lasting(at(310), 30)]));
    assert!(matches!(call(&steps), Call::List(_)));
    let mut other = original();
    other.id = "zother".into();
    other.mark = None;
    other.times = Some(EventTimes::Timed(Interval::lasting(at(310), 30)));
    let (_, steps) = flow.step(listed(vec![other]));
    assert!(matches!(
        end(&steps),
        Settlement::NotMoved {
            because: Because::SlotTaken,
            ..
        }
    ));
}

#[test]
fn taken_up_again_the_hold_is_looked_at_before_anything_is_changed() {
    let (flow, steps) = changing().step(Fact::Resumed);
    assert_eq!(call(&steps), &Call::Get(flow.hold.draft.id.clone()));
    let stands = hold_of(&flow, EventStatus::Confirmed, "\"h2\"");
    let (still, steps) = flow.clone().step(read(stands.clone()));
    assert_eq!(call(&steps), &Call::Get(flow.event.clone()));
    let (_, steps) = still.step(read(original()));
    assert!(matches!(call(&steps), Call::Reschedule(..)));
    // gone, or dragged away: the time may be somebody else's, so the change is never sent
    let mut dragged = stands;
    dragged.times = Some(EventTimes::Timed(Interval::lasting(at(900), 30)));
    for fact in [Fact::Missing, Fact::Gone, read(dragged)] {
        let (lost, steps) = flow.clone().step(fact);
        assert_eq!(call(&steps), &Call::Get(flow.event.clone()));
        let (after, steps) = lost.clone().step(read(original()));
        assert!(matches!(steps.first(), Some(Step::Journal(_))));
        assert!(
            !steps
                .iter()
                .any(|s| matches!(s, Step::Call(Call::Reschedule(..))))
        );
        let (_, steps) = after.step(Fact::Gone);
        assert!(
            matches!(end(&steps), Settlement::Repair { .. }),
            "{steps:?}"
        );
        // unless the change that was sent before the crash has landed
        let (_, steps) = lost.clone().step(read(moved(&lost)));
        assert!(steps.contains(&Step::Tell(Phase::Moved)));
    }
}

#[test]
fn a_hold_that_did_not_stand_all_the_time_makes_us_look_round() {
    let flow = changing();
    let (flow, _) = flow.clone().step(read(moved(&flow)));
    let (flow, _) = flow.clone().step(listed(vec![moved(&flow)]));
    let (flow, steps) = flow.step(Fact::Gone);
    assert!(matches!(call(&steps), Call::List(_)));
    let mut stranger = original();
    stranger.id = "zother".into();
    stranger.mark = None;
    stranger.times = Some(EventTimes::Timed(flow.to()));
    let (_, steps) = flow.clone().step(listed(vec![moved(&flow), stranger]));
    assert!(
        matches!(
            end(&steps),
            Settlement::Moved {
                in_the_way: Some(_),
                ..
            }
        ),
        "{steps:?}"
    );
    let (_, steps) = flow.clone().step(listed(vec![moved(&flow)]));
    assert!(matches!(
        end(&steps),
        Settlement::Moved {
            in_the_way: None,
            ..
        }
    ));
}

#[test]
fn until_a_list_shows_it_the_hold_stays() {
    let flow = changing();
    let (flow, _) = flow.clone().step(read(moved(&flow)));
    let (flow, steps) = flow.step(listed(vec![original()]));
    assert_eq!(call(&steps), &Call::Get(flow.event.clone()));
    let (flow, steps) = flow.clone().step(read(moved(&flow)));
    assert!(matches!(steps.last(), Some(Step::Wait(_))));
    let (flow, steps) = flow.step(Fact::Waited);
    assert!(matches!(call(&steps), Call::List(_)));
    let (_, steps) = flow.clone().step(listed(vec![moved(&flow)]));
    assert!(matches!(call(&steps), Call::Delete(..)));
}

#[test]
fn where_a_person_has_moved_it_on_meanwhile_no_list_is_waited_for() {
    let flow = changing();
    let mut elsewhere = moved(&flow);
    let away = flow.to().start() + chrono::Duration::hours(12);
    elsewhere.times = Some(EventTimes::Timed(Interval::lasting(away, 30)));
    let (flow, _) = flow.step(read(elsewhere.clone()));
    let (flow, steps) = flow.step(listed(vec![]));
    assert_eq!(call(&steps), &Call::Get(flow.event.clone()));
    let (_, steps) = flow.step(read(elsewhere));
    assert!(matches!(call(&steps), Call::Delete(..)), "the hold goes");
}

#[test]
fn silence_before_anything_was_sent_changes_nothing_and_after_it_is_put_off() {
    let (flow, _) = fresh(Protocol::Full).step(Fact::Begun);
    let (_, steps) = flow.step(Fact::NoAnswer("time-out".into()));
    assert!(
        matches!(end(&steps), Settlement::NotMoved { because: Because::NoAnswer, why }
        if why == "time-out. Nothing was changed")
    );
    let (flow, steps) = changing().step(Fact::NoAnswer("time-out".into()));
    assert_eq!(steps, [Step::PutOff("time-out".into())]);
    // as the journal has it
    let stored = serde_json::to_string(&flow).unwrap();
    assert_eq!(serde_json::from_str::<Reschedule>(&stored).unwrap(), flow);
}

#[test]
fn where_all_share_one_database_a_move_is_list_change_list() {
    let (flow, steps) = fresh(Protocol::SharedDatabase).step(Fact::Begun);
    assert!(matches!(call(&steps), Call::List(_)));
    let (flow, steps) = flow.step(listed(vec![]));
    assert!(matches!(call(&steps), Call::Reschedule(..)));
    let (flow, steps) = flow.clone().step(read(moved(&flow)));
    assert!(matches!(call(&steps), Call::List(_)));
    let (_, steps) = flow.clone().step(listed(vec![moved(&flow)]));
    assert!(matches!(
        end(&steps),
        Settlement::Moved {
            in_the_way: None,
            ..
        }
    ));
    let mut stranger = original();
    stranger.id = "zother".into();
    stranger.mark = None;
    stranger.times = Some(EventTimes::Timed(flow.to()));
    let (_, steps) = flow.step(listed(vec![stranger]));
    assert!(matches!(
        end(&steps),
        Settlement::Moved {
            in_the_way: Some(_),
            ..
        }
    ));
}

#[test]
fn where_another_database_is_met_the_time_is_held_after_all() {
    let (flow, _) = fresh(Protocol::SharedDatabase).step(Fact::Begun);
    let mut foreign = original();
    foreign.id = "zother".into();
    foreign.times = Some(EventTimes::Timed(Interval::lasting(at(600), 30)));
    let mark = foreign.mark.as_mut().unwrap();
    mark.database = "db-2".into();
    mark.appointment = "other".into();
    let (flow, steps) = flow.step(listed(vec![foreign]));
    assert!(steps.contains(&Step::UseFullProtocol));
    assert!(matches!(call(&steps), Call::FreeBusy(_)));
    let (_, steps) = flow.step(Fact::Busy(vec![]));
    assert!(matches!(call(&steps), Call::Insert(draft) if draft.status == EventStatus::Tentative));
}

#[test]
fn with_one_database_a_move_taken_up_right_after_its_intent_makes_no_hold() {
    let (_, steps) = fresh(Protocol::SharedDatabase).step(Fact::Resumed);
    assert!(
        matches!(steps.last(), Some(Step::Call(Call::List(_)))),
        "{steps:?}"
    );
}
