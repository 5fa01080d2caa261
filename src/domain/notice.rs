//! What somebody can be told in the inbox, by kind.

use serde::{Deserialize, Serialize};

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A person moved a visit in Google.
    MovedInGoogle,
    /// A person deleted a visit in Google.
    DeletedInGoogle,
    /// Something else stands in a visit's time.
    Conflict,
    /// A calendar could not be read for some time.
    SyncDelayed,
    /// So much of a calendar had changed at once that nothing was taken over.
    SyncBraked,
    /// An account needs a sign-in.
    SignInNeeded,
    /// An account has used nearly all requests that Google grants.
    QuotaNearlyUsed,
    /// What had to wait for Google (a booking, a move, a cancellation) has ended.
    BookingEnded,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::MovedInGoogle,
        Self::DeletedInGoogle,
        Self::Conflict,
        Self::SyncDelayed,
        Self::SyncBraked,
        Self::SignInNeeded,
        Self::QuotaNearlyUsed,
        Self::BookingEnded,
    ];

    /// Those that are not about the accounts: a sign-in and the quota are for who keeps those.
    pub const OF_THE_DESK: &'static [Self] = &[
        Self::MovedInGoogle,
        Self::DeletedInGoogle,
        Self::Conflict,
        Self::SyncDelayed,
        Self::SyncBraked,
        Self::BookingEnded,
    ];
}
