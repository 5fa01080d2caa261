//! What is selected, in full: a panel at the right, or a strip under the grid.

use super::pen::{Pen, below};
use super::picked_up;
use super::text::wrap;
use crate::app::desk::{Pane, why};
use crate::app::grid::Standing;
use crate::app::layout::Area;
use crate::app::state::State;
use crate::app::wording;
use crate::domain::appointment::{Appointment, Status, SyncState};
use crate::domain::dates::say_day;
use crate::domain::policy::Act;
use crate::domain::why::{CalendarEntry, Words};
use crate::port::query::{AppointmentCard, Reading};
use ratatui::style::Style;

/// A line with its style.
pub(super) type Said = (String, Style);

/// Draws it as a panel that can be scrolled.
pub fn panel(pen: &mut Pen, area: Area, state: &State) {
    let focused = state.desk.pane == Pane::Detail;
    let lines = if focused {
        pen.theme.focus
    } else {
        pen.theme.frame
    };
    let inner = pen.frame(area, &title(state), lines);
    let inner = if inner.width > 10 {
        Area::new(inner.x + 1, inner.y, inner.width - 2, inner.height)
    } else {
        inner
    };
    let mut said = match (&state.picked_up, state.standing()) {
        (Some(moved), _) => picked_up::in_full(pen, state, moved),
        (None, Standing::Visit(visit)) => visit_in_full(pen, state, visit),
        (None, _) => place(pen, state),
    };
    if let Some(keys) = keys(state) {
        said.push((String::new(), pen.theme.base));
        said.push((keys, pen.theme.dim));
    }
    let rows: Vec<Said> = said
        .into_iter()
        .flat_map(|(text, style)| {
            let lines = wrap(&text, usize::from(inner.width));
            lines.into_iter().map(move |line| (line, style))
        })
        .collect();
    let inner = day(pen, inner, state, rows.len());
    let height = usize::from(inner.height);
    let top = usize::from(if focused { state.desk.detail_top } else { 0 });
    let top = top.min(rows.len().saturating_sub(height));
    for (y, (line, style)) in (inner.y..inner.bottom()).zip(rows.iter().skip(top)) {
        pen.put(inner.x, y, inner.width, line, *style);
    }
    let corner = area.right().saturating_sub(3);
    if top > 0 {
        pen.put(corner, area.y, 1, pen.marks.above, lines);
    }
    if top + height < rows.len() && area.height > 0 {
        pen.put(corner, area.bottom() - 1, 1, pen.marks.below, lines);
    }
}

/// The keys of the selected visit: what the person at the desk may do with it.
fn keys(state: &State) -> Option<String> {
    state
        .selected_visit()
        .filter(|_| state.picked_up.is_none())?;
    let keys: Vec<&str> = [
        (Act::Move, "m move"),
        (Act::Cancel, "d cancel"),
        (Act::Read, "c copy"),
        (Act::Cancel, "u undo"),
    ]
    .into_iter()
    .filter(|(act, _)| state.may(*act).is_ok())
    .map(|(_, key)| key)
    .collect();
    // with wider marks between them they would not stand in one line of the panel
    Some(keys.join(", "))
}

