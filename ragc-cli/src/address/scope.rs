//! Where the contigs of addresses are looked for.

use ragc_core::Archive;

use crate::address::range::Counting;
use crate::args::Samples;

/// An archive, and what a command takes for granted of addresses.
pub(super) struct Scope<'a> {
    pub(super) archive: &'a Archive,
    pub(super) samples: Samples<'a>,
    /// How positions count of an address that names no sample.
    pub(super) own: Counting,
    /// Where contigs of addresses without a sample are looked for, if not everywhere.
    pub(super) selected: Option<Vec<usize>>,
}
