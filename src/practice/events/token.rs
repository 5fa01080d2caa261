//! Sync tokens and page tokens: opaque to a client, checked when they come back.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// What a sync token remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SyncToken {
    /// The data file that gave it out.
    pub epoch: String,
    pub calendar: i64,
    /// Everything up to this change is known to the client.
    pub change: i64,
    pub single_events: bool,
    pub event_types: Vec<String>,
    /// The window of the first read, within which single instances are worked out.
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// Where the next page goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PageToken {
    /// The last change there was when the first page was read.
    pub change: i64,
    /// The last key given out.
    pub key: (i64, String),
    /// What was asked: a page belongs to its question.
    pub question: String,
}

/// Writes a token, with a check sum in front.
pub(super) fn seal(token: &impl Serialize) -> String {
    let text = serde_json::to_vec(token).unwrap_or_default();
    let mut sealed = check(&text).to_vec();
    sealed.extend(text);
    BASE64URL_NOPAD.encode(&sealed)
}

/// Reads a token; `None` if it was not written by [`seal`].
pub(super) fn open<T: DeserializeOwned>(token: &str) -> Option<T> {
    // Google's tokens end in `=`; a client may carry it along.
    let bytes = token.trim_end_matches('=').as_bytes();
    let sealed = BASE64URL_NOPAD.decode(bytes).ok()?;
    let (sum, text) = sealed.split_first_chunk::<6>()?;
    (*sum == check(text)).then(|| serde_json::from_slice(text).ok())?
}

fn check(text: &[u8]) -> [u8; 6] {
    let sum = Sha256::digest(text);
    let mut first = [0; 6];
    for (to, from) in first.iter_mut().zip(sum) {
        *to = from;
    }
    first
}

/// A short name for a question.
pub(super) fn fingerprint(question: &str) -> String {
    BASE64URL_NOPAD.encode(&check(question.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_given_out_are_taken_back() {
        let token = PageToken {
            change: 7,
            key: (3, "abc".into()),
            question: fingerprint("q"),
        };
        let sealed = seal(&token);
        assert_eq!(open::<PageToken>(&sealed), Some(token));
        assert_eq!(open::<PageToken>("CPDAlvWDx70CEPDAlvWDx70C"), None);
        assert_eq!(open::<PageToken>(&sealed[1..]), None);
        assert_eq!(open::<SyncToken>(&sealed), None);
    }
}
