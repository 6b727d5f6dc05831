//! The program as a whole: help, commands, exit statuses; programs that use the library.

#[path = "../bench/deadline.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod deadline;
#[path = "../bench/golden.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod golden;

mod clients;
mod commands;
mod compat;
mod help;
mod memmove;
