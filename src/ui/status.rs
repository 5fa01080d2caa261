//! The line at the top: clinic, day in view, clock and zone, whether what is shown is live, what is
//! not in step, who sits here. Narrow screens shorten it; what must always be there stays.

use super::pen::Pen;
use super::text::width;
use crate::app::layout::Area;
use crate::app::state::{Liveness, State};
use crate::app::wording;
use crate::port::query::Requests;
use chrono::Datelike;
use ratatui::style::Style;

type Part = (String, Style);

/// Draws it.
pub fn draw(pen: &mut Pen, area: Area, state: &State) {
    pen.fill(area, " ", pen.theme.status);
    let (left, right) = (0..=5)
        .map(|short| parts(pen, state, short))
        .find(|(left, right)| wide(left, 2) + wide(right, 2) + 2 <= usize::from(area.width))
        .unwrap_or_else(|| parts(pen, state, 6));
    let gap = if wide(&left, 3) + wide(&right, 3) + 4 <= usize::from(area.width) {
        3
    } else {
        u16::from(wide(&left, 2) + wide(&right, 2) + 2 <= usize::from(area.width)) + 1
    };
    let mut x = area.x + u16::from(area.width > 40);
    for (text, style) in &left {
        x = pen.put(x, area.y, area.right().saturating_sub(x), text, *style) + gap;
    }
    let wanted = u16::try_from(wide(&right, usize::from(gap)) + 1).unwrap_or(u16::MAX);
    let mut x = x.max(area.right().saturating_sub(wanted));
    for (text, style) in &right {
        x = pen.put(x, area.y, area.right().saturating_sub(x), text, *style) + gap;
    }
}

fn wide(parts: &[Part], gap: usize) -> usize {
    let texts: usize = parts.iter().map(|(text, _)| width(text)).sum();
    texts + parts.len().saturating_sub(1) * gap
}

/// The parts at the left and at the right; the shorter, the higher the number.
fn parts(pen: &Pen, state: &State, short: u8) -> (Vec<Part>, Vec<Part>) {
    let line = pen.theme.status;
    // colours of states on the line's own ground
    let on = |style: Style| Style {
        bg: line.bg,
        ..line.patch(style)
    };
    let date = state.desk.date;
    let day = match short {
        0 => date.format("%a %-d %b %Y").to_string(),
        // a year that is not this one is never left out: the day would be taken for a near one
        _ if date.year() != state.today().year() => date.format("%-d %b %Y").to_string(),
        1..=4 => date.format("%a %-d %b").to_string(),
        _ => date.format("%-d %b").to_string(),
    };
    let said = crate::domain::dates::say_day(date, state.today());
    let day = match said.as_str() {
        "today" | "tomorrow" | "yesterday" if short < 3 => format!("{said}, {day}"),
        _ => day,
    };
    let zone = state.clinic.zone.name();
    let clock = wording::time(state, state.now);
    let clock = match short {
        0..=4 => format!("{clock} {zone}"),
        _ => format!("{clock} {}", zone.rsplit('/').next().unwrap_or(zone)),
    };
    let mut left = Vec::new();
    if short < 4 {
        let most = if short == 0 { 60 } else { 20 };
        let name = super::text::fit(&state.clinic.name, most, pen.marks.cut);
        left.push((name, line));
    }
    left.push((day, on(pen.theme.strong)));
    if short < 6 {
        left.push((clock, line));
    }
    let mut right = Vec::new();
    if let Some(skew) = &state.clock_off {
        let words = match short {
            0 | 1 => format!("clock {}", skew.short()),
            2..=5 => "clock wrong".to_owned(),
            _ => "clock!".to_owned(),
        };
        right.push((words, line.patch(pen.theme.repair)));
    }
    right.push(live(pen, state, short, &on));
    let counts = state.counts();
    let count = |mark: &str, n: u32, words: &str, style: Style| {
        let text = if short < 2 {
            format!("{mark} {n} {words}")
        } else if short < 6 {
            format!("{mark} {n}")
        } else {
            format!("{mark}{n}")
        };
        (text, if n > 0 { style } else { line })
    };
    let marks = pen.marks;
    let pending = on(pen.theme.pending);
    right.push(count(marks.pending, counts.pending, "pending", pending));
    let repair = line.patch(pen.theme.repair);
    right.push(count(marks.repair, counts.repair, "to repair", repair));
    if state.unread() > 0 {
        right.push(count(marks.inbox, state.unread(), "unread", pending));
    }
    let requests = state.overview.as_ref().map(|o| o.requests);
    if let Some(requests) = requests.filter(Requests::nearly_used) {
        let words = if short < 3 { "Google " } else { "" };
        let text = format!("{words}{}/{}", requests.used, requests.most);
        right.push((text, on(pen.theme.pending)));
    }
    let drafts = state.parked.iter().filter(|draft| draft.is_draft()).count();
    if drafts > 0 {
        let drafts = u32::try_from(drafts).unwrap_or(u32::MAX);
        right.push(count(marks.draft, drafts, "put aside", pending));
    }
    if short < 3 {
        let role = format!("{:?}", state.actor.role).to_lowercase();
        let name = &state.actor.name;
        let actor = if short == 0 {
            format!("{name} ({role})")
        } else {
            name.clone()
        };
        right.push((actor, line));
    }
    (left, right)
}

fn live(pen: &Pen, state: &State, short: u8, on: &dyn Fn(Style) -> Style) -> Part {
    let marks = pen.marks;
    if state.tickets.is_refreshing() {
        return (format!("{} reading", marks.stale), on(pen.theme.pending));
    }
    match state.liveness() {
        Liveness::Live => (format!("{} live", marks.confirmed), on(pen.theme.good)),
        Liveness::LastAt(at) => {
            let at = wording::since(state, at);
            let words = if short < 3 { "last synced " } else { "" };
            (
                format!("{} {words}{at}", marks.stale),
                on(pen.theme.pending),
            )
        }
        Liveness::Broken(since, _) => {
            let since = wording::since(state, since);
            let words = match short {
                0 => format!("Google does not answer since {since}"),
                1..=4 => format!("no answer since {since}"),
                5 => format!("no answer {since}"),
                _ => since,
            };
            (
                format!("{} {words}", marks.repair),
                pen.theme.status.patch(pen.theme.repair),
            )
        }
        Liveness::Never => (format!("{} not synced", marks.stale), on(pen.theme.pending)),
    }
}
