//! The practice calendar: a local server that speaks Google's Calendar API v3, for the demo and
//! the tests. It keeps its calendars in a file of its own and knows nothing of this program's
//! appointments.
//!
//! It is as strict as Google where that is known, and as awkward where it is not: an answer may
//! break off, a page may be empty, busy intervals overlap. Beside the API it has a door of its
//! own under `/practice/`:
//!
//! - `POST /practice/faults` sets a fault, `GET` lists them, `DELETE` clears them;
//! - `GET /practice/log` tells the recent requests, `DELETE` forgets them;
//! - `POST /practice/expire` makes all sync tokens given out so far stale (410).
//!
//! ```no_run
//! # async fn demo() -> Result<(), frontdesk::practice::PracticeError> {
//! use std::sync::Arc;
//! use frontdesk::practice::{CalendarSpec, Options, Server};
//!
//! let server = Server::start(Options {
//!     data: "practice.db".into(),
//!     listen: ([127, 0, 0, 1], 0).into(),
//!     calendars: vec![CalendarSpec {
//!         id: "dr.chen@clinic.example".into(),
//!         summary: "Dr. Chen".into(),
//!         time_zone: "Europe/Berlin".into(),
//!     }],
//!     now: Arc::new(|| chrono::DateTime::UNIX_EPOCH),
//! })
//! .await?;
//! println!("{}", server.base_url());
//! server.stop().await;
//! # Ok(()) }
//! ```

mod answer;
mod calendars;
mod call;
mod channel;
mod control;
mod database;
mod error;
mod event;
mod events;
mod fault;
mod free_busy;
mod gate;
mod journal;
mod query;
mod recur;
mod refusal;
mod reply;
mod route;
mod rows;
mod seed;
mod server;
mod settings;
mod when;
mod wire;

pub use calendars::CalendarSpec;
pub use error::PracticeError;
pub use event::etag;
pub use seed::{SeedEvent, SeedSpan, SeedStatus, Seeded, seed};
pub use server::{Now, Options, Server};
