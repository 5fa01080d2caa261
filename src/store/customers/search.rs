//! Finding a person by what was typed, fast enough for every letter.
//!
//! The most telling part drives: a birth date, otherwise digits of a phone, otherwise the words
//! of a name; the other parts sift what it brings. Names go through a full-text index of word
//! beginnings. Only where that brings too few, words are compared with those that occur (`fuzzy`).
//! At most [`MOST_CANDIDATES`] people are looked at, those recorded last first; among more, the rest of
//! the name has to be typed.

use super::fuzzy;
use super::typed::{Born, Typed};
use super::{columns, decode, decode_from};
use crate::domain::customer::Customer;
use crate::domain::id::CustomerId;
use crate::domain::time::Moment;
use crate::port::query::CustomerHit;
use crate::port::store::StoreError;
use crate::store::{appointments, column};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// The most people that are ranked.
const MOST_CANDIDATES: u32 = 100;
/// The most that a birth date or a phone brings before words sift them.
const MOST_SIFTED: u32 = 1_000;
/// Fewer than so many found: mistyped words are thought of.
const FEW: usize = 3;

/// People by parts of name, digits of a phone or a birth date, the best first; empty text: those
/// seen last.
pub(in crate::store) fn find(
    conn: &Connection,
    text: &str,
    limit: usize,
    now: Moment,
) -> Result<Vec<CustomerHit>, StoreError> {
    let typed = Typed::parse(text);
    let found = if typed.is_empty() && text.trim().is_empty() {
        seen_last(conn, limit, now)?
    } else if typed.is_empty() {
        Vec::new()
    } else {
        best(conn, &typed, limit)?
    };
    let hit = |customer: Customer| {
        let id = &customer.customer_id;
        Ok(CustomerHit {
            last_visit: appointments::last_visit(conn, id, now)?,
            next_visit: appointments::next_visit(conn, id, now)?,
            customer,
        })
    };
    found.into_iter().map(hit).collect()
}

/// A person and how far the name is from what was typed (0: as typed).
struct Candidate {
    customer: Customer,
    folded: String,
    distance: usize,
}

fn best(conn: &Connection, typed: &Typed, limit: usize) -> Result<Vec<Customer>, StoreError> {
    let mut found = if typed.born.is_some() || !typed.digits.is_empty() {
        let mut found = by_numbers(conn, typed)?;
        found.retain(|c| typed.words.iter().all(|word| begins(&c.folded, word)));
        found
    } else {
        by_words(conn, typed, limit)?
    };
    rank(&mut found, &typed.words);
    found.truncate(limit);
    Ok(found.into_iter().map(|c| c.customer).collect())
}

/// Whether a word of the folded name begins like this.
fn begins(folded: &str, start: &str) -> bool {
    folded.split(' ').any(|word| word.starts_with(start))
}

fn by_numbers(conn: &Connection, typed: &Typed) -> Result<Vec<Candidate>, StoreError> {
    if let Some(born) = &typed.born {
        let phone = |c: &Candidate| {
            let digits = c.customer.mobile.as_deref().map(super::digits_of);
            digits.is_some_and(|d| typed.spellings().iter().any(|s| d.contains(s)))
        };
        let mut found = by_birth(conn, born, MOST_SIFTED)?;
        found.retain(|c| typed.digits.is_empty() || phone(c));
        return Ok(found);
    }
    let most = if typed.words.is_empty() {
        MOST_CANDIDATES
    } else {
        MOST_SIFTED
    };
    let mut found = Vec::new();
    for digits in typed.spellings() {
        add_new(&mut found, by_phone(conn, digits, most)?);
    }
    // four digits may be a year: who has them in the number comes first all the same
    if let Some(year) = typed.year() {
        add_new(
            &mut found,
            by_birth(conn, &Born::Iso(format!("{year}-")), most)?,
        );
    }
    for digits in typed.without_country() {
        if found.is_empty() {
            add_new(&mut found, by_phone(conn, digits, most)?);
        }
    }
    Ok(found)
}

/// Adds those who are not among them yet.
fn add_new(found: &mut Vec<Candidate>, more: Vec<Candidate>) {
    let id = |c: &Candidate| c.customer.customer_id.clone();
    let mut known: HashSet<CustomerId> = found.iter().map(id).collect();
    found.extend(more.into_iter().filter(|c| known.insert(id(c))));
}

