//! Scenes of an outage: who is asked while Google does not answer, how soon a person hears of it, and what
//! becomes of edits meanwhile.

use super::google::times;
use super::network::Instead;
use super::program::Desk;
use super::turns::{ask, book, calmly};
use super::world::{World, first_start, held};
use chrono::Duration as Length;
use frontdesk::domain::appointment::{Appointment, Status, SyncState};
use frontdesk::domain::event::EventStatus;
use frontdesk::domain::id::AppointmentId;
use frontdesk::domain::time::Moment;
use frontdesk::port::command::{Book, Code, Command, Outcome};
use frontdesk::port::store::Records;
use std::time::Duration;
use tokio::time::{Instant, sleep};

fn tell(world: &World, instead: Option<Instead>) {
    *held(&world.instead) = instead;
}

/// A booking of another slot each time.
fn booking(number: i64, provisional: bool) -> Command {
    let Command::Book(plain) = book(None) else {
        unreachable!("a booking");
    };
    Command::Book(Book {
        start: first_start() + Length::minutes(60 * number),
        provisional,
        ..plain
    })
}

async fn recorded(desk: &Desk, number: i64) -> Appointment {
    match ask(desk.clone(), booking(number, true)).await {
        Ok(Outcome::BookedProvisionally(visit)) => visit,
        other => panic!("nobody answers: {other:?}"),
    }
}

fn moved(visit: &Appointment, number: i64) -> Command {
    Command::Move {
        appointment: visit.appointment_id.clone(),
        start: first_start() + Length::minutes(60 * number),
    }
}

/// When the program tries by itself again.
fn next_try(world: &World, id: &AppointmentId) -> Option<Moment> {
    let row = held(&world.mirrors[0].database).unsettled_one(id).unwrap();
    row.and_then(|row| row.operation)?.next_try_at
}

/// Until nothing is due any more.
async fn settle(world: &World, desk: &Desk) {
    let open = |world: &World| {
        !held(&world.mirrors[0].database)
            .unsettled()
            .unwrap()
            .is_empty()
    };
    for _ in 0..120 {
        if !open(world) {
            return;
        }
        desk.recover().await.unwrap();
        sleep(Duration::from_secs(1)).await;
    }
    panic!("something stays open");
}

#[test]
fn in_an_outage_three_wait_and_then_everybody_hears_at_once() {
    calmly(|world, desk| async move {
        tell(&world, Some(Instead::Nothing));
        let mut waited = Vec::new();
        for number in 0..4 {
            let (begun, requests) = (Instant::now(), world.requests());
            let refusal = ask(desk.clone(), booking(number, false)).await.unwrap_err();
            assert_eq!(refusal.code, Code::NoAnswer, "{refusal:?}");
            let asked = world.requests() - requests;
            waited.push((begun.elapsed().as_secs(), asked, refusal.message));
        }
        let (last, first) = waited.split_last().unwrap();
        assert!(first.iter().all(|w| w.0 >= 10 && w.1 > 0), "{waited:?}");
        let (seconds, asked, message) = last;
        assert_eq!((*seconds, *asked), (0, 0), "{waited:?}");
        assert!(
            message.contains("Google has not answered for "),
            "{message}"
        );
        assert!(message.contains("Nothing was booked"), "{message}");
        // when the pause is over somebody tries, and then everything is as before
        tell(&world, None);
        sleep(Duration::from_secs(33)).await;
        for number in 0..2 {
            let booked = ask(desk.clone(), booking(number, false)).await;
            assert!(matches!(booked, Ok(Outcome::Booked(_))), "{booked:?}");
        }
    });
}

