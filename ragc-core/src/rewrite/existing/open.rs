//! Opens an archive to go on from it: the small streams, the names of its samples, and which groups it has.

use super::groups::Groups;
use crate::collection::SampleNames;
use crate::container::names::GroupNaming;
use crate::container::{ContainerReader, Part, names};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::file_info::{FileInfo, FormatVersion};
use crate::params::Params;
use crate::splitter::Splitters;
use crate::splitter_streams::{SegmentKey, decode_segment_keys, decode_splitters};

/// An archive that is gone on from.
pub(crate) struct Existing<'a> {
    pub(super) archive: &'a Archive,
    pub(super) samples: &'a SampleNames,
    splitters: Vec<u64>,
    keys: Vec<SegmentKey>,
    pub(super) groups: Groups,
    /// Symbols of each sample, overlaps counted twice, about.
    sample_lens: Vec<u64>,
    /// Whether what is new goes behind the end of its file.
    pub(super) is_changed_in_place: bool,
}

impl<'a> Existing<'a> {
    /// Reads what all stages need to know of an archive of version 3.
    ///
    /// # Errors
    /// `Unsupported` for another version of the format; as [`Self::open_any`].
    pub(crate) fn open(archive: &'a Archive) -> Result<Self> {
        archive.placed(|| check_version(archive.version()))?;
        Self::open_any(archive)
    }

    /// The same of an archive of any version, of which a new one is made.
    ///
    /// # Errors
    /// `Unsupported` for groups that are not numbered as the format demands; `Corrupt` when a stream is damaged, or something that is in
    /// use is lost.
    pub(crate) fn open_any(archive: &'a Archive) -> Result<Self> {
        let samples = archive.samples()?;
        let naming = archive.version().group_naming();
        let mut existing = archive.placed(|| {
            Ok(Self {
                archive,
                samples,
                splitters: read(archive.container(), names::SPLITTERS, decode_splitters)?,
                keys: read(archive.container(), names::SEGMENT_SPLITTERS, decode_segment_keys)?,
                groups: Groups::find(archive.container(), naming)?,
                sample_lens: Vec::new(),
                is_changed_in_place: false,
            })
        })?;
        existing.sample_lens = existing.check_losses()?;
        Ok(existing)
    }

    /// Has what is new go behind the end of the archive's file, and everything else stay where it is.
    pub(crate) fn changed_in_place(self) -> Self {
        Self {
            is_changed_in_place: true,
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

fn check_version(version: FormatVersion) -> Result<()> {
    match version {
        FormatVersion::V3 => Ok(()),
        FormatVersion::V1 | FormatVersion::V2 => Err(Error::new(ErrorKind::Unsupported(
            "an archive of file version 1 or 2: only archives of version 3 can be appended to".to_owned(),
        ))),
    }
}

/// Reads a stream that only appending needs. Other producers leave such a stream out; then there is nothing in it.
fn read<T>(
    container: &ContainerReader,
    name: &str,
    decode: impl FnOnce(u64, &[u8]) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    match container.footer().find(name) {
        Some(stream) if container.n_parts(stream) > 0 => {
            let part: Part = container.read_only_part(name)?;
            decode(part.metadata, part.payload()).map_err(|e| e.in_part(0).in_stream(name))
        }
        _ => Ok(Vec::new()),
    }
}
