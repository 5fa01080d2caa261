//! What the desk does when somebody wants something.

use super::moving::{self, Way};
use super::{Jump, Mode, Pane, picked_up, why};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::grid::Standing;
use crate::app::screen::booking::Booking;
use crate::app::screen::command_line::CommandLine;
use crate::app::screen::copied::Copied;
use crate::app::screen::find::{self, Find};
use crate::app::screen::goto::GoTo;
use crate::app::screen::help::Help;
use crate::app::screen::inbox::Inbox;
use crate::app::screen::quitting::Quitting;
use crate::app::screen::repair::Repair;
use crate::app::screen::undo::Undo;
use crate::app::screen::unread::Unread;
use crate::app::screen::{Dialog, cancel, drafts};
use crate::app::state::{State, Tone};
use crate::app::wording;
use crate::domain::id::DoctorId;
use crate::domain::policy::Act;
use crate::domain::time::Moment;
use crate::port::command::Command;
use crate::port::query::Query;
use crate::port::report::Topic;
use crate::port::sync::SyncAct;

/// Carries out an act of the desk. Also what the command line ends in.
pub fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) {
    match action {
        Action::MoveUp => vertical(state, Way::Back),
        Action::MoveDown => vertical(state, Way::On),
        Action::MoveLeft => sideways(state, Way::Back),
        Action::MoveRight => sideways(state, Way::On),
        Action::MoveFirst => moving::edge(state, Way::Back),
        Action::MoveLast => moving::edge(state, Way::On),
        Action::ShowPreviousDay => moving::day(state, Way::Back, 1),
        Action::ShowNextDay => moving::day(state, Way::On, 1),
        Action::ShowPreviousWeek => moving::day(state, Way::Back, 7),
        Action::ShowNextWeek => moving::day(state, Way::On, 7),
        Action::ShowToday => moving::to_day(state, state.today()),
        Action::ShowDay(date) => moving::to_day(state, *date),
        Action::ShowFinerRows => moving::rows(state, Way::Back),
        Action::ShowCoarserRows => moving::rows(state, Way::On),
        Action::ToggleWeek => {
            state.desk.mode = match state.desk.mode {
                Mode::Day => Mode::Week,
                Mode::Week => Mode::Day,
            };
            state.desk.pane = Pane::Grid;
        }
        Action::FocusNext => moving::pane(state, Way::On),
        Action::FocusPrevious => moving::pane(state, Way::Back),
        Action::GoBack if state.desk.pane == Pane::Grid => picked_up::leave(state),
        Action::GoBack => state.desk.pane = Pane::Grid,
        Action::SelectDoctor(doctor) => select(state, doctor, None),
        Action::SelectSlot(doctor, moment) => select(state, doctor, Some(*moment)),
        Action::UsePalette(palette) => state.palette = *palette,
        Action::FindNextFree => search(state, false, out),
        Action::FindNextFreeOfAll => search(state, true, out),
        Action::Open => open(state, out),
        Action::RefreshCalendars => refresh(state, out),
        Action::SyncNow => {
            let (_, effect) = state.perform(Command::Sync(SyncAct::Pass));
            out.push(effect);
        }
        Action::MoveVisit => picked_up::begin(state),
        Action::MoveVisitTo(moment) => picked_up::go_to(state, *moment),
        // one thing at a time: what is under the selection may be another visit than the one in hand
        Action::CancelVisit | Action::UndoLast | Action::ResumeDraft
            if state.picked_up.is_some() =>
        {
            picked_up::remind(state);
        }
        Action::CancelVisit => match state.selected_visit().cloned() {
            Some(visit) => cancel::begin(state, &visit),
            None => state.say(
                Tone::Plain,
                "Select a visit first: d calls the selected one off.",
            ),
        },
        Action::CopyConfirmation => copy(state, out),
        Action::UndoLast => undo(state),
        Action::AskForDate => state.open(Dialog::GoTo(GoTo::default())),
        Action::OpenCommandLine => state.open(Dialog::CommandLine(CommandLine::default())),
        Action::ShowHelp => state.open(Dialog::Help(Help::new(state.context()))),
        Action::OpenRepair => {
            let mut repair = Repair::new(state);
            repair.opened(state, out);
            state.open(Dialog::Repair(Box::new(repair)));
        }
        Action::OpenInbox => {
            let mut inbox = Inbox::default();
            inbox.opened(state, out);
            state.open(Dialog::Inbox(Box::new(inbox)));
        }
        Action::OpenFind => {
            let mut find = Find::new(state);
            find.opened(state, out);
            state.open(Dialog::Find(Box::new(find)));
        }
        Action::ResumeDraft => drafts::resume(state, out),
        Action::Quit => match Quitting::begin(state) {
            Some(quitting) => state.open(Dialog::Quitting(quitting)),
            None => out.push(Effect::Quit),
        },
        Action::Find(act) => find::step(state, *act, out),
        // meant for dialogs only
        Action::ToggleMark
        | Action::TakeAlternative(_)
        | Action::BookUnread
        | Action::Booking(_)
        | Action::Inbox(_)
        | Action::Repair(_) => {}
    }
}

