//! The hold on the new time: taken before the visit's event is changed, taken away after.

use super::outcome::Outcome;
use super::{At, Left, Reschedule};
use crate::domain::event::{Event, EventStatus};
use crate::domain::time::Moment;
use crate::flow::booking::{LEASE_SECONDS, WAIT_SECONDS, visit_of};
use crate::flow::operation::Settlement;
use crate::flow::step::{Call, Fact, Phase, Step};
use chrono_tz::Tz;

impl Reschedule {
    /// The steps of a booking; what its end means is decided here.
    pub(super) fn take_hold(&mut self, fact: Fact) -> Vec<Step> {
        let (hold, steps) = self.hold.clone().step(fact);
        self.hold = hold;
        let mut out = Vec::with_capacity(steps.len());
        for step in steps {
            match step {
                Step::Settle(Settlement::Confirmed {
                    moved: false, etag, ..
                }) => {
                    self.hold_etag = Some(etag);
                    out.push(Step::Tell(Phase::Held));
                    out.extend(self.begin_change());
                }
                // a person dragged the hold away: the new time is not ours, and nothing was changed yet
                Step::Settle(Settlement::Confirmed { .. }) => {
                    out.extend(self.decide(Outcome::interrupted()));
                }
                Step::Settle(Settlement::Refused { because, why }) => {
                    out.push(Step::Settle(Settlement::NotMoved { because, why }));
                }
                // that is said of a visit; a hold is none
                Step::Tell(Phase::Confirmed) => {}
                step => out.push(step),
            }
        }
        out
    }

    /// The hold as it stands, before the visit's event is touched again: without it nothing may be
    /// changed any more.
    pub(super) fn check_hold(&mut self) -> Vec<Step> {
        self.at = At::CheckingHold;
        vec![Step::Call(Call::Get(self.hold.draft.id.clone()))]
    }

    /// Whether the new time is still ours, by the hold as read.
    pub(super) fn hold_stands(&self, hold: &Event) -> bool {
        hold.status == EventStatus::Confirmed
            && self.ours(hold).is_some()
            && visit_of(hold) == Some(self.to())
    }

    /// After the decision: what it leaves to be done.
    pub(super) fn after(&mut self, outcome: Outcome) -> Vec<Step> {
        let moved = matches!(outcome, Outcome::Moved { .. });
        let left = match (moved, self.shares()) {
            (true, false) => Left::Showing { waited: 0 },
            (true, true) => Left::LookingRound,
            (false, false) => self.release_as_known(),
            (false, true) => return vec![Step::Settle(outcome.settlement())],
        };
        self.go_on(outcome, left)
    }

    /// Asks what the next step of the rest needs.
    fn go_on(&mut self, outcome: Outcome, left: Left) -> Vec<Step> {
        let call = match &left {
            Left::Showing { .. } | Left::LookingRound => Call::List(self.hold.window()),
            Left::Asking { .. } => Call::Get(self.event.clone()),
            Left::ReadingHold { .. } => Call::Get(self.hold.draft.id.clone()),
            Left::Releasing { etag, .. } => Call::Delete(self.hold.draft.id.clone(), etag.clone()),
        };
        self.at = At::Decided { outcome, left };
        vec![Step::Call(call)]
    }

