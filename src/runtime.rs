//! The program around the library's floors: reads what was typed and configured, puts the adapters
//! together, and runs the screens, the command line, the demo, the listener for Google, or the practice
//! calendar.

pub mod clock;
pub mod config;
pub mod demo;
pub mod direct;
pub mod event_loop;
pub mod logging;
pub mod push;
pub mod restored;
pub mod screens;
pub mod serve;
pub mod terminal;
pub mod wire;

mod demo_desk;
mod push_desk;

use crate::cli;
use crate::cli::args::{Act, Cli, Command, Practice, Serve};
use crate::port::command::{Code, Refusal};
use clock::SystemClock;
use color_eyre::eyre;
use config::{Config, Places};
use direct::DirectDesk;
use screens::Failure;
use std::ffi::OsString;
use std::io::{Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

/// Runs the program with these arguments (the first is its own name).
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (mut out, mut err) = (stdout(), stderr());
    let cli = match cli::args::parse(arguments, &mut out, &mut err) {
        Ok(cli) => cli,
        Err(code) => return ExitCode::from(code),
    };
    let json = cli.json;
    let code = match dispatch(cli, &mut out, &mut err) {
        Ok(code) => code,
        Err(error) => ExitCode::from(fail(&error, json, &mut err)),
    };
    // A reader that has gone away (`| head`) is no failure of ours.
    let _ = out.flush();
    code
}

fn dispatch(cli: Cli, out: &mut dyn Write, err: &mut dyn Write) -> eyre::Result<ExitCode> {
    match cli.command {
        Some(Command::Act(act)) => act_on(cli.config.as_deref(), cli.json, &act, out, err),
        Some(Command::Demo(demo)) => demo_desk::run(&demo, out),
        Some(Command::Push) => {
            let (config, places) = configuration(cli.config.as_deref())?;
            let _log = start_log(places.as_ref().map(|p| p.log_dir.as_path()), cli.json);
            push_desk::run(&config, cli.json, out)
        }
        Some(Command::Practice(Practice::Serve(Serve {
            listen,
            data,
            calendar,
        }))) => {
            serve::run(listen, data, calendar, out)?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let (config, places) = configuration(cli.config.as_deref())?;
            let _log = start_log(places.as_ref().map(|p| p.log_dir.as_path()), false);
            screens::run(config, None, None)
        }
    }
}

fn act_on(
    file: Option<&Path>,
    json: bool,
    act: &Act,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> eyre::Result<ExitCode> {
    let (config, places) = configuration(file)?;
    let _log = start_log(places.as_ref().map(|p| p.log_dir.as_path()), json);
    let desk = DirectDesk::open(config).map_err(Failure)?;
    Ok(ExitCode::from(cli::run(act, json, &desk, out, err)))
}

fn configuration(file: Option<&Path>) -> Result<(Config, Option<Places>), Failure> {
    let places = Places::of_this_user();
    let environment = |name: &str| std::env::var(name).ok();
    let config = Config::load(file, places.as_ref(), &environment)
        .map_err(|error| Failure(Refusal::new(error.code(), error.to_string())))?;
    Ok((config, places))
}

/// Logs to a file where that is possible; a desk that cannot log still books. Where stderr is read by
/// a program, only errors stand there.
fn start_log(dir: Option<&Path>, quiet: bool) -> Option<logging::Logging> {
    let level = std::env::var(logging::VARIABLE).ok();
    let started = logging::start(dir?, level.as_deref(), SystemClock);
    if let Err(error) = &started
        && !quiet
    {
        let _ = writeln!(stderr(), "frontdesk: {error}");
    }
    started.ok()
}

/// Says why the program ends, in the form of every refusal.
fn fail(error: &eyre::Report, json: bool, err: &mut dyn Write) -> u8 {
    if let Some(Failure(refusal)) = error.downcast_ref::<Failure>() {
        return cli::refuse(refusal.code, &refusal.message, json, err);
    }
    tracing::error!(error = %error, "ended by an error");
    cli::refuse(Code::Internal, &error.to_string(), json, err)
}
