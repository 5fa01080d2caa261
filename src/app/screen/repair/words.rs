//! What the repair pane says about an item: why it is there, how old it is, both its sides, and what each
//! act would do.

use crate::app::state::State;
use crate::app::wording;
use crate::domain::time::Moment;
use crate::flow::operation::Cause;
use crate::flow::repair::{Line, Sides, Trouble, says, sides};
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

/// When the program tries next; none where a person must choose.
pub fn next_try(state: &State, item: &RepairItem) -> Option<String> {
    match item.next_try {
        Some(at) if at > state.now => Some(wording::since(state, at)),
        Some(_) => Some("now".to_owned()),
        None if item.cause.is_some() => None,
        None => Some("under way".to_owned()),
    }
}

/// Both sides, line by line.
pub fn compared(state: &State, item: &RepairItem) -> Vec<Line> {
    sides(&Sides {
        appointment: &item.appointment,
        google: item.google.as_ref(),
        title: &item.title,
        zone: state.clinic.zone,
        today: state.today(),
    })
}

/// What the act would do about this item, before it is done.
pub fn act_says(state: &State, item: &RepairItem, action: RepairAction) -> String {
    let trouble = Trouble {
        cause: item.cause,
        appointment: &item.appointment,
        google: item.google.as_ref(),
        former: item.former,
        sign_in: false,
    };
    says(action, &trouble, &|moment| wording::when(state, moment))
}