/// The selected doctor's day in figures, always on the last lines of the panel: nothing of it moves
/// while the selection goes up and down the day. Left out where it would take the room of what is
/// selected; gives what is left above it.
fn day(pen: &mut Pen, area: Area, state: &State, used: usize) -> Area {
    let Some(sheet) = state.desk.column().and_then(|c| c.sheet.as_deref()) else {
        return area;
    };
    let zone = state.clinic.zone;
    let visits: Vec<_> = sheet.visits.iter().filter(|v| v.takes_time()).collect();
    let minutes: i64 = visits.iter().map(|visit| visit.visit.minutes()).sum();
    let visits = match visits.len() {
        0 => "no visits".to_owned(),
        1 => format!("1 visit, {}", wording::length(minutes)),
        many => format!("{many} visits, {}", wording::length(minutes)),
    };
    let hours: Vec<String> = sheet
        .open
        .iter()
        .map(|open| wording::span(zone, open))
        .collect();
    let hours = if hours.is_empty() {
        "no hours".to_owned()
    } else {
        hours.join(", ")
    };
    let free = state
        .doctors()
        .iter()
        .find(|line| line.doctor.doctor_id == sheet.doctor_id)
        .and_then(|line| line.next_free)
        .map_or_else(
            || "no free slot is known".to_owned(),
            |slot| format!("next free: {}", wording::when(state, slot.start())),
        );
    let date = say_day(sheet.date, state.today());
    let lines = [
        (date, pen.theme.frame),
        (hours, pen.theme.dim),
        (visits, pen.theme.dim),
        (free, pen.theme.base),
    ];
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    if usize::from(area.height) < used + usize::from(rows) + 1 {
        return area;
    }
    let above = Area {
        height: area.height - rows,
        ..area
    };
    let rule = Area::new(area.x, above.bottom(), area.width, 1);
    pen.fill(rule, pen.marks.frame.horizontal, pen.theme.frame);
    for (y, (text, style)) in (above.bottom()..).zip(lines) {
        let text = if y == above.bottom() {
            format!("{text} ")
        } else {
            text
        };
        pen.put(area.x, y, area.width, &text, style);
    }
    above
}

/// Draws it as a strip: a line with its title, and what fits into three.
pub fn strip(pen: &mut Pen, area: Area, state: &State) {
    if area.height == 0 {
        return;
    }
    let rule = Area { height: 1, ..area };
    pen.fill(rule, pen.marks.frame.horizontal, pen.theme.frame);
    let heading = format!(" {} ", title(state));
    let room = area.width.saturating_sub(2);
    pen.put(area.x + 1, area.y, room, &heading, pen.theme.strong);
    let mut rest = below(area, 1);
    rest.x += 1;
    rest.width = rest.width.saturating_sub(2);
    let visit = match (&state.picked_up, state.standing()) {
        (None, Standing::Visit(visit)) => Some(visit),
        _ => None,
    };
    let Some(visit) = visit else {
        let said = match &state.picked_up {
            Some(moved) => picked_up::in_short(pen, state, moved),
            None => place(pen, state),
        };
        for (text, style) in said.iter().filter(|(text, _)| !text.is_empty()) {
            rest = pen.wrapped(rest, text, *style);
        }
        return;
    };
    let dot = format!(" {} ", pen.marks.dot);
    let said = visit_in_full(pen, state, visit);
    // who; what for and how it stands; then whatever else there is
    let texts: Vec<&Said> = said.iter().filter(|(text, _)| !text.is_empty()).collect();
    for lines in [texts.get(..2), texts.get(2..4), texts.get(4..)] {
        let lines = lines.unwrap_or_default();
        let joined: Vec<&str> = lines.iter().map(|(text, _)| text.as_str()).collect();
        let style = lines.first().map_or(pen.theme.base, |(_, style)| *style);
        if !joined.is_empty() {
            pen.line(rest, &joined.join(&dot), style);
            rest = below(rest, 1);
        }
    }
}

fn title(state: &State) -> String {
    let doctor = state
        .selected_doctor()
        .map_or("", |d| d.doctor_name.as_str());
    match state.selected_visit().filter(|_| state.picked_up.is_none()) {
        Some(visit) => {
            let span = wording::span(state.clinic.zone, &visit.visit);
            format!("{span} {doctor}")
        }
        // the selected cell itself says the time: a title that changes with every key costs bytes
        None => doctor.to_owned(),
    }
}

/// A place without a visit: whether it is free, and if not why not.
fn place(pen: &Pen, state: &State) -> Vec<Said> {
    let theme = pen.theme;
    let style = match state.standing() {
        Standing::Free(_) => theme.strong,
        Standing::Unknown => theme.unknown,
        _ => theme.base,
    };
    let mut said = vec![(why(state), style)];
    let reading = state
        .desk
        .column()
        .and_then(|c| c.sheet.as_deref())
        .map(|s| &s.reading);
    // pointed out wherever one stands in the column: its owner may be away all the same
    for entry in marked_free(state) {
        said.push((Words::marked_free(entry), theme.pending));
    }
    if let Some(Reading::Stale { at, error }) = reading {
        let at = wording::since(state, *at);
        let because = match error {
            Some(error) => format!(" since: {error}"),
            None => String::new(),
        };
        said.push((String::new(), theme.base));
        said.push((
            format!("As of {at}; the calendar has not been read{because}."),
            theme.pending,
        ));
    }
    said
}

