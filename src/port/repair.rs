//! What a database must do for those who choose about what is not in step with Google.

use super::store::{Stamp, StoreError};
use super::sync::Remote;
use crate::domain::appointment::Appointment;
use crate::domain::id::AppointmentId;
use crate::domain::time::Moment;
use crate::flow::operation::Operation;
use crate::flow::repair::GoogleSide;

/// Reading.
pub trait RepairRecords {
    /// What Google has of a visit, as far as it was read; none: nothing was read of it.
    fn google_side(&self, visit: &Appointment) -> Result<Option<GoogleSide>, StoreError>;
}

/// Writing.
pub trait RepairStore: RepairRecords {
    /// Records what a read of the visit's event brought (none: it is not in the calendar); true if that is
    /// other than what was known.
    fn record_sight(
        &mut self,
        now: Moment,
        visit: &Appointment,
        event: Option<&Remote>,
    ) -> Result<bool, StoreError>;

    /// Journals that the event of a visit in repair is moved in Google to the time that was booked, which
    /// is held until the move has ended. The operation's move begins where Google has the event.
    fn begin_put_back(
        &mut self,
        stamp: &Stamp,
        operation: &Operation,
        lease_until: Moment,
    ) -> Result<Appointment, StoreError>;

    /// Opens the repair item again that was ignored last.
    fn reopen(&mut self, stamp: &Stamp, id: &AppointmentId) -> Result<Appointment, StoreError>;
}
