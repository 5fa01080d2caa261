//! Every act against a desk that is told what to answer.

mod bad_input;
mod book;
mod clinic;
mod fake;
mod notices;
mod people;
mod repair;
mod slots;
mod visits;
mod voice;
mod why;

use super::args::{Command, parse};
use super::run;
use fake::FakeDesk;
use serde_json::Value;

/// What the command line said.
struct Said {
    code: u8,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }

    fn error(&self) -> Value {
        let all: Value = serde_json::from_str(&self.err).unwrap();
        all["error"].clone()
    }
}

/// Runs the line as it would be typed after `frontdesk`.
fn say(desk: &FakeDesk, line: &[&str]) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let typed = std::iter::once("frontdesk").chain(line.iter().copied());
    let code = match parse(typed.map(Into::into), &mut out, &mut err) {
        Err(code) => code,
        Ok(cli) => match cli.command {
            Some(Command::Act(act)) => run(&act, cli.json, desk, &mut out, &mut err),
            other => panic!("not an act: {other:?}"),
        },
    };
    Said {
        code,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}
