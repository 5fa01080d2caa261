//! Requests to Google by minute. There is one account so far, the one without a name.

use super::column::seconds;
use super::database::Database;
use crate::domain::time::Moment;
use crate::port::budget::{BudgetRecords, BudgetStore};
use crate::port::store::StoreError;
use rusqlite::params;

/// Minutes for which counts are kept.
const KEPT: i64 = 24 * 60;

impl BudgetRecords for Database {
    fn requests_in_last_minute(&self, now: Moment) -> Result<u32, StoreError> {
        let now = seconds(now);
        let (minute, into) = (now.div_euclid(60), now.rem_euclid(60));
        let mut rows = self.conn.prepare_cached(
            "SELECT coalesce(sum(CASE minute WHEN ?1 THEN used
                                 ELSE (used * (60 - ?2) + 59) / 60 END), 0)
             FROM requests WHERE account = '' AND minute IN (?1, ?1 - 1)",
        )?;
        let used: i64 = rows.query_row(params![minute, into], |row| row.get(0))?;
        Ok(u32::try_from(used).unwrap_or(u32::MAX))
    }
}

impl BudgetStore for Database {
    fn count_requests(&mut self, now: Moment, new: u64) -> Result<(), StoreError> {
        let minute = seconds(now).div_euclid(60);
        // so many are never made; the sum of a minute stays far from the end of the numbers
        let new = new.min(u64::from(u32::MAX));
        self.transaction(|tx| {
            // what lies ahead was counted by a clock that has been set back since
            tx.prepare_cached("DELETE FROM requests WHERE minute < ?1 - ?2 OR minute > ?1 + 1")?
                .execute([minute, KEPT])?;
            tx.prepare_cached(
                "INSERT INTO requests (account, minute, used) VALUES ('', ?1, ?2)
                 ON CONFLICT (account, minute) DO UPDATE SET used = used + excluded.used",
            )?
            .execute(params![minute, i64::try_from(new).unwrap_or(i64::MAX)])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Duration};

    /// Seconds from the beginning of a minute on.
    fn at(second: i64) -> Moment {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap() + Duration::seconds(second)
    }

    fn used(database: &Database, second: i64) -> u32 {
        database.requests_in_last_minute(at(second)).unwrap()
    }

    #[test]
    fn the_last_minute_slides() {
        assert_eq!(at(0).timestamp() % 60, 0);
        let mut database = Database::in_memory().unwrap();
        assert_eq!(used(&database, 0), 0);
        database.count_requests(at(5), 40).unwrap();
        database.count_requests(at(50), 20).unwrap();
        assert_eq!(used(&database, 59), 60);
        database.count_requests(at(60), 7).unwrap();
        assert_eq!(used(&database, 60), 67);
        assert_eq!(used(&database, 75), 7 + 45);
        assert_eq!(used(&database, 119), 7 + 1, "a part counts as one");
        assert_eq!(used(&database, 180), 0);
    }

    #[test]
    fn counts_go_after_a_day_and_when_the_clock_was_set_back() {
        let mut database = Database::in_memory().unwrap();
        let rows = |database: &Database| -> Vec<i64> {
            let mut rows = database
                .conn
                .prepare("SELECT used FROM requests ORDER BY minute")
                .unwrap();
            let rows = rows.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        database.count_requests(at(0), 1).unwrap();
        database.count_requests(at(24 * 3600), 2).unwrap();
        assert_eq!(rows(&database), [1, 2]);
        database.count_requests(at(24 * 3600 + 60), 3).unwrap();
        assert_eq!(rows(&database), [2, 3]);
        database.count_requests(at(22 * 3600), 4).unwrap();
        assert_eq!(rows(&database), [4]);
        assert_eq!(used(&database, 22 * 3600), 4);
    }
}
