//! The command line: the same acts by name, with completion.

use super::Fate;
use crate::app::action::{ACTS, Action};
use crate::app::desk;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::msg::Edit;
use crate::app::state::{Palette, State};
use crate::domain::dates::{parse_day, resolve};
use chrono::NaiveTime;

/// An act being typed.
#[derive(Clone, Debug)]
pub struct CommandLine {
    /// What was typed.
    pub field: Field,
    /// What is wrong with it, in words.
    pub error: Option<String>,
}

impl Default for CommandLine {
    fn default() -> Self {
        Self {
            field: Field::new(200),
            error: None,
        }
    }
}

/// Acts that take a word, with what the word is.
const WITH_WORD: [(&str, &str); 4] = [
    ("goto", "a date: tomorrow, mon, 25.10., +7"),
    ("move", "the new time: 14:30, or fri 14:30"),
    ("doctor", "a name"),
    ("theme", "dark, light, clear or plain"),
];

impl CommandLine {
    /// Enter carries out, Tab completes, Esc closes.
    pub fn act(&mut self, state: &mut State, action: &Action, out: &mut Vec<Effect>) -> Fate {
        match action {
            Action::Open => match read(state, self.field.text()) {
                Ok(Some(meant)) => {
                    desk::act(state, &meant, out);
                    Fate::Close
                }
                Ok(None) => Fate::Close,
                Err(error) => {
                    self.error = Some(error);
                    Fate::Stay
                }
            },
            Action::FocusNext => {
                self.complete(state);
                Fate::Stay
            }
            Action::GoBack => Fate::Close,
            _ => Fate::Stay,
        }
    }

    /// Types.
    pub fn edit(&mut self, _: &mut State, edit: &Edit, _: &mut Vec<Effect>) -> Fate {
        if self.field.apply(edit) {
            self.error = None;
        }
        Fate::Stay
    }

    /// What the text could become, with what each does; the best first.
    pub fn candidates(&self, state: &State) -> Vec<(String, String)> {
        let text = self.field.text().trim_start().to_lowercase();
        match text.split_once(' ') {
            Some(("doctor", start)) => state
                .doctors()
                .iter()
                .map(|line| line.doctor.doctor_name.clone())
                .filter(|name| matches_name(name, start))
                .map(|name| (format!("doctor {name}"), String::new()))
                .collect(),
            Some(("theme", start)) => Palette::ALL
                .iter()
                .filter(|(name, _)| name.starts_with(start.trim()))
                .map(|(name, _)| (format!("theme {name}"), String::new()))
                .collect(),
            Some(_) => Vec::new(),
            None => names()
                .filter(|(name, _)| name.starts_with(&text))
                .map(|(name, says)| (name.to_owned(), says.to_owned()))
                .collect(),
        }
    }

    fn complete(&mut self, state: &State) {
        let candidates = self.candidates(state);
        let Some((first, _)) = candidates.first() else {
            return;
        };
        // as far as all that could be meant agree; all the way when only one is left
        let shared = candidates.iter().fold(first.as_str(), |shared, (text, _)| {
            let same = shared
                .char_indices()
                .zip(text.chars())
                .find(|((_, a), b)| a != b);
            match same {
                Some(((at, _), _)) => shared.get(..at).unwrap_or_default(),
                None if text.len() < shared.len() => text,
                None => shared,
            }
        });
        let more = WITH_WORD.iter().any(|(name, _)| *name == shared) && candidates.len() == 1;
        let blank = if more { " " } else { "" };
        if shared.len() + blank.len() > self.field.text().len() {
            let completed = shared.to_owned();
            self.field.set(&completed);
            if more {
                self.field.apply(&Edit::Insert(' '));
            }
        }
    }
}

fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let acts = ACTS.iter().map(|named| (named.name, named.says));
    acts.chain([
        ("doctor", "select a doctor by name"),
        ("theme", "colours: dark, light, clear or plain"),
    ])
}

/// Whether one of the words of a name starts with what was typed.
fn matches_name(name: &str, typed: &str) -> bool {
    let typed = typed.trim();
    let lower = name.to_lowercase();
    lower.starts_with(typed) || lower.split_whitespace().any(|word| word.starts_with(typed))
}

