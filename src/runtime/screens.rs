//! Starts the screens: the first frame from the mirror at once, everything that takes time after it.

use super::clock::SystemClock;
use super::config::Config;
use super::event_loop::{End, Loop, Signals};
use super::push::Push;
use super::restored;
use super::terminal;
use super::wire;
use crate::app::state::Tone;
use crate::app::{self, Effect, Msg, Setup, State};
use crate::port::clock::Clock;
use crate::port::command::{Code, Refusal};
use crate::port::report::{Report, Topic};
use crate::port::sync::SyncRecords;
use crate::sqlite::Access;
use crate::store::Database;
use crate::ui::theme::Depth;
use crate::ui::{self, ViewState};
use crate::worker::answers::answer;
use crate::worker::lanes::Lanes;
use crate::worker::settings::Settings;
use color_eyre::eyre;
use std::collections::VecDeque;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

/// How long the watch channels may take to be stopped when somebody leaves, and after a signal. What is
/// left over is stopped by the next program.
const TO_STOP: Duration = Duration::from_millis(600);
const TO_STOP_AT_ONCE: Duration = Duration::from_millis(250);
/// Most effects that are looked at before the first frame: what is shown decides what is asked next.
const FIRST_ANSWERS: usize = 16;

/// Something that must live as long as the screens (the practice calendar of the demo), started once
/// the first frame is drawn; it may correct the configuration by then.
pub type Late<'a> = Box<
    dyn FnOnce(&tokio::runtime::Runtime, &mut Config) -> eyre::Result<Box<dyn std::any::Any>> + 'a,
>;

/// Shows the screens until somebody leaves.
pub fn run(
    mut config: Config,
    notice: Option<String>,
    late: Option<Late<'_>>,
) -> eyre::Result<ExitCode> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let words = "The screens need a terminal. Without one, use the commands: frontdesk --help lists them.";
        return Err(Failure(Refusal::new(Code::Usage, words)).into());
    }
    let settings = wire::settings(&config);
    let records = wire::database(&config).map_err(Failure)?;
    let (mut state, first) = first_state(&config, &settings, &records);
    if let Some(notice) = notice {
        state.say(Tone::Plain, notice);
    }
    let mut view = ViewState::new(depth());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let signals = runtime.block_on(async { Signals::heard_from_now_on() })?;
    terminal::install_panic_hook();
    let mut screen = terminal::take()?;
    let guard = terminal::Guard;
    state.wants_frame();
    screen.draw(|frame| ui::draw(frame, &state, &mut view))?;

    let _kept = late.map(|late| late(&runtime, &mut config)).transpose()?;
    let store = wire::database(&config).map_err(Failure)?;
    let engine = wire::engine(&config, settings, store).map_err(Failure)?;
    if records.restored().map_err(|error| Failure(error.into()))? {
        state.say(Tone::Bad, WAITS);
    }
    runtime.spawn(witness(config.clone()));
    let (send, reports) = tokio::sync::mpsc::unbounded_channel();
    let lanes = Lanes::start(engine, records, SystemClock, runtime.handle().clone(), send);
    let push = config.push.as_ref().map(|push| {
        let (engine, nudges) = (lanes.engine().clone(), lanes.nudges());
        Push::start(runtime.handle(), push, engine, nudges, None)
    });
    let looping = Loop {
        state,
        view,
        screen,
        lanes,
        reports,
        actor: wire::actor(),
    };
    let (end, engine) = runtime.block_on(looping.run(first, signals))?;
    match end {
        End::Quit => {}
        End::Terminated | End::HungUp => {
            if let Some(push) = push {
                runtime.block_on(push.stop(TO_STOP_AT_ONCE));
            }
            // No transaction is cut short.
            wire::finish_writing(engine);
            if end == End::HungUp {
                terminal::let_go();
            }
            terminal::give_back();
            std::process::exit(if end == End::HungUp { 129 } else { 143 });
        }
    }
    drop(guard);
    if let Some(push) = push {
        runtime.block_on(push.stop(TO_STOP));
    }
    if let Ok(records) = wire::database(&config) {
        restored::note(&records, &config.database);
    }
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(ExitCode::SUCCESS)
}

/// The state with the first answers in it, and what is left to be carried out. Everything comes from the
/// mirror, on this thread: there is nobody to keep waiting yet.
fn first_state(config: &Config, settings: &Settings, records: &Database) -> (State, Vec<Effect>) {
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let mut state = State::new(Setup {
        clinic: wire::clinic(config),
        actor: wire::actor(),
        now: SystemClock.now(),
        customer_label: config.screen.customer_label.clone(),
        size,
        ascii: config.screen.ascii,
        palette: config.screen.theme,
        help_rows: ui::keymap::help_rows(),
    });
    let mut open: VecDeque<Effect> = app::start(&mut state).into();
    let mut left = Vec::new();
    for _ in 0..FIRST_ANSWERS {
        let Some(effect) = open.pop_front() else {
            break;
        };
        let Effect::Ask {
            topic,
            question,
            query,
        } = effect
        else {
            left.push(effect);
            continue;
        };
        // The answer to the doctors' question asks anew for their days: the older question is void.
        let again =
            |later: &Effect| matches!(later, Effect::Ask { topic: other, .. } if *other == topic);
        if open.iter().any(again) {
            continue;
        }
        // How full each day of the month is comes a moment later, off this thread: it is a shade in a
        // corner, and counting it takes longer than the grid.
        if topic == Topic::Month {
            left.push(Effect::Ask {
                topic,
                question,
                query,
            });
            continue;
        }
        let answer =
            answer(records, settings, &state.actor, SystemClock.now(), &query).map(Box::new);
        let report = Report::Answered {
            topic,
            question,
            answer,
        };
        open.extend(app::update(&mut state, Msg::Report(report)));
    }
    left.extend(open);
    (state, left)
}

/// What is said while the journal of a database that was put back from a backup waits.
const WAITS: &str = "This database was put back from a backup. What was open in it waits until it has been compared with \
     the calendars: frontdesk sync --check";

/// Notes every minute how far the audit goes, by which an older database is known.
async fn witness(config: Config) {
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    loop {
        minutes.tick().await;
        let config = config.clone();
        let noted = tokio::task::spawn_blocking(move || {
            if let Ok(records) = Database::open(&config.database, Access::ReadOnly) {
                restored::note(&records, &config.database);
            }
        });
        // it is made again in a minute
        let _ = noted.await;
    }
}

/// How many colours the terminal has.
fn depth() -> Depth {
    let variable = |name: &str| std::env::var(name).ok();
    Depth::of(
        variable("NO_COLOR").as_deref(),
        variable("COLORTERM").as_deref(),
        variable("TERM").as_deref(),
    )
}

/// A refusal on the way out of the program.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Failure(pub Refusal);
