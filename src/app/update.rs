//! The one way a state changes.

use super::action::Action;
use super::desk;
use super::effect::Effect;
use super::msg::{Edit, Msg};
use super::screen::{self, Context, Dialog, Told};
use super::state::{State, Tone};
use super::tickets::Ticket;
use super::wording;
use crate::domain::skew::Skew;
use crate::domain::time::Moment;
use crate::port::command::{Outcome, Refusal};
use crate::port::query::Answer;
use crate::port::report::{Report, Topic};

/// The first effects: what has to be known to show anything.
pub fn start(state: &mut State) -> Vec<Effect> {
    let mut out = Vec::new();
    desk::first_questions(state, &mut out);
    out
}

/// Takes one message in.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut out = Vec::new();
    match msg {
        Msg::Action(action) => act(state, &action, &mut out),
        Msg::Edit(edit) => edited(state, &edit, &mut out),
        Msg::Paste(text) => edited(state, &Edit::Paste(text), &mut out),
        Msg::Report(report) => hear(state, &report, &mut out),
        Msg::Tick(now) => tick(state, now, &mut out),
        Msg::Resize { width, height } => {
            // also at the size it had: on the way there and back the terminal may have lost cells
            state.dirty = true;
            state.size = (width, height);
        }
        Msg::Click { column, row } => {
            state.dirty = true;
            state.notices.clear();
            if state.dialogs.is_empty() {
                desk::click(state, column, row);
            }
        }
    }
    desk::settle(state, &mut out);
    out
}

fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) {
    state.dirty = true;
    state.notices.clear();
    match state.dialogs.len().checked_sub(1) {
        Some(_) if *action == Action::ShowHelp && state.context() != Context::Help => {
            let help = screen::help::Help::new(state.context());
            state.open(Dialog::Help(help));
        }
        Some(top) => screen::tell(state, top, Told::Action(action), out),
        None => desk::act(state, action, out),
    }
}

fn edited(state: &mut State, edit: &Edit, out: &mut Vec<Effect>) {
    let Some(top) = state.dialogs.len().checked_sub(1) else {
        return;
    };
    state.dirty = true;
    state.notices.clear();
    screen::tell(state, top, Told::Edit(edit), out);
}

fn tick(state: &mut State, now: Moment, out: &mut Vec<Effect>) {
    let minute = |moment: Moment| moment.timestamp().div_euclid(60);
    if minute(now) == minute(state.now) {
        state.now = state.now.max(now);
        return;
    }
    let yesterday = state.today();
    state.now = now;
    state.dirty = true;
    let passed = state
        .doctors()
        .iter()
        .filter_map(|line| line.next_free)
        .any(|slot| slot.start() < now);
    if passed || state.today() != yesterday {
        out.extend(state.questions.renew(Topic::Overview));
    }
}

fn hear(state: &mut State, report: &Report, out: &mut Vec<Effect>) {
    match report {
        Report::Answered {
            topic,
            question,
            answer,
        } => {
            let Some((query, again)) = state.questions.close(*topic, *question) else {
                return;
            };
            out.extend(again);
            match answer {
                // what repair pane and inbox ask about is another visit than the desk's
                Ok(_) if matches!(topic, Topic::History | Topic::Noticed) => state.dirty = true,
                Ok(answer) => {
                    state.dirty |= desk::answered(state, &query, answer);
                    state.dirty |= !of_the_desk(answer);
                }
                Err(refusal) => refused(state, refusal),
            }
            screen::tell_all(state, report, out);
        }
        Report::Progressed { ticket, step } => {
            state.tickets.progress(*ticket, *step);
            state.dirty = true;
            screen::tell_all(state, report, out);
        }
        Report::Done { ticket, result } => {
            let closed = state.tickets.close(*ticket);
            let looked = closed.as_ref().is_some_and(Ticket::looks);
            let known = closed.is_some() && !looked;
            let owned = state.dialogs.iter().any(|dialog| dialog.owns(*ticket))
                || state.parked.iter().any(|b| b.ticket() == Some(*ticket));
            if known && !owned {
                match result.as_deref() {
                    // is seen in the count at the top
                    Ok(Outcome::NoticesRead(_)) => {}
                    Ok(outcome) => {
                        let (tone, text) = wording::outcome(state, outcome);
                        state.say(tone, text);
                    }
                    Err(refusal) => refused(state, refusal),
                }
            }
            state.dirty = true;
            screen::tell_all(state, report, out);
            if !looked {
                desk::mirror_changed(state, out);
            }
        }
        Report::MirrorChanged => {
            desk::mirror_changed(state, out);
            screen::tell_all(state, report, out);
        }
        Report::Clock { off } => clock(state, *off),
        Report::Link { at, error } => link(state, *at, error.as_ref()),
    }
}

fn refused(state: &mut State, refusal: &Refusal) {
    let said = state.notices.iter().any(|n| n.text == refusal.message);
    if !said {
        state.say(Tone::Bad, refusal.message.clone());
    }
}

/// Answers that only the desk shows; it knows whether they changed anything.
fn of_the_desk(answer: &Answer) -> bool {
    matches!(
        answer,
        Answer::Overview(_)
            | Answer::Sheets(_)
            | Answer::Month(_)
            | Answer::Appointment(_)
            | Answer::Slots(_)
    )
}

/// A wrong clock is told once in full; after that it stands in the line at the top.
fn clock(state: &mut State, off: Option<Skew>) {
    if let (None, Some(skew)) = (state.clock_off, off) {
        state.say(Tone::Bad, skew.sentence());
    }
    state.dirty |= state.clock_off != off;
    state.clock_off = off;
}

fn link(state: &mut State, at: Moment, error: Option<&String>) {
    let before = state.liveness();
    match error {
        None => {
            state.link.live_at = Some(at);
            state.link.broken = None;
        }
        Some(why) => {
            let since = state.link.broken.take().map_or(at, |(since, _)| since);
            state.link.broken = Some((since, why.clone()));
        }
    }
    state.dirty |= before != state.liveness();
}
