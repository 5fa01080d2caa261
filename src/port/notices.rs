//! The inbox: what people are told of what happened without them, and who has read what.

use super::command::Actor;
use super::store::{Stamp, StoreError};
use crate::domain::id::{AppointmentId, CalendarId, DoctorId, NoticeNo};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};

pub use crate::domain::notice::NoticeKind;

/// Something that somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its number; later ones have higher numbers.
    pub number: NoticeNo,
    /// When it was told.
    pub at: Moment,
    /// What it is about.
    pub kind: NoticeKind,
    /// What happened and what it means. Days in it have their date: it may be read much later.
    pub sentence: String,
    /// Whom it concerns.
    pub doctor: Option<DoctorId>,
    /// The visit it is about.
    pub appointment: Option<AppointmentId>,
    /// The calendar it is about.
    pub calendar: Option<CalendarId>,
    /// Whether the reader has read it.
    pub read: bool,
}

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What it is about.
    pub kind: NoticeKind,
    /// What happened and what it means; days with their date, and a full stop at the end.
    pub sentence: String,
    /// Whom it concerns.
    pub doctor: Option<DoctorId>,
    /// The calendar it is about.
    pub calendar: Option<CalendarId>,
}

/// Which notices somebody has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadWhich {
    /// These.
    These(Vec<NoticeNo>),
    /// All up to this one: what came in since has not been seen.
    Until(NoticeNo),
    /// All.
    All,
}

/// Reading. Nobody is shown what [`crate::domain::policy::hears`] keeps from them.
pub trait NoticeRecords {
    /// What the reader is shown, the newest first, at most so many.
    fn notices(
        &self,
        reader: &Actor,
        unread_only: bool,
        limit: usize,
    ) -> Result<Vec<Notice>, StoreError>;

    /// How many the reader has not read.
    fn unread_notices(&self, reader: &Actor) -> Result<u32, StoreError>;
}

/// Writing.
pub trait NoticeStore: NoticeRecords {
    /// Tells something that is no part of another write. What nobody has read yet is not told twice, so
    /// whoever notices it again and again may tell it each time, in the same words.
    fn tell_news(&mut self, stamp: &Stamp, news: &News) -> Result<(), StoreError>;

    /// The stamp's actor has read them; answers with how many of them were unread.
    /// [`StoreError::NotFound`] for a number that the actor is not shown; then none is read.
    fn read_notices(&mut self, stamp: &Stamp, which: &ReadWhich) -> Result<u32, StoreError>;
}
