//! What the people at a desk do, and what they may conclude from the answer.

use super::program::{Desk, Place};
use super::promises;
use super::random::Random;
use super::world::{PRIVATE, World, first_start, held, receptionist, services};
use chrono::Duration as Length;
use frontdesk::domain::appointment::{Source, SyncState};
use frontdesk::domain::customer::NewCustomer;
use frontdesk::domain::id::AppointmentId;
use frontdesk::port::command::{Book, Command, Length as Lasting, Outcome, Refusal, Who};
use frontdesk::port::store::Records;
use frontdesk::worker::engine::silent;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::sleep;

/// Somebody at a desk, who outlives the program there.
pub struct User {
    name: String,
    left: u64,
    random: Random,
    /// Asked for, and not answered when the program crashed.
    again: Option<Book>,
    gone: bool,
}

impl User {
    pub fn new(world: &World, place: Place, number: u64) -> Self {
        let name = format!("user-{}.{}.{number}", place.database, place.number);
        Self {
            random: Random::new(world.seed, &name),
            left: world.plan.acts,
            name,
            again: None,
            gone: false,
        }
    }
}

/// Acts until nothing is left to do.
pub async fn work(world: Arc<World>, desk: Desk, place: Place, user: Arc<Mutex<User>>) {
    loop {
        let pause = held(&user).random.between(0, world.plan.pace);
        sleep(Duration::from_millis(pause)).await;
        let Some(command) = next(&world, &desk, place, &mut held(&user)) else {
            let mut user = held(&user);
            if !user.gone {
                user.gone = true;
                world.at_work.fetch_sub(1, Ordering::Relaxed);
            }
            return;
        };
        let name = held(&user).name.clone();
        world.note(format_args!("{name} asks for {}", Said(&command)));
        settle_by_hand(&world, &command);
        let asked = tokio::time::Instant::now();
        let result = desk.perform(&receptionist(), command, silent()).await;
        // the program may crash before it says so
        tokio::task::yield_now().await;
        held(&user).again = None;
        let took = asked.elapsed();
        world.note(format_args!(
            "{name} hears {} after {took:?}",
            Heard(&result)
        ));
        if let Ok(Outcome::Booked(appointment) | Outcome::Moved { appointment, .. }) = &result
            && let Some(what) = promises::when_booked_is_said(&world, place.database, appointment)
        {
            world.break_promise(what);
        }
    }
}

/// What a person chooses in the repair pane is theirs to answer for.
fn settle_by_hand(world: &World, command: &Command) {
    if let Command::AdoptTimes(id) | Command::Ignore(id, _) = command {
        held(&world.chosen).insert(id.clone());
    }
}

