//! Opens an archive to append to it: the small streams, the names of its samples, and which groups it has.

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

/// An archive of version 3 that is appended to.
pub(crate) struct Existing<'a> {
    pub(super) archive: &'a Archive,
    pub(super) samples: &'a SampleNames,
    splitters: Vec<u64>,
    keys: Vec<SegmentKey>,
    pub(super) groups: Groups,
    /// Whether what is new goes behind the end of its file.
    pub(super) is_changed_in_place: bool,
}

impl<'a> Existing<'a> {
    /// Reads what all stages need to know of an archive.
    ///
    /// # Errors
    /// `Unsupported` for another version of the format, or groups that are not numbered as the format demands;
    /// `Corrupt` when a stream is damaged, or something that is in use is lost.
    pub(crate) fn open(archive: &'a Archive) -> Result<Self> {
        archive.placed(|| check_version(archive.version()))?;
        let samples = archive.samples()?;
        let existing = archive.placed(|| {
            Ok(Self {
                archive,
                samples,
                splitters: read(archive.container(), names::SPLITTERS, decode_splitters)?,
                keys: read(archive.container(), names::SEGMENT_SPLITTERS, decode_segment_keys)?,
                groups: Groups::find(archive.container())?,
                is_changed_in_place: false,
            })
        })?;
        existing.check_losses()?;
        Ok(existing)
    }

    /// Has what is new go behind the end of the archive's file, and everything else stay where it is.
    pub(crate) fn changed_in_place(self) -> Self {
        Self {
            is_changed_in_place: true,
            ..self
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
    archive: &ContainerReader,
    name: &str,
    decode: impl FnOnce(u64, &[u8]) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    match archive.footer().find(name) {
        Some(stream) if archive.n_parts(stream) > 0 => {
            let part: Part = archive.read_only_part(name)?;
            decode(part.metadata, part.payload()).map_err(|e| e.in_part(0).in_stream(name))
        }
        _ => Ok(Vec::new()),
    }
}
