//! `frontdesk demo`: the sample clinic on the screens, with its practice calendar inside the program.

use super::clock::SystemClock;
use super::config::{Config, Places};
use super::demo::{self, Plan, Prepared};
use super::screens::{self, Failure};
use super::serve;
use crate::cli::args::Demo;
use crate::port::clock::Clock;
use crate::port::command::{Code, Refusal};
use crate::practice::{Options, PracticeError, Server};
use color_eyre::eyre;
use std::any::Any;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::Runtime;

/// Prepares the clinic and, unless only that was asked for, opens its desk.
pub fn run(args: &Demo, out: &mut dyn Write) -> eyre::Result<ExitCode> {
    let places = Places::of_this_user();
    let dir = args
        .data_dir
        .clone()
        .or_else(|| places.as_ref().map(|p| p.data_dir.join("demo")));
    let Some(dir) = dir else {
        let words = "There is no home directory to keep the demo in: name one with --data-dir.";
        return Err(Failure(Refusal::new(Code::Usage, words)).into());
    };
    let _log = super::start_log(Some(&dir.join("log")), false);
    let plan = Plan::of(args.doctors, args.appointments, SystemClock.now());
    let mut say = |line: String| {
        let _ = writeln!(out, "{line}");
    };
    let prepared = demo::prepare(&dir, &plan, args.fresh, SystemClock.now(), &mut say)
        .map_err(|error| Failure(Refusal::new(Code::Internal, error.to_string())))?;
    if args.prepare {
        say(format!("The demo clinic is ready in {}.", dir.display()));
        return Ok(ExitCode::SUCCESS);
    }
    // `_hold` keeps another program from making the demo anew while this one shows it.
    let Prepared {
        config,
        practice_data,
        calendars,
        notice,
        hold: _hold,
        ..
    } = prepared;
    let start = move |runtime: &Runtime, config: &mut Config| -> eyre::Result<Box<dyn Any>> {
        let server = runtime.block_on(listen(practice_data, calendars))?;
        config.google.base_url = Some(server.base_url());
        Ok(Box::new(server))
    };
    screens::run(config, notice, Some(Box::new(start)))
}

/// On the port that the written configuration names, so that the command line reaches the same
/// calendar; on a free one where that is taken.
async fn listen(
    data: PathBuf,
    calendars: Vec<crate::practice::CalendarSpec>,
) -> Result<Server, PracticeError> {
    let options = |port| Options {
        data: data.clone(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        calendars: calendars.clone(),
        now: serve::now(),
    };
    match Server::start(options(demo::PORT)).await {
        Err(PracticeError::PortInUse { .. }) => Server::start(options(0)).await,
        started => started,
    }
}
