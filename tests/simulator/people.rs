//! People who edit the calendar in Google meanwhile: entries of their own, and ours moved, removed,
//! brought back, marked free or renamed.

use super::google::{Said, plain, times};
use super::random::Random;
use super::world::{World, calendar, clinic, first_start, held};
use chrono::Duration as Length;
use frontdesk::domain::event::{Event, EventStatus, EventTimes, MarkKind};
use frontdesk::domain::id::{CalendarId, EventId};
use frontdesk::domain::time::{Interval, Moment};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

/// Makes the edits of the plan, at any time.
pub async fn edit(world: Arc<World>) {
    let mut random = Random::new(world.seed, "people");
    for number in 0..world.plan.edits {
        sleep(Duration::from_millis(
            random.between(0, 2 * world.plan.pace),
        ))
        .await;
        one(&world, &mut random, number);
        world.check_step();
    }
    world.at_work.fetch_sub(1, Ordering::Relaxed);
}

fn one(world: &World, random: &mut Random, number: u64) {
    let now = world.now();
    let mut google = held(&world.google);
    let google = &mut *google;
    let all: Vec<(CalendarId, Event)> = google.all().map(|(c, e)| (c.clone(), e.clone())).collect();
    let some = |wanted: &dyn Fn(&Event) -> bool| -> Vec<(CalendarId, Event)> {
        all.iter().filter(|(_, e)| wanted(e)).cloned().collect()
    };
    let live = |e: &Event| e.status != EventStatus::Cancelled;
    let ours = |e: &Event| live(e) && e.mark.as_ref().is_some_and(|m| m.clinic == clinic());
    let act = act(random);
    let chosen = match act {
        Act::Enter => None,
        Act::Restore => random.pick(&some(&|e| !live(e))),
        Act::EnterOnTop | Act::MoveOnto | Act::MoveOutOfHours => random.pick(&some(&ours)),
        Act::TakeAway => random.pick(&some(&|e| live(e) && !ours(e))),
        Act::Remove | Act::Move | Act::MarkFree | Act::Rename => random.pick(&some(&live)),
    };
    let Some((place, mut event)) = chosen else {
        let event = private(world, random, number);
        let place = calendar(random.below(world.plan.doctors));
        world.note(format_args!("somebody enters {}", Said(&event)));
        google.put(now, &place, event);
        return;
    };
    let starting = |at: Moment, event: &Event| {
        let length = times(event)?.minutes();
        Interval::new(at, at + Length::minutes(length)).ok()
    };
    world.note(format_args!("somebody finds {}", Said(&event)));
    let moved = match act {
        Act::EnterOnTop => {
            let visit = times(&event).unwrap_or_else(|| Interval::lasting(first_start(), 20));
            let entry = plain(EventId::new(format!("private{number}")), visit, None);
            world.note(format_args!("somebody enters {} on top", Said(&entry)));
            google.put(now, &place, entry);
            return;
        }
        Act::Move => {
            let by = Length::minutes(10 * i64::try_from(random.between(1, 6)).unwrap_or(1));
            times(&event).and_then(|visit| starting(visit.start() + by, &event))
        }
        Act::MoveOnto => {
            let another = random.pick(&some(&|e| ours(e) && e.id != event.id));
            let there = another.and_then(|(_, other)| times(&other));
            there.and_then(|visit| starting(visit.start(), &event))
        }
        Act::MoveOutOfHours => {
            times(&event).and_then(|visit| starting(visit.start() + Length::hours(12), &event))
        }
        Act::Restore => {
            event.status = EventStatus::Confirmed;
            google.removed.remove(&event.id);
            None
        }
        Act::Remove | Act::TakeAway => {
            event.status = EventStatus::Cancelled;
            google.removed.insert(event.id.clone());
            None
        }
        Act::MarkFree => {
            event.transparent = !event.transparent;
            None
        }
        Act::Rename | Act::Enter => {
            "call first".clone_into(&mut event.summary);
            None
        }
    };
    event.times = moved.map(EventTimes::Timed).or(event.times);
    if !matches!(act, Act::Rename) {
        google.touched.insert(event.id.clone());
        // whoever drags a placeholder or restores one can make its visit collide
        let held_for = event
            .mark
            .as_ref()
            .filter(|m| m.kind == MarkKind::Placeholder);
        if let Some(mark) = held_for {
            held(&world.chosen).insert(mark.appointment.clone());
        }
    }
    let event = google.put(now, &place, event);
    world.note(format_args!("somebody leaves {}", Said(&event)));
}

/// What somebody does in Google.
#[derive(Clone, Copy, Debug)]
enum Act {
    Enter,
    EnterOnTop,
    TakeAway,
    Restore,
    Remove,
    Move,
    MoveOnto,
    MoveOutOfHours,
    MarkFree,
    Rename,
}

fn act(random: &mut Random) -> Act {
    match random.below(16) {
        0..=2 => Act::Enter,
        3 => Act::EnterOnTop,
        4 => Act::TakeAway,
        5 | 6 => Act::Restore,
        7 | 8 => Act::Remove,
        9 | 10 => Act::Move,
        11 => Act::MoveOnto,
        12 => Act::MoveOutOfHours,
        13 => Act::MarkFree,
        _ => Act::Rename,
    }
}

/// An entry of somebody's own, or one that another clinic's desk made.
fn private(world: &World, random: &mut Random, number: u64) -> Event {
    let start = i64::try_from(random.below(world.plan.starts)).unwrap_or(0);
    let minutes = u32::try_from(random.between(10, 60)).unwrap_or(30);
    let visit = Interval::lasting(first_start() + Length::minutes(10 * start), minutes);
    let theirs = || {
        let mut ours = held(&world.marks).first().cloned()?;
        ours.clinic = format!("not-{}", clinic()).into();
        Some(ours)
    };
    let mark = if random.chance(300) { theirs() } else { None };
    Event {
        transparent: random.chance(200),
        ..plain(EventId::new(format!("private{number}")), visit, mark)
    }
}
