//! Booking, showing and calling off visits.

use super::args::{Agenda, Book, Cancel, Move, Show};
use super::objects::AppointmentObject;
use super::say;
use super::voice::{Done, Failure, Result};
use super::{Front, find, input, misfit};
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::port::command::{self, Code, Command, Length, Outcome, Who};
use crate::port::query::{Answer, AppointmentCard, Overview, Query, RepairItem};
use std::fmt::Write;
use uuid::Uuid;

/// What can be done about a customer who is not there.
const RECORD: &str = "With --new a person of that name is recorded.";

pub(super) fn book(front: &mut Front<'_>, act: &Book) -> Result<Done> {
    let start = input::start(&act.start, front.zone())?;
    let reason = input::note(&act.reason, "reason")?;
    let key = act.key.as_deref().map(input::key).transpose()?;
    let known = input::details(&act.details, front.today())?;
    let overview = front.overview()?;
    let doctor = find::doctor(&overview, &act.doctor)?;
    let length = length(&overview, act, u32::from(doctor.slot_minutes))?;
    let customer = if act.new {
        is_no_id(&act.customer)?;
        Who::New(input::new_customer(&act.customer, known)?)
    } else {
        Who::Known(find::customer(front, &act.customer, &known, RECORD)?.customer_id)
    };
    let command = Command::Book(command::Book {
        doctor: doctor.doctor_id.clone(),
        customer,
        start,
        length,
        reason,
        // nobody is there to be asked; what could not be confirmed is said with exit code 6
        provisional: true,
        key,
    });
    match front.perform(command)? {
        // cancelled: what a key that was used before made
        Outcome::Booked(appointment) | Outcome::Cancelled(appointment) => {
            booked(front, &appointment)
        }
        Outcome::BookedProvisionally(appointment) => {
            let done = told(front, "Recorded, NOT confirmed", &appointment)?;
            Ok(done.falling_short(Some(unconfirmed(front, &appointment))))
        }
        _ => Err(misfit()),
    }
}

/// Who was found is somebody already: a person called like an id helps nobody.
fn is_no_id(typed: &str) -> Result<()> {
    if Uuid::parse_str(typed.trim()).is_err() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} is an id and not the name of a new person: leave --new out, or give the name. Nothing was changed.",
        say::quoted(typed)
    )))
}

fn length(overview: &Overview, act: &Book, slot: u32) -> Result<Length> {
    match (&act.service, act.minutes) {
        (Some(typed), _) => {
            find::service(overview, typed).map(|s| Length::Service(s.service_id.clone()))
        }
        (None, Some(minutes)) => Ok(Length::Minutes(minutes)),
        (None, None) => Ok(Length::Minutes(slot)),
    }
}

/// A key that was used before answers with what became of its booking, which need not stand any more.
fn booked(front: &Front<'_>, appointment: &Appointment) -> Result<Done> {
    match appointment.status {
        Status::Confirmed => told(front, "Booked", appointment),
        Status::Pending => {
            let done = told(front, "Recorded, NOT confirmed", appointment)?;
            Ok(done.falling_short(Some(unconfirmed(front, appointment))))
        }
        Status::Cancelled => told(front, "Booked before, and cancelled since", appointment),
        Status::Refused => {
            let done = told(front, "Not booked", appointment)?;
            let message =
                "This booking lost its slot and does not stand. Book another time, with a new key.";
            Ok(done.falling_short(Some(Failure::new(Code::NotAvailable, message))))
        }
    }
}

fn unconfirmed(front: &Front<'_>, appointment: &Appointment) -> Failure {
    if appointment.sync_state == SyncState::NeedsRepair {
        return undecided(front, appointment);
    }
    let message = format!(
        "Google has not confirmed this visit: it is recorded, and the program goes on trying while a desk is open. Do not promise the time yet. {}To try now: frontdesk repair retry {}",
        why(front, appointment),
        say::short(appointment.appointment_id.as_str())
    );
    Failure::new(Code::NoAnswer, message)
}

/// It cannot go on without a person: the program does not try again by itself.
fn undecided(front: &Front<'_>, appointment: &Appointment) -> Failure {
    let why = repair_item(front, appointment)
        .map(|item| format!("{}. ", item.sentence.trim_end_matches('.')))
        .unwrap_or_default();
    let message = format!(
        "This visit is recorded, but not booked: do not promise the time. {why}The program does not try again by itself: frontdesk repair list says what can be done, and when it is mended: frontdesk repair retry {}",
        say::short(appointment.appointment_id.as_str())
    );
    Failure::new(Code::Rule, message)
}

fn repair_item(front: &Front<'_>, appointment: &Appointment) -> Option<RepairItem> {
    let id = appointment.appointment_id.clone();
    match front.ask(&Query::Appointment(id)) {
        Ok(Answer::Appointment(card)) => card.repair,
        _ => None,
    }
}

/// Why Google has not confirmed it, as a sentence with a blank behind it; empty when nothing went
/// wrong but another program is still at it.
fn why(front: &Front<'_>, appointment: &Appointment) -> String {
    repair_item(front, appointment)
        .and_then(|item| item.last_error)
        .map(|why| format!("The reason: {why}. "))
        .unwrap_or_default()
}

pub(super) fn told(front: &Front<'_>, what: &str, appointment: &Appointment) -> Result<Done> {
    front.done(&AppointmentObject::from(appointment), || {
        let zone = front.zone();
        let mut text = format!(
            "{what}: {} with {}\n  {} ({zone})",
            appointment.customer_name,
            appointment.doctor_name,
            say::when(&appointment.visit, zone)
        );
        if !appointment.service_name.is_empty() {
            let _ = write!(text, "\n  {}", appointment.service_name);
        }
        let _ = write!(text, "\n  {}", appointment.appointment_id);
        text
    })
}

