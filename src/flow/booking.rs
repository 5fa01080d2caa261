//! Books a visit: pre-check, claim, verify, confirm, commit.
//!
//! Google has no "insert if free", so two desks that check and then insert would double-book. A desk
//! therefore inserts a *tentative* event (the claim), lists the interval, and confirms the claim under
//! the etag it had before the list only if nobody else is there. Of two claims the lower id wins. The
//! rules are those of the protocol in the design; each is there because leaving it out double-booked
//! in the model.
//!
//! | own event as read | then |
//! |---|---|
//! | absent | claim: an insert may still be on its way, so it is repeated until answered, never given up |
//! | tentative | verify (times changed by a person: withdraw) |
//! | confirmed | commit (times changed: commit, and repair) |
//! | cancelled | next attempt once no claim overlaps, at most three; else lost |
//! | not ours | repair |
//!
//! Where all writers share one database ([`Protocol::SharedDatabase`]) the local reservation keeps
//! them apart: the event is inserted confirmed and the list only looks for others.

mod claim;
mod verdict;
mod withdraw;

#[cfg(test)]
pub(super) mod tests;

use super::operation::{Because, Cause, Settlement};
use super::step::{Call, Fact, Phase, Step};
use crate::domain::event::{Event, EventDraft, EventStatus, EventTimes, MarkKind};
use crate::domain::id::{Etag, EventId};
use crate::domain::service::{Buffers, MOST_BUFFER_MINUTES};
use crate::domain::time::Interval;
use chrono::Duration;
use serde::{Deserialize, Serialize};
pub use verdict::lease_over;
pub(super) use verdict::{Own, judge};

/// How many events are tried for one appointment in one go.
pub const MOST_ATTEMPTS: u32 = 3;
/// A claim lives this long by Google's clock, and nobody waits longer for one. Equal at all desks.
pub const LEASE_SECONDS: u32 = 120;
/// Seconds between two looks at somebody's live claim.
pub(super) const WAIT_SECONDS: u32 = 2;
/// Lists that may lack our own claim before we wait for the calendar to catch up.
const STALE_LISTS: u32 = 3;

/// Which protocol keeps two desks apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Claim, verify, confirm: safe between separate databases.
    #[default]
    Full,
    /// Every writer of the clinic uses this database.
    SharedDatabase,
}

/// A booking and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What is written to the calendar, with the id of the current attempt.
    pub draft: EventDraft,
    /// How desks are kept apart.
    pub protocol: Protocol,
    /// The desk agreed to a provisional booking if the calendar does not answer.
    pub provisional: bool,
    /// The desk has been told that the visit is recorded: losing the slot is for a person to settle.
    pub told: bool,
    /// An event that does not count against it: the visit that is being moved here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    besides: Option<EventId>,
    /// The journal says that nothing of it was ever sent. Before the first insert this is taken back in the
    /// journal. A booking goes on to its insert within a second, so one that has just begun does not say so
    /// yet and saves that write; it is said once the booking is put off before its insert.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unsent: bool,
    /// Attempts made in this operation, this one included.
    pub attempts: u32,
    /// Seconds spent waiting for other desks' claims in this attempt.
    waited: u32,
    /// Lists that lacked our own claim, in a row.
    stale: u32,
    /// How far it is.
    at: At,
}

/// What the flow waits for. Only [`At::Withdrawing`] and [`At::Confirmed`] are decisions: they are carried
/// out after a crash. Everything else begins again with reading our own event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    /// Journalled; nothing was sent.
    Intended,
    /// Reading our own event, to go by the table.
    Reading,
    /// freeBusy.
    Checking,
    /// Busy, but by whom?
    Looking,
    /// The insert.
    Claiming,
    /// The list. The etag is the claim's from before it.
    Verifying { etag: Etag },
    /// Removing a dead desk's claim.
    Expiring { etag: Etag },
    /// The confirming PATCH.
    Confirming,
    /// Decided: our event goes.
    Withdrawing { etag: Etag, lost: Lost },
    /// Decided, but the etag was stale: what does the event look like now?
    Rereading { lost: Lost },
    /// Our event is gone, lost to a claim: a pause, then a look.
    Yielding,
    /// The look: does a claim still overlap?
    LookingAgain,
    /// Decided: the event stands confirmed, the commit is left.
    Confirmed { etag: Etag, visit: Interval },
}

