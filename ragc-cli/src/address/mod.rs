//! Addresses: the texts by which contigs and stretches of them are asked for, the same in all commands.
//!
//! ```text
//! CONTIG@SAMPLE:FROM-TO     counts from 0, both ends included (as agc)
//! SAMPLE#CONTIG:FROM-TO     counts from 1, both ends included (as samtools, and as --with-sample writes)
//! CONTIG:FROM-TO            counts as the command does
//! ```
//!
//! Names may hold `@`, `#`, `:` and `-`, so a text can be read in several ways. All of them are looked up; the one that
//! exists is meant, and if several do the text is refused. Braces tell where a name ends: `{c:1-5}@{S}:2-3`.
//!
//! ```text
//! resolve.rs ── text.rs     text → readings;  range.rs: FROM-TO
//!     │      ── find.rs     readings of a whole command → contigs
//!     │      ── choose.rs   the reading that is meant
//!     └───── ── why_not.rs  or why there is none;  tell.rs: notes
//! scope.rs: where is looked;  meaning.rs: what is found
//! ```

mod choose;
mod find;
mod meaning;
mod range;
mod resolve;
mod scope;
mod tell;
mod text;
mod why_not;

pub(crate) use meaning::{ContigRange, Resolved};
pub(crate) use range::Counting;
pub(crate) use resolve::{AddressText, Resolver};
pub(crate) use tell::tell_other_forms;
