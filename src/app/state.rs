//! Everything the screens know. Drawing reads it, [`super::update`] changes it, nothing else does.

use super::desk::{Desk, Pane, PickedUp};
use super::effect::Effect;
use super::questions::Questions;
use super::screen::{Context, Dialog, booking::Booking, find::Found};
use super::tickets::Tickets;
use crate::domain::doctor::Doctor;
use crate::domain::id::DoctorId;
use crate::domain::policy::{self, Act, Denied};
use crate::domain::service::Service;
use crate::domain::skew::Skew;
use crate::domain::time::Moment;
use crate::port::command::{Actor, Command};
use crate::port::desk::Clinic;
use crate::port::query::{AppointmentCard, Counts, DoctorLine, Overview, Query, Reading};
use crate::port::report::Topic;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Palette {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// Told apart also by those who do not tell red from green.
    Clear,
    /// No colours: bold, dim and reversed only.
    Plain,
}

impl Palette {
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 4] = [
        ("dark", Self::Dark),
        ("light", Self::Light),
        ("clear", Self::Clear),
        ("plain", Self::Plain),
    ];
}

/// What the screens start from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The clinic.
    pub clinic: Clinic,
    /// Who sits at the desk.
    pub actor: Actor,
    /// Now.
    pub now: Moment,
    /// What this clinic calls who comes: "Patient", "Client".
    pub customer_label: String,
    /// Width and height of the terminal.
    pub size: (u16, u16),
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Colours to start with.
    pub palette: Palette,
    /// Rows of the help (`ui::keymap::help_rows()`), which bound its scrolling.
    pub help_rows: u16,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// Worth knowing.
    Plain,
    /// It did not go as asked for.
    Bad,
}

/// A message that stays until a key is pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What happened, what it means, what to do.
    pub text: String,
}

/// Whether Google answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// When it answered last.
    pub live_at: Option<Moment>,
    /// Since when it does not, and why.
    pub broken: Option<(Moment, String)>,
}

/// Whether what is shown is live, as the line at the top says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// Google answered within the last minutes.
    Live,
    /// It has answered, but not lately.
    LastAt(Moment),
    /// It does not answer, since then, for that reason.
    Broken(Moment, String),
    /// Nothing has been heard yet.
    Never,
}

/// An answer counts as lately for so many minutes.
const LATELY: i64 = 5;

/// The state of the screens.
#[derive(Debug)]
pub struct State {
    /// The clinic.
    pub clinic: Clinic,
    /// Who sits at the desk.
    pub actor: Actor,
    /// Now, as of the last tick.
    pub now: Moment,
    /// What this clinic calls who comes.
    pub customer_label: String,
    /// Width and height of the terminal.
    pub size: (u16, u16),
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Colours.
    pub palette: Palette,
    /// Rows of the help.
    pub help_rows: u16,
    /// Doctors, services, counts; none before the first answer.
    pub overview: Option<Overview>,
    /// The grid and what is selected.
    pub desk: Desk,
    /// The visit that is being moved, while its new time is being chosen.
    pub picked_up: Option<PickedUp>,
    /// The selected visit in full.
    pub detail: Option<AppointmentCard>,
    /// Open dialogs, the topmost last.
    pub dialogs: Vec<Dialog>,
    /// Bookings put aside, the newest last.
    pub parked: Vec<Booking>,
    /// What the last search of visits found.
    pub found: Found,
    /// Messages, the newest last.
    pub notices: Vec<Notice>,
    /// Whether Google answers.
    pub link: Link,
    /// Set when the desk's clock is far from Google's.
    pub clock_off: Option<Skew>,
    /// Acts under way.
    pub tickets: Tickets,
    /// Open questions.
    pub questions: Questions,
    pub(super) dirty: bool,
}

/// The most messages kept at once; older ones have been seen or make no difference any more.
const MOST_NOTICES: usize = 3;

