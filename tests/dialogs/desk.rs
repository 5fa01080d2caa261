//! A robot at a desk that knows people, visits and what is in repair.

use super::clinic::{self, at, id};
use super::robot::{Robot, setup};
use chrono::NaiveDate;
use frontdesk::app::action::Action;
use frontdesk::app::{Effect, Msg};
use frontdesk::domain::appointment::{Appointment, Status, SyncState};
use frontdesk::domain::blocks::Reason;
use frontdesk::domain::customer::Customer;
use frontdesk::domain::time::Interval;
use frontdesk::flow::operation::Cause;
use frontdesk::flow::repair::{Trouble, fitting};
use frontdesk::port::command::{Book, Code, Command, Outcome, Refusal};
use frontdesk::port::notices::Notice;
use frontdesk::port::query::{
    Answer, AppointmentCard, CustomerCard, CustomerHit, GoogleEvent, GoogleSide, Query, RepairItem,
};
use frontdesk::port::report::Report;

pub struct Desk {
    pub robot: Robot,
    pub people: Vec<CustomerHit>,
    pub repairs: Vec<RepairItem>,
    pub notices: Vec<Notice>,
    /// Questions that are answered only when told to.
    pub slow: bool,
    pub open: Vec<(Effect, Query)>,
}

pub fn person(
    n: u32,
    name: &str,
    phone: Option<&str>,
    born: Option<(i32, u32, u32)>,
) -> CustomerHit {
    CustomerHit {
        customer: Customer {
            customer_id: format!("person-{n}").into(),
            customer_name: name.to_owned(),
            mobile: phone.map(str::to_owned),
            email: None,
            born: born.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d)),
        },
        last_visit: n
            .is_multiple_of(2)
            .then(|| (at("2026-10-12T09:00"), "Dr Khan".to_owned())),
        next_visit: (n == 4).then(|| (at("2026-11-27T09:30"), "Dr Chen".to_owned())),
    }
}

pub fn repair(n: usize, cause: Option<Cause>) -> RepairItem {
    let mut visit = clinic::appointment(1, n, at("2026-11-25T09:00"), 30);
    visit.appointment_id = format!("repair-{n}").into();
    let sentence = match cause {
        None => {
            visit.status = Status::Pending;
            "The visit is recorded here; Google has not confirmed it. The program tries again at 10:47."
        }
        Some(Cause::MovedInGoogle) => {
            "Moved in Google by the calendar's owner to 16:00, onto Jan de Vries."
        }
        Some(Cause::GoneFromGoogle) => {
            "Somebody deleted its event in Google Calendar; here the visit still stands"
        }
        Some(_) => "Google refuses the event: the calendar is not shared with the desk any more.",
    };
    visit.sync_state = match cause {
        None => SyncState::SyncPending,
        Some(_) => SyncState::NeedsRepair,
    };
    let google = google(&visit, cause);
    let actions = fitting(&Trouble {
        cause,
        appointment: &visit,
        google: google.as_ref(),
        former: None,
        sign_in: false,
    });
    RepairItem {
        operation: cause.is_none().then(|| "booking".to_owned()),
        state: visit.sync_state,
        cause,
        sentence: sentence.to_owned(),
        since: at(&format!("2026-11-24T10:{:02}", 10 + n)),
        last_error: cause
            .is_none()
            .then(|| "Google did not answer (time-out after 10 s)".to_owned()),
        next_try: cause.is_none().then(|| at("2026-11-24T10:47")),
        google,
        former: None,
        title: format!(
            "Appointment: {} with {}",
            visit.customer_name, visit.doctor_name
        ),
        actions,
        appointment: visit,
    }
}

/// What Google has of it: moved ones at 16:00, others as they were, gone ones not at all.
fn google(visit: &Appointment, cause: Option<Cause>) -> Option<GoogleSide> {
    let start = match cause? {
        Cause::MovedInGoogle => at("2026-11-25T16:00"),
        _ => visit.visit.start(),
    };
    let event = GoogleEvent {
        time: Interval::lasting(start, 30),
        all_day: false,
        reason: Some(Reason::Visit),
        title: format!(
            "Appointment: {} with {}",
            visit.customer_name, visit.doctor_name
        ),
        etag: Some("\"3502000000000042\"".into()),
        updated: Some(at("2026-11-24T10:12")),
        ours: true,
    };
    Some(GoogleSide {
        as_of: at("2026-11-24T10:41"),
        event: (cause != Some(Cause::GoneFromGoogle)).then_some(event),
    })
}

impl Desk {
    pub fn at(width: u16, height: u16) -> Self {
        let mut robot = Robot::with(setup((width, height)), 6);
        // from here on this desk answers
        robot.answers = false;
        robot.effects.clear();
        Self {
            robot,
            people: vec![
                person(1, "Maria Silva", Some("+49 151 2345"), Some((1987, 3, 14))),
                person(2, "Maria Silva", Some("+49 151 2345"), Some((2014, 7, 2))),
                person(3, "Mariam Odunsi", None, None),
                person(
                    4,
                    "Jan de Vries",
                    Some("+49 170 99 88 77"),
                    Some((1961, 12, 30)),
                ),
            ],
            repairs: vec![
                repair(0, None),
                repair(1, Some(Cause::RefusedByGoogle)),
                repair(2, Some(Cause::MovedInGoogle)),
                repair(3, Some(Cause::MovedInGoogle)),
                repair(4, None),
            ],
            notices: vec![],
            slow: false,
            open: vec![],
        }
    }

