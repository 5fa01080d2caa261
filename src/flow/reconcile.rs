//! What is to be done about what Google says: each event against what is known here. Pure: it judges, and
//! others carry it out. Google is the truth about time; nothing here ever calls a visit off.

use crate::domain::appointment::{Appointment, Source, Status};
use crate::domain::event::{Event, EventStatus, EventTimes, Mark, MarkKind};
use crate::domain::id::{CalendarId, ClinicId};
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::Cause;

/// Fewer than so many visits gone or moved at once are never too many.
const FEW: usize = 5;

/// What is known here of the visit that an event is, or was, about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The visit.
    pub appointment: Appointment,
    /// Whether a change of it is under way.
    pub open: bool,
    /// Whether a change of it ended only after Google was asked: the event may be older than that.
    pub settled_since: bool,
    /// What a person must choose about it, if anything.
    pub cause: Option<Cause>,
    /// Whether this version of the event was judged by an earlier read.
    pub seen: bool,
}

/// What is to be done about one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it says what is known, or is no visit of this clinic.
    Leave,
    /// A change of ours is under way, or it may be older than our last one: it has to be read again.
    LookAgain,
    /// What was edited stays in Google; we take its version.
    Renew,
    /// It was gone and is there again, as it was.
    Returned,
    /// A person has moved it to this time.
    MovedByPerson(Interval),
    /// Another desk of the clinic has moved it to this time.
    MovedByDesk(Interval),
    /// Somebody deleted it: a person must choose.
    Gone,
    /// Another desk of the clinic booked the visit and called it off.
    CalledOffElsewhere,
    /// It stands, although here the visit was called off or lost its slot.
    Back(Interval),
    /// It is a visit of another desk: to be taken over, or what changed about it.
    Adopt,
    /// Somebody changed what a visit cannot do without.
    Spoilt(Spoilt),
    /// The visit's event does not bear our mark any more.
    Strange,
}

/// What somebody did to the event of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// Turned into whole days.
    WholeDays,
    /// Marked as free: others can book over it.
    MarkedFree,
    /// Made a mere "perhaps", which other desks take for a claim.
    Perhaps,
}

impl Spoilt {
    /// What happened and what it means.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::WholeDays => {
                "Somebody turned its event in Google Calendar into whole days, so its time is no longer known there"
            }
            Self::MarkedFree => {
                "Somebody marked its event in Google Calendar as free, so others can book over it"
            }
            Self::Perhaps => {
                "Somebody marked its event in Google Calendar as not certain, so other desks may take its time"
            }
        }
    }
}

/// Judges one event of a calendar.
pub fn judge(
    event: &Event,
    known: Option<&Known>,
    calendar: &CalendarId,
    clinic: &ClinicId,
) -> Verdict {
    let mark = event
        .mark
        .as_ref()
        .filter(|m| m.clinic == *clinic && m.kind == MarkKind::Appointment);
    let Some(known) = known else {
        return new_here(event, mark);
    };
    let a = &known.appointment;
    if a.google_calendar_id != *calendar {
        return Verdict::Leave;
    }
    let same = event.etag.is_some() && a.etag == event.etag;
    // the operation may end without having seen what somebody did meanwhile
    if known.open {
        return if same && known.seen {
            Verdict::Leave
        } else {
            Verdict::LookAgain
        };
    }
    if a.google_event_id.as_ref() != Some(&event.id) {
        // another desk has booked its visit again; otherwise it is a copy that somebody made, or what an
        // earlier attempt left
        let again = a.source == Source::Adopted && mark.is_some_and(|m| m.attempt > a.attempt);
        return new_here(event, mark.filter(|_| again));
    }
    if known.settled_since && !same {
        return Verdict::LookAgain;
    }
    if event.status == EventStatus::Cancelled {
        return match (a.status, a.source) {
            (Status::Confirmed, Source::Adopted) => Verdict::CalledOffElsewhere,
            (Status::Confirmed, _) if known.cause != Some(Cause::GoneFromGoogle) => Verdict::Gone,
            _ => Verdict::Leave,
        };
    }
    let Some(mark) = mark else {
        let newer = a.etag != event.etag && known.cause != Some(Cause::StrangersEvent);
        return match a.status {
            Status::Confirmed if newer => Verdict::Strange,
            _ => Verdict::Leave,
        };
    };
    if a.source == Source::Adopted {
        return new_here(event, Some(mark));
    }
    standing(event, mark, known)
}

/// An event of which nothing is known here, or only a copy.
fn new_here(event: &Event, mark: Option<&Mark>) -> Verdict {
    let timed = matches!(event.times, Some(EventTimes::Timed(_)));
    if mark.is_some() && timed && event.status == EventStatus::Confirmed {
        Verdict::Adopt
    } else {
        Verdict::Leave
    }
}

/// An event of a visit of ours that stands.
fn standing(event: &Event, mark: &Mark, known: &Known) -> Verdict {
    let a = &known.appointment;
    let visit = match event.times {
        Some(EventTimes::Timed(visit)) => Some(visit),
        _ => None,
    };
    if a.status != Status::Confirmed {
        return match visit {
            Some(visit) if event.status == EventStatus::Confirmed => Verdict::Back(visit),
            _ => Verdict::Leave,
        };
    }
    let gone = known.cause == Some(Cause::GoneFromGoogle);
    if a.etag == event.etag && !gone {
        // a claim can be marked free before it is confirmed
        return if event.transparent && !known.seen {
            Verdict::Spoilt(Spoilt::MarkedFree)
        } else {
            Verdict::Leave
        };
    }
    let Some(visit) = visit else {
        return Verdict::Spoilt(Spoilt::WholeDays);
    };
    if event.status == EventStatus::Tentative {
        return Verdict::Spoilt(Spoilt::Perhaps);
    }
    if event.transparent {
        return Verdict::Spoilt(Spoilt::MarkedFree);
    }
    match (visit == a.visit, mark.rev > a.rev) {
        (true, _) if gone => Verdict::Returned,
        (true, _) => Verdict::Renew,
        (false, true) => Verdict::MovedByDesk(visit),
        (false, false) => Verdict::MovedByPerson(visit),
    }
}

/// Whether so many coming visits of a calendar are gone or moved by people at once that nothing is applied
/// until an admin looks: more than `percent` of a hundred. Answers with how many.
pub fn too_many<'a>(
    judged: impl IntoIterator<Item = (&'a Verdict, Option<&'a Known>)>,
    now: Moment,
    coming: usize,
    percent: u32,
) -> Option<usize> {
    let lost = judged
        .into_iter()
        .filter(|(verdict, known)| {
            let away = matches!(verdict, Verdict::Gone | Verdict::MovedByPerson(_));
            away && known.is_some_and(|k| k.appointment.visit.start() > now)
        })
        .count();
    let share = usize::try_from(percent).unwrap_or(usize::MAX);
    let many = lost >= FEW && lost.saturating_mul(100) > coming.saturating_mul(share);
    many.then_some(lost)
}

#[cfg(test)]
mod tests;
