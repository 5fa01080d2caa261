//! Deltas and a full read agree: whatever is edited, and however the changes are cut into reads, told twice
//! or out of order, rows and visits end up as after one full read of what stands.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The visits of this desk and where they were booked.
const OWN: [(&str, i64); 3] = [("a0", 60), ("a1", 160), ("a2", 260)];
/// People's entries.
const ENTRIES: [&str; 3] = ["e0", "e1", "e2"];
/// Events of another desk, and their visits.
const THEIRS: [(&str, &str); 3] = [("x0", "b0"), ("x1", "b1"), ("x2", "b2")];
/// Events that are edited.
const ALL: usize = OWN.len() + ENTRIES.len() + THEIRS.len();

/// One edit in Google, and whether what has changed is read after it.
#[derive(Clone, Debug)]
struct Edit {
    event: usize,
    what: What,
    read: Option<Read>,
}

#[derive(Clone, Debug)]
enum What {
    Put(i64),
    Free(i64),
    Rename,
    Remove,
}

/// How a read tells it.
#[derive(Clone, Debug)]
struct Read {
    /// In which order.
    order: u64,
    /// Whether what changed twice is told twice, as when it changes while pages are read.
    twice: bool,
    /// What is told once more, though it has not changed.
    again: BTreeSet<usize>,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let minute = (0..7_i64).prop_map(|slot| 60 + 50 * slot);
    let what = prop_oneof![
        4 => minute.clone().prop_map(What::Put),
        1 => minute.prop_map(What::Free),
        1 => Just(What::Rename),
        3 => Just(What::Remove),
    ];
    let again = prop::collection::btree_set(0..ALL, 0..3);
    let read = (any::<u64>(), any::<bool>(), again).prop_map(|(order, twice, again)| Read {
        order,
        twice,
        again,
    });
    let edit = (0..ALL, what, prop::option::weighted(0.4, read));
    let edit = edit.prop_map(|(event, what, read)| Edit { event, what, read });
    prop::collection::vec(edit, 1..14)
}

/// Google's calendar.
struct Google {
    stands: BTreeMap<usize, Event>,
    etags: u32,
}

impl Google {
    fn of(clinic: &mut Clinic) -> Self {
        let visits = OWN.iter().map(|(id, minute)| clinic.book(id, *minute));
        Self {
            stands: visits.map(|a| stands(&a)).enumerate().collect(),
            etags: 100,
        }
    }

    fn edit(&mut self, number: usize, what: &What) {
        let blank = |minute| {
            let theirs = number.checked_sub(OWN.len() + ENTRIES.len());
            let mark = theirs.map(|n| Mark {
                database: "other".into(),
                ..mark(THEIRS[n].1, 60)
            });
            let id = match (number.checked_sub(OWN.len()), theirs) {
                (None, _) => EventId::of_attempt(&OWN[number].0.into(), 1),
                (_, Some(n)) => EventId::new(THEIRS[n].0),
                (Some(n), None) => EventId::new(ENTRIES[n]),
            };
            let own = OWN.get(number).map(|(id, _)| self::mark(id, 0));
            Event {
                id,
                mark: own.or(mark),
                ..entry("", minute)
            }
        };
        let event = match (what, self.stands.get(&number)) {
            (What::Put(minute), _) => blank(*minute),
            (What::Free(minute), _) => Event {
                transparent: true,
                ..blank(*minute)
            },
            (What::Rename, Some(event)) if event.status != EventStatus::Cancelled => Event {
                summary: "Another title".to_owned(),
                ..event.clone()
            },
            (What::Remove, Some(event)) => tombstone(&event.id),
            (What::Rename | What::Remove, _) => return,
        };
        self.etags += 1;
        let etag = Some(format!("\"{}\"", self.etags).into());
        self.stands.insert(number, Event { etag, ..event });
    }

    fn is_live(&self, number: usize) -> Option<&Event> {
        let event = self.stands.get(&number)?;
        (event.status != EventStatus::Cancelled).then_some(event)
    }

    /// Everything, and what is asked about by itself because it is not among it.
    fn whole(&self, clinic: &Clinic, minute: i64) -> Changes {
        let live = (0..ALL).filter_map(|n| self.is_live(n)).cloned();
        let mut read = whole(minute, live.collect());
        for asked in clinic.db.missing(&read).unwrap() {
            let stands = self.stands.values().find(|event| event.id == asked);
            read.events
                .push(stands.cloned().unwrap_or_else(|| tombstone(&asked)));
        }
        read
    }

    /// Whether a visit that stands is marked free, or a person's entry stands in its time.
    fn is_trouble(&self, number: usize, visit: &Appointment) -> bool {
        let on_top = |event: &Event| match event.times {
            Some(EventTimes::Timed(time)) => !event.transparent && time.meets(&visit.blocked()),
            _ => false,
        };
        let mut entries = (OWN.len()..OWN.len() + ENTRIES.len()).filter_map(|n| self.is_live(n));
        self.is_live(number)
            .is_some_and(|event| event.transparent || entries.any(on_top))
    }

