//! A TOML document whose every value knows its line, read with our own sentences instead of a
//! parser's.

use super::ConfigError;
use crate::domain::text::clean;
use std::ops::RangeInclusive;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How alike a key must be to be offered.
const ALIKE: f64 = 0.7;

/// A document and where it came from.
pub(super) struct Document<'t> {
    text: &'t str,
    file: &'t Path,
    root: DeTable<'t>,
}

/// A value with the place it was written at.
pub(super) struct Found<T> {
    /// The value.
    pub value: T,
    /// Line, from 1.
    pub line: usize,
}

/// One `[section]`; reading from one that is not there finds nothing.
pub(super) struct Section<'d, 't> {
    document: &'d Document<'t>,
    name: &'static str,
    table: Option<(&'d DeTable<'t>, usize)>,
}

/// Sections and their keys.
pub(super) type Schema = [(&'static str, &'static [&'static str])];

impl<'t> Document<'t> {
    /// Parses the text and refuses what the schema does not know.
    pub fn parse(text: &'t str, file: &'t Path, schema: &Schema) -> Result<Self, ConfigError> {
        let parsed = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            wrong(
                file,
                line_of(text, at),
                format!("this is not TOML: {}", clean(error.message(), 200)),
            )
        })?;
        let document = Self {
            text,
            file,
            root: parsed.into_inner(),
        };
        match document.first_unknown(schema) {
            Some(unknown) => Err(document.wrong(unknown.line, unknown.value)),
            None => Ok(document),
        }
    }

    /// The section of that name.
    pub fn section<'d>(&'d self, name: &'static str) -> Section<'d, 't> {
        let value = self.root.get(name);
        let table = value.and_then(|value| {
            let table = value.get_ref().as_table()?;
            Some((table, line_of(self.text, value.span().start)))
        });
        Section {
            document: self,
            name,
            table,
        }
    }

    /// An error at a line.
    pub fn wrong(&self, line: usize, sentence: impl Into<String>) -> ConfigError {
        wrong(self.file, line, sentence.into())
    }

    /// The first thing in the text that the schema does not know, as a sentence.
    fn first_unknown(&self, schema: &Schema) -> Option<Found<String>> {
        let mut found = Vec::new();
        for (name, value) in &self.root {
            let word = name.get_ref().as_ref();
            let at = name.span().start;
            match (
                schema.iter().find(|(section, _)| *section == word),
                value.get_ref(),
            ) {
                (Some((section, keys)), DeValue::Table(table)) => {
                    let strangers = table
                        .iter()
                        .filter(|(key, _)| !keys.contains(&key.get_ref().as_ref()));
                    found.extend(strangers.map(|(key, _)| {
                        let sentence = unknown_key(section, key.get_ref(), keys, schema);
                        (key.span().start, sentence)
                    }));
                }
                (Some((section, _)), _) => found.push((
                    at,
                    format!(
                        "“{section}” is a section: write [{section}] and its keys on lines below"
                    ),
                )),
                (None, _) => found.push((at, unknown_section(word, schema))),
            }
        }
        found
            .into_iter()
            .min_by_key(|(at, _)| *at)
            .map(|(at, value)| Found {
                value,
                line: line_of(self.text, at),
            })
    }
}

impl<'t> Section<'_, 't> {
    fn get(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        self.table.and_then(|(table, _)| table.get(key))
    }

    fn line(&self, value: &Spanned<DeValue<'t>>) -> usize {
        line_of(self.document.text, value.span().start)
    }

    fn mistaken(&self, value: &Spanned<DeValue<'t>>, key: &str, wanted: &str) -> ConfigError {
        self.document
            .wrong(self.line(value), format!("{key} must be {wanted}"))
    }

    /// A text without harmful characters, not empty, of at most `most` characters.
    pub fn text(&self, key: &str, most: usize) -> Result<Option<Found<String>>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::String(raw) = value.get_ref() else {
            return Err(self.mistaken(value, key, "a text in quotation marks"));
        };
        let text = clean(raw, most + 1);
        if text.is_empty() {
            return Err(self.mistaken(
                value,
                key,
                "a text that is not empty; leave the line out for the default",
            ));
        }
        if text.chars().count() > most {
            return Err(self.mistaken(value, key, &format!("at most {most} characters long")));
        }
        Ok(Some(Found {
            value: text,
            line: self.line(value),
        }))
    }

    /// A text that the clinic must give.
    pub fn needed(&self, key: &str, most: usize, what: &str) -> Result<Found<String>, ConfigError> {
        self.text(key, most)?.ok_or_else(|| {
            let line = self.table.map_or(1, |(_, line)| line);
            let name = self.name;
            self.document
                .wrong(line, format!("[{name}] needs {key}: {what}"))
        })
    }

    /// One of a few words.
    pub fn choice<T: Copy>(
        &self,
        key: &str,
        words: &[(&str, T)],
    ) -> Result<Option<Found<T>>, ConfigError> {
        let Some(found) = self.text(key, 60)? else {
            return Ok(None);
        };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == found.value) {
            return Ok(Some(Found {
                value: *value,
                line: found.line,
            }));
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let hint = nearest(&found.value, &all)
            .map_or_else(String::new, |word| format!(" (did you mean “{word}”?)"));
        let sentence = format!(
            "{key} cannot be “{}”{hint}. Possible: {}",
            found.value,
            all.join(", ")
        );
        Err(self.document.wrong(found.line, sentence))
    }

    /// A whole number in a range.
    pub fn number(
        &self,
        key: &str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<Found<u32>>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|digits| u32::from_str_radix(digits.as_str(), digits.radix()).ok())
            .filter(|number| range.contains(number));
        match number {
            Some(number) => Ok(Some(Found {
                value: number,
                line: self.line(value),
            })),
            None => Err(self.mistaken(
                value,
                key,
                &format!("a whole number from {} to {}", range.start(), range.end()),
            )),
        }
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        self.get(key)
            .map(|value| {
                value
                    .get_ref()
                    .as_bool()
                    .ok_or_else(|| self.mistaken(value, key, "true or false"))
            })
            .transpose()
    }
}

fn wrong(file: &Path, line: usize, sentence: String) -> ConfigError {
    ConfigError::Wrong {
        file: file.to_owned(),
        line,
        sentence,
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}

/// The word that is most like the text.
fn nearest<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    words
        .iter()
        .map(|word| (strsim::jaro_winkler(word, text), *word))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

fn unknown_section(word: &str, schema: &Schema) -> String {
    let said = clean(word, 60);
    if let Some((home, _)) = schema.iter().find(|(_, keys)| keys.contains(&word)) {
        return format!("“{said}” belongs under [{home}]");
    }
    let names: Vec<&str> = schema.iter().map(|(name, _)| *name).collect();
    let hint = nearest(&said, &names)
        .map_or_else(String::new, |word| format!(" (did you mean [{word}]?)"));
    format!(
        "“{said}” is not a known section{hint}. Known: {}",
        names.join(", ")
    )
}

fn unknown_key(section: &str, word: &str, keys: &[&str], schema: &Schema) -> String {
    let said = clean(word, 60);
    let near = nearest(&said, keys);
    let elsewhere = schema.iter().find(|(_, keys)| keys.contains(&word));
    let hint = match (near, elsewhere) {
        (_, Some((home, _))) => format!(" (it belongs under [{home}])"),
        (Some(key), None) => format!(" (did you mean “{key}”?)"),
        (None, None) => String::new(),
    };
    format!(
        "“{said}” is not a known key of [{section}]{hint}. Known there: {}",
        keys.join(", ")
    )
}
