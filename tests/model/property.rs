//! What must hold: the design's invariants, as far as the model can break them.

use crate::calendar::{Answer, Calendar, Id, Request, Status};
use crate::case::{Act, Case, Mode};
use crate::desk::{At, Said};
use crate::turn::Turn;
use crate::world::World;
use stateright::{Model, Property};

/// Wrongs that are seen as they happen, not in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// "Booked" or "Moved", and the calendar does not say so.
    Lied,
    /// What was said is said otherwise later.
    TakenBack,
    /// The program called a confirmed visit off of its own accord.
    CalledOff,
    /// Something was written to an event that no act may write to.
    Others,
}

/// Which of them happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Broken(u8);

impl Broken {
    fn note(&mut self, wrong: Wrong, happened: bool) {
        self.0 |= u8::from(happened) << wrong as u8;
    }

    fn spares(self, wrong: Wrong) -> bool {
        self.0 & (1 << wrong as u8) == 0
    }
}

pub const NO_CONFLICT: &str = "I1 no two confirmed appointments conflict";
pub const ENTRY_KEPT: &str = "I1 no entry that was there first is booked over";
pub const NOTHING_LEFT: &str = "I3 I10 at rest nothing of ours is left over";
pub const ONE_EVENT: &str = "I4 retries make one event";
pub const SETTLED: &str = "I5 at rest every act is settled";
pub const SO: &str = "I6 what is said is so";
pub const BOOKED_STANDS: &str = "I6 booked means that the event stands";
pub const NOT_TAKEN_BACK: &str = "what was said is not taken back";
pub const NOT_CALLED_OFF: &str = "no visit is called off by the program alone";
pub const NOT_OTHERS: &str = "I9 nobody else's event is changed";
/// Not an invariant: that there is something to hold them against.
pub const SUCCEEDS: &str = "an act succeeds after all its troubles";

pub fn all() -> Vec<Property<Case>> {
    vec![
        Property::always(NO_CONFLICT, no_conflict),
        Property::always(ENTRY_KEPT, entry_kept),
        Property::always(NOTHING_LEFT, nothing_left),
        Property::always(ONE_EVENT, one_event),
        Property::always(SETTLED, settled),
        Property::always(SO, |_, w: &World| w.broken.spares(Wrong::Lied)),
        Property::always(BOOKED_STANDS, booked_stands),
        Property::always(NOT_TAKEN_BACK, |_, w: &World| {
            w.broken.spares(Wrong::TakenBack)
        }),
        Property::always(NOT_CALLED_OFF, |_, w: &World| {
            w.broken.spares(Wrong::CalledOff)
        }),
        Property::always(NOT_OTHERS, |_, w: &World| w.broken.spares(Wrong::Others)),
        Property::sometimes(SUCCEEDS, succeeds),
    ]
}

/// Called after each write that took effect.
pub fn watch(world: &mut World, case: &Case, before: &Calendar, request: Request, answer: Answer) {
    if !matches!(answer, Answer::Done(_)) {
        return;
    }
    let id = request.id();
    let was = before[usize::from(id)].status;
    if let Request::Delete {
        of_own_accord: true,
        ..
    } = request
    {
        let shared = case
            .act_of(id)
            .is_some_and(|act| inserted_confirmed(case, act));
        let stood = was == Status::Confirmed && !case.is_placeholder(id) && !shared;
        world.broken.note(Wrong::CalledOff, stood);
    }
    let own = match request {
        Request::Insert { .. } | Request::Confirm { .. } => case.act_of(id).is_some(),
        Request::Delete { .. } | Request::Move { .. } => case.entry_id() != Some(id),
    };
    world.broken.note(Wrong::Others, !own);
}

/// Called when a desk says something.
pub fn hear(world: &mut World, case: &Case, act: u8, said: Said) {
    let before = world.said[usize::from(act)];
    let so = match said {
        Said::Booked => confirmed_event(world, case, act).is_some(),
        Said::Moved => world.moved & (1 << act) != 0,
        Said::Cancelled => {
            let of = Turn::original_of(case, act).map(usize::from);
            of.is_some_and(|of| !world.calendar[of].live())
        }
        _ => true,
    };
    world.broken.note(Wrong::Lied, !so);
    let anew = before != Said::Nothing && before != said && said != Said::Repair;
    world.broken.note(Wrong::TakenBack, anew);
}

