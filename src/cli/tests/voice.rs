//! Output that nobody reads any more, and output that cannot be written.

use super::fake::FakeDesk;
use crate::cli::args::{Act, Agenda};
use crate::cli::{refuse, run};
use crate::port::command::Code;
use std::io::{self, ErrorKind, Write};

struct Broken(ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

fn agenda(out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let act = Act::Agenda(Agenda {
        doctor: None,
        date: "today".to_owned(),
    });
    run(&act, true, &FakeDesk::new(), out, err)
}

#[test]
fn a_pipe_that_was_closed_ends_quietly() {
    let mut err = Vec::new();
    assert_eq!(agenda(&mut Broken(ErrorKind::BrokenPipe), &mut err), 0);
    assert!(err.is_empty());
    let closed = &mut Broken(ErrorKind::BrokenPipe);
    assert_eq!(refuse(Code::Usage, "No.", false, closed), 2);
}

#[test]
fn an_answer_that_cannot_be_written_is_said_to_have_been_carried_out() {
    let mut err = Vec::new();
    assert_eq!(agenda(&mut Broken(ErrorKind::StorageFull), &mut err), 1);
    let said = String::from_utf8(err).unwrap();
    assert!(said.contains("It was carried out"), "{said}");
}

#[test]
fn a_refusal_before_there_is_a_desk_looks_like_every_other() {
    let mut err = Vec::new();
    assert_eq!(
        refuse(Code::Usage, "Bad\u{1b}[31m line.", true, &mut err),
        2
    );
    assert_eq!(
        String::from_utf8(err).unwrap(),
        "{\"error\":{\"code\":\"usage\",\"message\":\"Bad[31m line.\"}}\n"
    );
}
