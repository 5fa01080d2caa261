//! What a read changes, as the database keeps it.

use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::blocks::Reason;
use crate::domain::event::{Event, EventKind, EventStatus, EventTimes, Mark};
use crate::domain::id::{CalendarId, EventId};
use crate::domain::policy::Role;
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Flow};
use crate::port::notices::{NoticeKind, NoticeRecords};
use crate::port::store::{Records, Store, StoreError};
use crate::port::sync::{Changes, SyncRecords, SyncRules, SyncStore, SyncToken, Synced};
use crate::store::tests::{Clinic, at, booking, stamp, stamp_at, stamp_of, visit};

mod agree;
mod meanwhile;

const CALENDAR: &str = "d1@example.com";

fn calendar() -> CalendarId {
    CALENDAR.into()
}

fn rules() -> SyncRules {
    SyncRules {
        clinic: mark("a1", 60).clinic,
        show_titles: false,
        brake_percent: 25,
    }
}

fn mark(id: &str, minute: i64) -> Mark {
    let Flow::Booking(booking) = booking(id, minute, 1).flow else {
        panic!("a booking")
    };
    booking.draft.mark
}

/// A person's entry.
fn entry(id: &str, minute: i64) -> Event {
    Event {
        id: EventId::new(id),
        etag: Some("\"7\"".into()),
        status: EventStatus::Confirmed,
        times: Some(EventTimes::Timed(visit(minute))),
        transparent: false,
        kind: EventKind::Default,
        declined: false,
        summary: "Squash with Bo".to_owned(),
        updated: None,
        mark: None,
    }
}

/// The event of a visit, edited in Google to start at the minute.
fn event_of(a: &Appointment, minute: i64) -> Event {
    Event {
        id: a.google_event_id.clone().unwrap(),
        mark: Some(mark(a.appointment_id.as_str(), 0)),
        ..entry("", minute)
    }
}

/// The event of a visit as it stands.
fn stands(a: &Appointment) -> Event {
    let minute = (a.visit.start() - at(0)).num_minutes();
    Event {
        etag: a.etag.clone(),
        ..event_of(a, minute)
    }
}

fn tombstone(id: &EventId) -> Event {
    Event {
        id: id.clone(),
        etag: None,
        status: EventStatus::Cancelled,
        times: None,
        summary: String::new(),
        ..entry("", 0)
    }
}

fn changes(minute: i64, events: Vec<Event>) -> Changes {
    Changes {
        calendar: calendar(),
        events,
        zone: chrono_tz::UTC,
        whole_since: None,
        token: SyncToken(format!("t{minute}")),
        asked_at: at(minute),
    }
}

fn whole(minute: i64, events: Vec<Event>) -> Changes {
    Changes {
        whole_since: Some(at(-10_000)),
        ..changes(minute, events)
    }
}

/// A read at the minute, by the one desk.
fn read(clinic: &mut Clinic, changes: &Changes) -> Synced {
    let stamp = crate::port::store::Stamp {
        now: changes.asked_at,
        ..stamp(1)
    };
    clinic
        .db
        .take_cursor(&stamp, &calendar(), at(90_000), true)
        .unwrap();
    let (changes, mut synced, mut from) = (changes.clone().as_told_last(), Synced::default(), 0);
    loop {
        let part = clinic
            .db
            .apply_changes(&stamp, &changes, &rules(), from)
            .unwrap();
        synced = synced.and(part.done);
        match part.next {
            Some(next) => from = next,
            None => return synced,
        }
    }
}

fn item(clinic: &Clinic, id: &str) -> Option<(Cause, String)> {
    clinic.db.unsettled_one(&id.into()).unwrap()?.repair
}

fn shown(clinic: &Clinic, id: &str) -> Appointment {
    clinic.db.appointment(&id.into()).unwrap().unwrap()
}