/// The act that a line means. Nothing: an empty line.
fn read(state: &State, line: &str) -> Result<Option<Action>, String> {
    let line = line.trim().trim_start_matches(':').trim();
    let (name, word) = line.split_once(' ').unwrap_or((line, ""));
    let (name, word) = (name.to_lowercase(), word.trim());
    if name.is_empty() {
        return Ok(None);
    }
    if name == "q" {
        return Ok(Some(Action::Quit));
    }
    match name.as_str() {
        "goto" if !word.is_empty() => parse_day(word, state.today())
            .map(|day| Some(Action::ShowDay(day)))
            .map_err(|error| error.to_string()),
        "move" if !word.is_empty() => new_time(state, word).map(Some),
        "theme" => Palette::ALL
            .iter()
            .find(|(name, _)| !word.is_empty() && name.starts_with(&word.to_lowercase()))
            .map(|(_, palette)| Some(Action::UsePalette(*palette)))
            .ok_or_else(|| "There are the themes dark, light, clear and plain.".to_owned()),
        "doctor" => doctor(state, word).map(Some),
        _ => by_name(&name).map(Some),
    }
}

/// A new time of the visit in hand, or of the selected one: a clock time, with a day before it where it
/// is another day than the visit's.
fn new_time(state: &State, word: &str) -> Result<Action, String> {
    let in_hand = state.picked_up.as_ref().map(|moved| &moved.visit);
    let Some(visit) = in_hand.or(state.selected_visit()) else {
        return Err("Select a visit first: m moves the selected one to another time.".to_owned());
    };
    let (day, clock) = word.rsplit_once(' ').unwrap_or(("", word));
    let Ok(time) = NaiveTime::parse_from_str(clock, "%H:%M") else {
        return Err("Type the new time with its minutes: move 14:30, or move fri 14:30".to_owned());
    };
    let zone = state.clinic.zone;
    let date = if day.is_empty() {
        Ok(visit.visit.start().with_timezone(&zone).date_naive())
    } else {
        parse_day(day, state.today())
    };
    date.and_then(|date| resolve(zone, date.and_time(time)))
        .map(Action::MoveVisitTo)
        .map_err(|error| error.to_string())
}

fn doctor(state: &State, word: &str) -> Result<Action, String> {
    let typed = word.to_lowercase();
    let found: Vec<_> = state
        .doctors()
        .iter()
        .filter(|line| matches_name(&line.doctor.doctor_name, &typed))
        .collect();
    match found.as_slice() {
        _ if typed.is_empty() => Err("Type the doctor's name, such as: doctor chen".to_owned()),
        [] => Err(format!("No doctor here is called “{word}”.")),
        [one] => Ok(Action::SelectDoctor(one.doctor.doctor_id.clone())),
        many => {
            let names: Vec<&str> = many
                .iter()
                .take(4)
                .map(|line| line.doctor.doctor_name.as_str())
                .collect();
            Err(format!("Several could be meant: {}.", names.join(", ")))
        }
    }
}

fn by_name(name: &str) -> Result<Action, String> {
    let exact = ACTS.iter().find(|named| named.name == name);
    let starting: Vec<_> = ACTS
        .iter()
        .filter(|named| named.name.starts_with(name))
        .collect();
    match (exact, starting.as_slice()) {
        (Some(named), _) => Ok(named.action.clone()),
        (None, [one]) => Ok(one.action.clone()),
        (None, []) => {
            let nearest = names()
                .map(|(known, _)| (strsim::damerau_levenshtein(known, name), known))
                .min()
                .filter(|(distance, _)| *distance <= 2);
            Err(match nearest {
                Some((_, known)) => format!("There is no “{name}” here. Did you mean {known}?"),
                None => format!("There is no “{name}” here. Tab shows what there is."),
            })
        }
        (None, many) => {
            let names: Vec<&str> = many.iter().take(5).map(|named| named.name).collect();
            Err(format!("Several could be meant: {}.", names.join(", ")))
        }
    }
}
