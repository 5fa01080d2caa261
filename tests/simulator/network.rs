//! The Calendar port over the simulated calendar, with everything that a network does: delay, refuse,
//! lose, deliver late. A request that is on its way outlives the desk that sent it.

use super::google::{Google, Reply, Request};
use super::promises;
use super::random::Random;
use super::world::{PRIVATE, World, clinic, held};
use chrono::{DurationRound as _, TimeDelta};
use frontdesk::domain::event::{Event, EventDraft, NewTimes};
use frontdesk::domain::id::{CalendarId, Etag, EventId};
use frontdesk::domain::time::{Interval, Moment};
use frontdesk::port::calendar::{BusyAnswer, Calendar, CalendarError, Listing, Stamped};
use frontdesk::port::sync::{ChangePage, ReadFrom};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How long a desk waits for an answer, as the real client does.
const PATIENCE: Duration = Duration::from_secs(10);

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
struct Fate {
    /// Until it reaches Google; none: never.
    arrives: Option<Duration>,
    /// From then until its answer reaches the desk; none: never.
    answers: Option<Duration>,
    /// What it is told instead of an answer.
    instead: Option<Instead>,
    /// How old a list is.
    lag: TimeDelta,
}

/// What a request is told instead of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    SlowDown(Option<u64>),
    Backend,
    TokenInvalid,
    /// Nothing, until the desk gives up.
    Nothing,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.arrives, self.answers) {
            (None, None) => write!(f, "(gets lost)"),
            (None, Some(_)) => write!(f, "(refused)"),
            (Some(_), None) => write!(f, "(answer gets lost)"),
            (Some(delay), _) if delay >= PATIENCE => write!(f, "(late)"),
            _ if self.instead.is_some() => write!(f, "(answered by an error)"),
            _ => write!(f, ""),
        }
    }
}

/// A desk's way to Google.
#[derive(Clone)]
pub struct Network {
    pub world: Arc<World>,
    pub desk: String,
    /// Requests of this program.
    pub begun: Arc<AtomicU64>,
}

type Answered = Result<(Reply, Moment), CalendarError>;

impl Network {
    async fn send(&self, request: Request) -> Answered {
        let (world, number) = (Arc::clone(&self.world), self.world.next_request());
        self.begun.fetch_add(1, Ordering::Relaxed);
        let fate = fate(&world, &request);
        world.note(format_args!("{} #{number} {request} {fate}", self.desk));
        let (answer, heard) = oneshot::channel();
        world.in_flight.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            let result = match fate.arrives {
                Some(delay) => {
                    sleep(delay).await;
                    arrived(&world, number, &request, fate)
                }
                None => Err(refusal(fate.instead)),
            };
            world.in_flight.fetch_sub(1, Ordering::Relaxed);
            match fate.answers {
                Some(delay) => {
                    sleep(delay).await;
                    // nobody may be there to hear it
                    let _ = answer.send(result);
                }
                None => sleep(PATIENCE * 2).await,
            }
        });
        match timeout(PATIENCE, heard).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(no_answer("connection closed")),
            Err(_) => Err(no_answer("time-out")),
        }
    }

    async fn event(&self, request: Request) -> Result<Stamped<Event>, CalendarError> {
        match self.send(request).await? {
            (Reply::Event(value), date) => Ok(stamped(*value, date)),
            (other, _) => unreachable!("an event was asked for, not {other:?}"),
        }
    }

    async fn done(&self, request: Request) -> Result<(), CalendarError> {
        match self.send(request).await? {
            (Reply::Done, _) => Ok(()),
            (other, _) => unreachable!("nothing was asked for, not {other:?}"),
        }
    }
}

