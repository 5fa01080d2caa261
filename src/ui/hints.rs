//! The line of keys at the bottom, made from the live keymap, and the messages above it.

use super::keymap;
use super::pen::Pen;
use super::text::{width, wrap};
use crate::app::layout::Area;
use crate::app::screen::Context;
use crate::app::state::{State, Tone};

/// Draws the keys that are live now.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    keys(pen, area, state.context());
}

/// Writes the keys of a context, as many as fit.
pub fn keys(pen: &mut Pen, area: Area, context: Context) {
    if area.height == 0 {
        return;
    }
    let mut x = area.x + u16::from(area.width > 40);
    for binding in keymap::hints(context) {
        let Some(key) = binding.keys.first() else {
            continue;
        };
        let key = key.label();
        let wide = width(&key) + 1 + width(binding.hint);
        if usize::from(x) + wide > usize::from(area.right()) {
            let rest = area.right().saturating_sub(x);
            pen.put(x, area.y, rest, pen.marks.more.1, pen.theme.dim);
            return;
        }
        x = pen.put(x, area.y, area.width, &key, pen.theme.key) + 1;
        x = pen.put(x, area.y, area.width, binding.hint, pen.theme.dim) + 2;
    }
}

/// Draws the messages over the lowest lines; they stay until a key is pressed.
pub fn notices(pen: &mut Pen, state: &State) {
    let all = pen.buffer.area;
    let room = usize::from(all.height / 2).max(1);
    let across = usize::from(all.width.saturating_sub(5)).max(1);
    let mut lines: Vec<(&str, String)> = Vec::new();
    for notice in &state.notices {
        let mark = match notice.tone {
            Tone::Good => pen.marks.confirmed,
            Tone::Plain => pen.marks.dot,
            Tone::Bad => pen.marks.repair,
        };
        for (at, line) in wrap(&notice.text, across).into_iter().enumerate() {
            lines.push((if at == 0 { mark } else { " " }, line));
        }
    }
    if lines.is_empty() {
        return;
    }
    let cut = lines.len() > room;
    lines.truncate(room);
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let top = all.height.saturating_sub(height);
    let style = pen.theme.notice;
    pen.fill(Area::new(0, top, all.width, height), " ", style);
    for (y, (mark, line)) in (top..).zip(&lines) {
        pen.put(1, y, 1, mark, style);
        pen.put(3, y, all.width.saturating_sub(4), line, style);
    }
    if cut {
        let x = all.width.saturating_sub(1);
        pen.put(x, all.height.saturating_sub(1), 1, pen.marks.cut, style);
    }
}
