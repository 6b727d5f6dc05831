//! Opens an archive to go on from it: the small streams, the names of its samples, and which groups it has.

use super::groups::Groups;
use super::known::Existing;
use crate::container::{ContainerReader, Part, names};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::file_info::FormatVersion;
use crate::splitter_streams::{decode_segment_keys, decode_splitters};

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
                is_known_intact: false,
            })
        })?;
        existing.sample_lens = existing.check_losses()?;
        Ok(existing)
    }
}

fn check_version(version: FormatVersion) -> Result<()> {
    match version {
        FormatVersion::V3 => Ok(()),
        FormatVersion::V1 | FormatVersion::V2 => Err(Error::new(ErrorKind::Unsupported(
            "an archive of file version 1 or 2: only archives of version 3 can be appended to, and repack makes one of it".to_owned(),
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
