//! Which key means what, and when. The hints and the help are made from these tables, so they cannot
//! say anything that is not so.

mod desk;
mod dialogs;
mod event;

pub use event::translate;

use crate::app::action::{self, Action};
use crate::app::screen::Context;
use crossterm::event::{KeyCode, KeyModifiers};

/// A key with what is held down with it. Shift is part of a letter, not held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Ctrl, Alt.
    pub held: KeyModifiers,
}

/// Esc.
pub const ESC: Key = code(KeyCode::Esc);
/// Enter.
pub const ENTER: Key = code(KeyCode::Enter);
/// Tab.
pub const TAB: Key = code(KeyCode::Tab);
/// Shift and Tab.
pub const BACK_TAB: Key = code(KeyCode::BackTab);
/// Arrow up.
pub const UP: Key = code(KeyCode::Up);
/// Arrow down.
pub const DOWN: Key = code(KeyCode::Down);
/// Arrow to the left.
pub const LEFT: Key = code(KeyCode::Left);
/// Arrow to the right.
pub const RIGHT: Key = code(KeyCode::Right);
/// Page up.
pub const PAGE_UP: Key = code(KeyCode::PageUp);
/// Page down.
pub const PAGE_DOWN: Key = code(KeyCode::PageDown);
/// Home.
pub const HOME: Key = code(KeyCode::Home);
/// End.
pub const END: Key = code(KeyCode::End);

/// A key that is no letter.
pub const fn code(code: KeyCode) -> Key {
    Key {
        code,
        held: KeyModifiers::NONE,
    }
}

/// A letter.
pub const fn key(letter: char) -> Key {
    code(KeyCode::Char(letter))
}

/// A letter with Alt.
pub const fn alt(letter: char) -> Key {
    Key {
        code: KeyCode::Char(letter),
        held: KeyModifiers::ALT,
    }
}

/// A letter with Ctrl.
pub const fn ctrl(letter: char) -> Key {
    Key {
        code: KeyCode::Char(letter),
        held: KeyModifiers::CONTROL,
    }
}

impl Key {
    /// What is printed on it.
    pub fn label(self) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::PageUp => "PageUp".to_owned(),
            KeyCode::PageDown => "PageDown".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            other => format!("{other:?}"),
        };
        match self.held {
            KeyModifiers::ALT => format!("Alt-{name}"),
            KeyModifiers::CONTROL => format!("Ctrl-{name}"),
            _ => name,
        }
    }
}

/// Keys and what they mean.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Any of these keys.
    pub keys: &'static [Key],
    /// The act.
    pub action: Action,
    /// One or two words for the line of keys; empty: not there.
    pub hint: &'static str,
    /// What it does, for the help; empty: as the act says itself.
    pub says: &'static str,
}

/// Keys and what they mean.
pub const fn bind(
    keys: &'static [Key],
    action: Action,
    hint: &'static str,
    says: &'static str,
) -> Binding {
    Binding {
        keys,
        action,
        hint,
        says,
    }
}

impl Binding {
    /// What it does.
    pub fn words(&self) -> &'static str {
        if self.says.is_empty() {
            action::says(&self.action).unwrap_or_default()
        } else {
            self.says
        }
    }

    /// Its keys as they are printed.
    pub fn labels(&self) -> String {
        let labels: Vec<String> = self.keys.iter().map(|key| key.label()).collect();
        labels.join(" ")
    }
}

/// The tables that are live in a context; the first that knows the key decides.
pub fn tables(context: Context) -> &'static [&'static [Binding]] {
    match context {
        Context::Grid => &[desk::GRID, desk::DESK],
        Context::Doctors => &[desk::DOCTORS, desk::DESK],
        Context::Month => &[desk::MONTH, desk::DESK],
        Context::Detail => &[desk::DETAIL, desk::DESK],
        Context::Placing => &[desk::PLACING, desk::GRID, desk::DESK],
        Context::GoTo => &[dialogs::GOTO],
        Context::CommandLine => &[dialogs::COMMAND_LINE],
        Context::Help => &[dialogs::HELP],
        Context::Cancel => &[dialogs::CANCEL],
        Context::Reschedule => &[dialogs::RESCHEDULE],
        Context::Rescheduling => &[dialogs::RESCHEDULING],
        Context::Undo => &[dialogs::UNDO],
        Context::Copied => &[dialogs::COPIED],
        Context::Unread => &[dialogs::UNREAD],
        Context::UnreadMove => &[dialogs::UNREAD_MOVE],
        Context::Quitting => &[dialogs::QUITTING],
        Context::Booking => &[super::booking::KEYS],
        Context::Repair => &[super::repair::keys::PANE],
        Context::RepairReason => &[super::repair::keys::REASON],
        Context::RepairSearch => &[super::repair::keys::SEARCH],
        Context::RepairSummary => &[super::repair::keys::SUMMARY],
        Context::Find => &[super::find::KEYS],
        Context::Inbox => &[super::inbox::KEYS],
        Context::Drafts => &[super::drafts::KEYS],
    }
}

/// What a key means in a context.
pub fn lookup(context: Context, pressed: Key) -> Option<&'static Action> {
    tables(context)
        .iter()
        .flat_map(|table| table.iter())
        .find(|binding| binding.keys.contains(&pressed))
        .map(|binding| &binding.action)
}

/// The live keys of a context that have a place in the line of keys.
pub fn hints(context: Context) -> impl Iterator<Item = &'static Binding> {
    tables(context)
        .iter()
        .flat_map(|table| table.iter())
        .filter(|binding| !binding.hint.is_empty())
}

/// A row of the help.
#[derive(Clone, Debug)]
pub enum HelpRow {
    /// A heading.
    Title(&'static str),
    /// Keys and what they do.
    Keys(&'static Binding),
    /// Nothing.
    Blank,
}

const SECTIONS: [(&str, &[Binding]); 20] = [
    ("Desk: grid", desk::GRID),
    ("Everywhere on the desk", desk::DESK),
    ("Desk: list of doctors", desk::DOCTORS),
    ("Desk: month", desk::MONTH),
    ("Desk: details", desk::DETAIL),
    ("Moving a visit: choosing its new time", desk::PLACING),
    ("Moving a visit: the question", dialogs::RESCHEDULE),
    ("Moving a visit: while it goes on", dialogs::RESCHEDULING),
    ("Booking", super::booking::KEYS),
    ("Repair", super::repair::keys::PANE),
    ("Repair: the reason", super::repair::keys::REASON),
    ("Repair: searching", super::repair::keys::SEARCH),
    ("Repair: how many were done", super::repair::keys::SUMMARY),
    ("Search", super::find::KEYS),
    ("Inbox", super::inbox::KEYS),
    ("Bookings put aside", super::drafts::KEYS),
    ("Calling a visit off", dialogs::CANCEL),
    ("Unread calendar", dialogs::UNREAD),
    ("Unread calendar: moving a visit", dialogs::UNREAD_MOVE),
    ("Leaving", dialogs::QUITTING),
];

/// The help.
pub fn help() -> Vec<HelpRow> {
    let mut rows = Vec::new();
    for (title, table) in SECTIONS {
        if !rows.is_empty() {
            rows.push(HelpRow::Blank);
        }
        rows.push(HelpRow::Title(title));
        rows.extend(table.iter().map(HelpRow::Keys));
    }
    rows
}

/// Rows of the help, for [`crate::app::Setup`].
pub fn help_rows() -> u16 {
    u16::try_from(help().len()).unwrap_or(u16::MAX)
}
