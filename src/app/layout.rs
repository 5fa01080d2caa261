//! Where things stand on the screen, in plain numbers: how many rows and columns fit decides what is
//! asked for and where a click lands, so it is known here and only drawn elsewhere.

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// A rectangle.
    pub fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// Whether the cell lies in it.
    pub fn contains(&self, column: u16, row: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&column)
            && (self.y..self.y.saturating_add(self.height)).contains(&row)
    }

    /// What is left inside a frame of one cell.
    #[must_use]
    pub fn inner(&self) -> Self {
        Self {
            x: self.x.saturating_add(1),
            y: self.y.saturating_add(1),
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    /// First column to its right.
    pub fn right(&self) -> u16 {
        self.x.saturating_add(self.width)
    }

    /// First row under it.
    pub fn bottom(&self) -> u16 {
        self.y.saturating_add(self.height)
    }
}

/// How much fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Only a list of the day's visits.
    Tiny,
    /// Grid with the details as a strip below; the lists come as overlays.
    Small,
    /// Lists at the left, grid, details at the right.
    Wide,
}

/// Where everything stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How much fits.
    pub shape: Shape,
    /// The line at the top.
    pub status: Area,
    /// The mini month, with its frame.
    pub month: Area,
    /// The list of doctors, with its frame.
    pub doctors: Area,
    /// The grid, with its frame where there is one.
    pub grid: Area,
    /// The rows and columns of the grid, without header and times.
    pub cells: Area,
    /// The details: a panel with a frame, or a strip.
    pub detail: Area,
    /// The line of keys.
    pub hints: Area,
    /// Columns shown at once.
    pub columns: u16,
    /// Width of a column, with the line at its left.
    pub column_width: u16,
}

/// Width of the times at the left of the grid, `10:30 `.
pub const TIMES: u16 = 6;
const LEFT: u16 = 24;
const RIGHT: u16 = 36;
const MONTH_ROWS: u16 = 9;
const STRIP: u16 = 4;
/// A column of a doctor is worth showing from this width on.
const LEAST_DOCTOR: u16 = 22;
/// Days of a week may be narrower: all seven should be in view.
const LEAST_DAY: u16 = 10;
const MOST_COLUMN: u16 = 34;

impl Layout {
    /// The layout of a terminal of that size for a grid of so many columns: doctors, or days.
    pub fn of((width, height): (u16, u16), columns: usize, days: bool) -> Self {
        let shape = if width < 40 || height < 12 {
            Shape::Tiny
        } else if width >= 120 && height >= 24 {
            Shape::Wide
        } else {
            Shape::Small
        };
        let status = Area::new(0, 0, width, height.min(1));
        let hints = Area::new(0, height.saturating_sub(1), width, u16::from(height > 1));
        let body = Area::new(0, 1, width, height.saturating_sub(2));
        let (month, doctors, grid, detail, cells) = match shape {
            Shape::Wide => {
                let month = Area::new(0, body.y, LEFT, MONTH_ROWS);
                let doctors = Area::new(
                    0,
                    month.bottom(),
                    LEFT,
                    body.height.saturating_sub(MONTH_ROWS),
                );
                let middle = body.width.saturating_sub(LEFT + RIGHT);
                let grid = Area::new(LEFT, body.y, middle, body.height);
                let detail = Area::new(grid.right(), body.y, RIGHT, body.height);
                let inner = grid.inner();
                let cells = Area::new(
                    inner.x + TIMES,
                    inner.y,
                    inner.width.saturating_sub(TIMES),
                    inner.height,
                );
                (month, doctors, grid, detail, cells)
            }
            Shape::Small => {
                let rows = body.height.saturating_sub(STRIP);
                let grid = Area::new(0, body.y, width, rows);
                let detail = Area::new(0, grid.bottom(), width, STRIP);
                let cells = Area::new(
                    TIMES,
                    grid.y + 1,
                    width.saturating_sub(TIMES),
                    rows.saturating_sub(1),
                );
                let month = Area::new(0, body.y, LEFT, MONTH_ROWS.min(body.height));
                let doctors = Area::new(0, body.y, 34.min(width), body.height);
                (month, doctors, grid, detail, cells)
            }
            Shape::Tiny => {
                let none = Area::new(0, body.y, width, 0);
                (none, none, body, none, body)
            }
        };
        let least = if days { LEAST_DAY } else { LEAST_DOCTOR };
        let fits = (cells.width / least).max(1);
        let shown = fits.min(u16::try_from(columns).unwrap_or(u16::MAX)).max(1);
        Self {
            shape,
            status,
            month,
            doctors,
            grid,
            cells,
            detail,
            hints,
            columns: shown,
            column_width: (cells.width / shown).min(MOST_COLUMN),
        }
    }

    /// Rows of the grid.
    pub fn rows(&self) -> u16 {
        self.cells.height
    }

    /// Where the details stand when they have the focus: over the grid where there is no panel.
    pub fn focused_detail(&self) -> Area {
        match self.shape {
            Shape::Wide => self.detail,
            Shape::Small | Shape::Tiny => Area::new(
                0,
                self.status.bottom(),
                self.status.width,
                self.hints.y.saturating_sub(self.status.bottom()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_people_have_get_the_layout_that_was_drawn_for_them() {
        let wide = Layout::of((160, 48), 6, false);
        assert_eq!((wide.shape, wide.columns), (Shape::Wide, 4));
        let small = Layout::of((80, 24), 6, false);
        assert_eq!((small.shape, small.columns), (Shape::Small, 3));
        assert_eq!(Layout::of((39, 24), 6, false).shape, Shape::Tiny);
        assert_eq!(Layout::of((80, 11), 6, false).shape, Shape::Tiny);
    }

    #[test]
    fn nothing_stands_outside_of_the_screen_at_any_size() {
        for width in 0..260 {
            for height in 0..70 {
                for columns in [0, 1, 7, 40] {
                    let layout = Layout::of((width, height), columns, columns == 7);
                    let fits = |area: Area| area.right() <= width && area.bottom() <= height;
                    let parts = [layout.status, layout.grid, layout.cells, layout.hints];
                    assert!(
                        parts.iter().all(|area| area.height == 0 || fits(*area)),
                        "{width}x{height}"
                    );
                    assert!(layout.columns * layout.column_width <= layout.cells.width.max(1));
                }
            }
        }
    }
}
