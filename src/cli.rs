//! The same acts as on the screens, without a screen: text for people, or `--json`. Everything goes
//! through [`crate::port::desk::Desk`]; what stands behind it is none of this module's business.

pub mod args;
pub mod zones;

mod clinic;
mod find;
mod input;
mod notices;
mod objects;
mod people;
mod repair;
mod say;
mod slots;
mod sync;
#[cfg(test)]
mod tests;
mod visits;
mod voice;
mod why;

use crate::domain::time::Moment;
use crate::port::command::{Code, Command, Outcome, Refusal};
use crate::port::desk::Desk;
use crate::port::query::{Answer, Overview, Query};
use crate::port::report::Progress;
use args::Act;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::io::{IsTerminal, Write};
use voice::{Done, Failure, Result};

/// Carries the act out and says what it came to: the answer on `out`, everything else on `err`.
/// Returns the exit code.
pub fn run(act: &Act, json: bool, desk: &dyn Desk, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let zone = desk.clinic().zone;
    let result = {
        let mut front = Front { desk, json, err };
        match act {
            Act::Doctor(act) => clinic::doctor(&mut front, act),
            Act::Hours(act) => clinic::hours(&mut front, act),
            Act::Service(act) => clinic::service(&mut front, act),
            Act::Customer(act) => people::customer(&mut front, act),
            Act::Slots(act) => slots::slots(&front, act),
            Act::Why(act) => why::why(&front, act),
            Act::Book(act) => visits::book(&mut front, act),
            Act::Show(act) => visits::show(&front, act),
            Act::Agenda(act) => visits::agenda(&front, act),
            Act::Move(act) => visits::reschedule(&mut front, act),
            Act::Cancel(act) => visits::cancel(&mut front, act),
            Act::Repair(act) => repair::repair(&mut front, act),
            Act::Sync(act) => sync::sync(&mut front, act),
            Act::Notices(act) => notices::notices(&mut front, act),
        }
    };
    let clock = desk
        .clock_off()
        .map(|skew| Failure::new(Code::Internal, skew.sentence()));
    match result {
        Ok(done) => voice::answer(&done.beside(clock), json, zone, out, err),
        Err(failure) => voice::fail_beside(&failure, clock.as_ref(), json, zone, err),
    }
}

/// Says on `err` why nothing was done, in the same form as every refusal, before there is a desk to
/// ask. Returns the exit code.
pub fn refuse(code: Code, message: &str, json: bool, err: &mut dyn Write) -> u8 {
    voice::fail(&Failure::new(code, message), json, Tz::UTC, err)
}

/// The desk as the acts use it.
struct Front<'a> {
    desk: &'a dyn Desk,
    json: bool,
    err: &'a mut dyn Write,
}

impl Front<'_> {
    fn zone(&self) -> Tz {
        self.desk.clinic().zone
    }

    fn now(&self) -> Moment {
        self.desk.now()
    }

    /// The day that the clinic's clocks show.
    fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }

    fn ask(&self, query: &Query) -> Result<Answer> {
        Ok(self.desk.ask(query)?)
    }

    fn overview(&self) -> Result<Overview> {
        match self.ask(&Query::Overview)? {
            Answer::Overview(overview) => Ok(overview),
            _ => Err(misfit()),
        }
    }

    /// Carries a command out. A wait for another desk can take two minutes, so it is said.
    fn perform(&mut self, command: Command) -> std::result::Result<Outcome, Refusal> {
        let mut said = self.json;
        let live = !self.json && std::io::stderr().is_terminal();
        let err = &mut *self.err;
        self.desk.perform(command, &mut |progress| {
            if let Progress::Counted { done, of } = progress
                && live
            {
                // who cannot see it is still served
                let _ = write!(err, "{}", say::bar(done, of));
            }
            if progress == Progress::Waiting && !said {
                said = true;
                // who cannot hear it is still served
                let _ = writeln!(
                    err,
                    "Another desk is about to take this time: waiting for it."
                );
            }
        })
    }

    fn done<T: serde::Serialize>(&self, object: &T, text: impl FnOnce() -> String) -> Result<Done> {
        if self.json {
            let text = serde_json::to_string(object)
                .map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
            Ok(Done::new(text))
        } else {
            Ok(Done::new(text()))
        }
    }
}

/// An answer that does not fit its question: a defect.
fn misfit() -> Failure {
    Failure::new(
        Code::Internal,
        "The desk gave an answer that does not fit the question. This is a defect of the program: please report it.",
    )
}
