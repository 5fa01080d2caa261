//! The inbox: what happened without whoever sits here, the newest first, and the way from there to the
//! visit it is about.

use super::repair::Repair;
use super::{Dialog, Fate};
use crate::app::action::Action;
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::appointment::SyncState;
use crate::domain::doctor::Doctor;
use crate::domain::id::NoticeNo;
use crate::domain::policy;
use crate::port::command::Command;
use crate::port::notices::{Notice, NoticeKind, ReadWhich};
use crate::port::query::{Answer, AppointmentCard, Query};
use crate::port::report::{Report, Topic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Notices asked for at once.
const MOST: usize = 200;

/// What can be wanted only in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// The selected notice has been read.
    Read,
    /// All that have come in so far have.
    ReadAll,
}

/// The inbox.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    /// The notices, the newest first.
    pub notices: Vec<Notice>,
    /// Whether they have been read from the mirror.
    pub loaded: bool,
    /// The selected one.
    pub at: usize,
    /// Whether the visit of the selected one is being asked for, to go there.
    going: bool,
    /// Notices that are being marked as read.
    tickets: BTreeSet<u64>,
}

impl Inbox {
    /// First questions, when it is opened.
    pub fn opened(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let query = Query::Notices {
            unread_only: false,
            limit: MOST,
        };
        out.push(state.ask(Topic::Inbox, query));
    }

    /// The selected notice.
    pub fn selected(&self) -> Option<&Notice> {
        self.notices.get(self.at)
    }

    /// How many of those listed are unread.
    pub fn unread(&self) -> usize {
        self.notices.iter().filter(|notice| !notice.read).count()
    }

    /// Whether it shows by itself how that act ends.
    pub fn owns(&self, ticket: u64) -> bool {
        self.tickets.contains(&ticket)
    }

    /// Somebody wants something.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::Open => return self.go(state, out),
            Action::GoBack => {
                state.questions.forget(Topic::Inbox);
                state.questions.forget(Topic::Noticed);
                return Fate::Close;
            }
            Action::MoveUp => self.select(self.at.saturating_sub(1)),
            Action::MoveDown => self.select(self.at + 1),
            Action::MoveFirst => self.select(0),
            Action::MoveLast => self.select(usize::MAX),
            Action::Inbox(Act::Read) => {
                self.read_selected(state, out);
                self.select(self.at + 1);
            }
            Action::Inbox(Act::ReadAll) => self.read_all(state, out),
            _ => {}
        }
        Fate::Stay
    }

    /// A lane tells something.
    pub fn hear(&mut self, state: &mut State, report: &Report, out: &mut Vec<Effect>) -> Fate {
        match report {
            Report::Answered {
                topic: Topic::Inbox,
                answer,
                ..
            } => {
                if let Ok(Answer::Notices(notices)) = answer.as_deref() {
                    self.take(notices.clone());
                }
            }
            Report::Answered {
                topic: Topic::Noticed,
                answer,
                ..
            } if std::mem::take(&mut self.going) => {
                if let Ok(Answer::Appointment(card)) = answer.as_deref() {
                    return arrive(state, card, out);
                }
            }
            Report::Done { ticket, result } if self.tickets.remove(ticket) => {
                if let Err(refusal) = result {
                    state.say(Tone::Bad, refusal.message.clone());
                }
                out.extend(state.questions.renew(Topic::Inbox));
            }
            Report::MirrorChanged => out.extend(state.questions.renew(Topic::Inbox)),
            _ => {}
        }
        Fate::Stay
    }

    /// Takes the list. The selection stays on what it was on, or else where it was.
    fn take(&mut self, notices: Vec<Notice>) {
        let selected = self.selected().map(|notice| notice.number);
        self.notices = notices;
        let still = |number: NoticeNo| self.notices.iter().position(|n| n.number == number);
        let at = selected.and_then(still);
        self.select(at.unwrap_or(self.at));
        self.loaded = true;
    }

    fn select(&mut self, at: usize) {
        let at = at.min(self.notices.len().saturating_sub(1));
        if at != self.at {
            // who goes on does not want to be taken to the one before
            self.going = false;
        }
        self.at = at;
    }

    fn read_selected(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        if let Some(notice) = self.notices.get_mut(self.at)
            && !notice.read
        {
            notice.read = true;
            let which = ReadWhich::These(vec![notice.number]);
            self.mark(state, which, out);
        }
    }

    /// All that have come in so far: what comes in meanwhile has not been seen.
    fn read_all(&mut self, state: &mut State, out: &mut Vec<Effect>) {
        let Some(last) = self.notices.iter().map(|notice| notice.number).max() else {
            return;
        };
        for notice in &mut self.notices {
            notice.read = true;
        }
        self.mark(state, ReadWhich::Until(last), out);
    }

    fn mark(&mut self, state: &mut State, which: ReadWhich, out: &mut Vec<Effect>) {
        let (ticket, effect) = state.perform(Command::ReadNotices(which));
        self.tickets.insert(ticket);
        out.push(effect);
    }

    /// Goes to what the selected notice is about; who goes there has read it.
    fn go(&mut self, state: &mut State, out: &mut Vec<Effect>) -> Fate {
        let Some(notice) = self.selected().cloned() else {
            return Fate::Stay;
        };
        self.read_selected(state, out);
        if let Some(visit) = notice.appointment {
            // where it stands by now is not known here
            self.going = true;
            out.push(state.ask(Topic::Noticed, Query::Appointment(visit)));
            return Fate::Stay;
        }
        let Some(doctor) = doctor_of(state, &notice).map(|doctor| doctor.doctor_id.clone()) else {
            state.say(
                Tone::Plain,
                "This notice is about no visit and no doctor: there is nowhere to go.",
            );
            return Fate::Stay;
        };
        desk::act(state, &Action::SelectDoctor(doctor), out);
        Fate::Close
    }
}

