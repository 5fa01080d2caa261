//! The inbox: what people are told, who has read what, and what is forgotten again.
//!
//! Telling happens inside the transaction of what is told, so that nothing happens untold and nothing is
//! told that did not happen. Which notices somebody sees is `domain::policy`'s to say; here it is applied.

mod endings;

pub(super) use endings::{Ending, ended, followed, is_waited_for, trouble};

use super::column::{self, Word, moment, seconds, text, text_or_none, word};
use super::database::Database;
use super::error::unreadable;
use crate::domain::appointment::Appointment;
use crate::domain::id::{AppointmentId, CalendarId, DoctorId, NoticeNo};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::{Act, Hears, hears};
use crate::port::command::Actor;
use crate::port::notices::{News, Notice, NoticeRecords, NoticeStore, ReadWhich};
use crate::port::store::{Stamp, StoreError};
use rusqlite::{Connection, Row, params};

/// A notice that somebody has read is kept so long, in seconds: 90 days.
const KEPT: i64 = 90 * 86_400;

/// What a notice is about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About<'a> {
    /// Whom it concerns.
    pub(super) doctor: Option<&'a DoctorId>,
    /// Which visit.
    pub(super) appointment: Option<&'a AppointmentId>,
    /// Which calendar.
    pub(super) calendar: Option<&'a CalendarId>,
}

impl<'a> About<'a> {
    /// About a visit.
    pub(super) fn visit(visit: &'a Appointment) -> Self {
        Self {
            doctor: Some(&visit.doctor_id),
            appointment: Some(&visit.appointment_id),
            calendar: Some(&visit.google_calendar_id),
        }
    }
}

/// Tells people something, in the transaction that it happens in. The same sentence about the same thing
/// that nobody has read yet is not told twice; notices that were read long ago go.
pub(super) fn tell(
    conn: &Connection,
    stamp: &Stamp,
    kind: NoticeKind,
    sentence: &str,
    about: About<'_>,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM notices WHERE at < ?1
         AND EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice_no = notices.notice_no)",
    )?
    .execute([seconds(stamp.now) - KEPT])?;
    conn.prepare_cached(
        "INSERT INTO notices (at, kind, sentence, doctor_id, appointment_id, calendar_id)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
             SELECT 1 FROM notices n
             WHERE n.appointment_id IS ?5 AND n.kind = ?2 AND n.sentence = ?3 AND n.doctor_id IS ?4
               AND n.calendar_id IS ?6
               AND NOT EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice_no = n.notice_no))",
    )?
    .execute(params![
        seconds(stamp.now),
        kind.word(),
        sentence,
        about.doctor.map(DoctorId::as_str),
        about.appointment.map(AppointmentId::as_str),
        about.calendar.map(CalendarId::as_str),
    ])?;
    Ok(())
}

/// What of `notices n` is shown to somebody: kinds as `?1`, whom they must concern as `?2`.
macro_rules! shown {
    () => {
        "n.kind IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR n.doctor_id = ?2)"
    };
}

/// What somebody is shown, as the parameters of `shown!`.
struct Shown {
    kinds: String,
    of: Option<String>,
}

impl Shown {
    fn to(actor: &Actor) -> Result<Self, StoreError> {
        // Nobody here is known to be one of the doctors yet.
        let Hears { kinds, of } = hears(actor.role, None);
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        Ok(Self {
            kinds: serde_json::to_string(&kinds).map_err(|e| unreadable("kinds of notices", e))?,
            of: of.map(|doctor| doctor.to_string()),
        })
    }
}

