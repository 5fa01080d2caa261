//! Who else stands in the way: one look at a list of events.

use super::Booking;
use crate::domain::blocks::{Block, Reason, blocks};
use crate::domain::event::{Event, MarkKind};
use crate::domain::id::{AppointmentId, ClinicId, DatabaseId, Etag, EventId};
use crate::domain::service::Buffers;
use crate::domain::time::{Interval, Moment};
use chrono::Duration;
use chrono_tz::Tz;

/// What a list says about a booking, our own event apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::flow) struct Verdict {
    /// Something that stands takes the time: by whom, in words.
    pub taken: Option<String>,
    /// A claim whose lease has run out, or an abandoned one of our own; with its version.
    pub dead_claim: Option<(EventId, Etag)>,
    /// The live claim that matters most.
    pub rival: Option<Rival>,
    /// An event of this clinic that another database wrote.
    pub other_database: bool,
}

/// Another desk's live claim or placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::flow) enum Rival {
    /// A higher id, or a hold that stands: it will yield, or turn into a visit. Wait.
    WaitedFor,
    /// A lower id: ours yields.
    YieldTo,
}

impl Verdict {
    /// What is there at all, in words: something that stands, or another desk's claim, alive or dead.
    pub fn in_the_way(&self) -> Option<String> {
        let claim = self.rival.is_some() || self.dead_claim.is_some();
        let by_claim = || words(Reason::Claim).to_owned();
        self.taken.clone().or_else(|| claim.then(by_claim))
    }
}

/// What a list is judged for.
#[derive(Clone, Copy, Debug)]
pub(in crate::flow) struct Own<'a> {
    /// Our event.
    pub event: &'a EventId,
    /// Another one that does not count: the visit that is being moved here.
    pub besides: Option<&'a EventId>,
    /// The time.
    pub visit: Interval,
    /// What is kept free around it.
    pub buffers: Buffers,
    /// Of which clinic.
    pub clinic: &'a ClinicId,
    /// In which database.
    pub database: &'a DatabaseId,
    /// Of which appointment.
    pub appointment: &'a AppointmentId,
}

impl Booking {
    /// Judges what conflicts with the booking.
    pub(in crate::flow) fn judge(
        &self,
        events: &[Event],
        zone: Tz,
        server_time: Option<Moment>,
    ) -> Verdict {
        let mark = &self.draft.mark;
        let own = Own {
            event: &self.draft.id,
            besides: self.besides.as_ref(),
            visit: self.draft.visit,
            buffers: mark.buffers,
            clinic: &mark.clinic,
            database: &mark.database,
            appointment: &mark.appointment,
        };
        judge(&own, events, zone, server_time)
    }
}

/// Judges what conflicts with our time. A lease is judged by Google's clock alone: the event's
/// `updated` against the answer's Date; where either is missing the claim counts as alive.
pub(in crate::flow) fn judge(
    ours: &Own<'_>,
    events: &[Event],
    zone: Tz,
    server_time: Option<Moment>,
) -> Verdict {
    let mut verdict = Verdict::default();
    let counts = |event: &&Event| event.id != *ours.event && Some(&event.id) != ours.besides;
    for event in events.iter().filter(counts) {
        let Some(block) = blocks(event, zone, ours.clinic) else {
            continue;
        };
        let own = matches!(block.reason, Reason::Visit | Reason::Claim);
        if own
            && event
                .mark
                .as_ref()
                .is_some_and(|theirs| theirs.database != *ours.database)
        {
            verdict.other_database = true;
        }
        if !conflicts(ours, &block) {
            continue;
        }
        // a hold that is not confirmed yet is a claim like any other
        let placeholder = block.reason == Reason::Visit
            && event
                .mark
                .as_ref()
                .is_some_and(|m| m.kind == MarkKind::Placeholder);
        if !placeholder && block.reason != Reason::Claim {
            verdict
                .taken
                .get_or_insert_with(|| words(block.reason).to_owned());
            continue;
        }
        let dead = lease_over(event, server_time);
        let abandoned = event
            .mark
            .as_ref()
            .is_some_and(|m| m.appointment == *ours.appointment);
        match (&event.etag, placeholder) {
            (_, true) if dead => {
                let by = "a visit is being moved to this time, and its desk no longer answers";
                verdict.taken.get_or_insert_with(|| by.to_owned());
            }
            (_, true) => verdict.rival = verdict.rival.max(Some(Rival::WaitedFor)),
            (Some(etag), false) if dead || abandoned => {
                verdict
                    .dead_claim
                    .get_or_insert_with(|| (event.id.clone(), etag.clone()));
            }
            _ if event.id < *ours.event => verdict.rival = Some(Rival::YieldTo),
            _ => verdict.rival = verdict.rival.max(Some(Rival::WaitedFor)),
        }
    }
    verdict
}

/// Two visits conflict when one's visit meets the other's blocked interval.
fn conflicts(ours: &Own<'_>, block: &Block) -> bool {
    ours.visit.meets(&block.blocked) || ours.buffers.around(ours.visit).meets(&block.visit)
}

/// Whether a claim or a hold has outlived its lease, by Google's clock.
pub fn lease_over(event: &Event, server_time: Option<Moment>) -> bool {
    let seconds = event
        .mark
        .as_ref()
        .map_or(super::LEASE_SECONDS, |m| m.lease_seconds);
    match (event.updated, server_time) {
        (Some(updated), Some(now)) => now - updated > Duration::seconds(i64::from(seconds)),
        _ => false,
    }
}

fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Visit => "another visit is booked there",
        Reason::Claim => "another desk is booking this time",
        Reason::Private => "the doctor's calendar has an entry there",
        Reason::OutOfOffice => "the doctor is out of office then",
        Reason::FocusTime => "the doctor keeps this time for focused work",
        Reason::AllDay => "the doctor's calendar has an all-day entry",
    }
}
