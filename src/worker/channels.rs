//! Has Google tell of changes: a watch channel for the calendar of each active doctor, replaced before it
//! ends, and stopped when the program does. Without a channel nothing is lost: polling goes on regardless.
//!
//! Only the program that listens at the clinic's address may have one of these. It must not know: HTTP,
//! sockets, configuration.

mod book;

use super::engine::Engine;
use crate::domain::id::{CalendarId, ChannelId};
use crate::domain::time::Moment;
use crate::port::calendar::CalendarError;
use crate::port::channels::{Channel, ChannelToken, Watch, WatchChannel};
use crate::port::clock::{Clock, Ids};
use crate::port::store::{Store, StoreError};
use book::Book;
use chrono::TimeDelta;
use futures::{FutureExt, StreamExt, stream};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

pub use book::Heard;

/// So many requests to Google at once.
const AT_ONCE: usize = 8;
/// Longest pause between two looks at what there is to do: doctors come and go.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Shortest.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(100);
/// Longest pause after a request that was not answered, and the pause after a refusal.
const LONGEST_PAUSE_S: u32 = 300;
const REFUSED_PAUSE: Duration = Duration::from_mins(10);

/// Where Google is to send to, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The address that Google is told.
    pub address: String,
    /// The address on this machine at which this program listens.
    pub listener: String,
    /// How long a channel is asked to live, in whole seconds.
    pub ttl: Duration,
}

/// The watch channels of this program.
pub struct Channels<C, S, K, I> {
    engine: Engine<C, S, K, I>,
    place: Place,
    book: Mutex<Book>,
    /// Held while a round is under way.
    round: tokio::sync::Mutex<()>,
    closing: AtomicBool,
    stir: Notify,
}

