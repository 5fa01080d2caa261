//! Keeps the mirror of the calendars young: what is on screen every few seconds, the whole horizon now
//! and then, and at once after a write. One free/busy request reads up to 50 calendars.

use super::super::engine::Engine;
use super::{Look, Stir};
use crate::domain::id::CalendarId;
use crate::domain::time::{Interval, days};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::query::Reading;
use crate::port::report::Report;
use crate::port::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc::UnboundedSender, watch};

/// The whole horizon is read once in so many rounds.
const WIDE_EVERY: u32 = 10;
/// Somebody leafing through days is let come to rest first.
const REST: Duration = Duration::from_millis(120);

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
    let every = engine
        .settings()
        .refresh_every
        .to_std()
        .unwrap_or(Duration::from_secs(30));
    let mut until_wide = 0u32;
    let mut forced = false;
    loop {
        let look = looks.borrow_and_update().clone();
        let result = match look {
            Some(look) => near(&engine, &look, forced, &reports).await,
            None => Ok(()),
        };
        if let Err(error) = result {
            tracing::warn!(%error, "what was read could not be stored");
        }
        if until_wide == 0 {
            until_wide = WIDE_EVERY;
            let window = engine.horizon();
            if let Err(error) = read(&engine, &[], window, false, &reports).await {
                tracing::warn!(%error, "what was read could not be stored");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {
                until_wide -= 1;
                forced = false;
            }
            () = stir.poll.notified() => forced = true,
            changed = looks.changed() => {
                if changed.is_err() {
                    return; // the screen is gone
                }
                forced = false;
                while let Ok(Ok(())) = tokio::time::timeout(REST, looks.changed()).await {
                    looks.borrow_and_update();
                }
            }
        }
    }
}

async fn near<C, S, K, I>(
    engine: &Engine<C, S, K, I>,
    look: &Look,
    forced: bool,
    reports: &UnboundedSender<Report>,
) -> Result<(), StoreError>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let window = days(engine.settings().zone, look.from, look.days);
    read(engine, &look.doctors, window, forced, reports).await
}

async fn read<C, S, K, I>(
    engine: &Engine<C, S, K, I>,
    doctors: &[crate::domain::id::DoctorId],
    window: Interval,
    forced: bool,
    reports: &UnboundedSender<Report>,
) -> Result<(), StoreError>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let doctors = engine.doctors_of(doctors.to_vec()).await?;
    let calendars: Vec<CalendarId> = doctors.into_iter().map(|d| d.google_calendar_id).collect();
    if calendars.is_empty() || (!forced && young(engine, &calendars, window).await?) {
        return Ok(());
    }
    // what goes on by itself leaves the rest of the budget to people, and an account in trouble in peace
    if engine.budget_left().await? == 0 || engine.may_ask(&calendars).is_err() {
        return Ok(());
    }
    let reads = engine.read_calendars(&calendars, window).await?;
    engine.count_requests().await;
    let _ = reports.send(Report::Link {
        at: engine.now(),
        error: reads.silence.map(|e| e.to_string()),
    });
    let _ = reports.send(Report::Clock { off: engine.skew() });
    // Also without a change: what was stale is live now.
    let _ = reports.send(Report::MirrorChanged);
    Ok(())
}

/// Whether somebody (this program or another on the same database) has just read all of it.
async fn young<C, S, K, I>(
    engine: &Engine<C, S, K, I>,
    calendars: &[CalendarId],
    window: Interval,
) -> Result<bool, StoreError>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    let now = engine.now();
    let since = now - engine.settings().refresh_every / 2;
    let calendars = calendars.to_vec();
    let readings = engine
        .store(move |store| store.readings(&calendars, window, since))
        .await?;
    Ok(readings
        .iter()
        // What was read in the future was read by a clock that has been set back since.
        .all(|reading| matches!(reading, Reading::Live { at } if *at <= now)))
}
