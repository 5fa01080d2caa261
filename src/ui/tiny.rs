//! Where no grid fits: the visits of the day, one under the other.

use super::pen::Pen;
use crate::app::desk::Pane;
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::wording;

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    if state.desk.pane == Pane::Detail {
        super::detail::panel(pen, area, state);
        return;
    }
    let visits = state.desk.visits();
    if visits.is_empty() {
        let words = if state.overview.is_none() {
            "Reading the desk's own records."
        } else {
            "No visits on this day."
        };
        pen.wrapped(area, words, pen.theme.dim);
        return;
    }
    let selected = state.selected_visit().map(|visit| &visit.appointment_id);
    let at = visits
        .iter()
        .position(|visit| Some(&visit.appointment_id) == selected);
    let near = at.unwrap_or_else(|| {
        let here = state.selected_moment();
        let next = visits.iter().position(|visit| visit.visit.end() > here);
        next.unwrap_or(visits.len().saturating_sub(1))
    });
    let rows = usize::from(area.height.max(1));
    let first = (near / rows) * rows;
    for (y, (index, visit)) in (area.y..area.bottom()).zip(visits.iter().enumerate().skip(first)) {
        let row = Area::new(area.x, y, area.width, 1);
        let time = wording::time(state, visit.visit.start());
        let mark = if state.is_picked_up(visit) {
            pen.marks.moving
        } else {
            pen.marks.visit(visit)
        };
        let text = format!(
            "{time} {mark} {} ({})",
            visit.customer_name, visit.doctor_name
        );
        pen.line(row, &text, pen.theme.base);
        if at == Some(index) {
            pen.tint(row, pen.theme.selected);
        }
    }
    if first + rows < visits.len() && area.width > 1 && area.height > 0 {
        let x = area.right().saturating_sub(1);
        pen.put(x, area.bottom() - 1, 1, pen.marks.below, pen.theme.key);
    }
}
