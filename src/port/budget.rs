//! The requests that were made to Google, counted for all programs on one database together.

use super::store::StoreError;
use crate::domain::time::Moment;

/// Reading.
pub trait BudgetRecords {
    /// Requests within the last sixty seconds: those of this minute of the clock, and of those of the
    /// minute before as large a share as still lies within the sixty seconds, rounded up.
    fn requests_in_last_minute(&self, now: Moment) -> Result<u32, StoreError>;
}

/// Writing.
pub trait BudgetStore: BudgetRecords {
    /// Counts requests that were begun by now. Counts older than a day go.
    fn count_requests(&mut self, now: Moment, new: u64) -> Result<(), StoreError>;
}