#[test]
fn a_visit_that_a_person_moved_in_google_moves_and_its_old_time_stays_in_the_history() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    let moved = read(&mut clinic, &changes(5, vec![event_of(&a1, 120)]));
    assert_eq!(moved.moved, 1);
    let now = shown(&clinic, "a1");
    assert_eq!((now.visit, now.sync_state), (visit(120), SyncState::Synced));
    assert_eq!(now.etag, Some("\"7\"".into()));
    let words = clinic.words("a1").join("\n");
    assert!(words.contains("moved in Google Calendar from"), "{words}");
    assert!(clinic.begin("a2", 60).is_ok(), "its old time is free");
    let again = read(&mut clinic, &changes(6, vec![event_of(&now, 120)]));
    assert_eq!(again, Synced::default(), "told twice, done once");
    assert_eq!(clinic.db.audit_break().unwrap(), None);
}

#[test]
fn one_moved_onto_another_or_out_of_hours_is_moved_and_shown() {
    let mut clinic = Clinic::new();
    let (a1, a2) = (clinic.book("a1", 60), clinic.book("a2", 120));
    read(&mut clinic, &changes(5, vec![event_of(&a1, 130)]));
    let (cause, sentence) = item(&clinic, "a1").unwrap();
    assert_eq!(cause, Cause::MovedInGoogle);
    assert!(
        sentence.contains(&format!("onto {}", a2.customer_name)),
        "{sentence}"
    );
    assert_eq!(shown(&clinic, "a1").visit, visit(130));
    // and away again
    read(
        &mut clinic,
        &changes(
            6,
            vec![Event {
                etag: Some("\"8\"".into()),
                ..event_of(&a1, 300)
            }],
        ),
    );
    assert_eq!(item(&clinic, "a1"), None);
    // the middle of the night
    read(
        &mut clinic,
        &changes(
            7,
            vec![Event {
                etag: Some("\"9\"".into()),
                ..event_of(&a1, 900)
            }],
        ),
    );
    let (cause, sentence) = item(&clinic, "a1").unwrap();
    assert_eq!(cause, Cause::MovedInGoogle);
    assert!(sentence.contains("outside the hours"), "{sentence}");
}

#[test]
fn one_that_was_deleted_in_google_stays_and_waits_for_a_person() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    read(&mut clinic, &changes(4, vec![stands(&a1)]));
    let gone = tombstone(a1.google_event_id.as_ref().unwrap());
    assert_eq!(read(&mut clinic, &changes(5, vec![gone.clone()])).gone, 1);
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::GoneFromGoogle);
    assert_eq!(shown(&clinic, "a1").status, Status::Confirmed);
    assert_eq!(read(&mut clinic, &changes(6, vec![gone])).gone, 0);
    // put back from the bin
    read(&mut clinic, &changes(7, vec![event_of(&a1, 60)]));
    assert_eq!(item(&clinic, "a1"), None);
    assert_eq!(shown(&clinic, "a1").sync_state, SyncState::Synced);
}

#[test]
fn what_is_edited_in_google_stays_there() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    let mut edited = event_of(&a1, 60);
    edited.summary = "Visit, bring the X-ray".to_owned();
    read(&mut clinic, &changes(5, vec![edited]));
    let now = shown(&clinic, "a1");
    assert_eq!(now.etag, Some("\"7\"".into()));
    assert_eq!(
        Appointment {
            etag: a1.etag.clone(),
            ..now
        },
        a1
    );
    let there = clinic
        .db
        .remote(&calendar(), a1.google_event_id.as_ref().unwrap());
    assert_eq!(there.unwrap().unwrap().title, "Visit, bring the X-ray");
}

