//! Which groups an archive has, and in which streams.

use crate::archive::names::{GroupStream, group_of};
use crate::archive::{ArchiveReader, StreamId, names};
use crate::error::{Error, ErrorKind, Result};
use crate::group::{N_RAW_GROUPS, is_raw};
use crate::track::is_track;
use std::collections::BTreeMap;

/// Streams that are known, beside those of groups and tracks.
const OTHER_STREAMS: [&str; 8] = [
    names::COLLECTION_SAMPLES,
    names::COLLECTION_CONTIGS,
    names::COLLECTION_DETAILS,
    names::PARAMS,
    names::SPLITTERS,
    names::SEGMENT_SPLITTERS,
    names::FILE_INFO,
    names::SUMS,
];

/// The streams of one group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Streams {
    pub(super) reference: Option<StreamId>,
    pub(super) deltas: Option<StreamId>,
}

/// The groups of an archive, without holes from the first delta group on. Raw groups may be missing.
#[derive(Debug, Default)]
pub(super) struct Groups {
    streams: BTreeMap<u32, Streams>,
    /// Streams that belong to no group and mean nothing to this program.
    pub(super) unknown: Vec<String>,
}

impl Groups {
    /// Sorts the streams of an archive.
    ///
    /// # Errors
    /// `Unsupported` when a delta group is missing between others or has no reference, or a raw group has one.
    pub(super) fn find(archive: &ArchiveReader) -> Result<Self> {
        let mut groups = Self::default();
        let footer = archive.footer();
        for stream in footer.streams() {
            let name = footer.name(stream);
            match group_of(name) {
                Some(GroupStream::Reference(group)) => groups.of(group).reference = Some(stream),
                Some(GroupStream::Deltas(group)) => groups.of(group).deltas = Some(stream),
                None if is_track(name) || OTHER_STREAMS.iter().any(|known| known.as_bytes() == name) => {}
                None => groups.unknown.push(String::from_utf8_lossy(name).into_owned()),
            }
        }
        groups.check(archive)?;
        Ok(groups)
    }

    fn of(&mut self, group: u32) -> &mut Streams {
        self.streams.entry(group).or_default()
    }

    fn check(&self, archive: &ArchiveReader) -> Result<()> {
        let has_reference = |streams: &Streams| streams.reference.is_some_and(|id| archive.n_parts(id) > 0);
        let mut next = N_RAW_GROUPS;
        for (group, streams) in &self.streams {
            if is_raw(*group) {
                if has_reference(streams) {
                    return Err(unsupported(format!("raw group {group} has a reference")));
                }
                continue;
            }
            if *group != next || !has_reference(streams) {
                return Err(unsupported(format!(
                    "group {next} has no reference, although there are later groups"
                )));
            }
            next += 1;
        }
        Ok(())
    }

    /// Number of groups, the raw ones counted whether or not they are there.
    pub(super) fn len(&self) -> u32 {
        let after_last = |(group, _): (&u32, _)| group + 1;
        let len = self.streams.last_key_value().map_or(0, after_last);
        len.max(N_RAW_GROUPS)
    }

    /// All groups that are there, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Streams)> {
        self.streams.iter().map(|(group, streams)| (*group, *streams))
    }

    /// Whether a group is there.
    pub(super) fn has(&self, group: u32) -> bool {
        self.streams.contains_key(&group)
    }

    /// The stream of a group's packs.
    pub(super) fn deltas(&self, group: u32) -> Option<StreamId> {
        self.streams.get(&group)?.deltas
    }
}

fn unsupported(why: String) -> Error {
    Error::new(ErrorKind::Unsupported(format!("{why}; nothing can be appended")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::ArchiveWriter;

    fn find(streams: &[&str]) -> Result<Groups> {
        let mut writer = ArchiveWriter::new(Vec::new());
        for name in streams {
            let stream = writer.register(name);
            if name.ends_with('r') {
                writer.add_part(stream, 0, b"\x00").unwrap();
            }
        }
        Groups::find(&ArchiveReader::open(writer.finish().unwrap()).unwrap())
    }

    #[test]
    fn streams_are_told_apart() {
        let groups = find(&["params", "xHr", "ragc.index", "x0d", "xGr", "xGd"]).unwrap();
        assert_eq!(groups.len(), 18);
        assert_eq!(groups.unknown, ["ragc.index"]);
        assert!(groups.deltas(16).is_some() && groups.deltas(17).is_none() && groups.deltas(1).is_none());
        assert_eq!(find(&[]).unwrap().len(), 16);
        assert_eq!(find(&["x3d"]).unwrap().len(), 16);
    }

    #[test]
    fn holes_and_references_of_raw_groups_are_refused() {
        for (streams, expected) in [
            (&["xGr", "xIr"][..], "group 17 has no reference"),
            (&["xHr"], "group 16 has no reference"),
            (&["xGr", "xHd", "xIr"], "group 17 has no reference"),
            (&["x3r", "x3d"], "raw group 3 has a reference"),
            (&["x#####3r"], "group 16 has no reference"),
        ] {
            let error = find(streams).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
