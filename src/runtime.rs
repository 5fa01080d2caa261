//! The program around the library's floors: configuration, logging, and (with the wiring) terminal
//! and event loop.

pub mod config;
pub mod demo;
pub mod logging;