/// To what a slot was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Lost {
    /// To something that stands; in words.
    Taken(String),
    /// To another desk's claim, which may yet be withdrawn.
    Claim,
}

impl Booking {
    /// A booking of the draft, not begun. The draft's status is set by the protocol.
    pub fn new(mut draft: EventDraft, protocol: Protocol, provisional: bool) -> Self {
        draft.status = status_for(protocol);
        Self {
            draft,
            protocol,
            provisional,
            told: false,
            besides: None,
            unsent: false,
            attempts: 1,
            waited: 0,
            stale: 0,
            at: At::Intended,
        }
    }

    /// Holds a time for a visit that is to be moved there, and whose own event does not count.
    pub(super) fn hold(draft: EventDraft, protocol: Protocol, visit: EventId) -> Self {
        Self {
            besides: Some(visit),
            unsent: true,
            ..Self::new(draft, protocol, false)
        }
    }

    /// Whether nothing of it can be in the calendar, by what the journal says.
    pub fn is_unsent(&self) -> bool {
        self.unsent
    }

    /// The same booking at another time; none once something may have been sent.
    #[must_use]
    pub fn at_another_time(mut self, visit: Interval) -> Option<Self> {
        self.draft.visit = visit;
        self.unsent.then_some(self)
    }

    /// From now on, if nothing was sent yet.
    pub(super) fn use_full_protocol(&mut self) {
        self.protocol = Protocol::Full;
        self.draft.status = status_for(self.protocol);
    }

    /// The event of the current attempt.
    pub fn event(&self) -> &EventId {
        &self.draft.id
    }

    /// What becomes known, and what to do about it.
    #[must_use]
    pub fn step(mut self, fact: Fact) -> (Self, Vec<Step>) {
        let steps = self.on(fact);
        (self, steps)
    }

