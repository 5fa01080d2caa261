//! How what is not in step is told: the list, and one of it in full.

use super::objects::{RepairCardObject, RepairObject};
use crate::cli::Front;
use crate::cli::say;
use crate::cli::voice::{Done, Failure, Result};
use crate::domain::appointment::SyncState;
use crate::flow::repair::{Sides, Trouble, says, sides};
use crate::port::command::{Code, Refusal};
use crate::port::query::{AppointmentCard, RepairAction, RepairItem};
use std::fmt::Write;

pub(super) fn list(front: &Front<'_>, items: &[RepairItem], narrowed: bool) -> Result<Done> {
    let objects: Vec<RepairObject<'_>> = items.iter().map(Into::into).collect();
    front.done(&objects, || {
        if items.is_empty() {
            let nothing = if narrowed {
                "Nothing of that kind is out of step with Google."
            } else {
                "Everything is in step with Google."
            };
            return nothing.to_owned();
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

fn headline(front: &Front<'_>, item: &RepairItem) -> Vec<String> {
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
    lines
}

fn in_words(front: &Front<'_>, item: &RepairItem) -> String {
    let mut lines = headline(front, item);
    if !item.actions.is_empty() {
        let actions: Vec<&str> = item.actions.iter().map(|action| action.words()).collect();
        lines.push(format!("  possible: {}", actions.join(", ")));
    }
    lines.join("\n")
}

/// One visit with both its sides, its history and what can be done.
pub(super) fn one(
    front: &Front<'_>,
    card: &AppointmentCard,
    unread: Option<&Refusal>,
) -> Result<Done> {
    let Some(item) = &card.repair else {
        return Err(Failure::new(
            Code::Rule,
            "This visit is in step with Google: frontdesk show tells all about it.",
        ));
    };
    let object = RepairCardObject::new(item, &card.timeline);
    let done = front.done(&object, || in_full(front, card, item))?;
    Ok(done
        .falling_short(unread.map(|refusal| Failure::new(refusal.code, refusal.message.clone()))))
}

fn in_full(front: &Front<'_>, card: &AppointmentCard, item: &RepairItem) -> String {
    let zone = front.zone();
    let mut text = headline(front, item).join("\n");
    let google = match &item.google {
        Some(google) => format!("Google, as of {}", say::at(google.as_of, zone)),
        None => "Google".to_owned(),
    };
    let mut rows = vec![vec![
        String::new(),
        String::new(),
        "here".to_owned(),
        google,
    ]];
    let lines = sides(&Sides {
        appointment: &item.appointment,
        google: item.google.as_ref(),
        title: &item.title,
        zone,
        today: front.today(),
    });
    rows.extend(lines.into_iter().map(|line| {
        let mark = if line.differs { "≠" } else { "" };
        let label = line.label.to_lowercase();
        vec![mark.to_owned(), label, line.here, line.google]
    }));
    let _ = write!(text, "\n\n{}\n", say::table(&rows));
    for entry in &card.timeline {
        let at = say::at(entry.at, zone);
        let _ = write!(text, "\n{at}  {}: {}", entry.actor, entry.what);
    }
    let trouble = Trouble {
        cause: item.cause,
        appointment: &item.appointment,
        google: item.google.as_ref(),
        former: item.former,
        sign_in: false,
    };
    let id = say::short(item.appointment.appointment_id.as_str());
    if !item.actions.is_empty() {
        text.push('\n');
    }
    for action in &item.actions {
        let words = says(*action, &trouble, &|moment| say::at(moment, zone));
        let _ = write!(text, "\n{words}\n  {}", line_of(*action, &id));
    }
    text
}

/// What is typed to do it.
fn line_of(action: RepairAction, id: &str) -> String {
    match action {
        RepairAction::Reconnect => "frontdesk connect".to_owned(),
        RepairAction::Retry => format!("frontdesk repair retry {id}"),
        RepairAction::Recreate => format!("frontdesk repair recreate {id}"),
        RepairAction::AdoptTimes => format!("frontdesk repair adopt {id}"),
        RepairAction::PutBack => format!("frontdesk repair putback {id}"),
        RepairAction::Move => format!("frontdesk move {id} --start TIME"),
        RepairAction::Cancel => format!("frontdesk repair cancel {id} --reason WHY"),
        RepairAction::Ignore => format!("frontdesk repair ignore {id} --reason WHY"),
    }
}
