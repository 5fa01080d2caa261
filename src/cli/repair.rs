//! What is not in step with Google, and trying again.

use super::args::{RepairAct, Retry};
use super::objects::{AppointmentObject, RepairObject, RetriedObject};
use super::say;
use super::voice::{Done, Failure, Result};
use super::{Front, find, misfit};
use crate::domain::appointment::{Status, SyncState};
use crate::port::command::{Code, Command, Outcome, Retried};
use crate::port::query::{Answer, Query, RepairAction, RepairItem};

pub(super) fn repair(front: &mut Front<'_>, act: &RepairAct) -> Result<Done> {
    match act {
        RepairAct::List => list(front),
        RepairAct::Retry(which) => retry(front, which),
    }
}

fn list(front: &Front<'_>) -> Result<Done> {
    let Answer::Repairs(items) = front.ask(&Query::Repairs)? else {
        return Err(misfit());
    };
    let objects: Vec<RepairObject<'_>> = items.iter().map(Into::into).collect();
    front.done(&objects, || {
        if items.is_empty() {
            return "Everything is in step with Google.".to_owned();
        }
        let pending = items
            .iter()
            .filter(|item| item.state == SyncState::SyncPending)
            .count();
        let told: Vec<String> = items.iter().map(|item| in_words(front, item)).collect();
        format!(
            "{pending} pending, {} to repair, times of {}\n\n{}",
            items.len() - pending,
            front.zone(),
            told.join("\n\n")
        )
    })
}

fn in_words(front: &Front<'_>, item: &RepairItem) -> String {
    let zone = front.zone();
    let a = &item.appointment;
    let state = match item.state {
        SyncState::NeedsRepair => "REPAIR",
        SyncState::SyncPending | SyncState::Synced => "pending",
    };
    let mut lines = vec![
        format!(
            "{state}  {}  {} with {}  {}",
            say::when(&a.visit, zone),
            a.customer_name,
            a.doctor_name,
            say::short(a.appointment_id.as_str())
        ),
        format!("  {}", item.sentence),
        format!("  since {}", say::at(item.since, zone)),
    ];
    if let Some(error) = &item.last_error {
        lines.push(format!("  last error: {error}"));
    }
    if let Some(next) = item.next_try {
        lines.push(format!("  next try {}", say::at(next, zone)));
    }
    if !item.actions.is_empty() {
        let actions: Vec<&str> = item.actions.iter().map(|a| action(*a)).collect();
        lines.push(format!("  possible: {}", actions.join(", ")));
    }
    lines.join("\n")
}

fn action(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Retry => "try again",
        RepairAction::Cancel => "call the visit off",
        RepairAction::AdoptTimes => "take Google's time (on the screen, with !)",
        RepairAction::Keep => "leave both as they are (on the screen, with !)",
    }
}

fn retry(front: &mut Front<'_>, which: &Retry) -> Result<Done> {
    let command = match &which.id {
        Some(typed) => {
            let card = find::appointment(front, typed)?;
            Command::Retry(card.appointment.appointment_id)
        }
        None => Command::RetryAll,
    };
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
