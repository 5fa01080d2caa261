//! The loop of the screens: one thing happens, the state changes, and once nothing more waits a frame is
//! drawn, if anything changed. Idle, it sleeps until the next full minute.

use super::clock::RandomIds;
use super::clock::SystemClock;
use super::terminal::Screen;
use super::wire::DeskEngine;
use crate::app::{self, Effect, Msg, State};
use crate::google;
use crate::port::clock::Clock;
use crate::port::command::Actor;
use crate::port::report::Report;
use crate::store::Database;
use crate::ui::{self, ViewState};
use crate::worker::lanes::{Lanes, Look};
use color_eyre::eyre;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::EventStream;
use crossterm::execute;
use futures::StreamExt;
use ratatui::layout::{Position, Rect, Size};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedReceiver;

/// How long a frame waits for the days it is to show, so that a day change is drawn once.
const SHEETS_GRACE: Duration = Duration::from_millis(12);
/// Messages taken in one go before a frame is drawn all the same.
const MOST_AT_ONCE: usize = 512;

/// The lanes of this program.
pub type DeskLanes = Lanes<google::Client, Database, SystemClock, RandomIds>;

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Somebody chose to leave.
    Quit,
    /// A signal asked for it: the terminal is given back.
    Terminated,
    /// The terminal is gone: it is left alone.
    HungUp,
}

/// What the loop works with.
pub struct Loop {
    /// The state of the screens.
    pub state: State,
    /// What drawing needs between frames.
    pub view: ViewState,
    /// The terminal.
    pub screen: Screen,
    /// The lanes.
    pub lanes: DeskLanes,
    /// What the lanes say.
    pub reports: UnboundedReceiver<Report>,
    /// Who sits here.
    pub actor: Actor,
}

/// Signals: three end the program, one says that the terminal has another size.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    resized: Signal,
}

impl Signals {
    /// Listens from now on; to be called within the runtime, and before the first frame is drawn, for
    /// what comes before that is not heard.
    pub fn heard_from_now_on() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
            resized: signal(SignalKind::window_change())?,
        })
    }
}

enum Heard {
    Message(Msg),
    Resized,
    Nothing,
    End(End),
}

impl Loop {
    /// Runs until somebody leaves. `first` are the effects that the first state asked for.
    pub async fn run(
        mut self,
        first: Vec<Effect>,
        mut signals: Signals,
    ) -> eyre::Result<(End, DeskEngine)> {
        let mut events = EventStream::new();
        let end = self.until_the_end(first, &mut events, &mut signals).await;
        let engine = self.lanes.engine().clone();
        if end == End::HungUp {
            // Dropped, it would write to a terminal that is gone, and saying so would abort.
            std::mem::forget(self.screen);
        }
        Ok((end, engine))
    }

    async fn until_the_end(
        &mut self,
        first: Vec<Effect>,
        events: &mut EventStream,
        signals: &mut Signals,
    ) -> End {
        if self.carry_out(first) {
            return End::Quit;
        }
        loop {
            if let Some(end) = self.turn(events, signals).await {
                return end;
            }
            if self.state.wants_frame() && self.draw().is_err() {
                return End::HungUp;
            }
        }
    }

    /// Waits for something to happen and takes in everything that has happened by then.
    async fn turn(&mut self, events: &mut EventStream, signals: &mut Signals) -> Option<End> {
        let mut heard = self.wait(events, signals, None).await;
        for _ in 0..MOST_AT_ONCE {
            match heard {
                Heard::End(end) => return Some(end),
                Heard::Message(msg) => {
                    // What takes its time is told in milliseconds: the state must know when it is.
                    let tick = Msg::Tick(SystemClock.now());
                    for msg in [tick, msg] {
                        let effects = app::update(&mut self.state, msg);
                        if self.carry_out(effects) {
                            return Some(End::Quit);
                        }
                    }
                }
                Heard::Resized => {
                    if self.repaint().is_err() {
                        return Some(End::HungUp);
                    }
                }
                Heard::Nothing => {}
            }
            let more = self
                .reports
                .try_recv()
                .ok()
                .map(|report| Heard::Message(Msg::Report(report)));
            let more = match more {
                Some(more) => Some(more),
                None => self.waiting_already(events, signals).await,
            };
            heard = match more {
                Some(more) => more,
                None if self.state.awaits_sheets() => {
                    match self.wait(events, signals, Some(SHEETS_GRACE)).await {
                        Heard::Nothing => break,
                        more => more,
                    }
                }
                None => break,
            };
        }
        None
    }

