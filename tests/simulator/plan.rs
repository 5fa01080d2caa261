//! What a seed stands for: how many desks on how many databases, how bad the network is, who else edits
//! the calendar.

use super::random::Random;
use frontdesk::flow::booking::Protocol;
use std::ops::Range;

/// A clinic and its bad day.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Desks on each database.
    pub desks: Vec<u64>,
    /// What keeps them apart.
    pub protocol: Protocol,
    /// How far the clock of each database's machine is off, in seconds.
    pub skews: Vec<i64>,
    /// Calendars, one a doctor.
    pub doctors: u64,
    /// People at each desk who act at the same time.
    pub users: u64,
    /// Acts of each of them.
    pub acts: u64,
    /// Longest pause between two acts of somebody, in milliseconds.
    pub pace: u64,
    /// Starts that are asked for, ten minutes apart.
    pub starts: u64,
    /// 429 and 5xx in a thousand requests.
    pub refused: u64,
    /// Lost or late in a thousand requests.
    pub lost: u64,
    /// Confirmations in a thousand that land when the desk has stopped listening.
    pub late_confirms: u64,
    /// Crashes in a thousand steps.
    pub crashes: u64,
    /// Steps in a thousand before which a desk sleeps for minutes, as a closed laptop does.
    pub sleeps: u64,
    /// Edits of people in Google.
    pub edits: u64,
    /// Whether Google strips tombstones to their id.
    pub bare_tombstones: bool,
    /// Lists and free/busy may be up to so many seconds old.
    pub lag: u64,
    /// From when to when nobody is answered, in seconds from the beginning.
    pub outage: Option<Range<u64>>,
}

impl Plan {
    /// The plan of a seed, with listings that are up to date.
    pub fn of(seed: u64) -> Self {
        let mut random = Random::new(seed, "plan");
        let (desks, protocol): (Vec<u64>, _) = match random.below(10) {
            0..=3 => (vec![1, 1], Protocol::Full),
            4 => (vec![1, 1, 1], Protocol::Full),
            5 => (vec![2, 1], Protocol::Full),
            6 => (vec![2], Protocol::Full),
            7 => (vec![3], Protocol::SharedDatabase),
            _ => (vec![2], Protocol::SharedDatabase),
        };
        let skews = desks
            .iter()
            .map(|_| match random.below(8) {
                0 => 86_400,
                1 => -86_400,
                _ => i64::try_from(random.below(240)).unwrap_or(0) - 120,
            })
            .collect();
        let usual = Self {
            desks,
            protocol,
            skews,
            doctors: random.between(1, 2),
            users: random.between(1, 2),
            acts: random.between(2, 6),
            pace: random.pick(&[500, 3_000, 20_000]).unwrap_or(500),
            starts: random.between(2, 9),
            refused: if random.chance(200) { 150 } else { 50 },
            lost: if random.chance(300) { 60 } else { 10 },
            late_confirms: 0,
            crashes: if random.chance(200) { 60 } else { 20 },
            sleeps: if random.chance(250) { 10 } else { 0 },
            edits: if random.chance(500) {
                random.between(1, 9)
            } else {
                0
            },
            bare_tombstones: random.chance(500),
            lag: 0,
            outage: outage(seed),
        };
        match random.below(8) {
            // one slot, and hardly a request that is answered
            0 => Self {
                doctors: 1,
                starts: 2,
                lost: 100,
                late_confirms: 400,
                edits: random.between(2, 8),
                ..usual
            },
            // laptops that are closed and opened again
            1 => Self {
                doctors: 1,
                starts: 3,
                users: 2,
                pace: 20_000,
                crashes: 5,
                sleeps: 60,
                edits: random.between(0, 1),
                ..usual
            },
            _ => usual,
        }
    }

    /// One desk on one database; while there are faults, nobody answers.
    pub fn calm() -> Self {
        Self {
            desks: vec![1],
            protocol: Protocol::Full,
            skews: vec![0],
            doctors: 1,
            users: 1,
            acts: 0,
            pace: 0,
            starts: 1,
            refused: 1000,
            lost: 0,
            late_confirms: 0,
            crashes: 0,
            sleeps: 0,
            edits: 0,
            bare_tombstones: false,
            lag: 0,
            outage: None,
        }
    }

    /// The same seed where listings lag behind writes: Google promises nothing.
    pub fn with_lag(seed: u64) -> Self {
        Self {
            lag: Random::new(seed, "lag").between(1, 8),
            ..Self::of(seed)
        }
    }
}

/// On one day in three the network is down for some minutes.
fn outage(seed: u64) -> Option<Range<u64>> {
    let mut random = Random::new(seed, "outage");
    let from = random.between(0, 60);
    random
        .chance(333)
        .then(|| from..from + random.between(60, 900))
}
