//! Time and identities come in through these, never from the operating system directly.

use crate::domain::time::Moment;
use std::time::Duration;
use uuid::Uuid;

/// The wall clock.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Moment;
}

/// New identities and jitter.
pub trait Ids: Send + Sync + 'static {
    /// A random UUID (version 4).
    fn uuid(&self) -> Uuid;

    /// A random length up to `most`, so that desks that wait do not wake together.
    fn jitter(&self, most: Duration) -> Duration;
}
