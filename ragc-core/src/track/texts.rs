//! Texts of samples, see [`crate::original`].

use std::convert::Infallible;
use std::io::Write;
use std::marker::PhantomData;

use crate::archive::ArchiveWriter;
use crate::error::Result;
use crate::original::names::names_text;
use crate::original::texts::{TextsIndex, TextsWriter};
use crate::original::{Keep, TextKind, entries_text, layout_text};
use crate::track::traits::{Contig, Old, Track, Wanted};
use crate::zstd;

/// A kind of texts.
pub(crate) trait Text {
    const KIND: TextKind;

    /// Whether it is kept.
    fn is_kept(keep: Keep) -> bool;

    /// The text of a sample, if it has one.
    fn of<'c>(contigs: impl Iterator<Item = Contig<'c>>) -> Option<Vec<u8>>;
}

/// Residues that are no nucleotide code: kept always.
pub(crate) struct Odd;

impl Text for Odd {
    const KIND: TextKind = TextKind::Odd;

    fn is_kept(_keep: Keep) -> bool {
        true
    }

    fn of<'c>(contigs: impl Iterator<Item = Contig<'c>>) -> Option<Vec<u8>> {
        let text = entries_text(contigs.map(|contig| contig.original.odd.as_slice()));
        (!text.is_empty()).then_some(text)
    }
}

/// Lower case. A sample without any has an empty text, which tells that it has none.
pub(crate) struct Case;

impl Text for Case {
    const KIND: TextKind = TextKind::Case;

    fn is_kept(keep: Keep) -> bool {
        keep.case
    }

    fn of<'c>(contigs: impl Iterator<Item = Contig<'c>>) -> Option<Vec<u8>> {
        Some(entries_text(
            contigs.map(|contig| contig.original.case.as_slice()),
        ))
    }
}

/// What stands between the residues.
pub(crate) struct Layout;

impl Text for Layout {
    const KIND: TextKind = TextKind::Layout;

    fn is_kept(keep: Keep) -> bool {
        keep.layout
    }

    fn of<'c>(contigs: impl Iterator<Item = Contig<'c>>) -> Option<Vec<u8>> {
        layout_text(
            contigs.filter_map(|contig| Some((contig.original.layout.as_ref()?, contig.original_name))),
        )
    }
}

/// Header lines that the collection cannot hold: kept always.
pub(crate) struct Names;

impl Text for Names {
    const KIND: TextKind = TextKind::Names;

    fn is_kept(_keep: Keep) -> bool {
        true
    }

    fn of<'c>(contigs: impl Iterator<Item = Contig<'c>>) -> Option<Vec<u8>> {
        let text = names_text(contigs.map(|contig| contig.has_substitute.then_some(contig.name)));
        (!text.is_empty()).then_some(text)
    }
}

/// Writes the texts of a kind.
pub(crate) struct TextTrack<T> {
    writer: TextsWriter,
    kind: PhantomData<T>,
}

impl<T> TextTrack<T> {
    fn of(writer: TextsWriter) -> Self {
        Self {
            writer,
            kind: PhantomData,
        }
    }
}

impl<T: Text> Track for TextTrack<T> {
    const STREAM: &'static str = T::KIND.stream_name();
    type Listener = Infallible;
    type Verifier = Infallible;

    fn is_wanted(wanted: Wanted) -> bool {
        T::is_kept(wanted.keep)
    }

    fn begin() -> Self {
        Self::of(TextsWriter::new(T::KIND))
    }

    /// Copies the parts that stay as they are, and goes on behind them.
    fn go_on<W: Write>(old: &Old<'_>, archive: &mut ArchiveWriter<W>) -> Result<Self> {
        let Some((stream, index)) =
            old.placed(|| TextsIndex::read(old.archive, T::KIND, || Ok(old.samples.len())))?
        else {
            return Ok(Self::begin());
        };
        let n_kept = TextsWriter::n_kept_parts(&index);
        let mut open = Vec::new();
        for part in n_kept..old.archive.n_parts(stream) - 1 {
            let read = || {
                let len = index.len_of_part(part as u64);
                let stored = old.archive.read_part(stream, part)?;
                old.archive.check_unit_len(len)?;
                zstd::decompress(stored.payload(), len)
            };
            let texts =
                old.placed(|| read().map_err(|error| error.in_part(part as u64).in_stream(Self::STREAM)));
            open.append(&mut texts?);
        }
        old.copy_parts(stream, Self::STREAM, n_kept, archive)?;
        Ok(Self::of(TextsWriter::behind(T::KIND, index, open)))
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        sample: usize,
        contigs: impl Iterator<Item = (Contig<'c>, Option<&'c Infallible>)>,
        archive: &mut ArchiveWriter<W>,
    ) -> Result<()> {
        match T::of(contigs.map(|(contig, _)| contig)) {
            Some(text) => self.writer.push(sample, &text, archive),
            None => Ok(()),
        }
    }

    fn finish<W: Write>(self, archive: &mut ArchiveWriter<W>) -> Result<()> {
        self.writer.finish(archive)
    }
}
