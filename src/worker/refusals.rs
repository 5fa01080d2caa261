//! How errors of the database become refusals: which code, which sentence.

use crate::domain::appointment::Appointment;
use crate::port::command::{Code, Refusal};
use crate::port::store::StoreError;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Denied(_) => Code::NotPermitted,
            StoreError::Overlap(_) => Code::NotAvailable,
            StoreError::NotFound(_) => Code::NotFound,
            StoreError::KeyReused => Code::Usage,
            StoreError::OperationOpen | StoreError::Rule(_) => Code::Rule,
            StoreError::LeaseLost
            | StoreError::Busy
            | StoreError::DiskFull
            | StoreError::DiskRefuses
            | StoreError::ReadOnly
            | StoreError::Failed(_) => Code::Internal,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

/// What is to be known of a booking that the database broke off.
pub(super) const UNFINISHED_BOOKING: &str = "The visit is recorded here and may stand in the calendar already, but its end could not be written \
     down. Do not promise the time yet, and do not book it a second time";
/// The same of a cancellation.
pub(super) const UNFINISHED_CANCELLATION: &str = "The cancellation is recorded here, but its end could not be written down: the visit may stand in the \
     calendar still. Do not give its time away yet";

/// The same of a move.
pub(super) const UNFINISHED_MOVE: &str = "The move is recorded here and may be carried out in the calendar already, but its end could not be \
     written down. The visit stands at its old time or at its new one: promise neither, and do not move it a \
     second time";

/// The database failed *after* the intent was journalled: unlike other refusals, something has happened.
pub(super) fn unfinished(error: &StoreError, appointment: &Appointment, what: &str) -> Refusal {
    let why = match error {
        StoreError::Busy => {
            "another program holds the clinic's database and did not let go of it for five seconds"
        }
        StoreError::DiskFull => "the disk is full: make room on it",
        StoreError::DiskRefuses => {
            "the disk takes no more, since it is full, over a quota, or broken: see to it"
        }
        StoreError::ReadOnly => {
            "the clinic's database can only be read: see to it that it can be written"
        }
        other => &other.to_string(),
    };
    let id = appointment.appointment_id.as_str();
    let id: String = id.chars().take(8).collect();
    Refusal::new(
        Code::Internal,
        format!(
            "{what}: {why}. Once it can be written, an open desk ends this by itself within a minute; without \
             one: frontdesk repair retry {id}"
        ),
    )
}

/// A sentence: begins with a capital and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '!', '?', '”']) {
        out.push('.');
    }
    out
}
