//! When the lines to Google open, for how long, and who gets through.

use super::*;
use chrono::DateTime;
use proptest::prelude::*;

const NONE: Duration = Duration::ZERO;

fn at(millis: i64) -> Moment {
    DateTime::from_timestamp_millis(1_800_000_000_000 + millis).unwrap()
}

fn calendar(name: &str) -> Vec<CalendarId> {
    vec![CalendarId::from(name)]
}

fn several() -> Vec<CalendarId> {
    vec!["chen".into(), "okafor".into()]
}

/// Three calls about Chen's calendar that nobody answered, the last at 2 s.
fn silent() -> Circuit {
    let mut circuit = Circuit::default();
    for second in 0..3 {
        assert_eq!(
            circuit.may_ask(&calendar("chen"), at(second * 1000)),
            Ok(())
        );
        circuit.failed(
            &calendar("chen"),
            Silence::NoAnswer,
            at(second * 1000),
            NONE,
        );
    }
    circuit
}

#[test]
fn three_calls_in_a_row_without_an_answer_open_the_line_of_their_calendar_only() {
    let mut circuit = silent();
    let held = circuit.may_ask(&calendar("chen"), at(2500)).unwrap_err();
    assert_eq!(held.until, at(3000));
    assert_eq!(
        held.words(at(2500)),
        "Google has not answered for 2 s, and is asked again in 1 s"
    );
    assert_eq!(circuit.may_ask(&calendar("okafor"), at(2500)), Ok(()));
    assert_eq!(circuit.may_ask(&several(), at(2500)), Ok(()));
}

#[test]
fn then_one_try_goes_through_and_its_answer_decides() {
    let mut circuit = silent();
    let chen = calendar("chen");
    assert_eq!(circuit.may_ask(&chen, at(3000)), Ok(()));
    let waits = circuit.may_ask(&chen, at(3001)).unwrap_err();
    assert_eq!(waits.until, at(5001), "the others look again soon");
    // its repeats fail too, and count once
    circuit.failed(&chen, Silence::NoAnswer, at(4000), NONE);
    circuit.failed(&chen, Silence::NoAnswer, at(4300), NONE);
    assert_eq!(
        circuit.may_ask(&chen, at(5900)).unwrap_err().until,
        at(6000)
    );
    assert_eq!(circuit.may_ask(&chen, at(6000)), Ok(()));
    circuit.answered(&chen);
    for _ in 0..3 {
        assert_eq!(circuit.may_ask(&chen, at(6001)), Ok(()));
    }
}

#[test]
fn a_try_that_never_ends_is_not_waited_for() {
    let mut circuit = silent();
    let chen = calendar("chen");
    assert_eq!(circuit.may_ask(&chen, at(3000)), Ok(()));
    assert!(circuit.may_ask(&chen, at(32_999)).is_err());
    assert_eq!(circuit.may_ask(&chen, at(33_000)), Ok(()));
}

#[test]
fn it_stays_open_twice_as_long_each_time_and_never_more_than_32_seconds() {
    let mut circuit = silent();
    let (chen, mut now) = (calendar("chen"), at(2500));
    let mut waits = Vec::new();
    for _ in 0..8 {
        let until = circuit.may_ask(&chen, now).unwrap_err().until;
        assert_eq!(circuit.may_ask(&chen, until), Ok(()));
        circuit.failed(&chen, Silence::NoAnswer, until, Duration::from_millis(700));
        now = until;
        let next = circuit.may_ask(&chen, now).unwrap_err().until;
        waits.push((next - now).num_milliseconds());
    }
    assert_eq!(
        waits,
        [2700, 4700, 8700, 16_700, 32_000, 32_000, 32_000, 32_000]
    );
}

#[test]
fn a_pause_that_google_asks_for_opens_it_at_once_and_for_as_long_as_it_says() {
    let chen = calendar("chen");
    for (asked, wait) in [
        (None, 1000),
        (Some(120), 120_000),
        (Some(90_000), 1_800_000),
    ] {
        let mut circuit = Circuit::default();
        let silence = Silence::Pause(asked.map(Duration::from_secs));
        circuit.failed(&chen, silence, at(0), NONE);
        let held = circuit.may_ask(&chen, at(0)).unwrap_err();
        assert_eq!(held.until, at(wait));
        assert!(held.words(at(0)).contains("asked the desk for a pause"));
    }
}

