//! Reads what Google has of the item under the cursor, once an item and one at a time: whoever runs down
//! the list does not ask for all of it.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::id::AppointmentId;
use crate::port::command::{Command, Outcome, Refusal};
use std::collections::BTreeMap;

/// What was looked at.
#[derive(Clone, Debug, Default)]
pub struct Looking {
    under_way: Option<(u64, AppointmentId)>,
    /// What came of it: why it could not be read.
    seen: BTreeMap<AppointmentId, Option<String>>,
}

impl Looking {
    /// Whether the look of that ticket is one of these.
    pub fn owns(&self, ticket: u64) -> bool {
        matches!(&self.under_way, Some((own, _)) if *own == ticket)
    }

    /// Whether Google is being asked about it.
    pub fn is_at(&self, id: &AppointmentId) -> bool {
        matches!(&self.under_way, Some((_, at)) if at == id)
    }

    /// Why it could not be read, if it could not.
    pub fn problem(&self, id: &AppointmentId) -> Option<&str> {
        self.seen.get(id)?.as_deref()
    }

    /// Something was done about it: what was seen counts no more.
    pub fn forget(&mut self, id: &AppointmentId) {
        self.seen.remove(id);
    }

    /// Looks into it, unless that was done or another look is under way.
    pub fn want(&mut self, state: &mut State, id: &AppointmentId, out: &mut Vec<Effect>) {
        if self.under_way.is_some() || self.seen.contains_key(id) {
            return;
        }
        let (ticket, effect) = state.perform(Command::LookInto(id.clone()));
        self.under_way = Some((ticket, id.clone()));
        out.push(effect);
    }

    /// A look has ended; false: it was none of these.
    pub fn ended(&mut self, ticket: u64, result: &Result<Box<Outcome>, Refusal>) -> bool {
        match self.under_way.take() {
            Some((own, id)) if own == ticket => {
                let problem = result.as_ref().err().map(|refusal| refusal.message.clone());
                self.seen.insert(id, problem);
                true
            }
            other => {
                self.under_way = other;
                false
            }
        }
    }
}
