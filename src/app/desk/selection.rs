//! What is selected, in terms of the whole state.

use super::Mode;
use crate::app::grid::{Standing, judge};
use crate::app::layout::Layout;
use crate::app::state::State;
use crate::domain::appointment::Appointment;
use crate::domain::doctor::Doctor;
use crate::domain::time::Moment;

impl State {
    /// Where everything stands now.
    pub fn layout(&self) -> Layout {
        let days = self.desk.mode == Mode::Week;
        let columns = if days { 7 } else { self.doctors().len() };
        Layout::of(self.size, columns, days)
    }

    /// The selected doctor.
    pub fn selected_doctor(&self) -> Option<&Doctor> {
        self.desk.doctor.as_ref().and_then(|id| self.doctor(id))
    }

    /// The selected moment.
    pub fn selected_moment(&self) -> Moment {
        self.desk.moment(self.clinic.zone)
    }

    /// What the selected moment is.
    pub fn standing(&self) -> Standing<'_> {
        let slot = self.selected_doctor().map_or(15, |d| d.slot_minutes);
        let sheet = self.desk.column().and_then(|c| c.sheet.as_deref());
        judge(sheet, self.selected_moment(), slot, self.now)
    }

    /// The selected visit.
    pub fn selected_visit(&self) -> Option<&Appointment> {
        match self.standing() {
            Standing::Visit(visit) => Some(visit),
            _ => None,
        }
    }
}