#[test]
fn a_persons_entry_is_a_row_with_its_reason_and_no_title_that_is_not_to_be_shown() {
    let mut clinic = Clinic::new();
    let kinds = [
        ("e1", EventKind::Default, Some(Reason::Private)),
        ("e2", EventKind::OutOfOffice, Some(Reason::OutOfOffice)),
        ("e3", EventKind::FocusTime, Some(Reason::FocusTime)),
        ("e4", EventKind::WorkingLocation, None),
    ];
    let events = kinds.map(|(id, kind, _)| Event {
        kind,
        ..entry(id, 60)
    });
    assert_eq!(read(&mut clinic, &changes(5, events.to_vec())).events, 4);
    for (id, _, reason) in kinds {
        let row = clinic.db.remote(&calendar(), &id.into()).unwrap().unwrap();
        assert_eq!((row.reason, row.title.as_str()), (reason, ""), "{id}");
    }
    read(&mut clinic, &changes(6, vec![tombstone(&"e1".into())]));
    assert_eq!(clinic.db.remote(&calendar(), &"e1".into()).unwrap(), None);
    let day = Interval::new(at(0), at(1_000)).unwrap();
    assert_eq!(clinic.db.remotes(&[calendar()], day).unwrap().len(), 3);
}

#[test]
fn an_entry_on_top_of_a_visit_is_a_conflict_until_it_goes() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    assert_eq!(
        read(&mut clinic, &changes(5, vec![entry("e1", 75)])).conflicts,
        1
    );
    let (cause, sentence) = item(&clinic, "a1").unwrap();
    assert_eq!(cause, Cause::Conflict);
    assert!(
        sentence.contains("an entry of the calendar's owner"),
        "{sentence}"
    );
    assert_eq!(
        shown(&clinic, "a1").status,
        Status::Confirmed,
        "nobody is called off"
    );
    read(
        &mut clinic,
        &changes(
            6,
            vec![Event {
                etag: Some("\"8\"".into()),
                ..entry("e1", 120)
            }],
        ),
    );
    assert_eq!(item(&clinic, "a1"), None);
    // marked free, it takes no time
    read(
        &mut clinic,
        &changes(
            7,
            vec![Event {
                transparent: true,
                ..entry("e2", 60)
            }],
        ),
    );
    assert_eq!(item(&clinic, "a1"), None);
}

#[test]
fn a_conflict_that_somebody_accepted_is_not_told_again() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    read(&mut clinic, &changes(5, vec![entry("e1", 75)]));
    let ignore = crate::port::query::RepairAction::Ignore;
    clinic
        .db
        .resolve_repair(&stamp(6), &"a1".into(), ignore, None, "both can be")
        .unwrap();
    let as_before = whole(7, vec![entry("e1", 75), stands(&shown(&clinic, "a1"))]);
    assert_eq!(read(&mut clinic, &as_before).conflicts, 0);
    assert_eq!(item(&clinic, "a1"), None);
}

#[test]
fn a_visit_of_another_database_is_taken_over_and_one_of_another_clinic_is_a_persons() {
    let mut clinic = Clinic::new();
    let mut theirs = entry("x1", 60);
    theirs.mark = Some(Mark {
        database: "other".into(),
        ..mark("b1", 60)
    });
    let mut foreign = entry("x2", 200);
    foreign.mark = Some(Mark {
        clinic: "elsewhere".into(),
        ..mark("b2", 200)
    });
    let read_both = read(&mut clinic, &changes(5, vec![theirs.clone(), foreign]));
    assert_eq!(read_both.adopted, 1);
    assert_eq!(shown(&clinic, "b1").visit, visit(60));
    assert!(clinic.db.appointment(&"b2".into()).unwrap().is_none());
    let row = clinic
        .db
        .remote(&calendar(), &"x2".into())
        .unwrap()
        .unwrap();
    assert_eq!((row.reason, row.appointment), (Some(Reason::Private), None));
    // called off there
    read(&mut clinic, &changes(6, vec![tombstone(&"x1".into())]));
    assert_eq!(shown(&clinic, "b1").status, Status::Cancelled);
    assert_eq!(item(&clinic, "b1"), None);
}

