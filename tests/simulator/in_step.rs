//! What following the calendars promises: nothing that was known is lost, nobody is called off by the
//! program, and at rest calendar and databases say the same, or a person is told that they do not.
//!
//! The promises of the protocol leave out what a person has touched in Google. Here nothing of that is left
//! out: whatever was touched, a read has brought it. What a person at the desk has chosen to leave as it is
//! stays theirs to answer for.

use super::google::{Google, Said, Span, ZONE, times};
use super::world::{Mirror, PRIVATE, World, clinic, first_start, held};
use chrono::{Duration, Timelike as _};
use frontdesk::domain::appointment::{Appointment, Source, Status, SyncState};
use frontdesk::domain::customer::Customer;
use frontdesk::domain::event::{Event, EventStatus, Mark, MarkKind};
use frontdesk::domain::id::{AppointmentId, CalendarId, CustomerId, ServiceId};
use frontdesk::domain::service::conflict;
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::flow::operation::Cause;
use frontdesk::port::store::{Records, StoreError};
use frontdesk::store::Database;

/// What nothing that is read may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    customer: CustomerId,
    name: String,
    reason: String,
    service: Option<ServiceId>,
    source: Source,
    created_at: Moment,
    created_by: String,
}

impl Kept {
    fn of(a: &Appointment) -> Self {
        Self {
            customer: a.customer_id.clone(),
            name: a.customer_name.clone(),
            reason: a.reason.clone(),
            service: a.service_id.clone(),
            source: a.source,
            created_at: a.created_at,
            created_by: a.created_by.clone(),
        }
    }
}

/// An appointment is in a database: it stays there.
pub fn record(world: &World, number: usize, a: &Appointment) {
    held(&world.recorded)
        .entry((number, a.appointment_id.clone()))
        .or_insert_with(|| Kept::of(a));
}

/// Every appointment of a database.
pub fn everything(database: &mut Database) -> Result<Vec<Appointment>, StoreError> {
    let all = Interval::lasting(first_start() - Duration::days(2), 5 * 1440);
    database.appointments(&[], all, true)
}

/// A read was taken over: nothing that was known is gone, and no visit of this database is called off or
/// settled by it.
pub fn after_a_read(before: &[Appointment], after: &[Appointment]) -> Option<String> {
    before.iter().find_map(|was| {
        let id = &was.appointment_id;
        let Some(is) = after.iter().find(|a| a.appointment_id == *id) else {
            return Some(format!("a read has lost {id}"));
        };
        if Kept::of(was) != Kept::of(is) {
            return Some(format!("a read has changed our own words: {was:?} {is:?}"));
        }
        if was.source == Source::Adopted {
            return None;
        }
        // one that lost its slot, and whose event a person has put back, stands and waits for a person
        let under_way = was.sync_state == SyncState::SyncPending;
        let pending = was.status == Status::Pending && under_way && was != is;
        let called_off = was.status == Status::Confirmed && is.status != Status::Confirmed;
        (pending || called_off).then(|| format!("a read has settled a visit: {was:?} {is:?}"))
    })
}

/// When everything was read and nothing is under way any more.
pub fn at_rest(world: &World) -> Option<String> {
    let google = held(&world.google);
    lost(world)
        .or_else(|| double(world, &google))
        .or_else(|| {
            let mut visits = google.all().filter(|(_, event)| is_visit(event));
            visits.find_map(|(calendar, event)| of_an_event(world, &google, calendar, event))
        })
        .or_else(|| {
            let mut mirrors = world.mirrors.iter().enumerate();
            mirrors.find_map(|(number, mirror)| {
                let what = of_a_database(world, &google, mirror)?;
                Some(format!("{what} (database {number})"))
            })
        })
}