    #[allow(
        clippy::match_same_arms,
        reason = "one line for each answer in each place"
    )]
    fn on(&mut self, fact: Fact) -> Vec<Step> {
        match fact {
            Fact::Resumed => return self.resume(),
            Fact::NoAnswer(why) => return self.without_answer(why),
            Fact::Refused(why) => return self.refused(why),
            _ => {}
        }
        match (self.at.clone(), fact) {
            (At::Intended, Fact::Begun) => self.check(),
            (At::Checking, Fact::Busy(busy)) => self.checked(&busy),
            (
                At::Looking,
                Fact::Listed {
                    events,
                    zone,
                    server_time,
                },
            ) => {
                if let Some(own) = self.own_in(&events) {
                    return self.table(&own);
                }
                match self.judge(&events, zone, server_time).taken {
                    Some(by) => self.lose(Because::SlotTaken, by),
                    None => self.claim(),
                }
            }
            (At::Claiming, Fact::Event(event)) => self.claimed(&event),
            (At::Claiming, Fact::Duplicate) => self.read(),
            (At::Reading, Fact::Event(event)) => self.table(&event),
            (At::Reading, Fact::Missing) => self.claim(),
            (At::Reading, Fact::Gone) => self.next_attempt(),
            (
                At::Verifying { etag },
                Fact::Listed {
                    events,
                    zone,
                    server_time,
                },
            ) => match self.own_in(&events) {
                None => self.missing_from_list(),
                Some(own) if own.status != self.draft.status => self.table(&own),
                Some(_) => {
                    self.stale = 0;
                    let verdict = self.judge(&events, zone, server_time);
                    self.verified(etag, verdict)
                }
            },
            (At::Verifying { etag }, Fact::Waited) => self.list(etag),
            (At::Expiring { etag }, Fact::Deleted | Fact::Missing | Fact::Gone | Fact::Stale) => {
                self.list(etag)
            }
            (At::Confirming, Fact::Event(event)) => self.table(&event),
            (At::Confirming, Fact::Stale | Fact::Missing | Fact::Gone) => self.read(),
            (At::Withdrawing { lost, .. }, Fact::Deleted | Fact::Missing | Fact::Gone) => {
                self.withdrawn(lost)
            }
            (At::Withdrawing { lost, .. }, Fact::Stale) => {
                self.at = At::Rereading { lost };
                vec![Step::Call(Call::Get(self.draft.id.clone()))]
            }
            (At::Rereading { lost }, Fact::Missing | Fact::Gone) => self.withdrawn(lost),
            (At::Rereading { lost }, Fact::Event(event)) => self.reread(&event, lost),
            (At::Yielding, Fact::Waited) => {
                self.at = At::LookingAgain;
                vec![Step::Call(Call::List(self.window()))]
            }
            (
                At::LookingAgain,
                Fact::Listed {
                    events,
                    zone,
                    server_time,
                },
            ) => {
                let verdict = self.judge(&events, zone, server_time);
                self.looked_again(&verdict)
            }
            // An answer that does not belong to the question: begin again from what stands in Google.
            (_, _) => self.read(),
        }
    }

    /// After a crash or a pause: a decision is carried out, everything else goes by the table.
    fn resume(&mut self) -> Vec<Step> {
        self.stale = 0;
        match self.at.clone() {
            At::Withdrawing { etag, .. } => {
                vec![Step::Call(Call::Delete(self.draft.id.clone(), etag))]
            }
            At::Rereading { .. } => vec![Step::Call(Call::Get(self.draft.id.clone()))],
            At::Yielding | At::LookingAgain => {
                self.at = At::LookingAgain;
                vec![Step::Call(Call::List(self.window()))]
            }
            At::Confirmed { etag, visit } => self.commit(etag, visit),
            _ => self.read(),
        }
    }

    fn without_answer(&mut self, why: String) -> Vec<Step> {
        if matches!(self.at, At::Checking | At::Looking) {
            if !self.provisional && !self.told {
                let nothing = if self.is_hold() { "changed" } else { "booked" };
                let words = format!("{why}. Nothing was {nothing}");
                return self.lose(Because::NoAnswer, words);
            }
            // neither place is reached again after an insert
            self.unsent = true;
        }
        self.told = true;
        vec![Step::PutOff(why)]
    }

    fn refused(&mut self, why: String) -> Vec<Step> {
        // Our event may stand in a calendar that no longer lets us in: that is for a person.
        if self.told || !matches!(self.at, At::Checking | At::Looking | At::Claiming) {
            let what = if self.is_hold() { "move" } else { "booking" };
            let detail = format!("Google refuses to let the desk finish this {what}: {why}");
            return vec![Step::Settle(Settlement::Repair {
                cause: Cause::RefusedByGoogle,
                detail,
            })];
        }
        self.lose(Because::CalendarRefused, why)
    }

    fn commit(&mut self, etag: Etag, visit: Interval) -> Vec<Step> {
        let moved = visit != self.draft.visit;
        self.at = At::Confirmed {
            etag: etag.clone(),
            visit,
        };
        vec![
            Step::Tell(Phase::Confirmed),
            Step::Settle(Settlement::Confirmed {
                event: self.draft.id.clone(),
                etag,
                visit,
                attempt: self.draft.mark.attempt,
                moved,
            }),
        ]
    }

    pub(super) fn window(&self) -> Interval {
        window(self.draft.visit, self.draft.mark.buffers)
    }

    fn own_in(&self, events: &[Event]) -> Option<Event> {
        events
            .iter()
            .find(|event| event.id == self.draft.id)
            .cloned()
    }

    fn is_hold(&self) -> bool {
        self.draft.mark.kind == MarkKind::Placeholder
    }

    fn is_ours(&self, event: &Event) -> bool {
        event.mark.as_ref().is_some_and(|mark| {
            mark.clinic == self.draft.mark.clinic && mark.appointment == self.draft.mark.appointment
        })
    }
}

fn status_for(protocol: Protocol) -> EventStatus {
    match protocol {
        Protocol::Full => EventStatus::Tentative,
        Protocol::SharedDatabase => EventStatus::Confirmed,
    }
}

/// What must be listed to see every event that could conflict: ours and the longest possible buffers.
pub(super) fn window(visit: Interval, buffers: Buffers) -> Interval {
    let most = Duration::minutes(i64::from(MOST_BUFFER_MINUTES));
    buffers.around(visit).widened(most, most)
}

/// Times of an event that is not all-day.
pub(super) fn visit_of(event: &Event) -> Option<Interval> {
    match event.times {
        Some(EventTimes::Timed(visit)) => Some(visit),
        _ => None,
    }
}
