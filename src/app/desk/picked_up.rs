//! A visit in hand: it has been picked up with `m`, and until it is put down somewhere the keys of the
//! desk choose its new time. Nothing is sent from here; the question that follows does that.

use super::{Fitting, Jump, Pane, moving};
use crate::app::effect::Effect;
use crate::app::grid::{Fit, first_fitting, fit, stretch_at};
use crate::app::layout::Shape;
use crate::app::screen::Dialog;
use crate::app::screen::reschedule::Reschedule;
use crate::app::screen::unread::Unread;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::policy::Act;
use crate::domain::time::Moment;
use crate::port::command::Length;
use crate::port::query::{AppointmentCard, Query, Sheet};
use crate::port::report::Topic;
use chrono::{Duration, NaiveDate};

/// The visit in hand.
#[derive(Clone, Debug)]
pub struct PickedUp {
    /// As it stands, at its old time.
    pub visit: Appointment,
    /// In full, once that has been read: who it is, so that the right person is moved.
    pub card: Option<AppointmentCard>,
}

impl PickedUp {
    /// Takes the visit in full, if it is this one.
    pub(super) fn hear(&mut self, card: &AppointmentCard) {
        if card.appointment.appointment_id == self.visit.appointment_id {
            self.card = Some(card.clone());
        }
    }
}

impl State {
    /// Whether that visit is the one in hand.
    pub fn is_picked_up(&self, visit: &Appointment) -> bool {
        self.picked_up
            .as_ref()
            .is_some_and(|moved| moved.visit.appointment_id == visit.appointment_id)
    }

    /// How the selected place suits the visit in hand; none when there is none.
    pub fn fit(&self) -> Option<Fit<'_>> {
        let moved = &self.picked_up.as_ref()?.visit;
        if self.desk.doctor.as_ref() != Some(&moved.doctor_id) {
            return Some(Fit::OtherDoctor);
        }
        let date = self.desk.date;
        let sheets = super::why::sheets_around(self, &moved.doctor_id, date);
        let day = self.sheet_of(moved, date);
        Some(fit(&sheets, day, moved, self.selected_moment(), self.now))
    }

    fn sheet_of(&self, visit: &Appointment, date: NaiveDate) -> Option<&Sheet> {
        let key = (date, visit.doctor_id.clone());
        self.desk.sheets.get(&key).map(AsRef::as_ref)
    }
}

/// `m` on the desk.
pub(super) fn begin(state: &mut State) {
    if state.picked_up.is_some() {
        return remind(state);
    }
    match state.selected_visit().cloned() {
        Some(visit) => {
            pick_up(state, &visit);
        }
        None => state.say(
            Tone::Plain,
            "Select a visit first: m moves the selected one to another time.",
        ),
    }
}

/// Picks a visit up, or says why it stays; tells whether it is in hand now.
pub fn pick_up(state: &mut State, visit: &Appointment) -> bool {
    if let Err(denied) = state.may(Act::Move) {
        state.say(
            Tone::Bad,
            format!("This visit stays where it is: {denied}."),
        );
        return false;
    }
    if let Some(why) = stays(state, visit) {
        state.say(Tone::Plain, why);
        return false;
    }
    if state.layout().shape == Shape::Tiny {
        let words = "Too small to choose a new time in: make the window 40 by 12 or larger. Nothing was moved.";
        state.say(Tone::Plain, words);
        return false;
    }
    let known = state.detail.clone();
    let same = |card: &AppointmentCard| card.appointment.appointment_id == visit.appointment_id;
    state.picked_up = Some(PickedUp {
        visit: visit.clone(),
        card: known.filter(same),
    });
    state.desk.pane = Pane::Grid;
    true
}

/// Why a visit cannot be moved now, if it cannot.
fn stays(state: &State, visit: &Appointment) -> Option<&'static str> {
    match (visit.status, visit.sync_state) {
        (Status::Cancelled, _) => Some("This visit has been called off: there is nothing to move."),
        (Status::Refused, _) => {
            Some("This visit lost its slot and was never booked: there is nothing to move.")
        }
        _ if visit.cancellation_reason.is_some() => {
            Some("This visit is being called off: there is nothing to move.")
        }
        // nothing of it was sent: the last state is what will be
        (_, SyncState::SyncPending)
            if is_unsent(state, visit) && !state.tickets.concern(&visit.appointment_id) =>
        {
            None
        }
        (Status::Pending, _) => Some(
            "Google has not confirmed this visit yet: it can be moved once it stands. ! shows what is \
             pending.",
        ),
        (Status::Confirmed, SyncState::SyncPending) => Some(
            "A change of this visit is on its way to Google: it can be moved once that is through. \
             ! shows what is pending.",
        ),
        _ if state.tickets.concern(&visit.appointment_id) => {
            Some("This visit is being changed just now: it can be moved once that is through.")
        }
        (Status::Confirmed, SyncState::Synced | SyncState::NeedsRepair) => None,
    }
}

