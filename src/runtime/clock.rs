//! The machine's clock and randomness: the only place where either comes in.

use crate::domain::time::Moment;
use crate::port::clock::{Clock, Ids};
use std::time::Duration;
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place where time comes in"
    )]
    fn now(&self) -> Moment {
        chrono::Utc::now()
    }
}

/// Random identities.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn jitter(&self, most: Duration) -> Duration {
        // 32 random bits of a UUID are plenty for a pause.
        let share = f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
        most.mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_its_bound_and_differs() {
        let most = Duration::from_secs(1);
        let all: Vec<Duration> = (0..50).map(|_| RandomIds.jitter(most)).collect();
        assert!(all.iter().all(|j| *j <= most));
        assert!(all.windows(2).any(|w| w[0] != w[1]));
    }
}