impl<C, S, K, I> Channels<C, S, K, I>
where
    C: Watch,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// None yet.
    pub fn new(engine: Engine<C, S, K, I>, place: Place) -> Self {
        Self {
            engine,
            place,
            book: Mutex::default(),
            round: tokio::sync::Mutex::default(),
            closing: AtomicBool::new(false),
            stir: Notify::new(),
        }
    }

    /// Keeps the channels until they are closed.
    pub async fn run(&self) {
        let mut known = false;
        while !self.is_closing() {
            // A mistake in one round must not end them all.
            let round = AssertUnwindSafe(async {
                if !known {
                    self.take_over().await?;
                    known = true;
                }
                self.round().await
            });
            let wait = match round.catch_unwind().await {
                Ok(Ok(next)) => self.until(next),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the watch channels could not be recorded");
                    LOOK_EVERY
                }
                Err(_) => LOOK_EVERY,
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stir.notified() => {}
            }
        }
    }

    /// Takes over what a program that listened here before has left behind.
    pub async fn take_over(&self) -> Result<(), StoreError> {
        let now = self.engine.now();
        let listener = self.place.listener.clone();
        let left = self.engine.store(move |store| {
            store.forget_ended(now)?;
            store.channels(&listener)
        });
        let left = left.await?;
        let mut book = self.book();
        for channel in left {
            book.left(channel, now);
        }
        Ok(())
    }

    /// Does what is due, and answers when there is something to do next (none: nothing is foreseen).
    /// Errors of Google's are told in the log and tried again.
    pub async fn round(&self) -> Result<Option<Moment>, StoreError> {
        let _round = self.round.lock().await;
        let now = self.engine.now();
        let ended = self.book().ended(now);
        for id in ended {
            self.forget(id).await?;
        }
        let doctors = self.engine.doctors_of(Vec::new()).await?;
        let wanted: BTreeSet<CalendarId> =
            doctors.into_iter().map(|d| d.google_calendar_id).collect();
        let to_open = {
            let mut book = self.book();
            book.only(&wanted, now);
            book.to_open(&wanted, now)
        };
        let mut opening = stream::iter(to_open)
            .map(|calendar| self.open(calendar))
            .buffer_unordered(AT_ONCE);
        while let Some(done) = opening.next().await {
            done?;
        }
        let to_stop = self.book().to_stop(self.engine.now());
        self.stop_all(to_stop).await?;
        Ok(self.book().next(self.engine.now()))
    }

    /// Judges a message that says it is Google's: the channel's id, its token, what it says.
    pub fn hear(&self, id: &ChannelId, token: &[u8], state: &[u8]) -> Heard {
        self.book().hear(id, token, state)
    }

    /// Stops all channels, and opens no more; true if that was done within the time. What was not is
    /// stopped by the next program that listens here.
    pub async fn close(&self, within: Duration) -> bool {
        self.closing.store(true, Ordering::SeqCst);
        self.stir.notify_one();
        let stopping = async {
            let open = self.book().to_stop_at_the_end();
            self.stop_all(open).await?;
            // one that was being opened meanwhile is stopped by whoever opened it
            drop(self.round.lock().await);
            Ok::<_, StoreError>(())
        };
        match tokio::time::timeout(within, stopping).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "that the watch channels are stopped could not be recorded");
                false
            }
            Err(_) => {
                tracing::info!("not all watch channels could be stopped in time");
                false
            }
        }
    }

    async fn open(&self, calendar: CalendarId) -> Result<(), StoreError> {
        if self.is_closing() {
            return Ok(());
        }
        let asked = self.engine.now();
        let ttl = TimeDelta::from_std(self.place.ttl).unwrap_or(TimeDelta::days(1));
        let channel = self.fresh();
        let mut known = WatchChannel {
            id: channel.id.clone(),
            calendar: calendar.clone(),
            listener: self.place.listener.clone(),
            resource_id: None,
            token: channel.token.hash(),
            expires_at: asked + ttl,
        };
        self.keep(known.clone()).await?;
        self.book().asked(known.clone());
        match self.engine.inner.calendar.watch(&calendar, &channel).await {
            Ok(answer) => {
                self.engine.compare_clocks(asked, answer.server_time);
                let life = answer.value.expires_at.map_or(ttl, |end| {
                    // by Google's clock at both ends: a desk's may be wrong
                    end - answer.server_time.unwrap_or(asked)
                });
                let life = life.max(TimeDelta::seconds(1));
                known.resource_id = Some(answer.value.resource_id);
                known.expires_at = asked + life;
                let now = self.engine.now();
                let renew_at = asked + life * 4 / 5;
                self.book().opened(known.clone(), renew_at, now);
                tracing::info!(channel = %known.id, %renew_at, "Google tells of a calendar's changes");
                let id = known.id.clone();
                let resource = known.resource_id.clone().unwrap_or_default();
                self.keep(known).await?;
                if self.is_closing() {
                    self.stop(id, resource).await?;
                }
            }
            Err(error) => {
                self.refused(&calendar, &error);
                // it may be open
                if matches!(error, CalendarError::NoAnswer(_)) {
                    self.book().left(known, asked);
                } else {
                    self.forget(known.id).await?;
                }
            }
        }
        Ok(())
    }

    fn refused(&self, calendar: &CalendarId, error: &CalendarError) {
        let mut book = self.book();
        let until = self.engine.now() + self.pause(book.tries(calendar), error);
        if book.pause(calendar, until, error.to_string()) {
            tracing::warn!(%error, %until, "Google does not tell of a calendar's changes; it is polled");
        }
    }

    async fn stop_all(&self, channels: Vec<(ChannelId, String)>) -> Result<(), StoreError> {
        let mut stopping = stream::iter(channels)
            .map(|(id, resource)| self.stop(id, resource))
            .buffer_unordered(AT_ONCE);
        while let Some(done) = stopping.next().await {
            done?;
        }
        Ok(())
    }

    async fn stop(&self, id: ChannelId, resource: String) -> Result<(), StoreError> {
        match self.engine.inner.calendar.unwatch(&id, &resource).await {
            Err(error) if error.is_passing() => {
                let now = self.engine.now();
                self.book()
                    .stop_later(&id, |tries| now + self.pause(tries, &error));
                Ok(())
            }
            // refused: there is no such channel, or none that is ours to stop
            Ok(()) | Err(_) => self.forget(id).await,
        }
    }

    /// min(2^tries + jitter, five minutes), or as long as Google asks for.
    fn pause(&self, tries: u32, error: &CalendarError) -> TimeDelta {
        let seconds = 2u32.saturating_pow(tries).min(LONGEST_PAUSE_S);
        let jitter = self.engine.inner.ids.jitter(Duration::from_secs(1));
        let usual = Duration::from_secs(seconds.into()) + jitter;
        let pause = match error {
            CalendarError::SlowDown {
                retry_after: Some(asked),
            } => usual.max(*asked),
            error if error.is_passing() => usual,
            _ => REFUSED_PAUSE,
        };
        TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(10))
    }

    /// A channel that nobody has asked for yet.
    fn fresh(&self) -> Channel {
        let ids = &self.engine.inner.ids;
        // 244 random bits
        let token = format!("{}{}", ids.uuid().simple(), ids.uuid().simple());
        Channel {
            id: ids.uuid().to_string().into(),
            address: self.place.address.clone(),
            token: ChannelToken::new(token),
            ttl: self.place.ttl,
        }
    }

    async fn keep(&self, channel: WatchChannel) -> Result<(), StoreError> {
        self.engine
            .store(move |store| store.keep_channel(&channel))
            .await
    }

    async fn forget(&self, id: ChannelId) -> Result<(), StoreError> {
        self.book().forget(&id);
        self.engine
            .store(move |store| store.forget_channel(&id))
            .await
    }

    /// From now to the moment.
    fn until(&self, next: Option<Moment>) -> Duration {
        let wait = next.map_or(LOOK_EVERY, |at| {
            (at - self.engine.now()).to_std().unwrap_or_default()
        });
        wait.clamp(LOOK_AT_MOST_EVERY, LOOK_EVERY)
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
