//! What runs beside a screen, so that it never waits.
//!
//! - The read lane answers queries from the mirror on a thread of its own. Of several questions on one
//!   topic only the newest is answered.
//! - The write lane carries every command out; none is dropped.
//! - The poller reads free and busy time of what is on screen every few seconds and everything else now and then.
//! - The follower takes over what people change in Google, event by event.
//! - Recovery takes up operations when they fall due.
//!
//! All of them speak through one channel of reports.

mod follow;
mod nudges;
mod poller;
mod reads;

pub use nudges::Nudges;

use super::engine::{Engine, Tell};
use crate::domain::id::{CalendarId, DoctorId};
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Command, Outcome, Refusal};
use crate::port::query::Query;
use crate::port::report::{Report, Topic};
use crate::port::store::{Looks, Records, Store, StoreError};
use chrono::NaiveDate;
use futures::FutureExt;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};

/// Longest pause between two looks for operations that are due.
const RECOVER_EVERY: Duration = Duration::from_secs(30);

/// What is on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whose days (all: empty).
    pub doctors: Vec<DoctorId>,
    /// The first day.
    pub from: NaiveDate,
    /// How many.
    pub days: u16,
}

/// The lanes of one screen.
pub struct Lanes<C, S, K, I> {
    engine: Engine<C, S, K, I>,
    asks: std::sync::mpsc::Sender<reads::Ask>,
    looks: watch::Sender<Option<Look>>,
    stir: Arc<Stir>,
    reports: mpsc::UnboundedSender<Report>,
    runtime: Handle,
}

/// Wakes the tasks that otherwise sleep.
#[derive(Default)]
struct Stir {
    /// Read the calendars again soon.
    poll: Notify,
    /// Look for operations that are due.
    recover: Notify,
    /// Read what has changed in the nudged calendars.
    sync: Notify,
    nudged: Mutex<BTreeSet<CalendarId>>,
    /// When somebody was last there; none: not yet.
    present: Mutex<Option<Instant>>,
}

impl Stir {
    fn nudge(&self, calendar: CalendarId) {
        held(&self.nudged).insert(calendar);
        self.sync.notify_one();
    }

    fn is_nudged(&self) -> bool {
        !held(&self.nudged).is_empty()
    }

    fn take_nudged(&self) -> BTreeSet<CalendarId> {
        std::mem::take(&mut *held(&self.nudged))
    }

    fn somebody_is_there(&self) {
        *held(&self.present) = Some(Instant::now());
    }

    fn quiet_for(&self) -> Duration {
        held(&self.present).map_or(Duration::ZERO, |at| at.elapsed())
    }
}

/// What is behind a lock stays whole when somebody panics elsewhere.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The calendar that an act wrote to.
fn written(outcome: &Outcome) -> Option<CalendarId> {
    match outcome {
        Outcome::Booked(visit)
        | Outcome::Cancelled(visit)
        | Outcome::Repaired(visit)
        | Outcome::Moved {
            appointment: visit, ..
        } => Some(visit.google_calendar_id.clone()),
        _ => None,
    }
}

