//! Which calendar is read when. Pure: time comes in.

use crate::domain::id::CalendarId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// At most so many rounds within [`SPELL`] because something was said to have changed: somebody who moves a
/// whole series in Google changes it often, and each round costs requests.
const MOST: usize = 20;
/// See [`MOST`].
const SPELL: Duration = Duration::from_secs(10);
/// Longest pause before what was not answered is asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(32);

/// What is read when.
#[derive(Default)]
pub(super) struct Plan {
    /// The next turn of each calendar.
    pub next: BTreeMap<CalendarId, Instant>,
    /// Calendars that were said to have changed and have not been read to the end since. That is said
    /// once, and the next turn may be an hour away.
    owed: BTreeMap<CalendarId, Owed>,
    /// When rounds began because something was said to have changed.
    lately: VecDeque<Instant>,
}

struct Owed {
    again_at: Instant,
    tries: u32,
    /// Its events were read, and what is taken with them was not.
    busy: bool,
}

impl Plan {
    /// Only these calendars there are.
    pub(super) fn only(&mut self, calendars: &BTreeSet<CalendarId>) {
        self.next.retain(|calendar, _| calendars.contains(calendar));
        self.owed.retain(|calendar, _| calendars.contains(calendar));
    }

    /// These were said to have changed. Answers with all that must be read now because of that.
    pub(super) fn told(
        &mut self,
        nudged: BTreeSet<CalendarId>,
        calendars: &BTreeSet<CalendarId>,
        now: Instant,
    ) -> BTreeSet<CalendarId> {
        if !nudged.is_empty() {
            self.lately.push_back(now);
        }
        let again = self.owed.iter().filter(|(_, owed)| owed.again_at <= now);
        let mut due: BTreeSet<CalendarId> = again.map(|(calendar, _)| calendar.clone()).collect();
        due.extend(nudged.into_iter().filter(|id| calendars.contains(id)));
        for calendar in &due {
            self.owe(calendar, false, now);
        }
        due
    }

    /// It is still to be read; with `busy`, only what is taken.
    pub(super) fn owe(&mut self, calendar: &CalendarId, busy: bool, now: Instant) {
        let before = self.owed.get(calendar);
        let tries = before.map_or(0, |owed| owed.tries);
        let pause = Duration::from_secs(1 << tries.min(5)).min(LONGEST_PAUSE);
        let owed = Owed {
            again_at: now + pause,
            tries: tries.saturating_add(1),
            busy: busy || before.is_some_and(|owed| owed.busy),
        };
        self.owed.insert(calendar.clone(), owed);
    }

    /// Whether what is taken must be read though no event is new.
    pub(super) fn owes_busy(&self, calendar: &CalendarId) -> bool {
        self.owed.get(calendar).is_some_and(|owed| owed.busy)
    }

    /// It was read, or cannot be.
    pub(super) fn settled(&mut self, calendar: &CalendarId) {
        self.owed.remove(calendar);
    }

    /// When the next turn is; none: nothing is known of any calendar.
    pub(super) fn due(&self) -> Option<Instant> {
        let owed = self.owed.values().map(|owed| owed.again_at);
        self.next.values().copied().chain(owed).min()
    }

    /// How long a round must wait that begins because something was said to have changed.
    pub(super) fn rest(&mut self, now: Instant) -> Option<Duration> {
        while self.lately.front().is_some_and(|at| now - *at >= SPELL) {
            self.lately.pop_front();
        }
        let oldest = self.lately.front().filter(|_| self.lately.len() >= MOST)?;
        Some(SPELL.saturating_sub(now - *oldest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendars(ids: &[&str]) -> BTreeSet<CalendarId> {
        ids.iter().map(|id| CalendarId::new(*id)).collect()
    }

    #[test]
    fn a_change_that_was_told_is_owed_until_it_is_read() {
        let (all, none) = (calendars(&["a", "b"]), BTreeSet::new());
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut plan = Plan::default();
        let due = plan.told(calendars(&["a", "stranger"]), &all, at(0));
        assert_eq!(due, calendars(&["a"]));
        assert_eq!(plan.told(none.clone(), &all, at(0)), none);
        assert_eq!(plan.due(), Some(at(1)));
        // not answered: again after 1, 2, 4, … seconds
        assert_eq!(plan.told(none.clone(), &all, at(1)), calendars(&["a"]));
        assert_eq!(plan.due(), Some(at(3)));
        assert_eq!(plan.told(none.clone(), &all, at(3)), calendars(&["a"]));
        assert_eq!(plan.due(), Some(at(7)));
        // told again: at once
        let due = plan.told(calendars(&["a"]), &all, at(4));
        assert_eq!(due, calendars(&["a"]));
        plan.settled(&"a".into());
        assert_eq!(plan.told(none.clone(), &all, at(100)), none);
        assert_eq!(plan.due(), None);
        // one that is nobody's any more is not waited for
        plan.told(calendars(&["b"]), &all, at(100));
        plan.only(&calendars(&["a"]));
        assert_eq!(plan.due(), None);
    }

    #[test]
    fn that_only_the_taken_time_is_missing_is_not_forgotten() {
        let all = calendars(&["a"]);
        let now = Instant::now();
        let mut plan = Plan::default();
        plan.told(all.clone(), &all, now);
        assert!(!plan.owes_busy(&"a".into()));
        plan.owe(&"a".into(), true, now);
        plan.told(all.clone(), &all, now);
        assert!(plan.owes_busy(&"a".into()));
        plan.settled(&"a".into());
        assert!(!plan.owes_busy(&"a".into()));
    }

    #[test]
    fn many_changes_are_followed_at_once_and_then_no_more_than_two_a_second() {
        let all = calendars(&["a"]);
        let start = Instant::now();
        let mut plan = Plan::default();
        let mut now = start;
        for round in 0..=MOST * 4 {
            let wait = plan.rest(now).unwrap_or_default();
            if round < MOST {
                assert_eq!(wait, Duration::ZERO, "round {round}");
            }
            now += wait;
            plan.told(all.clone(), &all, now);
        }
        assert_eq!(now - start, SPELL * 4);
        // after a quiet spell all is as in the beginning
        assert_eq!(plan.rest(now + SPELL), None);
    }
}
