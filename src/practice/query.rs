//! The part of an address behind the question mark, read as strictly as Google reads it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// The parameters in the order they came; a name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=2`. A bare `?` gives an empty text and so no parameter. A plus is a space.
    pub fn parse(text: &str) -> Self {
        let decode = |part: &str| {
            let spaced = part.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// The value of a parameter; the last one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().rev().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated.
    pub fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some("true" | "True") => Ok(Some(true)),
            Some("false" | "False") => Ok(Some(false)),
            Some(other) => Err(Refusal::parameter(
                name,
                format!("Invalid boolean value: '{other}'."),
            )),
        }
    }

    pub fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let parse = |text: &str| {
            text.parse().map_err(|_| {
                let message = format!("Invalid integer value: '{text}'.");
                Refusal::parameter(name, message)
            })
        };
        self.get(name).map(parse).transpose()
    }

    /// A moment in RFC 3339 with its offset, which is mandatory.
    pub fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let parse = |text: &str| {
            DateTime::parse_from_rfc3339(text)
                .map(|time| time.to_utc())
                .map_err(|_| Refusal::bad_request("Bad Request"))
        };
        self.get(name).map(parse).transpose()
    }

    pub fn zone(&self, name: &str) -> Result<Option<Tz>, Refusal> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| Refusal::parameter(name, format!("Invalid time zone: '{text}'.")))
        };
        self.get(name).map(parse).transpose()
    }

    /// One of a few words.
    pub fn one_of(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Refusal> {
        match self.get(name) {
            Some(word) if !words.contains(&word) => Err(Refusal::parameter(
                name,
                format!("Invalid value '{word}'. Allowed values: {words:?}"),
            )),
            found => Ok(found),
        }
    }

    /// The page size, held between 1 and `most`.
    pub fn max_results(&self, usual: usize, most: usize) -> Result<usize, Refusal> {
        match self.number("maxResults")? {
            None => Ok(usual),
            Some(number) if number < 1 => Err(Refusal::parameter(
                "maxResults",
                format!("Invalid value '{number}'. Values must be within the range: [1, {most}]"),
            )),
            Some(number) => Ok(usize::try_from(number).unwrap_or(most).min(most)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_escaped_and_bare_parameters_are_read() {
        let query = Query::parse("a=1&a=%C3%A9+x&b&alt=json");
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["1", "é x"]);
        assert_eq!(query.get("b"), Some(""));
        assert_eq!(Query::parse(""), Query::default());
    }

    #[test]
    fn a_time_needs_its_offset_and_an_unescaped_plus_is_lost() {
        let time = |text: &str| Query::parse(text).time("t");
        assert!(time("t=2026-11-24T09:00:00%2B01:00").unwrap().is_some());
        assert!(time("t=2026-11-24T09:00:00+01:00").is_err());
        assert!(time("t=2026-11-24T09:00:00").is_err());
        assert!(time("t=2026-11-24").is_err());
    }

    #[test]
    fn page_sizes_are_held_in_their_range() {
        let size = |text: &str| Query::parse(text).max_results(250, 2500);
        assert_eq!(size("").unwrap(), 250);
        assert_eq!(size("maxResults=9999").unwrap(), 2500);
        assert!(size("maxResults=0").is_err());
        assert!(size("maxResults=many").is_err());
    }
}
