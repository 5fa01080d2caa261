//! Busy time and how well it is known, against a plain model.

use crate::domain::id::CalendarId;
use crate::domain::time::{Interval, Moment, merged};
use crate::port::query::Reading;
use crate::port::store::{CalendarRead, Records, Store};
use crate::store::tests::{Clinic, at};
use proptest::prelude::*;

fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

fn read(busy: &[(i64, i64)]) -> CalendarRead {
    CalendarRead {
        calendar: "cal".into(),
        result: Ok(busy.iter().map(|(from, to)| span(*from, *to)).collect()),
    }
}

fn failed(why: &str, unknown: bool) -> CalendarRead {
    CalendarRead {
        calendar: "cal".into(),
        result: Err((why.to_owned(), unknown)),
    }
}

fn calendar() -> [CalendarId; 1] {
    ["cal".into()]
}

impl Clinic {
    fn read(&mut self, now: i64, window: Interval, read: CalendarRead) -> bool {
        self.db.record_reads(at(now), window, &[read]).unwrap()
    }

    fn reading(&self, within: Interval, fresh_since: i64) -> Reading {
        let list = self.db.readings(&calendar(), within, at(fresh_since));
        list.unwrap().remove(0)
    }

    fn blocks(&self, within: Interval) -> Vec<Interval> {
        let blocks = self.db.busy(&calendar(), within).unwrap();
        blocks.into_iter().map(|b| b.interval).collect()
    }
}

#[test]
fn a_read_calendar_is_live_then_stale_and_one_never_read_is_unknown() {
    let mut clinic = Clinic::empty();
    let day = span(0, 100);
    assert_eq!(clinic.reading(day, 0), Reading::Unknown { error: None });
    assert!(clinic.read(5, day, read(&[(10, 20)])));
    assert_eq!(clinic.reading(day, 5), Reading::Live { at: at(5) });
    assert_eq!(
        clinic.reading(day, 6),
        Reading::Stale {
            at: at(5),
            error: None
        }
    );
    assert_eq!(
        clinic.reading(span(0, 101), 0),
        Reading::Unknown { error: None }
    );
    assert_eq!(clinic.blocks(day), [span(10, 20)]);
    assert!(
        !clinic.read(7, day, read(&[(10, 20)])),
        "nothing but the time changed"
    );
    assert_eq!(clinic.reading(day, 6), Reading::Live { at: at(7) });
    assert!(clinic.read(8, day, read(&[(10, 21)])));
}

#[test]
fn when_nobody_answers_what_is_known_grows_stale_and_says_why() {
    let mut clinic = Clinic::empty();
    let day = span(0, 100);
    clinic.read(5, day, read(&[(10, 20)]));
    assert!(clinic.read(6, day, failed("time-out", false)));
    assert!(!clinic.read(7, day, failed("time-out", false)));
    assert_eq!(clinic.reading(day, 5), Reading::Live { at: at(5) });
    let stale = Reading::Stale {
        at: at(5),
        error: Some("time-out".to_owned()),
    };
    assert_eq!(clinic.reading(day, 6), stale);
    assert_eq!(clinic.blocks(day), [span(10, 20)]);
    assert!(clinic.read(8, day, read(&[(10, 20)])), "the error has gone");
    assert_eq!(clinic.reading(day, 8), Reading::Live { at: at(8) });
}

#[test]
fn a_calendar_that_says_it_cannot_be_read_is_unknown_until_it_is_read() {
    let mut clinic = Clinic::empty();
    let day = span(0, 100);
    clinic.read(5, day, read(&[(10, 20)]));
    assert!(clinic.read(6, day, failed("notFound", true)));
    let unknown = |at, why: &str| Reading::Unknown {
        error: Some((at, why.to_owned())),
    };
    assert_eq!(clinic.reading(day, 0), unknown(at(6), "notFound"));
    assert!(clinic.read(7, day, failed("time-out", false)));
    assert_eq!(clinic.reading(day, 0), unknown(at(7), "time-out"));
    // a part is read again: the rest stays unknown
    assert!(clinic.read(8, span(0, 50), read(&[])));
    assert_eq!(clinic.reading(span(0, 50), 0), Reading::Live { at: at(8) });
    assert_eq!(clinic.reading(day, 0), Reading::Unknown { error: None });
}

