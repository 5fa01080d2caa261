//! The list under the fields: the people found, the services, or the free times that are offered.

use crate::app::layout::Area;
use crate::app::screen::booking::{Booking, Focus, Person, Stage, briefly, offer};
use crate::app::state::State;
use crate::port::query::CustomerHit;
use crate::ui::drafts::{choice, first_in_view};
use crate::ui::pen::{Pen, below};
use crate::ui::text;

/// Draws what belongs to where the booking is.
pub(super) fn draw(pen: &mut Pen, area: Area, state: &State, booking: &Booking) {
    if area.height == 0 {
        return;
    }
    let area = if booking.offered.is_empty() {
        area
    } else {
        below(offered(pen, area, state, booking), 1)
    };
    if area.height == 0 || booking.stage != Stage::Typing {
        return;
    }
    match (booking.focus, &booking.people.person) {
        (Focus::Customer, None) => people(pen, area, state, booking),
        (Focus::Service, _) => services(pen, area, state, booking),
        _ => {}
    }
}

fn offered(pen: &mut Pen, area: Area, state: &State, booking: &Booking) -> Area {
    let doctor = &booking.doctor.doctor_name;
    pen.line(area, &format!("Free with {doctor} instead:"), pen.theme.dim);
    let mut rest = below(area, 1);
    for (number, slot) in (1..=3).zip(&booking.offered) {
        let x = pen.line(rest, &format!("  Alt+{number} "), pen.theme.key);
        let behind = Area::new(x, rest.y, rest.right().saturating_sub(x), rest.height);
        let chosen = slot.start() == booking.start;
        let mark = if chosen { pen.marks.pointer } else { " " };
        let style = if chosen {
            pen.theme.strong
        } else {
            pen.theme.base
        };
        pen.line(behind, &format!("{mark} {}", offer(state, slot)), style);
        rest = below(rest, 1);
    }
    rest
}

fn people(pen: &mut Pen, area: Area, state: &State, booking: &Booking) {
    let people = &booking.people;
    let label = &state.customer_label;
    let heading = match (people.is_searching(), people.hits.len()) {
        (true, _) => "Searching…".to_owned(),
        (false, 0) if people.field.is_blank() => "Nobody has been here yet.".to_owned(),
        (false, 0) => "Nobody is known by that.".to_owned(),
        (false, _) if people.field.is_blank() => "Seen last:".to_owned(),
        (false, 1) => "1 found:".to_owned(),
        (false, many) => format!("{many} found, the best first:"),
    };
    pen.line(area, &heading, pen.theme.dim);
    let list = below(area, 1);
    let at = people.at.unwrap_or_default();
    // the line for somebody new is always in view: it is how somebody new gets in
    let new = u16::from(people.offers_new());
    let rows = list.height.saturating_sub(new);
    let lowest = people.hits.len().saturating_sub(1);
    let top = first_in_view(at.min(lowest), rows);
    let columns = Columns::of(list.width);
    let mut y = list.y;
    for (line, hit) in people
        .hits
        .iter()
        .enumerate()
        .skip(top)
        .take(usize::from(rows))
    {
        let row = Area::new(list.x, y, list.width, 1);
        choice(
            pen,
            row,
            people.at == Some(line),
            &columns.line(pen, state, hit),
        );
        y += 1;
    }
    if top + usize::from(rows) < people.hits.len() && rows > 0 {
        let corner = list.right().saturating_sub(1);
        pen.put(
            corner,
            y.saturating_sub(1),
            1,
            pen.marks.below,
            pen.theme.key,
        );
    }
    if new > 0 && y < list.bottom() {
        let row = Area::new(list.x, y, list.width, 1);
        let chosen = people.at == Some(people.hits.len());
        choice(
            pen,
            row,
            chosen,
            &format!("+ New {} “{}”", label.to_lowercase(), people.name()),
        );
    }
}

/// Columns of a phone number as most people write theirs, with the code of the country.
const PHONE: usize = 17;

/// Widths of the columns of a person; 0: left out.
struct Columns {
    name: usize,
    phone: usize,
    visits: usize,
}

impl Columns {
    /// Name and birth date always; the phone before the visits, and never cut: it is read out.
    fn of(width: u16) -> Self {
        let room = usize::from(width).saturating_sub(2 + 11 + 1);
        let phone = if room >= 34 { PHONE } else { 0 };
        let rest = room.saturating_sub(phone + 1);
        let visits = if room >= 56 { rest / 2 } else { 0 };
        let name = rest.saturating_sub(visits).min(32);
        Self {
            name,
            phone,
            visits: if visits > 0 {
                rest.saturating_sub(name + 1)
            } else {
                0
            },
        }
    }

    fn line(&self, pen: &Pen, state: &State, hit: &CustomerHit) -> String {
        let customer = &hit.customer;
        let born = customer.born.map_or_else(
            || format!("{:<10}", pen.marks.none),
            |date| date.format("%Y-%m-%d").to_string(),
        );
        let mut parts = vec![padded(pen, &customer.customer_name, self.name), born];
        if self.phone > 0 {
            let phone = customer.mobile.as_deref().unwrap_or(pen.marks.none);
            parts.push(padded(pen, phone, self.phone));
        }
        if self.visits > 0 {
            let visits = briefly(state, hit);
            parts.push(text::fit(&visits, self.visits, pen.marks.cut));
        }
        parts.join(" ")
    }
}

fn padded(pen: &Pen, what: &str, columns: usize) -> String {
    let mut out = text::fit(what, columns, pen.marks.cut);
    let missing = columns.saturating_sub(text::width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

fn services(pen: &mut Pen, area: Area, state: &State, booking: &Booking) {
    let options = booking.services.options(state);
    if options.is_empty() {
        let words = "No service is called that. A number is a length in minutes.";
        pen.line(area, words, pen.theme.pending);
        return;
    }
    let chosen = options
        .iter()
        .position(|option| *option == booking.services.choice);
    let top = first_in_view(chosen.unwrap_or_default(), area.height);
    let shown = options.iter().enumerate().skip(top);
    for (y, (line, option)) in (area.y..area.bottom()).zip(shown) {
        let row = Area::new(area.x, y, area.width, 1);
        choice(pen, row, chosen == Some(line), &option.words());
    }
    let more = top + usize::from(area.height) < options.len();
    let new = matches!(booking.people.person, Some(Person::New));
    if more && !new {
        let corner = area.right().saturating_sub(1);
        pen.put(corner, area.bottom() - 1, 1, pen.marks.below, pen.theme.key);
    }
}
