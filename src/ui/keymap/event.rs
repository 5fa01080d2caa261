//! From what the terminal reports to what it means.

use super::{Key, lookup};
use crate::app::action::Action;
use crate::app::msg::{Edit, Msg};
use crate::app::state::State;
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

/// What an event means now. None: nothing.
pub fn translate(state: &State, event: &Event) -> Option<Msg> {
    match event {
        Event::Key(pressed) if pressed.kind != KeyEventKind::Release => typed(state, *pressed),
        Event::Paste(text) => Some(Msg::Paste(text.clone())),
        // A new size is not taken from here: crossterm loses one that comes together with a key (its
        // source goes back at the first event of a wake-up, and readiness is told once only). The loop
        // listens for the signal itself.
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Msg::Click {
                column: mouse.column,
                row: mouse.row,
            }),
            MouseEventKind::ScrollUp => Some(Msg::Action(Action::MoveUp)),
            MouseEventKind::ScrollDown => Some(Msg::Action(Action::MoveDown)),
            _ => None,
        },
        _ => None,
    }
}

fn typed(state: &State, pressed: KeyEvent) -> Option<Msg> {
    let context = state.context();
    let mut held = pressed
        .modifiers
        .intersection(KeyModifiers::CONTROL.union(KeyModifiers::ALT));
    // AltGr comes as Ctrl and Alt: it makes letters ([ and ] on many keyboards)
    if held == KeyModifiers::CONTROL.union(KeyModifiers::ALT) {
        held = KeyModifiers::NONE;
    }
    let key = Key {
        code: pressed.code,
        held,
    };
    if let Some(action) = lookup(context, key) {
        return Some(Msg::Action(action.clone()));
    }
    if key == super::ctrl('c') {
        // never leaves: one step back, like Esc
        return Some(Msg::Action(Action::GoBack));
    }
    context.types().then(|| edit(key)).flatten().map(Msg::Edit)
}

fn edit(key: Key) -> Option<Edit> {
    if key.held.is_empty() {
        return match key.code {
            KeyCode::Char(c) => Some(Edit::Insert(c)),
            KeyCode::Backspace => Some(Edit::DeleteBefore),
            KeyCode::Delete => Some(Edit::DeleteAfter),
            KeyCode::Left => Some(Edit::Left),
            KeyCode::Right => Some(Edit::Right),
            KeyCode::Home => Some(Edit::Home),
            KeyCode::End => Some(Edit::End),
            _ => None,
        };
    }
    match (key.code, key.held) {
        (KeyCode::Char('w'), KeyModifiers::CONTROL)
        | (KeyCode::Backspace, KeyModifiers::ALT | KeyModifiers::CONTROL) => Some(Edit::DeleteWord),
        (KeyCode::Char('u'), KeyModifiers::CONTROL) => Some(Edit::DeleteToStart),
        (KeyCode::Char('k'), KeyModifiers::CONTROL) => Some(Edit::DeleteToEnd),
        (KeyCode::Char('h'), KeyModifiers::CONTROL) => Some(Edit::DeleteBefore),
        (KeyCode::Char('a'), KeyModifiers::CONTROL) => Some(Edit::Home),
        (KeyCode::Char('e'), KeyModifiers::CONTROL) => Some(Edit::End),
        (KeyCode::Char('b'), KeyModifiers::ALT) | (KeyCode::Left, KeyModifiers::CONTROL) => {
            Some(Edit::WordLeft)
        }
        (KeyCode::Char('f'), KeyModifiers::ALT) | (KeyCode::Right, KeyModifiers::CONTROL) => {
            Some(Edit::WordRight)
        }
        _ => None,
    }
}
