//! Deltas: a sequence told as copies of a reference.
//!
//! A delta is a string of tokens. While it is read, a position `p` moves along the reference; it starts at 0.
//!
//! | token | bytes | output | then |
//! |---|---|---|---|
//! | literal | `A` + code, so `A` to `P` | the code | `p` += 1 |
//! | same | `!` | the reference symbol at `p` | `p` += 1 |
//! | N run | `1E`, number, `04` | number + 4 codes of `N` | |
//! | match | number `d`, `,`, number `e`, `.` | `e` + minimum match length symbols from `p + d` | `p` behind them |
//! | open match | number `d`, `.` | everything from `p + d` to the end | `p` at the end |
//!
//! Numbers are decimal text; only `d` may be negative. `!` and open matches do not occur in file version 1.
//!
//! ```text
//! AACCDBCB   9,4.   A   0,20.   C!!!A   0.
//! 8 symbols  19     1   35      5       40     of a reference of 117 symbols, minimum match length 15
//! ```
//!
//! # Source
//! FORMAT.md, "Deltas".

mod cache;
mod decode;
mod encode;
mod index;
mod reference;
#[cfg(test)]
mod tests;
mod walk;

pub use cache::IndexCache;
pub use decode::decode;
pub use encode::{Delta, encode};
pub use reference::Reference;

/// First literal: `LITERAL` + code.
pub const LITERAL: u8 = b'A';
/// The reference symbol at the current position.
pub const SAME: u8 = b'!';
/// Starts an N run.
pub const N_RUN_START: u8 = 0x1E;
/// Ends an N run.
pub const N_RUN_END: u8 = 0x04;
/// The shortest N run; the number of a run is its length less this.
pub const MIN_N_RUN: u32 = 4;
/// Stands between the two numbers of a match.
pub const MATCH_SEPARATOR: u8 = b',';
/// Ends a match.
pub const MATCH_END: u8 = b'.';