#[test]
fn a_visit_that_was_called_off_and_put_back_in_google_counts_as_booked_and_is_shown() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    clinic.cancel("a1", 2);
    read(&mut clinic, &changes(90, vec![event_of(&a1, 60)]));
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::BackInGoogle);
    assert_eq!(shown(&clinic, "a1").status, Status::Confirmed);
    assert!(clinic.begin("a2", 60).is_err());
}

#[test]
fn an_event_marked_free_or_made_a_whole_day_is_for_a_person() {
    let spoil: [fn(&mut Event); 3] = [
        |e| e.transparent = true,
        |e| e.status = EventStatus::Tentative,
        |e| {
            let day = at(0).date_naive();
            e.times = Some(EventTimes::AllDay {
                from: day,
                until: day.succ_opt().unwrap(),
            });
        },
    ];
    for spoil in spoil {
        let mut clinic = Clinic::new();
        let a1 = clinic.book("a1", 60);
        let mut event = event_of(&a1, 60);
        spoil(&mut event);
        read(&mut clinic, &changes(5, vec![event]));
        assert_eq!(item(&clinic, "a1").unwrap().0, Cause::ChangedInGoogle);
        assert_eq!(shown(&clinic, "a1").visit, visit(60));
    }
}

#[test]
fn what_a_read_says_of_a_visit_that_was_settled_meanwhile_is_looked_at_again() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60); // settled at minute 1
    let older = changes(0, vec![event_of(&a1, 200)]);
    assert_eq!(read(&mut clinic, &older).moved, 0);
    assert_eq!(shown(&clinic, "a1").visit, visit(60));
    let asked = clinic.db.missing(&changes(2, Vec::new())).unwrap();
    assert_eq!(asked, vec![a1.google_event_id.clone().unwrap()]);
    // and that is the end of it
    read(&mut clinic, &changes(2, vec![stands(&a1)]));
    assert_eq!(clinic.db.missing(&changes(3, Vec::new())), Ok(Vec::new()));
}

#[test]
fn what_is_under_way_is_left_to_its_operation() {
    let mut clinic = Clinic::new();
    let begun = clinic.begin("a1", 60).unwrap();
    assert_eq!(begun.status, Status::Pending);
    let claim = Event {
        id: EventId::of_attempt(&"a1".into(), 1),
        mark: Some(mark("a1", 60)),
        ..entry("", 60)
    };
    read(&mut clinic, &changes(5, vec![claim]));
    assert_eq!(shown(&clinic, "a1").status, Status::Pending);
    assert_eq!(item(&clinic, "a1"), None);
}

#[test]
fn so_many_changes_at_once_are_held_back_until_somebody_looks() {
    let mut clinic = Clinic::new();
    let visits: Vec<Appointment> = (0..8)
        .map(|n| clinic.book(&format!("a{n}"), 60 + 40 * n))
        .collect();
    read(
        &mut clinic,
        &changes(4, visits.iter().map(stands).collect()),
    );
    let tombstones = || {
        visits
            .iter()
            .take(6)
            .map(|a| tombstone(a.google_event_id.as_ref().unwrap()))
            .collect()
    };
    let held = read(&mut clinic, &changes(5, tombstones()));
    assert!(
        held.braked
            .unwrap()
            .starts_with("6 of 8 coming visits are gone or moved")
    );
    assert_eq!(clinic.db.counts().unwrap().repair, 0, "nothing was applied");
    // told once, however often it is read
    assert!(
        read(&mut clinic, &changes(5, tombstones()))
            .braked
            .is_some()
    );
    let admin = stamp_of(Role::Admin, 5).actor;
    let told = clinic.db.notices(&admin, true, 9).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].kind, NoticeKind::SyncBraked);
    assert_eq!(told[0].calendar, Some(calendar()));
    assert_eq!(told[0].doctor, Some("d1".into()));
    let cursor = &clinic.db.cursors().unwrap()[0];
    assert!(cursor.brake.is_some() && cursor.synced_at == Some(at(4)));
    assert!(
        clinic
            .db
            .release_brake(&stamp_of(Role::Admin, 6), &calendar())
            .unwrap()
    );
    assert_eq!(read(&mut clinic, &changes(7, tombstones())).gone, 6);
    assert_eq!(clinic.db.counts().unwrap().repair, 6);
    assert_eq!(clinic.db.cursors().unwrap()[0].brake, None);
    assert!(
        !clinic
            .db
            .release_brake(&stamp_of(Role::Admin, 8), &calendar())
            .unwrap()
    );
}

