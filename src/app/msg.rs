//! What can happen to the screens. Plain data, so that a session can be recorded and replayed.

use super::action::Action;
use crate::domain::time::Moment;
use crate::port::report::Report;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Msg {
    /// A person wants something.
    Action(Action),
    /// A person types into the focused field.
    Edit(Edit),
    /// A lane tells something.
    Report(Report),
    /// Time has passed.
    Tick(Moment),
    /// The terminal has another size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The left button was pressed there, counted from the upper left corner.
    Click {
        /// Column.
        column: u16,
        /// Row.
        row: u16,
    },
    /// Text came in one piece.
    Paste(String),
}

/// A change of a text field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// A character was typed.
    Insert(char),
    /// Text was pasted.
    Paste(String),
    /// Remove the character before the cursor.
    DeleteBefore,
    /// Remove the character after the cursor.
    DeleteAfter,
    /// Remove the word before the cursor.
    DeleteWord,
    /// Remove everything before the cursor.
    DeleteToStart,
    /// Remove everything after the cursor.
    DeleteToEnd,
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// One word to the left.
    WordLeft,
    /// One word to the right.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
}