#[test]
fn the_account_is_in_trouble_when_several_calendars_are() {
    let mut circuit = silent();
    circuit.failed(&calendar("okafor"), Silence::NoAnswer, at(2600), NONE);
    let other = circuit.may_ask(&calendar("novak"), at(2700)).unwrap_err();
    assert_eq!(other.until, at(3600));
    assert!(circuit.may_ask(&several(), at(2700)).is_err());
    // one answer about any of them, and the account is well
    circuit.answered(&calendar("novak"));
    assert_eq!(circuit.may_ask(&several(), at(2700)), Ok(()));
    assert!(circuit.may_ask(&calendar("chen"), at(2700)).is_err());

    let mut circuit = Circuit::default();
    for _ in 0..3 {
        circuit.failed(&several(), Silence::NoAnswer, at(0), NONE);
    }
    assert!(circuit.may_ask(&calendar("novak"), at(500)).is_err());
}

#[test]
fn what_google_says_itself_is_an_answer() {
    let errors = [
        CalendarError::NotFound,
        CalendarError::Gone,
        CalendarError::Stale,
        CalendarError::Forbidden("not shared".to_owned()),
        CalendarError::SignIn("expired".to_owned()),
    ];
    assert!(errors.iter().all(|error| Silence::of(error).is_none()));
}

#[test]
fn a_clock_that_was_set_back_keeps_nobody_waiting() {
    let mut circuit = silent();
    assert_eq!(circuit.may_ask(&calendar("chen"), at(-7_200_000)), Ok(()));
}

/// What happens to the lines, in any order.
#[derive(Clone, Debug)]
enum Event {
    Asked(usize),
    Answered(usize),
    Failed(usize, Option<u64>, bool),
    Passed(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..4usize).prop_map(Event::Asked),
        1 => (0..4usize).prop_map(Event::Answered),
        4 => (0..4usize, proptest::option::of(0..4000u64), any::<bool>())
            .prop_map(|(who, after, pause)| Event::Failed(who, after, pause)),
        3 => (1..40_000u64).prop_map(Event::Passed),
    ]
}

/// Three single calendars, and a question about two.
fn who(number: usize) -> Vec<CalendarId> {
    match number {
        0 => calendar("chen"),
        1 => calendar("okafor"),
        2 => calendar("novak"),
        _ => several(),
    }
}

proptest! {
    #[test]
    fn nobody_waits_longer_than_allowed_and_an_answer_frees(events in prop::collection::vec(event(), 0..80)) {
        let (mut circuit, mut now) = (Circuit::default(), at(0));
        let (mut singles, mut several) = (BTreeSet::new(), false);
        let (mut longest, mut failures) = (Duration::from_secs(32), 0);
        for event in events {
            match event {
                Event::Passed(millis) => now += Duration::from_millis(millis),
                Event::Answered(number) => {
                    circuit.answered(&who(number));
                    (singles, several, failures) = (BTreeSet::new(), false, 0);
                    prop_assert_eq!(circuit.may_ask(&who(number), now), Ok(()));
                }
                Event::Failed(number, after, pause) => {
                    let silence = if pause {
                        let after = after.map(Duration::from_secs);
                        longest = longest.max(after.unwrap_or_default().min(MOST_PAUSE));
                        failures = IN_A_ROW;
                        Silence::Pause(after)
                    } else {
                        failures += 1;
                        Silence::NoAnswer
                    };
                    circuit.failed(&who(number), silence, now, Duration::from_millis(500));
                    if number == 3 { several = true } else { singles.insert(number); }
                }
                Event::Asked(number) => {
                    let asked = circuit.may_ask(&who(number), now);
                    if let Err(held) = asked {
                        prop_assert!(held.until > now);
                        prop_assert!(held.wait(now) <= longest);
                        // once that is over, somebody gets through
                        let mut later = circuit.clone();
                        let then = now + Duration::from_mins(31);
                        prop_assert_eq!(later.may_ask(&who(number), then), Ok(()));
                        // held by the account: not for the sake of one calendar
                        if number == 3 {
                            prop_assert!(several || singles.len() > 1);
                            prop_assert!(failures >= IN_A_ROW);
                        }
                    }
                }
            }
        }
    }
}
