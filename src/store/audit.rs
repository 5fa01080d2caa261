//! The audit: rows that are only ever added, chained by hashes.
//!
//! Each hash is SHA-256 over the hash before it (32 bytes; for the first row SHA-256 of the
//! database's id) and the row's content as a JSON array `[seq, at, actor, role, desk, action,
//! appointment, customer, about, words]`. The chain shows changes and gaps; it does not stop somebody
//! who can write the file from computing it anew.

use super::column::{Word, moment, seconds, words};
use crate::domain::appointment::{Appointment, Source, Status};
use crate::domain::id::{AppointmentId, AuditId, CustomerId};
use crate::domain::time::Moment;
use crate::port::query::Entry;
use crate::port::store::{Stamp, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// What a row is about, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Somebody asked for a visit.
    Book,
    /// Somebody asked for a visit again.
    Rebook,
    /// Somebody called a visit off.
    Cancel,
    /// Somebody moved a visit to another time.
    Move,
    /// An act was undone.
    Undone,
    /// How far an operation has come.
    Step,
    /// Google did not answer.
    PutOff,
    /// In the calendar.
    Booked,
    /// Lost its slot.
    Refused,
    /// Out of the calendar.
    Cancelled,
    /// At its new time in the calendar.
    Moved,
    /// Left where it was.
    NotMoved,
    /// Booked at another desk, and met in the calendar.
    Adopted,
    /// A person must choose.
    Repair,
    /// A person has chosen.
    Resolved,
    /// A person took Google's time as the visit's.
    TookTime,
    /// A person left a trouble as it is.
    Ignored,
    /// A customer was recorded.
    Customer,
    /// A doctor, hours or a service.
    Clinic,
    /// Many records at once.
    Load,
}

words! { Action:
    Book => "book",
    Rebook => "rebook",
    Cancel => "cancel",
    Move => "move",
    Undone => "undone",
    Step => "step",
    PutOff => "put_off",
    Booked => "booked",
    Refused => "refused",
    Cancelled => "cancelled",
    Moved => "moved",
    NotMoved => "not_moved",
    Adopted => "adopted",
    Repair => "repair",
    Resolved => "resolved",
    TookTime => "took_time",
    Ignored => "ignored",
    Customer => "customer",
    Clinic => "clinic",
    Load => "load",
}

/// A row to be added. `words` are for people, and never hold a reason or another note.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    action: Action,
    words: &'a str,
    appointment: Option<&'a AppointmentId>,
    customer: Option<&'a CustomerId>,
    about: Option<AuditId>,
}

impl<'a> Line<'a> {
    /// A row about nobody in particular.
    pub(super) fn new(action: Action, words: &'a str) -> Self {
        Self {
            action,
            words,
            appointment: None,
            customer: None,
            about: None,
        }
    }

    /// A row about a visit.
    pub(super) fn of(action: Action, appointment: &'a Appointment, words: &'a str) -> Self {
        Self {
            appointment: Some(&appointment.appointment_id),
            customer: Some(&appointment.customer_id),
            ..Self::new(action, words)
        }
    }

    /// A row about a visit whose person does not matter.
    pub(super) fn of_id(action: Action, appointment: &'a AppointmentId, words: &'a str) -> Self {
        Self {
            appointment: Some(appointment),
            ..Self::new(action, words)
        }
    }

    /// A row about a person.
    pub(super) fn of_customer(customer: &'a CustomerId, words: &'a str) -> Self {
        Self {
            customer: Some(customer),
            ..Self::new(Action::Customer, words)
        }
    }

    /// The row that this one undoes.
    pub(super) fn about(self, row: AuditId) -> Self {
        Self {
            about: Some(row),
            ..self
        }
    }
}

/// Adds a row at the end of the chain. Must run in a write transaction.
pub(super) fn append(
    conn: &Connection,
    stamp: &Stamp,
    line: &Line<'_>,
) -> Result<AuditId, StoreError> {
    let last: Option<(i64, Hash)> = conn
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, before) = match last {
        Some((seq, hash)) => (seq + 1, hash),
        None => (1, root(conn)?),
    };
    let content = Content {
        seq,
        at: seconds(stamp.now),
        actor: &stamp.actor.name,
        role: stamp.actor.role.word(),
        desk: stamp.desk.as_str(),
        action: line.action.word(),
        appointment: line.appointment.map(AppointmentId::as_str),
        customer: line.customer.map(CustomerId::as_str),
        about: line.about.map(|row| row.0),
        words: line.words,
    };
    let hash = content.hash(&before);
    conn.prepare_cached(
        "INSERT INTO audit (seq, at, actor, role, desk, action, appointment_id, customer_id, about,
                            words, prev_hash, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        content.seq,
        content.at,
        content.actor,
        content.role,
        content.desk,
        content.action,
        content.appointment,
        content.customer,
        content.about,
        content.words,
        before,
        hash
    ])?;
    Ok(AuditId(seq))
}