impl State {
    /// The state before anything is known.
    pub fn new(setup: Setup) -> Self {
        let today = setup.now.with_timezone(&setup.clinic.zone).date_naive();
        Self {
            desk: Desk::new(today, setup.size),
            clinic: setup.clinic,
            actor: setup.actor,
            now: setup.now,
            customer_label: setup.customer_label,
            size: setup.size,
            ascii: setup.ascii,
            palette: setup.palette,
            help_rows: setup.help_rows,
            overview: None,
            picked_up: None,
            detail: None,
            dialogs: Vec::new(),
            parked: Vec::new(),
            found: Found::default(),
            notices: Vec::new(),
            link: Link::default(),
            clock_off: None,
            tickets: Tickets::default(),
            questions: Questions::default(),
            dirty: true,
        }
    }

    /// Whether something has changed since this was last asked.
    pub fn wants_frame(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// Acts under way that change something: what `q` waits for.
    pub fn busy_writes(&self) -> usize {
        self.tickets.writes()
    }

    /// Whether the days that are to be shown have been asked for and have not come. The loop may wait
    /// a few milliseconds for them before it draws, and so draw once instead of twice.
    pub fn awaits_sheets(&self) -> bool {
        self.questions.is_open(Topic::Sheets) && !self.desk.is_loaded()
    }

    /// Whether what is shown is live.
    pub fn liveness(&self) -> Liveness {
        let read = self.link.live_at.or_else(|| self.read_at());
        match (&self.link.broken, read) {
            (Some((since, why)), _) => Liveness::Broken(*since, why.clone()),
            (None, Some(at)) if (self.now - at).num_minutes() < LATELY => Liveness::Live,
            (None, Some(at)) => Liveness::LastAt(at),
            (None, None) => Liveness::Never,
        }
    }

    /// When a calendar was read last, by the desk's own records: another program may have done it.
    fn read_at(&self) -> Option<Moment> {
        let readings = self.doctors().iter().map(|line| &line.reading);
        readings
            .filter_map(|reading| match reading {
                Reading::Live { at } | Reading::Stale { at, .. } => Some(*at),
                Reading::Unknown { .. } => None,
            })
            .max()
    }

    /// Today in the clinic's zone.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.clinic.zone).date_naive()
    }

    /// The doctors in the order they are shown.
    pub fn doctors(&self) -> &[DoctorLine] {
        self.overview.as_ref().map_or(&[], |o| o.doctors.as_slice())
    }

    /// A doctor by identity.
    pub fn doctor(&self, id: &DoctorId) -> Option<&Doctor> {
        self.doctors()
            .iter()
            .map(|line| &line.doctor)
            .find(|doctor| doctor.doctor_id == *id)
    }

    /// The services on offer.
    pub fn services(&self) -> &[Service] {
        self.overview
            .as_ref()
            .map_or(&[], |o| o.services.as_slice())
    }

    /// What is not in step.
    pub fn counts(&self) -> Counts {
        self.overview.as_ref().map(|o| o.counts).unwrap_or_default()
    }

    /// Notices in the inbox that have not been read.
    pub fn unread(&self) -> u32 {
        self.overview.as_ref().map_or(0, |o| o.unread)
    }

    /// Asks a question; the older one of the same topic becomes void.
    pub fn ask(&mut self, topic: Topic, query: Query) -> Effect {
        self.questions.ask(topic, query)
    }

    /// Hands an act out. The number is in its progress and in its result.
    pub fn perform(&mut self, command: Command) -> (u64, Effect) {
        let ticket = self.tickets.open(command.clone(), self.now);
        (ticket, Effect::Do { ticket, command })
    }

    /// Whether the person at the desk may do it; what would be refused is not offered.
    pub fn may(&self, act: Act) -> Result<(), Denied> {
        policy::may(self.actor.role, act)
    }

    /// Shows a message until a key is pressed.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notices.push(Notice {
            tone,
            text: text.into(),
        });
        let surplus = self.notices.len().saturating_sub(MOST_NOTICES);
        self.notices.drain(..surplus);
        self.dirty = true;
    }

    /// Opens a dialog above what is open.
    pub fn open(&mut self, dialog: Dialog) {
        self.dialogs.push(dialog);
        self.dirty = true;
    }

    /// Which keys mean something now.
    pub fn context(&self) -> Context {
        match self.dialogs.last() {
            Some(dialog) => dialog.context(),
            None if self.picked_up.is_some() && self.desk.pane == Pane::Grid => Context::Placing,
            None => self.desk.context(),
        }
    }
}
