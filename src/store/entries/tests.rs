use super::*;
use crate::domain::blocks::Reason;
use crate::domain::time::Moment;
use crate::port::store::Store;
use crate::store::tests::{Clinic, at, moving, stamp, visit};

fn span(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to)).unwrap()
}

/// What a calendar has: id, from, to, all day, reason, title, whose visit.
type Row<'a> = (
    &'a str,
    i64,
    i64,
    bool,
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
);

fn put(clinic: &Clinic, calendar: &str, rows: &[Row<'_>]) {
    for (id, from, to, all_day, reason, title, appointment) in rows {
        let (from, to): (Moment, Moment) = (at(*from), at(*to));
        clinic
            .db
            .conn
            .execute(
                "INSERT INTO calendar_events (calendar_id, event_id, starts_at, ends_at, all_day, reason, title,
                                              appointment_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![calendar, id, seconds(from), seconds(to), all_day, reason, title, appointment],
            )
            .unwrap();
    }
}

const DAY: i64 = 1440;

#[test]
fn entries_of_people_are_read_with_their_reasons_however_long_they_are() {
    let clinic = Clinic::new();
    put(
        &clinic,
        "d1@example.com",
        &[
            ("lunch", 60, 90, false, Some("private"), "Lunch", None),
            ("free", 30, 50, false, None, "marked free", None),
            ("congress", -DAY, DAY, true, None, "Congress", None),
            (
                "away",
                -9 * DAY,
                9 * DAY,
                false,
                Some("out_of_office"),
                "",
                None,
            ),
            ("over", 0, 10, false, Some("private"), "ends before", None),
            (
                "next",
                100,
                110,
                false,
                Some("private"),
                "begins after",
                None,
            ),
            (
                "ours",
                70,
                100,
                false,
                Some("visit"),
                "Appointment",
                Some("a1"),
            ),
            ("night", -500, 40, false, Some("focus_time"), "", None),
        ],
    );
    put(
        &clinic,
        "other",
        &[("x", 60, 90, false, Some("all_day"), "theirs", None)],
    );
    let calendars: [CalendarId; 3] = ["other".into(), "nobody".into(), "d1@example.com".into()];
    let found = clinic.db.entries(&calendars, span(10, 100)).unwrap();
    let told = |entries: &[CalendarEntry]| -> Vec<(Option<Reason>, String)> {
        let told = entries.iter().map(|e| (e.reason, e.title.clone()));
        told.collect()
    };
    assert_eq!(found.len(), 3);
    assert_eq!(
        told(&found[0]),
        [(Some(Reason::AllDay), "theirs".to_owned())]
    );
    assert_eq!(found[1], []);
    assert_eq!(
        told(&found[2]),
        [
            (Some(Reason::OutOfOffice), String::new()),
            (None, "Congress".to_owned()),
            (Some(Reason::FocusTime), String::new()),
            (Some(Reason::Private), "Lunch".to_owned()),
        ]
    );
    assert_eq!(found[2][3].time, span(60, 90));
    assert!(found[2][1].all_day && !found[2][3].all_day);
}

#[test]
fn of_the_clinics_own_events_only_those_stray_that_no_visit_stands_for() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    clinic
        .db
        .begin_move(&stamp(3), &moving("a2", 120, 200), at(5))
        .unwrap();
    put(
        &clinic,
        "d1@example.com",
        &[
            ("e1", 60, 90, false, Some("visit"), "", Some("a1")),
            ("e2", 120, 150, false, Some("visit"), "", Some("a2")),
            ("hold", 200, 230, false, Some("claim"), "Held", Some("a2")),
            ("gone", 300, 330, false, None, "", Some("a9")),
            ("claim", 330, 360, false, Some("claim"), "", Some("a9")),
            (
                "moved",
                400,
                430,
                false,
                Some("visit"),
                "Appointment: Ana",
                Some("a1"),
            ),
            ("lunch", 500, 530, false, Some("private"), "Lunch", None),
        ],
    );
    let calendar: CalendarId = "d1@example.com".into();
    let strays = clinic.db.strays(&calendar, span(0, 600)).unwrap();
    let told: Vec<_> = strays.iter().map(|s| (s.reason, s.time)).collect();
    assert_eq!(
        told,
        [
            (Some(Reason::Claim), span(330, 360)),
            (Some(Reason::Visit), span(400, 430)),
        ]
    );
    // its title would name a customer
    assert!(strays.iter().all(|stray| stray.title.is_empty()));
}

#[test]
fn a_time_held_for_a_visit_on_the_move_is_told_with_the_customers_name() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic
        .db
        .begin_move(&stamp(3), &moving("a1", 60, 200), at(5))
        .unwrap();
    let held = clinic.db.held(&["d1".into()], span(0, 240)).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].1.customer_name, "Ana");
    assert_eq!(held[0].1.time, visit(200));
    // its buffers may reach that far, but no further
    assert_eq!(clinic.db.held(&[], span(0, 100)).unwrap().len(), 1);
    assert_eq!(clinic.db.held(&[], span(0, 80)).unwrap(), []);
    assert_eq!(clinic.db.held(&["d2".into()], span(0, 240)).unwrap(), []);
}
