//! Small scenes that the simulation has shown to matter: two tasks of one program at the same visit.

use super::google::plain;
use super::network::Instead;
use super::plan::Plan;
use super::program::{Desk, Place, engine};
use super::promises;
use super::world::{World, calendar, clinic, first_start, held, receptionist};
use chrono::Duration as Length;
use frontdesk::domain::appointment::{Appointment, Status};
use frontdesk::domain::customer::NewCustomer;
use frontdesk::domain::event::{Event, EventStatus, Mark, MarkKind};
use frontdesk::domain::time::Interval;
use frontdesk::port::command::{Book, Code, Command, Length as Lasting, Outcome, Refusal, Who};
use frontdesk::worker::engine::silent;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

const PLACE: Place = Place {
    database: 0,
    number: 0,
};

/// Runs a scene in a clinic where nothing goes wrong by itself.
pub fn calmly<F: Future<Output = ()>>(scene: impl FnOnce(Arc<World>, Desk) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = Arc::new(World::new(1, Plan::calm(), false));
        world.end_faults();
        let desk = engine(&world, PLACE, "desk");
        scene(Arc::clone(&world), desk).await;
        assert_eq!(world.broken(), None);
        assert_eq!(promises::at_rest(&world), None);
    });
}

pub fn book(key: Option<&str>) -> Command {
    Command::Book(Book {
        doctor: "doctor-0".into(),
        customer: Who::New(NewCustomer {
            name: "Ana".to_owned(),
            ..NewCustomer::default()
        }),
        start: first_start(),
        length: Lasting::Minutes(30),
        reason: String::new(),
        provisional: true,
        key: key.map(str::to_owned),
    })
}

pub async fn ask(desk: Desk, command: Command) -> Result<Outcome, Refusal> {
    desk.perform(&receptionist(), command, silent()).await
}

#[test]
fn after_a_suspend_recovery_does_not_carry_out_what_has_ended_meanwhile() {
    calmly(|world, desk| async move {
        let visit = Interval::lasting(first_start(), 30);
        let lunch = plain("lunch".into(), visit, None);
        held(&world.google).put(world.now(), &calendar(0), lunch);
        let booking = tokio::spawn(ask(desk.clone(), book(None)));
        sleep(Duration::from_millis(5)).await;
        // the lid is closed during the first call, and opened again when the lease is over
        let skew = &world.mirrors[0].skew;
        skew.fetch_add(60, Ordering::Relaxed);
        let recovery = tokio::spawn(async move { desk.recover().await });
        let refusal = booking.await.unwrap().unwrap_err();
        assert_eq!(refusal.code, Code::NotAvailable, "{refusal:?}");
        recovery.await.unwrap().unwrap();
        let google = held(&world.google);
        let ours = google.all().filter(|(_, event)| event.mark.is_some());
        assert_eq!(ours.count(), 0, "nothing was ever inserted");
    });
}

#[test]
fn a_claim_that_a_person_moved_is_removed_when_calling_off_is_tried_again() {
    calmly(|world, desk| async move {
        // the claim is sent, and its answer never comes
        let booking = tokio::spawn(ask(desk.clone(), book(None)));
        while world.requests() == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        *held(&world.instead) = Some(Instead::Nothing);
        let provisional = booking.await.unwrap();
        let Ok(Outcome::BookedProvisionally(a)) = provisional else {
            panic!("nobody answers: {provisional:?}");
        };
        *held(&world.instead) = None;
        let event = a.google_event_id.clone().unwrap();
        let elsewhere = Interval::lasting(first_start() + Length::hours(1), 30);
        let claim = Event {
            status: EventStatus::Tentative,
            ..plain(event.clone(), elsewhere, Some(mark(&world, &a)))
        };
        held(&world.google).put(world.now(), &calendar(0), claim);
        let cancel = Command::Cancel {
            appointment: a.appointment_id.clone(),
            reason: "ill".to_owned(),
        };
        let refusal = ask(desk.clone(), cancel).await.unwrap_err();
        assert!(refusal.message.contains("moved or changed"), "{refusal:?}");
        let retried = ask(desk, Command::Retry(a.appointment_id.clone())).await;
        let Ok(Outcome::Retried(retried)) = retried else {
            panic!("{retried:?}");
        };
        assert_eq!(retried[0].appointment.status, Status::Cancelled);
        let google = held(&world.google);
        let left = google
            .all()
            .filter(|(_, e)| e.status != EventStatus::Cancelled);
        assert_eq!(left.count(), 0);
    });
}

fn mark(world: &World, a: &Appointment) -> Mark {
    Mark {
        kind: MarkKind::Appointment,
        clinic: clinic(),
        database: world.mirrors[0].id.clone(),
        desk: "desk".into(),
        appointment: a.appointment_id.clone(),
        operation: "operation".into(),
        rev: a.rev,
        attempt: a.attempt,
        doctor: a.doctor_id.clone(),
        service: None,
        customer: None,
        name: None,
        buffers: a.buffers,
        lease_seconds: 120,
    }
}

#[test]
fn one_key_asked_twice_at_once_is_carried_out_once() {
    calmly(|world, desk| async move {
        let first = tokio::spawn(ask(desk.clone(), book(Some("k"))));
        sleep(Duration::from_millis(5)).await;
        let second = tokio::spawn(ask(desk, book(Some("k"))));
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        let (Ok(Outcome::Booked(one)), Ok(Outcome::Booked(other))) = (&first, &second) else {
            panic!("both are told that it is booked: {first:?} {second:?}");
        };
        assert_eq!(one.appointment_id, other.appointment_id);
        let google = held(&world.google);
        let stands: Vec<_> = google.all().map(|(_, event)| event.status).collect();
        assert_eq!(stands, [EventStatus::Confirmed]);
    });
}
