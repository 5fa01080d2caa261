//! Customers: recording them, and finding them again while somebody types.

pub(super) mod fold;
mod fuzzy;
mod search;
mod typed;

use super::audit::{self, Line};
use super::column::{seconds, text, wrong};
use crate::domain::customer::Customer;
use crate::domain::id::CustomerId;
use crate::domain::text::phone_digits;
use crate::domain::time::Moment;
use crate::port::store::{Stamp, StoreError};
use chrono::NaiveDate;
use fold::fold;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) use search::find;

/// The most digits of a phone number.
const MOST_DIGITS: usize = 15;

macro_rules! columns {
    () => {
        "c.customer_id, c.customer_name, c.mobile, c.email, c.born"
    };
}
use columns;

/// One person.
pub(super) fn one(conn: &Connection, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM customers c WHERE c.customer_id = ?1"
    );
    let mut rows = conn.prepare_cached(sql)?;
    Ok(rows.query_row([id.as_str()], decode).optional()?)
}

/// People of exactly this name, folded; at most a thousand.
pub(super) fn named(conn: &Connection, name: &str) -> Result<Vec<Customer>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM customers c WHERE c.name_folded = ?1 ORDER BY c.customer_no LIMIT 1000"
    );
    let mut rows = conn.prepare_cached(sql)?;
    let rows = rows.query_map([fold(name)], decode)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Records a person.
pub(super) fn add(conn: &Connection, stamp: &Stamp, customer: &Customer) -> Result<(), StoreError> {
    if one(conn, &customer.customer_id)?.is_some() {
        return Err(StoreError::Rule(
            "this person is already recorded".to_owned(),
        ));
    }
    insert(conn, customer, stamp.now, &stamp.actor.name)?;
    add_words(conn, &fold(&customer.customer_name))?;
    audit::append(
        conn,
        stamp,
        &Line::of_customer(&customer.customer_id, "recorded"),
    )?;
    Ok(())
}

/// Writes the row; triggers keep the full-text indexes.
pub(super) fn insert(
    conn: &Connection,
    customer: &Customer,
    now: Moment,
    by: &str,
) -> Result<(), StoreError> {
    let digits = customer.mobile.as_deref().map(digits_of);
    conn.prepare_cached(
        "INSERT INTO customers (customer_id, customer_name, mobile, email, born, name_folded,
                                phone_digits, created_at, created_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        customer.customer_id.as_str(),
        customer.customer_name,
        customer.mobile,
        customer.email,
        customer.born.map(|day| day.format("%Y-%m-%d").to_string()),
        fold(&customer.customer_name),
        digits,
        seconds(now),
        by
    ])?;
    Ok(())
}

/// Remembers the words of a folded name, for those who mistype them.
pub(super) fn add_words(conn: &Connection, folded: &str) -> Result<(), StoreError> {
    let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO name_words (word) VALUES (?1)")?;
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        insert.execute([word])?;
    }
    Ok(())
}

/// The digits of a phone number without the plus: what any part of is searched for. The last ones of
/// what is longer than any number in the world (E.164).
fn digits_of(phone: &str) -> String {
    let digits = phone_digits(phone);
    let digits = digits.trim_start_matches('+');
    let from = digits.len().saturating_sub(MOST_DIGITS);
    digits.get(from..).unwrap_or_default().to_owned()
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Customer> {
    decode_from(row, 0)
}

fn decode_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Customer> {
    let born: Option<&str> = super::column::text_or_none(row, first + 4)?;
    let born = born.map(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d"));
    Ok(Customer {
        customer_id: text(row, first)?.into(),
        customer_name: row.get(first + 1)?,
        mobile: row.get(first + 2)?,
        email: row.get(first + 3)?,
        born: born
            .transpose()
            .map_err(|e| wrong(first + 4, Type::Text, &e))?,
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::policy::Role;
    use crate::port::store::{Records, Store, StoreError};
    use crate::store::tests::{Clinic, customer, stamp_of};

    #[test]
    fn a_customer_comes_back_as_they_were() {
        let mut clinic = Clinic::empty();
        let mut maria = customer("c1", "Maria Silva");
        maria.mobile = Some("+49 151 2345".to_owned());
        maria.born = chrono::NaiveDate::from_ymd_opt(1987, 3, 14);
        let desk = stamp_of(Role::Receptionist, 0);
        clinic.db.add_customer(&desk, &maria).unwrap();
        assert_eq!(
            clinic.db.customer(&"c1".into()).unwrap(),
            Some(maria.clone())
        );
        assert_eq!(clinic.db.customer(&"c2".into()).unwrap(), None);
        let again = clinic.db.add_customer(&desk, &maria);
        assert!(matches!(again, Err(StoreError::Rule(_))), "{again:?}");
        let denied = clinic
            .db
            .add_customer(&stamp_of(Role::Doctor, 0), &customer("c3", "X"));
        assert!(matches!(denied, Err(StoreError::Denied(_))), "{denied:?}");
    }

    #[test]
    fn people_of_one_name_are_found_whatever_the_case_and_accents() {
        let mut clinic = Clinic::empty();
        let desk = stamp_of(Role::Receptionist, 0);
        for (id, name) in [
            ("c1", "Zoë Åström"),
            ("c2", "zoe astrom"),
            ("c3", "Zoe Astro"),
        ] {
            clinic.db.add_customer(&desk, &customer(id, name)).unwrap();
        }
        let found = clinic.db.customers_named("ZOE ÅSTROM").unwrap();
        let ids: Vec<&str> = found.iter().map(|c| c.customer_id.as_str()).collect();
        assert_eq!(ids, ["c1", "c2"]);
    }
}
