//! Away from it: our event is taken back, and the slot is lost or tried for again.

use super::verdict::Verdict;
use super::{At, Booking, LEASE_SECONDS, Lost, MOST_ATTEMPTS, Protocol, WAIT_SECONDS, visit_of};
use crate::domain::event::{Event, EventStatus};
use crate::domain::id::{Etag, EventId};
use crate::flow::operation::{Because, Cause, Settlement};
use crate::flow::step::{Call, Phase, Step};

impl Booking {
    pub(super) fn withdraw(&mut self, etag: Etag, lost: Lost) -> Vec<Step> {
        self.at = At::Withdrawing {
            etag: etag.clone(),
            lost,
        };
        vec![
            Step::Journal("lost the slot; the claim is being taken back"),
            Step::Tell(Phase::Withdrawing),
            Step::Call(Call::Delete(self.draft.id.clone(), etag)),
        ]
    }

    pub(super) fn reread(&mut self, event: &Event, lost: Lost) -> Vec<Step> {
        let moved = visit_of(event).is_some_and(|visit| visit != self.draft.visit);
        match (event.status, event.etag.clone()) {
            (EventStatus::Cancelled, _) => self.withdrawn(lost),
            _ if !self.is_ours(event) => self.table(event),
            // Our late confirm has landed: it stands, and is never deleted.
            (EventStatus::Confirmed, Some(_)) if self.protocol == Protocol::Full || moved => {
                self.table_confirmed(event)
            }
            (_, Some(etag)) => {
                self.at = At::Withdrawing {
                    etag: etag.clone(),
                    lost,
                };
                vec![
                    Step::Journal("the claim was changed meanwhile"),
                    Step::Call(Call::Delete(self.draft.id.clone(), etag)),
                ]
            }
            (_, None) => self.read(),
        }
    }

    pub(super) fn table_confirmed(&mut self, event: &Event) -> Vec<Step> {
        self.at = At::Confirming;
        self.table(event)
    }

    pub(super) fn withdrawn(&mut self, lost: Lost) -> Vec<Step> {
        match lost {
            Lost::Taken(by) => self.lose(Because::SlotTaken, by),
            Lost::Claim => self.next_attempt(),
        }
    }

    /// Our event is gone for good (an id cannot be used twice): wait until no claim overlaps.
    pub(super) fn next_attempt(&mut self) -> Vec<Step> {
        if self.attempts >= MOST_ATTEMPTS {
            return self.lose(
                Because::SlotTaken,
                "another desk has just taken this time".to_owned(),
            );
        }
        self.at = At::LookingAgain;
        vec![
            Step::Journal("the claim is gone; looking again"),
            Step::Call(Call::List(self.window())),
        ]
    }

    pub(super) fn looked_again(&mut self, verdict: &Verdict) -> Vec<Step> {
        if let Some(by) = &verdict.taken {
            return self.lose(Because::SlotTaken, by.clone());
        }
        if verdict.rival.is_some() {
            self.waited += WAIT_SECONDS;
            if self.waited > LEASE_SECONDS {
                return self.lose(
                    Because::SlotTaken,
                    "another desk is booking this time".to_owned(),
                );
            }
            self.at = At::Yielding;
            return vec![Step::Tell(Phase::Waiting), Step::Wait(WAIT_SECONDS)];
        }
        self.attempts += 1;
        self.waited = 0;
        // a hold names the attempt of the visit that it holds the time for
        self.draft.id = if self.is_hold() {
            EventId::of_placeholder(&self.draft.mark.operation, self.attempts)
        } else {
            self.draft.mark.attempt += 1;
            EventId::of_attempt(&self.draft.mark.appointment, self.draft.mark.attempt)
        };
        let mut steps = vec![Step::Journal("the time is free again; next attempt")];
        steps.extend(self.claim());
        steps
    }

    pub(super) fn lose(&mut self, because: Because, why: String) -> Vec<Step> {
        if self.told {
            // The desk was told that this visit is recorded: no patient is turned away by the program.
            let detail = if self.is_hold() {
                format!("The visit could not be moved and stands where it was: {why}")
            } else {
                format!("The time was lost before Google confirmed the visit: {why}")
            };
            return vec![Step::Settle(Settlement::Repair {
                cause: Cause::Conflict,
                detail,
            })];
        }
        vec![Step::Settle(Settlement::Refused { because, why })]
    }
}
