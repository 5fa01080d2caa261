//! Where the two sides are the same, and where not.

use super::*;
use crate::flow::repair::tests::Google;
use crate::flow::repair::tests::{at, side, visit};

/// The labels of the lines that are marked.
fn marked(google: Google) -> Vec<&'static str> {
    lines(google)
        .into_iter()
        .filter(|line| line.differs)
        .map(|line| line.label)
        .collect()
}

fn lines(google: Google) -> Vec<Line> {
    let visit = visit(Status::Confirmed, false);
    let google = side(google);
    sides(&Sides {
        appointment: &visit,
        google: google.as_ref(),
        title: "Ana",
        zone: chrono_tz::Europe::Berlin,
        today: at(0).date_naive(),
    })
}

#[test]
fn only_what_is_not_the_same_is_marked() {
    for (google, expected) in [
        (Google::Same, &["Version"][..]),
        (Google::Elsewhere, &["Time", "Version"]),
        (Google::WholeDays, &["Time", "Version"]),
        (Google::Strange, &["Time", "Status", "Version"]),
        (Google::Gone, &["Status"]),
        (Google::Unread, &[]),
    ] {
        assert_eq!(marked(google), expected, "{google:?}");
    }
}

#[test]
fn times_are_said_in_the_zone_and_what_is_not_there_is_said_in_words() {
    let told = |google: Google, label: &str| {
        let line = lines(google).into_iter().find(|line| line.label == label);
        line.map(|line| (line.here, line.google)).unwrap()
    };
    let pair = |here: &str, google: &str| (here.to_owned(), google.to_owned());
    assert_eq!(
        told(Google::Elsewhere, "Time"),
        pair("11:00–12:00", "17:00–18:00")
    );
    assert_eq!(
        told(Google::WholeDays, "Time"),
        pair("11:00–12:00", "all day")
    );
    assert_eq!(
        told(Google::Gone, "Status"),
        pair("confirmed", "not in Google's calendar")
    );
    assert_eq!(
        told(Google::Unread, "Status"),
        pair("confirmed", "not read yet")
    );
    assert_eq!(told(Google::Same, "Version"), pair("1", "2"));
}
