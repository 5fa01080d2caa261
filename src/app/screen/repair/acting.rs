//! What the repair pane does about the marked items, or about the selected one.

use super::list::id_of;
use super::run::Subject;
use super::{Act, Asking, Repair};
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::screen::Fate;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::policy;
use crate::domain::text;
use crate::port::query::{RepairAction, RepairItem};

/// Said where an act fits none of what is meant.
const MISFIT: &str = "This does not fit here: see at the details what can be done.";
/// How an account is connected again.
const SIGN_IN: &str = "The Google account needs a sign-in: an admin runs “frontdesk connect” at this desk. \
                       What waits is sent then by itself, or at once with r.";

impl Repair {
    /// Whether an act would do something here. Others are answered in words, but not offered.
    pub fn fits(&self, action: &Action) -> bool {
        let any = |what: RepairAction| {
            let mut meant = self.list.meant().into_iter();
            meant.any(|item| item.actions.contains(&what))
        };
        match action {
            Action::Repair(Act::Settle(RepairAction::Move)) => {
                let selected = self.list.selected();
                selected.is_some_and(|item| item.actions.contains(&RepairAction::Move))
            }
            Action::Repair(Act::Settle(what)) => any(*what),
            Action::Repair(Act::RetryAll) => self
                .list
                .items
                .iter()
                .any(|item| item.actions.contains(&RepairAction::Retry)),
            Action::ToggleMark | Action::Repair(Act::MarkAll) => !self.list.items.is_empty(),
            Action::Open => {
                !self.list.items.is_empty()
                    || self.asking.is_some()
                    || self.searching
                    || self.summary.is_some()
            }
            Action::Repair(Act::Search | Act::Filter) => !self.list.is_empty(),
            _ => true,
        }
    }

    pub(super) fn settle(
        &mut self,
        state: &mut State,
        what: RepairAction,
        out: &mut Vec<Effect>,
    ) -> Fate {
        if what == RepairAction::Move {
            return self.pick_up(state, out);
        }
        let meant = self.list.meant();
        let fitting: Vec<Subject> = meant
            .iter()
            .filter(|item| item.actions.contains(&what))
            .map(|item| subject(state, item))
            .collect();
        let (all, left_out) = (meant.len(), meant.len() - fitting.len());
        if all == 0 {
            return Fate::Stay;
        }
        let act = match what {
            RepairAction::Cancel => policy::Act::Cancel,
            RepairAction::PutBack => policy::Act::Move,
            _ => policy::Act::Repair,
        };
        if let Err(denied) = state.may(act) {
            state.say(Tone::Bad, format!("Nothing was done: {denied}."));
        } else if fitting.is_empty() {
            state.say(Tone::Plain, MISFIT);
        } else if what == RepairAction::Reconnect {
            state.say(Tone::Plain, SIGN_IN);
        } else {
            if left_out > 0 {
                state.say(
                    Tone::Plain,
                    format!("{left_out} of the {all} marked are left as they are: this does not fit them."),
                );
            }
            if matches!(what, RepairAction::Cancel | RepairAction::Ignore) {
                self.asking = Some(Asking {
                    action: what,
                    items: fitting,
                    reason: Field::new(text::NOTE),
                    problem: None,
                });
            } else {
                self.run.begin(state, what, fitting, "", out);
            }
        }
        Fate::Stay
    }

    pub(super) fn retry_all(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let fitting: Vec<Subject> = self
            .list
            .items
            .iter()
            .filter(|item| item.actions.contains(&RepairAction::Retry))
            .map(|item| subject(state, item))
            .collect();
        if let Err(denied) = state.may(policy::Act::Repair) {
            state.say(Tone::Bad, format!("Nothing was done: {denied}."));
        } else if fitting.is_empty() {
            state.say(
                Tone::Plain,
                "There is nothing that trying again would help.",
            );
        } else {
            self.run.begin(state, RepairAction::Retry, fitting, "", out);
        }
    }

    pub(super) fn give_reason(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(asking) = &mut self.asking else {
            return;
        };
        let reason = asking.reason.text().trim().to_owned();
        if reason.is_empty() {
            asking.problem = Some("Say why, so that others at the desk know.".to_owned());
            return;
        }
        let (action, items) = (asking.action, std::mem::take(&mut asking.items));
        self.asking = None;
        self.run.begin(state, action, items, &reason, out);
    }

    /// Goes to the visit on the desk.
    pub(super) fn show(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        let Some(item) = self.list.selected() else {
            return Fate::Stay;
        };
        let visit = &item.appointment;
        if state.doctor(&visit.doctor_id).is_none() {
            let text = format!("{} is not at this desk any more.", visit.doctor_name);
            state.say(Tone::Plain, text);
            return Fate::Stay;
        }
        let there = Action::SelectSlot(visit.doctor_id.clone(), visit.visit.start());
        desk::act(state, &there, out);
        Fate::Close
    }

    /// Goes to the selected visit and picks it up: of two at the same time one can have another. Never
    /// the marked ones, since each needs a time of its own.
    fn pick_up(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        let Some(item) = self.list.selected().cloned() else {
            return Fate::Stay;
        };
        if !item.actions.contains(&RepairAction::Move) {
            state.say(Tone::Plain, MISFIT);
            return Fate::Stay;
        }
        // a doctor who has left has no column to move it in; showing it says so
        let here = state.doctor(&item.appointment.doctor_id).is_some();
        if here && !desk::pick_up(state, &item.appointment) {
            return Fate::Stay;
        }
        self.show(state, out)
    }
}

fn subject(state: &State, item: &RepairItem) -> Subject {
    Subject {
        id: id_of(item).clone(),
        who: wording::visit(state, &item.appointment),
    }
}
