//! Reads what has changed in a calendar and takes it over: from the token of the last read, or everything
//! where there is none. What a full read does not show is read by itself before it counts as gone.

use super::engine::{Engine, system};
use crate::domain::dates::say_when;
use crate::domain::event::{Event, EventKind, EventStatus};
use crate::domain::id::{CalendarId, EventId};
use crate::domain::time::{Moment, day};
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::notices::{News, NoticeKind};
use crate::port::store::{Store, StoreError};
use crate::port::sync::{Changes, Cursor, NextRead, ReadFrom, SyncRules, SyncToken, Synced};
use chrono::{Days, Duration};
use chrono_tz::Tz;
use thiserror::Error;

/// A program that reads a calendar has it to itself for so long.
fn cursor_lease() -> Duration {
    Duration::seconds(30)
}

/// Between two parts of a long read the database is left to others for so long.
const BETWEEN_PARTS: std::time::Duration = std::time::Duration::from_millis(5);

/// A calendar that could not be read for so long is told of.
fn told_late_after() -> Duration {
    Duration::minutes(10)
}

/// How a calendar is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncHow {
    /// What has changed; not at all while another program reads it.
    Gently,
    /// What has changed, also if another program is at it.
    Now,
    /// Everything.
    Whole,
}

/// Whether whoever reads takes over what is read, and so holds the calendar's cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursors {
    /// It does, and keeps it while it reads.
    Held,
    /// It only looks.
    LeftAlone,
}

/// Why a read came to nothing.
#[derive(Debug, Error)]
pub enum SyncError {
    /// The calendar, or Google, gave no use.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// Brings what is known of a calendar up to date. None: another program is at it.
    pub async fn sync_calendar(
        &self,
        calendar: &CalendarId,
        how: SyncHow,
    ) -> Result<Option<Synced>, SyncError> {
        let by_force = how != SyncHow::Gently;
        let token = match self.take_cursor(calendar, by_force).await {
            Err(StoreError::LeaseLost) => return Ok(None),
            token => token?,
        };
        let from = match token {
            Some(token) if how != SyncHow::Whole => ReadFrom::Token(token),
            _ => ReadFrom::Start(self.sync_start()),
        };
        let result = match self.read_and_apply(calendar, from).await {
            Err(SyncError::Calendar(CalendarError::SyncTokenInvalid)) => {
                tracing::info!(%calendar, "the sync token is of no use; everything is read");
                let from = ReadFrom::Start(self.sync_start());
                self.read_and_apply(calendar, from).await
            }
            result => result,
        };
        match result {
            // taken away meanwhile: whoever has it now takes everything over
            Err(SyncError::Store(StoreError::LeaseLost)) => Ok(None),
            Ok(synced) => {
                if by_force {
                    self.leave_cursor(calendar).await?;
                }
                Ok(Some(synced))
            }
            Err(error) => {
                self.leave_cursor(calendar).await?;
                Err(error)
            }
        }
    }

    /// A calendar's changes could not be read: admins are told once when that has been so for a while.
    pub(super) async fn delayed(&self, calendar: &CalendarId, why: &str) -> Result<(), StoreError> {
        let (now, stamp, which) = (self.now(), self.stamp(&system()), calendar.clone());
        let (zone, why) = (self.settings().zone, why.to_owned());
        self.store(move |store| {
            let cursors = store.cursors()?;
            let cursor = cursors.iter().find(|cursor| cursor.calendar == which);
            match cursor.and_then(|cursor| late(cursor, now, zone, &why)) {
                Some(news) => store.tell_news(&stamp, &news),
                None => Ok(()),
            }
        })
        .await
    }

    /// The rules by which reads are judged.
    pub(super) fn sync_rules(&self) -> SyncRules {
        let settings = self.settings();
        SyncRules {
            clinic: settings.clinic.clone(),
            show_titles: settings.show_titles,
            brake_percent: settings.brake_percent,
        }
    }

    /// From when on events are read.
    pub(super) fn sync_start(&self) -> Moment {
        let settings = self.settings();
        let today = self.now().with_timezone(&settings.zone).date_naive();
        let past = Days::new(u64::from(settings.past_days));
        day(settings.zone, today.checked_sub_days(past).unwrap_or(today)).start()
    }

    async fn take_cursor(
        &self,
        calendar: &CalendarId,
        by_force: bool,
    ) -> Result<Option<SyncToken>, StoreError> {
        let (stamp, calendar) = (self.stamp(&system()), calendar.clone());
        let until = self.now() + cursor_lease();
        self.store(move |store| store.take_cursor(&stamp, &calendar, until, by_force))
            .await
    }

    async fn leave_cursor(&self, calendar: &CalendarId) -> Result<(), StoreError> {
        let (stamp, calendar) = (self.stamp(&system()), calendar.clone());
        self.store(move |store| store.leave_cursor(&stamp, &calendar))
            .await
    }

