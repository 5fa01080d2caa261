//! How the change of the visit's event came out, and what a person is told when it did not.

use crate::domain::id::Etag;
use crate::domain::time::Interval;
use crate::flow::operation::{Cause, Settlement};
use serde::{Deserialize, Serialize};

/// What became of the visit's event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// It carries our operation.
    Moved {
        etag: Etag,
        visit: Interval,
        rev: u32,
        /// What else stands at the new time, in words.
        in_the_way: Option<String>,
    },
    /// It was not moved, and a person must look.
    Trouble { cause: Cause, detail: String },
}

impl Outcome {
    pub(super) fn gone() -> Self {
        Self::trouble(
            Cause::GoneFromGoogle,
            "The visit was to be moved, but somebody has removed its event from Google Calendar",
        )
    }

    pub(super) fn strangers() -> Self {
        Self::trouble(
            Cause::StrangersEvent,
            "The visit was to be moved, but the event under its id is not ours any more; it was left alone",
        )
    }

    pub(super) fn changed() -> Self {
        Self::trouble(
            Cause::ChangedInGoogle,
            "The visit was to be moved, but somebody else has changed its time meanwhile; it was left as it is",
        )
    }

    pub(super) fn interrupted() -> Self {
        Self::trouble(
            Cause::ChangedInGoogle,
            "The move was interrupted and the hold on the new time is gone, so the visit was left where it \
             was. Look into Google Calendar, then move it again",
        )
    }

    pub(super) fn refused(why: &str) -> Self {
        Self::Trouble {
            cause: Cause::RefusedByGoogle,
            detail: format!("Google refuses to let the desk move this visit: {why}"),
        }
    }

    fn trouble(cause: Cause, detail: &str) -> Self {
        Self::Trouble {
            cause,
            detail: detail.to_owned(),
        }
    }

    /// For the timeline.
    pub(super) fn note(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "moved in the calendar",
            Self::Trouble { .. } => "not moved",
        }
    }

    /// The end.
    pub(super) fn settlement(self) -> Settlement {
        match self {
            Self::Moved {
                etag,
                visit,
                rev,
                in_the_way,
            } => Settlement::Moved {
                etag,
                visit,
                rev,
                in_the_way,
            },
            Self::Trouble { cause, detail } => Settlement::Repair { cause, detail },
        }
    }
}