/// The first row that does not fit the chain.
pub(super) fn first_break(conn: &Connection) -> Result<Option<AuditId>, StoreError> {
    let mut rows = conn.prepare(
        "SELECT seq, at, actor, role, desk, action, appointment_id, customer_id, about, words,
                prev_hash, hash FROM audit ORDER BY seq",
    )?;
    let mut rows = rows.query([])?;
    let (mut expected, mut before) = (1, root(conn)?);
    while let Some(row) = rows.next()? {
        let content = Content {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get_ref(2)?.as_str().unwrap_or_default(),
            role: row.get_ref(3)?.as_str().unwrap_or_default(),
            desk: row.get_ref(4)?.as_str().unwrap_or_default(),
            action: row.get_ref(5)?.as_str().unwrap_or_default(),
            appointment: row.get_ref(6)?.as_str_or_null().unwrap_or_default(),
            customer: row.get_ref(7)?.as_str_or_null().unwrap_or_default(),
            about: row.get(8)?,
            words: row.get_ref(9)?.as_str().unwrap_or_default(),
        };
        let (stored_before, stored): (Hash, Hash) = (row.get(10)?, row.get(11)?);
        if content.seq != expected || stored_before != before || stored != content.hash(&before) {
            return Ok(Some(AuditId(content.seq)));
        }
        (expected, before) = (expected + 1, stored);
    }
    Ok(None)
}

/// The last row; 0 before the first.
pub(super) fn length(conn: &Connection) -> Result<i64, StoreError> {
    let mut rows = conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM audit")?;
    Ok(rows.query_row([], |row| row.get(0))?)
}

/// What has happened to an appointment, newest first. One that came with many others (the demo, an
/// adopted event) has no rows of its own: then what the record itself says.
pub(super) fn timeline(
    conn: &Connection,
    appointment: &Appointment,
) -> Result<Vec<Entry>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT at, actor, words FROM audit WHERE appointment_id = ?1 ORDER BY seq DESC",
    )?;
    let rows = rows.query_map([appointment.appointment_id.as_str()], |row| {
        Ok(Entry {
            at: moment(row, 0)?,
            actor: row.get(1)?,
            what: row.get(2)?,
        })
    })?;
    let mut entries: Vec<Entry> = rows.collect::<rusqlite::Result<_>>()?;
    let own = entries.len();
    if appointment.source == Source::Demo || (appointment.source == Source::Adopted && own == 0) {
        let entry = |at: Moment, what: &str| Entry {
            at,
            actor: appointment.created_by.clone(),
            what: what.to_owned(),
        };
        if own == 0
            && appointment.status == Status::Cancelled
            && let Some(at) = appointment.cancelled_at
        {
            entries.push(entry(at, "cancelled"));
        }
        let met = appointment.source == Source::Adopted;
        let first = if met { "met in the calendar" } else { "booked" };
        entries.push(entry(appointment.created_at, first));
    }
    Ok(entries)
}

/// What the first row is chained to.
fn root(conn: &Connection) -> Result<Hash, StoreError> {
    let id: String = conn.query_row("SELECT database_id FROM meta", [], |row| row.get(0))?;
    Ok(Sha256::digest(id.as_bytes()).into())
}

#[derive(Clone, Copy)]
struct Content<'a> {
    seq: i64,
    at: i64,
    actor: &'a str,
    role: &'a str,
    desk: &'a str,
    action: &'a str,
    appointment: Option<&'a str>,
    customer: Option<&'a str>,
    about: Option<i64>,
    words: &'a str,
}

impl Content<'_> {
    fn hash(&self, before: &Hash) -> Hash {
        let content = serde_json::json!([
            self.seq,
            self.at,
            self.actor,
            self.role,
            self.desk,
            self.action,
            self.appointment,
            self.customer,
            self.about,
            self.words
        ]);
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(content.to_string().as_bytes());
        hash.finalize().into()
    }
}

#[cfg(test)]
#[path = "audit/tests.rs"]
mod tests;
