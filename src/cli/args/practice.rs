//! The demo and the practice calendar.

use super::usage::{calendar_id, loopback, whole};
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The sample clinic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Demo {
    /// So many doctors, instead of six
    #[arg(long, value_parser = whole::<u16>(1, 200))]
    pub doctors: Option<u16>,
    /// So many appointments
    #[arg(long, value_parser = whole::<u32>(0, 5_000_000))]
    pub appointments: Option<u32>,
    /// Where its data is kept
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Make its data and exit
    #[arg(long)]
    pub prepare: bool,
    /// Start over with new data
    #[arg(long)]
    pub fresh: bool,
}

/// The practice calendar.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Practice {
    /// Serve it until interrupted
    Serve(Serve),
}

/// How the practice calendar is served.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Serve {
    /// Address on this machine; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "127.0.0.1:PORT", value_parser = loopback)]
    pub listen: SocketAddr,
    /// The file that its calendars are kept in
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Calendars that are to be there
    #[arg(long, value_name = "ID", num_args = 1.., value_parser = calendar_id)]
    pub calendar: Vec<String>,
}
