//! A terminal front desk for clinics whose doctors live in Google Calendar.
//!
//! The house has floors, and a module imports only from the floors below its own; `tests/layers.rs`
//! reads the sources and fails on any other edge.
//!
//! | floor | module | its job |
//! |---|---|---|
//! | 0 | [`domain`] | values and rules: no I/O, no clock, no randomness, no async |
//! | 1 | [`flow`] | pure state machines and planners: `step(State, Fact) -> (State, Vec<Step>)` |
//! | 2 | [`port`] | what the outside must fulfil, and `Command`, `Query`, `Report`: the one door |
//! | 2 | [`sqlite`] | opening a database as it must be opened, migrating it, backing it up |
//! | 3 | [`google`] | the Calendar port over google-calendar3 |
//! | 3 | [`store`] | the Store port over rusqlite |
//! | 3 | [`practice`] | a local Calendar API v3 server for the demo and the tests |
//! | 3 | [`worker`] | the lanes that carry out commands and answer queries; generic over ports |
//! | 3 | [`app`] | what the screens are: State, Msg, Effect, update |
//! | 4 | [`ui`] | how the screens look; never mutates State |
//! | 4 | [`cli`] | the same commands without a screen |
//! | 5 | [`runtime`] | terminal, event loop, configuration, logging, wiring |
//!
//! Google's calendar is the truth about a doctor's time. The database holds what Google cannot:
//! customers, history, audit, and the journal of what is not yet in step.

pub mod app;
pub mod cli;
pub mod domain;
pub mod flow;
pub mod google;
pub mod port;
pub mod practice;
pub mod runtime;
pub mod sqlite;
pub mod store;
pub mod ui;
pub mod worker;
