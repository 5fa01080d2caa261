use super::*;
use crate::domain::appointment::{Source, Status, SyncState};
use crate::domain::doctor::Kind;
use crate::domain::schedule::WeeklyHours;
use crate::domain::slots::{Wanted, free_slots};
use chrono::{DateTime, Duration};
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

/// Friday 15 January 2027, 09:00 in Berlin, and so many minutes later.
fn at(minute: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn span(start: i64, length: i64) -> Interval {
    Interval::new(at(start), at(start + length)).unwrap()
}

fn doctor() -> Doctor {
    Doctor {
        doctor_id: "d".into(),
        doctor_name: "Dr Chen".to_owned(),
        google_calendar_id: "chen@example.com".into(),
        specialty: String::new(),
        kind: Kind::Doctor,
        zone: Berlin,
        hours: WeeklyHours::office(),
        slot_minutes: 15,
        active: true,
    }
}

fn visit(customer: &str, time: Interval, buffers: Buffers) -> Appointment {
    Appointment {
        appointment_id: customer.into(),
        customer_id: "c".into(),
        customer_name: customer.to_owned(),
        doctor_id: "d".into(),
        doctor_name: "Dr Chen".to_owned(),
        google_calendar_id: "chen@example.com".into(),
        google_event_id: None,
        etag: None,
        service_id: None,
        service_name: String::new(),
        visit: time,
        buffers,
        zone: Berlin,
        status: Status::Confirmed,
        sync_state: SyncState::Synced,
        source: Source::Desk,
        reason: String::new(),
        rev: 0,
        attempt: 1,
        created_at: at(0),
        created_by: "ana".to_owned(),
        cancelled_at: None,
        cancellation_reason: None,
    }
}

fn held(customer: &str, time: Interval, buffers: Buffers) -> Held {
    Held {
        appointment_id: customer.into(),
        customer_name: customer.to_owned(),
        time,
        buffers,
    }
}

fn entry(reason: Reason, title: &str, time: Interval) -> CalendarEntry {
    CalendarEntry {
        time,
        all_day: false,
        reason: Some(reason),
        title: title.to_owned(),
    }
}

/// A clinic day from 09:00 to 12:00 and 13:00 to 17:00, at 09:00.
#[derive(Default)]
struct Day {
    busy: Vec<Interval>,
    visits: Vec<Appointment>,
    held: Vec<Held>,
    entries: Vec<CalendarEntry>,
    known: Option<Known>,
    closed: bool,
}

impl Day {
    fn why(&self, wanted: Interval, buffers: Buffers) -> Vec<Why> {
        let open = if self.closed {
            vec![]
        } else {
            vec![span(0, 180), span(240, 240)]
        };
        let facts = Facts {
            doctor: &doctor(),
            now: at(0),
            zone: Berlin,
            open: &open,
            busy: &self.busy,
            visits: &self.visits,
            held: &self.held,
            entries: &self.entries,
            known: self.known.clone().unwrap_or(Known::Read),
        };
        why(wanted, buffers, &facts)
    }

    fn says(&self, wanted: Interval, buffers: Buffers) -> String {
        let doctor = doctor();
        let words = Words {
            doctor: &doctor,
            zone: Berlin,
            today: at(0).with_timezone(&Berlin).date_naive(),
        };
        words.say_all(&self.why(wanted, buffers))
    }
}

fn ten() -> Buffers {
    Buffers::new(10, 10).unwrap()
}

#[test]
fn a_free_time_has_nothing_in_its_way() {
    assert_eq!(Day::default().why(span(30, 30), ten()), []);
    // the buffers may reach outside the hours
    assert_eq!(Day::default().why(span(150, 30), ten()), []);
}

#[test]
fn each_thing_in_the_way_is_said_with_its_name_and_its_time() {
    let lunch = |reason, title| Day {
        busy: vec![span(60, 45)],
        entries: vec![entry(reason, title, span(60, 45))],
        ..Day::default()
    };
    let wanted = span(60, 30);
    let says = |day: Day| day.says(wanted, Buffers::NONE);
    assert_eq!(
        says(lunch(Reason::Private, "Lunch")),
        "Taken in the calendar of Dr Chen, 10:00–10:45: Lunch."
    );
    assert_eq!(
        says(lunch(Reason::Private, "")),
        "Taken in the calendar of Dr Chen by a private entry, 10:00–10:45."
    );
    assert_eq!(
        says(lunch(Reason::OutOfOffice, "")),
        "Dr Chen is out of office until 10:45."
    );
    assert_eq!(
        says(lunch(Reason::FocusTime, "Letters")),
        "Dr Chen has focus time, 10:00–10:45: Letters."
    );
    assert_eq!(
        says(lunch(Reason::Claim, "Appointment: Ana")),
        "Another desk is just about to book 10:00–10:45."
    );
    assert_eq!(
        says(lunch(Reason::Visit, "Appointment: Ana")),
        "Taken in the calendar of Dr Chen by a visit that this desk does not know there, 10:00–10:45."
    );
    assert_eq!(
        says(Day {
            busy: vec![span(60, 45)],
            ..Day::default()
        }),
        "Taken in the calendar of Dr Chen, 10:00–10:45."
    );
    assert_eq!(
        says(Day {
            visits: vec![visit("Maria Silva", span(75, 45), Buffers::NONE)],
            ..Day::default()
        }),
        "Maria Silva is booked 10:15–11:00."
    );
    assert_eq!(
        says(Day {
            held: vec![held("Maria Silva", span(75, 45), Buffers::NONE)],
            ..Day::default()
        }),
        "The visit of Maria Silva is just being moved to 10:15–11:00."
    );
}

#[test]
fn whole_days_are_said_as_days() {
    let days = |count: i64, reason| Day {
        busy: vec![span(-540, 1440 * count)],
        entries: vec![CalendarEntry {
            all_day: true,
            ..entry(reason, "Congress", span(-540, 1440 * count))
        }],
        ..Day::default()
    };
    let says = |day: Day| day.says(span(60, 30), Buffers::NONE);
    assert_eq!(
        says(days(1, Reason::AllDay)),
        "Taken in the calendar of Dr Chen all day: Congress."
    );
    assert_eq!(
        says(days(3, Reason::OutOfOffice)),
        "Dr Chen is out of office all day from today to Sun 17 Jan: Congress."
    );
    let overnight = Day {
        busy: vec![span(60, 1440)],
        entries: vec![entry(Reason::OutOfOffice, "", span(60, 1440))],
        ..Day::default()
    };
    assert_eq!(
        says(overnight),
        "Dr Chen is out of office until tomorrow 10:00."
    );
}

#[test]
fn buffers_are_said_from_both_sides() {
    let day = Day {
        busy: vec![span(60, 30)],
        visits: vec![visit("Maria Silva", span(60, 30), ten())],
        ..Day::default()
    };
    assert_eq!(
        day.says(span(95, 15), Buffers::NONE),
        "10 minutes are kept free after the visit of Maria Silva (10:00–10:30)."
    );
    assert_eq!(
        day.says(span(40, 15), Buffers::NONE),
        "10 minutes are kept free before the visit of Maria Silva (10:00–10:30)."
    );
    let own = Day {
        busy: vec![span(60, 30)],
        entries: vec![entry(Reason::Private, "Lunch", span(60, 30))],
        ..Day::default()
    };
    assert_eq!(
        own.says(span(95, 15), ten()),
        "The 10 minutes to be kept free before this visit would not be: taken in the calendar of Dr Chen, \
         10:00–10:30: Lunch."
    );
    assert_eq!(own.why(span(100, 15), ten()), []);
}

#[test]
fn hours_say_when_the_next_begin() {
    let day = Day::default();
    assert_eq!(
        day.says(span(180, 30), Buffers::NONE),
        "Outside the hours of Dr Chen: 09:00–12:00, 13:00–17:00 on this day. The next begin today at 13:00."
    );
    assert_eq!(
        day.says(span(490, 30), Buffers::NONE),
        "Outside the hours of Dr Chen: 09:00–12:00, 13:00–17:00 on this day. The next begin Mon 18 Jan at 08:00."
    );
    assert_eq!(
        day.says(span(165, 30), Buffers::NONE),
        "The hours of Dr Chen end at 12:00: 30 minutes from here do not fit."
    );
    let closed = Day {
        closed: true,
        ..Day::default()
    };
    assert!(
        closed
            .says(span(60, 30), Buffers::NONE)
            .starts_with("Dr Chen has no hours on this day.")
    );
}

#[test]
fn a_calendar_that_could_not_be_read_is_said_with_since_when_and_why() {
    let unread = Day {
        known: Some(Known::Unread {
            failed: Some((at(-21), "it is not shared with the desk.".to_owned())),
        }),
        ..Day::default()
    };
    assert_eq!(
        unread.says(span(60, 30), Buffers::NONE),
        "The calendar of Dr Chen (chen@example.com) could not be read since 08:39: it is not shared with the desk."
    );
    // outside the hours it would make no difference
    assert!(
        unread
            .why(span(180, 30), Buffers::NONE)
            .iter()
            .all(|why| !why.is_doubt())
    );
    let far = Day {
        known: Some(Known::Beyond { days: 28 }),
        ..Day::default()
    };
    assert!(
        far.says(span(60, 30), Buffers::NONE)
            .contains("the 28 days")
    );
}

#[test]
fn of_what_has_gone_by_only_what_stood_there_is_said() {
    let day = Day {
        visits: vec![visit("Maria Silva", span(-30, 20), ten())],
        ..Day::default()
    };
    assert_eq!(day.why(span(-60, 10), Buffers::NONE), [Why::Past]);
    assert_eq!(
        day.says(span(-20, 10), Buffers::NONE),
        "Maria Silva is booked 08:30–08:50. This time has gone by."
    );
}

#[test]
fn what_the_calendar_does_not_count_as_taken_is_not_in_the_way() {
    let day = Day {
        entries: vec![
            entry(Reason::Private, "gone since", span(60, 30)),
            CalendarEntry {
                reason: None,
                all_day: true,
                ..entry(Reason::AllDay, "Congress", span(-540, 1440))
            },
        ],
        ..Day::default()
    };
    assert_eq!(day.why(span(60, 30), Buffers::NONE), []);
    assert_eq!(
        Words::marked_free(&day.entries[1]),
        "Marked free all day: Congress."
    );
}

#[test]
fn what_no_entry_explains_is_said_to_be_taken_for_that_time_only() {
    let day = Day {
        busy: vec![span(60, 60)],
        visits: vec![visit("Maria Silva", span(60, 20), Buffers::NONE)],
        entries: vec![entry(Reason::Private, "Lunch", span(75, 25))],
        ..Day::default()
    };
    assert_eq!(
        day.why(span(105, 10), Buffers::NONE),
        [Why::BusyUnnamed {
            time: span(100, 20)
        }]
    );
    assert_eq!(day.why(span(60, 60), Buffers::NONE).len(), 3);
}

type Lengths = Vec<(i64, i64)>;

fn spans(most: usize) -> impl Strategy<Value = Lengths> {
    prop::collection::vec((-60i64..600, 1i64..90), 0..most)
}

proptest! {
    /// Slot search and this answer the same question: what it offers is free, what it leaves out is not.
    #[test]
    fn what_slot_search_offers_has_nothing_in_its_way_and_what_it_leaves_out_has(
        open in spans(4), busy in spans(8), entries in prop::collection::vec((-60i64..600, 1i64..90, 0u8..4), 0..8),
        visits in prop::collection::vec((-60i64..600, 1i64..60, 0u32..30, 0u32..30), 0..6),
        on_the_move in prop::collection::vec((-60i64..600, 1i64..60, 0u32..30, 0u32..30), 0..2),
        minutes in 1u32..90, before in 0u32..40, after in 0u32..40, step in 1u16..45, now in 0i64..300,
    ) {
        let buffers = Buffers::new(before, after).unwrap();
        let open = merged(open.into_iter().map(|(s, l)| span(s, l)).collect());
        let mut busy: Vec<Interval> = busy.into_iter().map(|(s, l)| span(s, l)).collect();
        let visits: Vec<Appointment> = visits.into_iter()
            .map(|(s, l, b, a)| visit("v", span(s, l), Buffers::new(b, a).unwrap())).collect();
        let held: Vec<Held> = on_the_move.into_iter()
            .map(|(s, l, b, a)| held("m", span(s, l), Buffers::new(b, a).unwrap())).collect();
        // free/busy knows of some of the entries and visits, and of some not
        let mut all = Vec::new();
        for (s, l, kind) in entries {
            let reason = (kind != 0).then_some(Reason::Private);
            all.push(CalendarEntry { reason, ..entry(Reason::Private, "", span(s, l)) });
            if kind > 1 {
                busy.push(span(s, l));
            }
        }
        busy.extend(visits.iter().step_by(2).map(|visit| visit.visit));
        busy.sort_unstable();
        let doctor = doctor();
        let facts = Facts {
            doctor: &doctor, now: at(now), zone: Berlin, open: &open, busy: &busy, visits: &visits,
            held: &held, entries: &all, known: Known::Read,
        };
        let mut taken: Vec<(Interval, Buffers)> =
            visits.iter().map(|visit| (visit.visit, visit.buffers)).collect();
        taken.extend(held.iter().map(|held| (held.time, held.buffers)));
        let wanted = Wanted { minutes, buffers, step, not_before: at(now) };
        let offered = free_slots(&open, &busy, &taken, wanted);
        for slot in &offered {
            prop_assert_eq!(why(*slot, buffers, &facts), []);
        }
        for window in &open {
            let mut start = window.start();
            while start < window.end() {
                let slot = Interval::lasting(start, minutes);
                let whys = why(slot, buffers, &facts);
                prop_assert_eq!(whys.is_empty(), offered.contains(&slot), "{:?} {:?}", slot, whys);
                start += Duration::minutes(i64::from(step));
            }
        }
        // not read is never free
        let unread = Facts { known: Known::Unread { failed: None }, ..facts };
        for slot in &offered {
            prop_assert!(!why(*slot, buffers, &unread).is_empty());
        }
    }
}
