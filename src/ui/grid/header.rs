//! The heads of the columns: whose, and how well the calendar is known.

use crate::app::desk::Mode;
use crate::app::grid::Column;
use crate::app::layout::{Layout, TIMES};
use crate::app::state::State;
use crate::app::wording;
use crate::port::query::Reading;
use crate::ui::names;
use crate::ui::pen::Pen;
use crate::ui::text::width;
use ratatui::style::Style;

/// Draws them.
pub(super) fn draw(pen: &mut Pen, layout: &Layout, state: &State) {
    let desk = &state.desk;
    let y = layout.cells.y.saturating_sub(1);
    let day = match desk.mode {
        Mode::Day => desk.date.format("%a %-d").to_string(),
        Mode::Week => desk.date.format("w %V").to_string(),
    };
    let x = layout.cells.x.saturating_sub(TIMES);
    pen.put(x, y, TIMES, &day, pen.theme.strong);
    let shown = usize::from(layout.columns);
    let cut = desk.left + shown < desk.grid.columns.len();
    let columns = desk.grid.columns.iter().skip(desk.left).take(shown);
    let mut heads: Vec<Head> = columns
        .clone()
        .enumerate()
        .map(|(at, column)| {
            // the last one leaves a cell to the mark that there are more
            let last = cut && at + 1 == shown;
            Head::of(pen, state, column, layout.column_width - u16::from(last))
        })
        .collect();
    if desk.mode == Mode::Day {
        // a time may stand behind the name on one day and not on the next: the name stays as it is
        let names = heads.iter().map(|head| {
            let room = head.room().min(head.wide.saturating_sub(2 + 6));
            (head.name.as_str(), room)
        });
        let names = names::in_room(names);
        for (head, name) in heads.iter_mut().zip(names) {
            head.name = name;
        }
    }
    for ((head, column), x) in heads
        .iter()
        .zip(columns)
        .zip((layout.cells.x..).step_by(usize::from(layout.column_width.max(1))))
    {
        head.draw(pen, (x, y), desk.is_selected(column));
    }
    if desk.left > 0 {
        pen.put(layout.cells.x, y, 1, pen.marks.more.0, pen.theme.key);
    }
    if cut {
        let last = layout.cells.right().saturating_sub(1);
        pen.put(last, y, 1, pen.marks.more.1, pen.theme.key);
    }
}

/// The head of a column, before it is drawn.
struct Head {
    name: String,
    mark: &'static str,
    words: String,
    tone: Style,
    /// Columns for all of it, without the air at its sides.
    wide: usize,
}

impl Head {
    fn of(pen: &Pen, state: &State, column: &Column, wide: u16) -> Self {
        let line = state
            .doctors()
            .iter()
            .find(|line| line.doctor.doctor_id == column.doctor);
        let name = match state.desk.mode {
            Mode::Week => column.date.format("%a %-d").to_string(),
            Mode::Day => line.map_or_else(String::new, |line| line.doctor.doctor_name.clone()),
        };
        let reading = column.sheet.as_deref().map(|sheet| &sheet.reading);
        let (mark, words, tone) = match reading {
            Some(Reading::Live { .. }) => {
                let next = line
                    .and_then(|line| line.next_free)
                    .map(|slot| slot.start())
                    .filter(|start| {
                        start.with_timezone(&state.clinic.zone).date_naive() == column.date
                    });
                let words = next.map(|start| wording::time(state, start));
                (
                    pen.marks.confirmed,
                    words.unwrap_or_default(),
                    pen.theme.good,
                )
            }
            Some(Reading::Stale { at, .. }) => (
                pen.marks.stale,
                format!("as of {}", wording::since(state, *at)),
                pen.theme.pending,
            ),
            Some(Reading::Unknown { .. }) => {
                (pen.marks.unknown, "not read".to_owned(), pen.theme.unknown)
            }
            None => (" ", String::new(), pen.theme.dim),
        };
        let wide = usize::from(wide.saturating_sub(2));
        let words = if width(&words) + 8 > wide {
            String::new()
        } else {
            words
        };
        Self {
            name,
            mark,
            words,
            tone,
            wide,
        }
    }

    /// Columns for the name: as much as the rest leaves.
    fn room(&self) -> usize {
        let words = match width(&self.words) {
            0 => 0,
            words => words + 1,
        };
        self.wide.saturating_sub(2 + words)
    }

    fn draw(&self, pen: &mut Pen, (x, y): (u16, u16), selected: bool) {
        let style = pen.theme.base;
        let pointer = if selected { pen.marks.pointer } else { " " };
        let most = u16::try_from(self.room()).unwrap_or(0);
        let mut at = pen.put(x + 1, y, 1, pointer, style);
        at = pen.put(at, y, most, &self.name, style);
        at = pen.put(at, y, 1, " ", style);
        at = pen.put(at, y, 1, self.mark, self.tone);
        if !self.words.is_empty() {
            at = pen.put(at, y, 1, " ", self.tone);
            let most = u16::try_from(self.wide).unwrap_or(0);
            at = pen.put(at, y, most, &self.words, self.tone);
        }
        pen.put(at, y, 1, " ", style);
    }
}
