//! The whole of the model: calendar, desks, what is on its way, and what may happen next.

use crate::calendar::{Answer, Calendar, Id, Request, Status};
use crate::case::{Case, Mutant};
use crate::desk::{At, Desk, Said};
use crate::property::{self, Broken};
use crate::turn::Turn;
use stateright::{Model, Property};

/// Requests that are late at one time, at most.
const LATE: usize = 2;
/// Acts at most in a case.
pub const ACTS: usize = 4;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub calendar: Calendar,
    /// The calendar before the last writes, newest first, as far as a list may lag.
    pub old: Vec<Calendar>,
    /// Requests that timed out and have not landed yet.
    pub late: Vec<Request>,
    pub desks: Vec<Desk>,
    pub said: [Said; ACTS],
    pub touches: u8,
    pub entry_to_come: bool,
    /// Whose events were live when the person's entry came.
    pub before_entry: u16,
    pub repairs: u8,
    /// A placeholder that a person is clearing, and its etag.
    pub clearing: Option<(Id, u8)>,
    /// Acts whose PATCH took effect.
    pub moved: u8,
    /// What must not happen and did.
    pub broken: Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A desk does its next thing and has the answer.
    Goes(usize),
    /// A desk has its list, as it was some writes ago; a lease in it may be judged over.
    Lists {
        desk: usize,
        ago: usize,
        over: Option<Id>,
    },
    /// A desk's write times out; it will land late.
    TimesOut(usize),
    Lands(Request),
    Crashes(usize),
    /// A person edits a title.
    Touched(Id),
    /// A person adds an entry, and takes it away again.
    EntryAdded,
    EntryRemoved,
    /// A person clears a placeholder whose desk seems gone: the original first.
    RepairBegun(Id),
    RepairDone,
}

impl World {
    pub fn write(&mut self, case: &Case, request: Request) -> Answer {
        let before = self.calendar;
        let answer = request.apply(&mut self.calendar);
        if let (Answer::Done(_), Request::Move { op, .. }) = (answer, request) {
            self.moved |= 1 << (op - 1);
        }
        property::watch(self, case, &before, request, answer);
        self.remember(case, before);
        answer
    }

    fn remember(&mut self, case: &Case, before: Calendar) {
        if case.lag > 0 && before != self.calendar {
            self.old.insert(0, before);
            self.old.truncate(case.lag);
        }
    }

    /// What a desk is doing, if anything.
    pub fn act_of(&self, case: &Case, desk: usize) -> Option<u8> {
        let turn = usize::from(self.desks[desk].turn);
        case.desks[desk].script.get(turn).copied()
    }

    fn person(&mut self, case: &Case, happening: Happening) {
        let before = self.calendar;
        match happening {
            Happening::Touched(id) => {
                self.touches -= 1;
                self.calendar[usize::from(id)].etag += 1;
            }
            Happening::EntryAdded => {
                self.entry_to_come = false;
                for (id, event) in self.calendar.iter().enumerate() {
                    self.before_entry |= u16::from(event.live()) << id;
                }
                if let (Some(id), Some(shape)) = (case.entry_id(), case.entry) {
                    let entry = &mut self.calendar[usize::from(id)];
                    entry.status = Status::Confirmed;
                    entry.at = shape.at;
                    entry.etag = 1;
                }
            }
            Happening::EntryRemoved => {
                if let Some(id) = case.entry_id() {
                    self.calendar[usize::from(id)].status = Status::Cancelled;
                }
            }
            Happening::RepairBegun(id) => {
                self.repairs -= 1;
                self.clearing = Some((id, self.calendar[usize::from(id)].etag));
                self.bump_original(case, id);
            }
            _ => {}
        }
        self.remember(case, before);
    }

    /// The sleeper, should it wake up, must not find the original as it journalled it.
    fn bump_original(&mut self, case: &Case, placeholder: Id) {
        let Some(act) = case.act_of(placeholder) else {
            return;
        };
        let Some(of) = Turn::original_of(case, act) else {
            return;
        };
        let original = &mut self.calendar[usize::from(of)];
        let done = original.op == act + 1 || !original.live();
        if done || case.lacks(Mutant::RepairWithoutRev) {
            return;
        }
        original.etag += 1;
        original.rev += 1;
    }
}

impl Model for Case {
    type State = World;
    type Action = Happening;

