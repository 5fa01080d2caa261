//! Writes into the frame's cells, never outside of an area, and always with a mark where something
//! was cut off.

use super::marks::Marks;
use super::text;
use super::theme::Theme;
use crate::app::field::Field;
use crate::app::layout::Area;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

/// What drawing functions draw with.
pub struct Pen<'a> {
    /// The cells of the frame.
    pub buffer: &'a mut Buffer,
    /// Colours.
    pub theme: &'a Theme,
    /// Shapes.
    pub marks: &'static Marks,
    /// Where the terminal's cursor is to stand, if a field has the focus.
    pub cursor: Option<Position>,
}

impl Pen<'_> {
    /// Writes at most `most` columns at a place; gives the column behind.
    pub fn put(&mut self, x: u16, y: u16, most: u16, what: &str, style: Style) -> u16 {
        let edge = self.buffer.area.right();
        let most = most.min(edge.saturating_sub(x));
        if most == 0 || y >= self.buffer.area.bottom() {
            return x;
        }
        let fitting = text::fit(what, usize::from(most), self.marks.cut);
        self.buffer
            .set_stringn(x, y, fitting, usize::from(most), style)
            .0
    }

    /// Writes in the first row of an area.
    pub fn line(&mut self, area: Area, what: &str, style: Style) -> u16 {
        if area.height == 0 {
            return area.x;
        }
        self.put(area.x, area.y, area.width, what, style)
    }

    /// Writes at the right edge of an area's first row.
    pub fn right(&mut self, area: Area, what: &str, style: Style) {
        let wide = u16::try_from(text::width(what)).unwrap_or(u16::MAX);
        let x = area.right().saturating_sub(wide).max(area.x);
        if area.height > 0 {
            self.put(x, area.y, area.width, what, style);
        }
    }

    /// Writes wrapped lines from the top of an area; gives what is left under them.
    pub fn wrapped(&mut self, area: Area, what: &str, style: Style) -> Area {
        let lines = text::wrap(what, usize::from(area.width));
        let mut rest = area;
        for line in lines {
            if rest.height == 0 {
                break;
            }
            self.line(rest, &line, style);
            rest = below(rest, 1);
        }
        rest
    }

    /// Fills an area with one shape of one column.
    pub fn fill(&mut self, area: Area, what: &str, style: Style) {
        for y in area.y..area.bottom().min(self.buffer.area.bottom()) {
            for x in area.x..area.right().min(self.buffer.area.right()) {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.set_symbol(what).set_style(style);
                }
            }
        }
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Area) {
        let base = self.theme.base;
        for y in area.y..area.bottom().min(self.buffer.area.bottom()) {
            for x in area.x..area.right().min(self.buffer.area.right()) {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(base);
                }
            }
        }
    }

    /// Changes the style of what stands in an area.
    pub fn tint(&mut self, area: Area, style: Style) {
        let area = ratatui::layout::Rect::new(area.x, area.y, area.width, area.height);
        self.buffer
            .set_style(area.intersection(self.buffer.area), style);
    }

    /// A frame with a title; gives what is inside.
    pub fn frame(&mut self, area: Area, title: &str, style: Style) -> Area {
        if area.width < 2 || area.height < 2 {
            return area.inner();
        }
        let lines = self.marks.frame;
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let across = Area::new(area.x, area.y, area.width, 1);
        self.fill(across, lines.horizontal, style);
        self.fill(
            Area {
                y: bottom,
                ..across
            },
            lines.horizontal,
            style,
        );
        let down = Area::new(area.x, area.y, 1, area.height);
        self.fill(down, lines.vertical, style);
        self.fill(Area { x: right, ..down }, lines.vertical, style);
        let places = [
            (area.x, area.y),
            (right, area.y),
            (right, bottom),
            (area.x, bottom),
        ];
        for ((x, y), corner) in places.into_iter().zip(lines.corners) {
            self.put(x, y, 1, corner, style);
        }
        if !title.is_empty() && area.width > 4 {
            let most = usize::from(area.width - 4);
            let title = format!(" {title} ");
            let title = text::fit(&title, most, self.marks.cut);
            self.put(area.x + 1, area.y, area.width - 2, &title, style);
        }
        area.inner()
    }

    /// A box in the middle of the screen (at most as big as it), emptied, framed and titled; gives
    /// what is inside.
    pub fn dialog(&mut self, width: u16, height: u16, title: &str) -> Area {
        let all = self.buffer.area;
        let (width, height) = (width.min(all.width), height.min(all.height));
        let area = Area::new(
            (all.width - width) / 2,
            (all.height - height) / 2,
            width,
            height,
        );
        self.clear(area);
        let style = self.theme.focus;
        self.frame(area, title, style);
        let inner = area.inner();
        // a little air at the sides where there is room
        if inner.width > 30 {
            Area::new(inner.x + 1, inner.y, inner.width - 2, inner.height)
        } else {
            inner
        }
    }

    /// A field of text, scrolled so that the cursor is in view; `focused` puts the cursor there.
    pub fn field(&mut self, area: Area, field: &Field, focused: bool) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let row = Area { height: 1, ..area };
        let style = if focused {
            self.theme.field_focused
        } else {
            self.theme.field
        };
        self.fill(row, " ", style);
        let room = usize::from(area.width.saturating_sub(1));
        let cursor = field.cursor_column();
        let skip = cursor.saturating_sub(room);
        let (visible, lead) = behind(field.text(), skip);
        let x = area.x.saturating_add(u16::try_from(lead).unwrap_or(0));
        self.put(x, area.y, area.right().saturating_sub(x), visible, style);
        if focused {
            let at = u16::try_from(cursor.saturating_sub(skip)).unwrap_or(0);
            let column = area.x.saturating_add(at).min(area.right() - 1);
            self.cursor = Some(Position::new(column, area.y));
        }
    }

    /// A bar over the width of an area's first row.
    pub fn bar(&mut self, area: Area, done: usize, all: usize, style: Style) {
        let (full, empty) = self.marks.bar;
        let width = usize::from(area.width);
        let part = (width * done.min(all)).checked_div(all).unwrap_or(width);
        let part = u16::try_from(part).unwrap_or(area.width);
        let row = Area {
            height: area.height.min(1),
            ..area
        };
        self.fill(row, empty, style);
        self.fill(Area { width: part, ..row }, full, style);
    }
}

/// What of a text stands behind the first columns, and how many columns of a wide character that was
/// cut in two are left empty.
fn behind(what: &str, skip: usize) -> (&str, usize) {
    use unicode_segmentation::UnicodeSegmentation;
    let mut used = 0;
    for (at, grapheme) in what.grapheme_indices(true) {
        if used >= skip {
            return (what.get(at..).unwrap_or_default(), used - skip);
        }
        used += text::width(grapheme);
    }
    ("", 0)
}

/// The area without its first rows.
pub fn below(area: Area, rows: u16) -> Area {
    let rows = rows.min(area.height);
    Area {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