/// Entries of whole days on the selected day that are marked free.
fn marked_free(state: &State) -> impl Iterator<Item = &CalendarEntry> {
    let sheet = state.desk.column().and_then(|c| c.sheet.as_deref());
    let events = sheet.map_or(&[][..], |sheet| &sheet.events);
    events
        .iter()
        .filter(|entry| entry.all_day && entry.reason.is_none())
}

/// A visit, the most important first: who, what for, how it stands, then the rest.
fn visit_in_full(pen: &Pen, state: &State, visit: &Appointment) -> Vec<Said> {
    let theme = pen.theme;
    let card = state
        .detail
        .as_ref()
        .filter(|card| card.appointment.appointment_id == visit.appointment_id);
    let mut said = vec![(visit.customer_name.clone(), theme.strong)];
    said.push((person(pen, card), theme.base));
    let minutes = wording::length(visit.visit.minutes());
    let what = if visit.service_name.is_empty() {
        minutes
    } else {
        format!("{}, {minutes}", visit.service_name)
    };
    said.push((what, theme.base));
    said.push(standing(pen, visit));
    if let Some(repair) = card.and_then(|card| card.repair.as_ref()) {
        // what the program will do by itself is no alarm
        let style = match repair.cause {
            Some(_) => theme.repair,
            None => theme.pending,
        };
        said.push((repair.sentence.clone(), style));
        let since = wording::since(state, repair.since);
        said.push((
            format!("Since {since}. ! opens the repair pane."),
            theme.dim,
        ));
    }
    if !visit.reason.is_empty() {
        said.push((format!("Reason: {}", visit.reason), theme.base));
    }
    if let Some(why) = &visit.cancellation_reason {
        said.push((format!("Called off: {why}"), theme.base));
    }
    said.push((String::new(), theme.base));
    let timeline = card.map_or(&[][..], |card| &card.timeline);
    for entry in timeline {
        let when = wording::since(state, entry.at);
        said.push((
            format!("{when} {} ({})", entry.what, entry.actor),
            theme.dim,
        ));
    }
    if timeline.is_empty() {
        let when = wording::since(state, visit.created_at);
        said.push((format!("{when} recorded ({})", visit.created_by), theme.dim));
    }
    said
}

/// Phone and birth date: what tells two people of one name apart.
pub(super) fn person(pen: &Pen, card: Option<&AppointmentCard>) -> String {
    let Some(customer) = card.and_then(|card| card.customer.as_ref()) else {
        return pen.marks.none.to_owned();
    };
    let born = customer
        .born
        .map(|born| format!("born {}", born.format("%Y-%m-%d")));
    let parts: Vec<String> = customer.mobile.iter().cloned().chain(born).collect();
    if parts.is_empty() {
        "no phone or birth date known".to_owned()
    } else {
        parts.join(&format!(" {} ", pen.marks.dot))
    }
}

fn standing(pen: &Pen, visit: &Appointment) -> Said {
    let theme = pen.theme;
    let mark = pen.marks.visit(visit);
    let (words, style) = match (visit.status, visit.sync_state) {
        (Status::Cancelled, SyncState::Synced) => ("called off", theme.dim),
        (Status::Cancelled, _) => ("called off, not removed in Google yet", theme.pending),
        (Status::Refused, _) => ("lost its slot", theme.dim),
        (_, SyncState::NeedsRepair) => ("needs repair", theme.repair),
        // it stays in the calendar until Google has removed it
        _ if visit.cancellation_reason.is_some() => {
            ("called off here, not removed in Google yet", theme.pending)
        }
        (Status::Pending, _) => ("pending: Google has not confirmed it", theme.pending),
        (Status::Confirmed, SyncState::SyncPending) => {
            ("confirmed, a change is on its way", theme.pending)
        }
        (Status::Confirmed, SyncState::Synced) => ("confirmed", theme.good),
    };
    (format!("{mark} {words}"), style)
}