    /// With the booking dialog open on a free slot: Dr Chen, today, 11:30, free until 12:00.
    pub fn booking(width: u16, height: u16) -> Self {
        let mut desk = Self::at(width, height);
        desk.act(Action::SelectSlot(id(0), at("2026-11-24T11:30")));
        desk.press("<Enter>");
        desk
    }

    pub fn act(&mut self, action: Action) {
        self.robot.tell(Msg::Action(action));
        self.settle();
    }

    pub fn press(&mut self, keys: &str) -> &mut Self {
        for event in super::robot::events(keys) {
            if let Some(msg) = frontdesk::ui::keymap::translate(&self.robot.state, &event) {
                self.robot.tell(msg);
            }
            self.settle();
        }
        self
    }

    pub fn tell(&mut self, msg: Msg) {
        self.robot.tell(msg);
        self.settle();
    }

    /// Answers what has been asked.
    fn settle(&mut self) {
        loop {
            let asked: Vec<Effect> = std::mem::take(&mut self.robot.effects);
            let mut any = false;
            for effect in asked {
                match &effect {
                    Effect::Ask { query, .. } if self.slow => {
                        let query = query.clone();
                        self.open.push((effect, query));
                    }
                    Effect::Ask { .. } => {
                        any = true;
                        self.answer(&effect);
                    }
                    _ => self.robot.effects.push(effect),
                }
            }
            if !any {
                return;
            }
        }
    }

    /// Answers what was held back.
    pub fn catch_up(&mut self) {
        self.slow = false;
        for (effect, _) in std::mem::take(&mut self.open) {
            self.answer(&effect);
        }
        self.settle();
    }

    fn answer(&mut self, effect: &Effect) {
        let Effect::Ask {
            topic,
            question,
            query,
        } = effect
        else {
            return;
        };
        let answer = self
            .know(query)
            .or_else(|| self.robot.world.answer(query))
            .map(Box::new)
            .ok_or(Refusal::new(Code::NotFound, "There is no such thing."));
        self.robot.tell(Msg::Report(Report::Answered {
            topic: *topic,
            question: *question,
            answer,
        }));
    }

    fn know(&self, query: &Query) -> Option<Answer> {
        match query {
            Query::Customers { text, limit } => {
                let text = text.to_lowercase();
                let fits = |hit: &&CustomerHit| {
                    let phone = hit.customer.mobile.clone().unwrap_or_default();
                    hit.customer.customer_name.to_lowercase().contains(&text)
                        || phone.replace(' ', "").contains(&text)
                };
                let hits = self.people.iter().filter(fits).take(*limit);
                Some(Answer::Customers(hits.cloned().collect()))
            }
            Query::Customer(id) => {
                let hit = self
                    .people
                    .iter()
                    .find(|hit| hit.customer.customer_id == *id)?;
                let visit = clinic::appointment(0, 0, at("2026-10-12T09:00"), 30);
                let came = hit.last_visit.is_some();
                Some(Answer::Customer(CustomerCard {
                    customer: hit.customer.clone(),
                    visits: if came { vec![visit] } else { vec![] },
                }))
            }
            Query::Overview => {
                let mut overview = self.robot.world.overview();
                let unread = self.notices.iter().filter(|notice| !notice.read).count();
                overview.unread = u32::try_from(unread).unwrap();
                Some(Answer::Overview(overview))
            }
            Query::Notices { unread_only, limit } => {
                let wanted = |notice: &&Notice| !(*unread_only && notice.read);
                let wanted = self.notices.iter().filter(wanted).take(*limit);
                Some(Answer::Notices(wanted.cloned().collect()))
            }
            Query::Repairs => Some(Answer::Repairs(self.repairs.clone())),
            Query::Appointment(id) => {
                let mut items = self.repairs.iter();
                let item = items.find(|item| item.appointment.appointment_id == *id)?;
                let card = self.robot.world.card(&item.appointment);
                Some(Answer::Appointment(Box::new(AppointmentCard {
                    repair: Some(item.clone()),
                    ..card
                })))
            }
            Query::FindVisits { text, .. } => {
                let all = [0, 1, 3]
                    .into_iter()
                    .flat_map(|place| clinic::World::visits(place, clinic::today()));
                let text = text.to_lowercase();
                let found: Vec<Appointment> = all
                    .filter(|visit| visit.customer_name.to_lowercase().contains(&text))
                    .collect();
                Some(Answer::Visits(found))
            }
            _ => None,
        }
    }

    /// The booking that was handed out last.
    pub fn booked(&self) -> (u64, Book) {
        match self.robot.acts.last() {
            Some((ticket, Command::Book(book))) => (*ticket, book.clone()),
            other => panic!("no booking was handed out, but {other:?}"),
        }
    }

    pub fn bookings(&self) -> usize {
        let books = |(_, command): &&(u64, Command)| matches!(command, Command::Book(_));
        self.robot.acts.iter().filter(books).count()
    }

    pub fn done(&mut self, ticket: u64, result: Result<Outcome, Refusal>) {
        self.robot.done(ticket, result);
        self.settle();
    }

    pub fn screen(&mut self) -> String {
        self.robot.screen()
    }

    /// The screen with all white space and frames made one blank, so that wrapped sentences are found.
    pub fn reads(&mut self) -> String {
        let screen = self.screen().replace(['│', '─'], " ");
        screen.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub fn sees(&mut self, words: &str) {
        let screen = self.screen();
        assert!(
            self.reads().contains(words),
            "“{words}” is not on\n{screen}"
        );
    }

    #[track_caller]
    pub fn misses(&mut self, words: &str) {
        let screen = self.screen();
        assert!(!self.reads().contains(words), "“{words}” is on\n{screen}");
    }
}
