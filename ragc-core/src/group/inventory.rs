//! Which groups an archive has, and in which streams: the one reading of its footer for whoever goes through all groups.

use std::collections::BTreeMap;

use crate::container::names::{GroupNaming, GroupStream};
use crate::container::{Footer, StreamId};
use crate::group::{N_RAW_GROUPS, is_raw};

/// The streams of one group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct StreamsOfGroup {
    pub(crate) reference: Option<StreamId>,
    pub(crate) deltas: Option<StreamId>,
}

/// All groups of which a footer has a stream, and its other streams.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    groups: BTreeMap<u32, StreamsOfGroup>,
    others: Vec<StreamId>,
}

/// Bytes that all references take in the file; groups need not be sorted for that.
pub(crate) fn reference_bytes(footer: &Footer, naming: GroupNaming) -> u64 {
    let is_reference = |stream: &StreamId| {
        let group = naming.group_of(footer.name(*stream));
        matches!(group, Some(GroupStream::Reference(_)))
    };
    let parts = footer
        .streams()
        .filter(is_reference)
        .flat_map(|stream| footer.parts(stream));
    parts.map(|part| part.len).fold(0, u64::saturating_add)
}

impl Inventory {
    /// Sorts the streams of an archive.
    pub(crate) fn of(footer: &Footer, naming: GroupNaming) -> Self {
        let mut inventory = Self::default();
        for stream in footer.streams() {
            match naming.group_of(footer.name(stream)) {
                Some(GroupStream::Reference(group)) => inventory.of_group(group).reference = Some(stream),
                Some(GroupStream::Deltas(group)) => inventory.of_group(group).deltas = Some(stream),
                None => inventory.others.push(stream),
            }
        }
        inventory
    }

    fn of_group(&mut self, group: u32) -> &mut StreamsOfGroup {
        self.groups.entry(group).or_default()
    }

    /// Number of groups that are there.
    pub(crate) fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// The number behind that of the last group; at least as many as there are raw ones, whether or not they are there.
    pub(crate) fn end(&self) -> u64 {
        let after_last = |(group, _): (&u32, _)| u64::from(*group) + 1;
        let end = self.groups.last_key_value().map_or(0, after_last);
        end.max(N_RAW_GROUPS.into())
    }

    /// All groups that are there, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, StreamsOfGroup)> {
        self.groups.iter().map(|(group, streams)| (*group, *streams))
    }

    /// The streams of a group, if it is there.
    pub(crate) fn streams(&self, group: u32) -> Option<StreamsOfGroup> {
        self.groups.get(&group).copied()
    }

    /// Streams that belong to no group, in the order of the footer.
    pub(crate) fn others(&self) -> &[StreamId] {
        &self.others
    }

    /// The delta groups before which others are missing, each with the first that is: delta groups are numbered without holes. Raw
    /// groups may be missing.
    pub(crate) fn holes(&self) -> impl Iterator<Item = (u32, u32)> {
        let mut next = N_RAW_GROUPS;
        let deltas = self.groups.keys().copied().filter(|group| !is_raw(*group));
        deltas.filter_map(move |group| {
            let expected = std::mem::replace(&mut next, group.saturating_add(1));
            (group != expected).then_some((group, expected))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::{ContainerReader, ContainerWriter};

    fn of(streams: &[&str]) -> Inventory {
        let mut writer = ContainerWriter::new(Vec::new());
        for name in streams {
            writer.register(name);
        }
        let archive = ContainerReader::open(writer.finish().unwrap()).unwrap();
        Inventory::of(archive.footer(), GroupNaming::Base64)
    }

    #[test]
    fn streams_are_sorted_by_group() {
        let inventory = of(&["params", "xHr", "ragc.index", "x0d", "xGr", "xGd"]);
        assert_eq!((inventory.n_groups(), inventory.end()), (3, 18));
        let has = |group| {
            let streams = inventory.streams(group);
            streams.map(|streams| (streams.reference.is_some(), streams.deltas.is_some()))
        };
        assert_eq!(has(0), Some((false, true)));
        assert_eq!(has(16), Some((true, true)));
        assert_eq!(has(17), Some((true, false)));
        assert_eq!(has(1), None);
        assert_eq!(inventory.others().len(), 2);
        assert_eq!(of(&[]).end(), 16);
        assert_eq!(of(&["x3d"]).end(), 16);
    }

    #[test]
    fn holes_are_between_delta_groups() {
        let holes = |streams: &[&str]| of(streams).holes().collect::<Vec<_>>();
        assert_eq!(holes(&["xGr", "xHr", "x9d"]), []);
        assert_eq!(holes(&["xHr"]), [(17, 16)]);
        assert_eq!(holes(&["xGr", "xIr", "xLd"]), [(18, 17), (21, 19)]);
    }
}