/// Nothing that was ever recorded is lost, and nothing about it that only we know.
fn lost(world: &World) -> Option<String> {
    held(&world.recorded)
        .iter()
        .find_map(|((number, id), kept)| {
            let mirror = world.mirrors.get(*number)?;
            let known = held(&mirror.database).appointment(id).ok().flatten();
            let Some(known) = known else {
                return Some(format!("{id} is lost (database {number})"));
            };
            let whose = held(&mirror.database)
                .customer(&kept.customer)
                .ok()
                .flatten();
            if whose.is_none_or(|Customer { customer_id, .. }| customer_id != kept.customer) {
                return Some(format!("the customer of {id} is lost (database {number})"));
            }
            let now = Kept::of(&known);
            (now != *kept).then(|| format!("{id} was {kept:?} and is {now:?} (database {number})"))
        })
}

/// Of two visits in one time a person is told, at some desk.
fn double(world: &World, google: &Google) -> Option<String> {
    let stands: Vec<_> = google
        .all()
        .filter(|(_, event)| is_visit(event))
        .filter_map(|(calendar, event)| Some((calendar, event, mark(event)?, times(event)?)))
        .collect();
    for (index, (calendar, event, one, visit)) in stands.iter().enumerate() {
        for (where_else, other, two, their_visit) in stands.iter().skip(index + 1) {
            let told = |mark: &Mark| {
                is_chosen(world, &mark.appointment)
                    || world
                        .mirrors
                        .iter()
                        .any(|m| in_repair(m, &mark.appointment))
            };
            let meet = calendar == where_else
                && one.appointment != two.appointment
                && conflict(*visit, one.buffers, *their_visit, two.buffers);
            if meet && !told(one) && !told(two) {
                return Some(format!(
                    "nobody is told that two visits meet: {} and {}",
                    Said(event),
                    Said(other)
                ));
            }
        }
    }
    None
}

/// An event of a visit that stands is known in its own database, and in every other one.
fn of_an_event(
    world: &World,
    google: &Google,
    calendar: &CalendarId,
    event: &Event,
) -> Option<String> {
    let (mark, visit) = (mark(event)?, times(event)?);
    let id = &mark.appointment;
    if is_chosen(world, id) {
        return None;
    }
    let own = world.mirror_of(&mark.database)?;
    // somebody brought an earlier attempt back: a copy, which takes its time as a visit, and is nobody's
    let ours = held(&own.database).appointment(id).ok().flatten();
    let copy = |a: &Appointment| a.google_event_id.as_ref() != Some(&event.id);
    if ours.as_ref().is_some_and(copy) && google.touched.contains(&event.id) {
        return None;
    }
    world
        .mirrors
        .iter()
        .enumerate()
        .find_map(|(number, mirror)| {
            if in_repair(mirror, id) {
                return None;
            }
            let known = held(&mirror.database).appointment(id).ok().flatten();
            let said = match known {
                Some(a) if a.takes_time() && a.visit == visit => return None,
                Some(a) => format!("its visit is {:?} {}", a.status, Span(a.visit)),
                None => "nobody knows its visit".to_owned(),
            };
            // of two copies in one time neither is believed here before the desks that booked them have settled it
            let another_copy = mirror.id != own.id
                && google.all().any(|(where_else, other)| {
                    let theirs = super::in_step::mark(other).filter(|m| m.appointment != *id);
                    theirs.zip(times(other)).is_some_and(|(theirs, time)| {
                        is_visit(other)
                            && where_else == calendar
                            && theirs.database != mirror.id
                            && conflict(visit, mark.buffers, time, theirs.buffers)
                    })
                });
            let why = || format!("{} stands, {said} (database {number})", Said(event));
            (!another_copy).then(why)
        })
}

fn of_a_database(world: &World, google: &Google, mirror: &Mirror) -> Option<String> {
    let all = everything(&mut held(&mirror.database)).ok()?;
    all.iter().find_map(|a| {
        called_off_by_nobody(a)
            .or_else(|| removed(world, google, mirror, a))
            .or_else(|| stands(world, google, a))
    })
}