fn vertical(state: &mut State, way: Way) {
    match state.desk.pane {
        Pane::Grid => moving::row(state, way),
        Pane::Doctors => moving::doctor(state, way),
        Pane::Month => moving::day(state, way, 7),
        Pane::Detail => moving::detail(state, way, 1),
    }
}

fn sideways(state: &mut State, way: Way) {
    match state.desk.pane {
        Pane::Grid => moving::column(state, way),
        Pane::Month => moving::day(state, way, 1),
        Pane::Doctors | Pane::Detail => {}
    }
}

/// Selects a doctor, and where it is given a moment of theirs.
fn select(state: &mut State, doctor: &DoctorId, moment: Option<Moment>) {
    state.desk.doctor = Some(doctor.clone());
    state.desk.pane = Pane::Grid;
    if let Some(moment) = moment {
        let zone = state.clinic.zone;
        state.desk.select_moment(zone, moment);
    }
}

fn search(state: &mut State, all: bool, out: &mut Vec<Effect>) {
    if state.picked_up.is_some() {
        // it keeps its doctor, whoever's slots are asked for
        return picked_up::search(state, out);
    }
    let Some(doctor) = state.desk.doctor.clone() else {
        return;
    };
    let from = moving::search_from(state);
    let here = state.selected_moment();
    let place = state
        .doctors()
        .iter()
        .position(|line| line.doctor.doctor_id == doctor);
    // With all doctors, one at the same time but further down the list is the next one. A moment that
    // has gone by is before everything.
    let (from, after, limit) = if all && here >= state.now {
        (here, (here, place), 2 * state.doctors().len() + 1)
    } else {
        (from, (from - chrono::Duration::seconds(1), place), 1)
    };
    state.desk.jump = Some(Jump {
        doctor: (!all).then(|| doctor.clone()),
        after,
        fitting: None,
    });
    state.desk.pane = Pane::Grid;
    let date = from.with_timezone(&state.clinic.zone).date_naive();
    let doctors = if all { Vec::new() } else { vec![doctor] };
    let query = Query::Slots {
        doctors,
        from,
        date,
        days: 60,
        length: None,
        limit,
    };
    out.push(state.ask(Topic::Slots, query));
}

/// Books, opens, or says why not.
fn open(state: &mut State, out: &mut Vec<Effect>) {
    match state.desk.pane {
        Pane::Doctors | Pane::Month | Pane::Detail => {
            state.desk.pane = Pane::Grid;
            return;
        }
        Pane::Grid => {}
    }
    if state.picked_up.is_some() {
        return picked_up::put_down(state);
    }
    let Some(doctor) = state.selected_doctor().cloned() else {
        return;
    };
    let start = state.selected_moment();
    match state.standing() {
        Standing::Visit(_) => state.desk.pane = Pane::Detail,
        Standing::Free(free) | Standing::Short(free) => {
            if let Err(denied) = state.may(Act::Book) {
                state.say(Tone::Bad, format!("Nothing was booked: {denied}."));
                return;
            }
            let mut booking = Booking::new(state, doctor, start, Some(free.end()));
            booking.opened(state, out);
            state.open(Dialog::Booking(Box::new(booking)));
        }
        Standing::Unknown => {
            let why = why(state);
            state.open(Dialog::Unread(Unread::new(doctor, start, why)));
        }
        Standing::Loading
        | Standing::Past
        | Standing::Outside
        | Standing::Taken(_)
        | Standing::Buffer(_) => {
            let text = why(state);
            state.say(Tone::Plain, text);
        }
    }
}

fn refresh(state: &mut State, out: &mut Vec<Effect>) {
    if state.tickets.is_refreshing() {
        return;
    }
    let (_, effect) = state.perform(Command::Refresh(Vec::new()));
    out.push(effect);
}

fn copy(state: &mut State, out: &mut Vec<Effect>) {
    let Some(visit) = state.selected_visit() else {
        state.say(
            Tone::Plain,
            "Select a visit first: c copies the text that confirms it.",
        );
        return;
    };
    let text = wording::confirmation(state, visit);
    out.push(Effect::Copy(text.clone()));
    state.open(Dialog::Copied(Copied { text }));
}

fn undo(state: &mut State) {
    if let Err(denied) = state.may(Act::Cancel) {
        state.say(Tone::Bad, format!("Nothing was undone: {denied}."));
        return;
    }
    let undoable = state.overview.as_ref().and_then(|o| o.undoable.clone());
    match undoable {
        Some((audit, what)) => state.open(Dialog::Undo(Undo { audit, what })),
        None => state.say(
            Tone::Plain,
            "There is nothing to undo. An act can be undone for ten minutes.",
        ),
    }
}
