//! Carries out commands: policy first, then the act, then the end of it. Commands about one
//! appointment run one after the other; nothing is dropped.

use super::circuit::{Circuit, Held, Silence};
use super::settings::{Settings, lease};
use crate::domain::id::{AppointmentId, CalendarId};
use crate::domain::policy::{Role, may};
use crate::domain::skew::Skew;
use crate::domain::time::Moment;
use crate::port::calendar::{Calendar, CalendarError};
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Code, Command, Outcome, Refusal};
use crate::port::report::Progress;
use crate::port::store::{Stamp, Store, StoreError};
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};

/// Hears how far a command is.
pub type Tell = Arc<dyn Fn(Progress) + Send + Sync>;

/// A [`Tell`] that nobody listens to.
pub fn silent() -> Tell {
    Arc::new(|_| {})
}

/// Carries out commands. Clones share everything.
pub struct Engine<C, S, K, I> {
    pub(super) inner: Arc<Inner<C, S, K, I>>,
}

impl<C, S, K, I> Clone for Engine<C, S, K, I> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

pub(super) struct Inner<C, S, K, I> {
    pub calendar: C,
    pub store: Mutex<S>,
    pub clock: K,
    pub ids: I,
    pub settings: Settings,
    /// What the last answer of Google's said of the desk's clock.
    skew: Mutex<Option<Skew>>,
    turns: Mutex<HashMap<AppointmentId, Arc<tokio::sync::Mutex<()>>>>,
    /// Who may be asked while Google does not answer.
    circuit: Mutex<Circuit>,
    /// How many requests are counted in the database.
    pub counted: AtomicU64,
}

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    /// An engine over these adapters.
    pub fn new(calendar: C, store: S, clock: K, ids: I, settings: Settings) -> Self {
        Self {
            inner: Arc::new(Inner {
                calendar,
                store: Mutex::new(store),
                clock,
                ids,
                settings,
                skew: Mutex::new(None),
                turns: Mutex::new(HashMap::new()),
                circuit: Mutex::default(),
                counted: AtomicU64::new(0),
            }),
        }
    }

    /// The settings it runs with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Now.
    pub fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    /// Set when the desk's clock was far from Google's at the last answer.
    pub fn skew(&self) -> Option<Skew> {
        *self
            .inner
            .skew
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Compares the clocks: a request was sent at `asked`, and its answer has just come.
    pub(super) fn compare_clocks(&self, asked: Moment, google: Option<Moment>) {
        let Some(google) = google else {
            return;
        };
        let skew = Skew::measured(asked, self.now(), google);
        let mut last = self
            .inner
            .skew
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if *last != skew {
            tracing::warn!(?skew, "the desk's clock against Google's");
        }
        *last = skew;
    }

    /// Whether these calendars may be asked just now. Whoever is told so must ask.
    pub(super) fn may_ask(&self, calendars: &[CalendarId]) -> Result<(), Held> {
        let now = self.now();
        let circuit = self.inner.circuit.lock();
        let mut circuit = circuit.unwrap_or_else(PoisonError::into_inner);
        circuit.may_ask(calendars, now)
    }

    /// A question about these calendars has been answered, or not (with its repeats it counts once).
    pub(super) fn heard(&self, calendars: &[CalendarId], error: Option<&CalendarError>) {
        let jitter = self.inner.ids.jitter(Duration::from_secs(1));
        let now = self.now();
        let circuit = self.inner.circuit.lock();
        let mut circuit = circuit.unwrap_or_else(PoisonError::into_inner);
        match (error, error.and_then(Silence::of)) {
            (_, Some(silence)) => circuit.failed(calendars, silence, now, jitter),
            // nothing was asked of Google
            (Some(CalendarError::SignIn(_)), None) => {}
            _ => circuit.answered(calendars),
        }
    }

    /// Carries the command out and answers when it has ended. What could not be finished because
    /// Google did not answer is recorded and goes on by itself.
    pub async fn perform(
        &self,
        actor: &Actor,
        command: Command,
        tell: Tell,
    ) -> Result<Outcome, Refusal> {
        may(actor.role, command.act()).map_err(|denied| {
            Refusal::new(Code::NotPermitted, format!("This was not done: {denied}."))
        })?;
        match command {
            Command::AddDoctor(new) => self.add_doctor(actor, new).await,
            Command::SetHours(id, hours) => self.set_hours(actor, id, hours).await,
            Command::AddService(new) => self.add_service(actor, new).await,
            Command::AddCustomer(new) => self.add_customer(actor, new).await,
            Command::Book(book) => self.book(actor, book, tell).await,
            Command::Cancel {
                appointment,
                reason,
            } => self.cancel(actor, appointment, reason, tell).await,
            Command::Move { appointment, start } => {
                self.reschedule(actor, appointment, start, tell).await
            }
            Command::Retry(appointment) => self.retry(actor, appointment, tell).await,
            Command::RetryAll => self.retry_all(actor, tell).await,
            Command::AdoptTimes(appointment) => self.adopt_times(actor, appointment).await,
            Command::Recreate(appointment) => self.recreate(actor, appointment, tell).await,
            Command::PutBack(appointment) => self.put_back(actor, appointment, tell).await,
            Command::Ignore(appointment, reason) => self.ignore(actor, appointment, reason).await,
            Command::LookInto(appointment) => self.look_into(appointment).await,
            Command::Undo(audit) => self.undo(actor, audit, tell).await,
            Command::Refresh(doctors) => self.refresh_now(doctors).await,
            Command::Sync(act) => self.sync_act(actor, act, tell).await,
            Command::SetCalendar(doctor, calendar) => {
                self.set_calendar(actor, doctor, calendar).await
            }
            Command::ReadNotices(which) => self.read_notices(actor, which).await,
        }
    }

    /// Runs a piece of work on the database, off the thread that drives the network; on a runtime of one
    /// thread, where a second one would only be waited for, right here. What else is ready goes first, as
    /// it would with a second thread.
    pub(super) async fn store<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let run = move || {
            // A panic elsewhere rolled its transaction back; the connection is fit for use.
            let mut store = inner.store.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut store)
        };
        if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
            tokio::task::yield_now().await;
            return run();
        }
        tokio::task::spawn_blocking(run)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())))
    }

    /// Waits until no transaction is under way and keeps it so: what a signal needs before the end.
    pub fn hold_still(&self) -> impl Drop + '_ {
        self.inner
            .store
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stamp(&self, actor: &Actor) -> Stamp {
        Stamp {
            actor: actor.clone(),
            desk: self.inner.settings.desk.clone(),
            now: self.now(),
        }
    }

    pub(super) fn lease_until(&self) -> Moment {
        self.now() + lease()
    }

    /// Appointments that somebody in this program is at, or waits for.
    pub(super) fn in_turn(&self) -> Vec<AppointmentId> {
        let turns = self.inner.turns.lock();
        let turns = turns.unwrap_or_else(PoisonError::into_inner);
        let held = turns.iter().filter(|(_, turn)| Arc::strong_count(turn) > 1);
        held.map(|(id, _)| id.clone()).collect()
    }

    /// One at a time for an appointment; held until dropped.
    pub(super) async fn turn(
        &self,
        appointment: &AppointmentId,
    ) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self
                .inner
                .turns
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(appointment.clone()).or_default())
        };
        turn.lock_owned().await
    }
}

/// The program itself, in the audit.
pub fn system() -> Actor {
    Actor {
        name: "frontdesk".to_owned(),
        role: Role::System,
    }
}
