//! What the programs said to whoever asked, and what was found wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What was said of one booking. The strongest word counts.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The appointment, once it was named.
    pub appointment: Option<String>,
    /// "Booked".
    pub booked: bool,
    /// "Recorded, not confirmed".
    pub recorded: bool,
    /// "Taken".
    pub refused: bool,
}

#[derive(Default)]
pub struct Ledger {
    /// By customer: each booking has a customer of its own.
    said: Mutex<BTreeMap<String, Said>>,
    /// Appointments that can be called off, by the database that knows them.
    known: Mutex<Vec<(PathBuf, String)>>,
    /// Appointments that somebody asked to call off.
    called_off: Mutex<BTreeSet<String>>,
    /// How often somebody began to move it or to call it off.
    touched: Mutex<BTreeMap<String, u32>>,
    wrong: Mutex<Vec<String>>,
    tally: Mutex<BTreeMap<String, u32>>,
}

impl Ledger {
    /// Something that must not be.
    pub fn wrong(&self, what: String) {
        self.wrong.lock().unwrap().push(what);
    }

    pub fn count(&self, what: &str) {
        *self
            .tally
            .lock()
            .unwrap()
            .entry(what.to_owned())
            .or_default() += 1;
    }

    /// Notes what was said of a customer's booking. One key names one appointment.
    pub fn note(&self, customer: &str, appointment: Option<&str>, note: impl FnOnce(&mut Said)) {
        let mut all = self.said.lock().unwrap();
        let said = all.entry(customer.to_owned()).or_default();
        match (&said.appointment, appointment) {
            (Some(before), Some(now)) if before != now => {
                self.wrong(format!(
                    "{customer}: one key, two appointments: {before}, {now}"
                ));
            }
            (None, Some(now)) => said.appointment = Some(now.to_owned()),
            _ => {}
        }
        note(said);
    }

    pub fn said(&self) -> BTreeMap<String, Said> {
        self.said.lock().unwrap().clone()
    }

    /// From now on it may be called off by whoever works on that database.
    pub fn publish(&self, database: &Path, appointment: &str) {
        let entry = (database.to_owned(), appointment.to_owned());
        self.known.lock().unwrap().push(entry);
    }

    /// What is known in that database.
    pub fn known(&self, database: &Path) -> Vec<String> {
        let known = self.known.lock().unwrap();
        let here = known.iter().filter(|(path, _)| path == database);
        here.map(|(_, id)| id.clone()).collect()
    }

    pub fn forget(&self, appointment: &str) {
        self.known
            .lock()
            .unwrap()
            .retain(|(_, id)| id != appointment);
    }

    pub fn call_off(&self, appointment: &str) {
        self.called_off
            .lock()
            .unwrap()
            .insert(appointment.to_owned());
    }

    /// Somebody begins to change it; answers the how manieth time that is.
    pub fn touch(&self, appointment: &str) -> u32 {
        let mut touched = self.touched.lock().unwrap();
        let count = touched.entry(appointment.to_owned()).or_default();
        *count += 1;
        *count
    }

    pub fn touches(&self, appointment: &str) -> u32 {
        self.touched
            .lock()
            .unwrap()
            .get(appointment)
            .copied()
            .unwrap_or(0)
    }

    pub fn is_called_off(&self, appointment: &str) -> bool {
        self.called_off.lock().unwrap().contains(appointment)
    }

    /// Says how it went, and fails if anything was wrong.
    pub fn close(&self, name: &str) {
        let tally = self.tally.lock().unwrap();
        eprintln!("{name}: {tally:#?}");
        let wrong = self.wrong.lock().unwrap();
        assert!(
            wrong.is_empty(),
            "{name}: {} wrong:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        // a fight in which nothing happened shows nothing
        for happened in ["book: 0", "book: 4", "killed"] {
            assert!(
                tally.get(happened).is_some_and(|n| *n > 0),
                "{name}: no “{happened}”"
            );
        }
    }
}
