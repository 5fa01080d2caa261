//! Newtypes for identities, so that a doctor's id never stands where a customer's belongs.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )+};
}

text_id! {
    /// Our record of a visit: a UUID in its hyphenated form.
    AppointmentId,
    /// Who comes: a UUID.
    CustomerId,
    /// Who is booked: a UUID.
    DoctorId,
    /// What a visit is for: a UUID.
    ServiceId,
    /// One journalled intent against a calendar: a UUID.
    OperationId,
    /// A Google calendar, as Google names it (often an e-mail address, may hold `#`).
    CalendarId,
    /// A Google event.
    EventId,
    /// The version of an event, with its quotes, as Google sent it.
    Etag,
    /// A clinic; equal at all its desks.
    ClinicId,
    /// One SQLite database of a clinic: a UUID made when it was first created.
    DatabaseId,
    /// One running program.
    DeskId,
    /// A way by which Google tells of a calendar's changes: a UUID of ours.
    ChannelId,
}

/// A row of the audit: its place in the chain, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditId(pub i64);

/// A notice in the inbox, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeNo(pub i64);

const BASE32HEX: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

impl EventId {
    /// The event id of one attempt at an appointment: base32hex of the appointment's UUID, then the
    /// attempt in decimal. The same attempt always has the same id, so a repeated insert
    /// answers 409 and never makes a second event; a deleted id cannot be used again, so each
    /// rebooking is a new attempt. Google takes `[a-v0-9]{5,1024}`.
    pub fn of_attempt(appointment: &AppointmentId, attempt: u32) -> Self {
        Self::with_mark(appointment.as_str(), "", attempt)
    }

    /// The appointment of an id that [`Self::of_attempt`] made, where it names one: a tombstone may say
    /// nothing else.
    pub fn appointment(&self) -> Option<AppointmentId> {
        let (letters, attempt) = self.0.split_at_checked(26)?;
        if attempt.is_empty() || !attempt.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut digits = String::with_capacity(36);
        let (mut bits, mut held) = (0u32, 0u32);
        for letter in letters.bytes() {
            let value = BASE32HEX.iter().position(|b| *b == letter)?;
            held = (held << 5) | u32::try_from(value).ok()?;
            bits += 5;
            while bits >= 4 && digits.len() < 36 {
                bits -= 4;
                if matches!(digits.len(), 8 | 13 | 18 | 23) {
                    digits.push('-');
                }
                digits.push(char::from_digit((held >> bits) & 15, 16)?);
            }
            held &= (1 << bits) - 1;
        }
        Some(AppointmentId::new(digits))
    }

    /// The id of a placeholder that holds the new time while an appointment is moved: of the operation,
    /// since an appointment may be moved many times and no id can be used twice.
    pub fn of_placeholder(operation: &OperationId, attempt: u32) -> Self {
        Self::with_mark(operation.as_str(), "p", attempt)
    }

    fn with_mark(uuid: &str, mark: &str, attempt: u32) -> Self {
        let digits: Vec<u8> = uuid
            .bytes()
            .filter_map(|b| (b as char).to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect();
        let mut out = String::with_capacity(32);
        let (mut bits, mut held) = (0u32, 0u32);
        for digit in digits {
            held = (held << 4) | u32::from(digit);
            bits += 4;
            while bits >= 5 {
                bits -= 5;
                let index = ((held >> bits) & 31) as usize;
                out.extend(BASE32HEX.get(index).map(|b| *b as char));
            }
            held &= (1 << bits) - 1;
        }
        if bits > 0 {
            let index = ((held << (5 - bits)) & 31) as usize;
            out.extend(BASE32HEX.get(index).map(|b| *b as char));
        }
        Self(format!("{out}{mark}{attempt}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_id_is_of_the_letters_google_takes_and_tells_attempts_apart() {
        let id = AppointmentId::new("67e55044-10b1-426f-9247-bb680e5fe0c8");
        let first = EventId::of_attempt(&id, 1);
        assert!(
            first
                .as_str()
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'v').contains(&b))
        );
        assert_eq!(first.as_str().len(), 27);
        assert_ne!(first, EventId::of_attempt(&id, 2));
        assert_ne!(first, EventId::of_placeholder(&id.as_str().into(), 1));
        assert_eq!(first, EventId::of_attempt(&id, 1));
        assert_eq!(first.appointment(), Some(id.clone()));
        assert_eq!(EventId::of_attempt(&id, 12).appointment(), Some(id.clone()));
        assert_eq!(
            EventId::of_placeholder(&id.as_str().into(), 1).appointment(),
            None
        );
        assert_eq!(EventId::new("e1").appointment(), None);
    }
}
