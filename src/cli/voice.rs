//! How the command line speaks: answers on stdout, refusals on stderr, exit codes.

use super::objects::{CustomerObject, SlotTimes};
use super::say;
use crate::domain::text::clean;
use crate::domain::time::Interval;
use crate::port::command::{Code, Refusal};
use chrono_tz::Tz;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

/// Longest line of a message; a message may quote what was typed.
const LINE: usize = 600;

pub(super) type Result<T> = std::result::Result<T, Failure>;

/// An act that was carried out, as far as it was.
#[derive(Debug)]
pub(super) struct Done {
    /// The answer, without its last line break.
    body: String,
    /// What is to be known beside it.
    note: Option<Note>,
    /// What is wrong with the desk itself, whatever was asked of it.
    beside: Option<Failure>,
}

#[derive(Debug)]
enum Note {
    /// It is done, but.
    Warning(Failure),
    /// It is recorded, and not what was wanted: its exit code is the program's.
    Shortfall(Failure),
}

impl Done {
    pub fn new(body: String) -> Self {
        Self {
            body,
            note: None,
            beside: None,
        }
    }

    /// With something that should be known, and changes nothing.
    pub fn warned(mut self, failure: Option<Failure>) -> Self {
        self.note = failure.map(Note::Warning);
        self
    }

    /// With what is wrong with the desk itself, which changes nothing either.
    pub fn beside(mut self, trouble: Option<Failure>) -> Self {
        self.beside = trouble;
        self
    }

    /// With the reason why it is not all that was asked for.
    pub fn falling_short(mut self, failure: Option<Failure>) -> Self {
        self.note = failure.map(Note::Shortfall);
        self
    }
}

/// Why something was not done.
#[derive(Debug)]
pub(super) struct Failure {
    pub code: Code,
    pub message: String,
    nearest: Vec<Interval>,
    candidates: Vec<CustomerObject>,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            nearest: Vec::new(),
            candidates: Vec::new(),
        }
    }

    /// What was typed is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// With the people it may have meant.
    pub fn among(mut self, candidates: Vec<CustomerObject>) -> Self {
        self.candidates = candidates;
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code,
            message: refusal.message,
            nearest: refusal.nearest,
            candidates: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    code: Code,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<SlotTimes>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    candidates: &'a [CustomerObject],
}

/// One object on stderr, whatever there is to say.
#[derive(Default, Serialize)]
struct Envelope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<Problem<'a>>,
}

/// Prints the answer, and what falls short of it. Returns the exit code.
pub(super) fn answer(
    done: &Done,
    json: bool,
    zone: Tz,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let written = writeln!(out, "{}", done.body).and_then(|()| out.flush());
    let beside = done.beside.as_ref();
    let code = match &done.note {
        None => {
            print(None, &[beside], json, zone, err);
            0
        }
        Some(Note::Warning(failure)) => {
            print(None, &[Some(failure), beside], json, zone, err);
            0
        }
        Some(Note::Shortfall(failure)) => fail_beside(failure, beside, json, zone, err),
    };
    match written {
        // nobody is left to read it: what was done stays done
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let said = error.to_string();
            let why = said
                .find(" (os error")
                .map_or(said.as_str(), |end| said.get(..end).unwrap_or_default());
            let message = format!(
                "It was carried out, but the answer could not be written ({why}). Look with “frontdesk agenda” or “frontdesk show”."
            );
            fail(&Failure::new(Code::Internal, message), json, zone, err)
        }
        _ => code,
    }
}

/// Prints a refusal. Returns its exit code.
pub(super) fn fail(failure: &Failure, json: bool, zone: Tz, err: &mut dyn Write) -> u8 {
    fail_beside(failure, None, json, zone, err)
}

/// Prints a refusal and what is wrong with the desk itself. Returns the refusal's exit code.
pub(super) fn fail_beside(
    failure: &Failure,
    beside: Option<&Failure>,
    json: bool,
    zone: Tz,
    err: &mut dyn Write,
) -> u8 {
    print(Some(failure), &[beside], json, zone, err);
    failure.code.exit()
}

/// Says what went wrong and what is to be known beside it: a line each, or one object.
fn print(
    error: Option<&Failure>,
    warnings: &[Option<&Failure>],
    json: bool,
    zone: Tz,
    err: &mut dyn Write,
) {
    let warnings: Vec<&Failure> = warnings.iter().copied().flatten().collect();
    if error.is_none() && warnings.is_empty() {
        return;
    }
    let text = if json {
        let mut warning = warnings.first().map(|first| problem(first));
        for more in warnings.iter().skip(1) {
            if let Some(warning) = &mut warning {
                let _ = write!(warning.message, " {}", harmless(&more.message));
            }
        }
        let envelope = Envelope {
            error: error.map(problem),
            warning,
        };
        serde_json::to_string(&envelope).unwrap_or_default()
    } else {
        let lines: Vec<String> = error
            .into_iter()
            .chain(warnings)
            .map(|failure| in_words(failure, zone))
            .collect();
        lines.join("\n")
    };
    // when stderr is closed too there is nobody left to tell
    let _ = writeln!(err, "{text}").and_then(|()| err.flush());
}

fn problem(failure: &Failure) -> Problem<'_> {
    Problem {
        code: failure.code,
        message: harmless(&failure.message),
        nearest: failure.nearest.iter().map(SlotTimes::from).collect(),
        candidates: &failure.candidates,
    }
}

fn in_words(failure: &Failure, zone: Tz) -> String {
    let mut text = format!("frontdesk: {}", harmless(&failure.message));
    if !failure.nearest.is_empty() {
        let slots: Vec<String> = failure.nearest.iter().map(|s| say::when(s, zone)).collect();
        let _ = write!(text, "\nNearest free ({zone}): {}", slots.join(" · "));
    }
    text
}

/// The message line by line without what could harm a terminal: it may quote what was typed. Blanks
/// stay as they are, since they hold columns apart.
fn harmless(message: &str) -> String {
    let line = |line: &str| {
        let words: Vec<String> = line.split(' ').map(|word| clean(word, LINE)).collect();
        let text = words.join(" ");
        match text.char_indices().nth(LINE) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    };
    let lines: Vec<String> = message.trim().lines().map(line).collect();
    lines.join("\n")
}
