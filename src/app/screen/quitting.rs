//! Leaving: asks if a draft would be lost, and waits for what is still being written.

use super::Fate;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::port::report::Report;

/// On the way out.
#[derive(Clone, Debug)]
pub struct Quitting {
    /// Acts that were under way when leaving was asked for.
    pub writes: usize,
    /// Bookings put aside that would be lost, in words.
    pub drafts: Vec<String>,
    /// Whether losing them was agreed to.
    pub agreed: bool,
}

impl Quitting {
    /// What leaving now would mean. None: nothing would be lost.
    pub fn begin(state: &State) -> Option<Self> {
        let drafts: Vec<String> = state
            .parked
            .iter()
            .filter(|booking| booking.is_draft())
            .map(|booking| booking.summary(state))
            .collect();
        let writes = state.busy_writes();
        (writes > 0 || !drafts.is_empty()).then_some(Self {
            writes,
            agreed: drafts.is_empty(),
            drafts,
        })
    }

    /// How many of the acts have ended.
    pub fn done(&self, state: &State) -> usize {
        self.writes.saturating_sub(state.busy_writes())
    }

    /// Esc stays; `q` agrees to lose drafts, and leaves without waiting when pressed once more (what
    /// is journalled goes on at the next start).
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::GoBack => return Fate::Close,
            Action::Quit if self.agreed => out.push(Effect::Quit),
            Action::Quit => {
                self.agreed = true;
                if state.busy_writes() == 0 {
                    out.push(Effect::Quit);
                }
            }
            _ => {}
        }
        Fate::Stay
    }

    /// Leaves when the last act has ended.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        if matches!(report, Report::Done { .. }) && self.agreed && state.busy_writes() == 0 {
            out.push(Effect::Quit);
        }
        Fate::Stay
    }
}
