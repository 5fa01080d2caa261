//! Watch channels: Google tells us that a calendar has changed, so that we need not ask. What changed it
//! does not tell.

use super::calendar::{Calendar, CalendarError, Stamped};
use super::store::StoreError;
use crate::domain::id::{CalendarId, ChannelId};
use crate::domain::time::Moment;
use sha2::{Digest, Sha256};
use std::fmt;
use std::future::Future;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// What Google must say to be believed; known to Google and, while it is being asked, to us.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelToken(String);

impl ChannelToken {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself: for the request to Google and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// By what it is recognised afterwards.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// Never the secret.
impl fmt::Debug for ChannelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelToken(…)")
    }
}

/// The SHA-256 of a token. The token itself is not kept: who reads the database cannot speak for Google.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Whether it is the hash of this text; takes the same time wherever they differ.
    pub fn is_of(&self, text: &[u8]) -> bool {
        let other: [u8; 32] = Sha256::digest(text).into();
        self.0.ct_eq(&other).into()
    }
}

/// A channel to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name, at most 64 characters; Google takes each one once.
    pub id: ChannelId,
    /// Where Google sends to: https (http only to the practice calendar).
    pub address: String,
    /// What Google says along, at most 256 characters.
    pub token: ChannelToken,
    /// How long it is to live, in whole seconds. Google may shorten it.
    pub ttl: Duration,
}

/// What Google says of a channel it opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Google's name for what is watched; needed to stop the channel.
    pub resource_id: String,
    /// When the channel ends, by Google's clock; none: Google did not say.
    pub expires_at: Option<Moment>,
}

/// A calendar service that tells of changes.
pub trait Watch: Calendar {
    /// Opens a channel. [`CalendarError::Duplicate`]: the id was used before.
    fn watch(
        &self,
        calendar: &CalendarId,
        channel: &Channel,
    ) -> impl Future<Output = Result<Stamped<Watched>, CalendarError>> + Send;

    /// Stops a channel. [`CalendarError::NotFound`]: there is none, or none any more.
    fn unwatch(
        &self,
        channel: &ChannelId,
        resource_id: &str,
    ) -> impl Future<Output = Result<(), CalendarError>> + Send;
}

/// A channel as the database has it: open, perhaps open, or to be stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchChannel {
    /// Its name.
    pub id: ChannelId,
    /// Whose changes it tells of.
    pub calendar: CalendarId,
    /// The address on this machine at which its program listens. Only one program can: what stands there
    /// when another one listens at the same address was left behind.
    pub listener: String,
    /// Google's name for what is watched; none until it has answered.
    pub resource_id: Option<String>,
    /// By what Google is recognised.
    pub token: TokenHash,
    /// When it ends, by this desk's clock.
    pub expires_at: Moment,
}

/// Reading.
pub trait ChannelRecords {
    /// The channels of whoever listens at the address, by calendar and end.
    fn channels(&self, listener: &str) -> Result<Vec<WatchChannel>, StoreError>;
}

/// Writing.
pub trait ChannelStore: ChannelRecords {
    /// Keeps a channel, or what is known of it by now.
    fn keep_channel(&mut self, channel: &WatchChannel) -> Result<(), StoreError>;

    /// The channel is stopped, was never opened, or has ended.
    fn forget_channel(&mut self, id: &ChannelId) -> Result<(), StoreError>;

    /// Forgets the channels, whoever's, that have ended by now.
    fn forget_ended(&mut self, now: Moment) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_by_its_hash_and_never_printed() {
        let token = ChannelToken::new("open sesame");
        assert!(token.hash().is_of(b"open sesame"));
        assert!(!token.hash().is_of(b"open sesam"));
        assert!(!token.hash().is_of(b""));
        let channel = Channel {
            id: "c-1".into(),
            address: "https://desk.example.org/".to_owned(),
            token,
            ttl: Duration::from_mins(1),
        };
        assert!(!format!("{channel:?}").contains("sesame"));
    }
}
