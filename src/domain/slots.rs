//! Which slots are free: hours, less what the calendar and our own records take. One linear merge,
//! never slots times appointments.

use super::service::Buffers;
use super::time::{Interval, Moment};
use chrono::Duration;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Length of the visit in minutes, at least one.
    pub minutes: u32,
    /// What it keeps free around itself.
    pub buffers: Buffers,
    /// Slots start every so many minutes from the opening of a window, at least one.
    pub step: u16,
    /// No slot starts before this moment.
    pub not_before: Moment,
}

/// The free slots in the `open` stretches. `visits` are our own appointments' visits with the buffers
/// they keep, `busy` is what the calendar says is taken; both in order of start and merged or not.
///
/// A slot is free when its blocked interval meets neither a busy block nor a visit, and its visit
/// meets no blocked interval. Buffers may reach outside the open hours.
pub fn free_slots(
    open: &[Interval],
    busy: &[Interval],
    visits: &[(Interval, Buffers)],
    wanted: Wanted,
) -> Vec<Interval> {
    let own = wanted.buffers;
    let minutes = |m: u16| Duration::minutes(i64::from(m));
    let (before, after) = (minutes(own.before()), minutes(own.after()));
    // What no *visit* may meet: taken time grown by our buffers turned round. A visit [s, e) conflicts
    // with busy [a, b) when [s - before, e + after) meets it, that is when [s, e) meets
    // [a - after, b + before).
    let grown = |i: Interval| i.widened(after, before);
    let mut taken: Vec<Interval> = busy.iter().copied().map(grown).collect();
    taken.extend(
        visits
            .iter()
            .flat_map(|(visit, buffers)| [grown(*visit), buffers.around(*visit)]),
    );
    let taken = super::time::merged(taken);

    let length = Duration::minutes(i64::from(wanted.minutes.max(1)));
    let step = minutes(wanted.step.max(1));
    let mut out = Vec::new();
    let mut next = 0;
    for window in open {
        let mut start = window.start();
        if start < wanted.not_before {
            let late = (wanted.not_before - start).num_seconds();
            let steps =
                late.div_euclid(step.num_seconds()) + i64::from(late % step.num_seconds() != 0);
            start += step * i32::try_from(steps).unwrap_or(i32::MAX / 2);
        }
        while start + length <= window.end() {
            while taken.get(next).is_some_and(|t| t.end() <= start) {
                next += 1;
            }
            let end = start + length;
            match taken.get(next) {
                Some(block) if block.start() < end => {
                    // skip straight past the block, on the grid of the window
                    let behind = (block.end() - start).num_seconds();
                    let steps = behind.div_euclid(step.num_seconds())
                        + i64::from(behind % step.num_seconds() != 0);
                    start += step * i32::try_from(steps.max(1)).unwrap_or(i32::MAX / 2);
                }
                _ => {
                    out.extend(Interval::new(start, end));
                    start += step;
                }
            }
        }
    }
    out
}

/// The `count` slots nearest to a moment, in order of time.
pub fn nearest(slots: &[Interval], to: Moment, count: usize) -> Vec<Interval> {
    let mut by_distance: Vec<Interval> = slots.to_vec();
    by_distance.sort_by_key(|slot| ((slot.start() - to).abs(), slot.start()));
    by_distance.truncate(count);
    by_distance.sort_unstable();
    by_distance
}

#[cfg(test)]
mod tests {
    use super::super::service::conflict;
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn at(minute: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn span(start: i64, length: u32) -> Interval {
        Interval::lasting(at(start), length)
    }

    fn wanted(minutes: u32, buffers: Buffers) -> Wanted {
        Wanted {
            minutes,
            buffers,
            step: 15,
            not_before: at(0),
        }
    }

    #[test]
    fn slots_keep_to_the_grid_after_a_busy_block_and_touch_it() {
        let free = free_slots(
            &[span(0, 120)],
            &[span(20, 25)],
            &[],
            wanted(30, Buffers::NONE),
        );
        assert_eq!(
            free,
            [span(45, 30), span(60, 30), span(75, 30), span(90, 30)]
        );
    }

    #[test]
    fn nothing_starts_in_the_past() {
        let late = Wanted {
            not_before: at(16),
            ..wanted(30, Buffers::NONE)
        };
        assert_eq!(free_slots(&[span(0, 60)], &[], &[], late), [span(30, 30)]);
    }

    #[test]
    fn the_nearest_are_found_on_both_sides() {
        let slots = [span(0, 15), span(15, 15), span(60, 15), span(600, 15)];
        assert_eq!(nearest(&slots, at(45), 2), [span(15, 15), span(60, 15)]);
    }

    proptest! {
        /// Against the definition, slot by slot.
        #[test]
        fn the_merge_finds_what_trying_each_slot_finds(
            open in prop::collection::vec((0i64..900, 1u32..200), 0..4),
            busy in prop::collection::vec((0i64..1000, 1u32..90), 0..12),
            visits in prop::collection::vec((0i64..1000, 1u32..60, 0u32..30, 0u32..30), 0..12),
            minutes in 1u32..90, before in 0u32..40, after in 0u32..40, step in 1u16..45, from in 0i64..600,
        ) {
            let open = super::super::time::merged(open.into_iter().map(|(s, l)| span(s, l)).collect());
            let mut busy: Vec<_> = busy.into_iter().map(|(s, l)| span(s, l)).collect();
            busy.sort_unstable();
            let visits: Vec<_> = visits.into_iter()
                .map(|(s, l, b, a)| (span(s, l), Buffers::new(b, a).unwrap())).collect();
            let buffers = Buffers::new(before, after).unwrap();
            let w = Wanted { minutes, buffers, step, not_before: at(from) };
            let mut expected = Vec::new();
            for window in &open {
                let mut start = window.start();
                while start + Duration::minutes(i64::from(minutes)) <= window.end() {
                    let slot = Interval::lasting(start, minutes);
                    let free = busy.iter().all(|b| !buffers.around(slot).meets(b))
                        && visits.iter().all(|(v, vb)| !conflict(slot, buffers, *v, *vb));
                    if free && start >= at(from) {
                        expected.push(slot);
                    }
                    start += Duration::minutes(i64::from(step));
                }
            }
            prop_assert_eq!(free_slots(&open, &busy, &visits, w), expected);
        }
    }
}