/// Whether Google has heard nothing of what is pending about the visit, as far as the desk knows.
fn is_unsent(state: &State, visit: &Appointment) -> bool {
    let in_hand = state
        .picked_up
        .as_ref()
        .and_then(|moved| moved.card.as_ref());
    let mut cards = [state.detail.as_ref(), in_hand].into_iter().flatten();
    cards.any(|card| card.unsent && card.appointment.appointment_id == visit.appointment_id)
}

/// Picks the selected visit up, unless one is in hand already, and goes to that moment with it.
pub(super) fn go_to(state: &mut State, moment: Moment) {
    if state.picked_up.is_none() {
        begin(state);
    }
    let Some(moved) = &state.picked_up else {
        return;
    };
    state.desk.doctor = Some(moved.visit.doctor_id.clone());
    state.desk.pane = Pane::Grid;
    let zone = state.clinic.zone;
    state.desk.select_moment(zone, moment);
}

/// Esc: it stays where it stands.
pub(super) fn leave(state: &mut State) {
    if let Some(moved) = state.picked_up.take() {
        let text = format!(
            "Nothing was moved. The visit stays: {}.",
            wording::visit(state, &moved.visit)
        );
        state.say(Tone::Plain, text);
    }
}

/// Something else was wanted meanwhile.
pub(super) fn remind(state: &mut State) {
    if let Some(moved) = &state.picked_up {
        let text = format!(
            "First the visit of {} that is being moved: Enter at its new time, or Esc to leave it.",
            moved.visit.customer_name
        );
        state.say(Tone::Plain, text);
    }
}

/// Enter: asks whether to move it here, or says why it cannot be.
pub(super) fn put_down(state: &mut State) {
    let start = state.selected_moment();
    if state.layout().shape == Shape::Tiny {
        let words = "Too small to choose a new time in: make the window 40 by 12 or larger.";
        return state.say(Tone::Plain, words);
    }
    match state.fit() {
        None => {}
        Some(Fit::Fits) => state.open(Dialog::Reschedule(Box::new(Reschedule::new(start)))),
        Some(Fit::Unknown) => {
            let why = why_not(state);
            if let Some(doctor) = state.selected_doctor().cloned() {
                state.open(Dialog::Unread(Unread::moving(doctor, start, why)));
            }
        }
        Some(_) => {
            let why = why_not(state);
            state.say(Tone::Plain, why);
        }
    }
}

/// How the selected place suits the visit in hand, in words. Without times of its own while it fits: a
/// text that changes with every key costs bytes.
pub fn why_not(state: &State) -> String {
    let (Some(fit), Some(moved)) = (state.fit(), &state.picked_up) else {
        return String::new();
    };
    let visit = &moved.visit;
    let minutes = wording::length(visit.visit.minutes());
    match fit {
        Fit::Fits => "It fits here: Enter moves it.".to_owned(),
        Fit::Same => "This is where the visit stands now: choose another time.".to_owned(),
        Fit::Past => "This time has gone by. f finds the next time that fits.".to_owned(),
        Fit::Outside | Fit::Taken(_) | Fit::Visit(_) | Fit::Near(_) => {
            let to = stretch_at(visit, state.selected_moment());
            let why = to.map(|to| {
                let besides = Some(&visit.appointment_id);
                super::why::first_in_words(state, (to, visit.buffers), besides)
            });
            format!(
                "The visit takes {minutes}. {} f finds the next time that fits.",
                why.unwrap_or_default()
            )
        }
        Fit::OtherDoctor => format!(
            "A visit keeps its doctor: {} is with {}. To change the doctor, call the visit off and book it \
             anew there.",
            visit.customer_name, visit.doctor_name
        ),
        Fit::Loading | Fit::Unknown => super::why(state),
    }
}