    fn init_states(&self) -> Vec<World> {
        let desk = Desk {
            crashes: self.crashes,
            delays: self.delays,
            ..Desk::default()
        };
        vec![World {
            calendar: self.begins_with(),
            old: Vec::new(),
            late: Vec::new(),
            desks: vec![desk; self.desks.len()],
            said: [Said::Nothing; ACTS],
            touches: self.touches,
            entry_to_come: self.entry.is_some(),
            before_entry: 0,
            repairs: self.repairs,
            clearing: None,
            moved: 0,
            broken: Broken::default(),
        }]
    }

    fn actions(&self, world: &World, happenings: &mut Vec<Happening>) {
        for desk in 0..world.desks.len() {
            self.actions_of(world, desk, happenings);
        }
        happenings.extend(world.late.iter().map(|late| Happening::Lands(*late)));
        for id in (0..).take(self.act_events()) {
            let event = &world.calendar[usize::from(id)];
            if world.touches > 0 && event.live() {
                happenings.push(Happening::Touched(id));
            }
            let held = event.status == Status::Confirmed && self.is_placeholder(id);
            if held && world.repairs > 0 && world.clearing.is_none() {
                happenings.push(Happening::RepairBegun(id));
            }
        }
        if world.entry_to_come {
            happenings.push(Happening::EntryAdded);
        }
        let entry = self
            .entry_id()
            .map(|id| world.calendar[usize::from(id)].status);
        if entry == Some(Status::Confirmed) {
            happenings.push(Happening::EntryRemoved);
        }
        if world.clearing.is_some() {
            happenings.push(Happening::RepairDone);
        }
    }

    fn next_state(&self, last: &World, happening: Happening) -> Option<World> {
        let mut world = last.clone();
        match happening {
            Happening::Goes(desk) => Turn::of(self, &mut world, desk)?.go(),
            Happening::Lists { desk, ago, over } => {
                let seen = match ago.checked_sub(1) {
                    None => world.calendar,
                    Some(ago) => world.old[ago],
                };
                Turn::of(self, &mut world, desk)?.list(&seen, over);
            }
            Happening::TimesOut(desk) => {
                let request = Turn::of(self, &mut world, desk)?.request()?;
                if world.late.contains(&request) {
                    return None;
                }
                world.desks[desk].delays -= 1;
                world.late.push(request);
                world.late.sort_unstable();
            }
            Happening::Lands(request) => {
                world.late.retain(|late| *late != request);
                world.write(self, request);
            }
            Happening::Crashes(desk) => {
                let desk = &mut world.desks[desk];
                desk.crashes -= 1;
                desk.at = desk.journal;
            }
            Happening::RepairDone => {
                let (id, etag) = world.clearing.take()?;
                let delete = Request::Delete {
                    id,
                    etag,
                    of_own_accord: true,
                };
                world.write(self, delete);
            }
            _ => world.person(self, happening),
        }
        (world != *last).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        property::all()
    }
}

impl Case {
    /// Events that stand from the start and those of the acts: not the person's entry.
    pub fn act_events(&self) -> usize {
        self.standing.len() + self.acts.len() * usize::from(self.attempts)
    }

    fn actions_of(&self, world: &World, desk: usize, happenings: &mut Vec<Happening>) {
        let Some(act) = world.act_of(self, desk) else {
            return;
        };
        let state = &world.desks[desk];
        if state.at.lists() {
            for ago in 0..=world.old.len() {
                let list = |over| Happening::Lists { desk, ago, over };
                happenings.push(list(None));
                let judges = matches!(state.at, At::Verifying { .. } | At::LookingAgain);
                if judges && self.leases {
                    let own = self.event(act, state.attempt);
                    let others = (0..).take(self.act_events()).filter(|id| *id != own);
                    let seen = ago
                        .checked_sub(1)
                        .map_or(&world.calendar, |i| &world.old[i]);
                    happenings.extend(
                        others
                            .filter(|id| self.has_lease(seen, *id))
                            .map(|id| list(Some(id))),
                    );
                }
            }
        } else {
            happenings.push(Happening::Goes(desk));
            let writes = state.delays > 0 && world.late.len() < LATE;
            if writes && Turn::request_at(self, world, desk).is_some() {
                happenings.push(Happening::TimesOut(desk));
            }
        }
        if state.crashes > 0 && state.at != state.journal {
            happenings.push(Happening::Crashes(desk));
        }
    }

    fn has_lease(&self, calendar: &Calendar, id: Id) -> bool {
        match calendar[usize::from(id)].status {
            Status::Tentative => true,
            Status::Confirmed => self.is_placeholder(id),
            Status::Absent | Status::Cancelled => false,
        }
    }
}