    async fn read_and_apply(
        &self,
        calendar: &CalendarId,
        from: ReadFrom,
    ) -> Result<Synced, SyncError> {
        let mut changes = self.read_all(calendar, &from, Cursors::Held).await?;
        let (mut synced, mut from) = (Synced::default(), 0);
        loop {
            let (stamp, rules) = (self.stamp(&system()), self.sync_rules());
            let (read, part) = self
                .store(move |store| {
                    let part = store.apply_changes(&stamp, &changes, &rules, from)?;
                    Ok((changes, part))
                })
                .await?;
            changes = read;
            synced = synced.and(part.done);
            let Some(next) = part.next else {
                break;
            };
            from = next;
            // the screen's questions, and whoever books meanwhile, come in between
            tokio::time::sleep(BETWEEN_PARTS).await;
        }
        if synced != Synced::default() {
            tracing::info!(%calendar, ?synced, "taken over from the calendar");
        }
        Ok(synced)
    }

    /// Every page, and what has to be read by itself; each event once, as it was told last.
    pub(super) async fn read_all(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        cursor: Cursors,
    ) -> Result<Changes, SyncError> {
        let changes = self.read_pages(calendar, from, cursor).await?;
        let (mut changes, missing) = self
            .store(move |store| {
                let missing = store.missing(&changes)?;
                Ok((changes, missing))
            })
            .await?;
        for event in missing {
            if let Some(event) = self.really(calendar, &event).await? {
                changes.events.push(event);
            }
        }
        Ok(changes.as_told_last())
    }

    async fn read_pages(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        cursor: Cursors,
    ) -> Result<Changes, SyncError> {
        let asked_at = self.now();
        let mut events = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let read = self
                .inner
                .calendar
                .changes(calendar, from, page.as_deref())
                .await;
            self.heard(std::slice::from_ref(calendar), read.as_ref().err());
            let read = read?;
            self.compare_clocks(self.now(), read.server_time);
            let zone = read.value.zone;
            events.extend(read.value.events);
            match read.value.next {
                NextRead::Page(next) => {
                    page = Some(next);
                    // a long read must not look like that of a program that died
                    if cursor == Cursors::Held {
                        self.take_cursor(calendar, false).await?;
                    }
                }
                NextRead::Token(token) => {
                    return Ok(Changes {
                        calendar: calendar.clone(),
                        events,
                        zone,
                        whole_since: match from {
                            ReadFrom::Start(since) => Some(*since),
                            ReadFrom::Token(_) => None,
                        },
                        token,
                        asked_at,
                    });
                }
            }
        }
    }

    /// What an event is that a full read did not show; none where nobody can say for sure.
    async fn really(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> Result<Option<Event>, SyncError> {
        match self.inner.calendar.get(calendar, event).await {
            Ok(read) => Ok(Some(read.value)),
            Err(CalendarError::Gone) => Ok(Some(tombstone(event))),
            Err(CalendarError::NotFound) => {
                // gone counts only if the calendar itself still answers
                self.inner.calendar.answers(calendar).await?;
                Ok(Some(tombstone(event)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What is told of a calendar that was read long ago; none of one that was never read, which its doctor's
/// column shows anyway.
fn late(cursor: &Cursor, now: Moment, zone: Tz, why: &str) -> Option<News> {
    let since = cursor
        .synced_at
        .filter(|at| now - *at >= told_late_after())?;
    let said = say_when(since, zone);
    Some(News {
        kind: NoticeKind::SyncDelayed,
        sentence: format!(
            "What changed in {} since {said} is not known here: {why}. Bookings are checked with Google all the \
             same.",
            cursor.calendar
        ),
        doctor: None,
        calendar: Some(cursor.calendar.clone()),
    })
}

/// A deleted event, of which nothing else is known.
fn tombstone(event: &EventId) -> Event {
    Event {
        id: event.clone(),
        etag: None,
        status: EventStatus::Cancelled,
        times: None,
        transparent: false,
        kind: EventKind::Default,
        declined: false,
        summary: String::new(),
        updated: None,
        mark: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_calendar_that_was_read_long_ago_is_told_of_in_words_that_stay_the_same() {
        let at = |minute: i64| DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap();
        let cursor = |synced_at| Cursor {
            calendar: "chen@clinic.example".into(),
            synced_at,
            brake: None,
        };
        let told = |cursor: &Cursor, minute| late(cursor, at(minute), chrono_tz::UTC, "no answer");
        let read = cursor(Some(at(0)));
        assert_eq!(told(&read, 9), None);
        let news = told(&read, 10).unwrap();
        assert_eq!(news.kind, NoticeKind::SyncDelayed);
        assert!(
            news.sentence
                .starts_with("What changed in chen@clinic.example since Fri 15 Jan 08:00"),
            "{}",
            news.sentence
        );
        // so that it is told once and not every minute
        assert_eq!(told(&read, 50), Some(news));
        assert_eq!(told(&cursor(None), 50), None);
    }
}
