//! What is told to whom, and what is forgotten again.

use super::{About, tell};
use crate::domain::id::NoticeNo;
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Role;
use crate::domain::time::Moment;
use crate::flow::operation::{Because, Cause, Operation, Settlement};
use crate::port::command::Actor;
use crate::port::notices::{News, NoticeRecords, NoticeStore, ReadWhich};
use crate::port::store::{Found, Looks, Stamp, Store, StoreError, Take};
use crate::store::tests::{
    Clinic, at, booking, cancellation, confirmed, moved, moving, stamp, stamp_of, visit,
};
use chrono::Duration;

fn reader(role: Role, name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        role,
    }
}

fn admin() -> Actor {
    reader(Role::Admin, "ana")
}

fn say(clinic: &mut Clinic, now: Moment, kind: NoticeKind, sentence: &str) {
    let stamp = Stamp {
        now,
        ..stamp_of(Role::System, 0)
    };
    clinic
        .db
        .transaction(|tx| tell(tx, &stamp, kind, sentence, About::default()))
        .unwrap();
}

/// The sentences that the reader has not read, oldest first.
fn unread(clinic: &Clinic, reader: &Actor) -> Vec<String> {
    let mut notices = clinic.db.notices(reader, true, 100).unwrap();
    assert_eq!(
        clinic.db.unread_notices(reader).unwrap(),
        u32::try_from(notices.len()).unwrap()
    );
    notices.reverse();
    notices.into_iter().map(|notice| notice.sentence).collect()
}

/// What was told so far, with its kind, oldest first.
fn told(clinic: &Clinic) -> Vec<(NoticeKind, String)> {
    let mut notices = clinic.db.notices(&admin(), false, 100).unwrap();
    notices.reverse();
    let told = notices.into_iter().map(|n| (n.kind, n.sentence));
    told.collect()
}

#[test]
fn what_one_person_has_read_is_unread_for_another() {
    let mut clinic = Clinic::empty();
    for (minute, words) in [(1, "one"), (2, "two"), (3, "three")] {
        say(&mut clinic, at(minute), NoticeKind::SyncDelayed, words);
    }
    let bo = reader(Role::Receptionist, "bo");
    assert_eq!(unread(&clinic, &admin()), ["one", "two", "three"]);
    let newest = clinic.db.notices(&bo, false, 1).unwrap();
    assert_eq!(
        (newest[0].sentence.as_str(), newest[0].at),
        ("three", at(3))
    );
    let these = ReadWhich::These(vec![NoticeNo(2)]);
    let admin_stamp = stamp_of(Role::Admin, 4);
    assert_eq!(clinic.db.read_notices(&admin_stamp, &these), Ok(1));
    assert_eq!(clinic.db.read_notices(&admin_stamp, &these), Ok(0));
    assert_eq!(unread(&clinic, &admin()), ["one", "three"]);
    assert_eq!(unread(&clinic, &bo), ["one", "two", "three"]);
    let all = clinic.db.notices(&admin(), false, 100).unwrap();
    let read: Vec<bool> = all.iter().map(|notice| notice.read).collect();
    assert_eq!(read, [false, true, false]);
}

#[test]
fn all_are_read_or_all_up_to_the_last_that_was_seen() {
    let mut clinic = Clinic::empty();
    for words in ["one", "two", "three"] {
        say(&mut clinic, at(1), NoticeKind::SyncDelayed, words);
    }
    let seen = ReadWhich::Until(NoticeNo(2));
    assert_eq!(clinic.db.read_notices(&stamp(2), &seen), Ok(2));
    let ana = reader(Role::Receptionist, "ana");
    assert_eq!(unread(&clinic, &ana), ["three"]);
    assert_eq!(clinic.db.read_notices(&stamp(3), &ReadWhich::All), Ok(1));
    assert!(unread(&clinic, &ana).is_empty());
}

