//! Clearing a hold: never before the sleeper's change is made impossible.

use super::super::booking::tests::{draft, event_of};
use super::*;
use crate::domain::event::MarkKind;

fn hold() -> Event {
    let mut hold = event_of(&draft(), EventStatus::Confirmed, "\"h1\"");
    hold.id = "hold1".into();
    let mark = hold.mark.as_mut().unwrap();
    mark.kind = MarkKind::Placeholder;
    mark.operation = "move-op".into();
    hold
}

fn fresh() -> Clearance {
    let draft = draft();
    Clearance::new(
        "hold1".into(),
        draft.id,
        draft.mark.appointment,
        draft.mark.clinic,
        "clear-op".into(),
        draft.zone,
    )
}

fn read(event: Event) -> Fact {
    Fact::Event(Box::new(event))
}

fn visit() -> Event {
    event_of(&draft(), EventStatus::Confirmed, "\"1\"")
}

#[test]
fn the_count_is_raised_before_the_hold_goes() {
    let (flow, steps) = fresh().step(Fact::Begun);
    assert_eq!(steps, [Step::Call(Call::Get("hold1".into()))]);
    let (flow, _) = flow.step(read(hold()));
    let (flow, steps) = flow.step(read(visit()));
    let [Step::Call(Call::Reschedule(_, etag, times))] = &steps[..] else {
        panic!("{steps:?}")
    };
    assert_eq!(
        (etag.as_str(), times.rev, times.visit),
        ("\"1\"", 1, draft().visit)
    );
    // changed in between: read again, and the sleeper's change may be what is found
    let (again, _) = flow.clone().step(Fact::Stale);
    let mut moved = visit();
    moved.mark.as_mut().unwrap().operation = "move-op".into();
    let (_, steps) = again.step(read(moved));
    assert!(
        matches!(steps.last(), Some(Step::Call(Call::Delete(id, _))) if id.as_str() == "hold1")
    );
    // raised
    let mut raised = visit();
    raised.mark.as_mut().unwrap().rev = 1;
    raised.etag = Some("\"2\"".into());
    let (flow, steps) = flow.step(read(raised));
    assert!(
        matches!(steps.last(), Some(Step::Call(Call::Delete(_, etag))) if etag.as_str() == "\"h1\"")
    );
    let (_, steps) = flow.step(Fact::Deleted);
    assert!(
        matches!(&steps[..], [Step::Settle(Settlement::Moved { rev: 1, visit, .. })] if *visit == draft().visit)
    );
}

#[test]
fn a_hold_that_changes_meanwhile_is_read_again_and_one_that_is_gone_is_done() {
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, _) = flow.step(read(hold()));
    let (gone, steps) = flow.step(Fact::Gone);
    assert!(
        matches!(steps.last(), Some(Step::Call(Call::Delete(..)))),
        "nothing is left to protect"
    );
    let (_, steps) = gone.clone().step(Fact::Stale);
    assert_eq!(steps, [Step::Call(Call::Get("hold1".into()))]);
    let (_, steps) = gone.step(Fact::Deleted);
    assert!(matches!(
        &steps[..],
        [Step::Settle(Settlement::Repair {
            cause: Cause::GoneFromGoogle,
            ..
        })]
    ));
    let (flow, _) = fresh().step(Fact::Begun);
    let (flow, steps) = flow.step(Fact::Gone);
    assert_eq!(steps, [Step::Call(Call::Get(draft().id))]);
    let (_, steps) = flow.step(read(visit()));
    assert!(matches!(
        &steps[..],
        [Step::Settle(Settlement::Moved { .. })]
    ));
}
