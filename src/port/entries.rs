//! What keeps a doctor's time besides the visits: what people put into their calendars, and times to which visits
//! are being moved. Read for the grid, and to say why a time cannot be booked.

use super::store::StoreError;
use crate::domain::id::{CalendarId, DoctorId};
use crate::domain::time::Interval;
use crate::domain::why::{CalendarEntry, Held};

/// Reading.
pub trait EntryRecords {
    /// What people have in these calendars that meets the stretch: what takes time, and what is of whole days
    /// and marked free. A list for each calendar in the order asked for, by start; no visit of the clinic is among
    /// them.
    fn entries(
        &self,
        calendars: &[CalendarId],
        within: Interval,
    ) -> Result<Vec<Vec<CalendarEntry>>, StoreError>;

    /// Events of the clinic in the calendar that take time in the stretch and for which no visit stands here at
    /// that time: claims, and what another desk has written a moment ago. By start.
    fn strays(
        &self,
        calendar: &CalendarId,
        within: Interval,
    ) -> Result<Vec<CalendarEntry>, StoreError>;

    /// Times held for visits on the move that meet the stretch widened by the longest buffer on both sides, for
    /// these doctors (all: empty), by start.
    fn held(
        &self,
        doctors: &[DoctorId],
        within: Interval,
    ) -> Result<Vec<(DoctorId, Held)>, StoreError>;
}
