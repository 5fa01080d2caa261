//! What happened, line by line: a hash always, the lines themselves only for a replay.

use std::fmt::Arguments;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;
use std::time::Duration;

/// The log of one run.
#[derive(Debug)]
pub struct Trace {
    hash: DefaultHasher,
    lines: u64,
    line: Vec<u8>,
    aloud: bool,
}

impl Trace {
    /// A log that keeps a hash, and speaks when `aloud`.
    pub fn new(aloud: bool) -> Self {
        Self {
            hash: DefaultHasher::new(),
            lines: 0,
            line: Vec::new(),
            aloud,
        }
    }

    /// Adds a line.
    pub fn note(&mut self, at: Duration, words: Arguments<'_>) {
        self.line.clear();
        let _ = write!(self.line, "{:>11.3} {words}", at.as_secs_f64());
        self.hash.write(&self.line);
        self.lines += 1;
        if self.aloud {
            println!("{}", String::from_utf8_lossy(&self.line));
        }
    }

    /// What tells this run from any other, and how many lines it has.
    pub fn print(&self) -> (u64, u64) {
        (self.hash.finish(), self.lines)
    }
}