impl<C, S, K, I> Lanes<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock + Clone,
    I: Ids,
{
    /// Starts the lanes. `records` is the read lane's own connection.
    pub fn start<R>(
        engine: Engine<C, S, K, I>,
        records: R,
        clock: K,
        runtime: Handle,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Self
    where
        R: Records + Send + 'static,
    {
        let (asks, questions) = std::sync::mpsc::channel();
        let (looks, seen) = watch::channel(None);
        let stir = Arc::new(Stir::default());
        let settings = engine.settings().clone();
        let answers = reports.clone();
        std::thread::spawn(move || reads::run(&records, &settings, &clock, &questions, &answers));
        runtime.spawn(follow::run(
            engine.clone(),
            seen.clone(),
            Arc::clone(&stir),
            reports.clone(),
        ));
        runtime.spawn(poller::run(
            engine.clone(),
            seen,
            Arc::clone(&stir),
            reports.clone(),
        ));
        runtime.spawn(recover(engine.clone(), Arc::clone(&stir), reports.clone()));
        Self {
            engine,
            asks,
            looks,
            stir,
            reports,
            runtime,
        }
    }

    /// Asks; the answer comes as a report, unless a newer question of the topic overtakes it.
    pub fn ask(&self, topic: Topic, question: u64, reader: Actor, query: Query) {
        // The read lane ends only with the program.
        let _ = self.asks.send(reads::Ask {
            topic,
            question,
            reader,
            query,
        });
    }

    /// Carries the command out; its progress and its end come as reports under the ticket.
    pub fn submit(&self, ticket: u64, actor: Actor, command: Command) {
        let (engine, reports, stir) = (
            self.engine.clone(),
            self.reports.clone(),
            Arc::clone(&self.stir),
        );
        // what somebody has read is nothing to Google
        let ours_alone = matches!(command, Command::ReadNotices(_));
        // and a look changes nothing for anybody else
        let looks = matches!(command, Command::LookInto(_));
        self.runtime.spawn(async move {
            let listener = reports.clone();
            let tell: Tell = Arc::new(move |step| {
                let _ = listener.send(Report::Progressed { ticket, step });
            });
            let work = AssertUnwindSafe(engine.perform(&actor, command, tell)).catch_unwind();
            let result = work.await.unwrap_or_else(|_| Err(mistake()));
            let calendar = result.as_ref().ok().and_then(written);
            let result = result.map(Box::new);
            let _ = reports.send(Report::Done { ticket, result });
            engine.count_requests().await;
            if !looks {
                let _ = reports.send(Report::MirrorChanged);
            }
            if !ours_alone && !looks {
                stir.poll.notify_one();
                stir.recover.notify_one();
            }
            if let Some(calendar) = calendar {
                stir.nudge(calendar);
            }
        });
    }

    /// Says what is on screen now: it is read first and most often.
    pub fn look(&self, look: Look) {
        self.looks.send_replace(Some(look));
    }

    /// Where to say that a calendar has changed: what is new in it is read at once.
    pub fn nudges(&self) -> Nudges {
        Nudges(Arc::clone(&self.stir))
    }

    /// Somebody has touched a key: calendars are read at their usual pace.
    pub fn somebody_is_there(&self) {
        self.stir.somebody_is_there();
    }

    /// The engine that carries the commands out.
    pub fn engine(&self) -> &Engine<C, S, K, I> {
        &self.engine
    }
}

/// A panic of ours, told in words.
pub(super) fn mistake() -> Refusal {
    Refusal::new(
        Code::Internal,
        "The program made a mistake in this act. What it had begun is in repair, and nothing else is lost.",
    )
}

async fn recover<C, S, K, I>(
    engine: Engine<C, S, K, I>,
    stir: Arc<Stir>,
    reports: mpsc::UnboundedSender<Report>,
) where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    loop {
        // A mistake in one round must not end recovery.
        let round = async {
            let ended = engine.recover().await?;
            Ok::<_, StoreError>(ended + engine.look_again_at(Looks::Due).await?)
        };
        let round = AssertUnwindSafe(round).catch_unwind().await;
        engine.count_requests().await;
        match round.unwrap_or(Ok(0)) {
            Ok(0) => {}
            Ok(_) => {
                let _ = reports.send(Report::MirrorChanged);
                stir.poll.notify_one();
            }
            Err(error) => tracing::warn!(%error, "recovery could not read the journal"),
        }
        let due = engine.next_due().await.ok().flatten();
        let wait = due.map_or(RECOVER_EVERY, |due| {
            (due - engine.now())
                .to_std()
                .unwrap_or(Duration::from_secs(1))
                .min(RECOVER_EVERY)
        });
        tokio::select! {
            () = tokio::time::sleep(wait.max(Duration::from_millis(200))) => {}
            () = stir.recover.notified() => {}
        }
    }
}
