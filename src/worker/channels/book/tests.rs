//! Which channel is needed when, and who is believed.

use super::*;
use crate::port::channels::ChannelToken;
use chrono::DateTime;

fn at(second: i64) -> Moment {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn channel(id: &str, calendar: &str, resource: Option<&str>) -> WatchChannel {
    WatchChannel {
        id: id.into(),
        calendar: calendar.into(),
        listener: "127.0.0.1:8443".to_owned(),
        resource_id: resource.map(str::to_owned),
        token: ChannelToken::new(format!("token of {id}")).hash(),
        expires_at: at(1000),
    }
}

fn calendars(ids: &[&str]) -> BTreeSet<CalendarId> {
    ids.iter().map(|id| CalendarId::new(*id)).collect()
}

fn open(book: &mut Book, id: &str, calendar: &str, renew_at: i64) {
    book.asked(channel(id, calendar, None));
    book.opened(channel(id, calendar, Some("r")), at(renew_at), at(0));
}

#[test]
fn each_calendar_has_one_channel_which_is_replaced_in_time_and_then_stopped() {
    let wanted = calendars(&["a", "b"]);
    let mut book = Book::default();
    assert_eq!(book.to_open(&wanted, at(0)).len(), 2);
    open(&mut book, "a1", "a", 800);
    assert_eq!(book.to_open(&wanted, at(0)), ["b".into()]);
    open(&mut book, "b1", "b", 900);
    assert_eq!(book.to_open(&wanted, at(799)), []);
    assert_eq!(book.next(at(0)), Some(at(800)));
    assert_eq!(book.to_open(&wanted, at(800)), ["a".into()]);
    assert_eq!(book.to_stop(at(800)), [], "the old one serves until then");
    open(&mut book, "a2", "a", 1600);
    assert_eq!(book.to_open(&wanted, at(800)), []);
    assert_eq!(book.to_stop(at(800)), [("a1".into(), "r".to_owned())]);
    book.stop_later(&"a1".into(), |tries| at(801 + i64::from(tries)));
    assert_eq!(book.to_stop(at(800)), []);
    assert_eq!(book.to_stop(at(801)).len(), 1);
    book.stop_later(&"a1".into(), |tries| at(801 + i64::from(tries)));
    assert_eq!(book.to_stop(at(801)), []);
    book.forget(&"a1".into());
    assert_eq!(book.to_stop(at(900)), []);
    assert_eq!(book.ended(at(1000)).len(), 2);
}

#[test]
fn a_calendar_that_is_nobodys_any_more_loses_its_channel() {
    let mut book = Book::default();
    open(&mut book, "a1", "a", 800);
    open(&mut book, "b1", "b", 800);
    book.only(&calendars(&["b"]), at(5));
    assert_eq!(book.to_stop(at(5)), [("a1".into(), "r".to_owned())]);
    assert_eq!(book.to_stop_at_the_end().len(), 2);
}

#[test]
fn a_refused_calendar_is_left_alone_for_a_while_and_told_once() {
    let wanted = calendars(&["a"]);
    let mut book = Book::default();
    assert!(book.pause(&"a".into(), at(10), "not shared".to_owned()));
    assert!(!book.pause(&"a".into(), at(20), "not shared".to_owned()));
    assert!(book.pause(&"a".into(), at(30), "no answer".to_owned()));
    assert_eq!(book.tries(&"a".into()), 3);
    assert_eq!(book.to_open(&wanted, at(29)), []);
    assert_eq!(book.next(at(0)), Some(at(30)));
    assert_eq!(book.to_open(&wanted, at(30)).len(), 1);
    open(&mut book, "a1", "a", 800);
    assert_eq!(book.tries(&"a".into()), 0);
}

#[test]
fn a_channel_that_google_never_answered_for_is_stopped_by_the_name_its_successor_learns() {
    let mut book = Book::default();
    book.left(channel("a1", "a", None), at(0));
    book.left(channel("b1", "b", None), at(0));
    assert_eq!(book.to_stop(at(0)), []);
    open(&mut book, "a2", "a", 800);
    assert_eq!(book.to_stop(at(0)), [("a1".into(), "r".to_owned())]);
}

#[test]
fn only_who_knows_the_token_of_the_channel_speaks_for_google() {
    let mut book = Book::default();
    open(&mut book, "a1", "a", 800);
    open(&mut book, "b1", "b", 800);
    let hear = |id: &str, token: &str, state: &str| {
        book.hear(&id.into(), token.as_bytes(), state.as_bytes())
    };
    let changed = Heard::Changed("a".into());
    assert_eq!(hear("a1", "token of a1", "exists"), changed);
    assert_eq!(hear("a1", "token of a1", "not_exists"), changed);
    assert_eq!(hear("a1", "token of a1", "sync"), Heard::Opened);
    assert_eq!(hear("a1", "token of b1", "exists"), Heard::Stranger);
    assert_eq!(hear("a1", "", "exists"), Heard::Stranger);
    assert_eq!(hear("c1", "token of a1", "exists"), Heard::Stranger);
    // one that is being asked for, or replaced, is believed as well
    book.asked(channel("b2", "b", None));
    book.left(channel("a1", "a", Some("r")), at(0));
    let hear = |id: &str| book.hear(&id.into(), format!("token of {id}").as_bytes(), b"exists");
    assert_eq!(hear("b2"), Heard::Changed("b".into()));
    assert_eq!(hear("a1"), changed);
}