    /// What is left after the decision, step by step; each is safe to repeat.
    pub(super) fn carry_out(&mut self, outcome: Outcome, left: Left, fact: Fact) -> Vec<Step> {
        match (left, fact) {
            (_, Fact::NoAnswer(why)) => {
                self.hold.told = true;
                vec![Step::PutOff(why)]
            }
            // the calendar no longer lets us in: what was decided stands, and the hold is for a person
            (_, Fact::Refused(_)) => vec![Step::Settle(outcome.settlement())],
            (left, Fact::Resumed) => self.go_on(outcome, left),
            (Left::Showing { waited }, Fact::Listed { events, .. }) => {
                if self.shown(&events, &outcome) {
                    let release = self.release_as_known();
                    self.go_on(outcome, release)
                } else {
                    self.go_on(outcome, Left::Asking { waited })
                }
            }
            (Left::Asking { waited }, Fact::Event(event))
                if stands(&event, &outcome) && visit_of(&event) == Some(self.to()) =>
            {
                if waited >= LEASE_SECONDS {
                    let why = "the calendar is slow to show the new time".to_owned();
                    self.at = At::Decided {
                        outcome,
                        left: Left::Showing { waited: 0 },
                    };
                    return vec![Step::PutOff(why)];
                }
                let waited = waited + WAIT_SECONDS;
                self.at = At::Decided {
                    outcome,
                    left: Left::Showing { waited },
                };
                vec![Step::Wait(WAIT_SECONDS)]
            }
            (Left::Showing { waited }, _) => self.go_on(outcome, Left::Showing { waited }),
            // changed again since, perhaps by a person before this was taken up again: no list will show it here
            (Left::Asking { .. }, _) => {
                let release = self.release_as_known();
                self.go_on(outcome, release)
            }
            (Left::ReadingHold { disturbed }, Fact::Event(hold)) => {
                self.release(outcome, &hold, disturbed)
            }
            (Left::Releasing { disturbed, .. }, Fact::Deleted) => {
                if disturbed {
                    self.look_round(outcome)
                } else {
                    vec![Step::Settle(outcome.settlement())]
                }
            }
            (Left::Releasing { disturbed, .. }, Fact::Stale) => {
                self.go_on(outcome, Left::ReadingHold { disturbed })
            }
            (Left::ReadingHold { .. } | Left::Releasing { .. }, Fact::Missing | Fact::Gone) => {
                self.look_round(outcome)
            }
            (
                Left::LookingRound,
                Fact::Listed {
                    events,
                    zone,
                    server_time,
                },
            ) => self.looked_round(outcome, &events, zone, server_time),
            (left, _) => self.go_on(outcome, left),
        }
    }

    /// The hold goes under the version that we know; where we know none, it is read first.
    fn release_as_known(&self) -> Left {
        match self.hold_etag.clone() {
            Some(etag) => Left::Releasing {
                etag,
                disturbed: false,
            },
            None => Left::ReadingHold { disturbed: false },
        }
    }

    /// The hold as read, before it is deleted.
    fn release(&mut self, outcome: Outcome, hold: &Event, disturbed: bool) -> Vec<Step> {
        match (hold.status, hold.etag.clone()) {
            (EventStatus::Cancelled, _) => self.look_round(outcome),
            (_, Some(etag)) if self.ours(hold).is_some() => {
                let disturbed = disturbed || visit_of(hold) != Some(self.to());
                self.go_on(outcome, Left::Releasing { etag, disturbed })
            }
            // not ours any more: left alone
            _ => self.look_round(outcome),
        }
    }

    /// The hold did not stand all the time: if we have moved, somebody may have taken the time too.
    fn look_round(&mut self, outcome: Outcome) -> Vec<Step> {
        if matches!(outcome, Outcome::Moved { .. }) {
            self.go_on(outcome, Left::LookingRound)
        } else {
            vec![Step::Settle(outcome.settlement())]
        }
    }

    fn looked_round(
        &mut self,
        mut outcome: Outcome,
        events: &[Event],
        zone: Tz,
        server_time: Option<Moment>,
    ) -> Vec<Step> {
        let verdict = self.hold.judge(events, zone, server_time);
        if let Outcome::Moved { in_the_way, .. } = &mut outcome {
            *in_the_way = verdict.in_the_way();
        }
        let mut steps = Vec::new();
        if verdict.other_database && self.shares() {
            steps.push(Step::UseFullProtocol);
        }
        steps.push(Step::Settle(outcome.settlement()));
        steps
    }

    /// Whether the list has the visit where we moved it.
    fn shown(&self, events: &[Event], outcome: &Outcome) -> bool {
        let own = events.iter().find(|event| event.id == self.event);
        own.is_some_and(|own| stands(own, outcome))
    }
}

/// Whether the visit's event stands where the outcome has it.
fn stands(event: &Event, outcome: &Outcome) -> bool {
    let Outcome::Moved { visit, .. } = outcome else {
        return false;
    };
    event.status != EventStatus::Cancelled && visit_of(event) == Some(*visit)
}