#[test]
fn meanwhile_the_program_asks_for_nobody_and_a_person_who_tries_again_is_heard() {
    calmly(|world, desk| async move {
        tell(&world, Some(Instead::Nothing));
        let visits = [recorded(&desk, 0).await, recorded(&desk, 1).await];
        // in five minutes: one try in each pause, and two requests in each try
        let requests = world.requests();
        for _ in 0..300 {
            desk.recover().await.unwrap();
            sleep(Duration::from_secs(1)).await;
        }
        let made = world.requests() - requests;
        assert!((8..=40).contains(&made), "{made} requests");
        let requests = world.requests();
        let id = visits[1].appointment_id.clone();
        ask(desk.clone(), Command::Retry(id.clone())).await.unwrap();
        assert!(world.requests() > requests, "a person always tries");
        let timeline = held(&world.mirrors[0].database).timeline(&id).unwrap();
        assert!(
            timeline.len() < 6,
            "an outage is not told anew: {timeline:?}"
        );
        tell(&world, None);
        settle(&world, &desk).await;
    });
}

#[test]
fn each_try_waits_twice_as_long_and_a_pause_that_google_names_is_kept() {
    calmly(|world, desk| async move {
        tell(&world, Some(Instead::SlowDown(None)));
        let visit = recorded(&desk, 0).await;
        let id = &visit.appointment_id;
        let mut waits = vec![(next_try(&world, id).unwrap() - desk.now()).num_milliseconds()];
        for _ in 0..6 {
            ask(desk.clone(), Command::Retry(id.clone())).await.unwrap();
            let next = next_try(&world, id).unwrap();
            waits.push((next - desk.now()).num_milliseconds());
        }
        // 2^n and up to a second of jitter, in whole seconds of the database
        let most = [1, 2, 4, 8, 16, 32, 32];
        for (wait, seconds) in waits.iter().zip(most) {
            let (low, high) = (1000 * (seconds - 1), (1000 * (seconds + 1)).min(32_000));
            assert!((low..=high).contains(wait), "{waits:?}");
        }
        tell(&world, Some(Instead::SlowDown(Some(300))));
        ask(desk.clone(), Command::Retry(id.clone())).await.unwrap();
        let wait = (next_try(&world, id).unwrap() - desk.now()).num_seconds();
        assert!((299..=450).contains(&wait), "{wait}");
        let requests = world.requests();
        for _ in 0..29 {
            sleep(Duration::from_secs(10)).await;
            desk.recover().await.unwrap();
        }
        assert_eq!(world.requests(), requests, "Google is left in peace");
        tell(&world, None);
        sleep(Duration::from_secs(200)).await;
        settle(&world, &desk).await;
    });
}

#[test]
fn of_several_moves_in_an_outage_only_the_last_time_is_sent() {
    calmly(|world, desk| async move {
        tell(&world, Some(Instead::Nothing));
        let visit = recorded(&desk, 0).await;
        for number in [1, 2] {
            let result = ask(desk.clone(), moved(&visit, number)).await;
            let Ok(Outcome::BookedProvisionally(now)) = result else {
                panic!("it is recorded at its new time");
            };
            let start = first_start() + Length::minutes(60 * number);
            assert_eq!((now.status, now.visit.start()), (Status::Pending, start));
        }
        tell(&world, None);
        settle(&world, &desk).await;
        let google = held(&world.google);
        let all: Vec<_> = google
            .all()
            .map(|(_, e)| (e.status, times(e).unwrap().start()))
            .collect();
        let last = first_start() + Length::minutes(120);
        assert_eq!(all, [(EventStatus::Confirmed, last)]);
    });
}

#[test]
fn a_visit_that_was_called_off_in_the_outage_never_reaches_the_calendar() {
    calmly(|world, desk| async move {
        tell(&world, Some(Instead::Nothing));
        let visit = recorded(&desk, 0).await;
        let id = visit.appointment_id.clone();
        ask(desk.clone(), moved(&visit, 1)).await.unwrap();
        let requests = world.requests();
        let cancel = Command::Cancel {
            appointment: id.clone(),
            reason: "ill".to_owned(),
        };
        let Ok(Outcome::Cancelled(off)) = ask(desk.clone(), cancel).await else {
            panic!("there is nothing to wait for");
        };
        assert_eq!(
            (off.status, off.sync_state),
            (Status::Cancelled, SyncState::Synced)
        );
        tell(&world, None);
        settle(&world, &desk).await;
        assert_eq!(world.requests(), requests, "without a call");
        assert_eq!(held(&world.google).all().count(), 0);
    });
}
