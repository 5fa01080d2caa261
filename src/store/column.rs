//! Values and the columns they are kept in.

use crate::domain::appointment::{Source, Status, SyncState};
use crate::domain::doctor::Kind;
use crate::domain::notice::NoticeKind;
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
    fn word(self) -> &'static str;

    /// The value of the word.
    fn from_word(text: &str) -> Option<Self> {
        let found = Self::WORDS.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value)
    }
}

/// The words of a type. A value without one does not compile: it could be written and not be read.
macro_rules! words {
    ($type:ident: $($value:ident => $word:literal,)+) => {
        impl $crate::store::column::Word for $type {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$value)),+];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }
    };
}
pub(super) use words;

words! { Status:
    Confirmed => "confirmed",
    Pending => "pending",
    Cancelled => "cancelled",
    Refused => "refused",
}

words! { SyncState:
    Synced => "synced",
    SyncPending => "sync_pending",
    NeedsRepair => "needs_repair",
}

words! { Source:
    Desk => "desk",
    Adopted => "adopted",
    Demo => "demo",
}

words! { Kind:
    Doctor => "doctor",
    Consultant => "consultant",
    Trainer => "trainer",
    Therapist => "therapist",
}

words! { Role:
    Receptionist => "receptionist",
    Doctor => "doctor",
    Admin => "admin",
    Customer => "customer",
    System => "system",
}

words! { Cause:
    MovedInGoogle => "moved_in_google",
    ChangedInGoogle => "changed_in_google",
    StrangersEvent => "strangers_event",
    RefusedByGoogle => "refused_by_google",
    Conflict => "conflict",
    GoneFromGoogle => "gone_from_google",
    HoldLeft => "hold_left",
    BackInGoogle => "back_in_google",
}

words! { NoticeKind:
    MovedInGoogle => "moved_in_google",
    DeletedInGoogle => "deleted_in_google",
    Conflict => "conflict",
    SyncDelayed => "sync_delayed",
    SyncBraked => "sync_braked",
    SignInNeeded => "sign_in_needed",
    QuotaNearlyUsed => "quota_nearly_used",
    BookingEnded => "booking_ended",
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

/// A value kept as a word, or none.
pub(super) fn word_or_none<T: Word>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    match text_or_none(row, column)? {
        None => Ok(None),
        Some(_) => word(row, column).map(Some),
    }
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
        all_apart::<NoticeKind>();
        assert_eq!(NoticeKind::WORDS.len(), NoticeKind::ALL.len());
    }

    #[test]
    fn an_end_is_rounded_up_and_a_start_down() {
        let half = DateTime::from_timestamp(100, 500_000_000).unwrap();
        assert_eq!((seconds(half), end_seconds(half)), (100, 101));
        let whole = DateTime::from_timestamp(100, 0).unwrap();
        assert_eq!(end_seconds(whole), 100);
    }
}