#[test]
fn nobody_sees_or_counts_or_reads_what_is_not_theirs() {
    let mut clinic = Clinic::empty();
    say(&mut clinic, at(1), NoticeKind::SignInNeeded, "sign in");
    say(&mut clinic, at(1), NoticeKind::BookingEnded, "booked");
    assert_eq!(unread(&clinic, &admin()), ["sign in", "booked"]);
    let desk = reader(Role::Receptionist, "bo");
    assert_eq!(unread(&clinic, &desk), ["booked"]);
    for role in [Role::Doctor, Role::Customer] {
        assert!(unread(&clinic, &reader(role, "bo")).is_empty());
    }
    let both = ReadWhich::These(vec![NoticeNo(2), NoticeNo(1)]);
    assert_eq!(
        clinic.db.read_notices(&stamp(2), &both),
        Err(StoreError::NotFound("notice"))
    );
    let ana = reader(Role::Receptionist, "ana");
    assert_eq!(
        unread(&clinic, &ana),
        ["booked"],
        "and none of them is read"
    );
    assert_eq!(clinic.db.read_notices(&stamp(3), &ReadWhich::All), Ok(1));
    assert_eq!(unread(&clinic, &admin()), ["sign in"]);
    let customer = stamp_of(Role::Customer, 4);
    assert!(matches!(
        clinic.db.read_notices(&customer, &ReadWhich::All),
        Err(StoreError::Denied(_))
    ));
}

#[test]
fn the_same_is_not_told_again_before_somebody_has_read_it() {
    let mut clinic = Clinic::empty();
    for minute in 1..4 {
        say(&mut clinic, at(minute), NoticeKind::SyncDelayed, "late");
    }
    assert_eq!(told(&clinic).len(), 1);
    say(&mut clinic, at(4), NoticeKind::SyncDelayed, "later");
    say(&mut clinic, at(4), NoticeKind::SyncBraked, "late");
    assert_eq!(told(&clinic).len(), 3);
    clinic.db.read_notices(&stamp(5), &ReadWhich::All).unwrap();
    say(&mut clinic, at(6), NoticeKind::SyncDelayed, "late");
    assert_eq!(unread(&clinic, &admin()), ["late"]);
}

#[test]
fn the_same_sentence_about_another_calendar_is_told() {
    let mut clinic = Clinic::new();
    let system = stamp_of(Role::System, 1);
    for calendar in ["one", "two", "one"] {
        let news = News {
            kind: NoticeKind::SyncDelayed,
            sentence: "It could not be read.".to_owned(),
            doctor: Some("d1".into()),
            calendar: Some(calendar.into()),
        };
        clinic.db.tell_news(&system, &news).unwrap();
        let doctor = stamp_of(Role::Doctor, 1);
        let refused = clinic.db.tell_news(&doctor, &news);
        assert!(matches!(refused, Err(StoreError::Denied(_))));
    }
    let told = clinic.db.notices(&admin(), true, 9).unwrap();
    let calendars: Vec<_> = told.iter().filter_map(|n| n.calendar.clone()).collect();
    assert_eq!(calendars, ["two".into(), "one".into()]);
    assert!(told.iter().all(|n| n.doctor == Some("d1".into())));
}

#[test]
fn what_was_read_goes_after_ninety_days_and_what_nobody_read_stays() {
    let mut clinic = Clinic::empty();
    say(&mut clinic, at(1), NoticeKind::SyncDelayed, "read");
    clinic.db.read_notices(&stamp(2), &ReadWhich::All).unwrap();
    say(&mut clinic, at(3), NoticeKind::SyncDelayed, "unread");
    let later = at(1) + Duration::days(90);
    say(&mut clinic, later, NoticeKind::SyncDelayed, "on the day");
    assert_eq!(told(&clinic).len(), 3);
    let after = later + Duration::seconds(1);
    say(&mut clinic, after, NoticeKind::SyncDelayed, "after");
    let left: Vec<String> = told(&clinic).into_iter().map(|(_, words)| words).collect();
    assert_eq!(left, ["unread", "on the day", "after"]);
}

