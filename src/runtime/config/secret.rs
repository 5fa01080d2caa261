//! What must never be shown: kept in a type that does not print itself.

use super::{ConfigError, Environment};
use std::fmt;

/// A secret; its Debug hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret into keeping.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The OAuth client that the clinic registered with Google.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoogleClient {
    /// `GOOGLE_CLIENT_ID`.
    pub id: String,
    /// `GOOGLE_CLIENT_SECRET`.
    pub secret: Secret,
}

impl GoogleClient {
    /// The client as the environment names it; half of one is refused.
    pub(super) fn from_environment(env: Environment<'_>) -> Result<Option<Self>, ConfigError> {
        let value = |name: &str| {
            env(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let missing = |there: &str, not: &str| {
            Err(ConfigError::Environment(format!(
                "{there} is set and {not} is not: both belong to one client of Google's. Set both, or neither"
            )))
        };
        match (value("GOOGLE_CLIENT_ID"), value("GOOGLE_CLIENT_SECRET")) {
            (Some(id), Some(secret)) => Ok(Some(Self {
                id,
                secret: Secret::new(secret),
            })),
            (None, None) => Ok(None),
            (Some(_), None) => missing("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
            (None, Some(_)) => missing("GOOGLE_CLIENT_SECRET", "GOOGLE_CLIENT_ID"),
        }
    }
}
