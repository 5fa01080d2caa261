//! Which choice fits which trouble, as a table.

use super::*;
use crate::domain::appointment::{Source, SyncState};
use crate::domain::id::EventId;
use crate::domain::service::Buffers;
use RepairAction::{AdoptTimes, Cancel, Ignore, Move, PutBack, Reconnect, Recreate, Retry};

pub(super) fn at(hour: i64) -> Moment {
    "2026-11-24T00:00:00Z".parse::<Moment>().unwrap() + chrono::Duration::hours(hour)
}

fn hours(from: i64, until: i64) -> Interval {
    Interval::new(at(from), at(until)).unwrap()
}

/// A visit from 10 to 11.
pub(super) fn visit(status: Status, calls_off: bool) -> Appointment {
    Appointment {
        appointment_id: "a1".into(),
        customer_id: "c1".into(),
        customer_name: "Ana".to_owned(),
        doctor_id: "d1".into(),
        doctor_name: "Dr Chen".to_owned(),
        google_calendar_id: "chen@x".into(),
        google_event_id: Some(EventId::new("e1")),
        etag: Some("\"1\"".into()),
        service_id: None,
        service_name: String::new(),
        visit: hours(10, 11),
        buffers: Buffers::NONE,
        zone: chrono_tz::Europe::Berlin,
        status,
        sync_state: SyncState::NeedsRepair,
        source: Source::Desk,
        reason: String::new(),
        rev: 0,
        attempt: 1,
        created_at: at(0),
        created_by: "ana".to_owned(),
        cancelled_at: None,
        cancellation_reason: calls_off.then(|| "ill".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Google {
    Unread,
    Gone,
    Same,
    Elsewhere,
    WholeDays,
    Strange,
}

pub(super) fn side(google: Google) -> Option<GoogleSide> {
    let event = |from: i64, all_day: bool, ours: bool| GoogleEvent {
        time: hours(from, from + 1),
        all_day,
        reason: Some(Reason::Visit),
        title: "Ana".to_owned(),
        etag: Some("\"2\"".into()),
        updated: None,
        ours,
    };
    let event = match google {
        Google::Unread => return None,
        Google::Gone => None,
        Google::Same => Some(event(10, false, true)),
        Google::Elsewhere => Some(event(16, false, true)),
        Google::WholeDays => Some(event(0, true, true)),
        Google::Strange => Some(event(16, false, false)),
    };
    Some(GoogleSide {
        as_of: at(9),
        event,
    })
}

fn fits(cause: Option<Cause>, visit: &Appointment, google: Google) -> Vec<RepairAction> {
    let google = side(google);
    fitting(&Trouble {
        cause,
        appointment: visit,
        google: google.as_ref(),
        former: None,
        sign_in: false,
    })
}

#[test]
fn for_a_visit_that_stands_the_cause_and_googles_side_decide() {
    use Cause::{
        BackInGoogle, ChangedInGoogle, Conflict, GoneFromGoogle, HoldLeft, MovedInGoogle,
        RefusedByGoogle, StrangersEvent,
    };
    use Google::{Elsewhere, Gone, Same, Strange, Unread, WholeDays};
    let visit = visit(Status::Confirmed, false);
    let table: &[(Cause, Google, &[RepairAction])] = &[
        (
            MovedInGoogle,
            Unread,
            &[AdoptTimes, PutBack, Cancel, Ignore],
        ),
        (
            MovedInGoogle,
            Elsewhere,
            &[AdoptTimes, PutBack, Cancel, Ignore],
        ),
        (MovedInGoogle, Same, &[AdoptTimes, Cancel, Ignore]),
        (MovedInGoogle, Gone, &[Recreate, Cancel, Ignore]),
        (MovedInGoogle, WholeDays, &[Cancel, Ignore]),
        (MovedInGoogle, Strange, &[Cancel, Ignore]),
        (
            ChangedInGoogle,
            Elsewhere,
            &[AdoptTimes, PutBack, Cancel, Ignore],
        ),
        (ChangedInGoogle, Same, &[AdoptTimes, Cancel, Ignore]),
        (GoneFromGoogle, Unread, &[Recreate, Cancel, Ignore]),
        (GoneFromGoogle, Gone, &[Recreate, Cancel, Ignore]),
        (GoneFromGoogle, Same, &[AdoptTimes, Cancel, Ignore]),
        (
            GoneFromGoogle,
            Elsewhere,
            &[AdoptTimes, PutBack, Cancel, Ignore],
        ),
        (Conflict, Unread, &[Move, Cancel, Ignore]),
        (Conflict, Same, &[Move, Cancel, Ignore]),
        (
            Conflict,
            Elsewhere,
            &[Move, AdoptTimes, PutBack, Cancel, Ignore],
        ),
        (Conflict, Gone, &[Recreate, Cancel, Ignore]),
        (StrangersEvent, Strange, &[Cancel, Ignore]),
        (RefusedByGoogle, Unread, &[Cancel, Ignore]),
        (HoldLeft, Same, &[Retry]),
        (BackInGoogle, Same, &[Cancel, Ignore]),
        (BackInGoogle, Gone, &[Cancel, Ignore]),
    ];
    for (cause, google, expected) in table {
        let found = fits(Some(*cause), &visit, *google);
        assert_eq!(found, *expected, "{cause:?} {google:?}");
    }
}

#[test]
fn what_was_to_be_called_off_is_offered_to_be_called_off_first_and_never_to_be_put_back() {
    let visit = visit(Status::Confirmed, true);
    for (cause, google, expected) in [
        (
            Cause::ChangedInGoogle,
            Google::Elsewhere,
            &[Cancel, AdoptTimes, Ignore][..],
        ),
        (
            Cause::RefusedByGoogle,
            Google::Same,
            &[Retry, Cancel, Ignore],
        ),
        (Cause::GoneFromGoogle, Google::Gone, &[Cancel, Ignore]),
        (Cause::Conflict, Google::Same, &[Retry, Cancel, Ignore]),
    ] {
        assert_eq!(fits(Some(cause), &visit, google), expected, "{cause:?}");
    }
}

#[test]
fn what_was_never_confirmed_is_tried_again_or_called_off_and_not_left_as_it_is() {
    let visit = visit(Status::Pending, false);
    for cause in [
        Cause::StrangersEvent,
        Cause::RefusedByGoogle,
        Cause::Conflict,
    ] {
        let found = fits(Some(cause), &visit, Google::Unread);
        assert_eq!(found, [Retry, Cancel], "{cause:?}");
    }
}

#[test]
fn what_is_pending_can_be_sent_now_and_a_booking_called_off() {
    for (status, calls_off, expected) in [
        (Status::Pending, false, &[Retry, Cancel][..]),
        (Status::Pending, true, &[Retry]),
        (Status::Confirmed, true, &[Retry]),
        (Status::Confirmed, false, &[Retry]),
    ] {
        let visit = visit(status, calls_off);
        assert_eq!(fits(None, &visit, Google::Unread), expected);
        let found = fitting(&Trouble {
            cause: None,
            appointment: &visit,
            google: None,
            former: None,
            sign_in: true,
        });
        assert_eq!(found.first(), Some(&Reconnect));
        assert_eq!(found.get(1..), Some(expected));
    }
}

#[test]
fn a_visit_that_stands_where_google_moved_it_can_still_be_put_back_to_its_booked_time() {
    let visit = visit(Status::Confirmed, false);
    let google = side(Google::Same);
    for (former, expected) in [
        (hours(8, 9), &[AdoptTimes, PutBack, Cancel, Ignore][..]),
        (hours(10, 11), &[AdoptTimes, Cancel, Ignore]),
    ] {
        let trouble = Trouble {
            cause: Some(Cause::MovedInGoogle),
            appointment: &visit,
            google: google.as_ref(),
            former: Some(former),
            sign_in: false,
        };
        assert_eq!(fitting(&trouble), expected);
        assert_eq!(trouble.booked_for(), former);
    }
}