/// Puts off what was begun, as when Google does not answer, and takes it up again.
fn put_off(clinic: &mut Clinic, mut operation: Operation, minute: i64) -> Operation {
    operation.tries = 1;
    operation.next_try_at = Some(at(minute));
    operation.last_error = Some("Google did not answer".to_owned());
    clinic.db.put_off(&stamp(minute), &operation).unwrap();
    let take = Take::Of(operation.appointment_id.clone());
    let mut taken = clinic
        .db
        .take(&stamp(minute), &take, at(minute + 1))
        .unwrap();
    taken.pop().unwrap()
}

fn lost() -> Settlement {
    Settlement::Repair {
        cause: Cause::Conflict,
        detail: "The time was lost before Google confirmed the visit: Bo has it".to_owned(),
    }
}

#[test]
fn a_booking_that_nobody_waited_for_ends_without_a_notice() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    assert!(told(&clinic).is_empty());
}

#[test]
fn a_booking_that_had_to_wait_is_told_of_when_it_is_confirmed() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let waiting = put_off(&mut clinic, booking("a1", 60, 1), 2);
    let settled = confirmed("a1", 60, false);
    clinic.db.settle(&stamp(3), &waiting, &settled).unwrap();
    let notices = clinic.db.notices(&admin(), false, 9).unwrap();
    assert_eq!(notices.len(), 1);
    let notice = &notices[0];
    assert_eq!(
        notice.sentence,
        "Ana's visit with Chen on Fri 15 Jan at 10:00 is confirmed now."
    );
    assert_eq!(
        (notice.kind, notice.at, notice.read),
        (NoticeKind::BookingEnded, at(3), false)
    );
    assert_eq!(notice.appointment, Some("a1".into()));
    assert_eq!(notice.doctor, Some("d1".into()));
    assert_eq!(notice.calendar, Some("d1@example.com".into()));
}

#[test]
fn a_booking_that_was_promised_or_left_by_a_dead_program_is_told_of_too() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    clinic.db.promise(&stamp(1), &"a1".into()).unwrap();
    let operation = booking("a1", 60, 1);
    let settled = confirmed("a1", 60, false);
    clinic.db.settle(&stamp(2), &operation, &settled).unwrap();
    clinic.begin("a2", 120).unwrap();
    let recovery = stamp_of(Role::System, 3);
    let operation = booking("a2", 120, 1);
    let settled = confirmed("a2", 120, false);
    clinic.db.settle(&recovery, &operation, &settled).unwrap();
    let all_confirmed = told(&clinic);
    assert_eq!(all_confirmed.len(), 2);
    assert!(
        all_confirmed
            .iter()
            .all(|(_, words)| words.ends_with("is confirmed now."))
    );
}

#[test]
fn a_booking_that_lost_its_slot_while_it_waited_is_one_notice_and_not_two() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let waiting = put_off(&mut clinic, booking("a1", 60, 1), 2);
    clinic.db.settle(&stamp(3), &waiting, &lost()).unwrap();
    assert_eq!(
        told(&clinic),
        [(
            NoticeKind::BookingEnded,
            "Ana's visit with Chen on Fri 15 Jan at 10:00 lost its slot. A person must choose: The time \
             was lost before Google confirmed the visit: Bo has it."
                .to_owned()
        )]
    );
}

#[test]
fn a_booking_that_is_refused_while_it_waited_says_why() {
    let mut clinic = Clinic::new();
    clinic.begin("a1", 60).unwrap();
    let waiting = put_off(&mut clinic, booking("a1", 60, 1), 2);
    let refused = Settlement::Refused {
        because: Because::SlotTaken,
        why: "Bo has it".to_owned(),
    };
    clinic.db.settle(&stamp(3), &waiting, &refused).unwrap();
    assert_eq!(
        told(&clinic)[0].1,
        "Ana's visit with Chen on Fri 15 Jan at 10:00 lost its slot: Bo has it."
    );
}

