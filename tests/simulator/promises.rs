//! The invariants of the design, asked of the calendar and of every database.

use super::google::{Google, Said, times};
use super::world::{Mirror, World, clinic, first_start, held};
use chrono::Duration;
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::event::{Event, EventStatus, Mark, MarkKind};
use frontdesk::domain::service::conflict;
use frontdesk::domain::time::Interval;
use frontdesk::flow::booking::Protocol;
use frontdesk::port::store::Records;
use std::collections::BTreeMap;

/// I1 and half of I4, after any change of the calendar.
pub fn at_every_step(world: &World) -> Option<String> {
    let google = held(&world.google);
    let stands: Vec<(_, &Event, &Mark, Interval)> = ours(&google)
        .filter(|(_, event, _)| event.status == EventStatus::Confirmed)
        .filter(|(_, event, _)| !google.touched.contains(&event.id))
        .filter_map(|(calendar, event, mark)| Some((calendar, event, mark, times(event)?)))
        .collect();
    for (index, (calendar, event, mark, visit)) in stands.iter().enumerate() {
        for (where_else, other, theirs, their_visit) in stands.iter().skip(index + 1) {
            if mark.appointment == theirs.appointment && mark.kind == theirs.kind {
                return Some(format!(
                    "I4: one visit, two events: {} and {}",
                    Said(event),
                    Said(other)
                ));
            }
            let apart = calendar != where_else
                || mark.appointment == theirs.appointment
                || !conflict(*visit, mark.buffers, *their_visit, theirs.buffers);
            if apart || excused(world, mark) || excused(world, theirs) {
                continue;
            }
            return Some(format!(
                "I1: double booked: {} and {}",
                Said(event),
                Said(other)
            ));
        }
    }
    None
}

/// When a desk has deleted an event: no visit that stands is taken away unless it was called off. Where
/// all share a database, an event is confirmed from the start and may be taken back while it is pending.
pub fn when_deleted(world: &World, event: &Event) -> Option<String> {
    let mark = event.mark.as_ref()?;
    if event.status != EventStatus::Confirmed || mark.kind != MarkKind::Appointment {
        return None;
    }
    let mirror = world.mirror_of(&mark.database)?;
    let found = held(&mirror.database).appointment(&mark.appointment);
    let a = found.ok().flatten()?;
    let pending = world.plan.protocol == Protocol::SharedDatabase && a.status == Status::Pending;
    let called_off = pending || a.cancellation_reason.is_some();
    (!called_off).then(|| format!("a confirmed visit was deleted: {} {a:?}", Said(event)))
}

/// I6, when a desk is told "Booked".
pub fn when_booked_is_said(world: &World, database: usize, told: &Appointment) -> Option<String> {
    let said = || format!("I6: {} was said to be booked, but", told.appointment_id);
    let mirror = world.mirrors.get(database)?;
    let Ok(Some(now)) = held(&mirror.database).appointment(&told.appointment_id) else {
        return Some(format!("{} is not recorded", said()));
    };
    let Some(event) = &told.google_event_id else {
        return Some(format!("{} has no event", said()));
    };
    let google = held(&world.google);
    if !google.was_confirmed(&told.google_calendar_id, event) {
        return Some(format!("{} Google never confirmed it", said()));
    }
    // somebody else may have called it off meanwhile, and booked it again
    let settled = now.status == Status::Confirmed
        && now.google_event_id == told.google_event_id
        && now.sync_state == SyncState::Synced
        && now.cancellation_reason.is_none();
    if !settled || google.touched.contains(event) {
        return None;
    }
    let stands = google.current(&told.google_calendar_id, event);
    let stands =
        stands.is_some_and(|e| e.status == EventStatus::Confirmed && times(e) == Some(now.visit));
    (!stands).then(|| format!("{} its event does not stand", said()))
}

/// All of them, when nothing is under way any more.
pub fn at_rest(world: &World) -> Option<String> {
    if let Some(what) = at_every_step(world) {
        return Some(what);
    }
    let google = held(&world.google);
    for (number, mirror) in world.mirrors.iter().enumerate() {
        if let Some(what) = of_a_database(world, &google, mirror) {
            return Some(format!("{what} (database {number})"));
        }
    }
    ours(&google).find_map(|(_, event, mark)| of_an_event(world, &google, event, mark))
}

