//! Reads calendars into the mirror: one free/busy request for up to 50 of them.

use super::drive::unreadable_words;
use super::engine::Engine;
use crate::domain::doctor::Doctor;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::time::{Interval, days};
use crate::port::calendar::{BusyAnswer, Calendar, CalendarError, MOST_CALENDARS};
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Outcome, Refusal};
use crate::port::store::{CalendarRead, Store, StoreError};
use chrono::Duration;

/// Google refuses longer windows (`timeRangeTooLong`); kept well below.
const MOST_DAYS: i64 = 30;

/// What a read of calendars came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// How many calendars answered.
    pub live: usize,
    /// Which could not be read, and why, in words.
    pub unknown: Vec<(CalendarId, String)>,
    /// Whether anything but the time of reading changed.
    pub changed: bool,
    /// Set when Google itself did not answer.
    pub silence: Option<CalendarError>,
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Reads the free/busy of these calendars over the window and stores it. Errors of Google's are part
    /// of the result: what was known then grows stale.
    pub async fn read_calendars(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> Result<Reads, StoreError> {
        let mut unique = calendars.to_vec();
        unique.sort_unstable();
        unique.dedup();
        let mut reads = Reads::default();
        for piece in pieces(window) {
            for some in unique.chunks(MOST_CALENDARS) {
                self.read_some(some, piece, &mut reads).await?;
            }
        }
        Ok(reads)
    }

    async fn read_some(
        &self,
        calendars: &[CalendarId],
        window: Interval,
        reads: &mut Reads,
    ) -> Result<(), StoreError> {
        let asked = self.now();
        let answer = self.inner.calendar.free_busy(calendars, window).await;
        self.heard(calendars, answer.as_ref().err());
        let rows = match answer {
            Ok(answer) => {
                self.compare_clocks(asked, answer.server_time);
                let rows = answer.value.into_iter();
                rows.map(|(id, busy)| row(id, busy, reads)).collect()
            }
            Err(error) => {
                let row = |id: &CalendarId| {
                    reads.unknown.push((id.clone(), error.to_string()));
                    CalendarRead {
                        calendar: id.clone(),
                        result: Err((error.to_string(), false)),
                    }
                };
                let rows = calendars.iter().map(row).collect();
                reads.silence = Some(error.clone());
                rows
            }
        };
        let now = self.now();
        let rows: Vec<CalendarRead> = rows;
        reads.changed |= self
            .store(move |store| store.record_reads(now, window, &rows))
            .await?;
        Ok(())
    }

    /// Active doctors of these ids (all: empty).
    pub(super) async fn doctors_of(&self, ids: Vec<DoctorId>) -> Result<Vec<Doctor>, StoreError> {
        self.store(move |store| {
            let mut doctors = store.doctors()?;
            doctors.retain(|d| d.active && (ids.is_empty() || ids.contains(&d.doctor_id)));
            Ok(doctors)
        })
        .await
    }

    pub(super) async fn refresh_now(&self, doctors: Vec<DoctorId>) -> Result<Outcome, Refusal> {
        let doctors = self.doctors_of(doctors).await?;
        let calendars: Vec<CalendarId> =
            doctors.into_iter().map(|d| d.google_calendar_id).collect();
        if calendars.is_empty() {
            return Ok(Outcome::Refreshed {
                live: 0,
                unknown: Vec::new(),
            });
        }
        let window = self.horizon();
        let reads = self.read_calendars(&calendars, window).await?;
        Ok(Outcome::Refreshed {
            live: reads.live,
            unknown: reads.unknown,
        })
    }

    /// From today to as far as free time is known ahead.
    pub fn horizon(&self) -> Interval {
        let settings = self.settings();
        let today = self.now().with_timezone(&settings.zone).date_naive();
        days(settings.zone, today, settings.horizon_days.clamp(1, 30))
    }
}

/// What free/busy said of one calendar, for the mirror.
fn row(calendar: CalendarId, answer: BusyAnswer, reads: &mut Reads) -> CalendarRead {
    let result = match answer {
        BusyAnswer::Busy(busy) => {
            reads.live += 1;
            Ok(busy)
        }
        BusyAnswer::Unknown(reason) => {
            let words = unreadable_words(&calendar, &reason);
            reads.unknown.push((calendar.clone(), words.clone()));
            Err((words, true))
        }
    };
    CalendarRead { calendar, result }
}

/// The window in pieces that Google takes.
fn pieces(window: Interval) -> Vec<Interval> {
    let mut out = Vec::new();
    let mut from = window.start();
    while let Ok(piece) = Interval::new(from, window.end().min(from + Duration::days(MOST_DAYS))) {
        out.push(piece);
        from = piece.end();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_long_window_is_read_in_pieces_that_leave_nothing_out() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let window = Interval::new(start, start + Duration::days(65)).unwrap();
        let pieces = pieces(window);
        assert_eq!(pieces.len(), 3);
        assert!(pieces.windows(2).all(|w| w[0].end() == w[1].start()));
        assert_eq!(pieces.last().unwrap().end(), window.end());
    }
}
