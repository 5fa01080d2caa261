//! What has happened without whoever asks, and what of it they have read.

use super::args::{NoticesAct, NoticesList, NoticesRead};
use super::objects::{NoticeObject, NoticesReadObject};
use super::say;
use super::voice::{Done, Result};
use super::{Front, misfit};
use crate::domain::id::NoticeNo;
use crate::port::command::{Command, Outcome};
use crate::port::notices::{Notice, ReadWhich};
use crate::port::query::{Answer, Query};

pub(super) fn notices(front: &mut Front<'_>, act: &NoticesAct) -> Result<Done> {
    match act {
        NoticesAct::List(which) => list(front, which),
        NoticesAct::Read(which) => read(front, which),
    }
}

fn list(front: &Front<'_>, which: &NoticesList) -> Result<Done> {
    let query = Query::Notices {
        unread_only: !which.all,
        limit: usize::from(which.limit),
    };
    let Answer::Notices(notices) = front.ask(&query)? else {
        return Err(misfit());
    };
    let objects: Vec<NoticeObject<'_>> = notices.iter().map(Into::into).collect();
    front.done(&objects, || match (notices.is_empty(), which.all) {
        (true, true) => "There are no notices.".to_owned(),
        (true, false) => {
            "Nothing is unread. frontdesk notices list --all shows what was read.".to_owned()
        }
        (false, _) => in_words(front, &notices),
    })
}

fn in_words(front: &Front<'_>, notices: &[Notice]) -> String {
    let unread = notices.iter().filter(|notice| !notice.read).count();
    let told: Vec<String> = notices
        .iter()
        .map(|notice| {
            let new = if notice.read { "read" } else { "NEW " };
            format!(
                "{new}  {}  no. {}\n  {}",
                say::at(notice.at, front.zone()),
                notice.number.0,
                notice.sentence
            )
        })
        .collect();
    format!(
        "{unread} unread, times of {}\n\n{}",
        front.zone(),
        told.join("\n\n")
    )
}

fn read(front: &mut Front<'_>, which: &NoticesRead) -> Result<Done> {
    let which = match which.number {
        Some(number) => ReadWhich::These(vec![NoticeNo(i64::from(number))]),
        None => ReadWhich::All,
    };
    let Outcome::NoticesRead(read) = front.perform(Command::ReadNotices(which))? else {
        return Err(misfit());
    };
    front.done(&NoticesReadObject { read }, || match read {
        0 => "There was nothing unread.".to_owned(),
        1 => "1 notice is marked as read.".to_owned(),
        many => format!("{many} notices are marked as read."),
    })
}