    /// Whether two visits of the other desk stand in one time: then neither copy is believed here.
    fn theirs_meet(&self) -> bool {
        let times: Vec<Interval> = (OWN.len() + ENTRIES.len()..ALL)
            .filter_map(|n| match self.is_live(n)?.times? {
                EventTimes::Timed(time) => Some(time),
                EventTimes::AllDay { .. } => None,
            })
            .collect();
        let meets = |(n, time): (usize, &Interval)| {
            let mut others = times.iter().skip(n + 1);
            others.any(|other| other.widened_by_buffers().meets(&time.widened_by_buffers()))
        };
        times.iter().enumerate().any(meets)
    }
}

trait Wide {
    fn widened_by_buffers(&self) -> Interval;
}

impl Wide for Interval {
    fn widened_by_buffers(&self) -> Interval {
        let buffers = mark("b0", 60).buffers;
        let minutes = |n: u16| chrono::Duration::minutes(i64::from(n));
        self.widened(minutes(buffers.before()), minutes(buffers.after()))
    }
}

/// Reads on: what was told, and what the database asks about by itself.
fn read_on(clinic: &mut Clinic, google: &Google, minute: i64, told: Vec<Event>) {
    let mut read_on = changes(minute, told);
    let asked = clinic.db.missing(&read_on).unwrap();
    let stands = google.stands.values();
    read_on
        .events
        .extend(stands.filter(|event| asked.contains(&event.id)).cloned());
    read(clinic, &read_on);
}

/// Tells a clinic everything as it was, and then every edit in deltas.
fn follow(clinic: &mut Clinic, google: &mut Google, edits: &[Edit]) {
    let everything = google.whole(clinic, 4);
    read(clinic, &everything);
    let (mut changed, mut older) = (BTreeSet::new(), Vec::new());
    let mut minute = 5;
    let last = Read {
        order: 0,
        twice: false,
        again: BTreeSet::new(),
    };
    for (n, edit) in edits.iter().enumerate() {
        if !changed.insert(edit.event) {
            older.extend(google.stands.get(&edit.event).cloned());
        }
        google.edit(edit.event, &edit.what);
        let end = n + 1 == edits.len();
        let Some(how) = edit.read.as_ref().or(end.then_some(&last)) else {
            continue;
        };
        let mut numbers: Vec<usize> = changed.union(&how.again).copied().collect();
        numbers.sort_by_key(|n| (*n as u64 + 1).wrapping_mul(how.order | 1) >> 7);
        let now = numbers.iter().filter_map(|n| google.stands.get(n)).cloned();
        let mut events: Vec<Event> = now.collect();
        if how.twice {
            older.append(&mut events);
            events = std::mem::take(&mut older);
        }
        read_on(clinic, google, minute, events);
        minute += 1;
        changed.clear();
        older.clear();
    }
    // what could not be judged by then is asked about again
    for later in 0..2 {
        read_on(clinic, google, minute + later, Vec::new());
    }
}

fn rows(clinic: &Clinic) -> Vec<crate::port::sync::Remote> {
    let all = Interval::new(at(-5_000), at(5_000)).unwrap();
    clinic.db.remotes(&[calendar()], all).unwrap()
}

/// Where the clinic that was told in deltas differs from the one that has read everything once.
fn differs(google: &Google, told: &Clinic, fresh: &Clinic) -> Option<String> {
    if rows(told) != rows(fresh) {
        return Some(format!("rows: {:#?} {:#?}", rows(told), rows(fresh)));
    }
    for (number, (id, _)) in OWN.iter().enumerate() {
        let (one, other) = (shown(told, id), shown(fresh, id));
        let live = google.is_live(number).is_some();
        let same = (one.visit, &one.etag) == (other.visit, &other.etag);
        if one.status != Status::Confirmed || (live && !same) {
            return Some(format!("visits: {one:#?} {other:#?}"));
        }
        // which of two is told that they meet depends on who came last; that one is told does not
        for clinic in [told, fresh] {
            if google.is_trouble(number, &shown(clinic, id)) && item(clinic, id).is_none() {
                return Some(format!("nobody is told about {id}"));
            }
        }
    }
    if google.theirs_meet() {
        return None;
    }
    THEIRS.iter().find_map(|(_, id)| {
        let known = |clinic: &Clinic| {
            let found = clinic.db.appointment(&(*id).into()).unwrap();
            found.filter(Appointment::takes_time).map(|a| a.visit)
        };
        let (one, other) = (known(told), known(fresh));
        (one != other).then(|| format!("{id}: {one:?} {other:?}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deltas_and_a_full_read_agree(edits in edits()) {
        let (mut told, mut fresh) = (Clinic::new(), Clinic::new());
        let mut google = Google::of(&mut told);
        Google::of(&mut fresh);
        follow(&mut told, &mut google, &edits);
        let everything = google.whole(&fresh, 40);
        read(&mut fresh, &everything);
        prop_assert_eq!(differs(&google, &told, &fresh), None, "after the deltas");
        let everything = google.whole(&told, 40);
        read(&mut told, &everything);
        prop_assert_eq!(differs(&google, &told, &fresh), None, "after the full read at the end");
        prop_assert_eq!(told.db.audit_break().unwrap(), None);
    }
}
