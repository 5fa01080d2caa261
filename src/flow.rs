//! Pure state machines and planners: `step(state, fact) -> (state, steps)`. They know no calendar, no
//! database and no clock; the worker carries their steps out and brings back facts, so a flow can be
//! stopped after any step, stored, and taken up again.

pub mod booking;
pub mod cancellation;
pub mod clearance;
pub mod collapse;
pub mod operation;
pub mod reconcile;
pub mod repair;
pub mod reschedule;
pub mod second_look;
pub mod step;
pub mod wording;
