//! The inbox.

use super::usage::whole;
use clap::{Args, Subcommand};

/// Acts about notices.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum NoticesAct {
    /// List what you have not read yet, the newest first
    List(NoticesList),
    /// Mark notices as read
    Read(NoticesRead),
}

/// Notices to list.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct NoticesList {
    /// Those that you have read, too
    #[arg(long)]
    pub all: bool,
    /// At most so many
    #[arg(long, default_value_t = 200, value_parser = whole::<u16>(1, 10_000))]
    pub limit: u16,
}

/// Which notices were read.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = false)]
pub struct NoticesRead {
    /// Number of the notice, as the list says it
    #[arg(value_parser = whole::<u32>(1, u32::MAX))]
    pub number: Option<u32>,
    /// All of them
    #[arg(long)]
    pub all: bool,
}
