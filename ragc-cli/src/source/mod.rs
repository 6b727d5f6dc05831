//! Archives that come in through pipes: standard input, `/dev/fd/N`, named pipes.
//!
//! `incoming.rs` opens them, and checks how they end; `stdin.rs` gives standard input to the one who asks first.

mod incoming;
mod stdin;

pub(crate) use incoming::{ArchiveSource, check_ends};
pub(crate) use stdin::{STDIN_FILE, claim_stdin, is_stdin};
