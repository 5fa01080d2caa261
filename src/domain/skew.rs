//! How far the desk's clock is from Google's. Who has a slot is decided by Google's clock alone; but what
//! "today" is, and what is over, a person reads from the desk's.

use super::time::Moment;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Clocks may differ by so many minutes before anybody is told.
const TOLERATED_MINUTES: i64 = 2;

/// A clock that is too far from Google's to go on in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skew {
    /// Whole minutes that the desk's clock is ahead of Google's; negative: behind.
    minutes: i64,
}

impl Skew {
    /// What a request says of the desk's clock: when it was sent and answered by that clock, and what
    /// the answer says the time was. None when they agree: Google's time lies between the two, give or
    /// take what is tolerated. A program that slept between them is therefore not taken for a wrong clock.
    pub fn measured(asked: Moment, answered: Moment, google: Moment) -> Option<Self> {
        let off = if google < asked {
            // Google says whole seconds only
            (asked - google - Duration::seconds(1)).max(Duration::zero())
        } else {
            (answered - google).min(Duration::zero())
        };
        let seconds = off.num_seconds();
        let minutes = (seconds.abs() + 30) / 60 * seconds.signum();
        (off.abs() > Duration::minutes(TOLERATED_MINUTES)).then_some(Self { minutes })
    }

    /// `3 min slow`, `1 day fast`.
    pub fn short(self) -> String {
        let way = if self.minutes > 0 { "fast" } else { "slow" };
        format!("{} {way}", self.length())
    }

    /// What is wrong, what it means, what to do.
    pub fn sentence(self) -> String {
        let way = if self.minutes > 0 {
            "ahead of"
        } else {
            "behind"
        };
        format!(
            "This computer's clock is {} {way} Google's: “today” and what is over are wrong here. Check \
             the date of every visit with the patient, and have the clock set right. No slot is sold twice \
             because of it.",
            self.length()
        )
    }

    fn length(self) -> String {
        let minutes = self.minutes.abs();
        let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
        let day = if days == 1 { "day" } else { "days" };
        match (days, hours, rest) {
            (0, 0, rest) => format!("{rest} min"),
            (0, hours, 0) => format!("{hours} h"),
            (0, hours, rest) => format!("{hours} h {rest} min"),
            (days, 0, _) => format!("{days} {day}"),
            (days, hours, _) => format!("{days} {day} {hours} h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(second: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn short(asked: i64, answered: i64, google: i64) -> Option<String> {
        Skew::measured(at(asked), at(answered), at(google)).map(Skew::short)
    }

    #[test]
    fn a_clock_is_told_of_only_when_it_is_more_than_two_minutes_off() {
        for google in [-120, -5, 0, 1, 121] {
            assert_eq!(short(0, 1, google), None, "{google}");
        }
        assert_eq!(short(0, 1, -122).unwrap(), "2 min fast");
        assert_eq!(short(0, 1, 122).unwrap(), "2 min slow");
        assert_eq!(short(0, 1, 86_400).unwrap(), "1 day slow");
        assert_eq!(short(0, 1, -86_400).unwrap(), "1 day fast");
        assert_eq!(short(0, 0, 3 * 86_400 + 7_200).unwrap(), "3 days 2 h slow");
        assert_eq!(short(0, 0, 3_600).unwrap(), "1 h slow");
        assert_eq!(short(0, 0, 3_900).unwrap(), "1 h 5 min slow");
    }

    #[test]
    fn a_program_that_slept_while_it_waited_has_no_wrong_clock() {
        assert_eq!(short(0, 7_200, 1), None);
        assert_eq!(short(0, 7_200, 7_199), None);
        assert_eq!(short(0, 7_200, 7_500).unwrap(), "5 min slow");
    }
}
