//! The commands of `ragc`: compress collections of assembled genomes into AGC archives, and query them.
//!
//! Two programs have them (`bin/`): `ragc`, and `ragc-net`, which has the clients of servers as well and takes the place of `ragc` when something is asked
//! for that is on a server ([`Servers`]). So nobody who works on files pays for code that is not run.
//!
//! Data goes to standard output, messages to standard error. The exit status is 0 when the command did what was
//! asked, 1 when it failed, 2 when it was called wrongly, 3 when it left out what `--skip-bad-files` told it to, or `verify` found
//! no archive that can be read.

// First, so that all the others use its macro.
#[macro_use]
mod tell;

mod address;
mod allocator;
mod args;
mod cli;
mod clock;
mod commands;
mod damage;
#[cfg(test)]
#[path = "../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;
mod digests;
mod exit;
mod fasta;
mod freed_memory;
mod help;
mod json;
mod last_resort;
mod near;
mod out;
mod program;
mod progress;
mod randomness;
mod remote;
mod source;
mod stdout;
mod tally;
mod took;
mod usage;
mod watched;

pub use program::run;
pub use remote::{CacheFolder, ObjectInMaking, Servers};