/// Asks for the next time that the visit in hand fits into.
pub(super) fn search(state: &mut State, out: &mut Vec<Effect>) {
    let Some(moved) = &state.picked_up else {
        return;
    };
    let visit = &moved.visit;
    let doctor = visit.doctor_id.clone();
    let from = moving::search_from(state);
    let own = own_time(state, visit, from);
    let (length, lead) = slot_of(state, visit);
    let place = state
        .doctors()
        .iter()
        .position(|line| line.doctor.doctor_id == doctor);
    state.desk.jump = Some(Jump {
        doctor: Some(doctor.clone()),
        after: (from - Duration::seconds(1), place),
        fitting: Some(Fitting { lead, own }),
    });
    state.desk.pane = Pane::Grid;
    let query = Query::Slots {
        doctors: vec![doctor],
        from: from - lead,
        date: from.with_timezone(&state.clinic.zone).date_naive(),
        days: 60,
        length: Some(length),
        limit: 1,
    };
    out.push(state.ask(Topic::Slots, query));
}

/// What to search for so that the visit fits with its buffers: its service where that is still as it
/// was; otherwise so many minutes that the buffers lie in them, the visit beginning that much later.
fn slot_of(state: &State, visit: &Appointment) -> (Length, Duration) {
    let minutes = u32::try_from(visit.visit.minutes()).unwrap_or(1);
    let service = state.services().iter().find(|service| {
        visit.service_id.as_ref() == Some(&service.service_id)
            && service.minutes == minutes
            && service.buffers == visit.buffers
    });
    if let Some(service) = service {
        return (
            Length::Service(service.service_id.clone()),
            Duration::zero(),
        );
    }
    let (before, after) = (visit.buffers.before(), visit.buffers.after());
    let whole = minutes + u32::from(before) + u32::from(after);
    (Length::Minutes(whole), Duration::minutes(i64::from(before)))
}

/// The first time that the sheets at hand offer, the visit's own time being free for it.
fn own_time(state: &State, visit: &Appointment, from: Moment) -> Option<Moment> {
    let slot_minutes = state.doctor(&visit.doctor_id)?.slot_minutes;
    let sheets: Vec<&Sheet> = state
        .desk
        .sheets
        .values()
        .map(AsRef::as_ref)
        .filter(|sheet: &&Sheet| sheet.doctor_id == visit.doctor_id)
        .collect();
    first_fitting(&sheets, visit, slot_minutes, from)
}

/// After the days were read anew: the visit in hand may stand elsewhere by now, or be gone. Tells whether
/// anything has changed.
pub(super) fn follow(state: &mut State) -> bool {
    let Some(moved) = &state.picked_up else {
        return false;
    };
    let busy =
        |dialog: &Dialog| matches!(dialog, Dialog::Reschedule(asked) if asked.ticket().is_some());
    if state.dialogs.iter().any(busy) {
        // it is our own move that shows
        return false;
    }
    let before = moved.visit.clone();
    let date = before
        .visit
        .start()
        .with_timezone(&state.clinic.zone)
        .date_naive();
    let mut visits = state.desk.sheets.values().flat_map(|sheet| &sheet.visits);
    let found = visits
        .find(|visit| visit.appointment_id == before.appointment_id)
        .cloned();
    match found {
        Some(now) if now == before => false,
        Some(now) => {
            if let Some(why) = stays(state, &now) {
                drop_it(state, why);
                return true;
            }
            if now.visit != before.visit {
                let text = format!(
                    "This visit was moved elsewhere meanwhile. It stands now: {}.",
                    wording::visit(state, &now)
                );
                state.say(Tone::Bad, text);
            }
            if let Some(moved) = &mut state.picked_up {
                moved.visit = now;
            }
            true
        }
        None if state.sheet_of(&before, date).is_some() => {
            let text = format!(
                "The visit of {} is not there any more: it was called off or moved elsewhere meanwhile. \
                 Nothing was moved here.",
                before.customer_name
            );
            drop_it(state, &text);
            true
        }
        None => false,
    }
}

fn drop_it(state: &mut State, why: &str) {
    state.picked_up = None;
    state
        .dialogs
        .retain(|dialog| !matches!(dialog, Dialog::Reschedule(_)));
    state.say(Tone::Bad, why);
}
