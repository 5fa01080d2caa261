//! Words that were mistyped: what may have been meant among the words that occur in names.
//!
//! A clinic of 60,000 people has some ten thousand words in its names, so they are compared, not the
//! people. Only words with the same first letter, or one that sounds like it, are read: hardly anybody
//! mistypes the first letter, and this keeps a search under three milliseconds.

use crate::port::store::StoreError;
use rusqlite::Connection;
use strsim::osa_distance;

/// The most words that one mistyped word is taken for.
const MOST_MEANT: usize = 6;

/// A full-text query of words that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Correction {
    /// The query.
    pub(super) query: String,
    /// How many letters differ in all.
    pub(super) distance: usize,
}

/// Queries for what may have been meant, the nearest first; empty where nothing is near. With `begun`
/// a word may also be the mistyped beginning of another; otherwise only whole words are meant.
pub(super) fn corrections(
    conn: &Connection,
    words: &[String],
    begun: bool,
) -> Result<Vec<Correction>, StoreError> {
    let mut queries = vec![Correction {
        query: String::new(),
        distance: 0,
    }];
    for word in words {
        let meant = near(conn, word, begun)?;
        let mut next = Vec::new();
        for done in &queries {
            for (other, distance) in &meant {
                next.push(Correction {
                    query: if begun || *distance == 0 {
                        format!("{} \"{other}\"*", done.query)
                    } else {
                        format!("{} \"{other}\"", done.query)
                    },
                    distance: done.distance + distance,
                });
            }
        }
        next.sort_by_key(|c| c.distance);
        next.truncate(MOST_MEANT);
        queries = next;
    }
    Ok(queries)
}

/// Words that this one may stand for, itself first.
fn near(conn: &Connection, typed: &str, begun: bool) -> Result<Vec<(String, usize)>, StoreError> {
    let mut meant = vec![(typed.to_owned(), 0)];
    let length = typed.chars().count();
    let most = match length {
        0..=2 => return Ok(meant),
        3..=5 => 1,
        _ => 2,
    };
    let Some(first) = typed.chars().next() else {
        return Ok(meant);
    };
    let mut rows =
        conn.prepare_cached("SELECT word FROM name_words WHERE word >= ?1 AND word < ?2")?;
    for letter in sounding_like(first) {
        let after = char::from_u32(u32::from(letter) + 1).unwrap_or(char::MAX);
        let mut rows = rows.query([letter.to_string(), after.to_string()])?;
        while let Some(row) = rows.next()? {
            let word = super::text(row, 0)?;
            let distance = if begun {
                distance_begun(typed, length, word)
            } else {
                osa_distance(typed, word)
            };
            if (1..=most).contains(&distance) {
                meant.push((word.to_owned(), distance));
            }
        }
    }
    meant.sort_by_key(|(_, distance)| *distance);
    meant.truncate(MOST_MEANT);
    Ok(meant)
}

/// How many letters differ between what was typed and the word, or its beginning of that length:
/// people stop typing when they see whom they mean.
fn distance_begun(typed: &str, length: usize, word: &str) -> usize {
    let whole = osa_distance(typed, word);
    if length < 4 {
        return whole;
    }
    let start = word.char_indices().nth(length).map(|(at, _)| at);
    let start = start.and_then(|at| word.get(..at));
    start.map_or(whole, |start| whole.min(osa_distance(typed, start)))
}

/// The letter and those that are heard for it.
fn sounding_like(first: char) -> Vec<char> {
    const GROUPS: [&str; 6] = ["ckq", "fpv", "vw", "ijy", "sz", "gj"];
    let mut out = vec![first];
    for group in GROUPS.iter().filter(|group| group.contains(first)) {
        out.extend(group.chars().filter(|c| *c != first));
    }
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_one_letter_is_near_and_another_name_is_not() {
        assert_eq!(distance_begun("jhon", 4, "john"), 1);
        assert_eq!(distance_begun("meyer", 5, "meier"), 1);
        assert_eq!(distance_begun("jonhs", 5, "johnson"), 1);
        assert!(distance_begun("maria", 5, "martin") > 1);
        assert!(sounding_like('c').contains(&'k'));
        assert_eq!(sounding_like('a'), ['a']);
    }
}
