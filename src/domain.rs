//! Values and rules of a clinic's time. No I/O, no clock, no randomness, no async: what varies
//! comes in as data.

pub mod appointment;
pub mod blocks;
pub mod customer;
pub mod dates;
pub mod doctor;
pub mod event;
pub mod id;
pub mod notice;
pub mod policy;
pub mod schedule;
pub mod service;
pub mod skew;
pub mod slots;
pub mod text;
pub mod time;
pub mod why;
