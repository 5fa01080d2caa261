//! Where the calendar service is: checks a base address, and writes ids into paths.
//!
//! The crate panics on an address that it cannot parse and puts ids into paths as they are, so both
//! are settled here before it sees them.

use crate::port::calendar::CalendarError;
use hyper::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::net::{Ipv4Addr, Ipv6Addr};
use thiserror::Error;

/// Google's own address.
const GOOGLE: &str = "https://www.googleapis.com/calendar/v3/";
/// The path that stands for an address without one.
const PATH: &str = "/calendar/v3";

/// All that may stand in a path segment unencoded (RFC 3986 calls it unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Options that cannot be worked with. The text is a sentence fit for a person.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// The address is not one.
    #[error("base_url “{0}” cannot be used: {1}")]
    Address(String, &'static str),
    /// The token holds what cannot be sent.
    #[error("the Google token cannot be used: it is empty or holds blanks or control characters")]
    Token,
}

/// A checked address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Ends with a slash.
    pub(super) base: String,
    /// Plain http, to this machine.
    pub(super) plain: bool,
}

impl Address {
    /// Google's address for none; otherwise https, or http to this machine. A host alone gets the
    /// API's path.
    pub(super) fn new(text: Option<&str>) -> Result<Self, OptionsError> {
        let Some(text) = text.map(str::trim) else {
            return Ok(Self {
                base: GOOGLE.to_owned(),
                plain: false,
            });
        };
        read(text).map_err(|why| OptionsError::Address(crate::domain::text::clean(text, 200), why))
    }
}

fn read(text: &str) -> Result<Address, &'static str> {
    if text.contains(['?', '#', '@']) {
        return Err("it must not hold ?, # or @");
    }
    let uri: Uri = text.parse().map_err(|_| "it is not a web address")?;
    let scheme = uri.scheme_str().map(str::to_ascii_lowercase);
    let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
        return Err("write it in full, such as https://www.googleapis.com/calendar/v3/");
    };
    let host = authority.host();
    let host_kind = host_kind(host).ok_or("its host is not a name or an IP address")?;
    let port = match authority.as_str().strip_prefix(host) {
        Some("" | ":") => String::new(),
        Some(tail) => match tail.trim_start_matches(':').parse::<u16>() {
            Ok(port) if port > 0 => format!(":{port}"),
            _ => return Err("its port is not a number from 1 to 65535"),
        },
        None => return Err("its host is not a name or an IP address"),
    };
    let plain = match scheme.as_str() {
        "https" => false,
        "http" if host_kind == Host::ThisMachine => true,
        "http" => {
            return Err("http is only for a practice calendar on this machine; write https");
        }
        _ => return Err("it must begin with https://"),
    };
    let path = uri.path().trim_end_matches('/');
    let usual = |c: char| c.is_ascii_alphanumeric() || "/-_.~%".contains(c);
    if !path.chars().all(usual) || path.split('/').any(|part| matches!(part, "." | "..")) {
        return Err("its path holds characters that it cannot hold");
    }
    let path = if path.is_empty() { PATH } else { path };
    Ok(Address {
        base: format!("{scheme}://{host}{port}{path}/"),
        plain,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    ThisMachine,
    Elsewhere,
}

/// None for what the crate's own parser might refuse (it would panic).
fn host_kind(host: &str) -> Option<Host> {
    let kind = |loopback: bool| {
        if loopback {
            Host::ThisMachine
        } else {
            Host::Elsewhere
        }
    };
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner
            .parse::<Ipv6Addr>()
            .ok()
            .map(|ip| kind(ip.is_loopback()));
    }
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return Some(kind(ip.is_loopback()));
    }
    let label = |l: &str| {
        !l.is_empty()
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !l.to_ascii_lowercase().starts_with("xn--")
    };
    // a last label that begins with a digit is read as an IP address by some parsers
    let last_is_name = host
        .rsplit('.')
        .next()
        .is_some_and(|l| l.starts_with(|c: char| c.is_ascii_alphabetic()));
    (host.split('.').all(label) && last_is_name && host.len() <= 253)
        .then(|| kind(host.eq_ignore_ascii_case("localhost")))
}

/// An id as a path segment. Refuses what would name another resource: nothing, `.` and `..`.
pub(super) fn segment(id: &str) -> Result<String, CalendarError> {
    if matches!(id, "" | "." | "..") {
        return Err(CalendarError::Invalid(
            "a calendar or an event has no usable id".to_owned(),
        ));
    }
    Ok(utf8_percent_encode(id, SEGMENT).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> String {
        Address::new(Some(text)).unwrap().base
    }

    #[test]
    fn an_address_gets_one_trailing_slash_and_a_host_alone_the_path_of_the_api() {
        assert_eq!(Address::new(None).unwrap().base, GOOGLE);
        assert_eq!(
            base("https://www.googleapis.com/calendar/v3"),
            "https://www.googleapis.com/calendar/v3/"
        );
        assert_eq!(
            base("http://127.0.0.1:8080/calendar/v3///"),
            "http://127.0.0.1:8080/calendar/v3/"
        );
        assert_eq!(
            base(" HTTP://localhost:1 "),
            "http://localhost:1/calendar/v3/"
        );
        assert_eq!(base("http://[::1]:9/x"), "http://[::1]:9/x/");
        assert!(Address::new(Some("http://127.9.0.1:2")).unwrap().plain);
        assert!(!Address::new(Some("https://localhost")).unwrap().plain);
    }

    #[test]
    fn what_is_no_address_or_would_send_the_token_in_the_open_is_refused_in_words() {
        for bad in [
            "",
            "localhost:8080",
            "//x/y",
            "ftp://127.0.0.1/",
            "http://example.org/calendar/v3/",
            "http://localhost.example.org/",
            "http://127.0.0.1.example.org/",
            "http://192.168.0.1/",
            "https://user:word@www.googleapis.com/",
            "https://www.googleapis.com/?x=1",
            "https://www.googleapis.com/#x",
            "https://127.0.0.1:99999/",
            "https://127.0.0.1:x/",
            "https://1.2.3.4.5/",
            "https://0x7f.0x1/",
            "https://a..b/",
            "https://xn--a/",
            "https://a^b/",
            "https://[::1/",
            "https://localhost/a/../b/",
            "https://localhost/{calendarId}/",
        ] {
            let error = Address::new(Some(bad)).unwrap_err();
            assert!(
                error.to_string().contains("cannot be used"),
                "{bad}: {error}"
            );
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        assert_eq!(
            segment("en.german#holiday@group.v.calendar.google.com").unwrap(),
            "en.german%23holiday%40group.v.calendar.google.com"
        );
        assert_eq!(
            segment("a/b?c%2e{eventId}").unwrap(),
            "a%2Fb%3Fc%252e%7BeventId%7D"
        );
        for bad in ["", ".", ".."] {
            assert!(segment(bad).is_err(), "{bad}");
        }
    }
}
