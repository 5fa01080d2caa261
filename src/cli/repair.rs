//! What is not in step with Google, and what a person chooses about it.

mod objects;
mod told;

use super::args::{Ignore, RepairAct, RepairList, Retry, Which};
use super::objects::{AppointmentObject, RetriedObject};
use super::say;
use super::visits;
use super::voice::{Done, Failure, Result};
use super::{Front, find, input, misfit};
use crate::domain::appointment::{Status, SyncState};
use crate::domain::id::AppointmentId;
use crate::port::command::{Code, Command, Outcome, Retried};
use crate::port::query::{Answer, Query};

pub(super) fn repair(front: &mut Front<'_>, act: &RepairAct) -> Result<Done> {
    match act {
        RepairAct::List(which) => list(front, which),
        RepairAct::Show(which) => show(front, which),
        RepairAct::Retry(which) => retry(front, which),
        RepairAct::Adopt(which) => settle(front, which, "Google's time taken", Command::AdoptTimes),
        RepairAct::Recreate(which) => {
            let id = named(front, which)?;
            tried(front, Command::Recreate(id))
        }
        RepairAct::Putback(which) => {
            let id = named(front, which)?;
            visits::moved(front, Command::PutBack(id))
        }
        RepairAct::Cancel(which) => visits::cancel(front, which),
        RepairAct::Ignore(which) => ignore(front, which),
    }
}

/// The whole id of what was named.
fn named(front: &Front<'_>, which: &Which) -> Result<AppointmentId> {
    let card = find::appointment(front, &which.id)?;
    Ok(card.appointment.appointment_id)
}

fn list(front: &Front<'_>, which: &RepairList) -> Result<Done> {
    let Answer::Repairs(mut items) = front.ask(&Query::Repairs)? else {
        return Err(misfit());
    };
    let narrowed = which.doctor.is_some() || which.cause.is_some();
    if let Some(typed) = &which.doctor {
        let doctor = find::doctor(&front.overview()?, typed)?.doctor_id.clone();
        items.retain(|item| item.appointment.doctor_id == doctor);
    }
    if let Some(cause) = which.cause {
        let cause = cause.into();
        items.retain(|item| item.cause == cause);
    }
    told::list(front, &items, narrowed)
}

/// Reads Google's side first; what cannot be read is told as it is known.
fn show(front: &mut Front<'_>, which: &Which) -> Result<Done> {
    let id = named(front, which)?;
    let unread = front.perform(Command::LookInto(id)).err();
    let card = find::appointment(front, &which.id)?;
    told::one(front, &card, unread.as_ref())
}

fn ignore(front: &mut Front<'_>, which: &Ignore) -> Result<Done> {
    let reason = input::reason(&which.reason)?;
    let which = Which {
        id: which.id.clone(),
    };
    settle(front, &which, "Left as it is", |id| {
        Command::Ignore(id, reason)
    })
}

fn settle(
    front: &mut Front<'_>,
    which: &Which,
    what: &str,
    command: impl FnOnce(AppointmentId) -> Command,
) -> Result<Done> {
    let id = named(front, which)?;
    let Outcome::Repaired(appointment) = front.perform(command(id))? else {
        return Err(misfit());
    };
    let done = visits::told(front, what, &appointment)?;
    let left = appointment.sync_state == SyncState::NeedsRepair;
    Ok(done.falling_short(left.then(|| {
        let id = say::short(appointment.appointment_id.as_str());
        let message =
            format!("It still needs a person to choose: frontdesk repair show {id} says why.");
        Failure::new(Code::Rule, message)
    })))
}

fn retry(front: &mut Front<'_>, which: &Retry) -> Result<Done> {
    let command = match &which.id {
        Some(typed) => {
            let card = find::appointment(front, typed)?;
            Command::Retry(card.appointment.appointment_id)
        }
        None => Command::RetryAll,
    };
    tried(front, command)
}

fn tried(front: &mut Front<'_>, command: Command) -> Result<Done> {
    let Outcome::Retried(retried) = front.perform(command)? else {
        return Err(misfit());
    };
    let objects: Vec<RetriedObject<'_>> = retried
        .iter()
        .map(|one| RetriedObject {
            appointment: AppointmentObject::from(&one.appointment),
            message: &one.message,
        })
        .collect();
    let done = front.done(&objects, || {
        if retried.is_empty() {
            return "Nothing is pending or in repair.".to_owned();
        }
        let rows: Vec<Vec<String>> = retried
            .iter()
            .map(|one| {
                vec![
                    say::short(one.appointment.appointment_id.as_str()),
                    one.appointment.customer_name.clone(),
                    say::standing(&one.appointment).to_owned(),
                    one.message.clone(),
                ]
            })
            .collect();
        say::table(&rows)
    })?;
    Ok(done.falling_short(shortfall(&retried)))
}

/// What is still not as it should be, the most pressing first.
fn shortfall(retried: &[Retried]) -> Option<Failure> {
    let count = |wanted: &dyn Fn(&Retried) -> bool| retried.iter().filter(|r| wanted(r)).count();
    let pending = count(&|r| r.appointment.sync_state == SyncState::SyncPending);
    if pending > 0 {
        let message = format!(
            "{} still not in step with Google; the program goes on trying while a desk is open.",
            say::count(pending, "visit is", "visits are")
        );
        return Some(Failure::new(Code::NoAnswer, message));
    }
    let stuck = count(&|r| r.appointment.sync_state == SyncState::NeedsRepair);
    if stuck > 0 {
        let message = format!(
            "{} a person to choose: frontdesk repair list says why.",
            say::count(stuck, "visit needs", "visits need")
        );
        return Some(Failure::new(Code::Rule, message));
    }
    let lost = count(&|r| r.appointment.status == Status::Refused);
    (lost > 0).then(|| {
        let message = format!(
            "{} the slot and not booked: call the customer and book another time.",
            say::count(lost, "visit has lost", "visits have lost")
        );
        Failure::new(Code::NotAvailable, message)
    })
}
