//! Several desks with databases of their own book overlapping times in one calendar, in any order of
//! steps, with crashes and answers that get lost. Two things must hold whatever happens: no two
//! confirmed events conflict, and at the end every booking has an end.

use super::*;
use crate::domain::service::conflict;
use proptest::prelude::*;

/// What a calendar does with a request, without ever checking for conflicts.
#[derive(Default)]
struct Google {
    events: Vec<Event>,
    version: u32,
    clock: i64,
}

impl Google {
    fn etag(&mut self) -> Etag {
        self.version += 1;
        Etag::new(format!("\"{}\"", self.version))
    }

    fn call(&mut self, call: &Call) -> Fact {
        match call {
            Call::FreeBusy(window) => Fact::Busy(
                self.live()
                    .filter_map(visit_of)
                    .filter(|visit| visit.meets(window))
                    .collect(),
            ),
            Call::List(window) => {
                let meets = |e: &&Event| visit_of(e).is_some_and(|visit| visit.meets(window));
                let events = self.live().filter(meets).cloned().collect();
                Fact::Listed {
                    events,
                    zone: ZONE,
                    server_time: Some(at(self.clock)),
                }
            }
            Call::Get(id) => match self.events.iter().find(|e| e.id == *id) {
                Some(event) => Fact::Event(Box::new(event.clone())),
                None => Fact::Missing,
            },
            Call::Insert(draft) => {
                if self.events.iter().any(|e| e.id == draft.id) {
                    return Fact::Duplicate;
                }
                let etag = self.etag();
                let event = Event {
                    updated: Some(at(self.clock)),
                    ..event_of(draft, draft.status, etag.as_str())
                };
                self.events.push(event.clone());
                Fact::Event(Box::new(event))
            }
            Call::Confirm(id, etag) => self.change(id, etag, EventStatus::Confirmed),
            Call::Reschedule(..) => unreachable!("nothing is moved here"),
            Call::Delete(id, etag) => match self.change(id, etag, EventStatus::Cancelled) {
                Fact::Event(_) => Fact::Deleted,
                other => other,
            },
        }
    }

    fn change(&mut self, id: &EventId, etag: &Etag, status: EventStatus) -> Fact {
        let new = self.etag();
        let now = at(self.clock);
        let Some(event) = self.events.iter_mut().find(|e| e.id == *id) else {
            return Fact::Missing;
        };
        if event.status == EventStatus::Cancelled {
            return Fact::Gone;
        }
        if event.etag.as_ref() != Some(etag) {
            return Fact::Stale;
        }
        (event.status, event.etag, event.updated) = (status, Some(new), Some(now));
        Fact::Event(Box::new(event.clone()))
    }

    fn live(&self) -> impl Iterator<Item = &Event> {
        self.events
            .iter()
            .filter(|e| e.status != EventStatus::Cancelled)
    }
}

/// A desk: its flow as it is in memory, as it was last journalled, and what it does next.
struct Desk {
    flow: Booking,
    journalled: Booking,
    next: Option<Fact>,
    calls: Vec<Call>,
    end: Option<Settlement>,
}

impl Desk {
    fn new(number: u32, start: i64, minutes: u32, buffer: u32) -> Self {
        let id = format!(
            "{:08x}-0000-4000-8000-000000000000",
            number.wrapping_mul(0x9e37_79b9)
        );
        let mut draft = draft_of(&id, start, minutes, Buffers::new(buffer, buffer).unwrap());
        draft.mark.database = format!("db-{number}").into();
        let flow = Booking::new(draft, Protocol::Full, true);
        Self {
            journalled: flow.clone(),
            flow,
            next: Some(Fact::Begun),
            calls: vec![],
            end: None,
        }
    }

    fn crash(&mut self) {
        if self.end.is_none() {
            self.flow = self.journalled.clone();
            self.calls.clear();
            self.next = Some(Fact::Resumed);
        }
    }

    /// One step: think, or send the call that is waiting.
    fn advance(&mut self, google: &mut Google, lose_answer: bool) {
        if self.end.is_some() {
            return;
        }
        if let Some(call) = self.calls.pop() {
            let answer = google.call(&call);
            self.next = Some(if lose_answer {
                Fact::NoAnswer("lost".into())
            } else {
                answer
            });
            return;
        }
        let Some(fact) = self.next.take() else { return };
        let (flow, steps) = self.flow.clone().step(fact);
        self.flow = flow;
        for step in steps {
            match step {
                Step::Journal(_) => self.journalled = self.flow.clone(),
                Step::Call(call) => self.calls.push(call),
                Step::Wait(_) => self.next = Some(Fact::Waited),
                Step::PutOff(_) => {
                    self.journalled = self.flow.clone();
                    self.next = Some(Fact::Resumed);
                }
                Step::Settle(settlement) => self.end = Some(settlement),
                Step::Tell(_) | Step::UseFullProtocol => {}
            }
        }
    }
}

fn double_booked(google: &Google) -> Option<(EventId, EventId)> {
    let stands: Vec<&Event> = google
        .events
        .iter()
        .filter(|e| e.status == EventStatus::Confirmed)
        .collect();
    let parts = |e: &Event| (visit_of(e).unwrap(), e.mark.as_ref().unwrap().buffers);
    for (i, a) in stands.iter().enumerate() {
        for b in &stands[i + 1..] {
            let ((va, ba), (vb, bb)) = (parts(a), parts(b));
            if conflict(va, ba, vb, bb) {
                return Some((a.id.clone(), b.id.clone()));
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_steps_crashes_and_lost_answers_double_books(
        visits in prop::collection::vec((0i64..60, 10u32..45, 0u32..20), 2..5),
        script in prop::collection::vec((0usize..5, 0u8..40), 0..300),
    ) {
        let mut google = Google::default();
        let mut desks: Vec<Desk> = visits.iter().zip(1..)
            .map(|((start, minutes, buffer), number)| Desk::new(number, *start, *minutes, *buffer))
            .collect();
        for (who, what) in script {
            let count = desks.len();
            let desk = &mut desks[who % count];
            match what {
                0 => desk.crash(),
                1 => google.clock += 3, // a lease is over
                2 | 3 => desk.advance(&mut google, true),
                _ => desk.advance(&mut google, false),
            }
            prop_assert_eq!(double_booked(&google), None);
        }
        // then everybody goes on to the end
        for round in 0..2_000 {
            if desks.iter().all(|d| d.end.is_some()) {
                break;
            }
            for desk in &mut desks {
                desk.advance(&mut google, false);
            }
            google.clock += i64::from(round % 50 == 49);
            prop_assert_eq!(double_booked(&google), None);
        }
        for desk in &desks {
            let end = desk.end.as_ref().expect("every booking has an end");
            let stands = google.events.iter().filter(|e| {
                e.status == EventStatus::Confirmed
                    && e.mark.as_ref().unwrap().appointment == desk.flow.draft.mark.appointment
            }).count();
            let booked = matches!(end, Settlement::Confirmed { .. });
            prop_assert_eq!(stands, usize::from(booked), "{:?}", end);
        }
        prop_assert!(google.live().all(|e| e.status == EventStatus::Confirmed), "a claim was left behind");
    }
}
