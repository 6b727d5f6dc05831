//! `ragc`: compress collections of assembled genomes into AGC archives, and query them.
//!
//! Data goes to standard output, messages to standard error. The exit status is 0 when the command did what was
//! asked, 1 when it failed, 2 when it was called wrongly, 3 when it left out what `--skip-bad-files` told it to.

// First, so that all the others use its macro.
#[macro_use]
mod tell;

mod allocator;
mod args;
mod cli;
mod commands;
mod damage;
mod digests;
mod exit;
mod fasta;
mod freed_memory;
mod help;
mod json;
mod near;
mod out;
mod progress;
mod usage;

use std::process::ExitCode;

fn main() -> ExitCode {
    match usage::parse() {
        Ok(cli) => exit::code_of(cli.run()),
        Err(code) => code,
    }
}