#[test]
fn moves_and_cancellations_that_had_to_wait_are_told_of_as_well() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let operation = moving("a1", 60, 120);
    clinic.db.begin_move(&stamp(2), &operation, at(4)).unwrap();
    let waiting = put_off(&mut clinic, operation, 3);
    clinic.db.settle(&stamp(4), &waiting, &moved(120)).unwrap();
    let operation = moving("a1", 120, 180);
    clinic.db.begin_move(&stamp(5), &operation, at(7)).unwrap();
    let waiting = put_off(&mut clinic, operation, 6);
    let not_moved = Settlement::NotMoved {
        because: Because::SlotTaken,
        why: "Bo has that time".to_owned(),
    };
    clinic.db.settle(&stamp(7), &waiting, &not_moved).unwrap();
    let operation = cancellation("a1", 8);
    clinic
        .db
        .begin_cancellation(&stamp(8), &operation, "a secret reason", at(10))
        .unwrap();
    let waiting = put_off(&mut clinic, operation, 9);
    clinic
        .db
        .settle(&stamp(10), &waiting, &Settlement::Cancelled)
        .unwrap();
    let words: Vec<String> = told(&clinic).into_iter().map(|(_, words)| words).collect();
    assert_eq!(
        words,
        [
            "Ana's visit with Chen on Fri 15 Jan at 10:00 was moved to Fri 15 Jan at 11:00.",
            "Ana's visit with Chen on Fri 15 Jan at 11:00 was not moved and stands where it was: Bo has \
             that time.",
            "Ana's visit with Chen on Fri 15 Jan at 11:00 is out of the calendar now.",
        ]
    );
}

fn found(clinic: &mut Clinic, minute: i64, found: &Found) {
    let mut looks = clinic.db.take_looks(at(minute), Looks::All, 1).unwrap();
    let look = looks.pop().unwrap();
    let changed = clinic
        .db
        .record_look(&stamp_of(Role::System, minute), &look, Some(found));
    assert_eq!(changed, Ok(true));
}

#[test]
fn what_people_do_to_a_visit_in_google_is_told() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    let to = |minute| Found::MovedByPerson {
        etag: format!("\"{minute}\"").as_str().into(),
        visit: visit(minute),
    };
    found(&mut clinic, 2, &to(120));
    clinic.book("a2", 60);
    found(&mut clinic, 3, &Found::Gone);
    assert_eq!(
        told(&clinic),
        [
            (
                NoticeKind::MovedInGoogle,
                "Ana's visit with Chen on Fri 15 Jan at 10:00 was moved in Google Calendar to Fri 15 Jan \
                 at 11:00."
                    .to_owned()
            ),
            (
                NoticeKind::DeletedInGoogle,
                "Ana's visit with Chen on Fri 15 Jan at 10:00: Somebody deleted its event in Google \
                 Calendar; here the visit still stands."
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn a_move_in_google_that_does_not_fit_is_one_notice_with_what_is_wrong() {
    let mut clinic = Clinic::new();
    clinic.book("a1", 60);
    clinic.book("a2", 120);
    let onto = Found::MovedByPerson {
        etag: "\"9\"".into(),
        visit: visit(60),
    };
    let mut looks = clinic.db.take_looks(at(2), Looks::All, 9).unwrap();
    looks.retain(|look| look.appointment.appointment_id == "a2".into());
    let system = stamp_of(Role::System, 2);
    let changed = clinic.db.record_look(&system, &looks[0], Some(&onto));
    assert_eq!(changed, Ok(true));
    let told = told(&clinic);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, NoticeKind::MovedInGoogle);
    assert!(told[0].1.ends_with(", onto Ana."), "{}", told[0].1);
}

#[test]
fn an_item_of_repair_that_is_only_rewritten_is_not_told_again() {
    let mut clinic = Clinic::new();
    let a1 = clinic.book("a1", 60);
    let stamp = stamp_of(Role::System, 2);
    for (cause, sentence) in [
        (Cause::Conflict, "Bo stands in its time"),
        (Cause::Conflict, "Cy stands in its time"),
        (Cause::GoneFromGoogle, "it is gone"),
        (Cause::RefusedByGoogle, "Google refuses it"),
    ] {
        let visit = a1.clone();
        clinic
            .db
            .transaction(|tx| {
                crate::store::settle::needs_repair(tx, &stamp, visit, cause, sentence, "words")
            })
            .unwrap();
    }
    let kinds: Vec<NoticeKind> = told(&clinic).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [NoticeKind::Conflict, NoticeKind::DeletedInGoogle]);
}
