//! Event ids: chosen by the client, made up here, or made from a recurring event's id.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::practice::refusal::Refusal;
use crate::practice::when::When;

/// base32hex in lower case, 5 to 1024 characters.
pub(in crate::practice) fn check(id: &str) -> Result<(), Refusal> {
    let fits = (5..=1024).contains(&id.len());
    let spelled = id.bytes().all(|b| matches!(b, b'a'..=b'v' | b'0'..=b'9'));
    if fits && spelled {
        Ok(())
    } else {
        Err(Refusal::bad_id())
    }
}

/// A new id, 26 characters long.
pub(in crate::practice) fn fresh() -> String {
    data_encoding::BASE32HEX_NOPAD
        .encode(uuid::Uuid::new_v4().as_bytes())
        .to_lowercase()
}

/// Takes `base_20261124T090000Z` or `base_20261124` apart.
pub(in crate::practice) fn of_instance(id: &str) -> Option<(&str, When)> {
    let (base, suffix) = id.rsplit_once('_')?;
    let when = if suffix.len() == 8 {
        When::Day(NaiveDate::parse_from_str(suffix, "%Y%m%d").ok()?)
    } else {
        let utc = NaiveDateTime::parse_from_str(suffix, "%Y%m%dT%H%M%SZ").ok()?;
        When::At {
            utc: utc.and_utc(),
            zone: Tz::UTC,
        }
    };
    Some((base, when))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_base32hex() {
        assert!(check("abcv0129").is_ok() && check(&fresh()).is_ok());
        for wrong in [
            "abcd",
            "abcdw",
            "ABCDE",
            "abc_de",
            "abc-de",
            "",
            &"a".repeat(1025),
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_instance_names_its_base_and_its_start() {
        let (base, start) = of_instance("abcde_20261124T090000Z").unwrap();
        assert_eq!(
            (base, start.suffix().as_str()),
            ("abcde", "20261124T090000Z")
        );
        assert!(of_instance("abcde_20261124").unwrap().1.is_day());
        assert!(of_instance("abcde").is_none() && of_instance("abcde_x").is_none());
    }
}
