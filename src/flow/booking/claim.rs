//! Towards the booking: pre-check, claim, verify, confirm, and the table of our own event as read.

use super::verdict::{Rival, Verdict};
use super::{At, Booking, LEASE_SECONDS, Lost, Protocol, STALE_LISTS, WAIT_SECONDS, visit_of};
use crate::domain::event::{Event, EventStatus};
use crate::domain::id::Etag;
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Settlement};
use crate::flow::step::{Call, Phase, Step};

impl Booking {
    pub(super) fn check(&mut self) -> Vec<Step> {
        self.at = At::Checking;
        let blocked = self.draft.mark.buffers.around(self.draft.visit);
        vec![
            Step::Tell(Phase::Checking),
            Step::Call(Call::FreeBusy(blocked)),
        ]
    }

    pub(super) fn checked(&mut self, busy: &[Interval]) -> Vec<Step> {
        let blocked = self.draft.mark.buffers.around(self.draft.visit);
        if busy.iter().any(|b| b.meets(&blocked)) {
            self.at = At::Looking;
            vec![Step::Call(Call::List(self.window()))]
        } else {
            self.claim()
        }
    }

    pub(super) fn claim(&mut self) -> Vec<Step> {
        self.at = At::Claiming;
        let insert = Step::Call(Call::Insert(Box::new(self.draft.clone())));
        if std::mem::take(&mut self.unsent) {
            // whoever wants to change it from here on must know that it may have been sent
            return vec![Step::Journal("being sent to the calendar"), insert];
        }
        vec![insert]
    }

    pub(super) fn claimed(&mut self, event: &Event) -> Vec<Step> {
        let mut steps = vec![Step::Tell(Phase::Claimed)];
        steps.extend(self.table(event));
        steps
    }

    pub(super) fn read(&mut self) -> Vec<Step> {
        self.at = At::Reading;
        vec![Step::Call(Call::Get(self.draft.id.clone()))]
    }

    pub(super) fn list(&mut self, etag: Etag) -> Vec<Step> {
        self.at = At::Verifying { etag };
        vec![Step::Call(Call::List(self.window()))]
    }

    /// Our own event, as read: the table.
    pub(super) fn table(&mut self, event: &Event) -> Vec<Step> {
        if event.status == EventStatus::Cancelled {
            return self.next_attempt();
        }
        let (Some(etag), Some(visit), true) =
            (event.etag.clone(), visit_of(event), self.is_ours(event))
        else {
            return vec![Step::Settle(Settlement::Repair {
                cause: Cause::StrangersEvent,
                detail: "An event that is not ours stands in the calendar under this visit's id. \
                         Retry books it under a new one"
                    .to_owned(),
            })];
        };
        let moved = visit != self.draft.visit;
        match (event.status, self.protocol) {
            (EventStatus::Tentative, _) if moved => self.withdraw(
                etag,
                Lost::Taken("somebody moved the claim in Google Calendar".to_owned()),
            ),
            (EventStatus::Tentative, _) => self.list(etag),
            // Inserted confirmed: the list is still to come.
            (_, Protocol::SharedDatabase) if !moved && !matches!(self.at, At::Confirming) => {
                self.list(etag)
            }
            _ => self.commit(etag, visit),
        }
    }

    pub(super) fn missing_from_list(&mut self) -> Vec<Step> {
        // The list is older than our claim: read the claim itself, then list again.
        self.stale += 1;
        if self.stale > STALE_LISTS {
            return vec![Step::PutOff(
                "the calendar is slow to show the desk's own entry".to_owned(),
            )];
        }
        self.read()
    }

    pub(super) fn verified(&mut self, etag: Etag, verdict: Verdict) -> Vec<Step> {
        let mut steps = Vec::new();
        if verdict.other_database && self.protocol == Protocol::SharedDatabase {
            steps.push(Step::UseFullProtocol);
        }
        if self.protocol == Protocol::SharedDatabase {
            if let Some(by) = verdict.in_the_way() {
                steps.extend(self.withdraw(etag, Lost::Taken(by)));
            } else {
                let visit = self.draft.visit;
                steps.push(Step::Tell(Phase::Verified));
                steps.extend(self.commit(etag, visit));
            }
        } else if let Some(by) = verdict.taken {
            steps.extend(self.withdraw(etag, Lost::Taken(by)));
        } else if let Some((event, dead)) = verdict.dead_claim {
            self.at = At::Expiring { etag };
            steps.push(Step::Call(Call::Delete(event, dead)));
        } else if verdict.rival == Some(Rival::YieldTo) {
            steps.extend(self.withdraw(etag, Lost::Claim));
        } else if verdict.rival.is_some() {
            steps.extend(self.wait(etag));
        } else {
            self.at = At::Confirming;
            steps.push(Step::Tell(Phase::Verified));
            steps.push(Step::Call(Call::Confirm(self.draft.id.clone(), etag)));
        }
        steps
    }

    pub(super) fn wait(&mut self, etag: Etag) -> Vec<Step> {
        self.waited += WAIT_SECONDS;
        if self.waited > LEASE_SECONDS {
            return self.withdraw(etag, Lost::Claim);
        }
        self.at = At::Verifying { etag };
        vec![Step::Tell(Phase::Waiting), Step::Wait(WAIT_SECONDS)]
    }
}
