//! The list of doctors: whether the calendar is known, the next free slot, how many visits today.

use super::names;
use super::pen::Pen;
use crate::app::desk::{Pane, first_doctor};
use crate::app::layout::Area;
use crate::app::state::State;
use crate::port::query::{DoctorLine, Reading};
use chrono::Datelike;

/// Where the name begins: behind pointer, mark and a column of air.
const NAME: u16 = 3;
/// Columns of the next free slot and the visits of today.
const FIGURES: u16 = 9;

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
    let shown = doctors.iter().enumerate().skip(first).take(rows);
    let room = usize::from(inner.width.saturating_sub(NAME + FIGURES + 1));
    let names = names::in_room(
        shown
            .clone()
            .map(|(_, line)| (line.doctor.doctor_name.as_str(), room)),
    );
    for (y, ((at, line), name)) in (inner.y..).zip(shown.zip(names)) {
        let row = Area::new(inner.x, y, inner.width, 1);
        row_of(pen, row, state, (line, &name), (at == selected, focused));
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

fn row_of(
    pen: &mut Pen,
    row: Area,
    state: &State,
    (line, name): (&DoctorLine, &str),
    (here, focused): (bool, bool),
) {
    let theme = pen.theme;
    let (mark, style) = match line.reading {
        Reading::Live { .. } => (pen.marks.confirmed, theme.good),
        Reading::Stale { .. } => (pen.marks.stale, theme.pending),
        Reading::Unknown { .. } => (pen.marks.unknown, theme.unknown),
    };
    if here {
        pen.put(row.x, row.y, 1, pen.marks.pointer, theme.base);
    }
    pen.put(
        row.x + 1,
        row.y,
        row.width.saturating_sub(1).min(1),
        mark,
        style,
    );
    let free = next_free(pen, state, line);
    let figures = format!("{free:>6}{:>3}", line.visits_today);
    let room = row.width.saturating_sub(NAME + FIGURES + 1);
    pen.put(row.x + NAME, row.y, room, name, theme.base);
    if row.width > NAME + FIGURES {
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
        // two letters, as the mini month has them: the name needs the room
        let day: String = there.format("%a").to_string().chars().take(2).collect();
        format!("{day} {}", there.day())
    } else {
        there.format("%-d %b").to_string()
    }
}
