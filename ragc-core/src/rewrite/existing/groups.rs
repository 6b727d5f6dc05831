//! Which groups an archive has, and in which streams.

use crate::container::names::GroupNaming;
use crate::container::{ContainerReader, StreamId, names};
use crate::error::{Error, ErrorKind, Result};
use crate::group::{Inventory, N_RAW_GROUPS, StreamsOfGroup, is_raw};
use crate::track::is_track;

/// Streams that are known, beside those of groups and tracks.
const OTHER_STREAMS: [&str; 13] = [
    names::COLLECTION_SAMPLES,
    names::COLLECTION_CONTIGS,
    names::COLLECTION_DETAILS,
    // The collection of versions 2 and 1.
    names::COLLECTION_MAIN,
    names::COLLECTION_DESC,
    names::PARAMS,
    names::SPLITTERS,
    names::SEGMENT_SPLITTERS,
    names::FILE_INFO,
    names::PREVIOUS,
    names::FRONT_INDEX,
    names::HISTORY,
    names::SUMS,
];

/// The groups of an archive that can be gone on from: without holes from the first delta group on.
#[derive(Debug)]
pub(super) struct Groups {
    inventory: Inventory,
    /// Streams that belong to no group and mean nothing to this program.
    pub(super) unknown: Vec<String>,
}

impl Groups {
    /// Sorts the streams of an archive.
    ///
    /// # Errors
    /// `Unsupported` when a delta group is missing between others or has no reference, or a raw group has one.
    pub(super) fn find(container: &ContainerReader, naming: GroupNaming) -> Result<Self> {
        let inventory = Inventory::of(container.footer(), naming);
        check(container, &inventory)?;
        let names = inventory
            .others()
            .iter()
            .map(|stream| container.footer().name(*stream));
        let unknown = names
            .filter(|name| !is_track(name) && !OTHER_STREAMS.iter().any(|known| known.as_bytes() == *name))
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        Ok(Self { inventory, unknown })
    }

    /// Number of groups, the raw ones counted whether or not they are there.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.inventory.end()).unwrap_or(u32::MAX)
    }

    /// All groups that are there, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, StreamsOfGroup)> {
        self.inventory.iter()
    }

    /// Whether a group is there.
    pub(super) fn has(&self, group: u32) -> bool {
        self.inventory.streams(group).is_some()
    }

    /// The stream of a group's reference.
    pub(super) fn reference(&self, group: u32) -> Option<StreamId> {
        self.inventory.streams(group)?.reference
    }

    /// The stream of a group's packs.
    pub(super) fn deltas(&self, group: u32) -> Option<StreamId> {
        self.inventory.streams(group)?.deltas
    }
}

fn check(container: &ContainerReader, inventory: &Inventory) -> Result<()> {
    let has_reference =
        |streams: StreamsOfGroup| streams.reference.is_some_and(|id| container.n_parts(id) > 0);
    let mut next = N_RAW_GROUPS;
    let hole = inventory.holes().next().map(|(_, missing)| missing);
    for (group, streams) in inventory.iter() {
        match (is_raw(group), has_reference(streams)) {
            (true, true) => return Err(unsupported(format!("raw group {group} has a reference"))),
            (true, false) => {}
            (false, true) if hole.is_none_or(|hole| group < hole) => next = group + 1,
            (false, _) => {
                let why = format!("group {next} has no reference, although there are later groups");
                return Err(unsupported(why));
            }
        }
    }
    Ok(())
}

fn unsupported(why: String) -> Error {
    Error::new(ErrorKind::Unsupported(format!("{why}; nothing can be appended")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::ContainerWriter;

    fn find(streams: &[&str]) -> Result<Groups> {
        let mut writer = ContainerWriter::new(Vec::new());
        for name in streams {
            let stream = writer.register(name);
            if name.ends_with('r') {
                writer.add_part(stream, 0, b"\x00").unwrap();
            }
        }
        let archive = ContainerReader::open(writer.finish().unwrap()).unwrap();
        Groups::find(&archive, GroupNaming::Base64)
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
