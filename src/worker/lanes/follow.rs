//! Follows what people change in Google: the calendars on screen every few seconds, the others every
//! minute, all of them less often while nobody is there, and one at once when Google says that it changed
//! or something was written to it.

mod plan;

use super::super::engine::Engine;
use super::super::sync::{SyncError, SyncHow};
use super::{Look, Stir};
use crate::domain::id::CalendarId;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::report::Report;
use crate::port::store::{Store, StoreError};
use crate::port::sync::Synced;
use futures::stream::{self, StreamExt};
use plan::Plan;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc::UnboundedSender, watch};
use tokio::time::Instant;

/// Calendars that are read at the same time.
const AT_ONCE: usize = 4;
/// Whoever has touched no key for so long is not there.
const AWAY: Duration = Duration::from_mins(10);
/// While nobody is there everything is read so many times less often.
const SLOWER: u32 = 4;
/// What could not be judged yet is read again after this.
const UNSURE: Duration = Duration::from_secs(2);
/// What could not be read is tried again after this, or later.
const AFTER_ERROR: Duration = Duration::from_secs(15);

pub(super) async fn run<C, S, K, I>(
    engine: Engine<C, S, K, I>,
    mut looks: watch::Receiver<Option<Look>>,
    stir: Arc<Stir>,
    reports: UnboundedSender<Report>,
) where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let mut plan = Plan::default();
    loop {
        if stir.is_nudged()
            && let Some(wait) = plan.rest(Instant::now())
        {
            tokio::time::sleep(wait).await;
        }
        let near = looks.borrow_and_update().clone();
        match round(&engine, near.as_ref(), &stir, &mut plan, &reports).await {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "the calendars could not be followed"),
        }
        engine.count_requests().await;
        let due = plan
            .due()
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(5));
        tokio::select! {
            () = tokio::time::sleep_until(due.max(Instant::now() + Duration::from_millis(50))) => {}
            () = stir.sync.notified() => {}
            changed = looks.changed() => {
                if changed.is_err() {
                    return; // the screen is gone
                }
            }
        }
    }
}

/// Reads what is due.
async fn round<C, S, K, I>(
    engine: &Engine<C, S, K, I>,
    look: Option<&Look>,
    stir: &Stir,
    plan: &mut Plan,
    reports: &UnboundedSender<Report>,
) -> Result<(), StoreError>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let doctors = engine.doctors_of(Vec::new()).await?;
    let calendars: BTreeSet<CalendarId> = doctors
        .iter()
        .map(|d| d.google_calendar_id.clone())
        .collect();
    let near: BTreeSet<CalendarId> = doctors
        .into_iter()
        .filter(|d| look.is_some_and(|l| l.doctors.is_empty() || l.doctors.contains(&d.doctor_id)))
        .map(|d| d.google_calendar_id)
        .collect();
    plan.only(&calendars);
    let nudged = plan.told(stir.take_nudged(), &calendars, Instant::now());
    let slower = if stir.quiet_for() > AWAY { SLOWER } else { 1 };
    let pace = |calendar: &CalendarId| {
        let settings = engine.settings();
        let every = if near.contains(calendar) {
            settings.refresh_every
        } else {
            settings.sync_every
        };
        every.to_std().unwrap_or(Duration::from_mins(1)) * slower
    };
    let fresh = fresh(engine, &pace).await?;
    let now = Instant::now();
    let due: Vec<CalendarId> = calendars
        .into_iter()
        .filter(|calendar| {
            // one that came on screen is not left to the slower pace
            let soonest = now + pace(calendar);
            let at = plan.next.entry(calendar.clone()).or_insert(now);
            *at = (*at).min(soonest);
            nudged.contains(calendar) || (*at <= now && !fresh.contains(calendar))
        })
        .collect();
    if !due.is_empty() && engine.budget_left().await? == 0 {
        // what is left of the minute is for what people ask for
        plan.next.extend(
            due.into_iter()
                .map(|calendar| (calendar, now + AFTER_ERROR)),
        );
        return Ok(());
    }
    let reads = stream::iter(due).map(|calendar| async {
        if let Err(held) = engine.may_ask(std::slice::from_ref(&calendar)) {
            let error = CalendarError::NoAnswer(held.words(engine.now()));
            return (calendar, Err(error.into()));
        }
        let how = if nudged.contains(&calendar) {
            SyncHow::Now
        } else {
            SyncHow::Gently
        };
        let read = engine.sync_calendar(&calendar, how).await;
        (calendar, read)
    });
    let mut reads = reads.buffer_unordered(AT_ONCE);
    while let Some((calendar, read)) = reads.next().await {
        let wait = match &read {
            Ok(_) => pace(&calendar),
            Err(_) => pace(&calendar).max(AFTER_ERROR),
        };
        plan.next.insert(calendar.clone(), Instant::now() + wait);
        match read {
            Ok(Some(synced)) if synced != Synced::default() || plan.owes_busy(&calendar) => {
                // what was just being settled is asked about by itself
                if synced.unsure > 0 {
                    let soon = Instant::now() + wait.min(UNSURE);
                    plan.next.insert(calendar.clone(), soon);
                }
                // what is taken has changed with it
                plan.owe(&calendar, true, Instant::now());
                let window = engine.horizon();
                let reads = engine
                    .read_calendars(std::slice::from_ref(&calendar), window)
                    .await?;
                if reads.silence.is_none() {
                    plan.settled(&calendar);
                }
                let _ = reports.send(Report::MirrorChanged);
                stir.poll.notify_one();
            }
            Ok(_) => plan.settled(&calendar),
            Err(SyncError::Calendar(error)) => {
                if !error.is_passing() {
                    plan.settled(&calendar);
                }
                tracing::info!(%calendar, %error, "its changes could not be read");
                engine.delayed(&calendar, &error.to_string()).await?;
            }
            Err(SyncError::Store(error)) => return Err(error),
        }
    }
    for calendar in fresh {
        plan.next
            .entry(calendar.clone())
            .and_modify(|at| *at = (*at).max(Instant::now() + pace(&calendar) / 2));
    }
    Ok(())
}

/// What another program on this database has just read.
async fn fresh<C, S, K, I>(
    engine: &Engine<C, S, K, I>,
    pace: &impl Fn(&CalendarId) -> Duration,
) -> Result<BTreeSet<CalendarId>, StoreError>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let now = engine.now();
    let cursors = engine.store(|store| store.cursors()).await?;
    let young = cursors.into_iter().filter(|cursor| {
        let pace = chrono::Duration::from_std(pace(&cursor.calendar)).unwrap_or_default();
        // what was read in the future was read by a clock that has been set back since
        cursor
            .synced_at
            .is_some_and(|at| at <= now && now - at < pace / 2)
    });
    Ok(young.map(|cursor| cursor.calendar).collect())
}
