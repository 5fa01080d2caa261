//! Who we are to Google: a token source of our own.
//!
//! Each generated call asks for a scope of its own choosing; the source ignores what is asked, since
//! the scopes were settled at sign-in. yup-oauth2's own flow is never started from here: a failed
//! refresh there opens a browser and hangs. Accounts and their refresh will be further sources.

use super::address::OptionsError;
use google_calendar3::common::GetToken;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use thiserror::Error;

/// What the practice calendar is shown; no secret.
const PRACTICE: &str = "practice";

/// How the program signs in.
#[derive(Clone)]
pub enum Token {
    /// To the practice calendar, which asks for no secret.
    Practice,
    /// A bearer token that does not change.
    Fixed(String),
    /// A person's Google account, of which nothing is stored.
    OAuth,
    /// A service account, whose key is not stored.
    ServiceAccount,
}

/// Shows the kind, never the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Practice => "Practice",
            Self::Fixed(_) => "Fixed(…)",
            Self::OAuth => "OAuth",
            Self::ServiceAccount => "ServiceAccount",
        })
    }
}

/// There is no token to show; why, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub(super) struct NoToken(pub(super) &'static str);

/// The source that the hub and the raw calls draw from.
#[derive(Clone)]
pub(super) struct Tokens(Source);

#[derive(Clone)]
enum Source {
    Bearer(Arc<str>),
    None(NoToken),
}

impl Tokens {
    /// Refuses a token that no header can hold: the crate would panic on it.
    pub(super) fn new(token: Token) -> Result<Self, OptionsError> {
        let source = match token {
            Token::Practice => Source::Bearer(PRACTICE.into()),
            Token::Fixed(text) => {
                let visible = text.bytes().all(|b| b.is_ascii_graphic());
                if text.is_empty() || !visible {
                    return Err(OptionsError::Token);
                }
                Source::Bearer(text.into())
            }
            Token::OAuth => Source::None(NoToken(
                "no Google account is connected: this version cannot sign in yet and works with \
                 mode = \"practice\"",
            )),
            Token::ServiceAccount => Source::None(NoToken(
                "no service account is connected: this version cannot sign in yet and works with \
                 mode = \"practice\"",
            )),
        };
        Ok(Self(source))
    }
}

type Given<'a> = Pin<
    Box<
        dyn Future<Output = Result<Option<String>, Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'a,
    >,
>;

impl GetToken for Tokens {
    fn get_token<'a>(&'a self, _scopes: &'a [&str]) -> Given<'a> {
        let given = match &self.0 {
            Source::Bearer(token) => Ok(Some(token.as_ref().to_owned())),
            Source::None(why) => Err((*why).into()),
        };
        Box::pin(std::future::ready(given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown_and_one_that_no_header_can_hold_is_refused() {
        let token = Token::Fixed("ya29.secret".to_owned());
        assert_eq!(format!("{token:?}"), "Fixed(…)");
        assert!(Tokens::new(token).is_ok());
        for bad in ["", "a b", "a\nb", "ä"] {
            assert!(Tokens::new(Token::Fixed(bad.to_owned())).is_err());
        }
    }

    #[tokio::test]
    async fn the_scopes_that_are_asked_for_do_not_matter() {
        let tokens = Tokens::new(Token::Practice).unwrap();
        let asked = tokens.get_token(&["https://nobody.asked/for.this"]).await;
        assert_eq!(asked.unwrap().as_deref(), Some("practice"));
    }
}
