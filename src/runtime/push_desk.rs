//! `frontdesk push`: listens for Google and keeps the mirror in step, without screens, until it is
//! interrupted.

use super::clock::SystemClock;
use super::config::Config;
use super::push::{self, Push};
use super::screens::Failure;
use super::wire;
use crate::port::command::{Code, Refusal};
use crate::worker::lanes::Lanes;
use color_eyre::eyre;
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

/// How long the channels may take to be stopped: a signal ends the program within a second.
const TO_STOP: Duration = Duration::from_millis(600);

/// Serves until a signal comes; says on `out` where.
pub fn run(config: &Config, json: bool, out: &mut dyn Write) -> eyre::Result<ExitCode> {
    let Some(push) = &config.push else {
        let words = "There is no [push] in the configuration: it names the https address at which Google \
                     reaches the clinic (public_url), and where the program listens (listen).";
        return Err(Failure(Refusal::new(Code::Usage, words)).into());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let engine = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let socket = push::listen(push.listen)
            .await
            .map_err(|words| Failure(Refusal::new(Code::Internal, words)))?;
        let records = wire::database(config).map_err(Failure)?;
        let store = wire::database(config).map_err(Failure)?;
        let engine = wire::engine(config, wire::settings(config), store).map_err(Failure)?;
        let (send, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let lanes = Lanes::start(
            engine.clone(),
            records,
            SystemClock,
            Handle::current(),
            send,
        );
        let (handle, heard) = (Handle::current(), Some(socket));
        let listening = Push::start(&handle, push, engine.clone(), lanes.nudges(), heard);
        // A reader that has gone away is no reason not to serve.
        let _ = if json {
            let at = json!({"listen": push.listen.to_string(), "public_url": push.public_url});
            writeln!(out, "{at}")
        } else {
            writeln!(
                out,
                "Listening at {} for what Google sends to {}",
                push.listen, push.public_url
            )
        };
        let _ = out.flush();
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = hang_up.recv() => break,
                _ = interrupt.recv() => break,
                // nobody looks at what the lanes say
                Some(_) = reports.recv() => {}
            }
        }
        listening.stop(TO_STOP).await;
        eyre::Ok(engine)
    })?;
    wire::finish_writing(engine);
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(ExitCode::SUCCESS)
}
