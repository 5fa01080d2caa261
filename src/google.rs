//! The Calendar port over google-calendar3: the demo, the tests and production all go through here;
//! only the address and the token differ.
//!
//! One call is one request (a list: one a page), with a time-out and without a retry: who asks
//! decides. What the crates do wrong is put right here and nowhere else:
//!
//! | trap | put right in |
//! |---|---|
//! | a generated call asks for a scope of its own | `auth`: a token source that ignores scopes |
//! | ids go into the path raw | `address`: ids are encoded, and the answer's id is compared |
//! | no request header can be set, nulls are stripped | `conditional`: raw PATCH and DELETE |
//! | status and headers of a refusal are dropped | `error`: a delegate hears them |
//! | no time-out | `wire`: every call runs under one |
//! | a bad address or token panics inside the crate | `address`, `auth`: checked at the start |
//!
//! It must not know: the database, the flows' reasons, configuration files. No token is ever logged.

mod address;
mod auth;
mod busy;
mod calls;
mod changes;
mod client;
mod conditional;
mod convert;
mod counters;
mod error;
mod mark;
mod watch;
mod wire;

pub use address::OptionsError;
pub use auth::Token;
pub use client::{Client, Options, TIMEOUT};
pub use counters::{Counters, Route};
pub use mark::to_properties as mark_properties;