    async fn wait(
        &mut self,
        events: &mut EventStream,
        signals: &mut Signals,
        at_most: Option<Duration>,
    ) -> Heard {
        let (pause, tick) = match at_most {
            Some(pause) => (pause, false),
            None => (to_next_minute(), true),
        };
        tokio::select! {
            biased;
            _ = signals.hang_up.recv() => Heard::End(End::HungUp),
            _ = signals.terminate.recv() => Heard::End(End::Terminated),
            _ = signals.interrupt.recv() => Heard::End(End::Terminated),
            report = self.reports.recv() => {
                report.map_or(Heard::Nothing, |report| Heard::Message(Msg::Report(report)))
            }
            _ = signals.resized.recv() => Heard::Resized,
            event = events.next() => self.event(event),
            () = tokio::time::sleep(pause) => {
                if tick { Heard::Message(Msg::Tick(SystemClock.now())) } else { Heard::Nothing }
            }
        }
    }

    /// A new size or a key that waits already: a burst is one frame. Polled with this task's own waker:
    /// the stream keeps the first waker it is given, and with another one the next key would wake nobody.
    async fn waiting_already(
        &self,
        events: &mut EventStream,
        signals: &mut Signals,
    ) -> Option<Heard> {
        poll_fn(|task| {
            if signals.resized.poll_recv(task).is_ready() {
                return Poll::Ready(Some(Heard::Resized));
            }
            Poll::Ready(match events.poll_next_unpin(task) {
                Poll::Ready(event) => Some(self.event(event)),
                Poll::Pending => None,
            })
        })
        .await
    }

    /// Takes the terminal's size in, and forgets what it showed: after a change of size the next frame is
    /// painted whole, for there and back is no other size, but the terminal may have lost cells.
    fn repaint(&mut self) -> std::io::Result<()> {
        let size = self.screen.size()?;
        // `clear` would ask the terminal for the cursor and wait for the answer
        self.screen.resize(Rect::from((Position::ORIGIN, size)))?;
        let Size { width, height } = size;
        let effects = app::update(&mut self.state, Msg::Resize { width, height });
        self.carry_out(effects);
        Ok(())
    }

    fn event(&self, event: Option<std::io::Result<crossterm::event::Event>>) -> Heard {
        match event {
            Some(Ok(event)) => {
                self.lanes.somebody_is_there();
                ui::keymap::translate(&self.state, &event).map_or(Heard::Nothing, Heard::Message)
            }
            // The end of input is the end of the terminal; asking on would spin.
            Some(Err(_)) | None => Heard::End(End::HungUp),
        }
    }

    /// Hands effects out; true if one of them is to leave.
    fn carry_out(&mut self, effects: Vec<Effect>) -> bool {
        for effect in effects {
            match effect {
                Effect::Ask {
                    topic,
                    question,
                    query,
                } => self.lanes.ask(topic, question, self.actor.clone(), query),
                Effect::Do { ticket, command } => {
                    self.lanes.submit(ticket, self.actor.clone(), command);
                }
                Effect::Look {
                    doctors,
                    from,
                    days,
                } => self.lanes.look(Look {
                    doctors,
                    from,
                    days,
                }),
                Effect::Copy(text) => {
                    // A terminal that does not know OSC 52 shows the text to be marked instead.
                    let _ = execute!(
                        self.screen.backend_mut(),
                        CopyToClipboard::to_clipboard_from(text)
                    );
                }
                Effect::Quit => return true,
            }
        }
        false
    }

    fn draw(&mut self) -> std::io::Result<()> {
        let (state, view) = (&self.state, &mut self.view);
        self.screen
            .draw(|frame| ui::draw(frame, state, view))
            .map(|_| ())
    }
}

/// Until just after the next full minute by the wall clock.
fn to_next_minute() -> Duration {
    let millis = SystemClock.now().timestamp_millis().rem_euclid(60_000);
    Duration::from_millis(u64::try_from(60_010 - millis).unwrap_or(60_000))
}
