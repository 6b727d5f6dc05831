//! The archive that is appended to: what it holds already, and how the stages go on from there.
//!
//! ```text
//! existing archive                                   new archive
//! samples, splitters, keys ── open, groups ────────▶ registered, cut at, looked up again
//! references ─┬────────────── references ──────────▶ what placement knows
//! full packs ─┼─ full batches ── copy ─────────────▶ copied, never decoded
//! last packs ─┴────────────── packs ───────────────▶ copied; continued if their group receives a segment
//! last batch ──────────────── samples ─────────────▶ decoded and continued, or copied if it is full
//! ```
//!
//! [`Existing`] is read by several stages at once and never changes. Whatever it gives is a part, a group or a batch at a
//! time, so appending to a large archive takes no more memory than creating one.
//!
//! Nothing that is in use may be lost (`losses`), or what is added would take its number; nor may anything be damaged (`intact`).
//!
//! Group numbers must have no holes: the format demands it, and new groups are numbered behind the last.

mod copy;
mod groups;
mod intact;
mod known;
mod losses;
mod open;
mod packs;
mod references;
mod samples;
mod tracks;

pub(crate) use known::Existing;
