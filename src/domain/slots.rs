//! Which slots are free: hours, less what the calendar and our own records take. One linear merge,
//! never slots times appointments.

use super::service::Buffers;
use super::time::{Interval, Moment};
use chrono::{DateTime, Duration};

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
    let mut taken: Vec<Span> = busy
        .iter()
        .map(|block| Span::around(grown(*block)))
        .collect();
    taken.extend(visits.iter().flat_map(|(visit, buffers)| {
        [
            Span::around(grown(*visit)),
            Span::around(buffers.around(*visit)),
        ]
    }));
    taken.sort_unstable();

    let length = i64::from(wanted.minutes.max(1)) * MINUTE;
    let step = i64::from(wanted.step.max(1)) * MINUTE;
    let not_before = millis_up(wanted.not_before);
    let mut out = Vec::new();
    let mut next = 0;
    // The furthest end of the blocks passed so far: they may overlap.
    let mut busy_until = i64::MIN;
    for window in open {
        let first = window.start().timestamp_millis();
        let close = window.end().timestamp_millis();
        // On the grid of the window, not before the moment.
        let on_grid = |from: i64| {
            first
                + (from - first).max(0).div_euclid(step) * step
                + if (from - first).max(0) % step == 0 {
                    0
                } else {
                    step
                }
        };
        let mut start = on_grid(not_before);
        while start + length <= close {
            while let Some(block) = taken.get(next).filter(|block| block.start < start + length) {
                busy_until = busy_until.max(block.end);
                next += 1;
            }
            if busy_until > start {
                start = on_grid(busy_until);
            } else {
                let slot = DateTime::from_timestamp_millis(start)
                    .map(|s| Interval::lasting(s, wanted.minutes));
                out.extend(slot);
                start += step;
            }
        }
    }
    out
}

/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// A stretch in milliseconds since 1970: the search compares thousands of times, and plain numbers
/// compare several times faster than dates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: i64,
    end: i64,
}

impl Span {
    /// Never shorter than the interval.
    fn around(interval: Interval) -> Self {
        Self {
            start: interval.start().timestamp_millis(),
            end: millis_up(interval.end()),
        }
    }
}

/// The first whole millisecond that is not before the moment.
fn millis_up(moment: Moment) -> i64 {
    let below = moment.timestamp_millis();
    below + i64::from(!moment.timestamp_subsec_nanos().is_multiple_of(1_000_000))
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
