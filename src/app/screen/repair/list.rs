//! The list of the repair pane: what is shown of it and in which order, what is selected, what is marked.

use crate::app::field::Field;
use crate::domain::id::{AppointmentId, DoctorId};
use crate::domain::text;
use crate::flow::operation::Cause;
use crate::port::query::RepairItem;
use std::collections::BTreeSet;

/// Which items are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// What a person must choose about.
    ToRepair,
    /// What the program goes on trying.
    Pending,
    /// Those of one doctor, with the name.
    Doctor(DoctorId, String),
}

impl Filter {
    fn shows(&self, item: &RepairItem) -> bool {
        match self {
            Self::All => true,
            Self::ToRepair => item.cause.is_some(),
            Self::Pending => item.cause.is_none(),
            Self::Doctor(id, _) => item.appointment.doctor_id == *id,
        }
    }
}

/// The list.
#[derive(Clone, Debug)]
pub struct List {
    all: Vec<RepairItem>,
    /// The one to begin at, until the list has come.
    wanted: Option<AppointmentId>,
    /// What is shown: by cause, the most urgent first, in each the newest problem first; what is only
    /// pending at the end.
    pub items: Vec<RepairItem>,
    /// The selected item.
    pub at: usize,
    /// Marked ones, whether they are shown or not.
    pub marked: BTreeSet<AppointmentId>,
    /// Which are shown.
    pub filter: Filter,
    /// What is searched for; nothing: all.
    pub search: Field,
}

impl Default for List {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            wanted: None,
            items: Vec::new(),
            at: 0,
            marked: BTreeSet::new(),
            filter: Filter::default(),
            search: Field::new(text::NAME),
        }
    }
}

impl List {
    /// Once the list has come the selection is to be on that one.
    pub fn begin_at(&mut self, visit: AppointmentId) {
        self.wanted = Some(visit);
    }

    /// Takes what was read. The selection stays on what it was on, or else where it was.
    pub fn take(&mut self, mut items: Vec<RepairItem>) {
        items.sort_by_key(|item| {
            let place = item.cause.map_or(u8::MAX, place);
            (place, std::cmp::Reverse(item.since))
        });
        self.all = items;
        let known: BTreeSet<&AppointmentId> = self.all.iter().map(id_of).collect();
        self.marked.retain(|id| known.contains(id));
        self.show_from(self.at);
    }

    /// Whether there is nothing at all, shown or not.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All items, shown or not.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Shown and not shown ones that a person must choose about.
    pub fn to_choose(&self) -> usize {
        self.all.iter().filter(|item| item.cause.is_some()).count()
    }

    /// The selected item.
    pub fn selected(&self) -> Option<&RepairItem> {
        self.items.get(self.at)
    }

    /// Selects a place, or the last one.
    pub fn select(&mut self, at: usize) {
        self.at = at.min(self.items.len().saturating_sub(1));
    }

    /// How many of the shown ones stand in the same group.
    pub fn in_group(&self, cause: Option<Cause>) -> usize {
        self.items.iter().filter(|item| item.cause == cause).count()
    }

    /// Shows the next kind: all, to repair, pending, those of the selected doctor.
    pub fn next_filter(&mut self) {
        self.filter = match &self.filter {
            Filter::All => Filter::ToRepair,
            Filter::ToRepair => Filter::Pending,
            Filter::Pending => match self.selected().or_else(|| self.all.first()) {
                Some(item) => {
                    let visit = &item.appointment;
                    Filter::Doctor(visit.doctor_id.clone(), visit.doctor_name.clone())
                }
                None => Filter::All,
            },
            Filter::Doctor(..) => Filter::All,
        };
        self.show();
    }

    /// Shows what fits filter and search. The selection stays on what it was on, or goes to the first.
    pub fn show(&mut self) {
        self.show_from(0);
    }

    /// The same; where what was selected is not shown any more the selection goes to that place.
    fn show_from(&mut self, place: usize) {
        let selected = self.selected().map(id_of).cloned();
        let selected = selected.or_else(|| self.wanted.take());
        let wanted: Vec<String> = self
            .search
            .text()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let shown = self.all.iter().filter(|item| {
            let visit = &item.appointment;
            let words = format!(
                "{} {} {}",
                visit.customer_name, visit.doctor_name, item.sentence
            )
            .to_lowercase();
            self.filter.shows(item) && wanted.iter().all(|word| words.contains(word))
        });
        self.items = shown.cloned().collect();
        let at = selected.and_then(|id| self.items.iter().position(|item| *id_of(item) == id));
        self.select(at.unwrap_or(place));
    }

    /// Marks the selected one, or takes the mark away, and goes on to the next.
    pub fn toggle_mark(&mut self) {
        let Some(id) = self.selected().map(id_of).cloned() else {
            return;
        };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
        self.select(self.at + 1);
    }

    /// Marks all that are shown; takes the marks away if all of them have one.
    pub fn mark_all(&mut self) {
        let shown: Vec<AppointmentId> = self.items.iter().map(id_of).cloned().collect();
        if shown.iter().all(|id| self.marked.contains(id)) {
            for id in &shown {
                self.marked.remove(id);
            }
        } else {
            self.marked.extend(shown);
        }
    }

    /// The marked ones among those shown: nothing is done to what is out of sight.
    pub fn marked_shown(&self) -> impl Iterator<Item = &RepairItem> {
        self.items
            .iter()
            .filter(|item| self.marked.contains(id_of(item)))
    }

    /// What an act is about: the marked ones, or the selected one.
    pub fn meant(&self) -> Vec<&RepairItem> {
        let marked: Vec<&RepairItem> = self.marked_shown().collect();
        if marked.is_empty() {
            return self.selected().into_iter().collect();
        }
        marked
    }
}

/// Whose item it is.
pub fn id_of(item: &RepairItem) -> &AppointmentId {
    &item.appointment.appointment_id
}

/// Order of the groups: first where somebody may stand before a closed door.
fn place(cause: Cause) -> u8 {
    match cause {
        Cause::Conflict => 0,
        Cause::GoneFromGoogle => 1,
        Cause::MovedInGoogle => 2,
        Cause::ChangedInGoogle => 3,
        Cause::HoldLeft => 4,
        Cause::RefusedByGoogle => 5,
        Cause::StrangersEvent => 6,
        Cause::BackInGoogle => 7,
    }
}
