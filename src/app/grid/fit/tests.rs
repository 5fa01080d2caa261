use super::*;
use crate::domain::appointment::{Source, Status, SyncState};
use chrono::{DateTime, NaiveDate};

fn at(minute: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn span(start: i64, end: i64) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

fn visit(id: &str, start: i64, end: i64, buffers: Buffers) -> Appointment {
    Appointment {
        appointment_id: id.into(),
        customer_id: "c".into(),
        customer_name: id.to_owned(),
        doctor_id: "d".into(),
        doctor_name: "Dr Chen".to_owned(),
        google_calendar_id: "d@example.com".into(),
        google_event_id: None,
        etag: None,
        service_id: None,
        service_name: String::new(),
        visit: span(start, end),
        buffers,
        zone: chrono_tz::Europe::Berlin,
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

fn sheet(visits: Vec<Appointment>, reading: Reading) -> Sheet {
    Sheet {
        doctor_id: "d".into(),
        date: NaiveDate::from_ymd_opt(2027, 1, 15).unwrap(),
        reading,
        open: vec![span(0, 240)],
        busy: vec![span(60, 90)],
        visits,
        events: vec![],
        held: vec![],
    }
}

fn live(visits: Vec<Appointment>) -> Sheet {
    sheet(visits, Reading::Live { at: at(0) })
}

#[test]
fn a_visit_may_overlap_its_own_present_time_and_nothing_else() {
    let moved = visit("moved", 120, 150, Buffers::NONE);
    let other = visit("other", 180, 200, Buffers::NONE);
    let day = live(vec![moved.clone(), other.clone()]);
    let fit = |start| fit(&[&day], Some(&day), &moved, at(start), at(10));
    assert_eq!(fit(135), Fit::Fits);
    assert_eq!(fit(105), Fit::Fits);
    assert_eq!(fit(120), Fit::Same);
    assert_eq!(fit(165), Fit::Visit(&other));
    assert_eq!(fit(45), Fit::Taken(span(60, 90)));
    assert_eq!(fit(5), Fit::Past);
    assert_eq!(fit(215), Fit::Outside);
}

#[test]
fn the_buffers_of_either_visit_keep_the_other_away() {
    let ten = Buffers::new(10, 10).unwrap();
    let moved = visit("moved", 120, 150, ten);
    let plain = visit("plain", 200, 210, Buffers::NONE);
    let day = live(vec![moved.clone(), plain.clone()]);
    let judge = |start| fit(&[&day], Some(&day), &moved, at(start), at(0));
    assert_eq!(judge(165), Fit::Near(&plain));
    assert_eq!(judge(160), Fit::Fits);
    // its buffer, and not only the visit itself, must lie clear of what the calendar says is taken
    assert_eq!(judge(95), Fit::Taken(span(60, 90)));
    assert_eq!(judge(100), Fit::Fits);
    let day = live(vec![plain.clone(), moved.clone()]);
    assert_eq!(
        fit(&[&day], Some(&day), &plain, at(155), at(0)),
        Fit::Near(&moved)
    );
}

#[test]
fn an_unread_calendar_is_never_said_to_fit() {
    let moved = visit("moved", 120, 150, Buffers::NONE);
    let day = sheet(vec![moved.clone()], Reading::Unknown { error: None });
    let judged = fit(&[&day], Some(&day), &moved, at(160), at(0));
    assert_eq!(judged, Fit::Unknown);
    assert_eq!(fit(&[], None, &moved, at(160), at(0)), Fit::Loading);
    assert_eq!(first_fitting(&[&day], &moved, 15, at(0)), None);
}

#[test]
fn the_first_time_that_fits_may_overlap_the_visit_itself_but_is_never_where_it_stands() {
    let moved = visit("moved", 90, 150, Buffers::NONE);
    let day = live(vec![moved.clone()]);
    let first = |from| first_fitting(&[&day], &moved, 15, at(from));
    assert_eq!(first(0), Some(at(0)));
    assert_eq!(first(1), Some(at(105)));
    assert_eq!(first(181), None);
}