fn by_birth(conn: &Connection, born: &Born, most: u32) -> Result<Vec<Candidate>, StoreError> {
    let (sql, from, to) = match born {
        Born::Iso(start) => (
            concat!(
                "SELECT ",
                columns!(),
                ", c.name_folded FROM customers c WHERE c.born >= ?1 AND c.born < ?2
                 ORDER BY c.born, c.customer_no LIMIT ?3"
            ),
            start.clone(),
            format!("{start}~"),
        ),
        Born::Day { month_day, .. } => (
            concat!(
                "SELECT ",
                columns!(),
                ", c.name_folded FROM customers c
                 WHERE c.born IS NOT NULL AND substr(c.born, 6) >= ?1 AND substr(c.born, 6) <= ?2
                 ORDER BY c.customer_no DESC LIMIT ?3"
            ),
            month_day.clone(),
            month_day.clone(),
        ),
    };
    let mut found = candidates(conn, sql, params![from, to, most])?;
    found.retain(|c| {
        let date = c.customer.born.map(|day| day.to_string());
        date.is_some_and(|date| born.means(&date))
    });
    Ok(found)
}

/// Those with these digits in their phone; those whose phone ends with them first.
fn by_phone(conn: &Connection, digits: &str, most: u32) -> Result<Vec<Candidate>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", c.name_folded FROM phone_endings p JOIN customers c ON c.customer_no = p.customer_no
         WHERE p.ending >= ?1 AND p.ending < ?2 ORDER BY p.ending, p.customer_no LIMIT ?3"
    );
    let digits: String = digits.chars().take(super::MOST_DIGITS).collect();
    candidates(conn, sql, params![digits, format!("{digits}~"), most])
}

fn by_words(conn: &Connection, typed: &Typed, limit: usize) -> Result<Vec<Candidate>, StoreError> {
    let whole = typed.words.join(" ");
    // whose whole name this is must not be lost among the many who begin like it
    let mut found = candidates(
        conn,
        concat!(
            "SELECT ",
            columns!(),
            ", c.name_folded FROM customers c WHERE c.name_folded = ?1
             ORDER BY c.customer_no DESC LIMIT ?2"
        ),
        params![whole, MOST_CANDIDATES],
    )?;
    let exact: Vec<String> = typed
        .words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect();
    let starts: Vec<String> = exact.iter().map(|word| format!("{word}*")).collect();
    for query in [exact, starts] {
        if found.len() < MOST_CANDIDATES as usize {
            add_matches(conn, &query.join(" "), 0, &mut found)?;
        }
    }
    if found.len() < FEW.min(limit) {
        let mut queries = fuzzy::corrections(conn, &typed.words, found.is_empty())?;
        queries.truncate(4);
        for correction in queries {
            add_matches(conn, &correction.query, correction.distance, &mut found)?;
        }
    }
    Ok(found)
}

fn add_matches(
    conn: &Connection,
    query: &str,
    distance: usize,
    found: &mut Vec<Candidate>,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", c.name_folded FROM customer_names f JOIN customers c ON c.customer_no = f.rowid
         WHERE customer_names MATCH ?1 ORDER BY f.rowid DESC LIMIT ?2"
    );
    let mut more = candidates(conn, sql, params![query, MOST_CANDIDATES])?;
    for candidate in &mut more {
        candidate.distance = distance;
    }
    add_new(found, more);
    Ok(())
}

fn candidates(
    conn: &Connection,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Candidate>, StoreError> {
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map(params, |row| {
        Ok(Candidate {
            customer: decode_from(row, 0)?,
            folded: row.get(5)?,
            distance: 0,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The best first: the nearest spelling, then the whole name, then whole words, then how well the
/// words sit in the name; otherwise the order stays.
fn rank(found: &mut [Candidate], words: &[String]) {
    if words.is_empty() {
        return;
    }
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    let mut matcher = Matcher::new(config);
    let whole = words.join(" ");
    let pattern = Pattern::parse(&whole, CaseMatching::Respect, Normalization::Never);
    let mut buffer = Vec::new();
    found.sort_by_cached_key(|c| {
        let name = Utf32Str::new(&c.folded, &mut buffer);
        let score = pattern.score(name, &mut matcher).unwrap_or(0);
        let whole_words = words
            .iter()
            .filter(|word| c.folded.split(' ').any(|w| w == word.as_str()))
            .count();
        let first = c.folded.starts_with(whole.as_str());
        (
            c.distance,
            c.folded != whole,
            usize::MAX - whole_words,
            !first,
            u32::MAX - score,
        )
    });
}

/// Those who were here last, then those recorded last.
fn seen_last(conn: &Connection, limit: usize, now: Moment) -> Result<Vec<Customer>, StoreError> {
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for id in appointments::seen_before(conn, now, limit)? {
        if known.insert(id.clone()) {
            found.extend(super::one(conn, &id)?);
        }
    }
    if found.len() < limit {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM customers c ORDER BY c.customer_no DESC LIMIT ?1"
        );
        let mut rows = conn.prepare_cached(sql)?;
        for customer in rows.query_map([column::limit(limit)], decode)? {
            let customer = customer?;
            if found.len() < limit && known.insert(customer.customer_id.clone()) {
                found.push(customer);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
