//! Values and the columns they are kept in.

use crate::domain::appointment::{Source, Status, SyncState};
use crate::domain::doctor::Kind;
use crate::domain::policy::Role;
use crate::domain::time::{Interval, Moment};
use crate::flow::operation::Cause;
use chrono::DateTime;
use chrono_tz::Tz;
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};
use std::fmt;

/// A value that is kept as one word.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// Each value and its word.
    const WORDS: &'static [(&'static str, Self)];

    /// The word of the value.
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map_or("", |(word, _)| word)
    }

    /// The value of the word.
    fn from_word(text: &str) -> Option<Self> {
        let found = Self::WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value)
    }
}

impl Word for Status {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("confirmed", Self::Confirmed),
        ("pending", Self::Pending),
        ("cancelled", Self::Cancelled),
        ("refused", Self::Refused),
    ];
}

impl Word for SyncState {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("synced", Self::Synced),
        ("sync_pending", Self::SyncPending),
        ("needs_repair", Self::NeedsRepair),
    ];
}

impl Word for Source {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("desk", Self::Desk),
        ("adopted", Self::Adopted),
        ("demo", Self::Demo),
    ];
}

impl Word for Kind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("doctor", Self::Doctor),
        ("consultant", Self::Consultant),
        ("trainer", Self::Trainer),
        ("therapist", Self::Therapist),
    ];
}

impl Word for Role {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("receptionist", Self::Receptionist),
        ("doctor", Self::Doctor),
        ("admin", Self::Admin),
        ("customer", Self::Customer),
        ("system", Self::System),
    ];
}

impl Word for Cause {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("moved_in_google", Self::MovedInGoogle),
        ("changed_in_google", Self::ChangedInGoogle),
        ("strangers_event", Self::StrangersEvent),
        ("refused_by_google", Self::RefusedByGoogle),
        ("conflict", Self::Conflict),
    ];
}

/// A moment as it is kept.
pub(super) fn seconds(moment: Moment) -> i64 {
    moment.timestamp()
}

/// The end of a stretch as it is kept: rounded up, so that what was taken stays taken.
pub(super) fn end_seconds(moment: Moment) -> i64 {
    moment.timestamp() + i64::from(moment.timestamp_subsec_nanos() > 0)
}

/// A limit as `SQLite` takes it.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// The text of a column, without a copy.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str> {
    Ok(row.get_ref(column)?.as_str()?)
}

/// The text of a column that may be empty, without a copy.
pub(super) fn text_or_none<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

/// A value kept as a word.
pub(super) fn word<T: Word>(row: &Row<'_>, column: usize) -> Result<T> {
    let found = text(row, column)?;
    T::from_word(found).ok_or_else(|| wrong(column, Type::Text, &format!("“{found}”")))
}

/// A moment.
pub(super) fn moment(row: &Row<'_>, column: usize) -> Result<Moment> {
    at(row.get(column)?, column)
}

/// A moment, or none.
pub(super) fn moment_or_none(row: &Row<'_>, column: usize) -> Result<Option<Moment>> {
    let found: Option<i64> = row.get(column)?;
    found.map(|seconds| at(seconds, column)).transpose()
}

/// A stretch kept in two columns.
pub(super) fn interval(row: &Row<'_>, start: usize, end: usize) -> Result<Interval> {
    Interval::new(moment(row, start)?, moment(row, end)?).map_err(|e| wrong(end, Type::Integer, &e))
}

/// A zone.
pub(super) fn zone(row: &Row<'_>, column: usize) -> Result<Tz> {
    text(row, column)?
        .parse()
        .map_err(|e| wrong(column, Type::Text, &e))
}

fn at(seconds: i64, column: usize) -> Result<Moment> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| wrong(column, Type::Integer, &"no such moment"))
}

/// The error for a column that holds what this program does not know.
pub(super) fn wrong(column: usize, kind: Type, why: &dyn fmt::Display) -> Error {
    Error::FromSqlConversionFailure(column, kind, why.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn all_apart<T: Word + fmt::Debug>() {
        let words: HashSet<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
        assert_eq!(words.len(), T::WORDS.len());
        for (word, value) in T::WORDS {
            assert_eq!(value.word(), *word);
            assert_eq!(T::from_word(word), Some(*value));
        }
        assert_eq!(T::from_word("nonsense"), None);
    }

    #[test]
    fn every_value_has_one_word_of_its_own() {
        all_apart::<Status>();
        all_apart::<SyncState>();
        all_apart::<Source>();
        all_apart::<Kind>();
        all_apart::<Role>();
        all_apart::<Cause>();
    }

    #[test]
    fn an_end_is_rounded_up_and_a_start_down() {
        let half = DateTime::from_timestamp(100, 500_000_000).unwrap();
        assert_eq!((seconds(half), end_seconds(half)), (100, 101));
        let whole = DateTime::from_timestamp(100, 0).unwrap();
        assert_eq!(end_seconds(whole), 100);
    }
}
