//! The desk of the command line: asks the mirror directly, and starts the network only for what needs
//! it, so that a plain question takes milliseconds.

use super::clock::SystemClock;
use super::config::Config;
use super::restored;
use super::wire::{self, DeskEngine};
use crate::domain::id::DoctorId;
use crate::domain::skew::Skew;
use crate::domain::time::{Moment, days};
use crate::port::clock::Clock;
use crate::port::command::{Actor, Code, Command, Outcome, Refusal};
use crate::port::desk::{Clinic, Desk};
use crate::port::query::{Answer, Query};
use crate::port::report::Progress;
use crate::port::store::Records;
use crate::store::Database;
use crate::worker::answers::answer;
use crate::worker::engine::Tell;
use crate::worker::settings::Settings;
use std::cell::OnceCell;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A desk without a screen.
pub struct DirectDesk {
    config: Config,
    clinic: Clinic,
    actor: Actor,
    settings: Settings,
    records: Database,
    engine: OnceCell<(tokio::runtime::Runtime, DeskEngine)>,
}

impl DirectDesk {
    /// Opens the clinic's database; the network is left alone until something needs it.
    pub fn open(config: Config) -> Result<Self, Refusal> {
        let records = wire::database(&config)?;
        Ok(Self {
            clinic: wire::clinic(&config),
            actor: wire::actor(),
            settings: wire::settings(&config),
            records,
            config,
            engine: OnceCell::new(),
        })
    }

    fn engine(&self) -> Result<&(tokio::runtime::Runtime, DeskEngine), Refusal> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Refusal::new(
                    Code::Internal,
                    format!("The program could not start: {error}."),
                )
            })?;
        let store = wire::database(&self.config)?;
        let engine = wire::engine(&self.config, self.settings.clone(), store)?;
        Ok(self.engine.get_or_init(|| (runtime, engine)))
    }

    /// Free time is what the calendar says now, so it is read before slots are answered. A calendar that
    /// cannot be read is an error and not a list without slots.
    fn read_for_slots(
        &self,
        wanted: &[DoctorId],
        date: chrono::NaiveDate,
        count: u16,
    ) -> Result<(), Refusal> {
        let doctors = self.records.doctors()?;
        let calendars: Vec<_> = doctors
            .into_iter()
            .filter(|d| d.active && (wanted.is_empty() || wanted.contains(&d.doctor_id)))
            .map(|d| d.google_calendar_id)
            .collect();
        if calendars.is_empty() {
            return Ok(());
        }
        let (runtime, engine) = self.engine()?;
        let window = days(self.settings.zone, date, count);
        let reads = runtime.block_on(async {
            let reads = engine.read_calendars(&calendars, window).await;
            engine.count_requests().await;
            reads
        })?;
        let Some((_, why)) = reads.unknown.first() else {
            return Ok(());
        };
        let code = match reads.silence {
            Some(crate::port::calendar::CalendarError::SignIn(_)) => Code::SignIn,
            Some(_) => Code::NoAnswer,
            // Of several calendars those that answer are still worth showing.
            None if reads.live > 0 => return Ok(()),
            None => Code::NotAvailable,
        };
        Err(Refusal::new(
            code,
            format!("Free time is not known: {why}."),
        ))
    }
}

impl Desk for DirectDesk {
    fn clinic(&self) -> &Clinic {
        &self.clinic
    }

    fn now(&self) -> Moment {
        SystemClock.now()
    }

    fn clock_off(&self) -> Option<Skew> {
        self.engine.get().and_then(|(_, engine)| engine.skew())
    }

    fn ask(&self, query: &Query) -> Result<Answer, Refusal> {
        if let Query::Slots {
            doctors,
            date,
            days,
            ..
        } = query
        {
            self.read_for_slots(doctors, *date, *days)?;
        }
        if let Query::Why { doctor, start, .. } = query {
            let date = start.with_timezone(&self.settings.zone).date_naive();
            let read = self.read_for_slots(std::slice::from_ref(doctor), date, 1);
            // that it could not be read is one of the reasons, and no failure of the question
            if let Err(refusal) = read.as_ref()
                && refusal.code == Code::Internal
            {
                read?;
            }
        }
        answer(
            &self.records,
            &self.settings,
            &self.actor,
            self.now(),
            query,
        )
    }

    fn perform(
        &self,
        command: Command,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Outcome, Refusal> {
        let (runtime, engine) = self.engine()?;
        let (steps, mut heard) = mpsc::unbounded_channel();
        let tell: Tell = Arc::new(move |step| {
            let _ = steps.send(step);
        });
        let ended = runtime.block_on(async {
            let mut work = std::pin::pin!(engine.perform(&self.actor, command, tell));
            loop {
                tokio::select! {
                    biased;
                    Some(step) = heard.recv() => progress(step),
                    result = &mut work => {
                        while let Ok(step) = heard.try_recv() {
                            progress(step);
                        }
                        engine.count_requests().await;
                        return result;
                    }
                }
            }
        });
        restored::note(&self.records, &self.config.database);
        ended
    }
}
