//! Reading the arguments, and what is said when they cannot be read.

use super::Cli;
use crate::cli::refuse;
use crate::port::command::Code;
use clap::Parser;
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;

/// The arguments as they are meant. What cannot be read is refused on `err` (as JSON where that was
/// asked for), help and version go to `out`; both end the program with the exit code that is returned.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Cli, u8> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // looked for by hand: where the arguments cannot be read, nobody else says how to answer
    let json = arguments
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument == "--json");
    let error = match Cli::try_parse_from(&arguments) {
        Ok(cli) if cli.json && cli.command.is_none() => {
            let message = "--json needs a command, such as: frontdesk --json agenda";
            return Err(refuse(Code::Usage, message, true, err));
        }
        Ok(cli) => return Ok(cli),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // nobody may be left to read it
            let _ = write!(out, "{}", error.render());
            Err(0)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            if json {
                let message = "the command is not complete: --help says what it needs";
                return Err(refuse(Code::Usage, message, true, err));
            }
            let _ = write!(err, "{}", error.render());
            Err(Code::Usage.exit())
        }
        _ => Err(refuse(Code::Usage, &sentence(&error, json), json, err)),
    }
}

/// clap's message without its label, and in JSON without its page of usage.
fn sentence(error: &clap::Error, json: bool) -> String {
    let rendered = error.render().to_string();
    let text = rendered.trim().trim_start_matches("error: ");
    if !json {
        return text.to_owned();
    }
    let told: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .collect();
    told.join(" ")
}

/// An address on this machine. The practice calendar asks nobody who they are, so it must not be
/// reached from outside.
pub(super) fn loopback(text: &str) -> Result<SocketAddr, String> {
    let named = text
        .strip_prefix("localhost:")
        .map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let address: SocketAddr = named
        .parse()
        .map_err(|_| "write it like 127.0.0.1:8765".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(
            "the practice calendar is only for this machine: write it like 127.0.0.1:8765"
                .to_owned(),
        )
    }
}

/// The id of a calendar: something that can be typed and stand in an address.
pub(super) fn calendar_id(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Err("write it like chen@clinic.example".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A whole number in a range, refused in words a person uses.
pub(super) fn whole<T: TryFrom<u32>>(
    from: u32,
    to: u32,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        text.trim()
            .parse::<u32>()
            .ok()
            .filter(|number| (from..=to).contains(number))
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("write a whole number from {from} to {to}"))
    }
}