fn list(
    conn: &Connection,
    reader: &Actor,
    unread_only: bool,
    limit: usize,
) -> Result<Vec<Notice>, StoreError> {
    let shown = Shown::to(reader)?;
    let mut rows = conn.prepare_cached(concat!(
        "SELECT n.notice_no, n.at, n.kind, n.sentence, n.doctor_id, n.appointment_id, n.calendar_id,
                r.read_at IS NOT NULL
         FROM notices n LEFT JOIN notice_reads r ON r.notice_no = n.notice_no AND r.reader = ?3
         WHERE ",
        shown!(),
        " AND (?4 = 0 OR r.read_at IS NULL)
         ORDER BY n.at DESC, n.notice_no DESC LIMIT ?5"
    ))?;
    let rows = rows.query_map(
        params![
            shown.kinds,
            shown.of,
            reader.name,
            unread_only,
            column::limit(limit)
        ],
        decode,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        number: NoticeNo(row.get(0)?),
        at: moment(row, 1)?,
        kind: word(row, 2)?,
        sentence: text(row, 3)?.to_owned(),
        doctor: text_or_none(row, 4)?.map(DoctorId::from),
        appointment: text_or_none(row, 5)?.map(AppointmentId::from),
        calendar: text_or_none(row, 6)?.map(CalendarId::from),
        read: row.get(7)?,
    })
}

fn unread(conn: &Connection, reader: &Actor) -> Result<u32, StoreError> {
    let shown = Shown::to(reader)?;
    let mut rows = conn.prepare_cached(concat!(
        "SELECT count(*) FROM notices n WHERE ",
        shown!(),
        " AND NOT EXISTS (SELECT 1 FROM notice_reads r
              WHERE r.notice_no = n.notice_no AND r.reader = ?3)"
    ))?;
    Ok(
        rows.query_row(params![shown.kinds, shown.of, reader.name], |row| {
            row.get(0)
        })?,
    )
}

fn read(conn: &Connection, stamp: &Stamp, which: &ReadWhich) -> Result<u32, StoreError> {
    let these = match which {
        ReadWhich::All => return read_between(conn, stamp, 0, i64::MAX),
        ReadWhich::Until(last) => return read_between(conn, stamp, 0, last.0),
        ReadWhich::These(these) => these,
    };
    let shown = Shown::to(&stamp.actor)?;
    let mut known = conn.prepare_cached(concat!(
        "SELECT 1 FROM notices n WHERE ",
        shown!(),
        " AND n.notice_no = ?3"
    ))?;
    let mut count = 0;
    for NoticeNo(number) in these {
        if !known.exists(params![shown.kinds, shown.of, number])? {
            return Err(StoreError::NotFound("notice"));
        }
        count += read_between(conn, stamp, *number, *number)?;
    }
    Ok(count)
}

fn read_between(
    conn: &Connection,
    stamp: &Stamp,
    first: i64,
    last: i64,
) -> Result<u32, StoreError> {
    let shown = Shown::to(&stamp.actor)?;
    let count = conn
        .prepare_cached(concat!(
            "INSERT OR IGNORE INTO notice_reads (notice_no, reader, read_at)
             SELECT n.notice_no, ?3, ?4 FROM notices n WHERE ",
            shown!(),
            " AND n.notice_no BETWEEN ?5 AND ?6"
        ))?
        .execute(params![
            shown.kinds,
            shown.of,
            stamp.actor.name,
            seconds(stamp.now),
            first,
            last
        ])?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

impl NoticeRecords for Database {
    fn notices(
        &self,
        reader: &Actor,
        unread_only: bool,
        limit: usize,
    ) -> Result<Vec<Notice>, StoreError> {
        list(&self.conn, reader, unread_only, limit)
    }

    fn unread_notices(&self, reader: &Actor) -> Result<u32, StoreError> {
        unread(&self.conn, reader)
    }
}

impl NoticeStore for Database {
    fn tell_news(&mut self, stamp: &Stamp, news: &News) -> Result<(), StoreError> {
        let about = About {
            doctor: news.doctor.as_ref(),
            appointment: None,
            calendar: news.calendar.as_ref(),
        };
        self.write(stamp, Act::Repair, |tx| {
            tell(tx, stamp, news.kind, &news.sentence, about)
        })
    }

    fn read_notices(&mut self, stamp: &Stamp, which: &ReadWhich) -> Result<u32, StoreError> {
        self.write(stamp, Act::Read, |tx| read(tx, stamp, which))
    }
}

#[cfg(test)]
#[path = "notices/tests.rs"]
mod tests;
