//! The terminal: taken over, and given back whatever happens.

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Where frames are drawn. One write a frame: a frame is far smaller than the buffer.
pub type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

const FRAME_BYTES: usize = 128 * 1024;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// Takes the terminal over: raw mode, the alternate screen, mouse clicks, pastes in one piece.
pub fn take() -> io::Result<Screen> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
    let ready = execute!(
        out,
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste,
        cursor::Hide
    )
    .and_then(|()| Terminal::new(CrosstermBackend::new(out)));
    if ready.is_err() {
        give_back();
    }
    ready
}

/// Gives the terminal back; harmless when it was not taken, or when it is gone.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // Each may fail on its own when the other end has hung up; nobody is left to be told.
    let _ = execute!(
        io::stdout(),
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = io::stdout().flush();
}

/// The other end has hung up: from now on nothing is written to it.
pub fn let_go() {
    TAKEN.store(false, Ordering::SeqCst);
}

/// Gives the terminal back when dropped.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// A panic on the calling thread (the one that draws) gives the terminal back before it is reported; one
/// elsewhere is logged and leaves the screen alone.
pub fn install_panic_hook() {
    let draws = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "panicked");
        if std::thread::current().id() == draws {
            give_back();
            report(panic);
        }
    }));
}
