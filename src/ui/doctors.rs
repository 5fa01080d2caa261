//! The list of doctors: whether the calendar is known, the next free slot, how many visits today.

use super::pen::Pen;
use super::text::width;
use crate::app::desk::{Pane, first_doctor};
use crate::app::layout::Area;
use crate::app::state::State;
use crate::port::query::{DoctorLine, Reading};

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    let focused = state.desk.pane == Pane::Doctors;
    let lines = if focused {
        pen.theme.focus
    } else {
        pen.theme.frame
    };
    let inner = pen.frame(area, "Doctors", lines);
    let doctors = state.doctors();
    let selected = doctors
        .iter()
        .position(|line| Some(&line.doctor.doctor_id) == state.desk.doctor.as_ref())
        .unwrap_or_default();
    let rows = usize::from(inner.height);
    let first = first_doctor(selected, rows);
    for (y, (at, line)) in (inner.y..).zip(doctors.iter().enumerate().skip(first).take(rows)) {
        let row = Area::new(inner.x, y, inner.width, 1);
        row_of(pen, row, state, line, at == selected, focused);
    }
    let (more, less) = (first + rows < doctors.len(), first > 0);
    let corner = area.right().saturating_sub(3);
    if less {
        pen.put(corner, area.y, 1, pen.marks.above, lines);
    }
    if more && area.height > 0 {
        pen.put(corner, area.bottom() - 1, 1, pen.marks.below, lines);
    }
}

fn row_of(pen: &mut Pen, row: Area, state: &State, line: &DoctorLine, here: bool, focused: bool) {
    let theme = pen.theme;
    let (mark, style) = match line.reading {
        Reading::Live { .. } => (pen.marks.confirmed, theme.good),
        Reading::Stale { .. } => (pen.marks.stale, theme.pending),
        Reading::Unknown { .. } => (pen.marks.unknown, theme.unknown),
    };
    let name_style = if here { theme.strong } else { theme.base };
    if here {
        pen.put(row.x, row.y, 1, pen.marks.pointer, theme.focus);
    }
    pen.put(
        row.x + 1,
        row.y,
        row.width.saturating_sub(1).min(1),
        mark,
        style,
    );
    let free = next_free(pen, state, line);
    let figures = format!("{free:>7}{:>3}", line.visits_today);
    let wide = u16::try_from(width(&figures)).unwrap_or(0);
    let room = row.width.saturating_sub(3 + wide);
    pen.put(row.x + 3, row.y, room, &line.doctor.doctor_name, name_style);
    if row.width > wide + 3 {
        pen.right(row, &figures, theme.base);
    }
    if here && focused {
        pen.tint(row, theme.selected);
    }
}

/// The next free slot as short as it can be said: the time when it is today, otherwise the day.
fn next_free(pen: &Pen, state: &State, line: &DoctorLine) -> String {
    let Some(slot) = line.next_free else {
        return pen.marks.none.to_owned();
    };
    let there = slot.start().with_timezone(&state.clinic.zone);
    if there.date_naive() == state.today() {
        there.format("%H:%M").to_string()
    } else if (there.date_naive() - state.today()).num_days() < 7 {
        there.format("%a %-d").to_string()
    } else {
        there.format("%-d %b").to_string()
    }
}
