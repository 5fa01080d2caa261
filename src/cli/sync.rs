//! Mirror and calendars: a pass, a comparison, a rebuilt schedule.

use super::args::Sync;
use super::objects::{AppointmentObject, CheckObject, DifferenceObject, PassObject, RetriedObject};
use super::say;
use super::voice::{Done, Failure, Result};
use super::{Front, find, misfit};
use crate::domain::appointment::SyncState;
use crate::port::command::{Code, Command, Outcome, Retried};
use crate::port::sync::{CalendarSync, Difference, SyncAct};

pub(super) fn sync(front: &mut Front<'_>, wanted: &Sync) -> Result<Done> {
    let doctor = |front: &Front<'_>, typed: &str| {
        let overview = front.overview()?;
        Ok::<_, Failure>(find::doctor(&overview, typed)?.doctor_id.clone())
    };
    let act = match wanted {
        Sync { check: true, .. } => SyncAct::Check,
        Sync { fix: true, .. } => SyncAct::Fix,
        Sync { rebuild: true, .. } => SyncAct::Rebuild,
        Sync {
            release: Some(typed),
            ..
        } => SyncAct::Release(doctor(front, typed)?),
        Sync {
            upcoming: Some(typed),
            ..
        } => SyncAct::Upcoming(doctor(front, typed)?),
        Sync { .. } => SyncAct::Pass,
    };
    match front.perform(Command::Sync(act))? {
        Outcome::Synced { calendars, sent } => synced(front, &calendars, &sent),
        Outcome::Checked {
            differences,
            unread,
        } => checked(front, &differences, &unread, wanted.fix),
        _ => Err(misfit()),
    }
}

fn synced(front: &Front<'_>, calendars: &[CalendarSync], sent: &[Retried]) -> Result<Done> {
    let object = PassObject {
        calendars: calendars.iter().map(Into::into).collect(),
        sent: sent
            .iter()
            .map(|one| RetriedObject {
                appointment: AppointmentObject::from(&one.appointment),
                message: &one.message,
            })
            .collect(),
    };
    let done = front.done(&object, || {
        let mut lines: Vec<String> = calendars.iter().map(in_words).collect();
        for one in sent {
            let a = &one.appointment;
            lines.push(format!(
                "{}  {} with {}: {}",
                say::when(&a.visit, front.zone()),
                a.customer_name,
                a.doctor_name,
                one.message
            ));
        }
        if lines.is_empty() {
            lines.push("There was nothing to do.".to_owned());
        }
        lines.join("\n")
    })?;
    Ok(done.falling_short(shortfall(calendars, sent)))
}

fn in_words(one: &CalendarSync) -> String {
    let calendar = &one.calendar;
    let synced = match &one.result {
        Err(why) => return format!("{calendar}: not read. {why}"),
        Ok(synced) => synced,
    };
    if let Some(why) = &synced.braked {
        return format!("{calendar}: HELD BACK. {why}");
    }
    let parts: Vec<String> = [
        (
            synced.events,
            "event is new or other",
            "events are new or other",
        ),
        (synced.moved, "visit was moved", "visits were moved"),
        (
            synced.gone,
            "visit has lost its event",
            "visits have lost their events",
        ),
        (
            synced.adopted,
            "visit of another desk",
            "visits of other desks",
        ),
        (synced.conflicts, "conflict", "conflicts"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| say::count(count, one, many))
    .collect();
    if parts.is_empty() {
        format!("{calendar}: nothing new")
    } else {
        format!("{calendar}: {}", parts.join(", "))
    }
}

/// What is still not as it should be, the most pressing first.
fn shortfall(calendars: &[CalendarSync], sent: &[Retried]) -> Option<Failure> {
    let silent = calendars.iter().filter(|one| one.result.is_err()).count();
    let pending = sent
        .iter()
        .filter(|one| one.appointment.sync_state == SyncState::SyncPending)
        .count();
    if silent + pending > 0 {
        let message = format!(
            "{} not be read, {} still not in step with Google: try again, or leave a desk open.",
            say::count(silent, "calendar could", "calendars could"),
            say::count(pending, "visit is", "visits are")
        );
        return Some(Failure::new(Code::NoAnswer, message));
    }
    let held = calendars.iter().find_map(|one| {
        let synced = one.result.as_ref().ok()?;
        synced.braked.as_ref().map(|_| &one.calendar)
    });
    if let Some(calendar) = held {
        let message = format!(
            "What changed in {calendar} is held back: look into it, then frontdesk sync --release DOCTOR, or put \
             it right in Google Calendar."
        );
        return Some(Failure::new(Code::Rule, message));
    }
    let stuck = sent
        .iter()
        .filter(|one| one.appointment.sync_state == SyncState::NeedsRepair)
        .count();
    (stuck > 0).then(|| {
        let message = format!(
            "{} a person to choose: frontdesk repair list says why.",
            say::count(stuck, "visit needs", "visits need")
        );
        Failure::new(Code::Rule, message)
    })
}

fn checked(
    front: &Front<'_>,
    differences: &[Difference],
    unread: &[(crate::domain::id::CalendarId, String)],
    fixed: bool,
) -> Result<Done> {
    let object = CheckObject {
        differences: differences.iter().map(DifferenceObject::from).collect(),
        unread: unread.iter().map(|(calendar, _)| calendar).collect(),
    };
    let done = front.done(&object, || {
        let mut lines: Vec<String> = differences
            .iter()
            .map(|one| format!("{}: {}", one.calendar, one.sentence))
            .collect();
        lines.extend(
            unread
                .iter()
                .map(|(calendar, why)| format!("{calendar}: not read. {why}")),
        );
        if lines.is_empty() {
            lines.push("This clinic and its calendars agree.".to_owned());
        }
        lines.join("\n")
    })?;
    let failure = if !unread.is_empty() {
        Some(Failure::new(
            Code::NoAnswer,
            format!(
                "{} not be read, so the comparison is not whole.",
                say::count(unread.len(), "calendar could", "calendars could")
            ),
        ))
    } else if !differences.is_empty() && !fixed {
        Some(Failure::new(
            Code::Rule,
            format!(
                "{} found, nothing was changed: frontdesk sync --fix takes Google's side over where that is safe, \
                 and files the rest for repair.",
                say::count(differences.len(), "difference was", "differences were")
            ),
        ))
    } else {
        None
    };
    Ok(done.falling_short(failure))
}