/// The doctor that a notice concerns, where they are at this desk.
pub fn doctor_of<'a>(state: &'a State, notice: &Notice) -> Option<&'a Doctor> {
    let doctors = state.doctors().iter().map(|line| &line.doctor);
    let concerned = |doctor: &&Doctor| match (&notice.doctor, &notice.calendar) {
        (Some(id), _) => doctor.doctor_id == *id,
        (None, Some(calendar)) => doctor.google_calendar_id == *calendar,
        (None, None) => false,
    };
    doctors.into_iter().find(concerned)
}

/// To the visit on the desk, or into the repair pane while a person must choose something about it.
fn arrive(state: &mut State, card: &AppointmentCard, out: &mut Vec<Effect>) -> Fate {
    let visit = &card.appointment;
    let broken = visit.sync_state == SyncState::NeedsRepair;
    if broken && state.may(policy::Act::Repair).is_ok() {
        let mut repair = Repair::about(state, visit.appointment_id.clone());
        repair.opened(state, out);
        state.open(Dialog::Repair(Box::new(repair)));
        return Fate::Close;
    }
    let place = wording::visit(state, visit);
    if state.doctor(&visit.doctor_id).is_none() {
        let text = format!(
            "{place}. {} is not at this desk any more.",
            visit.doctor_name
        );
        state.say(Tone::Plain, text);
        return Fate::Stay;
    }
    if !visit.takes_time() {
        state.say(Tone::Plain, format!("{place}. It does not stand any more."));
    }
    let there = Action::SelectSlot(visit.doctor_id.clone(), visit.visit.start());
    desk::act(state, &there, out);
    Fate::Close
}

/// What a notice is about, in words.
pub fn about(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::MovedInGoogle => "Moved in Google",
        NoticeKind::DeletedInGoogle => "Deleted in Google",
        NoticeKind::Conflict => "Two at the same time",
        NoticeKind::SyncDelayed => "A calendar is not up to date",
        NoticeKind::SyncBraked => "Too many changes at once",
        NoticeKind::SignInNeeded => "An account needs a sign-in",
        NoticeKind::QuotaNearlyUsed => "Google's quota is nearly used",
        NoticeKind::BookingEnded => "What had to wait has ended",
    }
}
