//! One person, one appointment, and what is in repair, in full.

use super::super::settings::Settings;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::say_time;
use crate::domain::id::{AppointmentId, CustomerId};
use crate::domain::text::clean;
use crate::domain::time::Moment;
use crate::flow::collapse::is_unsent;
use crate::flow::operation::Flow;
use crate::flow::repair::{Trouble, fitting};
use crate::flow::wording::Facts;
use crate::port::calendar::CalendarError;
use crate::port::command::{Code, Refusal};
use crate::port::query::{AppointmentCard, CustomerCard, RepairItem};
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
    settings: &Settings,
    id: &AppointmentId,
) -> Result<AppointmentCard, Refusal> {
    let appointment = resolve(records, id)?;
    let id = &appointment.appointment_id;
    let row = records.unsettled_one(id)?;
    let flow = row.as_ref().and_then(|row| row.operation.as_ref());
    let unsent = flow.is_some_and(|operation| is_unsent(&operation.flow));
    let repair = match row {
        Some(row) => Some(item(records, settings, row, None)?),
        None => None,
    };
    Ok(AppointmentCard {
        unsent,
        customer: records.customer(&appointment.customer_id)?,
        timeline: records.timeline(id)?,
        repair,
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
    let items = records.unsettled()?.into_iter();
    items
        .map(|row| item(records, settings, row, Some(now)))
        .collect()
}

fn item(
    records: &impl Records,
    settings: &Settings,
    row: Unsettled,
    now: Option<Moment>,
) -> Result<RepairItem, StoreError> {
    let under_way = UnderWay::of(&row);
    let google = records.google_side(&row.appointment)?;
    let open = row.operation.as_ref();
    let last_error = open.and_then(|o| o.last_error.clone());
    let next_try = open.and_then(|o| o.next_try_at);
    let operation = open.map(|o| o.flow.kind().to_owned());
    // what somebody has chosen already is under way, and there is no other choice before that has ended
    let (cause, sentence) = match row.repair {
        Some((cause, sentence)) if operation.is_none() => (Some(cause), sentence),
        _ => (None, pending(under_way, next_try, settings, now)),
    };
    let actions = fitting(&Trouble {
        cause,
        appointment: &row.appointment,
        google: google.as_ref(),
        former: row.former,
        sign_in: last_error.as_deref().is_some_and(CalendarError::is_sign_in),
    });
    Ok(RepairItem {
        state: if cause.is_some() {
            SyncState::NeedsRepair
        } else {
            SyncState::SyncPending
        },
        title: title(records, settings, &row.appointment)?,
        appointment: row.appointment,
        operation,
        cause,
        sentence,
        since: row.since,
        last_error,
        next_try,
        google,
        former: row.former,
        actions,
    })
}

/// The title that we give the visit's event.
fn title(
    records: &impl Records,
    settings: &Settings,
    visit: &Appointment,
) -> Result<String, StoreError> {
    let customer = records.customer(&visit.customer_id)?;
    let phone = customer.and_then(|customer| customer.mobile);
    Ok(settings.wording.title(&Facts {
        customer: &visit.customer_name,
        doctor: &visit.doctor_name,
        service: &visit.service_name,
        phone: phone.as_deref(),
        reason: &visit.reason,
    }))
}

/// What the program is trying to do about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnderWay {
    Booking,
    Cancellation,
    Move,
    Clearance,
}

impl UnderWay {
    fn of(row: &Unsettled) -> Self {
        let called_off = row.appointment.cancellation_reason.is_some()
            && row.appointment.status != Status::Cancelled;
        match row.operation.as_ref().map(|operation| &operation.flow) {
            Some(Flow::Reschedule(_)) => Self::Move,
            Some(Flow::Clearance(_)) => Self::Clearance,
            _ if called_off => Self::Cancellation,
            _ => Self::Booking,
        }
    }
}

fn pending(
    under_way: UnderWay,
    next_try: Option<Moment>,
    settings: &Settings,
    now: Option<Moment>,
) -> String {
    let what = match under_way {
        UnderWay::Cancellation => {
            "The visit is called off here; its event is still to be removed from the calendar."
        }
        UnderWay::Booking => "The visit is recorded here; Google has not confirmed it.",
        UnderWay::Move => {
            "The visit is being moved; Google has not confirmed it, and until then it stands where it was."
        }
        UnderWay::Clearance => {
            "The time that another desk left held is being given free; the visit stands where it was."
        }
    };
    let next = match (next_try, now) {
        (Some(next), Some(now)) if next > now => {
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
