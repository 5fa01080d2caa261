//! The read lane: one thread, one connection, the newest question of each topic.

use super::super::answers::answer;
use super::super::settings::Settings;
use crate::port::clock::Clock;
use crate::port::command::Actor;
use crate::port::query::Query;
use crate::port::report::{Report, Topic};
use crate::port::store::Records;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// How often another program's writes are looked for.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// A question with its number.
pub(super) struct Ask {
    pub topic: Topic,
    pub question: u64,
    pub reader: Actor,
    pub query: Query,
}

/// Answers until nobody asks or listens any more.
pub(super) fn run(
    records: &impl Records,
    settings: &Settings,
    clock: &impl Clock,
    asks: &Receiver<Ask>,
    reports: &UnboundedSender<Report>,
) {
    let mut version = records.data_version().ok();
    let mut looked = Instant::now();
    loop {
        match asks.recv_timeout(WATCH_EVERY) {
            Ok(first) => {
                for ask in newest(first, asks) {
                    let work = || answer(records, settings, &ask.reader, clock.now(), &ask.query);
                    let answer = catch_unwind(AssertUnwindSafe(work))
                        .unwrap_or_else(|_| Err(super::mistake()))
                        .map(Box::new);
                    let report = Report::Answered {
                        topic: ask.topic,
                        question: ask.question,
                        answer,
                    };
                    if reports.send(report).is_err() {
                        return;
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if looked.elapsed() >= WATCH_EVERY {
            looked = Instant::now();
            let now = records.data_version().ok();
            if now != version {
                version = now;
                if reports.send(Report::MirrorChanged).is_err() {
                    return;
                }
            }
        }
    }
}

/// What waits, of each topic only the newest, in the order they were first asked in.
fn newest(first: Ask, asks: &Receiver<Ask>) -> Vec<Ask> {
    let mut out = vec![first];
    while let Ok(next) = asks.try_recv() {
        match out.iter_mut().find(|ask| ask.topic == next.topic) {
            Some(older) => *older = next,
            None => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::engine::system;

    #[test]
    fn of_several_questions_on_a_topic_only_the_newest_is_answered() {
        let (send, asks) = std::sync::mpsc::channel();
        let ask = |topic, question| Ask {
            topic,
            question,
            reader: system(),
            query: Query::Overview,
        };
        send.send(ask(Topic::Month, 2)).unwrap();
        send.send(ask(Topic::Sheets, 3)).unwrap();
        send.send(ask(Topic::Sheets, 4)).unwrap();
        let left = newest(ask(Topic::Sheets, 1), &asks);
        let numbers: Vec<_> = left.iter().map(|a| (a.topic, a.question)).collect();
        assert_eq!(numbers, [(Topic::Sheets, 4), (Topic::Month, 2)]);
    }
}
