//! People who edit the calendar in Google meanwhile: entries of their own, and ours moved, removed,
//! brought back or renamed.

use super::google::{Said, plain, times};
use super::random::Random;
use super::world::{World, calendar, clinic, first_start, held};
use chrono::Duration as Length;
use frontdesk::domain::event::{Event, EventStatus, EventTimes, MarkKind};
use frontdesk::domain::id::{CalendarId, EventId};
use frontdesk::domain::time::Interval;
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
    let of = |cancelled: bool| -> Vec<(CalendarId, Event)> {
        let wanted = |e: &Event| (e.status == EventStatus::Cancelled) == cancelled;
        all.iter().filter(|(_, e)| wanted(e)).cloned().collect()
    };
    let roll = random.below(10);
    let chosen = match roll {
        0..=3 => None,
        4 => random.pick(&of(true)),
        _ => random.pick(&of(false)),
    };
    let Some((place, mut event)) = chosen else {
        let event = private(world, random, number);
        let place = calendar(random.below(world.plan.doctors));
        world.note(format_args!("somebody enters {}", Said(&event)));
        google.put(now, &place, event);
        return;
    };
    world.note(format_args!("somebody finds {}", Said(&event)));
    if roll == 9 {
        "call first".clone_into(&mut event.summary);
    } else {
        google.touched.insert(event.id.clone());
        // whoever drags a placeholder or restores one can make its visit collide
        let held_for = event
            .mark
            .as_ref()
            .filter(|m| m.kind == MarkKind::Placeholder);
        if let Some(mark) = held_for {
            held(&world.chosen).insert(mark.appointment.clone());
        }
        match roll {
            4 => event.status = EventStatus::Confirmed,
            5 | 6 => event.status = EventStatus::Cancelled,
            _ => {
                let by = Length::minutes(10 * i64::try_from(random.between(1, 6)).unwrap_or(1));
                let moved = times(&event)
                    .and_then(|visit| Interval::new(visit.start() + by, visit.end() + by).ok());
                event.times = moved.map(EventTimes::Timed).or(event.times);
            }
        }
    }
    let event = google.put(now, &place, event);
    world.note(format_args!("somebody leaves {}", Said(&event)));
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