/// The next act; none when there are no more.
fn next(world: &World, desk: &Desk, place: Place, user: &mut User) -> Option<Command> {
    if let Some(book) = user.again.take()
        && user.random.chance(800)
    {
        user.again = Some(book.clone());
        return Some(Command::Book(book));
    }
    user.left = user.left.checked_sub(1)?;
    let mirror = world.mirrors.get(place.database)?;
    let stretch = frontdesk::domain::time::Interval::lasting(first_start() - Length::days(1), 4320);
    let (visits, unsettled, undoable) = {
        let database = held(&mirror.database);
        let since = desk.now() - Length::minutes(10);
        (
            database.appointments(&[], stretch, false).ok()?,
            database.unsettled().ok()?,
            database.undoable(&desk.settings().desk, since).ok()?,
        )
    };
    let visits: Vec<AppointmentId> = visits
        .into_iter()
        // what another desk booked is that desk's to change
        .filter(|a| a.source == Source::Desk)
        .map(|a| a.appointment_id)
        .collect();
    let trouble: Vec<(AppointmentId, SyncState)> = unsettled
        .into_iter()
        .filter(|row| row.appointment.source == Source::Desk)
        .map(|row| (row.appointment.appointment_id, row.appointment.sync_state))
        .collect();
    let random = &mut user.random;
    let roll = random.below(115);
    let start = i64::try_from(random.below(world.plan.starts)).unwrap_or(0);
    let command = match roll {
        0..=11 => random.pick(&visits).map(|appointment| Command::Cancel {
            appointment,
            reason: format!("{PRIVATE}: called"),
        }),
        12..=21 => undoable.first().map(|act| Command::Undo(act.audit)),
        22..=27 => random.pick(&trouble).map(|(id, _)| Command::Retry(id)),
        28..=30 => Some(Command::RetryAll),
        31..=40 => random.pick(&trouble).and_then(|(id, state)| {
            let theirs = state == SyncState::NeedsRepair;
            theirs.then(|| match random.below(5) {
                0 => Command::AdoptTimes(id),
                1 => Command::Ignore(id, format!("{PRIVATE}: agreed")),
                2 => Command::Recreate(id),
                3 => Command::PutBack(id),
                _ => Command::Cancel {
                    appointment: id,
                    reason: format!("{PRIVATE}: agreed"),
                },
            })
        }),
        41..=43 => Some(Command::Refresh(Vec::new())),
        44..=49 => {
            let keyed: Vec<Book> = held(&world.keyed)
                .iter()
                .filter(|(database, _)| *database == place.database)
                .map(|(_, book)| book.clone())
                .collect();
            random.pick(&keyed).map(Command::Book)
        }
        100.. => {
            let pending: Vec<AppointmentId> = trouble
                .iter()
                .filter(|(_, state)| *state == SyncState::SyncPending)
                .map(|(id, _)| id.clone())
                .collect();
            // what is on its way is what people change their minds about
            let picked = if random.chance(500) {
                random.pick(&pending)
            } else {
                None
            };
            let picked = picked.or_else(|| random.pick(&visits));
            picked.map(|appointment| Command::Move {
                appointment,
                start: first_start() + Length::minutes(10 * start),
            })
        }
        _ => None,
    };
    Some(command.unwrap_or_else(|| {
        let book = book(world, user);
        if book.key.is_some() {
            held(&world.keyed).push((place.database, book.clone()));
            user.again = Some(book.clone());
        }
        Command::Book(book)
    }))
}

fn book(world: &World, user: &mut User) -> Book {
    let name = format!("{} {}", user.name, user.left);
    let random = &mut user.random;
    let start = i64::try_from(random.below(world.plan.starts)).unwrap_or(0);
    let service = random.below(services() + 1);
    Book {
        doctor: format!("doctor-{}", random.below(world.plan.doctors)).into(),
        customer: Who::New(NewCustomer {
            name: name.clone(),
            ..NewCustomer::default()
        }),
        start: first_start() + Length::minutes(10 * start),
        length: if service == services() {
            Lasting::Minutes(30)
        } else {
            Lasting::Service(format!("service-{service}").into())
        },
        reason: format!("{PRIVATE}: {name}"),
        provisional: random.chance(500),
        key: random.chance(400).then_some(name),
    }
}

struct Said<'a>(&'a Command);

impl std::fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Command::Book(book) => write!(
                f,
                "Book({} {} {:?} provisional={} key={:?})",
                book.doctor,
                book.start.format("%H:%M"),
                book.length,
                book.provisional,
                book.key
            ),
            other => write!(f, "{other:?}"),
        }
    }
}

struct Heard<'a>(&'a Result<Outcome, Refusal>);

impl std::fmt::Display for Heard<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Ok(
                Outcome::Booked(a)
                | Outcome::BookedProvisionally(a)
                | Outcome::Cancelled(a)
                | Outcome::CancelledProvisionally(a)
                | Outcome::Repaired(a)
                | Outcome::Moved { appointment: a, .. }
                | Outcome::MovedProvisionally { appointment: a, .. },
            ) => write!(f, "{} {:?} {:?}", a.appointment_id, a.status, a.sync_state),
            Ok(Outcome::Retried(all)) => {
                let messages: Vec<&str> = all.iter().map(|r| r.message.as_str()).collect();
                write!(f, "{messages:?}")
            }
            Ok(_) => write!(f, "done"),
            Err(refusal) => write!(f, "{:?}: {}", refusal.code, refusal.message),
        }
    }
}
