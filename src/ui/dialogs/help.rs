//! The keys, made from the live keymap.

use crate::app::screen::help::Help;
use crate::ui::keymap::{self, HelpRow};
use crate::ui::pen::Pen;

/// Draws it.
pub(super) fn draw(pen: &mut Pen, help: &Help) {
    let screen = pen.buffer.area;
    let page = Help::rows((screen.width, screen.height));
    let rows = keymap::help();
    let height = page.saturating_add(2).min(screen.height);
    let inner = pen.dialog(76, height, "Keys");
    let (key, words, title) = (pen.theme.key, pen.theme.base, pen.theme.strong);
    let at = usize::from(help.top);
    for (y, row) in (inner.y..inner.bottom()).zip(rows.iter().skip(at)) {
        match row {
            HelpRow::Blank => {}
            HelpRow::Title(text) => {
                pen.put(inner.x, y, inner.width, text, title);
            }
            HelpRow::Keys(binding) => {
                let keys = binding.labels();
                pen.put(
                    inner.x + 1,
                    y,
                    inner.width.saturating_sub(1).min(16),
                    &keys,
                    key,
                );
                let x = inner.x + 18;
                pen.put(
                    x,
                    y,
                    inner.right().saturating_sub(x),
                    binding.words(),
                    words,
                );
            }
        }
    }
    let corner = inner.right().saturating_sub(2);
    if at > 0 {
        pen.put(corner, inner.y.saturating_sub(1), 1, pen.marks.above, key);
    }
    if at + usize::from(inner.height) < rows.len() {
        pen.put(corner, inner.bottom(), 1, pen.marks.below, key);
    }
}