/// A request has reached Google.
fn arrived(world: &World, number: u64, request: &Request, fate: Fate) -> Answered {
    let now = world.now();
    let before = stood(&held(&world.google), request);
    let result = held(&world.google).answer(now, now - fate.lag, request);
    match &result {
        Ok(reply) => world.note(format_args!("  #{number} {reply}")),
        Err(error) => world.note(format_args!("  #{number} {error}")),
    }
    if result.is_ok() {
        let foreign = changed(request)
            .is_some_and(|(calendar, id)| !is_ours(&held(&world.google), calendar, id));
        if foreign {
            world.break_promise(format!(
                "I9: a desk changed somebody else's event: {request}"
            ));
        }
        if let Request::Insert(draft) = request {
            held(&world.marks).push(draft.mark.clone());
        }
        if let Request::Insert(draft) = request
            && format!("{draft:?}").contains(PRIVATE)
        {
            world.break_promise(format!("I7: a private note went to Google: {draft:?}"));
        }
        if let Some(what) = before.and_then(|event| promises::when_deleted(world, &event)) {
            world.break_promise(what);
        }
        world.check_step();
    }
    if fate.instead.is_some() {
        return Err(refusal(fate.instead));
    }
    let date = now.duration_trunc(TimeDelta::seconds(1)).unwrap_or(now);
    result.map(|reply| (reply, date))
}

fn refusal(instead: Option<Instead>) -> CalendarError {
    match instead {
        Some(Instead::SlowDown(after)) => CalendarError::SlowDown {
            retry_after: after.map(Duration::from_secs),
        },
        Some(Instead::TokenInvalid) => CalendarError::SyncTokenInvalid,
        _ => no_answer("Backend Error"),
    }
}

/// What a request to delete finds.
fn stood(google: &Google, request: &Request) -> Option<Event> {
    match request {
        Request::Delete(calendar, id, _) => google.current(calendar, id).cloned(),
        _ => None,
    }
}

/// The event that a request changes.
fn changed(request: &Request) -> Option<(&CalendarId, &EventId)> {
    match request {
        Request::Insert(draft) => Some((&draft.calendar, &draft.id)),
        Request::Confirm(calendar, id, _)
        | Request::Delete(calendar, id, _)
        | Request::Move(calendar, id, _, _) => Some((calendar, id)),
        _ => None,
    }
}

fn is_ours(google: &Google, calendar: &CalendarId, id: &EventId) -> bool {
    let mark = google.current(calendar, id).and_then(|e| e.mark.as_ref());
    mark.is_some_and(|mark| mark.clinic == clinic())
}

fn fate(world: &World, request: &Request) -> Fate {
    let confirms = matches!(request, Request::Confirm(..));
    let goes_on = matches!(request, Request::Changes(_, ReadFrom::Token(_), _));
    let mut random = held(&world.fates);
    let lag = TimeDelta::milliseconds(draw(&mut random, world.plan.lag * 1000));
    let delay = |random: &mut Random| Duration::from_millis(random.between(10, 1000));
    let (there, back) = (delay(&mut random), delay(&mut random));
    let usual = Fate {
        arrives: Some(there),
        answers: Some(back),
        instead: None,
        lag,
    };
    let instead = *held(&world.instead);
    let instead = instead.or(world.is_silent().then_some(Instead::Nothing));
    match instead {
        Some(Instead::Nothing) => {
            return Fate {
                arrives: None,
                answers: None,
                ..usual
            };
        }
        Some(instead) => return not_done(usual, instead),
        None if !world.faulty() => return usual,
        None => {}
    }
    // the request whose late landing is the most dangerous
    if confirms && random.chance(world.plan.late_confirms) {
        return Fate {
            arrives: Some(Duration::from_millis(random.between(9_000, 40_000))),
            ..usual
        };
    }
    // Google forgets tokens when it likes
    if goes_on && random.chance(20) {
        return not_done(usual, Instead::TokenInvalid);
    }
    if random.chance(world.plan.refused) {
        return match random.below(4) {
            // a limit is told before anything is done
            0 => not_done(usual, Instead::SlowDown(None)),
            1 => not_done(usual, Instead::SlowDown(Some(random.between(1, 5)))),
            2 => not_done(usual, Instead::Backend),
            _ => Fate {
                instead: Some(Instead::Backend),
                ..usual
            },
        };
    }
    if random.chance(world.plan.lost) {
        return match random.below(4) {
            0 => Fate {
                arrives: None,
                answers: None,
                ..usual
            },
            1 => Fate {
                answers: None,
                ..usual
            },
            // just when the desk has stopped listening
            2 => Fate {
                arrives: Some(Duration::from_millis(random.between(9_000, 16_000))),
                ..usual
            },
            // or long after
            _ => Fate {
                arrives: Some(Duration::from_millis(random.between(9_000, 200_000))),
                ..usual
            },
        };
    }
    usual
}

