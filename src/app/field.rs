//! A text field: what was typed and where the cursor stands. What a terminal could be harmed by
//! never gets in, and nothing grows without bound.

use super::msg::Edit;
use crate::domain::text;
use tui_input::{Input, InputRequest};

/// One line of text being typed.
#[derive(Clone, Debug)]
pub struct Field {
    input: Input,
    most: usize,
}

impl Field {
    /// An empty field of at most `most` characters.
    pub fn new(most: usize) -> Self {
        Self {
            input: Input::default(),
            most,
        }
    }

    /// A field that holds text already; the cursor stands at its end.
    #[must_use]
    pub fn holding(self, value: &str) -> Self {
        Self {
            input: Input::new(text::clean(value, self.most)),
            most: self.most,
        }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether nothing but blanks stands in it.
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// Screen columns before the cursor.
    pub fn cursor_column(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.input.reset();
    }

    /// Replaces what stands in it.
    pub fn set(&mut self, value: &str) {
        self.input = Input::new(text::clean(value, self.most));
    }

    /// Applies an edit; tells whether the text has changed.
    pub fn apply(&mut self, edit: &Edit) -> bool {
        let request = match edit {
            Edit::Insert(c) => return self.insert(*c),
            Edit::Paste(pasted) => return self.paste(pasted),
            Edit::DeleteBefore => InputRequest::DeletePrevChar,
            Edit::DeleteAfter => InputRequest::DeleteNextChar,
            Edit::DeleteWord => InputRequest::DeletePrevWord,
            Edit::DeleteToStart => InputRequest::DeleteFromStart,
            Edit::DeleteToEnd => InputRequest::DeleteTillEnd,
            Edit::Left => InputRequest::GoToPrevChar,
            Edit::Right => InputRequest::GoToNextChar,
            Edit::WordLeft => InputRequest::GoToPrevWord,
            Edit::WordRight => InputRequest::GoToNextWord,
            Edit::Home => InputRequest::GoToStart,
            Edit::End => InputRequest::GoToEnd,
        };
        self.input
            .handle(request)
            .is_some_and(|changed| changed.value)
    }

    fn insert(&mut self, c: char) -> bool {
        let before = self.text().to_owned();
        let cursor = self.input.cursor();
        self.input.handle(InputRequest::InsertChar(c));
        let fits = self.text().chars().count() <= self.most;
        if fits && text::is_clean(self.text()) {
            return true;
        }
        self.input = Input::new(before).with_cursor(cursor);
        false
    }

    fn paste(&mut self, pasted: &str) -> bool {
        let room = self.most.saturating_sub(self.text().chars().count());
        // a paste may be megabytes: look at no more than could ever matter
        let head: String = pasted.chars().take(self.most.saturating_mul(4)).collect();
        let cleaned = text::clean(&head, room);
        for c in cleaned.chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
        !cleaned.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_harm_a_terminal_never_gets_into_a_field() {
        let mut field = Field::new(10);
        assert!(field.apply(&Edit::Insert('a')));
        assert!(!field.apply(&Edit::Insert('\u{1b}')));
        assert!(!field.apply(&Edit::Insert('\u{202e}')));
        assert!(field.apply(&Edit::Paste("b\u{1b}[31m c".to_owned())));
        assert_eq!(field.text(), "ab[31m c");
    }

    #[test]
    fn a_field_takes_no_more_than_it_holds_however_much_is_pasted() {
        let mut field = Field::new(5);
        field.apply(&Edit::Paste("x".repeat(10_000_000)));
        assert_eq!(field.text(), "xxxxx");
        assert!(!field.apply(&Edit::Insert('y')));
        assert_eq!(field.text(), "xxxxx");
    }
}