#[test]
fn after_everything_was_read_what_is_not_there_is_asked_about_and_rows_go() {
    let mut clinic = Clinic::new();
    let (a1, a2) = (clinic.book("a1", 60), clinic.book("a2", 120));
    read(
        &mut clinic,
        &changes(5, vec![entry("e1", 200), entry("e2", 240)]),
    );
    let all = whole(6, vec![event_of(&a1, 60), entry("e2", 240)]);
    assert_eq!(
        clinic.db.missing(&all).unwrap(),
        vec![a2.google_event_id.clone().unwrap()]
    );
    assert_eq!(
        clinic.db.missing(&changes(6, Vec::new())).unwrap(),
        Vec::new()
    );
    read(&mut clinic, &all);
    assert_eq!(clinic.db.remote(&calendar(), &"e1".into()).unwrap(), None);
    assert!(
        clinic
            .db
            .remote(&calendar(), &"e2".into())
            .unwrap()
            .is_some()
    );
    assert_eq!(
        item(&clinic, "a2"),
        None,
        "only what was asked about counts as gone"
    );
}

#[test]
fn of_two_programs_only_the_one_that_has_the_cursor_is_heard() {
    let mut clinic = Clinic::new();
    let (left, right) = (stamp_at("left", 1), stamp_at("right", 1));
    let take =
        |clinic: &mut Clinic, stamp, force| clinic.db.take_cursor(stamp, &calendar(), at(2), force);
    assert_eq!(take(&mut clinic, &left, false), Ok(None));
    assert_eq!(take(&mut clinic, &right, false), Err(StoreError::LeaseLost));
    let news = changes(1, vec![entry("e1", 60)]);
    clinic.db.apply_changes(&left, &news, &rules(), 0).unwrap();
    assert_eq!(
        take(&mut clinic, &right, true),
        Ok(Some(SyncToken("t1".into())))
    );
    let late = clinic.db.apply_changes(&left, &news, &rules(), 0);
    assert_eq!(late, Err(StoreError::LeaseLost));
    clinic.db.leave_cursor(&right, &calendar()).unwrap();
    assert_eq!(
        take(&mut clinic, &left, false),
        Ok(Some(SyncToken("t1".into())))
    );
    // a program that died leaves it when its time is over
    let later = stamp_at("right", 3);
    assert!(take(&mut clinic, &later, false).is_ok());
    clinic.db.forget_token(&right, &calendar()).unwrap();
    assert_eq!(take(&mut clinic, &later, false), Ok(None));
}

#[test]
fn a_conflict_that_a_second_look_found_ends_when_what_stood_there_goes() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let mut other = entry("x1", 75);
    other.mark = Some(Mark {
        kind: crate::domain::event::MarkKind::Placeholder,
        ..mark("b1", 75)
    });
    read(&mut clinic, &changes(5, vec![other]));
    let look = &clinic
        .db
        .take_looks(at(5), crate::port::store::Looks::All, 9)
        .unwrap()[0];
    let found = crate::port::store::Found::InTheWay("another visit is booked there".to_owned());
    clinic
        .db
        .record_look(&stamp(5), look, Some(&found))
        .unwrap();
    assert_eq!(item(&clinic, "a1").unwrap().0, Cause::Conflict);
    read(&mut clinic, &changes(6, vec![tombstone(&"x1".into())]));
    assert_eq!(item(&clinic, "a1"), None);
}
