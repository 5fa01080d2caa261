//! What the repair pane says about an item: why it is there, how old it is, and what each act would do.

use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::Status;
use crate::domain::time::Moment;
use crate::flow::operation::Cause;
use crate::port::query::{RepairAction, RepairItem};

/// Heading of a group.
pub fn heading(item: &RepairItem) -> &'static str {
    match item.cause {
        Some(cause) => because(cause),
        None => "Pending: the program goes on trying",
    }
}

/// A cause in words.
pub fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::Conflict => "Two at the same time",
        Cause::MovedInGoogle => "Moved in Google",
        Cause::ChangedInGoogle => "Changed in Google meanwhile",
        Cause::RefusedByGoogle => "Refused by Google",
        Cause::StrangersEvent => "The event is not ours",
        Cause::GoneFromGoogle => "Deleted in Google",
        Cause::HoldLeft => "A move was left half done",
        Cause::BackInGoogle => "Called off, and back in Google",
    }
}

/// How old something is, in whole minutes, so that an idle screen writes nothing between them.
pub fn age(state: &State, since: Moment) -> String {
    let minutes = (state.now - since).num_minutes().max(0);
    match minutes {
        0 => "just now".to_owned(),
        1..=119 => format!("{minutes} min"),
        120..=2_879 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

/// How the visit stands, in words.
pub fn status(item: &RepairItem) -> &'static str {
    match (item.appointment.status, is_cancelling(item)) {
        (Status::Pending, false) => "recorded, not confirmed by Google",
        (Status::Pending | Status::Confirmed, true) => "called off here, not yet in Google",
        (Status::Confirmed, false) => "confirmed",
        (Status::Cancelled, _) => "called off",
        (Status::Refused, _) => "refused",
    }
}

/// What went wrong last.
pub fn last_try(item: &RepairItem) -> String {
    item.last_error
        .clone()
        .unwrap_or_else(|| "no error is known".to_owned())
}

/// When the program tries next.
pub fn next_try(state: &State, item: &RepairItem) -> String {
    match item.next_try {
        Some(at) if at > state.now => wording::since(state, at),
        Some(_) => "now".to_owned(),
        None if item.cause.is_some() => "not by itself: choose".to_owned(),
        None => "under way".to_owned(),
    }
}

/// What the act would do about this item, before it is done.
pub fn act_says(state: &State, item: &RepairItem, action: RepairAction) -> String {
    let visit = &item.appointment;
    let at = wording::when(state, visit.visit.start());
    let doctor = &visit.doctor_name;
    match action {
        RepairAction::Retry if is_cancelling(item) => {
            format!("asks Google again to take the event out of {doctor}'s calendar")
        }
        RepairAction::Retry if item.cause.is_none() => {
            format!("sends it to {doctor}'s calendar now, instead of waiting")
        }
        RepairAction::Retry if visit.status == Status::Pending => {
            format!("books {at} again, with a new event, if it is free")
        }
        RepairAction::Retry => match item.cause {
            Some(Cause::GoneFromGoogle) => {
                format!("puts a new event back at {at} in {doctor}'s calendar, if it is free")
            }
            Some(Cause::HoldLeft) => {
                "takes the hold away; the visit stays where its event is".to_owned()
            }
            _ => "tries again what was refused".to_owned(),
        },
        RepairAction::Cancel => "calls the visit off and takes its event out; asks why".to_owned(),
        RepairAction::AdoptTimes => "moves the visit here to the time that Google has".to_owned(),
        RepairAction::Keep => {
            format!("leaves both as they are (here: {at}); asks why")
        }
    }
}

fn is_cancelling(item: &RepairItem) -> bool {
    item.operation.as_deref() == Some("cancellation")
        || item.appointment.cancellation_reason.is_some()
}
