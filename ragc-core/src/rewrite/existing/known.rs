//! What is known of an archive that is gone on from.

use super::groups::Groups;
use crate::collection::SampleNames;
use crate::container::names::GroupNaming;
use crate::extract::Archive;
use crate::file_info::{FileInfo, FormatVersion};
use crate::params::Params;
use crate::splitter::Splitters;
use crate::splitter_streams::SegmentKey;

/// An archive that is gone on from.
pub(crate) struct Existing<'a> {
    pub(super) archive: &'a Archive,
    pub(super) samples: &'a SampleNames,
    pub(super) splitters: Vec<u64>,
    pub(super) keys: Vec<SegmentKey>,
    pub(super) groups: Groups,
    /// Symbols of each sample, overlaps counted twice, about.
    pub(super) sample_lens: Vec<u64>,
    /// Whether what is new goes behind the end of its file.
    pub(super) is_changed_in_place: bool,
    /// Whether everything in it was decoded before.
    pub(super) is_known_intact: bool,
}

impl<'a> Existing<'a> {
    /// Has what is new go behind the end of the archive's file, and everything else stay where it is.
    pub(crate) fn changed_in_place(self) -> Self {
        Self {
            is_changed_in_place: true,
            ..self
        }
    }

    /// Of an archive that was made of one that is intact, and by this run: it need not be decoded once more.
    pub(crate) fn known_intact(self) -> Self {
        Self {
            is_known_intact: true,
            ..self
        }
    }

    /// Bytes of the file before it is changed in place; 0 if a new one is written.
    pub(crate) fn len_before_change(&self) -> u64 {
        match self.is_changed_in_place {
            true => self.archive.container().state().len,
            false => 0,
        }
    }

    /// The archive itself.
    pub(crate) fn archive(&self) -> &'a Archive {
        self.archive
    }

    pub(crate) fn params(&self) -> Params {
        *self.archive.params()
    }

    /// How the streams of groups are named.
    pub(super) fn naming(&self) -> GroupNaming {
        self.archive.version().group_naming()
    }

    /// Whether the archive is of the version that is written.
    pub(crate) fn is_current(&self) -> bool {
        self.archive.version() == FormatVersion::V3
    }

    /// Symbols of a sample, overlaps counted twice, about.
    pub(crate) fn sample_len(&self, sample: usize) -> u64 {
        self.sample_lens.get(sample).copied().unwrap_or(0)
    }

    /// What the archive says about itself; it is kept as it is.
    pub(crate) fn file_info(&self) -> &FileInfo {
        self.archive.file_info()
    }

    pub(crate) fn splitters(&self) -> Splitters {
        Splitters::new(self.params().k, self.splitters.iter().copied())
    }

    /// The splitters, ascending.
    pub(crate) fn splitter_values(&self) -> &[u64] {
        &self.splitters
    }

    /// Which segments belong to which group.
    pub(crate) fn keys(&self) -> &[SegmentKey] {
        &self.keys
    }

    /// Number of groups, the raw ones counted.
    pub(crate) fn n_groups(&self) -> u32 {
        self.groups.len()
    }

    /// Names of streams that are left out of the new archive.
    pub(crate) fn unknown_streams(&self) -> &[String] {
        &self.groups.unknown
    }
}