pub(super) fn show(front: &Front<'_>, act: &Show) -> Result<Done> {
    let card = find::appointment(front, &act.id)?;
    front.done(&AppointmentObject::from(&card.appointment), || {
        in_full(front, &card)
    })
}

fn in_full(front: &Front<'_>, card: &AppointmentCard) -> String {
    let a = &card.appointment;
    let zone = front.zone();
    let mut text = format!(
        "{} ({zone})\n{}",
        say::when(&a.visit, zone),
        say::standing(a)
    );
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = write!(text, "\n  {label:<9} {value}");
        }
    };
    let person = card
        .customer
        .as_ref()
        .map_or_else(|| a.customer_name.clone(), say::person);
    line("customer", &person);
    line("doctor", &a.doctor_name);
    line("service", &a.service_name);
    line("reason", &a.reason);
    let blocked = a.blocked();
    if blocked != a.visit {
        line("blocked", &say::hours_of(&blocked, zone));
    }
    line("calendar", a.google_calendar_id.as_str());
    line(
        "event",
        a.google_event_id.as_ref().map_or("", |e| e.as_str()),
    );
    line("id", a.appointment_id.as_str());
    if let Some(at) = a.cancelled_at {
        let why = a.cancellation_reason.as_deref().unwrap_or_default();
        line("cancelled", &format!("{} {why}", say::at(at, zone)));
    }
    if let Some(item) = &card.repair {
        line("repair", &item.sentence);
    }
    for entry in &card.timeline {
        let at = say::at(entry.at, zone);
        let _ = write!(text, "\n{at}  {}: {}", entry.actor, entry.what);
    }
    text
}

pub(super) fn agenda(front: &Front<'_>, act: &Agenda) -> Result<Done> {
    let date = input::date(&act.date, front.today())?;
    // without a doctor nothing has to be looked up: the quick way is the common one
    let doctor = match &act.doctor {
        Some(typed) => Some(find::doctor(&front.overview()?, typed)?.doctor_id.clone()),
        None => None,
    };
    let Answer::Visits(visits) = front.ask(&Query::Agenda { doctor, date })? else {
        return Err(misfit());
    };
    let objects: Vec<AppointmentObject<'_>> = visits.iter().map(Into::into).collect();
    front.done(&objects, || {
        let zone = front.zone();
        let rows: Vec<Vec<String>> = visits
            .iter()
            .map(|visit| {
                vec![
                    say::hours_of(&visit.visit, zone),
                    visit.customer_name.clone(),
                    visit.doctor_name.clone(),
                    visit.service_name.clone(),
                    say::standing(visit).to_owned(),
                    say::short(visit.appointment_id.as_str()),
                ]
            })
            .collect();
        let head = format!("{}, {zone}", say::day(date));
        if rows.is_empty() {
            format!("{head}\nNo visits.")
        } else {
            format!("{head}\n{}", say::table(&rows))
        }
    })
}

pub(super) fn reschedule(front: &mut Front<'_>, act: &Move) -> Result<Done> {
    let start = input::start(&act.start, front.zone())?;
    let card = find::appointment(front, &act.id)?;
    let command = Command::Move {
        appointment: card.appointment.appointment_id,
        start,
    };
    moved(front, command)
}

/// Carries a move out, or what ends like one, and says how it ended.
pub(super) fn moved(front: &mut Front<'_>, command: Command) -> Result<Done> {
    match front.perform(command)? {
        Outcome::Moved { appointment, .. } => told(front, "Moved", &appointment),
        // one that Google has not heard of has its new time here, and is still to be sent
        Outcome::Booked(appointment) => told(front, "Booked", &appointment),
        Outcome::BookedProvisionally(appointment) => {
            let done = told(
                front,
                "Recorded at its new time, NOT confirmed",
                &appointment,
            )?;
            Ok(done.falling_short(Some(unconfirmed(front, &appointment))))
        }
        Outcome::MovedProvisionally { appointment, to } => {
            let done = told(front, "NOT moved yet, it still stands here", &appointment)?;
            let message = format!(
                "Google has not confirmed the move to {}: it is recorded, and the program goes on trying while a desk is open. Until then the visit stands where it was. {}To try now: frontdesk repair retry {}",
                say::when(&to, front.zone()),
                why(front, &appointment),
                say::short(appointment.appointment_id.as_str())
            );
            Ok(done.falling_short(Some(Failure::new(Code::NoAnswer, message))))
        }
        _ => Err(misfit()),
    }
}

pub(super) fn cancel(front: &mut Front<'_>, act: &Cancel) -> Result<Done> {
    let reason = input::reason(&act.reason)?;
    let card = find::appointment(front, &act.id)?;
    let command = Command::Cancel {
        appointment: card.appointment.appointment_id,
        reason,
    };
    match front.perform(command)? {
        Outcome::Cancelled(appointment) => told(front, "Cancelled", &appointment),
        Outcome::CancelledProvisionally(appointment) => {
            let done = told(front, "Cancelled here, NOT yet in Google", &appointment)?;
            let message = format!(
                "Google has not confirmed the cancellation: the event still stands in the calendar, and the program goes on trying while a desk is open. {}To try now: frontdesk repair retry {}",
                why(front, &appointment),
                say::short(appointment.appointment_id.as_str())
            );
            Ok(done.falling_short(Some(Failure::new(Code::NoAnswer, message))))
        }
        _ => Err(misfit()),
    }
}
