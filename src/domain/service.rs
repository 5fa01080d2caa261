//! What a visit is for, how long it takes, and the time kept free around it.

use super::id::ServiceId;
use super::time::Interval;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest buffer. A constant of the protocol, equal at every desk: listings are widened by it.
pub const MOST_BUFFER_MINUTES: u16 = 120;
/// The longest visit.
pub const MOST_VISIT_MINUTES: u32 = 24 * 60;

/// Minutes kept free before and after a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Buffers {
    before: u16,
    after: u16,
}

/// A buffer longer than the protocol can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a buffer of {0} minutes is too long: at most {MOST_BUFFER_MINUTES} are possible")]
pub struct BufferTooLong(pub u32);

impl Buffers {
    /// None at all.
    pub const NONE: Self = Self {
        before: 0,
        after: 0,
    };

    /// Buffers of at most 120 minutes each.
    pub fn new(before: u32, after: u32) -> Result<Self, BufferTooLong> {
        let minutes = |m: u32| match u16::try_from(m) {
            Ok(short) if short <= MOST_BUFFER_MINUTES => Ok(short),
            _ => Err(BufferTooLong(m)),
        };
        Ok(Self {
            before: minutes(before)?,
            after: minutes(after)?,
        })
    }

    /// Minutes before the visit.
    pub fn before(self) -> u16 {
        self.before
    }

    /// Minutes after it.
    pub fn after(self) -> u16 {
        self.after
    }

    /// The blocked interval of a visit: the visit and its buffers.
    pub fn around(self, visit: Interval) -> Interval {
        let minutes = |m: u16| Duration::minutes(i64::from(m));
        visit.widened(minutes(self.before), minutes(self.after))
    }
}

/// Two visits conflict when one's visit meets the other's blocked interval.
pub fn conflict(
    visit: Interval,
    buffers: Buffers,
    other: Interval,
    other_buffers: Buffers,
) -> bool {
    visit.meets(&other_buffers.around(other)) || other.meets(&buffers.around(visit))
}

/// A service of the clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its identity.
    pub service_id: ServiceId,
    /// What people call it.
    pub service_name: String,
    /// How long a visit takes.
    pub minutes: u32,
    /// What is kept free around it.
    pub buffers: Buffers,
    /// Whether it can be booked.
    pub active: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_visit_in_anothers_buffer_conflicts_and_two_buffers_alone_do_not() {
        let at = |m: i64| DateTime::from_timestamp(1_800_000_000 + m * 60, 0).unwrap();
        let visit = |m| Interval::lasting(at(m), 30);
        let ten = Buffers::new(10, 10).unwrap();
        assert!(conflict(visit(0), ten, visit(35), Buffers::NONE));
        assert!(conflict(visit(35), Buffers::NONE, visit(0), ten));
        // 15 minutes between two visits that each keep 10: the buffers meet, the visits do not
        assert!(!conflict(visit(0), ten, visit(45), ten));
        assert!(Buffers::new(121, 0).is_err());
    }
}
