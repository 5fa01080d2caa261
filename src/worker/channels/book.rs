//! What is known of the watch channels: which calendar still needs one, which are to be stopped, and who
//! may speak for Google. Pure: time comes in.

use crate::domain::id::{CalendarId, ChannelId};
use crate::domain::time::Moment;
use crate::port::channels::WatchChannel;
use std::collections::{BTreeSet, HashMap};

/// What is made of a message that says it is Google's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Not of a channel of ours, or without its token.
    Stranger,
    /// Google says that the channel is open.
    Opened,
    /// The calendar has changed.
    Changed(CalendarId),
}

/// Where a channel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Google is being asked for it.
    Asked,
    /// Open, and to be replaced at the moment.
    Open { renew_at: Moment },
    /// No longer needed: another has taken its place, its calendar is nobody's, its program is dead, or
    /// Google did not say whether it opened it.
    Old { stop_at: Moment, tries: u32 },
}

#[derive(Debug)]
struct Known {
    channel: WatchChannel,
    stage: Stage,
}

/// A calendar whose channel could not be opened.
#[derive(Debug)]
struct Pause {
    until: Moment,
    tries: u32,
    words: String,
}

/// The channels of this program.
#[derive(Debug, Default)]
pub(super) struct Book {
    channels: HashMap<ChannelId, Known>,
    pauses: HashMap<CalendarId, Pause>,
}

impl Book {
    /// Google is about to be asked for it.
    pub(super) fn asked(&mut self, channel: WatchChannel) {
        self.keep(channel, Stage::Asked);
    }

    /// Google opened it. What the calendar had before is no longer needed.
    pub(super) fn opened(&mut self, channel: WatchChannel, renew_at: Moment, now: Moment) {
        let older = self.channels.values_mut().filter(|known| {
            known.channel.calendar == channel.calendar && matches!(known.stage, Stage::Open { .. })
        });
        for known in older {
            known.stage = Stage::old(now);
        }
        self.pauses.remove(&channel.calendar);
        self.keep(channel, Stage::Open { renew_at });
    }

    /// It may be open, and is not needed.
    pub(super) fn left(&mut self, channel: WatchChannel, now: Moment) {
        self.keep(channel, Stage::old(now));
    }

    fn keep(&mut self, channel: WatchChannel, stage: Stage) {
        let id = channel.id.clone();
        self.channels.insert(id, Known { channel, stage });
    }

    /// It is stopped, was refused, or has ended.
    pub(super) fn forget(&mut self, id: &ChannelId) {
        self.channels.remove(id);
    }

    /// How often the calendar's channel was refused in a row.
    pub(super) fn tries(&self, calendar: &CalendarId) -> u32 {
        self.pauses.get(calendar).map_or(0, |pause| pause.tries)
    }

    /// No channel for the calendar until the moment; true if that is news.
    pub(super) fn pause(&mut self, calendar: &CalendarId, until: Moment, words: String) -> bool {
        let tries = self.tries(calendar).saturating_add(1);
        let news = self
            .pauses
            .get(calendar)
            .is_none_or(|pause| pause.words != words);
        let pause = Pause {
            until,
            tries,
            words,
        };
        self.pauses.insert(calendar.clone(), pause);
        news
    }

    /// Stopping it is tried again later; `wait` says when, from how often it was tried before.
    pub(super) fn stop_later(&mut self, id: &ChannelId, wait: impl FnOnce(u32) -> Moment) {
        if let Some(known) = self.channels.get_mut(id) {
            let tries = match known.stage {
                Stage::Old { tries, .. } => tries,
                Stage::Asked | Stage::Open { .. } => 0,
            };
            known.stage = Stage::Old {
                stop_at: wait(tries),
                tries: tries.saturating_add(1),
            };
        }
    }

    /// Which of the calendars need a channel now.
    pub(super) fn to_open(&self, wanted: &BTreeSet<CalendarId>, now: Moment) -> Vec<CalendarId> {
        let served: BTreeSet<&CalendarId> = self
            .channels
            .values()
            .filter(|known| matches!(known.stage, Stage::Open { renew_at } if renew_at > now))
            .map(|known| &known.channel.calendar)
            .collect();
        let paused = |id: &CalendarId| self.pauses.get(id).is_some_and(|pause| pause.until > now);
        let open = wanted
            .iter()
            .filter(|id| !served.contains(id) && !paused(id));
        open.cloned().collect()
    }

    /// The channels of other calendars are no longer needed.
    pub(super) fn only(&mut self, wanted: &BTreeSet<CalendarId>, now: Moment) {
        self.pauses.retain(|calendar, _| wanted.contains(calendar));
        for known in self.channels.values_mut() {
            if matches!(known.stage, Stage::Open { .. })
                && !wanted.contains(&known.channel.calendar)
            {
                known.stage = Stage::old(now);
            }
        }
    }

    /// Which channels are to be stopped now, with the names of what they watch.
    pub(super) fn to_stop(&self, now: Moment) -> Vec<(ChannelId, String)> {
        self.stoppable(|stage| matches!(stage, Stage::Old { stop_at, .. } if stop_at <= now))
    }

    /// All that can be stopped.
    pub(super) fn to_stop_at_the_end(&self) -> Vec<(ChannelId, String)> {
        self.stoppable(|_| true)
    }

    fn stoppable(&self, which: impl Fn(Stage) -> bool) -> Vec<(ChannelId, String)> {
        let chosen = self.channels.values().filter(|known| which(known.stage));
        let named = chosen.filter_map(|known| {
            let resource = self.resource(&known.channel)?;
            Some((known.channel.id.clone(), resource.to_owned()))
        });
        named.collect()
    }

    /// Google's name for what the channel watches. One that Google did not answer for watches what the
    /// other channels of its calendar watch.
    fn resource<'b>(&'b self, channel: &'b WatchChannel) -> Option<&'b str> {
        channel.resource_id.as_deref().or_else(|| {
            let others = self.channels.values().map(|known| &known.channel);
            let mut same = others.filter(|other| other.calendar == channel.calendar);
            same.find_map(|other| other.resource_id.as_deref())
        })
    }

    /// Channels that have ended by themselves.
    pub(super) fn ended(&self, now: Moment) -> Vec<ChannelId> {
        let channels = self.channels.values().map(|known| &known.channel);
        let ended = channels.filter(|channel| channel.expires_at <= now);
        ended.map(|channel| channel.id.clone()).collect()
    }

    /// When there is something to do next; none: nothing is foreseen.
    pub(super) fn next(&self, now: Moment) -> Option<Moment> {
        let channels = self.channels.values().flat_map(|known| {
            let turn = match known.stage {
                Stage::Asked => None,
                Stage::Open { renew_at } => Some(renew_at),
                Stage::Old { stop_at, .. } => Some(stop_at),
            };
            turn.into_iter().chain([known.channel.expires_at])
        });
        let pauses = self.pauses.values().map(|pause| pause.until);
        channels.chain(pauses).filter(|at| *at > now).min()
    }

    /// Judges a message.
    pub(super) fn hear(&self, id: &ChannelId, token: &[u8], state: &[u8]) -> Heard {
        match self.channels.get(id) {
            Some(known) if known.channel.token.is_of(token) => match state {
                b"sync" => Heard::Opened,
                _ => Heard::Changed(known.channel.calendar.clone()),
            },
            _ => Heard::Stranger,
        }
    }
}

impl Stage {
    fn old(now: Moment) -> Self {
        Self::Old {
            stop_at: now,
            tries: 0,
        }
    }
}

#[cfg(test)]
#[path = "book/tests.rs"]
mod tests;
