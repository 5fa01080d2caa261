//! What each choice would do, said before it is done.

use super::{RepairAction, Trouble};
use crate::domain::appointment::Status;
use crate::domain::time::Moment;
use crate::flow::operation::Cause;

/// What the act would do about this visit. `at` says a moment as it is said where this is read.
pub fn says(action: RepairAction, trouble: &Trouble<'_>, at: &dyn Fn(Moment) -> String) -> String {
    let visit = trouble.appointment;
    let here = at(visit.visit.start());
    let doctor = &visit.doctor_name;
    match action {
        RepairAction::Reconnect => {
            "sign in again: says how the Google account is connected again; what waits is sent then"
                .to_owned()
        }
        RepairAction::Retry => format!("try again: {}", retries(trouble, &here)),
        RepairAction::Recreate => {
            format!(
                "re-create: puts the event back into {doctor}'s calendar, {here}, if that is free"
            )
        }
        RepairAction::AdoptTimes => format!("take Google's time: {}", adopts(trouble, &here, at)),
        RepairAction::PutBack => {
            let booked = at(trouble.booked_for().start());
            format!("keep our time: moves the event in Google back to {booked}, if that is free")
        }
        RepairAction::Move => {
            "pick another slot: goes to the grid with the visit in hand".to_owned()
        }
        RepairAction::Cancel => {
            "call off: calls the visit off and takes its event out; asks why".to_owned()
        }
        RepairAction::Ignore => {
            format!("ignore: leaves both as they are (here: {here}); asks why")
        }
    }
}

fn retries(trouble: &Trouble<'_>, here: &str) -> String {
    let visit = trouble.appointment;
    let doctor = &visit.doctor_name;
    match trouble.cause {
        _ if visit.cancellation_reason.is_some() => {
            format!("asks Google again to take the event out of {doctor}'s calendar")
        }
        None => format!("sends it to {doctor}'s calendar now, instead of waiting"),
        Some(Cause::HoldLeft) => {
            "takes the hold away; the visit stays where its event is".to_owned()
        }
        Some(_) if visit.status == Status::Pending => {
            format!("books {here} again, with a new event, if it is free")
        }
        Some(_) => "sends again what was refused".to_owned(),
    }
}

fn adopts(trouble: &Trouble<'_>, here: &str, at: &dyn Fn(Moment) -> String) -> String {
    let event = trouble.google.and_then(|google| google.event.as_ref());
    match event {
        Some(event) if event.time == trouble.appointment.visit => {
            format!("it is {here} there as well, so that settles it")
        }
        Some(event) => format!("moves the visit here to {}", at(event.time.start())),
        None => "moves the visit here to the time that Google has".to_owned(),
    }
}
