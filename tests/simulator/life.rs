//! The life of a running program: its steps take uneven time, it may be put to sleep, and it may end at
//! any of them.

use super::random::Random;
use super::world::World;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep};

/// One run of a program, from its start to its crash.
#[derive(Debug, Default)]
pub struct Life {
    over: AtomicBool,
    end: Notify,
}

impl Life {
    /// Returns when the program has crashed.
    pub async fn ended(&self) {
        self.end.notified().await;
    }

    fn crash(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.end.notify_one();
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// Runs a task of a program step by step. Each await is a step: before it the task may be held up for
/// a few milliseconds, sleep for minutes, or crash with the whole program. After a crash no task of the
/// program takes another step.
pub struct Unsteady<F> {
    pub world: Arc<World>,
    pub life: Arc<Life>,
    pub random: Random,
    pub task: Pin<Box<F>>,
    pub pause: Option<Pin<Box<Sleep>>>,
}

impl<F> Unsteady<F> {
    fn roll(&mut self) -> Roll {
        let plan = &self.world.plan;
        if self.world.faulty() {
            if self.random.chance(plan.crashes) {
                return Roll::Crash;
            }
            if self.random.chance(plan.sleeps) {
                return Roll::Pause(Duration::from_secs(self.random.between(20, 300)));
            }
        }
        if self.random.chance(300) {
            Roll::Pause(Duration::from_millis(self.random.between(1, 30)))
        } else {
            Roll::Go
        }
    }
}

enum Roll {
    Go,
    Pause(Duration),
    Crash,
}

impl<F: Future> Future for Unsteady<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.life.is_over() {
            return Poll::Pending;
        }
        if self.pause.is_none() {
            match self.roll() {
                Roll::Go => {}
                Roll::Pause(length) => self.pause = Some(Box::pin(sleep(length))),
                Roll::Crash => {
                    self.life.crash();
                    return Poll::Pending;
                }
            }
        }
        if let Some(pause) = &mut self.pause {
            if pause.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.pause = None;
        }
        self.task.as_mut().poll(cx)
    }
}
