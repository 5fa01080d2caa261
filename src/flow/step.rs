//! What a flow asks for, and what it is told: the same words for every flow.

use super::operation::Settlement;
use crate::domain::event::{Event, EventDraft, NewTimes};
use crate::domain::id::{Etag, EventId};
use crate::domain::time::{Interval, Moment};
use chrono_tz::Tz;

/// A call to the operation's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// freeBusy over the interval.
    FreeBusy(Interval),
    /// All pages of what meets the interval.
    List(Interval),
    /// Read one event.
    Get(EventId),
    /// Insert this event.
    Insert(Box<EventDraft>),
    /// PATCH `status=confirmed` under the etag.
    Confirm(EventId, Etag),
    /// PATCH the times under the etag.
    Reschedule(EventId, Etag, Box<NewTimes>),
    /// DELETE under the etag.
    Delete(EventId, Etag),
}

/// What a flow wants done. The last step of a list is the one that brings the next fact, or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Store the state before anything that follows; the words go into the timeline.
    Journal(&'static str),
    /// Tell the desk how far it is.
    Tell(Phase),
    /// The calendar holds an event of this clinic from another database: from now on every booking here
    /// takes the full protocol.
    UseFullProtocol,
    /// Make the call; its answer is the next fact.
    Call(Call),
    /// Wait about so many seconds (with jitter); then comes [`Fact::Waited`].
    Wait(u32),
    /// Try again later, from here; the reason in words.
    PutOff(String),
    /// The operation has ended.
    Settle(Settlement),
}

/// How far a flow is, for the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asking free/busy.
    Checking,
    /// Our claim is in the calendar.
    Claimed,
    /// No one else has the slot.
    Verified,
    /// Waiting for another desk's claim.
    Waiting,
    /// Google has confirmed the event.
    Confirmed,
    /// The new time of a visit is held.
    Held,
    /// The visit's event has its new time.
    Moved,
    /// Taking our claim back.
    Withdrawing,
    /// Removing the event.
    Removing,
}

/// What has become known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// First start, right after the intent.
    Begun,
    /// Taken up again from the journal: what was under way may or may not have been carried out.
    Resumed,
    /// freeBusy answered for the calendar: merged, clipped.
    Busy(Vec<Interval>),
    /// A list, all pages.
    Listed {
        /// What meets the window.
        events: Vec<Event>,
        /// Zone of the calendar.
        zone: Tz,
        /// Google's clock at the answer.
        server_time: Option<Moment>,
    },
    /// An event was read, or a write answered with it.
    Event(Box<Event>),
    /// A delete was carried out.
    Deleted,
    /// 404, and the calendar itself answers.
    Missing,
    /// 410: deleted before.
    Gone,
    /// 412: the etag is stale.
    Stale,
    /// 409: the id exists or existed.
    Duplicate,
    /// The calendar or Google refuses for good: not shared, no rights, invalid. In words.
    Refused(String),
    /// No usable answer after the driver's own repeats. In words.
    NoAnswer(String),
    /// A wait is over.
    Waited,
}
