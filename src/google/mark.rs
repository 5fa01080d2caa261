//! Our mark on an event: private extended properties, visible to nobody in the calendar's own pages.
//!
//! | key | value |
//! |---|---|
//! | `fdV` | version of this table: `1` |
//! | `fdKind` | `appointment`, or `placeholder` for a time held during a move |
//! | `fdClinic` | clinic |
//! | `fdDatabase` | database that knows the appointment |
//! | `fdDesk` | desk that wrote it |
//! | `fdAppointment` | appointment |
//! | `fdOp` | operation that wrote it last |
//! | `fdRev` | count of our changes of its times |
//! | `fdAttempt` | which attempt at the appointment |
//! | `fdDoctor` | doctor |
//! | `fdService` | service; absent where only a length was chosen |
//! | `fdName` | the customer's name; absent unless the event's title says it |
//! | `fdCustomer` | customer; absent where nothing about customers may leave the desk |
//! | `fdBefore`, `fdAfter` | minutes kept free before and after |
//! | `fdLease` | seconds that a claim lives, by Google's clock |
//!
//! Google takes keys of at most 44 and values of at most 1024 characters. A mark of another version,
//! or with a field missing or broken, is not ours: its event counts as a person's and blocks time.

use crate::domain::event::{Mark, MarkKind};
use crate::domain::id::OperationId;
use crate::domain::service::Buffers;
use crate::domain::text;
use std::collections::HashMap;

const VERSION: &str = "1";
/// The most characters of a value.
const MOST: usize = 1024;

/// The private properties that a mark is written as; None if a value is empty, longer than Google
/// takes, or would not be read back as it is. Public for what fills a practice calendar with visits.
pub fn to_properties(mark: &Mark) -> Option<HashMap<String, String>> {
    let kind = match mark.kind {
        MarkKind::Appointment => "appointment",
        MarkKind::Placeholder => "placeholder",
    };
    let mut pairs = vec![
        ("fdV", VERSION.to_owned()),
        ("fdKind", kind.to_owned()),
        ("fdClinic", mark.clinic.to_string()),
        ("fdDatabase", mark.database.to_string()),
        ("fdDesk", mark.desk.to_string()),
        ("fdAppointment", mark.appointment.to_string()),
        ("fdOp", mark.operation.to_string()),
        ("fdRev", mark.rev.to_string()),
        ("fdAttempt", mark.attempt.to_string()),
        ("fdDoctor", mark.doctor.to_string()),
        ("fdBefore", mark.buffers.before().to_string()),
        ("fdAfter", mark.buffers.after().to_string()),
        ("fdLease", mark.lease_seconds.to_string()),
    ];
    pairs.extend(
        mark.service
            .as_ref()
            .map(|id| ("fdService", id.to_string())),
    );
    pairs.extend(
        mark.customer
            .as_ref()
            .map(|id| ("fdCustomer", id.to_string())),
    );
    pairs.extend(mark.name.clone().map(|name| ("fdName", name)));
    pairs
        .into_iter()
        .map(|(key, value)| usable(&value).then(|| (key.to_owned(), value)))
        .collect()
}

/// What a change of the times writes into the mark; None as for [`to_properties`].
pub(super) fn of_change(rev: u32, operation: &OperationId) -> Option<HashMap<String, String>> {
    let operation = operation.to_string();
    usable(&operation).then(|| {
        HashMap::from([
            ("fdRev".to_owned(), rev.to_string()),
            ("fdOp".to_owned(), operation),
        ])
    })
}

