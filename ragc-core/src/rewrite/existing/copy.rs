//! Copies parts from the archive that is appended to: one at a time, as they are.

use super::Existing;
use crate::container::{ContainerWriter, StreamId, names};
use crate::error::Result;
use crate::group::is_raw;
use std::io::Write;

/// What [`SmallStreams`](crate::rewrite::SmallStreams) writes, in its order.
const SMALL_STREAMS: [&str; 4] = [
    names::PARAMS,
    names::SPLITTERS,
    names::SEGMENT_SPLITTERS,
    names::FILE_INFO,
];

impl Existing<'_> {
    /// Begins what comes of the archive: a new file, or what goes behind the end of the old one.
    pub(crate) fn writer<W: Write>(&self, sink: W) -> ContainerWriter<W> {
        match self.is_changed_in_place {
            true => ContainerWriter::behind(self.archive.container(), sink),
            false => ContainerWriter::new(sink),
        }
    }

    /// Tells of the state that the file had before it is changed in place.
    ///
    /// # Errors
    /// `Io`.
    pub(crate) fn write_previous<W: Write>(&self, to: &mut ContainerWriter<W>) -> Result<()> {
        if !self.is_changed_in_place {
            return Ok(());
        }
        let (metadata, payload) = self.archive.container().state().encode();
        let stream = to.register(names::PREVIOUS);
        to.add_part(stream, metadata, &payload)
    }

    /// Leaves the streams that an archive says of itself as a whole where they are, if it is changed in place and has all of them; says whether.
    ///
    /// # Errors
    /// `Corrupt` for a part that is none.
    pub(crate) fn keep_small_streams<W: Write>(&self, to: &mut ContainerWriter<W>) -> Result<bool> {
        if !self.is_changed_in_place {
            return Ok(false);
        }
        let container = self.archive.container();
        let find = |name: &'static str| {
            let stream = container.footer().find(name)?;
            (container.n_parts(stream) > 0).then_some((name, stream))
        };
        let Some(found) = SMALL_STREAMS.map(find).into_iter().collect::<Option<Vec<_>>>() else {
            return Ok(false);
        };
        for (name, stream) in found {
            let copy = to.register(name);
            self.copy_parts(stream, container.n_parts(stream), to, copy)?;
        }
        Ok(true)
    }

    /// Copies the batches that are full. Surplus parts, which AGC leaves behind, are not batches.
    ///
    /// # Errors
    /// `Corrupt` when one is missing; `Io`.
    pub(crate) fn copy_full_batches<W: Write>(
        &self,
        to: &mut ContainerWriter<W>,
        contigs: StreamId,
        details: StreamId,
    ) -> Result<()> {
        for (name, copy) in [
            (names::COLLECTION_CONTIGS, contigs),
            (names::COLLECTION_DETAILS, details),
        ] {
            if self.n_full_batches() > 0 {
                let stream = self.archive.placed(|| self.archive.container().stream(name))?;
                self.copy_parts(stream, self.n_full_batches(), to, copy)?;
            }
        }
        Ok(())
    }

    /// Copies a part of a stream of the collection.
    ///
    /// # Errors
    /// As [`Self::copy_full_batches`].
    pub(crate) fn copy_batch<W: Write>(
        &self,
        name: &str,
        number: usize,
        to: &mut ContainerWriter<W>,
        copy: StreamId,
    ) -> Result<()> {
        let container = self.archive.container();
        self.archive
            .placed(|| to.copy_part(copy, container, container.stream(name)?, number))
    }

    /// Copies the reference of a group.
    ///
    /// # Errors
    /// `Corrupt` when it is none; `Io`.
    pub(crate) fn copy_reference<W: Write>(
        &self,
        group: u32,
        to: &mut ContainerWriter<W>,
        copy: StreamId,
    ) -> Result<()> {
        match self.groups.reference(group) {
            Some(stream) => self.copy_parts(stream, 1, to, copy),
            None => Ok(()),
        }
    }

    /// Copies a pack of a group.
    ///
    /// # Errors
    /// As [`Self::copy_reference`].
    pub(crate) fn copy_pack<W: Write>(
        &self,
        group: u32,
        number: usize,
        to: &mut ContainerWriter<W>,
        copy: StreamId,
    ) -> Result<()> {
        match self.groups.deltas(group) {
            Some(stream) => {
                let container = self.archive.container();
                self.archive
                    .placed(|| to.copy_part(copy, container, stream, number))
            }
            None => Ok(()),
        }
    }

    /// Registers the streams of all groups, and copies references and all packs but the last of each group.
    ///
    /// # Errors
    /// `Io`; `Corrupt` for a part that is none.
    pub(crate) fn copy_finished_parts<W: Write>(&self, to: &mut ContainerWriter<W>) -> Result<()> {
        for (group, streams) in self.groups.iter() {
            if let Some(stream) = streams.reference.filter(|_| !is_raw(group)) {
                let copy = to.register(&names::reference_stream(group));
                self.copy_parts(stream, self.archive.container().n_parts(stream), to, copy)?;
            }
            to.register(&names::delta_stream(group));
            self.copy_packs(group, self.n_packs(group).saturating_sub(1), to)?;
        }
        Ok(())
    }

    /// Copies the packs of a group before number `end` that the new archive does not have yet.
    ///
    /// # Errors
    /// As [`Self::copy_finished_parts`].
    pub(crate) fn copy_packs<W: Write>(
        &self,
        group: u32,
        end: usize,
        to: &mut ContainerWriter<W>,
    ) -> Result<()> {
        match self.groups.deltas(group) {
            Some(stream) => {
                let copy = to.register(&names::delta_stream(group));
                self.copy_parts(stream, end.min(self.n_packs(group)), to, copy)
            }
            None => Ok(()),
        }
    }

    /// Copies what no group has continued.
    ///
    /// # Errors
    /// As [`Self::copy_finished_parts`].
    pub(crate) fn copy_remaining_packs<W: Write>(&self, to: &mut ContainerWriter<W>) -> Result<()> {
        self.groups
            .iter()
            .try_for_each(|(group, _)| self.copy_packs(group, usize::MAX, to))
    }

    /// Copies parts of a stream until the copy has `end` of them.
    fn copy_parts<W: Write>(
        &self,
        stream: StreamId,
        end: usize,
        to: &mut ContainerWriter<W>,
        copy: StreamId,
    ) -> Result<()> {
        for number in to.n_parts(copy)..end {
            self.archive
                .placed(|| to.copy_part(copy, self.archive.container(), stream, number))?;
        }
        Ok(())
    }
}