/// Only people call visits off.
fn called_off_by_nobody(a: &Appointment) -> Option<String> {
    let said = a.cancellation_reason.as_deref().unwrap_or_default();
    let by_a_desk = a.source == Source::Adopted || said.contains(PRIVATE) || said.contains("undo");
    (a.status == Status::Cancelled && !by_a_desk)
        .then(|| format!("the program has called {} off: {a:?}", a.appointment_id))
}

/// What a person deleted in Google waits for a person, and is not called off.
fn removed(world: &World, google: &Google, mirror: &Mirror, a: &Appointment) -> Option<String> {
    let event = a.google_event_id.as_ref()?;
    let stood = a.status == Status::Confirmed && a.source != Source::Adopted;
    if !stood || !google.removed.contains(event) || is_chosen(world, &a.appointment_id) {
        return None;
    }
    let row = held(&mirror.database).unsettled_one(&a.appointment_id);
    let cause = row.ok()?.and_then(|row| row.repair).map(|(cause, _)| cause);
    (cause != Some(Cause::GoneFromGoogle)).then(|| {
        format!(
            "{} was deleted in Google, and is {cause:?}",
            a.appointment_id
        )
    })
}

/// What counts as booked and in step stands in Google as it stands here, within the hours, and in nobody's
/// way.
fn stands(world: &World, google: &Google, a: &Appointment) -> Option<String> {
    let id = &a.appointment_id;
    let in_step = a.status == Status::Confirmed && a.sync_state == SyncState::Synced;
    if !in_step || is_chosen(world, id) {
        return None;
    }
    let event = a.google_event_id.as_ref()?;
    let stands = google.current(&a.google_calendar_id, event);
    // that a copy's event is marked free its own desk is told
    let counts = |e: &&Event| !e.transparent || a.source == Source::Adopted;
    let stands = stands
        .filter(|e| e.status == EventStatus::Confirmed)
        .filter(counts);
    if stands.and_then(times) != Some(a.visit) {
        let there = google
            .current(&a.google_calendar_id, event)
            .map(|e| Said(e).to_string());
        return Some(format!(
            "{id} stands for {}, in Google: {there:?}",
            Span(a.visit)
        ));
    }
    // of a copy its own desk is told
    if a.source == Source::Adopted {
        return None;
    }
    // what a desk has called off and booked again stands where it was
    if a.attempt == 1 && !open_at(a.visit) {
        return Some(format!(
            "nobody is told that {id} is out of hours: {}",
            Span(a.visit)
        ));
    }
    let mut entries = google.all().filter(|(calendar, event)| {
        *calendar == &a.google_calendar_id
            && mark(event).is_none()
            && event.status != EventStatus::Cancelled
            && !event.transparent
            && times(event).is_some_and(|time| time.meets(&a.blocked()))
    });
    entries
        .next()
        .map(|(_, entry)| format!("nobody is told that {id} meets {}", Said(entry)))
}

/// Whether a visit is within the hours of the simulation's doctors.
fn open_at(visit: Interval) -> bool {
    let hour = |at: Moment| at.with_timezone(&ZONE).hour();
    let last = visit.end() - Duration::seconds(1);
    (6..20).contains(&hour(visit.start())) && (6..20).contains(&hour(last))
}

/// A mark of this clinic.
fn mark(event: &Event) -> Option<&Mark> {
    event.mark.as_ref().filter(|mark| mark.clinic == clinic())
}

/// Whether it is the event of a visit, and stands.
fn is_visit(event: &Event) -> bool {
    event.status == EventStatus::Confirmed
        && mark(event).is_some_and(|mark| mark.kind == MarkKind::Appointment)
}

fn is_chosen(world: &World, id: &AppointmentId) -> bool {
    held(&world.chosen).contains(id)
}

fn in_repair(mirror: &Mirror, id: &AppointmentId) -> bool {
    let found = held(&mirror.database).appointment(id);
    found.is_ok_and(|a| a.is_some_and(|a| a.sync_state == SyncState::NeedsRepair))
}
