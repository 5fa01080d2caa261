//! `[push]`: where Google can reach the clinic, and where the program listens for it.

use super::reader::{Document, Found};
use super::{ConfigError, Mode, Push};
use hyper::Uri;
use std::net::{IpAddr, SocketAddr};

/// Both keys or none.
pub(super) fn push(document: &Document<'_>, mode: Mode) -> Result<Option<Push>, ConfigError> {
    let section = document.section("push");
    let url = section.text("public_url", 500)?;
    let listen = section.text("listen", 60)?;
    let (url, listen) = match (url, listen) {
        (None, None) => return Ok(None),
        (Some(url), Some(listen)) => (url, listen),
        (Some(found), None) => {
            return Err(document.wrong(
                found.line,
                "[push] needs listen beside public_url: the address on this machine where notifications arrive, such as 127.0.0.1:8443",
            ));
        }
        (None, Some(found)) => {
            return Err(document.wrong(
                found.line,
                "[push] needs public_url beside listen: the https address at which Google reaches this machine",
            ));
        }
    };
    let wrong = |found: &Found<String>, key: &str, sentence: &str| {
        let said = format!("{key} = “{}”: {sentence}", found.value);
        document.wrong(found.line, said)
    };
    let address = public_url(&url.value, mode).map_err(|why| wrong(&url, "public_url", why))?;
    Ok(Some(Push {
        public_url: address,
        listen: socket(&listen.value).map_err(|why| wrong(&listen, "listen", why))?,
    }))
}

/// Google sends to https alone; the practice calendar also to this machine in the open.
fn public_url(text: &str, mode: Mode) -> Result<String, &'static str> {
    const WRONG: &str = "this is not an address: write it like https://desk.example.org/calendar";
    let uri: Uri = text.parse().map_err(|_| WRONG)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(WRONG);
    };
    if uri.query().is_some() || text.contains('#') || authority.as_str().contains('@') {
        return Err("leave out everything but the server and the path");
    }
    match scheme {
        "https" => {}
        "http" if mode != Mode::Practice => {
            return Err("Google sends to https only: write https");
        }
        "http" if is_this_machine(authority.host()) => {}
        "http" => return Err("http is only possible on this machine (127.0.0.1): write https"),
        _ => return Err(WRONG),
    }
    Ok(format!("{scheme}://{authority}{}", uri.path()))
}

fn socket(text: &str) -> Result<SocketAddr, &'static str> {
    const WRONG: &str = "write an address of this machine and a port, such as 127.0.0.1:8443";
    let named = text
        .strip_prefix("localhost:")
        .map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let address: SocketAddr = named.parse().map_err(|_| WRONG)?;
    if address.port() == 0 {
        return Err("the port must be from 1 to 65535");
    }
    Ok(address)
}

/// Whether a host as it stands in an address is this machine.
pub(super) fn is_this_machine(host: &str) -> bool {
    let inside = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || inside.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn google_is_sent_to_https_and_the_practice_calendar_to_this_machine_too() {
        for mode in [Mode::OAuth, Mode::ServiceAccount, Mode::Practice] {
            assert_eq!(
                public_url("https://desk.example.org", mode).as_deref(),
                Ok("https://desk.example.org/")
            );
            assert_eq!(
                public_url("https://desk.example.org:8443/a/b", mode).as_deref(),
                Ok("https://desk.example.org:8443/a/b")
            );
            for bad in [
                "desk.example.org",
                "/hook",
                "ftp://127.0.0.1/",
                "http://desk.example.org/",
                "https://a:b@desk.example.org/",
                "https://desk.example.org/?x=1",
                "https://desk.example.org/#x",
            ] {
                assert!(public_url(bad, mode).is_err(), "{bad}");
            }
        }
        for local in [
            "http://127.0.0.1:8443/hook",
            "http://[::1]:1/",
            "http://localhost:1/",
        ] {
            assert_eq!(public_url(local, Mode::Practice).as_deref(), Ok(local));
            assert!(public_url(local, Mode::OAuth).is_err(), "{local}");
        }
    }

    #[test]
    fn a_program_listens_at_an_address_with_a_port() {
        let here: SocketAddr = "127.0.0.1:8443".parse().unwrap();
        assert_eq!(socket("127.0.0.1:8443"), Ok(here));
        assert_eq!(socket("localhost:8443"), Ok(here));
        assert!(socket("0.0.0.0:8443").is_ok());
        assert!(socket("[::]:8443").is_ok());
        for bad in ["8443", "127.0.0.1", "127.0.0.1:0", "desk.example.org:1", ""] {
            assert!(socket(bad).is_err(), "{bad}");
        }
    }
}