fn not_done(usual: Fate, instead: Instead) -> Fate {
    Fate {
        arrives: None,
        instead: Some(instead),
        ..usual
    }
}

fn draw(random: &mut Random, end: u64) -> i64 {
    if end == 0 {
        return 0;
    }
    i64::try_from(random.below(end)).unwrap_or(0)
}

fn no_answer(why: &str) -> CalendarError {
    CalendarError::NoAnswer(why.to_owned())
}

fn stamped<T>(value: T, date: Moment) -> Stamped<T> {
    Stamped {
        value,
        server_time: Some(date),
    }
}

impl Calendar for Network {
    async fn free_busy(
        &self,
        calendars: &[CalendarId],
        window: Interval,
    ) -> Result<Stamped<Vec<(CalendarId, BusyAnswer)>>, CalendarError> {
        match self
            .send(Request::FreeBusy(calendars.to_vec(), window))
            .await?
        {
            (Reply::Busy(value), date) => Ok(stamped(value, date)),
            (other, _) => unreachable!("free/busy was asked for, not {other:?}"),
        }
    }

    async fn list(
        &self,
        calendar: &CalendarId,
        window: Interval,
    ) -> Result<Stamped<Listing>, CalendarError> {
        match self.send(Request::List(calendar.clone(), window)).await? {
            (Reply::Listing(value), date) => Ok(stamped(value, date)),
            (other, _) => unreachable!("a list was asked for, not {other:?}"),
        }
    }

    async fn changes(
        &self,
        calendar: &CalendarId,
        from: &ReadFrom,
        page: Option<&str>,
    ) -> Result<Stamped<ChangePage>, CalendarError> {
        let page = page.map(str::to_owned);
        let request = Request::Changes(calendar.clone(), from.clone(), page);
        match self.send(request).await? {
            (Reply::Changes(value), date) => Ok(stamped(value, date)),
            (other, _) => unreachable!("changes were asked for, not {other:?}"),
        }
    }

    async fn get(
        &self,
        calendar: &CalendarId,
        event: &EventId,
    ) -> Result<Stamped<Event>, CalendarError> {
        self.event(Request::Get(calendar.clone(), event.clone()))
            .await
    }

    async fn insert(&self, draft: &EventDraft) -> Result<Stamped<Event>, CalendarError> {
        self.event(Request::Insert(Box::new(draft.clone()))).await
    }

    async fn confirm(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<Stamped<Event>, CalendarError> {
        let (calendar, event) = (calendar.clone(), event.clone());
        self.event(Request::Confirm(calendar, event, etag.clone()))
            .await
    }

    async fn delete(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
    ) -> Result<(), CalendarError> {
        let (calendar, event) = (calendar.clone(), event.clone());
        self.done(Request::Delete(calendar, event, etag.clone()))
            .await
    }

    async fn reschedule(
        &self,
        calendar: &CalendarId,
        event: &EventId,
        etag: &Etag,
        times: &NewTimes,
    ) -> Result<Stamped<Event>, CalendarError> {
        let (calendar, event, times) = (calendar.clone(), event.clone(), Box::new(times.clone()));
        self.event(Request::Move(calendar, event, etag.clone(), times))
            .await
    }

    fn requests(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    async fn answers(&self, calendar: &CalendarId) -> Result<(), CalendarError> {
        self.done(Request::Answers(calendar.clone())).await
    }
}
