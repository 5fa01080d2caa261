//! One person, one appointment, and what is in repair, in full.

use super::super::settings::Settings;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::say_time;
use crate::domain::id::{AppointmentId, CustomerId};
use crate::domain::text::clean;
use crate::domain::time::Moment;
use crate::flow::collapse::is_unsent;
use crate::flow::operation::{Cause, Flow};
use crate::port::command::{Code, Refusal};
use crate::port::query::{AppointmentCard, CustomerCard, RepairAction, RepairItem};
use crate::port::store::{Records, StoreError, Unsettled};

/// Shortest piece of an id that stands for the whole.
const PREFIX: usize = 8;
/// Visits on a customer's card.
const VISITS: usize = 100;

pub(super) fn customer(records: &impl Records, id: &CustomerId) -> Result<CustomerCard, Refusal> {
    let customer = records.customer(id)?.ok_or_else(|| {
        Refusal::new(
            Code::NotFound,
            format!("There is no customer {}.", clean(id.as_str(), 60)),
        )
    })?;
    Ok(CustomerCard {
        visits: records.visits_of(id, VISITS)?,
        customer,
    })
}

pub(super) fn appointment(
    records: &impl Records,
    id: &AppointmentId,
) -> Result<AppointmentCard, Refusal> {
    let appointment = resolve(records, id)?;
    let id = &appointment.appointment_id;
    let row = records.unsettled_one(id)?;
    let flow = row.as_ref().and_then(|row| row.operation.as_ref());
    Ok(AppointmentCard {
        unsent: flow.is_some_and(|operation| is_unsent(&operation.flow)),
        customer: records.customer(&appointment.customer_id)?,
        timeline: records.timeline(id)?,
        repair: row.map(|row| item(row, None)),
        appointment,
    })
}

/// The appointment of this id, or the only one whose id begins like it.
fn resolve(records: &impl Records, id: &AppointmentId) -> Result<Appointment, Refusal> {
    if let Some(found) = records.appointment(id)? {
        return Ok(found);
    }
    let shown = clean(id.as_str(), 60);
    let like = if id.as_str().len() >= PREFIX {
        records.appointments_like(id.as_str(), 2)?
    } else {
        Vec::new()
    };
    match like.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Refusal::new(
            Code::NotFound,
            format!("There is no appointment {shown}."),
        )),
        _ => Err(Refusal::new(
            Code::Usage,
            format!("Several appointments begin with {shown}: give more of the id."),
        )),
    }
}

pub(super) fn find_visits(
    records: &impl Records,
    now: Moment,
    text: &str,
    limit: usize,
) -> Result<Vec<Appointment>, StoreError> {
    let mut visits = Vec::new();
    for hit in records.find_customers(text, limit.min(30), now)? {
        visits.extend(records.visits_of(&hit.customer.customer_id, limit)?);
    }
    visits.retain(|a| a.status != Status::Refused);
    // Coming ones first, the next one on top; then the past, newest first.
    visits.sort_by_key(|a| {
        let start = a.visit.start();
        (
            a.visit.end() <= now,
            (start - now).abs(),
            a.appointment_id.clone(),
        )
    });
    visits.truncate(limit);
    Ok(visits)
}

pub(super) fn repairs(
    records: &impl Records,
    settings: &Settings,
    now: Moment,
) -> Result<Vec<RepairItem>, StoreError> {
    let rows = records.unsettled()?;
    Ok(rows
        .into_iter()
        .map(|row| item(row, Some((settings, now))))
        .collect())
}

fn item(row: Unsettled, clock: Option<(&Settings, Moment)>) -> RepairItem {
    let under_way = UnderWay::of(&row);
    let last_error = row.operation.as_ref().and_then(|o| o.last_error.clone());
    let next_try = row.operation.as_ref().and_then(|o| o.next_try_at);
    let operation = row.operation.as_ref().map(|o| o.flow.kind().to_owned());
    let (cause, sentence) = match row.repair {
        Some((cause, sentence)) => (Some(cause), sentence),
        None => (None, pending(under_way, next_try, clock)),
    };
    RepairItem {
        actions: actions(cause, under_way, &row.appointment),
        state: if cause.is_some() {
            SyncState::NeedsRepair
        } else {
            SyncState::SyncPending
        },
        appointment: row.appointment,
        operation,
        cause,
        sentence,
        since: row.since,
        last_error,
        next_try,
    }
}

/// What the program is trying to do about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnderWay {
    Booking,
    Cancellation,
    Move,
}

impl UnderWay {
    fn of(row: &Unsettled) -> Self {
        let called_off = row.appointment.cancellation_reason.is_some()
            && row.appointment.status != Status::Cancelled;
        match row.operation.as_ref().map(|operation| &operation.flow) {
            Some(Flow::Reschedule(_)) => Self::Move,
            _ if called_off => Self::Cancellation,
            _ => Self::Booking,
        }
    }
}

fn pending(
    under_way: UnderWay,
    next_try: Option<Moment>,
    clock: Option<(&Settings, Moment)>,
) -> String {
    let what = match under_way {
        UnderWay::Cancellation => {
            "The visit is called off here; its event is still to be removed from the calendar."
        }
        UnderWay::Booking => "The visit is recorded here; Google has not confirmed it.",
        UnderWay::Move => {
            "The visit is being moved; Google has not confirmed it, and until then it stands where it was."
        }
    };
    let next = match (next_try, clock) {
        (Some(next), Some((settings, now))) if next > now => {
            format!(
                " The program tries again at {}.",
                say_time(next, settings.zone)
            )
        }
        (Some(_), _) => " The program tries again.".to_owned(),
        (None, _) => " It is under way.".to_owned(),
    };
    format!("{what}{next}")
}

/// What can be done, the most likely first.
fn actions(
    cause: Option<Cause>,
    under_way: UnderWay,
    appointment: &Appointment,
) -> Vec<RepairAction> {
    match cause {
        // What is being called off already needs no second cancellation, and a move must end first.
        None if under_way != UnderWay::Booking => vec![RepairAction::Retry],
        None => vec![RepairAction::Retry, RepairAction::Cancel],
        Some(Cause::MovedInGoogle) => vec![
            RepairAction::AdoptTimes,
            RepairAction::Keep,
            RepairAction::Cancel,
        ],
        Some(Cause::ChangedInGoogle) => {
            vec![
                RepairAction::Cancel,
                RepairAction::AdoptTimes,
                RepairAction::Keep,
            ]
        }
        // putting it back is what the desk most often wants
        Some(Cause::HoldLeft) => vec![RepairAction::Retry],
        Some(Cause::BackInGoogle) => vec![RepairAction::Cancel, RepairAction::Keep],
        Some(Cause::GoneFromGoogle) => vec![
            RepairAction::Retry,
            RepairAction::Cancel,
            RepairAction::Keep,
        ],
        Some(Cause::StrangersEvent | Cause::RefusedByGoogle | Cause::Conflict) => {
            let unfinished =
                appointment.status == Status::Pending || appointment.cancellation_reason.is_some();
            let mut out = Vec::new();
            if unfinished {
                out.push(RepairAction::Retry);
            }
            out.push(RepairAction::Cancel);
            if appointment.status == Status::Confirmed {
                out.push(RepairAction::Keep);
            }
            out
        }
    }
}
