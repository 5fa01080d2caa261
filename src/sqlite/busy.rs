//! Waiting for another program's write.
//!
//! `SQLite`'s own waiting asks ever more seldom, up to 100 ms apart. Under a steady load whoever has waited
//! longest is then passed by all who have just come: with eight programs that book without a pause, single
//! writes of a third of a millisecond waited for up to 4.3 of the 5 seconds after which they are turned away.
//! So whoever has waited long asks often.
//!
//! Only then: while everybody asks often, some reader is always looking at the write-ahead log, which
//! therefore never begins anew; it grew to hundreds of MiB, and all became slow.

use std::cell::Cell;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::BUSY_TIMEOUT;

/// The pauses between the first tries, in milliseconds; the last one stays. They are `SQLite`'s own.
const PAUSES: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];
/// Who has waited so long asks often.
const LONG: Duration = Duration::from_millis(750);
/// The shortest pause then, in microseconds.
const SHORTEST: u64 = 500;
/// What chance adds at most, in microseconds: two that wait must not go on asking in step.
const JITTER: u64 = 1_500;

thread_local! {
    /// Since when this thread waits.
    static SINCE: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Where its sequence of chances stands.
    static CHANCE: Cell<u64> = Cell::new(RandomState::new().build_hasher().finish());
}

/// Makes the connection wait for other programs, for [`BUSY_TIMEOUT`] at most.
pub fn wait_for_others(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_handler(Some(wait))
}

/// `SQLite` asks: the lock was not to be had for the `tries`th time (from 0), shall it try again?
fn wait(tries: i32) -> bool {
    let now = Instant::now();
    let since = match SINCE.get() {
        Some(since) if tries > 0 => since,
        _ => {
            SINCE.set(Some(now));
            now
        }
    };
    let waited = now.duration_since(since);
    let Some(left) = BUSY_TIMEOUT.checked_sub(waited) else {
        return false;
    };
    thread::sleep(pause(tries, waited, chance()).min(left));
    true
}

fn pause(tries: i32, waited: Duration, chance: u64) -> Duration {
    if waited >= LONG {
        return Duration::from_micros(SHORTEST + chance % (JITTER + 1));
    }
    let tries = usize::try_from(tries).unwrap_or_default();
    let last = PAUSES.last().copied().unwrap_or_default();
    Duration::from_millis(PAUSES.get(tries).copied().unwrap_or(last))
}

/// The next chance (splitmix64).
fn chance() -> u64 {
    let state = CHANCE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    CHANCE.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{Access, open};
    use rusqlite::ErrorCode;

    #[test]
    fn whoever_has_waited_long_asks_often() {
        let early: Vec<u128> = (0..13)
            .map(|tries| pause(tries, Duration::ZERO, 7).as_millis())
            .collect();
        assert_eq!(early, [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100, 100]);
        let late: Vec<u128> = (0..100)
            .map(|_| pause(50, LONG, chance()).as_micros())
            .collect();
        assert!(late.iter().all(|p| (500..=2_000).contains(p)), "{late:?}");
        assert!(late.iter().any(|p| *p != late[0]), "chance keeps two apart");
    }

    #[test]
    fn a_wait_has_an_end_and_the_next_one_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let holder = open(&path, Access::ReadWrite).unwrap();
        let waiter = open(&path, Access::ReadWrite).unwrap();
        holder.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..2 {
            let started = Instant::now();
            let turned_away = waiter.execute_batch("BEGIN IMMEDIATE").unwrap_err();
            let took = started.elapsed();
            let code = turned_away.sqlite_error_code();
            assert_eq!(code, Some(ErrorCode::DatabaseBusy));
            assert!(took >= BUSY_TIMEOUT, "{took:?}");
        }
        holder.execute_batch("COMMIT").unwrap();
        waiter.execute_batch("BEGIN IMMEDIATE; COMMIT").unwrap();
    }
}