#[test]
fn a_calendar_that_fails_again_and_again_says_since_when() {
    let mut clinic = Clinic::empty();
    let day = span(0, 100);
    for minute in [6, 7, 8] {
        clinic.read(minute, day, failed("notFound", true));
    }
    let unknown = |at, why: &str| Reading::Unknown {
        error: Some((at, why.to_owned())),
    };
    assert_eq!(clinic.reading(day, 0), unknown(at(6), "notFound"));
    clinic.read(9, day, read(&[]));
    clinic.read(10, day, failed("notFound", true));
    assert_eq!(clinic.reading(day, 0), unknown(at(10), "notFound"));
}

#[test]
fn two_reads_side_by_side_know_the_whole_as_of_the_older() {
    let mut clinic = Clinic::empty();
    clinic.read(5, span(0, 50), read(&[(40, 50)]));
    clinic.read(6, span(50, 100), read(&[(50, 60)]));
    assert_eq!(clinic.reading(span(10, 90), 5), Reading::Live { at: at(5) });
    let stale = Reading::Stale {
        at: at(5),
        error: None,
    };
    assert_eq!(clinic.reading(span(10, 90), 6), stale);
    assert_eq!(merged(clinic.blocks(span(0, 100))), [span(40, 60)]);
}

#[test]
fn calendars_are_answered_in_the_order_asked_for() {
    let mut clinic = Clinic::empty();
    let other = CalendarRead {
        calendar: "other#x".into(),
        ..read(&[(1, 2)])
    };
    let day = span(0, 100);
    clinic
        .db
        .record_reads(at(5), day, &[read(&[(3, 4)]), other])
        .unwrap();
    let asked: [CalendarId; 3] = ["other#x".into(), "none".into(), "cal".into()];
    let readings = clinic.db.readings(&asked, day, at(0)).unwrap();
    let live = Reading::Live { at: at(5) };
    assert_eq!(
        readings,
        [live.clone(), Reading::Unknown { error: None }, live]
    );
    let blocks = clinic.db.busy(&asked, day).unwrap();
    let whose: Vec<&str> = blocks.iter().map(|b| b.calendar.as_str()).collect();
    assert_eq!(whose, ["other#x", "cal"]);
    assert_eq!(clinic.db.busy(&[], day).unwrap(), []);
}

/// Minutes from and to.
type Span = (i64, i64);

/// Windows and the busy spans found in them.
fn reads() -> impl Strategy<Value = Vec<(Span, Vec<Span>)>> {
    let stretch = |most: i64| (0i64..100, 1i64..most).prop_map(|(from, n)| (from, from + n));
    prop::collection::vec(
        (stretch(60), prop::collection::vec(stretch(15), 0..6)),
        1..8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn each_minute_is_as_the_last_read_that_saw_it_said(reads in reads()) {
        let mut clinic = Clinic::empty();
        // minute -> (read at, busy)
        let mut model: Vec<Option<(i64, bool)>> = vec![None; 200];
        for (n, ((from, to), busy)) in reads.iter().enumerate() {
            let now = 1_000 + i64::try_from(n).unwrap();
            let before: Vec<_> = model.iter().map(|m| m.map(|(_, busy)| busy)).collect();
            for minute in *from..*to {
                let taken = busy.iter().any(|(from, to)| (*from..*to).contains(&minute));
                model[usize::try_from(minute).unwrap()] = Some((now, taken));
            }
            let after: Vec<_> = model.iter().map(|m| m.map(|(_, busy)| busy)).collect();
            let changed = clinic.read(now, span(*from, *to), read(busy));
            prop_assert_eq!(changed, before != after);
        }
        let blocks = clinic.blocks(span(0, 200));
        prop_assert!(blocks.windows(2).all(|w| w[0].end() <= w[1].start()), "{:?}", blocks);
        for minute in 0..200i64 {
            let known = model[usize::try_from(minute).unwrap()];
            let here = span(minute, minute + 1);
            let busy = blocks.iter().any(|b| b.meets(&here));
            prop_assert_eq!(busy, known.is_some_and(|(_, busy)| busy));
            let read_at: Option<Moment> = match clinic.reading(here, 0) {
                Reading::Live { at } => Some(at),
                _ => None,
            };
            prop_assert_eq!(read_at, known.map(|(read, _)| at(read)));
            prop_assert_eq!(clinic.blocks(here).len(), usize::from(busy));
        }
    }
}
