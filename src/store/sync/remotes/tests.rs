use super::*;
use crate::domain::blocks::Reason;
use crate::store::tests::{Clinic, at};

#[test]
fn the_events_of_a_stretch_are_read_with_all_that_is_known_of_them() {
    let clinic = Clinic::empty();
    let seconds = |minute: i64| at(minute).timestamp();
    let put = |calendar: &str,
               id: &str,
               from: i64,
               to: i64,
               reason: Option<&str>,
               whose: Option<&str>| {
        clinic
            .db
            .conn
            .execute(
                "INSERT INTO calendar_events VALUES (?1, ?2, '\"7\"', ?3, ?4, 0, ?5, 'title', ?6, ?7)",
                params![calendar, id, seconds(from), seconds(to), reason, seconds(-9), whose],
            )
            .unwrap();
    };
    put("cal", "long", -9_000, 9_000, Some("out_of_office"), None);
    put("cal", "before", 0, 10, Some("private"), None);
    put("cal", "visit", 20, 40, Some("visit"), Some("a1"));
    put("cal", "after", 50, 60, Some("private"), None);
    put("cal", "free", 5, 11, None, None);
    put("other", "theirs", 20, 40, Some("all_day"), None);
    let within = |calendars: &[CalendarId]| {
        let stretch = Interval::new(at(10), at(50)).unwrap();
        super::within(&clinic.db.conn, calendars, stretch).unwrap()
    };
    let found = within(&["other".into(), "cal".into(), "cal".into()]);
    let ids: Vec<&str> = found.iter().map(|remote| remote.event.as_str()).collect();
    assert_eq!(ids, ["theirs", "long", "free", "visit"]);
    assert_eq!(
        found[3],
        Remote {
            calendar: "cal".into(),
            event: "visit".into(),
            etag: Some("\"7\"".into()),
            time: Interval::new(at(20), at(40)).unwrap(),
            all_day: false,
            reason: Some(Reason::Visit),
            title: "title".to_owned(),
            updated: Some(at(-9)),
            appointment: Some("a1".into()),
        }
    );
    assert_eq!(within(&[]), []);
}