/// The act's event that stands where it was wanted.
fn confirmed_event(world: &World, case: &Case, act: u8) -> Option<Id> {
    let at = case.wanted(act)?.at;
    (0..case.attempts).map(|i| case.event(act, i)).find(|id| {
        let event = &world.calendar[usize::from(*id)];
        event.status == Status::Confirmed && event.at == at
    })
}

fn mode_of(case: &Case, act: u8) -> Mode {
    let by = case.desks.iter().find(|desk| desk.script.contains(&act));
    by.map_or(Mode::Full, |desk| desk.mode)
}

fn inserted_confirmed(case: &Case, act: u8) -> bool {
    mode_of(case, act) != Mode::Full
}

/// Confirmed appointments that nobody has put into the repair pane. An event that the shared protocol
/// inserted confirmed counts once "Booked" was said: until then its desk has yet to look.
fn stands(world: &World, case: &Case, id: Id) -> bool {
    if world.calendar[usize::from(id)].status != Status::Confirmed || case.is_placeholder(id) {
        return false;
    }
    let said = |act: u8| world.said[usize::from(act)];
    match case.act_of(id) {
        Some(act) if inserted_confirmed(case, act) => said(act) == Said::Booked,
        Some(act) => said(act) != Said::Repair,
        None => (0..).zip(&case.acts).all(|(act, what)| {
            !matches!(what, Act::Move(of, _) if *of == id) || said(act) != Said::Repair
        }),
    }
}

fn no_conflict(case: &Case, world: &World) -> bool {
    let shape = |id: Id| case.shape(id, world.calendar[usize::from(id)].at);
    let all = u8::try_from(case.act_events()).unwrap();
    (0..all).all(|one| {
        !stands(world, case, one)
            || (one + 1..all)
                .all(|two| !stands(world, case, two) || !shape(one).conflicts(shape(two)))
    })
}

fn entry_kept(case: &Case, world: &World) -> bool {
    let (Some(entry), Some(id)) = (case.entry, case.entry_id()) else {
        return true;
    };
    if world.calendar[usize::from(id)].status != Status::Confirmed {
        return true;
    }
    (0..).take(case.act_events()).all(|id| {
        let first = world.before_entry & (1 << id) != 0;
        let at = world.calendar[usize::from(id)].at;
        first || !stands(world, case, id) || !entry.conflicts(case.shape(id, at))
    })
}

/// Nothing is on its way, nobody has anything left to do.
fn at_rest(case: &Case, world: &World) -> bool {
    let idle = world.late.is_empty() && world.clearing.is_none();
    idle && (0..world.desks.len()).all(|desk| world.act_of(case, desk).is_none())
}

fn nothing_left(case: &Case, world: &World) -> bool {
    !at_rest(case, world)
        || (0..).take(case.act_events()).all(|id| {
            let Some(act) = case.act_of(id) else {
                return true;
            };
            let said = world.said[usize::from(act)];
            let kept = said == Said::Booked && !case.is_placeholder(id);
            !world.calendar[usize::from(id)].live() || kept || said == Said::Repair
        })
}

fn one_event(case: &Case, world: &World) -> bool {
    (0..).take(case.acts.len()).all(|act| {
        let events = (0..case.attempts).map(|i| case.event(act, i));
        events
            .filter(|id| world.calendar[usize::from(*id)].live())
            .count()
            <= 1
    })
}

/// A world in which nothing more can happen has no act open.
fn settled(case: &Case, world: &World) -> bool {
    let stuck = |desk: usize| {
        let at = world.desks[desk].at;
        world.act_of(case, desk).is_none() || (at != At::Idle && at.lists())
    };
    let quiet = world.late.is_empty() && world.clearing.is_none();
    if !quiet || at_rest(case, world) || !(0..world.desks.len()).all(stuck) {
        return true;
    }
    !case.next_states(world).is_empty()
}

/// That the rest is not true merely because nobody ever gets anywhere.
fn succeeds(case: &Case, world: &World) -> bool {
    let done = |said: Said| matches!(said, Said::Booked | Said::Moved | Said::Cancelled);
    let succeeded = |desk: usize| {
        let state = &world.desks[desk];
        let mut acts = case.desks[desk].script.iter();
        state.crashes + state.delays == 0 && acts.any(|act| done(world.said[usize::from(*act)]))
    };
    at_rest(case, world) && (0..world.desks.len()).any(succeeded)
}

fn booked_stands(case: &Case, world: &World) -> bool {
    (0..).take(case.acts.len()).all(|act| {
        world.said[usize::from(act)] != Said::Booked || confirmed_event(world, case, act).is_some()
    })
}