/// The mark that the properties make, if they make one.
pub(super) fn from_properties(properties: &HashMap<String, String>) -> Option<Mark> {
    let read = Reader(properties);
    if read.text("fdV")? != VERSION {
        return None;
    }
    let kind = match read.text("fdKind")? {
        "appointment" => MarkKind::Appointment,
        "placeholder" => MarkKind::Placeholder,
        _ => return None,
    };
    Some(Mark {
        kind,
        clinic: read.text("fdClinic")?.into(),
        database: read.text("fdDatabase")?.into(),
        desk: read.text("fdDesk")?.into(),
        appointment: read.text("fdAppointment")?.into(),
        operation: read.text("fdOp")?.into(),
        rev: read.number("fdRev")?,
        attempt: read.number("fdAttempt")?,
        doctor: read.text("fdDoctor")?.into(),
        service: read.optional("fdService").ok()?,
        customer: read.optional("fdCustomer").ok()?,
        name: read.optional("fdName").ok()?,
        buffers: Buffers::new(read.number("fdBefore")?, read.number("fdAfter")?).ok()?,
        lease_seconds: read.number("fdLease")?,
    })
}

/// Whether a value comes back as it was: clean, on one line, not too long, not empty.
fn usable(value: &str) -> bool {
    !value.is_empty() && text::clean(value, MOST) == value
}

struct Broken;

struct Reader<'a>(&'a HashMap<String, String>);

impl<'a> Reader<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).map(String::as_str).filter(|v| usable(v))
    }

    /// What may be absent, but not broken.
    fn optional<T: From<&'a str>>(&self, key: &str) -> Result<Option<T>, Broken> {
        match (self.0.contains_key(key), self.text(key)) {
            (true, None) => Err(Broken),
            (_, text) => Ok(text.map(T::from)),
        }
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.text(key)?.parse().ok()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::google) fn mark() -> Mark {
        Mark {
            kind: MarkKind::Appointment,
            clinic: "clinic".into(),
            database: "0b3c".into(),
            desk: "front".into(),
            appointment: "67e55044-10b1-426f-9247-bb680e5fe0c8".into(),
            operation: "op-1".into(),
            rev: 0,
            attempt: 1,
            doctor: "d-1".into(),
            service: Some("s-1".into()),
            customer: None,
            name: None,
            buffers: Buffers::new(10, 5).unwrap(),
            lease_seconds: 120,
        }
    }

    #[test]
    fn a_mark_with_any_field_missing_or_broken_is_not_ours() {
        let whole = to_properties(&mark()).unwrap();
        assert_eq!(from_properties(&whole), Some(mark()));
        for key in whole.keys().filter(|key| *key != "fdService") {
            let mut less = whole.clone();
            less.remove(key);
            assert_eq!(from_properties(&less), None, "without {key}");
        }
        for (key, value) in [
            ("fdV", "2"),
            ("fdKind", "claim"),
            ("fdClinic", ""),
            ("fdDesk", "front\u{202e}"),
            ("fdRev", "-1"),
            ("fdAttempt", "one"),
            ("fdBefore", "121"),
            ("fdLease", "4294967296"),
            ("fdService", ""),
        ] {
            let mut broken = whole.clone();
            broken.insert(key.to_owned(), value.to_owned());
            assert_eq!(from_properties(&broken), None, "{key}={value}");
        }
    }

    #[test]
    fn keys_and_values_fit_what_google_takes() {
        let whole = to_properties(&mark()).unwrap();
        assert!(whole.keys().all(|key| key.len() <= 44));
        let long = Mark {
            desk: "x".repeat(1025).into(),
            ..mark()
        };
        assert_eq!(to_properties(&long), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            clinic in "[a-zé ]{0,20}", rev: u32, attempt: u32, lease: u32,
            before in 0u32..=120, after in 0u32..=120, placeholder: bool, customer: Option<u32>,
        ) {
            let written = Mark {
                kind: if placeholder { MarkKind::Placeholder } else { MarkKind::Appointment },
                clinic: clinic.as_str().into(),
                rev, attempt,
                lease_seconds: lease,
                buffers: Buffers::new(before, after).unwrap(),
                customer: customer.map(|c| c.to_string().into()),
                ..mark()
            };
            if let Some(properties) = to_properties(&written) {
                prop_assert_eq!(from_properties(&properties), Some(written));
            } else {
                prop_assert!(!usable(&clinic));
            }
        }
    }
}
