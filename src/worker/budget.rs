//! How many requests the clinic may still make this minute. What was begun is counted in the database, for
//! all programs on it together.

use super::engine::{Engine, system};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::notices::{News, NoticeKind};
use crate::port::query::Requests;
use crate::port::store::{Store, StoreError};
use std::sync::atomic::Ordering;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Counts what was begun since the last time. A count that cannot be written is made up for the next
    /// time: nothing that a person waits for depends on it.
    pub async fn count_requests(&self) {
        let begun = self.inner.calendar.requests();
        let before = self.inner.counted.fetch_max(begun, Ordering::Relaxed);
        let new = begun.saturating_sub(before);
        if new == 0 {
            return;
        }
        let (stamp, most) = (self.stamp(&system()), self.settings().requests_per_minute);
        let counted = self
            .store(move |store| {
                let used = |store: &S| store.requests_in_last_minute(stamp.now);
                let before = used(store)?;
                store.count_requests(stamp.now, new)?;
                // what is counted stays so, also where nobody can be told
                let now = used(store).unwrap_or(before);
                let nearly = |used| Requests { used, most }.nearly_used();
                if nearly(now)
                    && !nearly(before)
                    && let Err(error) = store.tell_news(&stamp, &nearly_used(most))
                {
                    tracing::warn!(%error, "that the budget is nearly used up could not be told");
                }
                Ok(())
            })
            .await;
        if let Err(error) = counted {
            self.inner.counted.fetch_sub(new, Ordering::Relaxed);
            tracing::warn!(%error, "requests could not be counted");
        }
    }

    /// How many requests are left of the clinic's budget for a minute. What goes on by itself stops at
    /// none; what a person asks for goes ahead in any case.
    pub async fn budget_left(&self) -> Result<u32, StoreError> {
        self.count_requests().await;
        let now = self.now();
        let used = self
            .store(move |store| store.requests_in_last_minute(now))
            .await?;
        Ok(self.settings().requests_per_minute.saturating_sub(used))
    }
}

/// In the same words each time: what nobody has read yet is told once.
fn nearly_used(most: u32) -> News {
    News {
        kind: NoticeKind::QuotaNearlyUsed,
        sentence: format!(
            "The desks have made more than four fifths of the {most} requests to Google that the clinic's \
             configuration allows in a minute. Once all are made, calendars are not read until the minute is \
             over; what people ask for goes ahead."
        ),
        doctor: None,
        calendar: None,
    }
}