fn of_a_database(world: &World, google: &Google, mirror: &Mirror) -> Option<String> {
    let database = held(&mirror.database);
    match database.audit_break() {
        Ok(None) => {}
        other => return Some(format!("I8: the audit does not verify: {other:?}")),
    }
    for row in database.unsettled().ok()? {
        let id = &row.appointment.appointment_id;
        let in_repair = row.appointment.sync_state == SyncState::NeedsRepair;
        if row.operation.is_some() || !in_repair || row.repair.is_none() {
            return Some(format!(
                "I5: {id} is neither settled nor in repair: {row:?}"
            ));
        }
    }
    let all = Interval::lasting(first_start() - Duration::days(2), 5 * 1440);
    let mut reasons = BTreeMap::new();
    for appointment in database.appointments(&[], all, true).ok()? {
        if let Some(what) = of_an_appointment(world, google, &appointment) {
            return Some(what);
        }
        let id = appointment.appointment_id;
        if let Some(other) = reasons.insert(appointment.reason.clone(), id.clone()) {
            let keyed = held(&world.keyed);
            if keyed
                .iter()
                .any(|(_, book)| book.reason == appointment.reason)
            {
                return Some(format!("I4: one key, two appointments: {id} and {other}"));
            }
        }
    }
    None
}

fn of_an_appointment(world: &World, google: &Google, a: &Appointment) -> Option<String> {
    let id = &a.appointment_id;
    // what another desk booked is asked of that desk's database
    if a.source == Source::Adopted {
        return None;
    }
    if a.status == Status::Pending && a.sync_state == SyncState::Synced {
        let chosen = held(&world.chosen).contains(id);
        return (!chosen).then(|| format!("I5: {id} is pending and nobody works on it"));
    }
    let excused = a.sync_state == SyncState::NeedsRepair || held(&world.chosen).contains(id);
    if a.status != Status::Confirmed || excused {
        return None;
    }
    let Some(event) = &a.google_event_id else {
        return Some(format!("I2: {id} is confirmed without an event"));
    };
    if google.touched.contains(event) {
        return None;
    }
    match google.current(&a.google_calendar_id, event) {
        Some(e) if e.status == EventStatus::Confirmed && times(e) == Some(a.visit) => None,
        Some(e) => Some(format!(
            "I2: {id} is confirmed for {:?}, in Google: {}",
            a.visit,
            Said(e)
        )),
        None => Some(format!(
            "I2: {id} is confirmed and Google has no event of it"
        )),
    }
}

fn of_an_event(world: &World, google: &Google, event: &Event, mark: &Mark) -> Option<String> {
    if event.status == EventStatus::Cancelled || excused(world, mark) {
        return None;
    }
    if event.status == EventStatus::Tentative || mark.kind == MarkKind::Placeholder {
        return Some(format!("I10: left behind: {}", Said(event)));
    }
    if google.touched.contains(&event.id) {
        return None;
    }
    let mirror = world.mirror_of(&mark.database)?;
    let known = held(&mirror.database).appointment(&mark.appointment).ok()?;
    match known {
        Some(a) if a.takes_time() => None,
        Some(a) => Some(format!(
            "I3: {} stands, its visit is {:?}",
            Said(event),
            a.status
        )),
        None => Some(format!(
            "I3: {} stands and nobody knows its visit",
            Said(event)
        )),
    }
}

/// Events of this clinic, tombstones too.
fn ours(
    google: &Google,
) -> impl Iterator<Item = (&frontdesk::domain::id::CalendarId, &Event, &Mark)> {
    google.all().filter_map(|(calendar, event)| {
        let mark = event.mark.as_ref().filter(|mark| mark.clinic == clinic())?;
        Some((calendar, event, mark))
    })
}

/// Whether the appointment waits for a person, or stands as a person chose.
fn excused(world: &World, mark: &Mark) -> bool {
    if held(&world.chosen).contains(&mark.appointment) {
        return true;
    }
    let Some(mirror) = world.mirror_of(&mark.database) else {
        return false;
    };
    let found = held(&mirror.database).appointment(&mark.appointment);
    found.is_ok_and(|a| a.is_some_and(|a| a.sync_state == SyncState::NeedsRepair))
}
