//! The small streams at the end of an archive, and what all streams take.

use std::collections::BTreeMap;
use std::io::Write;

use crate::container::names::GroupStream;
use crate::container::{ContainerWriter, names};
use crate::error::Result;
use crate::file_info::FileInfo;
use crate::group::is_raw;
use crate::params::Params;
use crate::splitter_streams::{SegmentKey, encode_segment_keys, encode_splitters};

/// What an archive says of itself as a whole.
pub(crate) struct SmallStreams<'a> {
    pub(crate) params: &'a Params,
    /// Ascending.
    pub(crate) splitters: &'a [u64],
    /// Which segments belong to which group.
    pub(crate) keys: &'a [SegmentKey],
    pub(crate) info: &'a FileInfo,
}

impl SmallStreams<'_> {
    /// Writes them, behind everything else but checksums.
    ///
    /// # Errors
    /// `Io`.
    pub(crate) fn write<W: Write>(&self, container: &mut ContainerWriter<W>) -> Result<()> {
        let (n_splitters, splitters) = encode_splitters(self.splitters);
        let (n_keys, keys) = encode_segment_keys(self.keys);
        let (n_pairs, info) = self.info.encode();
        let mut add = |name: &str, metadata: u64, payload: &[u8]| {
            let stream = container.register(name);
            container.add_part(stream, metadata, payload)
        };
        add(names::PARAMS, 0, &self.params.encode())?;
        add(names::SPLITTERS, n_splitters, &splitters)?;
        add(names::SEGMENT_SPLITTERS, n_keys, &keys)?;
        add(names::FILE_INFO, n_pairs, &info)
    }
}

/// What the streams take: those of all groups by what they hold, the others by name. Empty ones are left out.
pub(crate) fn lens_by_kind<'a>(lens: impl Iterator<Item = (&'a str, u64)>) -> BTreeMap<String, u64> {
    let mut by_kind = BTreeMap::new();
    for (name, len) in lens.filter(|(_, len)| *len > 0) {
        let kind = match names::group_of(name.as_bytes()) {
            Some(GroupStream::Reference(_)) => "references",
            Some(GroupStream::Deltas(group)) if is_raw(group) => "raw",
            Some(GroupStream::Deltas(_)) => "deltas",
            None => name,
        };
        *by_kind.entry(kind.to_owned()).or_default() += len;
    }
    by_kind
}
